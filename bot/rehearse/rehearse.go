// Package rehearse owns a flow without the world: it runs the same engine and the same desk on a virtual clock with
// frozen calendars, for stories, the terminal and proofs.
package rehearse

import (
	"time"

	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/bot/slots"
	"usher/flows"
)

// Session is one rehearsed conversation. Meetings it books are remembered by its World, so that two sessions of one
// world cannot have the same time.
type Session struct {
	World        *World
	Conversation dialogue.Conversation
	Journal      []dialogue.Entry
	Ledger       []desk.Entry
	Now          time.Time
}

// World is what sessions share: the workspace, calendars frozen, meetings and ledger in memory.
type World struct {
	Workspace *flows.Workspace
	// Busy reads a rep's calendar; nil = always free.
	Busy func(rep *flows.Rep, from, to time.Time) ([]slots.Interval, error)
}

// Input takes one input and returns the effects in order.
func (s *Session) Input(in dialogue.Input) ([]dialogue.Effect, error) { return nil, nil }

// Result is how one story went.
type Result struct {
	Story    *flows.Story
	Failed   string   // "" = as written; else what differs, with file:line:col
	Lines    []string // the transcript
	Steps    []string // steps, edges (from→to) and score rules that were used, for the coverage
	Duration time.Duration
}

// Tell runs one story.
func Tell(w *flows.Workspace, busy func(rep *flows.Rep, from, to time.Time) ([]slots.Interval, error), s *flows.Story) Result {
	return Result{}
}

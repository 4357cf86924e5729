package bot

import (
	"encoding/json"
	"fmt"

	"usher/bot/dialogue"
)

// Kinds of jobs the bot makes.
const (
	JobNotify   = "notify"    // reps and systems are told what happened
	JobCall     = "call"      // a person is asked to join
	JobFollowUp = "follow_up" // a letter is due
)

// Event is the payload of every job: what happened in which conversation. Carriers read the rest from the store, so
// that a retry speaks of what is true then.
type Event struct {
	Conversation string `json:"conversation"`
	Seq          int64  `json:"seq"` // of the turn
	Event        string `json:"event"`
	Team         string `json:"team,omitempty"`
	Rep          string `json:"rep,omitempty"`
}

// carry makes of the effects the bot's words and the jobs.
func (d *decision) carry(effects []dialogue.Effect) {
	for _, e := range effects {
		switch e := e.(type) {
		case dialogue.Say:
			d.line(Message{From: FromBot, Text: e.Text, Ask: e.Ask})
		case dialogue.Notify:
			d.job(JobNotify, Event{Event: e.Event})
		case dialogue.CallRep:
			d.job(JobCall, Event{Event: "handoff", Team: e.Team})
		case dialogue.FollowUp:
			d.job(JobFollowUp, Event{Event: e.Kind})
			if n := len(d.turn.Jobs); n > 0 && d.turn.Jobs[n-1].Kind == JobFollowUp {
				d.turn.Jobs[n-1].RunAt = e.At
			}
		}
	}
}

// job adds a job when somebody is there to carry it out. Its id is derived from the turn: a turn decided twice makes
// the same jobs.
func (d *decision) job(kind string, e Event) {
	if d.bot.Carriers[kind] == nil {
		return
	}
	c := d.turn.Conversation
	e.Conversation, e.Seq = c.ID, c.Seq+1
	if c.State.Assigned != nil {
		e.Rep = c.State.Assigned.Rep
	}
	payload, _ := json.Marshal(e) // strings and a number always marshal
	d.turn.Jobs = append(d.turn.Jobs, Job{
		ID: fmt.Sprintf("%s-%d-%d", c.ID, e.Seq, len(d.turn.Jobs)), Kind: kind, Key: c.ID, Payload: payload, RunAt: d.turn.Now, State: JobReady,
	})
}

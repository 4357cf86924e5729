// Package answer owns the reading of what a visitor typed as a typed value, language by language. What cannot be read
// is refused with a reason; nothing is guessed.
package answer

import (
	"time"

	"usher/flows"
)

// Question is what was asked and of whom: all that reading may depend on.
type Question struct {
	Field    *flows.Field
	Language string    // BCP 47
	Country  string    // ISO 3166 code of the visitor, from the zone or the profile; "" = not known
	Now      time.Time // in the visitor's zone: for "next Tuesday"
}

// Refusal says why words could not be read as the value asked for: a stable code and a friendly sentence.
type Refusal struct {
	Code string `json:"error"` // not_a_number, too_small, free_mail …
	Say  string `json:"say"`   // in the question's language
}

// Error is the code: the sentence is for the visitor.
func (r *Refusal) Error() string { return r.Code }

// Read reads text as the value asked for. The error is always a *Refusal.
func Read(q Question, text string) (flows.Value, error) { return flows.Value{}, &Refusal{} }

// Choose takes a chosen option (the wire's "value") without reading: the option's value, true/false, or a time.
func Choose(q Question, value string) (flows.Value, error) { return flows.Value{}, &Refusal{} }

// Show renders a value for people: 250, $5,000, 1 December 2026, the option's label.
func Show(f *flows.Field, v flows.Value, language string) string { return "" }

// Wish is something a visitor may want at any moment.
type Wish string

// The wishes every step understands.
const (
	WishPerson  Wish = "person" // to talk to a person
	WishBack    Wish = "back"   // one question back
	WishSkip    Wish = "skip"
	WishRestart Wish = "restart" // start over
	WishStop    Wish = "stop"
	WishNone    Wish = "none" // none of the times shown
)

// Wished is the wish the words plainly are, or "".
func Wished(language, text string) Wish { return "" }

// FAQ is the entry whose question the words are, or nil: exact, by its words, or with a typo.
func FAQ(entries []*flows.FAQ, language, text string) *flows.FAQ { return nil }

// TimeWish is what words say about when: "Thursday after 3", "tomorrow morning", "next Tuesday at 3".
type TimeWish struct {
	Days     []flows.Date // wanted days; empty = any
	Weekdays []time.Weekday
	From, To int // minutes since midnight in the visitor's zone; To 0 = open
	At       int // exact minute since midnight; -1 = none
	Number   int // "the second one", "2": 1-based; 0 = none
}

// ReadTime reads words about a time; ok is false when they say nothing about one.
func ReadTime(q Question, text string) (wish TimeWish, ok bool) { return TimeWish{}, false }

// Said renders a time for people, in t's zone: "Tuesday 24 November, 12:00", with parts for a slot picker.
func ShowTime(t time.Time, language string) (day, clock string) { return "", "" }

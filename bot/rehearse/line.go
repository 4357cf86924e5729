package rehearse

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// Line is one fact of a turn as `usher chat --json` prints it: a message, the score, the route, an offer, the meeting or
// the end. It is a sealed sum; each is written by encoding/json with stable keys.
type Line interface{ line() }

type (
	// MessageLine is the bot's words with the open question.
	MessageLine struct {
		Type string   `json:"type"` // message
		From string   `json:"from"` // bot
		Step string   `json:"step"`
		Text string   `json:"text"`
		Ask  *AskLine `json:"ask,omitempty"`
	}
	// AskLine is an open question.
	AskLine struct {
		Field    string       `json:"field"`
		Type     string       `json:"type"`
		Options  []OptionLine `json:"options,omitempty"`
		Optional bool         `json:"optional,omitempty"`
	}
	// OptionLine is one answer to choose from.
	OptionLine struct {
		Value string `json:"value"`
		Label string `json:"label"`
		Day   string `json:"day,omitempty"` // of a slot
	}
	// ScoreLine is a new score with its receipt.
	ScoreLine struct {
		Type    string             `json:"type"` // score
		Score   float64            `json:"score"`
		Grade   string             `json:"grade"`
		Parts   map[string]float64 `json:"parts"`
		Reasons []ReasonLine       `json:"reasons"`
	}
	// ReasonLine is one rule that holds.
	ReasonLine struct {
		Points  float64 `json:"points"`
		Part    string  `json:"part"`
		Because string  `json:"because"`
	}
	// RouteLine is who got the lead and why.
	RouteLine struct {
		Type    string `json:"type"` // route
		Team    string `json:"team"`
		Rep     string `json:"rep"`
		Because string `json:"because"`
	}
	// WaitingLine is a lead that nobody can take now.
	WaitingLine struct {
		Type    string    `json:"type"` // waiting
		Place   string    `json:"place"`
		Until   time.Time `json:"until"`
		Because string    `json:"because"`
	}
	// OfferLine is the times that are open to choice.
	OfferLine struct {
		Type  string     `json:"type"` // offer
		Slots []SlotLine `json:"slots"`
	}
	// SlotLine is a time of a rep, with the offset of the visitor's zone.
	SlotLine struct {
		Start time.Time `json:"start"`
		End   time.Time `json:"end"`
		Rep   string    `json:"rep"`
		With  []string  `json:"with,omitempty"` // who comes too
	}
	// MeetingLine is a booking, or the meeting at another time.
	MeetingLine struct {
		Type  string    `json:"type"` // meeting
		Rep   string    `json:"rep"`
		Start time.Time `json:"start"`
		End   time.Time `json:"end"`
		UID   string    `json:"uid"`
		With  []string  `json:"with,omitempty"`
	}
	// EndLine is the end of the conversation.
	EndLine struct {
		Type   string `json:"type"` // end
		Step   string `json:"step"`
		End    string `json:"end"`
		Reason string `json:"reason"`
	}
)

func (MessageLine) line() {}
func (ScoreLine) line()   {}
func (RouteLine) line()   {}
func (WaitingLine) line() {}
func (OfferLine) line()   {}
func (MeetingLine) line() {}
func (EndLine) line()     {}

// Facts tells what a turn did that led from the conversation before to the session's, with these effects: what was
// decided, then what was said, then the end.
func (s *Session) Facts(before dialogue.Conversation, effects []dialogue.Effect) []Line {
	after := s.Conversation
	var lines []Line
	if !reflect.DeepEqual(before.Score, after.Score) {
		lines = append(lines, scoreLine(after.Score))
	}
	if a := after.Assigned; a != nil && (before.Assigned == nil || routeLine(before.Assigned) != routeLine(a)) {
		lines = append(lines, routeLine(a))
	}
	if w := after.Waiting; w != nil && (before.Waiting == nil || before.Waiting.Place != w.Place) {
		lines = append(lines, WaitingLine{"waiting", w.Place, w.Until, w.Because})
	}
	if m := after.Meeting; m != nil && (before.Meeting == nil || before.Meeting.UID != m.UID || before.Meeting.Slot != m.Slot) {
		at := slotLine(m.Slot, after.Timezone)
		lines = append(lines, MeetingLine{"meeting", at.Rep, at.Start, at.End, m.UID, at.With})
	}
	if len(after.Offers) > 0 && !slices.Equal(before.Offers, after.Offers) {
		lines = append(lines, offerLine(after))
	}
	for _, e := range effects {
		if say, ok := e.(dialogue.Say); ok {
			lines = append(lines, messageLine(say))
		}
	}
	if after.End != "" && before.End != after.End {
		lines = append(lines, EndLine{"end", stepOf(after.State), after.End, after.Reason})
	}
	return lines
}

func routeLine(a *dialogue.Assignment) RouteLine { return RouteLine{"route", a.Team, a.Rep, a.Because} }

func scoreLine(r dialogue.Receipt) Line {
	l := ScoreLine{Type: "score", Score: r.Score, Grade: r.Grade, Parts: r.Parts, Reasons: []ReasonLine{}}
	if l.Parts == nil {
		l.Parts = map[string]float64{}
	}
	for _, reason := range r.Reasons {
		l.Reasons = append(l.Reasons, ReasonLine(reason))
	}
	return l
}

func offerLine(c dialogue.Conversation) Line {
	l := OfferLine{Type: "offer"}
	for _, s := range c.Offers {
		l.Slots = append(l.Slots, slotLine(s, c.Timezone))
	}
	return l
}

func slotLine(s dialogue.Slot, zone string) SlotLine {
	l, err := time.LoadLocation(zone)
	if err != nil {
		l = time.UTC
	}
	return SlotLine{s.Start.In(l), s.End.In(l), s.Rep, strings.Fields(s.With)}
}

func messageLine(say dialogue.Say) Line {
	l := MessageLine{Type: "message", From: "bot", Step: say.Step, Text: flows.Unmarked(say.Text)}
	if say.Ask == nil {
		return l
	}
	l.Ask = &AskLine{Field: say.Ask.Field, Type: say.Ask.Type, Optional: say.Ask.Optional}
	for _, o := range say.Ask.Options {
		l.Ask.Options = append(l.Ask.Options, OptionLine{o.Value, o.Label, o.Day})
	}
	return l
}

// stepOf is the step of a state: "meet" of "meet/offered".
func stepOf(state string) string {
	step, _, _ := strings.Cut(state, "/")
	return step
}

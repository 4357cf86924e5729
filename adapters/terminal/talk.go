package terminal

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"usher/bot/dialogue"
	"usher/bot/rehearse"
	"usher/flows"
)

// talk is one rehearsed conversation as the chat shows it: every input gives lines.
type talk struct {
	session *rehearse.Session
	zone    *time.Location // of the visitor, for times
	clock   func() time.Time
	said    int
	score   dialogue.Receipt
}

// The lines of a chat, as --json prints them.
type (
	message struct {
		Type string        `json:"type"`
		From string        `json:"from"`
		Step string        `json:"step,omitempty"`
		Name string        `json:"name,omitempty"`
		Text string        `json:"text"`
		Ask  *dialogue.Ask `json:"ask,omitempty"`
	}
	score struct {
		Type    string             `json:"type"`
		Score   float64            `json:"score"`
		Grade   string             `json:"grade"`
		Parts   map[string]float64 `json:"parts"`
		Reasons []dialogue.Reason  `json:"reasons"`
		wanted  bool               // was asked for
	}
	route struct {
		Type    string `json:"type"`
		Team    string `json:"team"`
		Rep     string `json:"rep"`
		Because string `json:"because"`
	}
	offer struct {
		Type  string `json:"type"`
		Slots []slot `json:"slots"`
	}
	slot struct {
		Start time.Time `json:"start"`
		End   time.Time `json:"end"`
		Rep   string    `json:"rep"`
	}
	meeting struct {
		Type  string    `json:"type"`
		Rep   string    `json:"rep"`
		Start time.Time `json:"start"`
		End   time.Time `json:"end"`
		UID   string    `json:"uid"`
	}
	end struct {
		Type   string `json:"type"`
		Step   string `json:"step"`
		End    string `json:"end"`
		Reason string `json:"reason,omitempty"`
	}
)

// over says whether nothing more is expected.
func (t *talk) over() bool {
	c := t.session.Conversation
	return c.End != "" && c.End != dialogue.Expired
}

// begin opens the conversation.
func (t *talk) begin(v flows.Visit) ([]any, error) {
	return t.input(dialogue.Started{Visit: v})
}

// say takes what was typed. A line that begins with a slash rehearses what else happens: time, pages, people.
func (t *talk) say(text string) ([]any, error) {
	if word, rest, _ := strings.Cut(strings.TrimSpace(text), " "); strings.HasPrefix(word, "/") {
		return t.happen(word, strings.TrimSpace(rest))
	}
	t.said++
	return t.input(dialogue.Said{ID: strconv.Itoa(t.said), Text: text})
}

// choose takes an option of the open question.
func (t *talk) choose(value string) ([]any, error) {
	t.said++
	return t.input(dialogue.Said{ID: strconv.Itoa(t.said), Value: value})
}

// happenings is what the slash commands do, for whoever mistypes one.
const happenings = "/wait 2m · /visit /pricing · /join REP · /leave · /score · /quit"

func (t *talk) happen(word, rest string) ([]any, error) {
	c := t.session.Conversation
	switch word {
	case "/wait":
		d, err := time.ParseDuration(rest)
		if err != nil || d < 0 {
			return nil, misuse("/wait takes a duration: /wait 2m")
		}
		return t.wait(d)
	case "/visit":
		return t.input(dialogue.Visited{Page: rest})
	case "/join":
		rep := t.session.World.Workspace.Roster.Rep(rest)
		if rep == nil {
			return nil, misuse("there is no rep %q", rest)
		}
		return t.input(dialogue.Joined{Person: dialogue.Person{Rep: rep.ID, Name: rep.Name, Picture: rep.Picture}})
	case "/leave":
		if c.Joined == nil {
			return nil, misuse("nobody has joined")
		}
		return t.input(dialogue.Left{Rep: c.Joined.Rep})
	case "/score":
		r := t.receipt()
		r.wanted = true
		return []any{r}, nil
	}
	return nil, misuse("there is no %s; there is %s", word, happenings)
}

// wait lets time pass; silence that lasts long enough is an input.
func (t *talk) wait(d time.Duration) ([]any, error) {
	until := t.session.Now.Add(d)
	t.clock = func() time.Time { return until }
	return t.lapse()
}

// lapse takes the silence that has become an input by now.
func (t *talk) lapse() (out []any, err error) {
	now := t.clock()
	for range dialogue.MaxSteps {
		wake := t.session.Conversation.WakeAt
		if wake.IsZero() || wake.After(now) {
			break
		}
		t.session.Now = wake
		more, err := t.take(dialogue.Lapsed{At: wake})
		out = append(out, more...)
		if err != nil {
			return out, err
		}
		if t.session.Conversation.WakeAt.Equal(wake) {
			break
		}
	}
	t.session.Now = now
	return out, nil
}

// input takes what happens now, after the silence that came before it.
func (t *talk) input(in dialogue.Input) ([]any, error) {
	out, err := t.lapse()
	if err != nil {
		return out, err
	}
	more, err := t.take(in)
	return append(out, more...), err
}

func (t *talk) take(in dialogue.Input) ([]any, error) {
	entries := len(t.session.Journal)
	ended := t.session.Conversation.End
	effects, err := t.session.Input(in)
	if err != nil {
		return nil, err
	}
	var facts []dialogue.Entry
	if entries < len(t.session.Journal) {
		facts = t.session.Journal[entries+1:]
	}
	out := t.show(effects, facts)
	if c := t.session.Conversation; c.End != "" && c.End != ended {
		out = append(out, end{"end", stepOf(c.State), c.End, c.Reason})
	}
	return out, nil
}

// show makes lines of the effects and the facts that answered them, in order; the score stands before them.
func (t *talk) show(effects []dialogue.Effect, facts []dialogue.Entry) (out []any) {
	if now := t.session.Conversation.Score; !same(now, t.score) {
		t.score = now
		out = append(out, t.receipt())
	}
	for _, e := range effects {
		switch e := e.(type) {
		case dialogue.Say:
			out = append(out, t.message(e))
		case dialogue.Assign, dialogue.Find, dialogue.Hold, dialogue.Book:
			if len(facts) > 0 {
				out = append(out, t.fact(facts[0].Input)...)
				facts = facts[1:]
			}
		case dialogue.CallRep:
			out = append(out, route{Type: "route", Team: e.Team, Because: "a person was asked for"})
		}
	}
	return out
}

func (t *talk) message(s dialogue.Say) message {
	ask := s.Ask
	if ask != nil {
		shown := *ask
		shown.Options = slices.Clone(ask.Options)
		for i := range shown.Options {
			if o := &shown.Options[i]; !o.Start.IsZero() {
				o.Start, o.End = o.Start.In(t.zone), o.End.In(t.zone)
			}
		}
		ask = &shown
	}
	return message{Type: "message", From: "bot", Step: s.Step, Text: s.Text, Ask: ask}
}

// fact is the line for an answer of the house; the bare hold has none.
func (t *talk) fact(in dialogue.Input) []any {
	switch in := in.(type) {
	case dialogue.Assigned:
		return []any{route{"route", in.Team, in.Rep, in.Because}}
	case dialogue.Found:
		if len(in.Slots) == 0 {
			return nil
		}
		o := offer{Type: "offer"}
		for _, s := range in.Slots {
			o.Slots = append(o.Slots, slot{s.Start.In(t.zone), s.End.In(t.zone), s.Rep})
		}
		return []any{o}
	case dialogue.Booked:
		return []any{meeting{"meeting", in.Rep, in.Start.In(t.zone), in.End.In(t.zone), in.UID}}
	}
	return nil
}

func (t *talk) receipt() score { return receiptOf(t.session.Conversation.Score) }

// receiptOf has empty lists rather than none, for whoever reads the JSON.
func receiptOf(r dialogue.Receipt) score {
	s := score{Type: "score", Score: r.Score, Grade: r.Grade, Parts: r.Parts, Reasons: r.Reasons}
	if s.Parts == nil {
		s.Parts = map[string]float64{}
	}
	if s.Reasons == nil {
		s.Reasons = []dialogue.Reason{}
	}
	return s
}

func same(a, b dialogue.Receipt) bool {
	return a.Score == b.Score && a.Grade == b.Grade && slices.Equal(a.Reasons, b.Reasons) && maps.Equal(a.Parts, b.Parts)
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// location is a stored zone; one that is not known any more is UTC.
func location(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return loc
}

// explain is the receipt for people.
func (s score) explain() []string {
	out := []string{fmt.Sprintf("score %g, %s", s.Score, s.Grade)}
	for _, r := range s.Reasons {
		part := ""
		if r.Part != "" {
			part = " (" + r.Part + ")"
		}
		out = append(out, fmt.Sprintf("%+g  %s%s", r.Points, r.Because, part))
	}
	return out
}

// stepOf is the step a state belongs to; the endings that no author wrote belong to none.
func stepOf(state string) string {
	step, _, _ := strings.Cut(state, "/")
	if state != step && step == "end" {
		return ""
	}
	return step
}

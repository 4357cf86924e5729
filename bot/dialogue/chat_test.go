package dialogue_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/bot/dialogue"
	"usher/flows"
)

// load compiles the flow with that id of a workspace written as YAML.
func load(t rapid.TB, sources map[string]string, id string) *dialogue.Machine {
	t.Helper()
	w, problems := flows.Load(flows.SourceFS(sources))
	if w == nil {
		t.Fatalf("workspace: %v", problems)
	}
	m, err := dialogue.Compile(w, w.Flow(id))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// house stands in for the desk: whose free times are these.
type house struct {
	queued *dialogue.Queued // what answers Assign where the lead may wait
	free   []dialogue.Slot
	taken  map[time.Time]bool // lost to somebody else, which only booking finds out
	finds  []dialogue.Find
	near   []dialogue.Slot // nearest to a wish that no free time fits
	failed string          // this effect cannot be carried out
	booked int             // meetings so far
}

func (h *house) answer(_ dialogue.Conversation, e dialogue.Effect) (dialogue.Input, error) {
	switch e := e.(type) {
	case dialogue.Assign:
		if h.failed == "assign" {
			return dialogue.Failed{Effect: "assign", Reason: "test"}, nil
		}
		return h.assign(e), nil
	case dialogue.Find:
		h.finds = append(h.finds, e)
		found := dialogue.Found{Slots: h.find(e)}
		if len(found.Slots) == 0 && e.Wish != nil && h.near != nil {
			found = dialogue.Found{Slots: h.near, Near: true}
		}
		return found, nil
	case dialogue.Hold:
		switch {
		case h.failed == "hold":
			return nil, nil
		case h.taken[e.Slot.Start]:
			return dialogue.Taken{Slot: e.Slot}, nil
		}
		return dialogue.Held{Slot: e.Slot, Until: e.Until}, nil
	case dialogue.Book:
		switch {
		case h.failed == "book":
			return dialogue.Failed{Effect: "book", Reason: "test"}, nil
		case h.taken[e.Slot.Start]:
			return dialogue.Taken{Slot: e.Slot}, nil
		}
		if e.Instead != nil {
			return dialogue.Booked{Meeting: dialogue.Meeting{UID: e.Instead.UID, Slot: e.Slot}}, nil
		}
		h.booked++
		return dialogue.Booked{Meeting: dialogue.Meeting{UID: fmt.Sprint("uid-", h.booked), Slot: e.Slot}}, nil
	}
	return nil, nil
}

func (h *house) assign(e dialogue.Assign) dialogue.Input {
	if h.queued != nil && !e.Must {
		return *h.queued
	}
	for _, rep := range append(slices.DeleteFunc([]string{e.Rep}, func(s string) bool { return s == "" }), "asha", "ben", "cora") {
		if !slices.Contains(e.Not, rep) {
			return dialogue.Assigned{Assignment: dialogue.Assignment{Team: "sales", Rep: rep, Because: "first route"}}
		}
	}
	return dialogue.Failed{Effect: "assign", Reason: "nobody"}
}

func (h *house) find(e dialogue.Find) []dialogue.Slot {
	var out []dialogue.Slot
	for i, s := range h.free {
		s.Rep = e.Rep // the desk finds times of the rep who has the lead, and of nobody else
		if e.Team != "" {
			s.Rep = []string{"asha", "cora"}[i%2]
		}
		if len(out) < e.Offer && !slices.Contains(e.Not, s) && (e.Wish == nil || e.Wish.Fits(s.Start)) {
			out = append(out, s)
		}
	}
	return out
}

// chat is a conversation under test. Between every two inputs it goes through JSON; at the end its journal, through
// JSON too, must give the same conversation.
type chat struct {
	t       rapid.TB
	m       *dialogue.Machine
	c       dialogue.Conversation
	now     time.Time
	house   *house
	journal []dialogue.Entry
	effects []dialogue.Effect // of the last input
}

func begin(t *testing.T, m *dialogue.Machine, in dialogue.Started) *chat {
	t.Helper()
	c := &chat{t: t, m: m, now: monday, house: &house{free: times("asha", 6)}}
	if in.Visit.Timezone == "" {
		in.Visit.Timezone = "Asia/Kolkata"
	}
	c.input(in)
	t.Cleanup(c.replay)
	return c
}

// times are free times from noon in Kolkata on, every two hours.
func times(rep string, n int) []dialogue.Slot {
	var out []dialogue.Slot
	for i := range n {
		start := monday.Add(2*time.Hour + time.Duration(i)*2*time.Hour)
		out = append(out, dialogue.Slot{Rep: rep, Start: start, End: start.Add(30 * time.Minute)})
	}
	return out
}

func (c *chat) input(in dialogue.Input) *chat {
	c.t.Helper()
	if err := c.try(in); err != nil {
		c.t.Fatalf("%#v in state %q: %v", in, c.c.State, err)
	}
	return c
}

func (c *chat) try(in dialogue.Input) error {
	c.t.Helper()
	before := throughJSON(c.t, c.c)
	next, effects, journal, err := c.m.Turn(c.c, in, c.now, c.house.answer)
	if !reflect.DeepEqual(before, c.c) {
		c.t.Fatalf("%#v changed the conversation it was given:\n%+v\n%+v", in, before, c.c)
	}
	if err != nil {
		if !reflect.DeepEqual(next, c.c) {
			c.t.Fatalf("%#v failed and changed the conversation", in)
		}
		return err
	}
	c.c, c.effects = throughJSON(c.t, next), effects
	c.journal = append(c.journal, journal...)
	return nil
}

func throughJSON(t rapid.TB, c dialogue.Conversation) dialogue.Conversation {
	t.Helper()
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var out dialogue.Conversation
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	if !reflect.DeepEqual(out, c) {
		t.Fatalf("JSON lost something:\n%+v\n%+v", c, out)
	}
	return out
}

func (c *chat) replay() {
	if c.t.Failed() {
		return
	}
	c.t.Helper()
	var journal []dialogue.Entry
	for _, e := range c.journal {
		data, err := dialogue.MarshalInput(e.Input)
		if err != nil {
			c.t.Fatal(err)
		}
		in, err := dialogue.UnmarshalInput(data)
		if err != nil {
			c.t.Fatalf("%v in %s", err, data)
		}
		journal = append(journal, dialogue.Entry{Input: in, At: e.At})
	}
	again, err := c.m.Replay(journal)
	if err != nil {
		c.t.Fatal(err)
	}
	if !reflect.DeepEqual(again, c.c) {
		c.t.Fatalf("the journal gives another conversation:\n%+v\n%+v", again, c.c)
	}
}

func (c *chat) say(text string) *chat {
	c.t.Helper()
	return c.input(dialogue.Said{ID: fmt.Sprint(len(c.journal)), Text: text})
}

func (c *chat) choose(value string) *chat {
	c.t.Helper()
	return c.input(dialogue.Said{ID: fmt.Sprint(len(c.journal)), Value: value})
}

func (c *chat) wait(d time.Duration) *chat {
	c.now = c.now.Add(d)
	return c
}

// wake lets the silence end.
func (c *chat) wake() *chat {
	c.t.Helper()
	if c.c.WakeAt.IsZero() {
		c.t.Fatalf("nothing is waited for in %q", c.c.State)
	}
	c.now = c.c.WakeAt
	return c.input(dialogue.Lapsed{At: c.c.WakeAt})
}

// words are what the bot said in the last turn.
func (c *chat) words() string {
	var out []string
	for _, e := range c.effects {
		if s, ok := e.(dialogue.Say); ok {
			out = append(out, s.Text)
		}
	}
	return strings.Join(out, "\n")
}

// asked are the fields of the questions of the last turn.
func (c *chat) asked() []string {
	var out []string
	for _, e := range c.effects {
		if s, ok := e.(dialogue.Say); ok && s.Ask != nil {
			out = append(out, s.Ask.Field)
		}
	}
	return out
}

func (c *chat) did(e dialogue.Effect) bool {
	return slices.ContainsFunc(c.effects, func(did dialogue.Effect) bool { return reflect.DeepEqual(did, e) })
}

func (c *chat) at(state string) *chat {
	c.t.Helper()
	if c.c.State != state {
		c.t.Fatalf("state %q, not %q; the bot said %q", c.c.State, state, c.words())
	}
	return c
}

func (c *chat) asks(field string) *chat {
	c.t.Helper()
	if got := c.asked(); !slices.Equal(got, []string{field}) {
		c.t.Fatalf("asked %q, not %q once; the bot said %q", got, field, c.words())
	}
	return c
}

func (c *chat) hears(words string) *chat {
	c.t.Helper()
	if !strings.Contains(c.words(), words) {
		c.t.Fatalf("the bot said %q, not %q", c.words(), words)
	}
	return c
}

func (c *chat) known(field string) flows.Value {
	for _, a := range c.c.Answers {
		if a.Field == field {
			return a.Value
		}
	}
	return flows.Value{}
}

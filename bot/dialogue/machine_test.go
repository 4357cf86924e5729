package dialogue_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

var monday = time.Date(2026, 11, 23, 4, 30, 0, 0, time.UTC) // 10:00 in Kolkata

func TestCompile(t *testing.T) {
	step := func(id string, to ...string) *flows.Step {
		s := &flows.Step{ID: id}
		for _, to := range to {
			s.Next = append(s.Next, flows.Edge{To: to})
		}
		return s
	}
	for _, c := range []struct {
		name  string
		steps []*flows.Step
	}{
		{"a flow without steps is refused", nil},
		{"two steps of one name are refused", []*flows.Step{step("a"), step("a")}},
		{"an edge to nowhere is refused", []*flows.Step{step("a", "b")}},
		{"an else to nowhere is refused", []*flows.Step{{ID: "a", Ask: &flows.Field{Name: "x"}, Else: "b"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := dialogue.Compile(&flows.Workspace{}, &flows.Flow{ID: "f", Steps: c.steps}); err == nil {
				t.Fatal("compiled")
			}
		})
	}
	t.Run("two edges to one step, and one back to the step itself, are no conflict", func(t *testing.T) {
		if _, err := dialogue.Compile(&flows.Workspace{}, &flows.Flow{Steps: []*flows.Step{step("a", "b", "b", "a"), step("b")}}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAdvanceRefusesWhatDoesNotFit(t *testing.T) {
	f := &flows.Flow{ID: "f", Steps: []*flows.Step{{ID: "q", Ask: &flows.Field{Name: "x", Type: flows.TypeText}}}}
	m, err := dialogue.Compile(&flows.Workspace{}, f)
	if err != nil {
		t.Fatal(err)
	}
	begun, _, err := m.Advance(dialogue.Conversation{}, dialogue.Started{}, monday)
	if err != nil || begun.State != "q" {
		t.Fatalf("state %q, error %v", begun.State, err)
	}
	lost := begun
	lost.State = "gone"
	for _, c := range []struct {
		name string
		from dialogue.Conversation
		in   dialogue.Input
		want error
	}{
		{"a second start", begun, dialogue.Started{}, dialogue.ErrUnexpected},
		{"words before the start", dialogue.Conversation{}, dialogue.Said{Text: "hi"}, dialogue.ErrUnexpected},
		{"a fact nobody asked for", begun, dialogue.Found{}, dialogue.ErrUnexpected},
		{"no input at all", begun, nil, dialogue.ErrUnexpected},
		{"a state the flow does not have", lost, dialogue.Said{Text: "hi"}, dialogue.ErrState},
		{"a message beyond the limit", begun, dialogue.Said{Text: string(make([]byte, dialogue.MaxTextBytes+1))}, dialogue.ErrLimit},
	} {
		t.Run(c.name, func(t *testing.T) {
			after, effects, err := m.Advance(c.from, c.in, monday)
			if !errors.Is(err, c.want) || effects != nil || after.State != c.from.State || after.Turns != c.from.Turns {
				t.Fatalf("state %q, effects %v, error %v", after.State, effects, err)
			}
		})
	}
	t.Run("a state without what belongs to it, or of another flow", func(t *testing.T) {
		c := offeredTo(t, nil).say("1").at("meet/asking")
		noChoice, noRep, other := c.c, c.c, c.c
		noChoice.Chosen, noRep.Assigned, other.Flow = nil, nil, "other"
		for _, bad := range []dialogue.Conversation{noChoice, noRep, other} {
			if _, _, err := c.m.Advance(bad, dialogue.Said{Text: "a@b.example"}, monday); !errors.Is(err, dialogue.ErrState) {
				t.Fatal(err)
			}
		}
	})
	t.Run("a flow that runs in a circle meets the limit", func(t *testing.T) {
		f := &flows.Flow{Steps: []*flows.Step{{ID: "a"}, {ID: "b", Next: []flows.Edge{{To: "a"}}}}}
		m, err := dialogue.Compile(&flows.Workspace{}, f)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := m.Advance(dialogue.Conversation{}, dialogue.Started{}, monday); !errors.Is(err, dialogue.ErrLimit) {
			t.Fatal(err)
		}
	})
}

func TestOneMachineServesManyConversationsAtOnce(t *testing.T) {
	m := load(t, acme, "book-a-demo")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				c, _, err := m.Advance(dialogue.Conversation{}, dialogue.Started{}, monday)
				for _, words := range []string{"demo", "250", "skip"} {
					if err == nil {
						c, _, err = m.Advance(c, dialogue.Said{Text: words}, monday)
					}
				}
				if err != nil || c.State != "meet/routing" {
					t.Errorf("state %q, error %v", c.State, err)
					return
				}
			}
		})
	}
	all.Wait()
}

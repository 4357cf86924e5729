package rehearse_test

import (
	"testing"
	"testing/fstest"
	"time"

	"usher/bot/rehearse"
	"usher/flows"
)

func TestALeadWaitsInARehearsalToo(t *testing.T) {
	w, problems := flows.Load(fstest.MapFS{
		"book.yaml": {Data: []byte(flowYAML)},
		"team.yaml": {Data: []byte(`
timezone: UTC
hours: { office: { mon-fri: "09:00-17:00" } }
reps:
  - { id: asha, name: Asha Rao, hours: office, limits: { open: 1 } }
  - { id: ben, name: Ben Ode, hours: office }
teams: [{ id: sales, reps: [asha] }, { id: help, reps: [ben] }]
routes:
  - { if: size >= 10, to: sales, wait: 4h, else: help }
  - { to: help }
`)},
	})
	if w == nil {
		t.Fatal(problems)
	}
	world := &rehearse.World{Workspace: w}
	first := begin(t, world, "12", "one@a.example")
	if a := first.Conversation.Assigned; a == nil || a.Rep != "asha" {
		t.Fatalf("%+v", a)
	}
	second := begin(t, world, "12", "two@a.example")
	if c := second.Conversation; c.Waiting == nil || c.Waiting.Place != "sales" || c.Assigned != nil {
		t.Fatalf("%+v", c)
	}
	if lines := second.Facts(first.Conversation, nil); len(lines) == 0 || lines[0].(rehearse.WaitingLine).Place != "sales" {
		t.Errorf("%+v", lines)
	}
	if _, err := second.Wait(4 * time.Hour); err != nil {
		t.Fatal(err)
	}
	if c := second.Conversation; c.Waiting != nil || c.Assigned == nil || c.Assigned.Rep != "ben" {
		t.Errorf("%+v", c)
	}
}

package bot_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"usher/bot"
	"usher/bot/desk"
)

// week is a sales floor on a virtual clock.
type week struct {
	*stage
	leads []bot.Arrived
	n     int
}

// weekFloor is a team of these reps that credits no-shows; its leads wait four hours where nobody can take them.
func weekFloor(reps string) fstest.MapFS {
	files := maps.Clone(floor)
	files["team.yaml"] = &fstest.MapFile{Data: []byte(`
timezone: UTC
hours: { all: { mon-sun: "00:00-24:00" } }
reps:
  - { id: asha, name: Asha Rao, hours: all, weight: 2 }
  - { id: ben, name: Ben Ode, hours: all }
  - { id: cora, name: Cora Diaz, hours: all, away: [2026-11-26] }
  - { id: dan, name: Dan Eve, hours: all }
teams: [{ id: sales, reps: [` + reps + `], credit: [passed, no_show] }]
meeting: { buffer: 0m, notice: 1h, horizon: 7d, every: 30m }
routes: [{ if: seats > 0, to: sales, wait: 4h }, { to: sales }]
`)}
	return files
}

// day lets leads come in, an hour apart; every second one books, and some say stop.
func (w *week) day(leads int) {
	for range leads {
		a := w.arrive("")
		w.say(a, "250")
		w.say(a, "priya@bigco.example")
		w.leads = append(w.leads, a)
		w.everybodyIsSomewhere()
		switch w.n++; {
		case w.state(a).Assigned == nil:
		case w.n%2 == 0:
			w.say(a, w.first(a))
		case w.n%5 == 0:
			w.say(a, "stop")
		}
		w.everybodyIsSomewhere()
		w.pass(time.Hour)
	}
	_, shares := w.ledger()
	even(w.t, shares)
	w.pass(time.Duration(24-leads) * time.Hour)
}

// everybodyIsSomewhere fails the test where a lead has neither an owner nor a place where it waits.
func (w *week) everybodyIsSomewhere() {
	w.t.Helper()
	for _, a := range w.leads {
		if c := w.state(a); c.Assigned == nil && (c.Waiting == nil || c.Waiting.Place == "") {
			w.t.Fatalf("at %s nobody has %s, and it waits nowhere", w.now(), a.Conversation.ID)
		}
	}
}

// missed has a rep say of each third meeting that is over that nobody came.
func (w *week) missed() (n int) {
	for i, a := range w.leads {
		m := w.state(a).Meeting
		if m == nil || m.End.After(w.now()) || i%3 != 0 {
			continue
		}
		must(w.t, w.NoShow(w.t.Context(), m.UID))
		n++
	}
	return n
}

func TestAWeek(t *testing.T) {
	w := &week{stage: newStageOn(t, file(t), weekFloor("asha, ben, cora"))}
	ctx := t.Context()
	w.day(9) // Monday

	must(t, w.SetAway(ctx, "ben", w.now().Add(24*time.Hour)))
	w.missed()
	w.day(8) // Tuesday, without ben

	must(t, w.Use(ctx, load(t, weekFloor("asha, ben, cora, dan"))))
	w.missed()
	w.day(10) // Wednesday, ben is back, and dan is new

	w.missed()
	w.day(8) // Thursday, without cora

	for _, rep := range []string{"asha", "ben", "cora", "dan"} {
		must(t, w.SetAway(ctx, rep, w.now().Add(9*24*time.Hour)))
	}
	w.day(2) // Friday: nobody can take a lead
	waiting, err := w.Store.Waiting(ctx, bot.WaitingQuery{Limit: 10})
	must(t, err)
	if len(waiting) != 2 || waiting[0].Place != "sales" {
		t.Fatalf("%+v wait", waiting)
	}
	for _, rep := range []string{"asha", "ben", "cora", "dan"} {
		must(t, w.Back(ctx, rep))
	}
	w.Drain(ctx)
	w.everybodyIsSomewhere()
	if waiting, _ = w.Store.Waiting(ctx, bot.WaitingQuery{Limit: 10}); len(waiting) > 0 {
		t.Errorf("%+v still wait", waiting)
	}
	noShows := w.missed()
	w.day(9) // Saturday

	lines, _ := w.ledger()
	kinds := map[string]int{}
	for _, l := range lines {
		if l.Kind == desk.MissedLead && !slices.Contains([]string{"ben", "cora"}, l.Rep) && l.At.Weekday() < time.Friday {
			t.Errorf("%s missed a turn: %s", l.Rep, l.Because)
		}
		kinds[l.Kind]++
	}
	if noShows == 0 || kinds[desk.NoShowLead] == 0 || kinds[desk.MissedLead] == 0 || kinds[desk.AssignedLead] != len(w.leads) {
		t.Errorf("%d leads, %d no-shows at last: %s", len(w.leads), noShows, strings.Trim(fmt.Sprint(kinds), "map[]"))
	}
}

package desk_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"usher/bot/desk"
	"usher/bot/dialogue"
)

func TestAPlaceThatALeadWaitsForIsNotGivenToAnother(t *testing.T) {
	a := desk.Agenda{Read: map[string]time.Time{"asha": now, "ben": now}, Open: map[string]int{"asha": 1, "ben": 1}}
	older := func(to ...string) []desk.Older {
		return []desk.Older{{Key: "older", Assign: dialogue.Assign{First: &dialogue.Tiers{To: to}, Only: true}}}
	}
	at := func(drained bool, ahead []desk.Older) *desk.Desk {
		d := open(t, a, nil)
		d.Drained, d.Ahead = drained, func() ([]desk.Older, error) { return ahead, nil }
		for _, rep := range d.Workspace.Roster.Reps {
			rep.Limits.Open = 2
		}
		return d
	}
	has := func(d *desk.Desk) string {
		fact, err := d.Answer(dialogue.Conversation{}, dialogue.Assign{Scope: assign(d).Scope})
		if err != nil {
			t.Fatal(err)
		}
		return fact.(dialogue.Assigned).Rep
	}
	d := at(false, older("asha"))
	if _, err := d.Answer(dialogue.Conversation{}, dialogue.Assign{Team: "asha", Scope: assign(d).Scope}); !errors.Is(err, desk.ErrBehind) {
		t.Errorf("%v before those who wait were asked", err)
	}
	one, two := has(at(true, older("asha"))), has(at(true, older("ben")))
	if one != "ben" || two != "asha" {
		t.Errorf("%s although asha is waited for, and %s although ben is", one, two)
	}
	d = at(true, older("ben"))
	has(d)
	var because, need string
	for _, v := range d.Traces {
		if v.Rep == "ben" {
			because, need = v.Because, v.Need
		}
	}
	if because != "has 1 of 2 open leads, and leads that have waited longer come first" || need != "1 open lead fewer" {
		t.Errorf("%q, %q", because, need)
	}
	if reps, err := at(true, nil).Drain(append(older("asha"), append(older("asha"), older("cora")...)...)); err != nil || !reflect.DeepEqual(reps, []string{"asha", "", "cora"}) {
		t.Errorf("%q, %v", reps, err)
	}
}

package desk_test

import (
	"reflect"
	"testing"
	"time"

	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/bot/slots"
)

func TestReassign(t *testing.T) {
	read := map[string]time.Time{"asha": now, "ben": now}
	lead := dialogue.Conversation{Moving: "pass", Assigned: &dialogue.Assignment{Team: "sales", Rep: "asha"}}
	stands := &dialogue.Slot{Rep: "asha", Start: now.Add(3 * time.Hour), End: now.Add(3*time.Hour + 30*time.Minute)}

	t.Run("the next of the team has the lead, and the ledger two lines", func(t *testing.T) {
		d := open(t, desk.Agenda{Read: read}, nil)
		fact, err := d.Answer(lead, dialogue.Assign{Not: []string{"asha"}, Minutes: 30})
		if a, ok := fact.(dialogue.Assigned); err != nil || !ok || a.Rep != "ben" || a.Team != "sales" {
			t.Fatalf("%+v, %v", fact, err)
		}
		var lines []string
		sum := 0
		for _, e := range d.Ledger {
			lines = append(lines, e.Kind+" "+e.Rep)
			sum += e.Leads
		}
		if !reflect.DeepEqual(lines, []string{"passed asha", "received ben"}) || sum != 0 {
			t.Errorf("%+v", d.Ledger)
		}
	})
	t.Run("whoever is busy at the time that stands is left out, whatever the team", func(t *testing.T) {
		d := open(t, desk.Agenda{Read: read, Busy: map[string][]slots.Interval{"ben": {{Start: stands.Start, End: stands.End}}}}, nil)
		fact, err := d.Answer(lead, dialogue.Assign{Not: []string{"asha"}, Stands: stands})
		if a, ok := fact.(dialogue.Assigned); err != nil || !ok || a.Rep != "cora" {
			t.Errorf("%+v, %v", fact, err)
		}
	})
	t.Run("the notice does not count again for a time that was agreed", func(t *testing.T) {
		soon := &dialogue.Slot{Rep: "asha", Start: now.Add(time.Hour), End: now.Add(90 * time.Minute)}
		lead := lead
		lead.Meeting = &dialogue.Meeting{UID: "u", Slot: *soon}
		d := open(t, desk.Agenda{Read: read}, nil)
		fact, err := d.Answer(lead, dialogue.Assign{Not: []string{"asha"}, Stands: soon})
		if a, ok := fact.(dialogue.Assigned); err != nil || !ok || a.Rep != "ben" {
			t.Errorf("%+v, %v", fact, err)
		}
	})
	t.Run("a chosen time that the rules let nobody else have keeps the lead where it is", func(t *testing.T) {
		soon := &dialogue.Slot{Rep: "asha", Start: now.Add(time.Hour), End: now.Add(90 * time.Minute)}
		lead := lead
		lead.Chosen = soon
		fact, err := open(t, desk.Agenda{Read: read}, nil).Answer(lead, dialogue.Assign{Not: []string{"asha"}, Stands: soon})
		if _, failed := fact.(dialogue.Failed); err != nil || !failed {
			t.Errorf("%+v, %v", fact, err)
		}
	})
	t.Run("where nobody is left the ledger says nothing", func(t *testing.T) {
		d := open(t, desk.Agenda{Read: read}, nil)
		fact, err := d.Answer(lead, dialogue.Assign{Not: []string{"asha", "ben", "cora"}})
		if _, failed := fact.(dialogue.Failed); err != nil || !failed || len(d.Ledger) != 0 {
			t.Errorf("%+v, %v, %+v", fact, err, d.Ledger)
		}
	})
	t.Run("who claims gets it in its team, unless they are busy then", func(t *testing.T) {
		lead := lead
		lead.Moving = "claim"
		busy := desk.Agenda{Read: read, Busy: map[string][]slots.Interval{"ben": {{Start: stands.Start, End: stands.End}}}}
		d := open(t, busy, nil)
		if fact, err := d.Answer(lead, dialogue.Assign{Rep: "ben", Stands: stands}); err != nil || fact != (dialogue.Failed{Effect: "assign", Reason: "the rep is not free at the time of the lead's meeting"}) {
			t.Errorf("%+v, %v", fact, err)
		}
		fact, err := open(t, busy, nil).Answer(lead, dialogue.Assign{Rep: "cora", Stands: stands})
		if a, ok := fact.(dialogue.Assigned); err != nil || !ok || a.Rep != "cora" || a.Team != "sales" || a.Because != "Cora Diaz claimed the lead" {
			t.Errorf("%+v, %v", fact, err)
		}
		fact, err = open(t, busy, nil).Answer(lead, dialogue.Assign{Rep: "cora", Over: true, Stands: stands})
		if a, ok := fact.(dialogue.Assigned); err != nil || !ok || a.Because != "Cora Diaz was given the lead by hand" {
			t.Errorf("%+v, %v", fact, err)
		}
		fact, err = open(t, busy, nil).Answer(lead, dialogue.Assign{Rep: "cora", Over: true, By: "ann@desk", Stands: stands})
		if a, ok := fact.(dialogue.Assigned); err != nil || !ok || a.By != "ann@desk" || a.Because != "Cora Diaz was given the lead by ann@desk" {
			t.Errorf("%+v, %v", fact, err)
		}
	})
}

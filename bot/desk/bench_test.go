package desk_test

import (
	"fmt"
	"testing"
	"time"

	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/bot/slots"
	"usher/flows"
)

// company is 50 reps in one team and five experts, each with 20 busy times a day for a month.
func company(b *testing.B) (*flows.Workspace, desk.Agenda) {
	b.Helper()
	work := *workspace(b)
	roster := *work.Roster
	work.Roster = &roster
	hours, location := roster.Reps[0].Hours, roster.Location
	a := desk.Agenda{Busy: map[string][]slots.Interval{}, Read: map[string]time.Time{}}
	team := func(id string, n int) {
		t := &flows.Team{ID: id, Assign: flows.AssignFair}
		for i := range n {
			rep := &flows.Rep{ID: fmt.Sprint(id, i), Name: "R", Hours: hours, Location: location, Calendars: []flows.Calendar{{File: "x"}}, Weight: 1}
			t.Reps, roster.Reps = append(t.Reps, rep), append(roster.Reps, rep)
			a.Read[rep.ID] = now
			for k := range 600 {
				start := now.Truncate(24 * time.Hour).Add(time.Duration(k*72+i) * time.Minute)
				a.Busy[rep.ID] = append(a.Busy[rep.ID], slots.Interval{Start: start, End: start.Add(20 * time.Minute)})
			}
		}
		roster.Teams = append(roster.Teams, t)
	}
	team("crowd", 50)
	team("experts", 5)
	return &work, a
}

// The figure of the house, as a turn asks for it: three times of one rep, of any of 50, and of 50 with an expert.
func BenchmarkFind(b *testing.B) {
	work, a := company(b)
	one := dialogue.Find{Rep: "crowd0", Minutes: 30, Offer: 3, Rules: work.Roster.Meeting}
	pooled, joint := one, one
	pooled.Team, joint.Team = "crowd", "crowd"
	joint.With = []string{"experts"}
	for name, e := range map[string]dialogue.Find{"one of 50": one, "any of 50": pooled, "any of 50 with an expert": joint} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				d := &desk.Desk{Workspace: work, Key: "c", Now: now, Agenda: func(desk.Query) (desk.Agenda, error) { return a, nil }}
				in, err := d.Answer(dialogue.Conversation{}, e)
				if err != nil || len(in.(dialogue.Found).Slots) != 3 {
					b.Fatal(in, err)
				}
			}
		})
	}
}

func BenchmarkAssign(b *testing.B) {
	work, a := company(b)
	for name, with := range map[string][]string{"50 reps": nil, "50 reps with an expert": {"experts"}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				d := &desk.Desk{Workspace: work, Key: "c", Now: now, Agenda: func(desk.Query) (desk.Agenda, error) { return a, nil }}
				e := dialogue.Assign{Team: "crowd", Minutes: 30, Rules: work.Roster.Meeting, Terms: dialogue.Terms{With: with}}
				if in, err := d.Answer(dialogue.Conversation{}, e); err != nil || in.(dialogue.Assigned).Team != "crowd" {
					b.Fatal(in, err)
				}
			}
		})
	}
}

package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/bot/routing"
	"usher/bot/slots"
	"usher/flows"
)

// aged is a desk on which asha's calendar was read so long ago; refreshed gathers whose were asked for.
func aged(t *testing.T, age time.Duration, works bool, refreshed *[]string) *desk.Desk {
	t.Helper()
	a := desk.Agenda{Read: map[string]time.Time{"asha": now.Add(-age), "ben": now}}
	d := open(t, a, nil)
	read := d.Agenda
	d.Agenda = func(q desk.Query) (desk.Agenda, error) {
		got, err := read(q)
		return desk.Agenda{Read: map[string]time.Time{"asha": got.Read["asha"], "ben": got.Read["ben"]}, Busy: got.Busy, Shares: got.Shares}, err
	}
	d.Refresh = func(rep string) bool {
		*refreshed = append(*refreshed, rep)
		if works {
			a.Read[rep] = now
			a.Busy = map[string][]slots.Interval{rep: {{Start: now, End: now.Add(5 * time.Hour)}}}
			d.Agenda = func(desk.Query) (desk.Agenda, error) { return a, nil }
		}
		return works
	}
	return d
}

func TestACalendarThatIsTooOldIsReadBeforeATimeIsPromised(t *testing.T) {
	for name, e := range map[string]func(*desk.Desk) dialogue.Effect{
		"offered": func(d *desk.Desk) dialogue.Effect { return find(d, "asha") },
		"held": func(d *desk.Desk) dialogue.Effect {
			return dialogue.Hold{Slot: slot("asha", 11, 0), Rules: d.Workspace.Roster.Meeting}
		},
		"booked": func(d *desk.Desk) dialogue.Effect {
			return dialogue.Book{Slot: slot("asha", 11, 0), Rules: d.Workspace.Roster.Meeting}
		},
	} {
		t.Run("before it is "+name, func(t *testing.T) {
			var refreshed []string
			d := aged(t, 45*time.Minute, true, &refreshed)
			for range 2 {
				switch in := ask(t, d, dialogue.Conversation{}, e(d)).(type) {
				case dialogue.Found:
					if len(in.Slots) == 0 || in.Slots[0].Start.Before(now.Add(5*time.Hour)) {
						t.Errorf("%+v", in)
					}
				case dialogue.Taken:
				default:
					t.Errorf("%+v is promised although the calendar has it", in)
				}
			}
			if !slices.Equal(refreshed, []string{"asha"}) {
				t.Errorf("read were %v", refreshed)
			}
		})
	}
	t.Run("and where it cannot be, nothing is, with the age as reason", func(t *testing.T) {
		var refreshed []string
		d := aged(t, 45*time.Minute, false, &refreshed)
		reason, err := d.Why(slot("asha", 11, 0), d.Workspace.Roster.Meeting, dialogue.Terms{})
		if err != nil || reason.Code != slots.UnknownCalendar || !strings.Contains(reason.Say, "45m ago") {
			t.Errorf("%+v, %v", reason, err)
		}
		if in := ask(t, d, dialogue.Conversation{}, find(d, "asha")).(dialogue.Found); len(in.Slots) != 0 {
			t.Errorf("%+v", in)
		}
		if len(refreshed) != 1 {
			t.Errorf("read were %v", refreshed)
		}
	})
	t.Run("but not while it is young enough", func(t *testing.T) {
		var refreshed []string
		d := aged(t, 30*time.Minute, true, &refreshed)
		if in := ask(t, d, dialogue.Conversation{}, find(d, "asha")).(dialogue.Found); len(in.Slots) != 3 || refreshed != nil {
			t.Errorf("%+v, %v", in, refreshed)
		}
	})
	t.Run("nor one that failed or was never read: its own turn comes", func(t *testing.T) {
		var refreshed []string
		d := aged(t, 0, true, &refreshed)
		d.Agenda = func(desk.Query) (desk.Agenda, error) { return desk.Agenda{}, nil }
		if in := ask(t, d, dialogue.Conversation{}, find(d, "asha")).(dialogue.Found); len(in.Slots) != 0 || refreshed != nil {
			t.Errorf("%+v, %v", in, refreshed)
		}
	})
	t.Run("as old as team.yaml says", func(t *testing.T) {
		var refreshed []string
		d := aged(t, 45*time.Minute, true, &refreshed)
		d.Workspace.Roster.Stale = time.Hour
		if ask(t, d, dialogue.Conversation{}, find(d, "asha")); refreshed != nil {
			t.Error(refreshed)
		}
	})
}

func TestALeadGoesToTheNextRepWhereACalendarIsNotKnown(t *testing.T) {
	inOrder := func(d *desk.Desk) dialogue.Assign {
		d.Workspace.Roster.Teams[0].Assign = "in_order"
		return assign(d)
	}
	t.Run("the one whose turn it is is read, and nobody else", func(t *testing.T) {
		var refreshed []string
		d := aged(t, 45*time.Minute, true, &refreshed)
		if in := ask(t, d, dialogue.Conversation{}, inOrder(d)).(dialogue.Assigned); in.Rep != "asha" || !slices.Equal(refreshed, []string{"asha"}) {
			t.Errorf("%+v, %v", in, refreshed)
		}
	})
	t.Run("and passed over where that fails", func(t *testing.T) {
		var refreshed []string
		d := aged(t, 45*time.Minute, false, &refreshed)
		in := ask(t, d, dialogue.Conversation{}, inOrder(d)).(dialogue.Assigned)
		if in.Rep != "ben" || !slices.ContainsFunc(d.Traces, func(v routing.Verdict) bool { return v.Rep == "asha" && strings.Contains(v.Because, "45m ago") }) {
			t.Errorf("%+v, %+v", in, d.Traces)
		}
	})
	t.Run("the times of the next are offered where the one who has the lead is not known later", func(t *testing.T) {
		var refreshed []string
		d := aged(t, 45*time.Minute, false, &refreshed)
		c := dialogue.Conversation{Assigned: &dialogue.Assignment{Team: "sales", Rep: "asha"}}
		in := ask(t, d, c, find(d, "asha")).(dialogue.Found)
		if len(in.Slots) != 3 || in.Slots[0].Rep != "ben" {
			t.Fatalf("%+v", in)
		}
		ask(t, d, c, dialogue.Book{Slot: in.Slots[0], Rules: d.Workspace.Roster.Meeting})
		var lines []string
		for _, e := range d.Ledger {
			lines = append(lines, e.Kind+" "+e.Rep)
		}
		if !slices.Equal(lines, []string{"passed asha", "received ben", "booked ben"}) {
			t.Errorf("%v", lines)
		}
	})
	t.Run("a turn has no more calendars read than a visitor waits for", func(t *testing.T) {
		work, a := old(t)
		n := 0
		d := &desk.Desk{
			Workspace: work, Now: now, Agenda: func(desk.Query) (desk.Agenda, error) { return a, nil },
			Refresh: func(string) bool { n++; return false },
		}
		if ask(t, d, dialogue.Conversation{}, assign(d)); n != desk.MaxRefresh {
			t.Errorf("%d were", n)
		}
	})
}

// old is a house of many reps whose calendars are all too old.
func old(t *testing.T) (*flows.Workspace, desk.Agenda) {
	t.Helper()
	work := *workspace(t)
	roster := *work.Roster
	work.Roster = &roster
	a := desk.Agenda{Read: map[string]time.Time{}}
	for i := range 8 {
		rep := *roster.Reps[0]
		rep.ID = string(rune('a' + i))
		roster.Reps, a.Read[rep.ID] = append(roster.Reps, &rep), now.Add(-time.Hour)
	}
	roster.Teams = []*flows.Team{{ID: "sales", Reps: roster.Reps[3:], Assign: flows.AssignFair}}
	roster.Routes = roster.Routes[:1]
	return &work, a
}

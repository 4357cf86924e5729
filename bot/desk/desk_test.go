package desk_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	_ "time/tzdata"

	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/bot/routing"
	"usher/bot/slots"
	"usher/flows"
)

const teamYAML = `
timezone: UTC
hours:
  office: { mon-fri: "09:00-17:00" }
reps:
  - { id: asha, name: Asha Rao, email: asha@acme.example, hours: office, calendar: calendars/asha.ics }
  - { id: ben, name: Ben Ode, email: ben@acme.example, hours: office, calendar: calendars/ben.ics }
  - { id: cora, name: Cora Diaz, email: cora@acme.example, hours: office }
teams:
  - { id: sales, reps: [asha, ben], assign: fair }
  - { id: support, reps: [cora] }
meeting: { buffer: 10m, notice: 2h, horizon: 14d, every: 30m }
routes:
  - { to: sales, within: 7d }
  - { to: support }
`

const flowYAML = `
flow: book
title: Book
languages: [en]
steps:
  - { id: meet, book: { minutes: 30 }, say: When?, next: [{ to: done }] }
  - { id: done, end: qualified }
`

var now = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC) // a Monday

func workspace(t testing.TB) *flows.Workspace {
	t.Helper()
	empty := &fstest.MapFile{Data: []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")}
	w, problems := flows.Load(fstest.MapFS{
		"team.yaml": {Data: []byte(teamYAML)}, "book.yaml": {Data: []byte(flowYAML)},
		"calendars/asha.ics": empty, "calendars/ben.ics": empty,
	})
	if w == nil {
		t.Fatal(problems)
	}
	return w
}

// open is a desk whose agenda is this one; reads counts how often it was asked.
func open(t testing.TB, a desk.Agenda, reads *[][]string) *desk.Desk {
	t.Helper()
	if a.Read == nil {
		a.Read = map[string]time.Time{"asha": now, "ben": now}
	}
	return &desk.Desk{
		Workspace: workspace(t), Key: "c1", UID: "uid", Now: now,
		Agenda: func(q desk.Query) (desk.Agenda, error) {
			if reads != nil {
				*reads = append(*reads, q.Reps)
			}
			if q.From.After(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)) || q.To.Before(now.AddDate(0, 0, 15)) {
				t.Errorf("the agenda is read from %v to %v", q.From, q.To)
			}
			return a, nil
		},
	}
}

func ask(t testing.TB, d *desk.Desk, c dialogue.Conversation, e dialogue.Effect) dialogue.Input {
	t.Helper()
	in, err := d.Answer(c, e)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func assign(d *desk.Desk) dialogue.Assign {
	return dialogue.Assign{Minutes: 30, Rules: d.Workspace.Roster.Meeting, Scope: &flows.Scope{Roster: d.Workspace.Roster, Now: now}}
}

func slot(rep string, hour, minute int) dialogue.Slot {
	start := time.Date(2026, 11, 23, hour, minute, 0, 0, time.UTC)
	return dialogue.Slot{Rep: rep, Start: start, End: start.Add(30 * time.Minute)}
}

func find(d *desk.Desk, rep string) dialogue.Find {
	return dialogue.Find{Rep: rep, Minutes: 30, Offer: 3, Rules: d.Workspace.Roster.Meeting}
}

func TestALeadIsAssignedAndWrittenDown(t *testing.T) {
	d := open(t, desk.Agenda{Shares: map[routing.Queue]map[string]routing.Share{{Team: "sales"}: {"asha": {Count: 3}, "ben": {Count: 2}}}}, nil)
	in := ask(t, d, dialogue.Conversation{}, assign(d)).(dialogue.Assigned)
	if in.Team != "sales" || in.Rep != "ben" || in.Route != 0 || !strings.Contains(in.Because, "2 of 5 leads") {
		t.Errorf("%+v", in)
	}
	if len(d.Ledger) != 1 || d.Ledger[0].Kind != desk.AssignedLead || d.Ledger[0].Leads != 1 || d.Ledger[0].Because != in.Because || !d.Ledger[0].At.Equal(now) {
		t.Errorf("%+v", d.Ledger)
	}
	if len(d.Traces) == 0 {
		t.Error("nothing says why")
	}
}

func TestALeadThatIsAssignedAgainIsCountedOnce(t *testing.T) {
	d := open(t, desk.Agenda{Shares: map[routing.Queue]map[string]routing.Share{{Team: "sales"}: {"asha": {Count: 3}, "ben": {Count: 2}}}}, nil)
	c := dialogue.Conversation{Assigned: &dialogue.Assignment{Team: "sales", Rep: "asha"}}
	if in := ask(t, d, c, assign(d)).(dialogue.Assigned); in.Rep != "asha" {
		t.Errorf("%+v", in)
	}
	if len(d.Ledger) != 0 {
		t.Errorf("%+v", d.Ledger)
	}
}

func TestALineSaysToWhomTheLeadWasDueAndWhy(t *testing.T) {
	d := open(t, desk.Agenda{Shares: desk.Shares{{Team: "sales"}: {"asha": {Count: 40, Due: 40 * routing.Lead}}}}, nil)
	ask(t, d, dialogue.Conversation{}, assign(d))
	line := d.Ledger[0]
	if line.Among["asha"] != 1 || line.Among["ben"] != 1 || len(line.Without) != 0 || len(line.Trace) != 3 {
		t.Errorf("%+v", line)
	}
	if more := line.Changes(); more["asha"].Due != routing.Lead/2 || more["ben"].Due != routing.Lead/2 || more[line.Rep].Count != 1 || more[line.Rep].Got != 1 {
		t.Errorf("%+v", more)
	}
}

func TestACalendarThatWasNotReadForLongOffersNothing(t *testing.T) {
	for age, offered := range map[time.Duration]int{flows.DefaultStale: 3, flows.DefaultStale + time.Second: 0} {
		d := open(t, desk.Agenda{Read: map[string]time.Time{"asha": now.Add(-age)}}, nil)
		if in := ask(t, d, dialogue.Conversation{}, find(d, "asha")).(dialogue.Found); len(in.Slots) != offered {
			t.Errorf("read %v ago: %+v", age, in)
		}
	}
}

func TestACalendarThatWasNeverReadOffersNothing(t *testing.T) {
	d := open(t, desk.Agenda{Read: map[string]time.Time{"ben": now}}, nil)
	if in := ask(t, d, dialogue.Conversation{}, find(d, "asha")).(dialogue.Found); len(in.Slots) != 0 {
		t.Errorf("%+v", in)
	}
	if last := d.Traces[len(d.Traces)-1]; !strings.Contains(last.Because, "has not been read") {
		t.Errorf("%+v", last)
	}
	if _, ok := ask(t, d, dialogue.Conversation{}, dialogue.Book{Slot: slot("asha", 12, 0), Rules: d.Workspace.Roster.Meeting}).(dialogue.Taken); !ok {
		t.Error("a time of an unknown calendar is booked")
	}
	for range 3 {
		if in := ask(t, d, dialogue.Conversation{}, assign(d)).(dialogue.Assigned); in.Rep != "ben" {
			t.Errorf("%+v", in)
		}
	}
}

func TestARepWithoutACalendarHasHoursOnly(t *testing.T) {
	d := open(t, desk.Agenda{}, nil)
	in := ask(t, d, dialogue.Conversation{}, find(d, "cora")).(dialogue.Found)
	if len(in.Slots) != 3 || !in.Slots[0].Start.Equal(now.Add(2*time.Hour)) {
		t.Errorf("%+v", in)
	}
}

func TestFoundTimesDifferAndKeepTheWish(t *testing.T) {
	d := open(t, desk.Agenda{Busy: map[string][]slots.Interval{"asha": {{Start: now, End: now.Add(150 * time.Minute)}}}}, nil)
	e := find(d, "asha")
	in := ask(t, d, dialogue.Conversation{}, e).(dialogue.Found)
	if len(in.Slots) != 3 || !in.Slots[0].Start.Equal(now.Add(3*time.Hour)) { // 10:30 is too close to what ends then
		t.Errorf("%+v", in)
	}
	e.Not = in.Slots
	for _, s := range ask(t, d, dialogue.Conversation{}, e).(dialogue.Found).Slots {
		for _, not := range in.Slots {
			if s.Start.Equal(not.Start) {
				t.Errorf("%v is offered again", s.Start)
			}
		}
	}
	e.Wish = &dialogue.Wish{Timezone: "Asia/Kolkata", Weekdays: []time.Weekday{time.Thursday}, From: 15 * 60, At: -1}
	for _, s := range ask(t, d, dialogue.Conversation{}, e).(dialogue.Found).Slots {
		if s.Start.Weekday() != time.Thursday || s.Start.Before(s.Start.Truncate(24*time.Hour).Add(9*time.Hour+30*time.Minute)) {
			t.Errorf("%v is not on a Thursday after 3 in Kolkata", s.Start)
		}
	}
	e.Wish.Days = []flows.Date{{Year: 2026, Month: 11, Day: 28}} // a Saturday
	near := ask(t, d, dialogue.Conversation{}, e).(dialogue.Found)
	if !near.Near || len(near.Slots) != 3 {
		t.Errorf("nothing fits, and the nearest are not offered: %+v", near)
	}
	for _, s := range near.Slots {
		if s.Start.Weekday() != time.Thursday || s.Start.Day() != 26 {
			t.Errorf("%v is not on the nearest Thursday", s.Start)
		}
	}
	e.Wish = &dialogue.Wish{Timezone: "UTC", From: 20 * 60, At: -1}
	for _, s := range ask(t, d, dialogue.Conversation{}, e).(dialogue.Found).Slots {
		if clock := s.Start.Format("15:04"); clock != "16:00" && clock != "16:30" {
			t.Errorf("%v is not nearest to the evening", s.Start)
		}
	}
}

// The law of booking: what is found can be held and booked in the same moment.
func TestEveryFoundTimeCanBeBooked(t *testing.T) {
	d := open(t, desk.Agenda{
		Busy:    map[string][]slots.Interval{"asha": {{Start: now.Add(3 * time.Hour), End: now.Add(4 * time.Hour)}}},
		Blocked: map[string][]slots.Interval{"asha": {{Start: now.Add(5 * time.Hour), End: now.Add(6 * time.Hour)}}},
	}, nil)
	e := find(d, "asha")
	e.Offer = 500
	found := ask(t, d, dialogue.Conversation{}, e).(dialogue.Found)
	if len(found.Slots) < 100 {
		t.Fatalf("only %d times", len(found.Slots))
	}
	for _, s := range found.Slots {
		if held, ok := ask(t, d, dialogue.Conversation{}, dialogue.Hold{Slot: s, Until: now.Add(time.Minute), Rules: e.Rules}).(dialogue.Held); !ok || held.Slot != s || !held.Until.Equal(now.Add(time.Minute)) {
			t.Fatalf("%v cannot be held", s)
		}
		if booked, ok := ask(t, d, dialogue.Conversation{}, dialogue.Book{Slot: s, Rules: e.Rules}).(dialogue.Booked); !ok || booked.UID != "uid" || booked.Slot != s {
			t.Fatalf("%v cannot be booked", s)
		}
	}
}

func TestABookingIsWrittenDownWithItsTeam(t *testing.T) {
	d := open(t, desk.Agenda{}, nil)
	c := dialogue.Conversation{Assigned: &dialogue.Assignment{Team: "sales", Rep: "asha", Route: 0}}
	ask(t, d, c, dialogue.Book{Slot: slot("asha", 12, 0), Rules: d.Workspace.Roster.Meeting})
	if len(d.Ledger) != 1 || d.Ledger[0].Kind != desk.BookedLead || d.Ledger[0].Team != "sales" || d.Ledger[0].Leads != 0 {
		t.Errorf("%+v", d.Ledger)
	}
}

func TestATimeThatIsNotFreeIsTaken(t *testing.T) {
	for name, c := range map[string]struct {
		slot  dialogue.Slot
		taken []dialogue.Slot
	}{
		"busy":                        {slot("asha", 14, 0), nil},
		"in the night":                {slot("asha", 20, 0), nil},
		"of nobody":                   {slot("dan", 12, 0), nil},
		"past":                        {slot("asha", 7, 30), nil},
		"lost to a commit":            {slot("asha", 12, 0), []dialogue.Slot{slot("asha", 12, 0)}},
		"beside what a commit lost":   {slot("asha", 12, 0), []dialogue.Slot{slot("asha", 12, 30)}},
		"long past its notice":        {slot("asha", 9, 30), nil},
		"lost although of other size": {slot("asha", 12, 0), []dialogue.Slot{{Rep: "asha", Start: slot("", 11, 0).Start, End: slot("", 12, 30).End}}},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, desk.Agenda{Busy: map[string][]slots.Interval{"asha": {{Start: now.Add(6 * time.Hour), End: now.Add(7 * time.Hour)}}}}, nil)
			d.Taken = c.taken
			for _, e := range []dialogue.Effect{
				dialogue.Hold{Slot: c.slot, Rules: d.Workspace.Roster.Meeting}, dialogue.Book{Slot: c.slot, Rules: d.Workspace.Roster.Meeting},
			} {
				if in, ok := ask(t, d, dialogue.Conversation{}, e).(dialogue.Taken); !ok || in.Slot != c.slot {
					t.Errorf("%T: %+v", e, in)
				}
			}
			if len(d.Ledger) != 0 || len(d.Traces) != 2 {
				t.Errorf("%+v, %+v", d.Ledger, d.Traces)
			}
		})
	}
}

func TestALostTimeIsNotFoundAgain(t *testing.T) {
	d := open(t, desk.Agenda{}, nil)
	d.Taken = []dialogue.Slot{slot("asha", 10, 0)}
	if in := ask(t, d, dialogue.Conversation{}, find(d, "asha")).(dialogue.Found); in.Slots[0].Start.Hour() == 10 && in.Slots[0].Start.Minute() == 0 {
		t.Errorf("%+v", in)
	}
}

func TestAVisitorMayThinkAnOfferOver(t *testing.T) {
	d := open(t, desk.Agenda{}, nil)
	offered := ask(t, d, dialogue.Conversation{}, find(d, "asha")).(dialogue.Found).Slots[0]
	if !offered.Start.Equal(now.Add(2 * time.Hour)) {
		t.Fatal(offered)
	}
	later := open(t, desk.Agenda{}, nil)
	later.Now = now.Add(desk.Grace)
	if _, ok := ask(t, later, dialogue.Conversation{}, dialogue.Book{Slot: offered, Rules: d.Workspace.Roster.Meeting}).(dialogue.Booked); !ok {
		t.Error("an offer cannot be booked a few minutes later")
	}
	if in := ask(t, later, dialogue.Conversation{}, find(d, "asha")).(dialogue.Found); in.Slots[0].Start.Equal(offered.Start) {
		t.Error("it is offered anew although its notice has begun")
	}
	later.Now = now.Add(desk.Grace + time.Minute)
	if _, ok := ask(t, later, dialogue.Conversation{}, dialogue.Book{Slot: offered, Rules: d.Workspace.Roster.Meeting}).(dialogue.Taken); !ok {
		t.Error("an old offer is booked")
	}
}

func TestTheAgendaIsReadOnceForEachRep(t *testing.T) {
	var reads [][]string
	d := open(t, desk.Agenda{}, &reads)
	ask(t, d, dialogue.Conversation{}, dialogue.Notify{Event: "ended"})
	ask(t, d, dialogue.Conversation{}, dialogue.Drop{Slot: slot("asha", 12, 0)})
	if len(reads) != 0 {
		t.Errorf("%v is read for nothing", reads)
	}
	for range 2 {
		ask(t, d, dialogue.Conversation{}, find(d, "asha"))
		ask(t, d, dialogue.Conversation{}, assign(d))
		ask(t, d, dialogue.Conversation{}, find(d, "cora"))
	}
	if len(reads) != 2 || len(reads[0]) != 1 || len(reads[1]) != 2 {
		t.Errorf("%v", reads)
	}
}

func TestAnAgendaThatCannotBeReadIsAnError(t *testing.T) {
	lost := errors.New("the database is gone")
	d := open(t, desk.Agenda{}, nil)
	d.Agenda = func(desk.Query) (desk.Agenda, error) { return desk.Agenda{}, lost }
	for _, e := range []dialogue.Effect{
		assign(d), find(d, "asha"), dialogue.Hold{Slot: slot("asha", 12, 0)}, dialogue.Book{Slot: slot("asha", 12, 0)},
	} {
		if _, err := d.Answer(dialogue.Conversation{}, e); !errors.Is(err, lost) {
			t.Errorf("%T: %v", e, err)
		}
	}
}

func TestAnnouncedAbsenceIsKept(t *testing.T) {
	d := open(t, desk.Agenda{Away: map[string][]slots.Interval{"asha": {{Start: now.Add(-time.Hour), End: now.Add(26 * time.Hour)}}}}, nil)
	if in := ask(t, d, dialogue.Conversation{}, assign(d)).(dialogue.Assigned); in.Rep != "ben" {
		t.Errorf("%+v", in)
	}
	if in := ask(t, d, dialogue.Conversation{}, find(d, "asha")).(dialogue.Found); in.Slots[0].Start.Before(now.Add(26 * time.Hour)) {
		t.Errorf("%+v", in)
	}
}

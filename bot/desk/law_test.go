package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/bot/slots"
	"usher/flows"
)

const manyYAML = `
timezone: Europe/London
hours:
  office: { mon-fri: "09:00-12:00, 13:00-17:00" }
reps:
  - { id: asha, name: Asha Rao, email: asha@acme.example, hours: office, calendar: calendars/asha.ics }
  - { id: ben, name: Ben Ode, email: ben@acme.example, hours: office, calendar: calendars/ben.ics, timezone: Asia/Kolkata }
  - { id: cora, name: Cora Diaz, email: cora@acme.example, hours: office, limits: { day: 1 } }
  - { id: dan, name: Dan Lee, email: dan@acme.example, hours: office, calendar: calendars/ben.ics }
  - { id: eve, name: Eve Poe, email: eve@acme.example, hours: office }
teams:
  - { id: sales, reps: [asha, ben, cora], assign: fair }
  - { id: experts, reps: [cora, dan, eve] }
  - { id: legal, reps: [eve, asha] }
meeting: { buffer: 10m, notice: 2h, horizon: 3d, every: 30m }
routes:
  - { to: sales }
`

func many(t testing.TB) *flows.Workspace {
	t.Helper()
	empty := &fstest.MapFile{Data: []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")}
	w, problems := flows.Load(fstest.MapFS{
		"team.yaml": {Data: []byte(manyYAML)}, "book.yaml": {Data: []byte(flowYAML)},
		"calendars/asha.ics": empty, "calendars/ben.ics": empty,
	})
	if w == nil {
		t.Fatal(problems)
	}
	return w
}

// town is a house whose meetings are kept as the store keeps them.
type town struct {
	work *flows.Workspace
	base desk.Agenda
	kept []dialogue.Meeting
	kind map[string]string // UID → kind
}

// draw is a house of any day: calendars, absence, a calendar that is old or failed.
func draw(t *rapid.T, work *flows.Workspace) *town {
	h := &town{work: work, kind: map[string]string{}, base: desk.Agenda{
		Busy: map[string][]slots.Interval{}, Away: map[string][]slots.Interval{}, Read: map[string]time.Time{},
	}}
	for _, rep := range work.Roster.Reps {
		for range rapid.IntRange(0, 4).Draw(t, "busy times") {
			start := now.Add(time.Duration(rapid.IntRange(0, 300).Draw(t, "busy at")) * 15 * time.Minute)
			h.base.Busy[rep.ID] = append(h.base.Busy[rep.ID], slots.Interval{Start: start, End: start.Add(time.Duration(rapid.IntRange(1, 8).Draw(t, "long")) * 30 * time.Minute)})
		}
		switch rapid.IntRange(0, 9).Draw(t, "calendar") {
		case 0:
		case 1:
			h.base.Read[rep.ID] = now.Add(-2 * time.Hour)
		default:
			h.base.Read[rep.ID] = now
		}
		if rapid.IntRange(0, 5).Draw(t, "away") == 0 {
			h.base.Away[rep.ID] = []slots.Interval{{Start: now, End: now.Add(24 * time.Hour)}}
		}
	}
	return h
}

// desk is the desk of the nth visitor.
func (h *town) desk(n int) *desk.Desk {
	return &desk.Desk{
		Workspace: h.work, Key: fmt.Sprint("c", n), UID: fmt.Sprint("meeting", n), Now: now,
		Agenda: func(q desk.Query) (desk.Agenda, error) { return h.agenda(q), nil },
	}
}

func (h *town) agenda(q desk.Query) desk.Agenda {
	a := desk.Agenda{
		Busy: h.base.Busy, Away: h.base.Away, Read: map[string]time.Time{},
		Blocked: map[string][]slots.Interval{}, Booked: map[string][]time.Time{}, Seats: map[string]map[string]int{q.Kind: {}},
	}
	for _, id := range q.Reps {
		if read, ok := h.base.Read[id]; ok {
			a.Read[id] = read
		}
	}
	for _, m := range h.kept {
		if m.UID == q.Instead {
			continue
		}
		if h.kind[m.UID] == q.Kind {
			a.Seats[q.Kind][slots.Day(h.work.Roster, m.Start)]++
		}
		for _, id := range present(m.Slot) {
			if slices.Contains(q.Reps, id) {
				a.Booked[id] = append(a.Booked[id], m.Start)
				a.Blocked[id] = append(a.Blocked[id], blocks(m.Slot))
			}
		}
	}
	return a
}

func present(s dialogue.Slot) []string { return append([]string{s.Rep}, strings.Fields(s.With)...) }

func blocks(s dialogue.Slot) slots.Interval {
	return slots.Interval{Start: s.Start.Add(-10 * time.Minute), End: s.End.Add(10 * time.Minute)}
}

// sound fails where the meetings could not all take place.
func (h *town) sound(t *rapid.T, seats int) {
	t.Helper()
	days := map[string]int{}
	for i, m := range h.kept {
		days[h.kind[m.UID]+slots.Day(h.work.Roster, m.Start)]++
		for _, id := range present(m.Slot) {
			for _, other := range h.kept[:i] {
				a, b := blocks(m.Slot), blocks(other.Slot)
				if slices.Contains(present(other.Slot), id) && a.Start.Before(b.End) && b.Start.Before(a.End) {
					t.Fatalf("%s is to be at %+v and at %+v", id, m, other)
				}
			}
		}
	}
	for day, n := range days {
		if seats > 0 && strings.HasPrefix(day, "book/meet") && n > seats {
			t.Fatalf("%d meetings on %s", n, day)
		}
	}
}

func drawFind(t *rapid.T, w *flows.Workspace) dialogue.Find {
	e := dialogue.Find{Rep: rapid.SampledFrom([]string{"asha", "ben", "cora"}).Draw(t, "rep"), Minutes: 30, Offer: 1000, Rules: w.Roster.Meeting}
	if rapid.Bool().Draw(t, "pooled") {
		e.Team = "sales"
	}
	e.With = rapid.SampledFrom([][]string{nil, {"experts"}, {"experts", "legal"}, {"legal", "experts"}, {"eve"}}).Draw(t, "with")
	e.Kind = "book/meet"
	e.Seats = rapid.IntRange(0, 2).Draw(t, "seats")
	return e
}

// The laws of one availability function: what is offered can be held and booked at once, what is not has a reason, and
// whatever is booked leaves nobody in two places.
func TestWhatIsOfferedCanBeBookedAndWhatIsNotHasAReason(t *testing.T) {
	work := many(t)
	rapid.Check(t, func(t *rapid.T) {
		h := draw(t, work)
		e := drawFind(t, work)
		for n := range rapid.IntRange(1, 6).Draw(t, "visitors") {
			d := h.desk(n)
			found := answer(t, d, e).(dialogue.Found)
			offered := map[string]bool{}
			for _, s := range found.Slots {
				offered[s.Start.String()] = true
				if reason, err := h.desk(n).Why(s, e.Rules, e.Terms); err != nil || reason.Code != "" {
					t.Fatalf("%+v is offered: %+v, %v", s, reason, err)
				}
				if held, ok := answer(t, d, dialogue.Hold{Slot: s, Until: now.Add(time.Minute), Rules: e.Rules, Terms: e.Terms}).(dialogue.Held); !ok || held.Slot != s {
					t.Fatalf("%+v cannot be held", s)
				}
			}
			h.reasons(t, n, e, offered)
			if len(found.Slots) == 0 {
				return
			}
			s := rapid.SampledFrom(found.Slots).Draw(t, "chosen")
			booked, ok := answer(t, d, dialogue.Book{Slot: s, Rules: e.Rules, Terms: e.Terms}).(dialogue.Booked)
			if !ok || booked.Slot != s {
				t.Fatalf("%+v cannot be booked", s)
			}
			h.kept, h.kind[booked.UID] = append(h.kept, booked.Meeting), e.Kind
			h.sound(t, e.Seats)
			if again, err := h.desk(n+100).Why(s, e.Rules, e.Terms); err != nil || again.Code == "" {
				t.Fatalf("%+v can be booked twice: %v", s, err)
			}
		}
	})
}

// reasons fails where a start of the grid is neither offered nor refused with a reason.
func (h *town) reasons(t *rapid.T, n int, e dialogue.Find, offered map[string]bool) {
	hosts := []string{e.Rep}
	if e.Team != "" {
		hosts = []string{"asha", "ben", "cora"}
	}
	d := h.desk(n)
	for at := now; at.Before(now.Add(75 * time.Hour)); at = at.Add(30 * time.Minute) {
		free := false
		for _, host := range hosts {
			reason, err := d.Why(dialogue.Slot{Rep: host, Start: at, End: at.Add(30 * time.Minute)}, e.Rules, e.Terms)
			if err != nil || reason.Code != "" && reason.Say == "" {
				t.Fatalf("%v of %s: %+v, %v", at, host, reason, err)
			}
			free = free || reason.Code == ""
		}
		if free != offered[at.String()] {
			t.Fatalf("%v: offered is %t, but Why lets it through: %t", at, offered[at.String()], free)
		}
	}
}

// A meeting that is to be at another time is in nobody's way, and everybody who comes stays.
func TestAMeetingCanBePutAtEveryOtherTimeThatIsOffered(t *testing.T) {
	work := many(t)
	rapid.Check(t, func(t *rapid.T) {
		h := draw(t, work)
		e := drawFind(t, work)
		for n := range 3 {
			if found := answer(t, h.desk(n), e).(dialogue.Found); len(found.Slots) > 0 {
				m := dialogue.Meeting{UID: fmt.Sprint("meeting", n), Slot: rapid.SampledFrom(found.Slots).Draw(t, "booked")}
				h.kept, h.kind[m.UID] = append(h.kept, m), e.Kind
			}
		}
		if len(h.kept) == 0 {
			return
		}
		m := &h.kept[0]
		was := *m
		e.Instead, e.Rep, e.Team = &was, m.Rep, ""
		c := dialogue.Conversation{Meeting: &was, Assigned: &dialogue.Assignment{Team: "sales", Rep: m.Rep}}
		found := tell(t, h.desk(0), c, e).(dialogue.Found)
		if !slices.Contains(found.Slots, m.Slot) {
			t.Fatalf("%+v is in its own way: %+v", m, found.Slots)
		}
		s := rapid.SampledFrom(found.Slots).Draw(t, "instead")
		d := h.desk(0)
		booked, ok := tell(t, d, c, dialogue.Book{Slot: s, Rules: e.Rules, Terms: e.Terms}).(dialogue.Booked)
		if !ok || booked.UID != was.UID || booked.Slot != s || s.With != was.With || len(d.Ledger) > 0 {
			t.Fatalf("%+v instead of %+v: %+v, %+v", s, was, booked, d.Ledger)
		}
		m.Slot = s
		h.sound(t, e.Seats)
	})
}

func answer(t *rapid.T, d *desk.Desk, e dialogue.Effect) dialogue.Input {
	t.Helper()
	return tell(t, d, dialogue.Conversation{}, e)
}

func tell(t *rapid.T, d *desk.Desk, c dialogue.Conversation, e dialogue.Effect) dialogue.Input {
	t.Helper()
	in, err := d.Answer(c, e)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

package rehearse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"usher/bot/slots"
	"usher/flows"
)

func example(t testing.TB) *flows.Workspace {
	t.Helper()
	ws, problems := flows.Load(flows.Example())
	if ws == nil {
		t.Fatal(problems)
	}
	return ws
}

var aMonday = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

func simulated(t interface {
	Helper()
	Fatal(...any)
}, s *Simulation,
) *Outcome {
	t.Helper()
	if s.From.IsZero() {
		s.From = aMonday
	}
	o, err := s.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func asJSON(o *Outcome) string {
	data, err := json.MarshalIndent(o, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// some is busy times of each rep: three an hour apart on every day.
func some(rep *flows.Rep, from, to time.Time) (busy []slots.Interval, err error) {
	for day := from.Truncate(24 * time.Hour); day.Before(to); day = day.AddDate(0, 0, 1) {
		for i := range 3 {
			start := day.Add(time.Duration(6+len(rep.ID)+2*i) * time.Hour)
			busy = append(busy, slots.Interval{Start: start, End: start.Add(time.Hour)})
		}
	}
	return busy, nil
}

// What is remembered of merged states, and of free times, must be what the engine and the slots say for each visitor.
func TestMergedStatesComeToWhatTheEngineSays(t *testing.T) {
	for name, ws := range map[string]*flows.Workspace{"the example": example(t), "hours, dates and fading points": workspaceOf(t, timely, smallTeam)} {
		t.Run(name, func(t *testing.T) {
			merged := simulated(t, &Simulation{Workspace: ws, Busy: some, Visitors: 1500, Seed: 7, Workers: 2})
			alone := simulated(t, &Simulation{Workspace: ws, Busy: some, Visitors: 1500, Seed: 7, Workers: 1, apart: true})
			if !reflect.DeepEqual(merged, alone) {
				t.Errorf("merged:\n%s\nalone:\n%s", asJSON(merged), asJSON(alone))
			}
		})
	}
}

// timely is a flow that asks for everything that depends on the time.
const timely = `
flow: timely
fields:
  size: { type: number, min: 1, max: 500 }
  day: { type: date, from: 3d, to: 60d }
  source: { from: utm.source }
steps:
  - { id: size, ask: size, say: How many?, tries: 2, else: bye }
  - { id: when, ask: day, optional: true, say: When would you start? }
  - id: decide
    next:
      - { if: open("office") and hour < 15, to: help }
      - { if: weekday == "fri" and size < 100, to: bye }
      - { if: grade == "hot", to: meet }
      - { to: bye }
  - { id: meet, book: { minutes: 45, seats: 2, needs: [phone] }, say: Which time?, next: [{ if: booked, to: done }, { to: help }] }
  - { id: help, handoff: { team: crew, wait: 1m }, say: One moment., next: [{ if: joined, to: done }, { to: bye }] }
  - { id: done, end: qualified, say: See you. }
  - { id: bye, end: nurture, say: Bye. }
score:
  - { if: size >= 50, points: 30, because: big, part: need, halves: 1h }
  - { if: source == "ads", points: 30, because: paid, part: need }
grades: { hot: 20, cold: 0 }
mix:
  size: { 1..49: 40, 50..500: 50, refused: 10 }
  source: { ads: 30, mail: 70 }
  leaves: 3
`

const smallTeam = `
timezone: Europe/Berlin
hours: { office: { mon-fri: "09:00-17:00" } }
holidays: [2026-12-07]
reps:
  - { id: asha, name: Asha Rao, email: asha@acme.example, hours: office, weight: 2, limits: { day: 3 }, calendar: "https://cal.example/a.ics" }
  - { id: ben, name: Ben Ode, email: ben@acme.example, hours: office, away: [2026-12-01/2026-12-03], calendar: "https://cal.example/b.ics" }
  - { id: cora, name: Cora Diaz, email: cora@acme.example, hours: office, limits: { week: 6 } }
teams:
  - { id: crew, reps: [asha, ben, cora] }
  - { id: solo, reps: [cora] }
routes:
  - { if: size in 100..120, to: solo, within: 3d }
  - { to: crew }
`

func workspaceOf(t testing.TB, flow, team string) *flows.Workspace {
	t.Helper()
	ws, problems := flows.Load(fstest.MapFS{"a.yaml": {Data: []byte(flow)}, "team.yaml": {Data: []byte(team)}})
	if ws == nil {
		t.Fatal(problems)
	}
	return ws
}

func TestTheSameSeedIsTheSameMonth(t *testing.T) {
	ws := example(t)
	one := simulated(t, &Simulation{Workspace: ws, Busy: some, Visitors: 5000, Seed: 3, Workers: 1})
	two := simulated(t, &Simulation{Workspace: ws, Busy: some, Visitors: 5000, Seed: 3, Workers: 2})
	if asJSON(one) != asJSON(two) {
		t.Errorf("one worker:\n%s\ntwo:\n%s", asJSON(one), asJSON(two))
	}
	if other := simulated(t, &Simulation{Workspace: ws, Busy: some, Visitors: 5000, Seed: 4}); asJSON(one) == asJSON(other) {
		t.Error("another seed brings the same visitors")
	}
}

func TestVisitorsEndLeaveOrStay(t *testing.T) {
	both := []*flows.Workspace{example(t), workspaceOf(t, timely, smallTeam)}
	rapid.Check(t, func(t *rapid.T) {
		o := simulated(t, &Simulation{
			Workspace: rapid.SampledFrom(both).Draw(t, "workspace"), Busy: some, Seed: rapid.Uint64().Draw(t, "seed"),
			Visitors: rapid.IntRange(1, 120).Draw(t, "visitors"), From: aMonday.AddDate(0, 0, rapid.IntRange(-400, 400).Draw(t, "from")),
		})
		if o.Visitors != o.Ended+o.Left+o.Open {
			t.Fatalf("%d came; %d ended, %d left, %d are open", o.Visitors, o.Ended, o.Left, o.Open)
		}
		graded, met, came := 0, 0, 0
		for _, g := range o.Grades {
			graded += g.Count
		}
		for _, d := range o.Days {
			met, came = met+d.Meetings, came+d.Visitors
		}
		if graded != o.Visitors || came != o.Visitors || met != o.Meetings {
			t.Fatalf("%d graded, %d on days, %d and %d meetings:\n%s", graded, came, met, o.Meetings, asJSON(o))
		}
	})
}

// The meetings themselves: nobody has two at once, whatever the limits they are kept.
func TestNobodyIsBookedTwiceOrBeyondTheirLimits(t *testing.T) {
	ws := workspaceOf(t, timely, smallTeam)
	rapid.Check(t, func(t *rapid.T) {
		var house *office
		s := &Simulation{Workspace: ws, Busy: some, Seed: rapid.Uint64().Draw(t, "seed"), Visitors: rapid.IntRange(60, 240).Draw(t, "visitors")}
		s.seen = func(o *office) { house = o }
		o := simulated(t, s)
		if o.Meetings == 0 && o.Visitors > 200 {
			t.Fatalf("nobody met:\n%s", asJSON(o))
		}
		for _, rep := range ws.Roster.Reps {
			checkMeetings(t, rep, house.all[rep.ID])
		}
	})
}

func checkMeetings(t *rapid.T, rep *flows.Rep, meetings []taken) {
	busy, _ := some(rep, aMonday.AddDate(0, 0, -10), aMonday.AddDate(0, 3, 0))
	days, weeks := map[string]int{}, map[string]int{}
	for i, m := range meetings {
		own := slots.Interval{Start: m.start, End: m.start.Add(45 * time.Minute)}
		for _, other := range meetings[:i] {
			if own.Start.Before(other.start.Add(45*time.Minute)) && other.start.Before(own.End) {
				t.Fatalf("%s meets at %v and at %v", rep.ID, m.start, other.start)
			}
		}
		for _, b := range busy {
			if len(rep.Calendars) > 0 && own.Start.Before(b.End) && b.Start.Before(own.End) {
				t.Fatalf("%s is busy at %v", rep.ID, m.start)
			}
		}
		local := m.start.In(rep.Location)
		year, week := local.ISOWeek()
		days[local.Format(time.DateOnly)]++
		weeks[fmt.Sprint(year, week)]++
		if !workday(local) || rep.ID == "ben" && local.Month() == 12 && local.Day() <= 3 {
			t.Fatalf("%s meets at %v", rep.ID, local)
		}
	}
	for when, n := range days {
		if rep.Limits.Day > 0 && n > rep.Limits.Day {
			t.Fatalf("%s meets %d times on %s", rep.ID, n, when)
		}
	}
	for when, n := range weeks {
		if rep.Limits.Week > 0 && n > rep.Limits.Week {
			t.Fatalf("%s meets %d times in %s", rep.ID, n, when)
		}
	}
}

func workday(local time.Time) bool {
	holiday := local.Month() == 12 && local.Day() == 7
	return local.Weekday() != time.Saturday && local.Weekday() != time.Sunday && !holiday && local.Hour() >= 9 && local.Hour() < 17
}

func TestARepWhoIsOffGetsNothing(t *testing.T) {
	ws := example(t)
	other, err := WhatIf(ws, []Change{{Kind: "rep", Who: "ben", To: "off"}})
	if err != nil {
		t.Fatal(err)
	}
	before := simulated(t, &Simulation{Workspace: ws, Visitors: 3000, Seed: 5})
	after := simulated(t, &Simulation{Workspace: other, Visitors: 3000, Seed: 5})
	for _, r := range after.Reps {
		if r.Rep == "ben" {
			t.Errorf("%+v", r)
		}
	}
	for _, team := range after.Fairness {
		for _, r := range team.Reps {
			if r.Rep == "ben" {
				t.Errorf("%+v", team)
			}
		}
	}
	if before.Grades[0] != after.Grades[0] || before.Visitors != after.Visitors {
		t.Errorf("other visitors came: %v, %v", before.Grades, after.Grades)
	}
	if reflect.DeepEqual(before.Reps, after.Reps) || ws.Roster.Rep("ben") == nil {
		t.Error("nothing changed, or too much")
	}
}

func TestWhereEverybodyIsOffConversationsStillEnd(t *testing.T) {
	ws := example(t)
	var all []Change
	for _, rep := range ws.Roster.Reps {
		all = append(all, Change{Kind: ChangeRep, Who: rep.ID, To: "off"})
	}
	other, err := WhatIf(ws, all)
	if err != nil {
		t.Fatal(err)
	}
	if o := simulated(t, &Simulation{Workspace: other, Visitors: 1000, Seed: 5}); o.Meetings > 0 || o.Leads > 0 || o.Visitors != o.Ended+o.Left {
		t.Error(asJSON(o))
	}
}

func TestAWeightMovesLeads(t *testing.T) {
	ws := workspaceOf(t, timely, smallTeam)
	leads := func(ws *flows.Workspace) int {
		for _, r := range simulated(t, &Simulation{Workspace: ws, Visitors: 2000, Seed: 5}).Reps {
			if r.Rep == "ben" {
				return r.Leads
			}
		}
		return 0
	}
	heavy, err := WhatIf(ws, []Change{{Kind: "weight", Who: "ben", To: "5"}})
	if err != nil {
		t.Fatal(err)
	}
	if before, after := leads(ws), leads(heavy); after < before+before/2 {
		t.Errorf("%d leads of weight 1, %d of weight 5", before, after)
	}
}

func TestChangesThatMeanNothingAreRefused(t *testing.T) {
	ws := example(t)
	for text, says := range map[string]string{
		"rep:asah=off": `"asha"`, "rep:asha=on": "off", "weight:ben=0": "1 to 1000", "weight:ben=many": "1 to 1000",
		"weight:nobody=3": "no rep", "team:sales=off": "rep:ID=off", "asha": "rep:ID=off", "": "rep:ID=off", "rep:=off": "no rep",
	} {
		change, err := ParseChange(text)
		if err == nil {
			_, err = WhatIf(ws, []Change{change})
		}
		if !errors.Is(err, ErrChange) || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestNobodyIsNoSimulation(t *testing.T) {
	for _, n := range []int{0, -1, MaxVisitors + 1} {
		s := &Simulation{Workspace: example(t), Visitors: n, From: aMonday}
		if _, err := s.Run(context.Background()); !errors.Is(err, ErrNoVisitors) {
			t.Errorf("%d visitors: %v", n, err)
		}
	}
	s := &Simulation{Workspace: example(t), Visitors: 1, From: aMonday, Flow: "nope"}
	if _, err := s.Run(context.Background()); !errors.Is(err, ErrNoFlow) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s = &Simulation{Workspace: example(t), Visitors: 100, From: aMonday}
	if _, err := s.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestAMixIsWhatComes(t *testing.T) {
	ws := workspaceOf(t, timely, smallTeam)
	o := simulated(t, &Simulation{Workspace: ws, Visitors: 20_000, Seed: 1})
	step := o.Steps[0]
	if share := float64(step.Left) / float64(step.Reached); step.Step != "size" || share < 0.02 || share > 0.04 {
		t.Errorf("%+v leave: the mix says 3 of 100", step)
	}
	if o.Steps[0].Reached < 21_000 {
		t.Errorf("%+v: a tenth are refused and asked again", step)
	}
}

func TestASplitSharesVisitors(t *testing.T) {
	one := "flow: a\nsteps: [{ id: q, ask: company, say: Who? }, { id: bye, end: nurture, say: Bye. }]\nsplit: { a: 30, b: 70 }"
	two := "flow: b\nshow: { pages: [/none] }\nsteps: [{ id: q, ask: name, say: Who? }, { id: bye, end: nurture, say: Bye. }]"
	ws, problems := flows.Load(fstest.MapFS{"a.yaml": {Data: []byte(one)}, "b.yaml": {Data: []byte(two)}})
	if ws == nil {
		t.Fatal(problems)
	}
	o := simulated(t, &Simulation{Workspace: ws, Visitors: 2000, Seed: 1})
	for _, s := range o.Steps {
		if want := map[string]int{"a": 600, "b": 1400}[s.Flow]; s.Reached < want-80 || s.Reached > want+80 {
			t.Errorf("%+v, want about %d", s, want)
		}
	}
	if len(o.Steps) != 2 {
		t.Errorf("%+v", o.Steps)
	}
	alone := simulated(t, &Simulation{Workspace: ws, Flow: "b", Visitors: 100, Seed: 1})
	if len(alone.Steps) != 1 || alone.Steps[0].Reached != 100 {
		t.Errorf("%+v", alone.Steps)
	}
}

func TestArrivalsKeepTheWeek(t *testing.T) {
	var week Week
	week[time.Tuesday][10], week[time.Sunday][3] = 3, 1
	zone, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	from := midnight(aMonday, zone)
	sundays := 0
	last := int64(0)
	for _, a := range arrivals(dice{1}, 10_000, week, from, from.AddDate(0, 0, 28)) {
		at := time.Unix(a.at, 0).In(zone)
		if at.Weekday() == time.Sunday && at.Hour() == 3 {
			sundays++
		} else if at.Weekday() != time.Tuesday || at.Hour() != 10 {
			t.Fatal(at)
		}
		if a.at < last {
			t.Fatal("not in order")
		}
		last = a.at
	}
	if sundays < 2200 || sundays > 2800 {
		t.Errorf("%d of 10000 on Sunday, a quarter is due", sundays)
	}
}

func TestAnUnreadableCalendarIsTold(t *testing.T) {
	broken := errors.New("no such file")
	o := simulated(t, &Simulation{Workspace: example(t), Visitors: 500, Seed: 1, Busy: func(rep *flows.Rep, _, _ time.Time) ([]slots.Interval, error) {
		if rep.ID == "ben" {
			return nil, broken
		}
		return nil, nil
	}})
	if !errors.Is(o.Unread["ben"], broken) || len(o.Unread) != 1 {
		t.Errorf("%v", o.Unread)
	}
	for _, r := range o.Reps {
		if r.Rep == "ben" && r.Meetings > 0 {
			t.Errorf("%+v, although the calendar is not known", r)
		}
	}
}

// asleep is a team that never works.
const asleep = `
timezone: UTC
reps: [{ id: asha, name: Asha Rao, email: asha@acme.example, hours: { sun: "03:00-03:01" } }]
teams: [{ id: crew, reps: [asha] }]
routes: [{ to: crew }]
`

// Any flow that loads, however odd, is simulated within bounds: those of the broken workspaces that load, too.
func TestOddFlowsComeToAnEnd(t *testing.T) {
	for name, flow := range map[string]string{
		"a circle of questions": "flow: a\nsteps: [{ id: a, ask: company, again: true, say: Who?, next: a }, { id: b, end: nurture, say: Bye. }]\nmix: { leaves: 0 }",
		"a circle of waiting":   "flow: a\nsteps: [{ id: a, ask: company, say: Who? }, { id: b, handoff: { team: crew }, say: Wait., next: [{ if: joined, to: c }, { to: b }] }, { id: c, end: nurture, say: Bye. }]",
		"no answer fits":        "flow: a\nfields: { x: { type: text, pattern: 'x{40}y{40}' } }\nsteps: [{ id: a, ask: x, say: What? }, { id: b, end: nurture, say: Bye. }]",
		"only silence":          "flow: a\nsteps: [{ id: a, ask: company, say: Who? }, { id: b, end: nurture, say: Bye. }]\nmix: { leaves: 100 }",
		"nothing to say":        "flow: a\nsteps: [{ id: b, end: nurture }]",
	} {
		t.Run(name, func(t *testing.T) {
			ws, problems := flows.Load(fstest.MapFS{"a.yaml": {Data: []byte(flow)}, "team.yaml": {Data: []byte(asleep)}})
			if ws == nil {
				t.Fatal(problems)
			}
			if o := simulated(t, &Simulation{Workspace: ws, Visitors: 300, Seed: 1}); o.Visitors != o.Ended+o.Left+o.Open {
				t.Error(asJSON(o))
			}
		})
	}
}

func FuzzChange(f *testing.F) {
	for _, text := range []string{"rep:asha=off", "weight:ben=3", "rep:=off", "weight:ben=99999999999999999999", ":=", "rep:a=b=off"} {
		f.Add(text)
	}
	ws := example(f)
	f.Fuzz(func(t *testing.T, text string) {
		change, err := ParseChange(text)
		if err != nil {
			if !errors.Is(err, ErrChange) {
				t.Fatal(err)
			}
			return
		}
		again, err := ParseChange(change.String())
		if err != nil || again != change {
			t.Fatalf("%+v, %+v, %v", change, again, err)
		}
		if other, err := WhatIf(ws, []Change{change}); (other == nil) != errors.Is(err, ErrChange) {
			t.Fatal(other, err)
		}
	})
}

func BenchmarkSimulate(b *testing.B) {
	ws := example(b)
	for b.Loop() {
		simulated(b, &Simulation{Workspace: ws, Busy: some, Visitors: 100_000, Seed: 1})
	}
	b.ReportMetric(float64(100_000*b.N)/b.Elapsed().Seconds(), "visitors/s")
}

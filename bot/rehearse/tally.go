package rehearse

import (
	"sort"
	"time"

	"usher/bot/desk"
	"usher/bot/dialogue"
)

// tally counts what comes of visitors. Tallies of parts add up to that of the whole.
type tally struct {
	run       *run
	starts    []int64 // of the days, Unix seconds
	visitors  int
	flows     []int // by course
	stayed    int   // open at the end
	gone      int   // fell silent
	ends      map[string]int
	grades    map[string]int
	steps     []stepTally    // of all flows, one after the other
	first     map[string]int // flow → where its steps begin
	questions [MaxQuestions + 1]int
	days      []dayTally
	leads     map[seat]int
	counted   map[seat]int64 // leads that count for fair shares
	dues      map[seat]int64 // what was due of them, in parts of a routing.Lead
	meetings  map[string]int
	guests    map[string]int
	routes    map[int]int
	sought    int         // leads for whom times were looked for
	none      int         // and found none
	waits     map[int]int // hours from the offer to the meeting → meetings
}

type stepTally struct{ reached, left int }

type dayTally struct{ visitors, leads, meetings int }

// seat is a rep in a team.
type seat struct{ team, rep string }

func newTally(r *run) *tally {
	t := &tally{
		run: r, ends: map[string]int{}, grades: map[string]int{}, first: map[string]int{}, leads: map[seat]int{}, counted: map[seat]int64{}, dues: map[seat]int64{},
		meetings: map[string]int{}, guests: map[string]int{}, routes: map[int]int{}, waits: map[int]int{},
	}
	t.flows = make([]int, len(r.courses.all))
	until := r.to.Add(r.Workspace.Horizon()).AddDate(0, 0, 2)
	for day := r.from; day.Before(until); day = day.AddDate(0, 0, 1) {
		t.starts = append(t.starts, day.Unix())
	}
	t.days = make([]dayTally, len(t.starts))
	n := 0
	for _, f := range r.Workspace.Flows {
		t.first[f.ID] = n
		n += len(f.Steps)
	}
	t.steps = make([]stepTally, n)
	return t
}

// day is the day of an instant on the clock of the house.
func (t *tally) day(at int64) *dayTally {
	i := sort.Search(len(t.starts), func(i int) bool { return t.starts[i] > at }) - 1
	return &t.days[max(i, 0)]
}

func (t *tally) came(course int, at int64) {
	t.visitors++
	t.flows[course]++
	t.day(at).visitors++
}

// reached counts a question that is asked.
func (t *tally) reached(g *guest) {
	if s := t.step(g); s != nil {
		s.reached++
	}
}

func (t *tally) step(g *guest) *stepTally {
	if g.spot.step < 0 {
		return nil
	}
	return &t.steps[t.first[g.walker.flow.ID]+g.spot.step]
}

// left counts a visitor who falls silent.
func (t *tally) left(g *guest) {
	t.gone++
	if s := t.step(g); s != nil {
		s.left++
	}
	t.out(g)
}

// stays counts a visitor whose conversation nothing ends.
func (t *tally) stays(g *guest) {
	t.stayed++
	t.out(g)
}

func (t *tally) ended(g *guest) {
	t.ends[g.spot.c.End]++
	t.out(g)
}

func (t *tally) out(g *guest) {
	t.grades[g.spot.c.Score.Grade]++
	t.questions[min(g.asked, MaxQuestions)]++
}

// fact counts what a visitor's search for a time came to.
func (t *tally) fact(g *guest, want dialogue.Effect, fact dialogue.Input, now time.Time) {
	switch f := fact.(type) {
	case dialogue.Found:
		if g.sought {
			return
		}
		g.sought = true
		t.sought++
		if len(f.Slots) == 0 {
			t.none++
		}
	case dialogue.Booked:
		if _, booked := want.(dialogue.Book); booked {
			t.day(f.Start.Unix()).meetings++
			t.waits[int((f.Start.Unix()-g.offered)/3600)]++
		}
	}
}

// ledger counts who got leads and meetings.
func (t *tally) ledger(lines []desk.Entry) {
	for _, e := range lines {
		for rep, more := range e.Changes() {
			t.counted[seat{e.Team, rep}] += more.Count
			t.dues[seat{e.Team, rep}] += more.Due
		}
		switch e.Kind {
		case desk.AssignedLead:
			t.leads[seat{e.Team, e.Rep}]++
			t.routes[e.Route]++
			t.day(e.At.Unix()).leads++
		case desk.ReceivedLead:
			t.leads[seat{e.Team, e.Rep}]++
		case desk.PassedLead:
			t.leads[seat{e.Team, e.Rep}]--
		case desk.BookedLead:
			t.meetings[e.Rep]++
		case desk.GuestLead:
			t.guests[e.Rep]++
		}
	}
}

// add counts another part.
func (t *tally) add(o *tally) {
	t.visitors += o.visitors
	t.stayed += o.stayed
	t.gone += o.gone
	t.sought += o.sought
	t.none += o.none
	sum(t.ends, o.ends)
	sum(t.grades, o.grades)
	sum(t.leads, o.leads)
	sum(t.counted, o.counted)
	sum(t.dues, o.dues)
	sum(t.meetings, o.meetings)
	sum(t.guests, o.guests)
	sum(t.routes, o.routes)
	sum(t.waits, o.waits)
	for i, s := range o.steps {
		t.steps[i].reached += s.reached
		t.steps[i].left += s.left
	}
	for i, n := range o.flows {
		t.flows[i] += n
	}
	for i, n := range o.questions {
		t.questions[i] += n
	}
	for i, d := range o.days {
		t.days[i].visitors += d.visitors
		t.days[i].leads += d.leads
		t.days[i].meetings += d.meetings
	}
}

func sum[K comparable, N int | int64](into, more map[K]N) {
	for k, n := range more {
		into[k] += n
	}
}

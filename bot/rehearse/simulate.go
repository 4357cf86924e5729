package rehearse

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"usher/bot/dialogue"
	"usher/bot/slots"
	"usher/flows"
)

// How a simulated visitor takes their time.
const (
	// Think is how long a visitor takes for an answer.
	Think = 15 * time.Second
	// JoinsAfter is how long a rep who is free takes to join.
	JoinsAfter = 30 * time.Second
	// Talk is how long a rep who joined talks with the visitor.
	Talk = 5 * time.Minute
	// MaxQuestions is how many questions a visitor answers before the simulation leaves them: only a flow that runs in a
	// circle asks so many.
	MaxQuestions = 200
	// MaxInputs is how much else may happen to a visitor, such as waiting for a person: only a circle meets it.
	MaxInputs = 1000
	// MaxVisitors of one simulation: their arrivals are held in memory.
	MaxVisitors = 10_000_000
)

// ErrNoVisitors says that the number of visitors is none, or more than MaxVisitors.
var ErrNoVisitors = errors.New("visitors are a number from 1 to 10,000,000")

// Simulation is a month of visitors who talk to the flows of a workspace and book the times its reps have. The same
// simulation gives the same outcome, however many processors work on it.
type Simulation struct {
	Workspace *flows.Workspace
	Flow      string // "" = the one that a visitor of the page / gets
	Crowd     Crowd
	Visitors  int
	Seed      uint64
	From      time.Time // the first day, in the house's zone; it lasts a month
	// Busy reads a rep's calendar; nil = always free. A rep whose calendar gives an error is offered to nobody.
	Busy func(rep *flows.Rep, from, to time.Time) ([]slots.Interval, error)
	// Workers is how many processors are used; 0 = all.
	Workers int
	// Progress is told how many of a thousand parts of the work are done, from one goroutine at a time.
	Progress func(done int)

	apart bool          // nothing is remembered, everything is worked out for each visitor: for tests
	seen  func(*office) // is shown the reps at the end: for tests
}

// Run lets the visitors come. The error is ErrNoVisitors, ErrNoFlow, that of ctx, or that of a flow that cannot go on.
func (s *Simulation) Run(ctx context.Context) (*Outcome, error) {
	if s.Visitors < 1 || s.Visitors > MaxVisitors {
		return nil, ErrNoVisitors
	}
	from := midnight(s.From, zoneOf(s.Workspace.Roster))
	to := from.AddDate(0, 1, 0)
	courses, err := s.courses()
	if err != nil {
		return nil, err
	}
	week := s.Crowd.Week
	if week == (Week{}) {
		week = UsualWeek()
	}
	d := dice{stir(s.Seed)}
	people := arrivals(d, s.Visitors, week, from, to)
	run := &run{Simulation: s, dice: d, from: from, to: to, courses: courses}
	talks, err := run.talk(ctx, people)
	if err != nil {
		return nil, err
	}
	return run.meet(ctx, talks)
}

func midnight(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// course is one flow with its part of the visitors.
type course struct {
	machine *dialogue.Machine
	replies *replies
}

// shares is how many visitors get each flow: by the crowd, else all the one of the simulation, or what its split gives
// them.
func (s *Simulation) shares() map[string]float64 {
	if s.Flow != "" {
		return map[string]float64{s.Flow: 1}
	}
	if len(s.Crowd.Flows) > 0 {
		return s.Crowd.Flows
	}
	picked := s.Workspace.Pick(flows.Visit{Page: "/"}.Scope(s.Workspace.Roster, s.From))
	switch {
	case picked == nil:
		return nil
	case len(picked.Split) == 0:
		return map[string]float64{picked.ID: 1}
	}
	shares := map[string]float64{}
	for _, v := range picked.Split {
		shares[v.Flow] = v.Weight
	}
	return shares
}

// courses are the flows that visitors get, with the odds of each.
func (s *Simulation) courses() (c courses, err error) {
	shares := s.shares()
	var each []float64
	for _, f := range s.Workspace.Flows {
		if shares[f.ID] <= 0 {
			continue
		}
		m, err := dialogue.Compile(s.Workspace, f)
		if err != nil {
			return c, err
		}
		mix := f.Mix
		if learned := s.Crowd.Mixes[f.ID]; learned != nil {
			mix = learned
		}
		c.all = append(c.all, &course{m, repliesOf(f, Classes(s.Workspace, f, s.From), mix)})
		each = append(each, shares[f.ID])
	}
	if len(c.all) == 0 {
		return c, fmt.Errorf("%w: %q", ErrNoFlow, s.Flow)
	}
	c.odds, _ = oddsOf(each)
	return c, nil
}

type courses struct {
	all  []*course
	odds odds
}

// run is one Simulation at work.
type run struct {
	*Simulation
	dice     dice
	from, to time.Time
	courses  courses
}

// guest is one visitor on the way.
type guest struct {
	visitor int
	course  int
	walker  *walker
	spot    *spot
	last    int64 // when the last input came, Unix seconds
	due     int64 // when the next one comes
	told    int   // inputs
	asked   int   // questions
	rounds  int   // times that were shown
	offered int64
	sought  bool
}

// talk lets everybody talk until something of the house is wanted, each processor a part of them. What is said decides
// nothing for others, so the parts need not know each other.
func (r *run) talk(ctx context.Context, people []arrival) (talks []*talker, err error) {
	workers := r.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, max(1, len(people)/1000))
	group, ctx := errgroup.WithContext(ctx)
	for i := range workers {
		t := &talker{run: r, tally: newTally(r)}
		t.walk()
		talks = append(talks, t)
		part := people[i*len(people)/workers : (i+1)*len(people)/workers]
		group.Go(func() error { return t.all(ctx, part, i == 0) })
	}
	return talks, group.Wait()
}

// talker walks a part of the visitors.
type talker struct {
	*run
	tally   *tally
	walkers []*walker
	begins  []*spot
	waiting []guest // who wants something of the house
	office  *office // nil while everybody talks
}

func (t *talker) walk() {
	for _, c := range t.courses.all {
		w := newWalker(c.machine, c.replies, clockOf(t.Workspace, c.machine.Flow()))
		w.apart = t.apart
		t.walkers = append(t.walkers, w)
		t.begins = append(t.begins, w.begin())
	}
}

func (t *talker) all(ctx context.Context, people []arrival, tells bool) error {
	for i, a := range people {
		if i%1024 == 0 {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if tells && t.Progress != nil {
				t.Progress(500 * i / len(people))
			}
		}
		g, err := t.arrive(a)
		if err == nil {
			err = t.on(&g)
		}
		if err != nil {
			return fmt.Errorf("visitor %d: %w", a.visitor, err)
		}
		if g.due != 0 {
			t.waiting = append(t.waiting, g)
		}
	}
	return nil
}

var aboutFlow = matter("gets")

// arrive is a visitor after the first words of the flow.
func (t *talker) arrive(a arrival) (guest, error) {
	course, _ := t.courses.odds.pick(t.dice.throw(a.visitor, aboutFlow, 0))
	w := t.walkers[course]
	g := guest{visitor: a.visitor, course: course, walker: w, last: a.at}
	t.tally.came(course, a.at)
	var chosen []int
	known := int32(0)
	for _, field := range w.replies.hidden {
		i := field.choose(t.dice.throw(a.visitor, field.about, 0), true)
		chosen = append(chosen, i)
		known = known*int32(len(field.says)+1) + int32(i+1)
	}
	visit := w.replies.visit(chosen)
	visit.Timezone = w.clock.zone.String()
	if visit.Language == "" {
		visit.Language = sourceLanguage(w.flow)
	}
	now := time.Unix(a.at, 0).UTC()
	var err error
	g.spot, err = w.to(t.begins[course], known, dialogue.Started{Visit: visit}, now, now)
	return g, err
}

// on lets a visitor go on until something of the house is wanted, at due, or nothing comes any more: then due is 0.
func (t *talker) on(g *guest) error {
	for {
		g.due = 0
		s := g.spot
		if g.told >= MaxInputs && s.kind != over {
			t.tally.stays(g)
			return nil
		}
		switch s.kind {
		case wants:
			g.due = g.last
			return nil
		case waits, talks, offers:
			return t.later(g)
		case over:
			t.tally.ended(g)
			return nil
		case stuck:
			t.tally.stays(g)
			return nil
		}
		if !t.asked(g) {
			return nil
		}
		if err := t.says(g); err != nil {
			return err
		}
	}
}

// asked counts a question, and says whether the visitor stays for it.
func (t *talker) asked(g *guest) bool {
	if g.asked >= MaxQuestions {
		t.tally.stays(g)
		return false
	}
	g.asked++
	t.tally.reached(g)
	nth := g.spot.c.Tries + g.rounds<<8
	if t.dice.throw(g.visitor, g.spot.question, nth) < g.walker.replies.leaves {
		t.tally.left(g)
		return false
	}
	return true
}

// says answers the open question.
func (t *talker) says(g *guest) error {
	s, r := g.spot, g.spot.reply
	i := r.choose(t.dice.throw(g.visitor, r.about, s.c.Tries), s.open.Optional)
	said := Skip(r.field.Name).Said
	if i != skip {
		said = r.says[i]
	}
	return t.tell(g, int32(i+1), said, Think)
}

// tell brings an input after a while.
func (t *talker) tell(g *guest, known int32, in dialogue.Input, after time.Duration) error {
	last, now := time.Unix(g.last, 0).UTC(), time.Unix(g.last, 0).Add(after).UTC()
	next, err := g.walker.to(g.spot, known, in, last, now)
	if err != nil {
		return err
	}
	g.spot, g.last = next, now.Unix()
	g.told++
	for _, slot := range next.drops {
		t.office.drop(g.visitor, slot)
	}
	return nil
}

// later says when a visitor who waits, talks or was offered times goes on.
func (t *talker) later(g *guest) error {
	s := g.spot
	switch s.kind {
	case waits:
		g.due = g.last + int64(min(JoinsAfter, s.c.WakeAt.Sub(s.at))/time.Second)
	case talks:
		g.due = g.last + int64(Talk/time.Second)
	case offers:
		g.rounds++
		if g.offered == 0 {
			g.offered = g.last
		}
		if t.asked(g) {
			g.due = g.last + int64(Think/time.Second)
		}
	}
	return nil
}

// compareGuests puts who comes earlier first.
func compareGuests(a, b *guest) int {
	switch {
	case a.due < b.due, a.due == b.due && a.visitor < b.visitor:
		return -1
	case a.due == b.due && a.visitor == b.visitor:
		return 0
	}
	return 1
}

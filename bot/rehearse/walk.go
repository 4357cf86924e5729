package rehearse

import (
	"context"
	"slices"
	"sync"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// Bounds on the memory of an exploration beside its states.
const (
	// MaxOpen is how many conversations are kept to go on from: each is about a kilobyte.
	MaxOpen = 300_000
	// maxEdges is how many turns are kept for stories.
	maxEdges = 60_000_000
	// batch is how many states are walked between two looks at the context.
	batch = 2048
)

// walk explores breadth first, so that the first state in which something is wrong is a shortest one.
func (x *explorer) walk(ctx context.Context) error {
	workers := make([]*scout, max(1, x.Workers))
	for i := range workers {
		workers[i] = x.scout()
	}
	x.arrive(workers[0])
	for done := 0; done < len(x.states) && !x.full(); {
		if err := ctx.Err(); err != nil {
			return err
		}
		upto := min(len(x.states), done+batch)
		x.share(workers, done, upto)
		for at := done; at < upto; at++ {
			w := workers[(at-done)%len(workers)]
			x.from = append(x.from, int32(len(x.edges)))
			x.merge(w, at, w.found[(at-done)/len(workers)])
		}
		done = upto
		if x.Progress != nil {
			x.Progress(len(x.states))
		}
	}
	for _, w := range workers {
		x.turns += w.turns
	}
	return nil
}

// full says whether a bound was met.
func (x *explorer) full() bool {
	switch {
	case len(x.states) >= x.States:
		x.bounded = "there are more states than may be told apart"
	case x.open > MaxOpen:
		x.bounded = "more conversations are open at once than memory is given"
	case len(x.edges) > maxEdges:
		x.bounded = "there are more turns than memory is given"
	default:
		return false
	}
	return true
}

// share lets every worker walk its part of the states, and waits for all.
func (x *explorer) share(workers []*scout, from, upto int) {
	var wait sync.WaitGroup
	for i, w := range workers {
		w.reset()
		walk := func() {
			for at := from + i; at < upto; at += len(workers) {
				w.walk(at)
			}
		}
		if i == len(workers)-1 {
			walk()
			break
		}
		wait.Add(1)
		go func() {
			defer wait.Done()
			walk()
		}()
	}
	wait.Wait()
}

// scout is one goroutine's part of a walk.
type scout struct {
	*explorer
	marks *marker
	arena []byte   // marks of what was found
	list  []next   // what was found since reset
	found [][2]int // by state: its part of list
	turns int
	turn  // at work

	silent []bool // stations at which silence was tried
}

// turn is what the desk of outcomes was asked in one turn.
type turn struct {
	now     time.Time
	outcome outcome
	choices []dialogue.Assignment // who may get the lead
	found   bool                  // times were looked for
	chosen  bool                  // a time was to be held or booked
}

// next is a state that a turn led to.
type next struct {
	mark     [2]int // part of the arena
	position *position
	known    int32 // where the state was known already, else -1
	move     uint16
	outcome  outcome
	asked    bool
	way      uint16
	err      error
}

func (x *explorer) scout() *scout {
	return &scout{explorer: x, marks: x.marker(), silent: make([]bool, len(x.stations))}
}

func (w *scout) reset() { w.arena, w.list, w.found = w.arena[:0], w.list[:0], w.found[:0] }

// walk finds everything that may come after a state.
func (w *scout) walk(at int) {
	s, begin := &w.states[at], len(w.list)
	if s.end == goingOn {
		for _, m := range w.ways(s.position) {
			if !w.twin(s.position, m) {
				in, now := m.input(s.position, w.doors[s.door].now.Add(s.elapsed))
				w.every(s.position, m, in, now)
			}
		}
	}
	w.found = append(w.found, [2]int{begin, len(w.list)})
}

// twin says whether the move leads where it leads from a state that was walked before. Tries are read where words are
// refused and nowhere else, so after a refusal only the next refusal is new. Silence at a question, at times shown or
// beside a person ends in the one state of all who left, which reads nothing of the conversation.
func (w *scout) twin(p *position, m *move) bool {
	c := &p.conversation
	if c.Tries > 0 && !w.exact {
		return m.kind != moveUnclear && m.class.Kind != Refused
	}
	if m.kind != moveSilence || w.exact {
		return false
	}
	at := w.stations[c.State]
	if at.phase == "waiting" || at.phase == "asking" && !c.HeldUntil.IsZero() {
		return false
	}
	if w.silent[at.id] {
		return true
	}
	w.silent[at.id] = true
	return false
}

// every takes a turn with every outcome that it asks for.
func (w *scout) every(p *position, m *move, in dialogue.Input, now time.Time) {
	w.take(p, m, in, now, outcome{times: flows.TimesFree})
	choices, found, chosen := w.choices, w.turn.found, w.chosen
	times := []string{flows.TimesFree}
	if found {
		times = append(times, flows.TimesNone)
	}
	if chosen {
		times = append(times, flows.TimesGone, flows.TimesFailed)
		if len(p.conversation.Refused) == 0 { // that others are taken too differs in nothing
			times = append(times, flows.TimesTaken)
		}
	}
	reps := w.leads(choices)
	for i, rep := range reps {
		for j, t := range times {
			if i+j > 0 {
				w.take(p, m, in, now, outcome{times: t, rep: rep})
			}
		}
	}
}

// leads are the reps of each route, or one of each where nothing asks who it is; the first is who got the lead first.
func (w *scout) leads(choices []dialogue.Assignment) (reps []string) {
	if len(choices) == 0 {
		return []string{""}
	}
	route := -2
	for _, c := range choices {
		if (w.ahead.byRep || c.Route != route) && !slices.Contains(reps, c.Rep) {
			reps, route = append(reps, c.Rep), c.Route
		}
	}
	return reps
}

// take takes one turn with one outcome.
func (w *scout) take(p *position, m *move, in dialogue.Input, now time.Time, o outcome) {
	w.turns++
	w.turn = turn{now: now, outcome: o}
	c, effects, _, err := w.machine.Turn(p.conversation, in, now, w.desk)
	if len(w.choices) > 0 && o.rep == "" {
		o.rep = w.choices[0].Rep
	}
	n := next{move: m.id, outcome: o, known: -1, way: p.door, err: err}
	if err != nil {
		w.list = append(w.list, n)
		return
	}
	after := position{
		conversation: c, elapsed: now.Sub(w.doors[p.door].now), door: p.door,
		offered: p.offered, handedOff: p.handedOff, questions: p.questions,
	}
	after.hear(effects)
	if n.asked = w.opened(p, &after); n.asked && after.questions < 255 {
		after.questions++
	}
	mark := w.marks.mark(&after)
	if known, ok := w.seen[string(mark)]; ok {
		n.known = known
	} else {
		from := len(w.arena)
		w.arena = append(w.arena, mark...)
		n.mark, n.position = [2]int{from, len(w.arena)}, new(position)
		*n.position = after
	}
	w.list = append(w.list, n)
}

// desk is what the desk of outcomes says.
func (w *scout) desk(_ dialogue.Conversation, e dialogue.Effect) (dialogue.Input, error) {
	o := w.turn.outcome
	switch e := e.(type) {
	case dialogue.Assign:
		w.choices = candidates(w.Workspace, e)
		if o.rep == "" && len(w.choices) > 0 {
			o.rep = w.choices[0].Rep
		}
	case dialogue.Find:
		w.turn.found = true
	case dialogue.Hold, dialogue.Book:
		w.chosen = true
	}
	fact, _ := o.answer(w.Workspace, w.now, "explored", e)
	return fact, nil
}

// hear keeps what the properties are about.
func (p *position) hear(effects []dialogue.Effect) {
	for _, e := range effects {
		switch e := e.(type) {
		case dialogue.Say:
			if e.Text != "" {
				p.said = 1
			}
			p.offered = p.offered || e.Ask != nil && e.Ask.Type == dialogue.TypeSlot
		case dialogue.CallRep:
			p.handedOff = true
		}
	}
}

// opened says whether a turn opened a question that was not open before: one that is asked again because the answer did
// not fit, or that stays open in silence, is the same question.
func (x *explorer) opened(before, after *position) bool {
	c, was := &after.conversation, &before.conversation
	at := x.stations[c.State]
	if c.End != "" || at == nil || at.step == nil || at.phase != "asking" && (at.phase != "" || at.step.Ask == nil) {
		return false
	}
	same := was.State == c.State && (c.Tries > was.Tries || len(c.Answers) == len(was.Answers) && at.phase == "asking")
	return !same
}

// arrive opens the conversations.
func (x *explorer) arrive(w *scout) {
	for i := range x.doors {
		a := &x.doors[i]
		p := &position{door: uint16(i)}
		w.reset()
		w.every(p, x.moves[0], dialogue.Started{Visit: a.visit}, a.now)
		x.opening(w, a)
		x.merge(w, -1, [2]int{0, len(w.list)})
	}
}

// opening lets the visitor open the door's other pages.
func (x *explorer) opening(w *scout, a *door) {
	if len(a.more) == 0 {
		return
	}
	list := slices.Clone(w.list)
	w.list = w.list[:0]
	for _, n := range list {
		if n.err != nil || n.position == nil {
			w.list = append(w.list, n)
			continue
		}
		p := n.position
		for _, page := range a.more {
			c, _, _, err := x.machine.Turn(p.conversation, dialogue.Visited{Page: page}, a.now, w.desk)
			if n.err = err; err != nil {
				break
			}
			p.conversation = c
		}
		from := len(w.arena)
		w.arena = append(w.arena, w.marks.mark(p)...)
		n.mark = [2]int{from, len(w.arena)}
		w.list = append(w.list, n)
	}
}

// merge takes over what a worker found after a state, in the order of its moves.
func (x *explorer) merge(w *scout, at int, part [2]int) {
	for _, n := range w.list[part[0]:part[1]] {
		edge := edgeTo{move: n.move, outcome: x.outcomeID(n.outcome), asked: n.asked}
		if n.err != nil {
			x.broken = append(x.broken, fault{from: int32(at), edgeTo: edge, way: n.way, err: n.err})
			continue
		}
		edge.to = n.known
		if n.known < 0 {
			edge.to = x.add(string(w.arena[n.mark[0]:n.mark[1]]), n.position, int32(at))
		}
		x.edges = append(x.edges, edge)
	}
	if at >= 0 && x.states[at].end == goingOn {
		x.states[at].position = nil
		x.open--
	}
}

// add is the state of a mark; it is new unless another turn of the batch led there.
func (x *explorer) add(mark string, p *position, from int32) int32 {
	if known, ok := x.seen[mark]; ok {
		return known
	}
	id := int32(len(x.states))
	x.seen[mark] = id
	s := state{parent: from, edge: int32(len(x.edges)), way: p.door}
	switch p.conversation.End {
	case "":
		s.position = p
		x.open++
	case dialogue.Expired, dialogue.Stopped:
		s.end = gone
	default:
		s.end = ended
		x.judge(id, p)
	}
	x.states = append(x.states, s)
	return id
}

func (x *explorer) outcomeID(o outcome) uint16 {
	id, ok := x.outcome[o]
	if !ok {
		id = uint16(len(x.outcomes))
		x.outcome[o] = id
		x.outcomes = append(x.outcomes, o)
	}
	return id
}

package bot

import (
	"context"
	"slices"
	"sync"

	"usher/bot/desk"
)

// line is where turns of this node wait that share out a lead: one of them at a time reads the shares and decides. The
// next need not wait for the commit: it decides on the shares as they will be then. Nothing rests on the line, for the
// database refuses a turn that was decided on other shares than there are; it only saves deciding what would be
// refused, which in a rush is most of the work. The zero value is an empty line.
type line struct {
	once   sync.Once
	head   chan struct{} // holds the one whose turn it is
	mu     sync.Mutex
	coming []*Turn // decided and on their way into the database, in the order of their decisions
}

// enter waits to be the head of the line, or less when ctx ends.
func (l *line) enter(ctx context.Context) error {
	l.once.Do(func() { l.head = make(chan struct{}, 1) })
	select {
	case l.head <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *line) leave() { <-l.head }

// expected is what is on its way now. It is asked before the agenda is read, so that a turn is seen in one of the two.
func (l *line) expected() []*Turn {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.coming)
}

// foresee adds to the agenda those turns that it does not show yet: each says on which draws it was decided.
func foresee(a *desk.Agenda, coming []*Turn) {
	for _, t := range coming {
		if t.Draws == nil {
			continue
		}
		drawn := map[string]bool{}
		ahead := func(draw string) bool {
			drawn[draw] = drawn[draw] || a.Draws[draw] == t.Draws[draw]
			return drawn[draw]
		}
		for _, e := range t.Ledger {
			if e.Leads != 0 && e.Team != "" && ahead(e.Team) {
				a.Shares = desk.Enter(a.Shares, e)
			}
			if e.Capped && ahead(desk.OpenDraw+e.Rep) && a.Open != nil {
				a.Open[e.Rep]++
			}
		}
		for draw, of := range drawn {
			if a.Draws == nil {
				a.Draws = map[string]int64{}
			}
			if of {
				a.Draws[draw]++
			}
		}
	}
}

// place is one turn's place in the line, taken when it first shares out a lead.
type place struct {
	line *line
	here bool
	turn *Turn // on its way
}

func (p *place) enter(ctx context.Context) error {
	if p.here {
		return nil
	}
	if err := p.line.enter(ctx); err != nil {
		return err
	}
	p.here = true
	return nil
}

// aside leaves the line for work that takes long and comes back behind those who wait. What was shared out meanwhile
// refuses the commit.
func (p *place) aside(ctx context.Context, work func() bool) bool {
	if !p.here {
		return work()
	}
	p.here = false
	p.line.leave()
	done := work()
	if err := p.enter(ctx); err != nil {
		return false
	}
	return done
}

// decided lets the next turn decide.
func (p *place) decided(t *Turn) {
	if !p.here {
		return
	}
	p.turn, p.here = t, false
	p.line.mu.Lock()
	p.line.coming = append(p.line.coming, t)
	p.line.mu.Unlock()
	p.line.leave()
}

// leave ends it: the turn is in the database or never will be.
func (p *place) leave() {
	if p.here {
		p.line.leave()
	}
	if p.turn != nil {
		p.line.mu.Lock()
		p.line.coming = slices.DeleteFunc(p.line.coming, func(t *Turn) bool { return t == p.turn })
		p.line.mu.Unlock()
	}
}

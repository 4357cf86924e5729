package bot

import (
	"context"
	"sync"
)

// line is where turns of this node wait that share out a lead: one of them at a time reads the shares, decides and
// commits. Nothing rests on it, for the database refuses a turn that was decided on older shares; it only saves
// deciding what would be refused, which in a rush is most of the work. The zero value is an empty line.
type line struct {
	once sync.Once
	head chan struct{} // holds the one whose turn it is
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

// place is one turn's place in the line, taken when it first shares out a lead.
type place struct {
	line *line
	here bool
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

func (p *place) leave() {
	if p.here {
		p.line.leave()
	}
}

package bot

import (
	"context"
	"sync"
)

// line is where turns of this node wait that ask the desk: one of them at a time reads the agenda, decides and commits.
// Nothing rests on it, for the database refuses a turn that was decided on older shares or wants a time that is taken;
// it only saves deciding what would be refused, which in a rush is most of the work. The zero value is an empty line.
type line struct {
	once sync.Once
	desk chan struct{} // holds the one who is at the desk
}

// enter waits for the desk, or less when ctx ends.
func (l *line) enter(ctx context.Context) error {
	l.once.Do(func() { l.desk = make(chan struct{}, 1) })
	select {
	case l.desk <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *line) leave() { <-l.desk }

// place is one turn's place in the line, taken when it first asks the desk.
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

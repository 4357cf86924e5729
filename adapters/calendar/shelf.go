package calendar

import (
	"fmt"
	"sync"

	"usher/flows"
)

// opened is a rep's calendar that jobs use one after the other.
type opened struct {
	mu     sync.Mutex
	source Source
}

// book is the calendar to write to; see Writing.book.
func (o *opened) book() Book { return o.source.(Book) }

// calendar opens a rep's calendar, or gives the one that is open.
func (w *Writing) calendar(rep *flows.Rep, c flows.Calendar) (*opened, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	key := shelved{rep.ID, c}
	if o := w.shelf[key]; o != nil {
		return o, nil
	}
	source, err := w.Open(rep, c)
	if err != nil {
		return nil, err
	}
	if w.shelf == nil {
		w.shelf = map[shelved]*opened{}
	}
	w.shelf[key] = &opened{source: source}
	return w.shelf[key], nil
}

// book opens a calendar that can be written to.
func (w *Writing) book(rep *flows.Rep, c flows.Calendar) (*opened, error) {
	o, err := w.calendar(rep, c)
	if err != nil {
		return nil, err
	}
	if _, ok := o.source.(Book); !ok {
		return nil, fmt.Errorf("%w: %s cannot be written", ErrSource, SourceName(c))
	}
	return o, nil
}

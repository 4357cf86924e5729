package calendar

import (
	"context"
	"fmt"
	"sync"
	"time"

	"usher/bot"
	"usher/flows"
)

// reading is one pass over some calendars of a rep.
type reading struct {
	*Sync
	rep    *flows.Rep
	of     *flows.Workspace
	which  []*account
	polled bool // in the background, by the node that does so
	back   bool // one that could not be read before could be now
}

// outcome is what one calendar answered.
type outcome struct {
	Reading
	own ownMeetings
	err error
}

// run reads the calendars, stores the rep's times and tells what became of our meetings. The error says why the rep's
// times are not known as they are now.
func (r *reading) run(parent context.Context) error {
	began := r.Now()
	q := Query{From: began.Add(-24 * time.Hour), To: began.Add(r.of.Horizon() + margin), Zone: r.rep.Location, Owner: r.rep.Email}
	found := r.readAll(parent, q)
	if parent.Err() != nil {
		return parent.Err() // the program stops: that says nothing of the calendars
	}
	ctx, cancel := context.WithTimeout(parent, readFor)
	defer cancel()
	meetings, err := r.meetings(ctx, q)
	if err != nil {
		r.again(began)
		return err
	}
	for i := range found {
		found[i].own = newOwnMeetings(meetings)
		found[i].Events = found[i].own.leave(found[i].Events)
	}
	err = r.keep(ctx, found, q, began)
	if r.back && r.Back != nil {
		r.Back(ctx, r.rep)
	}
	if err != nil {
		return err
	}
	if r.polled && r.Own != nil {
		r.tellOwn(ctx, found, meetings, began)
	}
	return nil
}

func (r *reading) readAll(ctx context.Context, q Query) []outcome {
	found := make([]outcome, len(r.which))
	var all sync.WaitGroup
	for i, a := range r.which {
		all.Go(func() { found[i].Reading, found[i].err = r.readOne(ctx, a, q) })
	}
	all.Wait()
	return found
}

// readOne waits for a free reader, which says nothing of the calendar, and reads. A source that panics over what it was given has failed, no more.
func (r *reading) readOne(ctx context.Context, a *account, q Query) (out Reading, err error) {
	select {
	case r.hands <- struct{}{}:
		defer func() { <-r.hands }()
	case <-ctx.Done():
		return Reading{}, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, readFor)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("reading it panicked: %v", p)
		}
	}()
	if a.source == nil {
		source, err := r.Accounts.Open(r.of.Files, r.rep, a.of)
		if err != nil {
			return Reading{}, err
		}
		a.source = source
	}
	return a.source.Read(ctx, q)
}

func (r *reading) meetings(ctx context.Context, q Query) ([]bot.Meeting, error) {
	if r.Meetings == nil || len(r.which) == 0 {
		return nil, nil
	}
	list, err := r.Meetings.MeetingsOf(ctx, r.rep.ID, q.From, q.To)
	if err != nil {
		return nil, fmt.Errorf("which meetings in the calendar of %s are ours: %w", r.rep.ID, err)
	}
	return list, nil
}

// again has the calendars read once more soon: that they could be read was of no use.
func (r *reading) again(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, a := range r.which {
		a.next = now.Add(hasty)
	}
	if d := r.reps[r.rep.ID]; d != nil {
		d.next = now.Add(hasty)
	}
}

// keep remembers what was found and stores the rep's times.
func (r *reading) keep(ctx context.Context, found []outcome, q Query, began time.Time) error {
	b, err, save := r.remember(found, q, began)
	if !save {
		return err
	}
	if saving := r.Store.SaveBusy(ctx, b); saving != nil {
		r.again(began)
		if ctx.Err() == nil {
			r.Log.Error("save busy times", "rep", r.rep.ID, "err", saving)
		}
		return saving
	}
	return err
}

// remember gives the rep's times of all calendars, and whether they are to be stored: not before each calendar was tried,
// and not of a rep who has left meanwhile.
func (r *reading) remember(found []outcome, q Query, began time.Time) (b bot.Busy, err error, save bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	every := r.Every
	if every == 0 {
		every = DefaultEvery
	}
	for i, a := range r.which {
		if found[i].err != nil {
			a.failed(found[i].err, r.Now())
		} else {
			r.back = r.back || a.err != nil
			a.read(busyOf(found[i].Events, q), began, q.To, every)
		}
		r.tell(a, found[i].Problems)
	}
	d := r.reps[r.rep.ID]
	if d == nil || !d.known() {
		return b, nil, false
	}
	d.next = began.Add(jitter(every))
	return d.busy(began, q.To), d.err(), true
}

// tellOwn hands on what the calendars that meetings are written to hold of them.
func (r *reading) tellOwn(ctx context.Context, found []outcome, meetings []bot.Meeting, began time.Time) {
	for i, a := range r.which {
		book, ok := a.source.(Book)
		if !ok || found[i].err != nil || len(meetings) == 0 {
			continue
		}
		f := Found{Rep: r.rep, Source: a.name, Book: book, ReadAt: began}
		for _, m := range meetings {
			f.Meetings = append(f.Meetings, *found[i].own[m.UID])
		}
		r.Own(ctx, f)
	}
}

// tell logs what is wrong with a calendar, and that it is right again, once each.
func (r *reading) tell(a *account, problems []Problem) {
	say := ""
	if a.err != nil {
		say = a.err.Error()
	} else if len(problems) > 0 {
		say = problems[0].Error()
	}
	if say == a.said {
		return
	}
	switch {
	case a.err != nil:
		r.Log.Error("a calendar cannot be read; the rep is not offered", "rep", r.rep.ID, "calendar", a.name, "err", a.err, "do", Advice(a.err))
	case len(problems) > 0:
		r.Log.Warn("a calendar was read with problems", "rep", r.rep.ID, "calendar", a.name, "problems", len(problems), "first", say)
	default:
		r.Log.Info("a calendar is read again", "rep", r.rep.ID, "calendar", a.name)
	}
	a.said = say
}

package calendar

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"usher/bot"
)

var _ Prober = (*cloudBook)(nil)

// probeAhead is when the event of a probe would be: nobody looks there.
const probeAhead = 300 * 24 * time.Hour

// Probe says whose account it is and which of its calendars are read, and writes, changes and deletes an event a good
// while ahead.
func (c *cloudBook) Probe(ctx context.Context) []Finding {
	p := &probe{book: c}
	who, err := c.who(ctx)
	if !p.tried("find", "the calendar "+who+" is written to", err) {
		return p.findings
	}
	all, err := c.shelves(ctx)
	var chosen []shelf
	if err == nil {
		chosen, err = choose(all, c.names)
	}
	if !p.tried("find", "read are: "+titles(chosen)+"; not read: "+titles(without(all, chosen)), err) {
		return p.findings
	}
	p.write(ctx, c.clock())
	return p.findings
}

// probe is one trial of an account.
type probe struct {
	book     *cloudBook
	findings []Finding
}

// tried notes how a check went.
func (p *probe) tried(check, said string, err error) bool {
	f := Finding{Check: check, OK: err == nil, Said: said}
	if err != nil {
		f.Said, f.Do = err.Error(), Advice(err)
	}
	p.findings = append(p.findings, f)
	return f.OK
}

func (p *probe) write(ctx context.Context, now time.Time) {
	start := now.Add(probeAhead).Truncate(time.Hour)
	e := Entry{
		Meeting: bot.Meeting{UID: "probe-" + rand.Text() + "@usher", Status: bot.Confirmed, Title: "Usher tries this calendar", Start: start, End: start.Add(15 * time.Minute)},
		About:   "This event is deleted again at once.",
	}
	seen, err := p.book.Put(ctx, e, Ref{})
	if p.tried("create", "an event can be written", err) {
		p.tried("expand", "series are taken apart by the provider", nil)
		e.Meeting.Sequence, e.Meeting.Start, e.Meeting.End = 1, start.Add(time.Hour), start.Add(75*time.Minute)
		changed, err := p.book.Put(ctx, e, seen.Ref)
		if err == nil && !changed.Start.Equal(e.Meeting.Start) {
			err = fmt.Errorf("it was moved to %s and stands at %s", e.Meeting.Start.Format(time.RFC3339), changed.Start.Format(time.RFC3339))
		}
		p.tried("change", "an event can be moved", err)
	}
	// Also after a failure: its answer alone may have been lost. The operator may break off, and the event has to go.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callLasts)
	defer cancel()
	if err := p.book.Remove(ctx, Ref{UID: e.Meeting.UID}); err != nil || seen.UID != "" {
		p.tried("delete", "an event can be deleted", err)
	}
	if seen.UID != "" {
		p.tried("invites", "nobody but usher: events are written without guests, so that the provider writes to no one", nil)
	}
}

// without are the calendars that were not chosen.
func without(all, chosen []shelf) (rest []shelf) {
	for _, s := range all {
		if !slices.Contains(chosen, s) {
			rest = append(rest, s)
		}
	}
	return rest
}

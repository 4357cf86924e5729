package calendar

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"usher/bot"
)

// Of an event that is written on trial.
const (
	probeWeeks   = 3
	probeAddress = "usher-probe@example.invalid" // RFC 2606: no letter can reach it
	cleanFor     = davTimeout                    // taking it away again, also when whoever asked has gone
)

// Probe tries the account: it finds the calendars, writes an event that blocks nobody, reads it as it repeats, changes it,
// looks who would invite its guests, and takes it away again.
func (c *calDAV) Probe(ctx context.Context) []Finding {
	p := &davProbe{calDAV: c}
	if !p.tried("find", c.find(ctx)) {
		return p.findings
	}
	p.found("find", fmt.Sprintf("calendars %s; meetings are written to %q", listed(c.calendars), c.book.shown()))
	if c.book.readOnly {
		p.failed("create", fmt.Errorf("calendar %q: %w by this user", c.book.shown(), ErrReadOnly))
		return p.findings
	}
	p.begin()
	if p.create(ctx) {
		p.expand(ctx)
		p.change(ctx)
		p.invites(ctx)
	}
	p.delete(ctx)
	return p.findings
}

// davProbe is one trial of an account.
type davProbe struct {
	*calDAV
	findings []Finding
	entry    Entry
	at       Ref
}

func (p *davProbe) found(check, said string) {
	p.findings = append(p.findings, Finding{Check: check, OK: true, Said: said})
}

func (p *davProbe) failed(check string, err error) {
	advice := Advice(err)
	if errors.Is(err, ErrReadOnly) {
		advice = "give this user the right to write to the calendar, or name another calendar first in names: in team.yaml"
	}
	p.findings = append(p.findings, Finding{Check: check, Said: err.Error(), Do: advice})
}

func (p *davProbe) tried(check string, err error) bool {
	if err != nil {
		p.failed(check, err)
	}
	return err == nil
}

func (p *davProbe) begin() {
	start := p.now().UTC().Truncate(time.Hour).Add(24 * time.Hour)
	p.entry = Entry{Organizer: p.owner, Meeting: bot.Meeting{
		UID: "usher-probe-" + strings.ToLower(rand.Text()), Status: bot.Confirmed, Start: start, End: start.Add(30 * time.Minute),
		Title: "Usher tries this calendar", Attendee: probeAddress,
	}}
}

// put writes the event: weekly for some weeks, and free time.
func (p *davProbe) put(ctx context.Context) error {
	event, err := eventIn(p.entry, p.now())
	if err != nil {
		return err
	}
	rule := ical.NewProp(ical.PropRecurrenceRule)
	rule.Value = fmt.Sprintf("FREQ=WEEKLY;COUNT=%d", probeWeeks)
	event.Props.Set(rule)
	event.Props.SetText(ical.PropTransparency, "TRANSPARENT")
	data, err := event.encode("")
	if err != nil {
		return err
	}
	seen, err := (&putting{p.calDAV, p.entry, data}).put(ctx, p.at)
	if err != nil {
		return p.plain(err)
	}
	p.at = seen.Ref
	return nil
}

func (p *davProbe) create(ctx context.Context) bool {
	ok := p.tried("create", p.put(ctx))
	if ok {
		p.found("create", "an event can be written")
	}
	return ok
}

func (p *davProbe) expand(ctx context.Context) {
	reading, err := p.Read(ctx, Query{From: p.now(), To: p.now().AddDate(0, 0, 7*(probeWeeks+1)), Zone: time.UTC})
	if !p.tried("expand", err) {
		return
	}
	times := 0
	for _, e := range reading.Events {
		if e.UID == p.entry.Meeting.UID {
			times++
		}
	}
	if times != probeWeeks {
		p.failed("expand", fmt.Errorf("an event of %d weeks is read %d times", probeWeeks, times))
		return
	}
	p.found("expand", fmt.Sprintf("an event of %d weeks is read %d times", probeWeeks, times))
}

func (p *davProbe) change(ctx context.Context) {
	m := &p.entry.Meeting
	m.Sequence, m.Start, m.End = m.Sequence+1, m.Start.Add(time.Hour), m.End.Add(time.Hour)
	if !p.tried("change", p.put(ctx)) {
		return
	}
	seen, err := p.Look(ctx, p.at)
	if err == nil && !seen.Start.Equal(m.Start) {
		err = errors.New("the server took a change and did not keep it")
	}
	if p.tried("change", err) {
		p.found("change", "an event can be moved, and only as it was last seen (If-Match)")
	}
}

// invites tells whether the server would send letters beside ours: only one that schedules by itself (RFC 6638) can, and
// not where it keeps that the client does.
func (p *davProbe) invites(ctx context.Context) {
	options, err := p.do(ctx, ask{method: http.MethodOptions, at: p.book.at})
	if !p.tried("invites", err) {
		return
	}
	features := commaList(strings.Join(options.header.Values("DAV"), ","))
	if !slices.Contains(features, "calendar-auto-schedule") {
		p.found("invites", "the server invites nobody; the letters are Usher's")
		return
	}
	place, err := p.resolve(p.base, p.at.Href)
	if !p.tried("invites", err) {
		return
	}
	a, err := p.do(ctx, ask{method: http.MethodGet, at: place})
	if !p.tried("invites", err) {
		return
	}
	if schedulesItself(a.body) {
		p.findings = append(p.findings, Finding{
			Check: "invites", Said: "the server sends invitations of its own, although it is told that Usher does (SCHEDULE-AGENT=CLIENT)",
			Do: "turn off automatic invitations for this account on the server, or visitors get two",
		})
		return
	}
	p.found("invites", "the server could invite, and leaves it to Usher (SCHEDULE-AGENT=CLIENT)")
}

// schedulesItself says that an attendee of the event is not left to us.
func schedulesItself(data []byte) bool {
	root, _ := decode(data)
	if root == nil {
		return true
	}
	for _, cal := range root.children {
		for _, event := range cal.children {
			for i := range event.props {
				q := &event.props[i]
				if q.name == "ATTENDEE" && (!strings.EqualFold(q.param("SCHEDULE-AGENT"), "CLIENT") || q.param("SCHEDULE-STATUS") != "") {
					return true
				}
			}
		}
	}
	return false
}

// delete takes the event away, also one whose writing seemed to fail.
func (p *davProbe) delete(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanFor)
	defer cancel()
	created := p.at.Href != ""
	p.at.UID, p.at.ETag = p.entry.Meeting.UID, ""
	err := p.Remove(ctx, p.at)
	switch {
	case err == nil && created:
		p.found("delete", "an event can be taken out")
	case err != nil && created:
		p.failed("delete", fmt.Errorf("%q at %s stays in the calendar: %w", p.entry.Meeting.Title, p.entry.Meeting.Start.Format(time.RFC3339), err))
	}
}

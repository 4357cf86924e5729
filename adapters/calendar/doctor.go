package calendar

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"usher/flows"
)

// Finding is one thing that a Doctor tried at a calendar.
type Finding struct {
	Source string `json:"source"` // SourceName
	Check  string `json:"check"`  // find, read, age, create, expand, change, delete, invites
	OK     bool   `json:"ok"`
	Said   string `json:"said"`         // what was found, in plain words
	Do     string `json:"do,omitempty"` // what to do about it
}

// Prober is a Source that can be tried beyond reading: finding its calendars, creating an event, having it expanded,
// changing and deleting it, and whether its server sends invitations of its own. It leaves nothing behind.
type Prober interface {
	Probe(ctx context.Context) []Finding
}

// Doctor tries each calendar of a rep and says in plain words what to mend. It changes nothing but what a Prober makes and
// takes away again.
func (a *Accounts) Doctor(ctx context.Context, files fs.FS, rep *flows.Rep, q Query) []Finding {
	if len(rep.Calendars) == 0 {
		return []Finding{{Check: "find", Said: rep.ID + " has no calendar: only meetings booked here count as busy", Do: "write calendar: at the rep in team.yaml"}}
	}
	q.Zone, q.Owner = rep.Location, rep.Email
	var out []Finding
	for _, c := range rep.Calendars {
		p := &patient{name: SourceName(c)}
		p.examine(ctx, a, files, rep, c, q)
		out = append(out, p.findings...)
	}
	return out
}

// patient is one calendar under examination.
type patient struct {
	name     string
	findings []Finding
}

func (p *patient) find(check, said, do string) {
	p.findings = append(p.findings, Finding{Source: p.name, Check: check, OK: do == "", Said: said, Do: do})
}

func (p *patient) examine(ctx context.Context, a *Accounts, files fs.FS, rep *flows.Rep, c flows.Calendar, q Query) {
	s, err := a.Open(files, rep, c)
	if err != nil {
		p.find("find", err.Error(), Advice(err))
		return
	}
	if p.read(ctx, s, q); p.findings[0].OK {
		p.age(s)
	}
	if prober, ok := s.(Prober); ok {
		p.probe(prober.Probe(ctx))
	}
}

// probe adds what a Prober found. What kept it from finding the calendar kept it from being read: that is said once.
func (p *patient) probe(found []Finding) {
	if !p.findings[0].OK && slices.ContainsFunc(found, func(f Finding) bool { return f.Check == "find" && !f.OK }) {
		p.findings = nil
	}
	for _, f := range found {
		f.Source = p.name
		p.findings = append(p.findings, f)
	}
}

func (p *patient) read(ctx context.Context, s Source, q Query) {
	began := time.Now()
	reading, err := s.Read(ctx, q)
	if err != nil {
		check := "read"
		if errors.Is(err, ErrNotThere) || errors.Is(err, fs.ErrNotExist) {
			check = "find"
		}
		p.find(check, err.Error(), Advice(err))
		return
	}
	p.find("find", "it is there", "")
	busy := 0
	for _, e := range reading.Events {
		if e.Busy {
			busy++
		}
	}
	p.find("read", fmt.Sprintf("%d events from %s to %s, %d of them busy time, read in %d ms", len(reading.Events),
		q.From.Format(time.DateOnly), q.To.Format(time.DateOnly), busy, time.Since(began).Milliseconds()), "")
	for _, problem := range reading.Problems {
		p.find("read", problem.Error(), "open the event in the calendar and save it again, or delete it; until then it is read as said here")
	}
}

// age says how old what was read is, where the source knows.
func (p *patient) age(s Source) {
	dated, ok := s.(interface{ dated() time.Time })
	if !ok || dated.dated().IsZero() {
		return
	}
	p.find("age", "it was last changed "+dated.dated().UTC().Format(time.RFC3339), "")
}

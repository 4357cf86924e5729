package terminal

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"usher/bot/rehearse"
)

// print shows the month as charts; with changes, both runs side by side.
func (c *SimulateCommand) print(w *World, s *rehearse.Simulation, runs []simulated) error {
	p := printer{out: w.Stdout}
	st := styleOf(w.Stdout)
	p.printf("%s\n", st.bold(c.title(s, runs[0].Outcome)))
	if len(runs) > 1 {
		c.compare(&p, st, runs)
		return p.err
	}
	m := month{&p, st, runs[0].Outcome}
	m.summary()
	m.counts("Grades", m.o.Grades)
	m.counts("Ends", m.o.Ends)
	m.steps()
	m.reps()
	m.days()
	m.routes()
	m.fairness()
	return p.err
}

// month prints one outcome.
type month struct {
	*printer
	style
	o *rehearse.Outcome
}

func (m month) head(text string) { m.printf("\n%s\n", m.bold(text)) }

func (m month) summary() {
	o := m.o
	m.printf("\n  %-16s %7d  %s\n", "ended", o.Ended, percent(o.Ended, o.Visitors))
	m.printf("  %-16s %7d  %s\n", "fell silent", o.Left, percent(o.Left, o.Visitors))
	if o.Open > 0 {
		m.printf("  %-16s %7d  %s\n", "still open", o.Open, percent(o.Open, o.Visitors))
	}
	m.printf("  %-16s %7d  at most for half, %d for nine of ten\n", "questions", o.Questions.Median, o.Questions.P90)
	m.printf("  %-16s %7d\n", "leads", o.Leads)
	m.printf("  %-16s %7d  %s of the %d leads that looked for a time\n", "found no time", o.NoTime, percent(o.NoTime, o.Sought), o.Sought)
	m.printf("  %-16s %7d", "meetings", o.Meetings)
	if o.Meetings > 0 {
		m.printf("  half within %s of the offer, nine of ten within %s", hours(o.Wait.Median), hours(o.Wait.P90))
	}
	m.printf("\n")
}

func (m month) counts(title string, counts []rehearse.Count) {
	m.head(title)
	most := 0
	for _, c := range counts {
		most = max(most, c.Count)
	}
	for _, c := range counts {
		m.printf("  %s %s %7d  %s\n", label(cmp.Or(c.Name, "none yet"), 20), m.bar(float64(c.Count), float64(most)), c.Count, percent(c.Count, m.o.Visitors))
	}
}

func (m month) steps() {
	if len(m.o.Steps) == 0 {
		return
	}
	m.head("Where they leave, of those who got there")
	most := 0
	for _, s := range m.o.Steps {
		most = max(most, s.Left)
	}
	for _, s := range m.o.Steps {
		m.printf("  %s %s %7d of %d\n", label(stepName(m.o, s), 20), m.bar(float64(s.Left), float64(most)), s.Left, s.Reached)
	}
}

func (m month) reps() {
	if len(m.o.Reps) == 0 {
		return
	}
	m.head("Meetings by rep")
	most := 0
	for _, r := range m.o.Reps {
		most = max(most, r.Meetings)
	}
	for _, r := range m.o.Reps {
		m.printf("  %s %s %7d  of %d leads\n", label(r.Rep, 20), m.bar(float64(r.Meetings), float64(most)), r.Meetings, r.Leads)
	}
}

func (m month) days() {
	m.head("Meetings by day")
	most := 0
	for _, d := range m.o.Days {
		most = max(most, d.Meetings)
	}
	for _, d := range m.o.Days {
		day, err := time.Parse(time.DateOnly, d.Date)
		if err != nil || d.Meetings == 0 && (day.Weekday() == time.Saturday || day.Weekday() == time.Sunday) {
			continue
		}
		m.printf("  %s %s %7d  %d came\n", label(day.Format("Mon 2 Jan"), 20), m.bar(float64(d.Meetings), float64(most)), d.Meetings, d.Visitors)
	}
}

func (m month) routes() {
	if len(m.o.Routes) == 0 {
		return
	}
	m.head("Leads by route")
	most := 0
	for _, r := range m.o.Routes {
		most = max(most, r.Leads)
	}
	for _, r := range m.o.Routes {
		m.printf("  %s %s %7d  %s\n", label(cmp.Or(r.To, "-"), 20), m.bar(float64(r.Leads), float64(most)), r.Leads, cut(ifOf(r), 15))
	}
}

func ifOf(r rehearse.RouteCount) string {
	switch {
	case r.Route < 0:
		return "named by step"
	case r.If == "":
		return "else"
	}
	return r.If
}

func (m month) fairness() {
	if len(m.o.Fairness) == 0 {
		return
	}
	m.head("Fairness: leads, and what was due by weight")
	for _, t := range m.o.Fairness {
		m.printf("  %s %d leads, %.1f off at most\n", label(t.Team+" ("+t.Assign+")", 28), t.Leads, t.Error)
		for _, r := range t.Reps {
			m.printf("    %s %6d  %8.1f\n", label(r.Rep, 26), r.Leads, r.Share)
		}
	}
}

func percent(part, all int) string { return fmt.Sprintf("%5.1f %%", 100*share(part, all)) }

// hours is a wait in words: 5 h, 6 d.
func hours(n int) string {
	if n < 48 {
		return fmt.Sprintf("%d h", n)
	}
	return fmt.Sprintf("%d d", (n+12)/24)
}

// compare shows both runs beside each other. Days are too many for that: --json has them.
func (c *SimulateCommand) compare(p *printer, s style, runs []simulated) {
	p.printf("what if %s\n\n", strings.Join(c.WhatIf, ", "))
	p.printf("  %-38s %9s %9s %10s\n", "", "as it is", "what if", "difference")
	was, now := table(runs[0].Outcome), table(runs[1].Outcome)
	kind := ""
	for _, key := range union(was.keys, now.keys) {
		before, after := was.values[key], now.values[key]
		if key.kind == "day" || before == 0 && after == 0 && key.kind != "summary" {
			continue
		}
		if key.kind != kind {
			kind = key.kind
			p.printf("%s\n", s.bold(titles[kind]))
		}
		p.printf("  %s %9s %9s %10s\n", label(strings.TrimSpace(key.name+" "+whats[key.what]), 38), shown(before), shown(after), difference(before, after))
	}
}

var titles = map[string]string{
	"summary": "Visitors", "grade": "Grades", "end": "Ends", "step": "Steps", "rep": "Reps", "route": "Routes", "fairness": "Fairness",
}

// whats are figures in words; those without one are their name alone.
var whats = map[string]string{
	"visitors": "came", "ended": "ended", "left": "fell silent", "open": "still open", "questions_median": "questions, median",
	"questions_p90": "questions, nine of ten", "leads": "leads", "sought": "looked for a time", "no_time": "found none",
	"no_time_share": "found none, share", "meetings": "meetings", "wait_hours_median": "hours to the meeting, median",
	"wait_hours_p90": "hours to the meeting, nine of ten", "reached": "asked", "guest": "comes too", "error": "off the fair share at most",
}

type tableKey struct{ kind, name, what string }

type tableOf struct {
	keys   []tableKey
	values map[tableKey]float64
}

func table(o *rehearse.Outcome) tableOf {
	t := tableOf{values: map[tableKey]float64{}}
	for _, f := range figures(o) {
		key := tableKey{f.kind, f.name, f.what}
		t.keys, t.values[key] = append(t.keys, key), f.value
	}
	return t
}

func shown(f float64) string {
	if f == float64(int64(f)) {
		return fmt.Sprintf("%d", int64(f))
	}
	return fmt.Sprintf("%.2f", f)
}

func difference(before, after float64) string {
	switch d := after - before; {
	case d > 0:
		return "+" + shown(d)
	case d < 0:
		return shown(d)
	}
	return "="
}

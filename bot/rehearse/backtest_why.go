package rehearse

import (
	"fmt"
	"slices"
	"strconv"

	"usher/bot/dialogue"
	"usher/flows"
)

// compare says what is otherwise, and which rule, condition or route made it so.
func (d *Difference) compare(p *past, a *again) {
	was, is := d.Was, d.Is
	for _, c := range []struct {
		name    string
		differs bool
	}{
		{"score", was.Score != is.Score},
		{"grade", was.Grade != is.Grade},
		{"end", was.End != is.End},
		{"route", was.Route != is.Route},
		{"rep", was.Rep != is.Rep},
	} {
		if c.differs {
			d.What = append(d.What, c.name)
		}
	}
	if len(d.What) == 0 && d.Stops == "" {
		d.Guessed = nil
		return
	}
	if was.Score != is.Score || was.Grade != is.Grade {
		d.Why = append(d.Why, scoreWhy(p, a)...)
	}
	if was.End != is.End || d.Stops != "" || was.Route != is.Route {
		if why := pathWhy(p, a); why != "" {
			d.Why = append(d.Why, why)
		}
	}
	if was.Route != is.Route && was.Route != "" && is.Route != "" {
		d.Why = append(d.Why, fmt.Sprintf("leads go to %s, not to %s", routeWords(a.Workspace, a.c), routeWords(p.workspace, p.end)))
	}
	if was.Rep != is.Rep && was.Route == is.Route && is.Rep != "" {
		d.Why = append(d.Why, fmt.Sprintf("%s cannot have it in this version", was.Rep))
	}
}

// scoreWhy are the rules that bring other points, and the thresholds that stand elsewhere.
func scoreWhy(p *past, a *again) (why []string) {
	old, now := points(p.end.Score), points(a.c.Score)
	for _, r := range p.end.Score.Reasons {
		switch is, holds := now[r.Because]; {
		case !holds:
			why = append(why, fmt.Sprintf("“%s” does not count any more (%s points)", r.Because, amount(old[r.Because])))
		case is != old[r.Because]:
			why = append(why, fmt.Sprintf("“%s” brings %s instead of %s points", r.Because, amount(is), amount(old[r.Because])))
		}
	}
	for _, r := range a.c.Score.Reasons {
		if _, held := old[r.Because]; !held {
			why = append(why, fmt.Sprintf("“%s” counts now (%s points)", r.Because, amount(now[r.Because])))
		}
	}
	if p.end.Score.Grade != a.c.Score.Grade {
		why = append(why, gradesWhy(p.flow, a.Flow(), p.end.Score, a.c.Score)...)
	}
	return slices.Compact(why)
}

func points(r dialogue.Receipt) map[string]float64 {
	out := map[string]float64{}
	for _, reason := range r.Reasons {
		out[reason.Because] += reason.Points
	}
	return out
}

func amount(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// gradesWhy tells that the grade it had or has begins elsewhere.
func gradesWhy(old, now *flows.Flow, was, is dialogue.Receipt) (why []string) {
	from := func(f *flows.Flow, name string) (float64, bool) {
		i := slices.IndexFunc(f.Grades, func(g flows.Grade) bool { return g.Name == name })
		if i < 0 {
			return 0, false
		}
		return f.Grades[i].From, true
	}
	for _, name := range []string{was.Grade, is.Grade} {
		a, ok1 := from(old, name)
		b, ok2 := from(now, name)
		if ok1 && ok2 && a != b {
			why = append(why, fmt.Sprintf("%s begins at %s instead of %s", name, amount(b), amount(a)))
		}
	}
	return why
}

// pathWhy is the first step at which another way is taken, with the condition of each.
func pathWhy(p *past, a *again) string {
	old, now := p.steps, a.runner.steps
	n := 0
	for n < len(old) && n < len(now) && old[n] == now[n] {
		n++
	}
	switch {
	case n == 0 || n >= len(now) && n >= len(old):
		return ""
	case n >= len(now):
		return fmt.Sprintf("it waits at %s", now[n-1])
	case n >= len(old):
		return fmt.Sprintf("from %s it goes on to %s%s", now[n-1], now[n], condition(a.Flow(), now[n-1], now[n]))
	}
	return fmt.Sprintf("from %s it goes to %s%s instead of %s%s", now[n-1], now[n], condition(a.Flow(), now[n-1], now[n]), old[n], condition(p.flow, old[n-1], old[n]))
}

// condition is that of the way between two steps, in words.
func condition(f *flows.Flow, from, to string) string {
	s := f.Step(from)
	if s == nil {
		return ""
	}
	for _, e := range s.Next {
		if e.To == to && e.If != nil {
			return " (when " + e.If.Words() + ")"
		}
	}
	return ""
}

// routeWords is a conversation's route with its condition.
func routeWords(w *flows.Workspace, c dialogue.Conversation) string {
	if c.Assigned == nil || c.Assigned.Route < 0 || c.Assigned.Route >= len(w.Roster.Routes) {
		return upshot(w, c).Route
	}
	r := w.Roster.Routes[c.Assigned.Route]
	if r.If == nil {
		return r.To
	}
	return r.To + " (when " + r.If.Words() + ")"
}

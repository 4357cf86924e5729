package flows

import (
	"fmt"
	"time"
)

// roster compares who takes leads, and when.
func (d *differ) roster(a, b *Roster) {
	d.compare("roster", "the team file", versions{a, b})
	for _, p := range align(hoursOf(a), hoursOf(b), func(h *Hours) string { return h.Name }) {
		d.compare("hours", "the hours `"+p.one().Name+"`", pairOf(p))
	}
	for _, p := range align(a.Reps, b.Reps, func(r *Rep) string { return r.ID }) {
		d.compare("rep", "the rep `"+p.one().ID+"`", pairOf(p))
	}
	for _, p := range align(a.Teams, b.Teams, func(t *Team) string { return t.ID }) {
		d.compare("team", "the team `"+p.one().ID+"`", pairOf(p))
	}
	d.routes(a.Routes, b.Routes)
}

func hoursOf(r *Roster) (out []*Hours) {
	for _, name := range sortedKeys(r.Hours) {
		out = append(out, r.Hours[name])
	}
	return out
}

// routes compares the way of leads to people.
func (d *differ) routes(a, b []*Route) {
	key := func(r *Route) string { return r.To + "\x00" + r.If.Words() }
	for _, p := range align(a, b, key, func(r *Route) string { return r.To }, func(r *Route) string { return r.If.Words() }) {
		if was, is := p.old, p.new; was != nil && is != nil {
			d.route(*was, *is)
			continue
		}
		kind, says := Added, "now a route sends leads to `%s` %s"
		if p.new == nil {
			kind, says = Removed, "no route sends leads to `%s` any more %s"
		}
		r := p.one()
		d.say("route", kind, r.To, says, r.To, condition(r.If.Words()))
		d.at(r.Place)
	}
	if len(moved(each(a, key), each(b, key))) > 0 {
		d.say("route", Moved, "", "the routes are tried in another order: %v", each(b, func(r *Route) string { return r.To }))
		d.at(b[0].Place)
	}
}

func (d *differ) route(old, now *Route) {
	change := func(format string, args ...any) {
		d.say("route", Changed, now.To, "%s", fmt.Sprintf(format, args...))
		d.at(now.Place)
	}
	was, is := condition(old.If.Words()), condition(now.If.Words())
	if old.To != now.To {
		change("leads go to `%s` instead of `%s` %s", now.To, old.To, is)
	} else if was != is {
		change("leads go to `%s` %s instead of %s", now.To, is, was)
	}
	if old.Within != now.Within {
		change("the route to `%s` waits for a time within %s instead of %s", now.To, bound(now.Within), bound(old.Within))
	}
}

// never is how often, where no time means never.
func never(d time.Duration) string {
	if d == 0 {
		return "never"
	}
	return lapseText(d)
}

// bound is a bound, where no time means none.
func bound(d time.Duration) string {
	if d == 0 {
		return "the horizon"
	}
	return lapseText(d)
}

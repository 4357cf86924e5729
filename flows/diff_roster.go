package flows

import (
	"fmt"
	"strings"
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
	for _, p := range align(a.Accounts, b.Accounts, (*Account).called, (*Account).goal) {
		d.account(p.old, p.new)
	}
}

// called is how people know the account.
func (a *Account) called() string {
	return strings.Join(append(a.Domains[:len(a.Domains):len(a.Domains)], a.Company), " ")
}

func (a *Account) goal() string { return a.To }

// account compares one named account.
func (d *differ) account(old, now **Account) {
	switch {
	case old == nil:
		d.say("account", Added, (*now).called(), "leads of `%s` now are the account's, of `%s`", strings.TrimSpace((*now).called()), (*now).To)
		d.at((*now).Place)
	case now == nil:
		d.say("account", Removed, (*old).called(), "leads of `%s` are no account's any more; they were of `%s`", strings.TrimSpace((*old).called()), (*old).To)
		d.at((*old).Place)
	case (*old).called() != (*now).called():
		d.say("account", Changed, (*now).called(), "the account of `%s` is told by `%s` instead of `%s`", (*now).To, strings.TrimSpace((*now).called()), strings.TrimSpace((*old).called()))
		d.at((*now).Place)
	case (*old).To != (*now).To:
		d.say("account", Changed, (*now).called(), "leads of `%s` are of `%s` instead of `%s`", strings.TrimSpace((*now).called()), (*now).To, (*old).To)
		d.at((*now).Place)
	}
}

func hoursOf(r *Roster) (out []*Hours) {
	for _, name := range sortedKeys(r.Hours) {
		out = append(out, r.Hours[name])
	}
	return out
}

// routes compares the way of leads to people.
func (d *differ) routes(a, b []*Route) {
	key := func(r *Route) string { return r.goal() + "\x00" + r.If.Words() }
	for _, p := range align(a, b, key, (*Route).goal, func(r *Route) string { return r.To }, func(r *Route) string { return r.If.Words() }) {
		if was, is := p.old, p.new; was != nil && is != nil {
			d.route(*was, *is)
			continue
		}
		kind, says := Added, "now a route sends leads to `%s` %s"
		if p.new == nil {
			kind, says = Removed, "no route sends leads to `%s` any more %s"
		}
		r := p.one()
		d.say("route", kind, r.To, says, r.goal(), condition(r.If.Words()))
		d.at(r.Place)
	}
	if len(moved(each(a, key), each(b, key))) > 0 {
		d.say("route", Moved, "", "the routes are tried in another order: %v", each(b, (*Route).goal))
		d.at(b[0].Place)
	}
}

func (d *differ) route(old, now *Route) {
	change := func(format string, args ...any) {
		d.say("route", Changed, now.To, "%s", fmt.Sprintf(format, args...))
		d.at(now.Place)
	}
	was, is := condition(old.If.Words()), condition(now.If.Words())
	if old.goal() != now.goal() {
		change("leads go to `%s` instead of `%s` %s", now.goal(), old.goal(), is)
	} else if was != is {
		change("leads go to `%s` %s instead of %s", now.goal(), is, was)
	}
	if old.After != now.After {
		change("`%s` has a lead %s instead of %s before it goes on", now.To, lasting(now.After), lasting(old.After))
	}
	if old.For != now.For {
		change("an owner counts %s instead of %s after the lead's last change", lasting(now.For), lasting(old.For))
	}
	if old.Wait != now.Wait {
		change("a lead waits for `%s` %s instead of %s", now.To, atAll(now.Wait), atAll(old.Wait))
	}
	if old.Within != now.Within {
		change("the route to `%s` waits for a time within %s instead of %s", now.To, bound(now.Within), bound(old.Within))
	}
}

// goal is who the route leads to: `enterprise`, then `midmarket`, else `support`.
func (r *Route) goal() string {
	words := strings.Join(append([]string{r.To}, r.Then...), "`, then `")
	if r.Else != "" {
		words += "`, else `" + r.Else
	}
	return words
}

// lasting is how long something holds, where no time means for ever.
func lasting(d time.Duration) string {
	if d == 0 {
		return "for ever"
	}
	return "for " + lapseText(d)
}

// atAll is how long something waits, where no time means that it does not.
func atAll(d time.Duration) string {
	if d == 0 {
		return "not at all"
	}
	return "for " + lapseText(d)
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

package flows

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// flow compares one flow.
func (d *differ) flow(p pair[*Flow]) {
	id := p.one().ID
	d.in = id
	if p.old == nil || p.new == nil {
		d.compare("flow", "the flow `"+id+"`", pairOf(p))
		return
	}
	a, b := *p.old, *p.new
	d.compare("flow", "the flow", versions{a, b})
	for _, f := range align(a.Fields, b.Fields, func(f *Field) string { return f.Name }) {
		d.field(f)
	}
	d.steps(a, b)
	d.rules(a, b)
	d.amounts("cap", "the most that part `%s` may bring", a.Caps, b.Caps)
	d.amounts("grade", "the grade `%s` from a score of", gradesOf(a), gradesOf(b))
}

func gradesOf(f *Flow) map[string]float64 {
	m := map[string]float64{}
	for _, g := range f.Grades {
		m[g.Name] = g.From
	}
	return m
}

// amounts compares numbers by name.
func (d *differ) amounts(what, format string, a, b map[string]float64) {
	names := slices.Concat(sortedKeys(a), sortedKeys(b))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		was, ok1 := a[name]
		is, ok2 := b[name]
		phrase := fmt.Sprintf(format, name)
		switch {
		case !ok1:
			d.say(what, Added, name, "%s is new: %s", phrase, plainNumber(is))
		case !ok2:
			d.say(what, Removed, name, "%s is gone; it was %s", phrase, plainNumber(was))
		case was != is && what == "grade":
			d.say(what, Changed, name, "`%s` begins at a score of %s instead of %s", name, plainNumber(is), plainNumber(was))
		case was != is:
			d.say(what, Changed, name, "%s is %s instead of %s", phrase, plainNumber(is), plainNumber(was))
		}
	}
}

// field compares a field and its options.
func (d *differ) field(p pair[*Field]) {
	name := p.one().Name
	d.compare("field", "the field `"+name+"`", pairOf(p))
	if p.old == nil || p.new == nil {
		return
	}
	value := func(o Option) string { return o.Value }
	a, b := (*p.old).Options, (*p.new).Options
	for _, o := range align(a, b, value) {
		d.compare("option", fmt.Sprintf("option `%s.%s`", name, o.one().Value), pairOf(o))
	}
	if len(moved(each(a, value), each(b, value))) > 0 {
		d.say("option", Moved, name, "the options of `%s` stand in another order: %s", name, strings.Join(each(b, value), ", "))
		d.at((*p.new).Place)
	}
}

func each[T, U any](list []T, f func(T) U) []U {
	out := make([]U, 0, len(list))
	for _, x := range list {
		out = append(out, f(x))
	}
	return out
}

// steps compares the steps, when each question is asked, and the ways between them.
func (d *differ) steps(a, b *Flow) {
	id := func(s *Step) string { return s.ID }
	shifted := moved(each(a.Steps, id), each(b.Steps, id))
	for _, p := range align(a.Steps, b.Steps, id) {
		name := "`" + p.one().ID + "`"
		d.compare("step", name, pairOf(p))
		if p.old == nil || p.new == nil {
			continue
		}
		s := *p.new
		d.booked(*p.old, s)
		if shifted[s.ID] {
			d.say("step", Moved, s.ID, "%s now stands %s", name, where(b, s))
			d.at(s.Place)
		}
		was, is := a.when(s.ID), b.when(s.ID)
		if s.Ask != nil && (*p.old).Ask != nil && was != is && is != "" {
			d.say("step", Changed, s.ID, "%s is now asked %s", name, is)
			d.at(s.Place)
		}
		d.ways(a, b, *p.old, s)
	}
}

func where(f *Flow, s *Step) string {
	if i := f.index(s.ID); i > 0 {
		return "after `" + f.Steps[i-1].ID + "`"
	}
	return "first"
}

// booked compares the meeting rules that a step has of its own.
func (d *differ) booked(old, now *Step) {
	if old.Book == nil || now.Book == nil || old.Book.Rules == now.Book.Rules || old.Book.Rules == d.was && now.Book.Rules == d.is {
		return
	}
	before := len(d.changes)
	d.facts("meeting", "the meeting of `"+now.ID+"`", versions{old.Book.Rules, now.Book.Rules})
	for i := before; i < len(d.changes); i++ {
		d.changes[i].Place = now.Place
	}
}

// way is one way out of a step.
type way struct {
	to, when string
	below    bool // nothing is written: it is the step below
	place    Place
}

// waysOut are the ways out of a step as they are tried.
func (f *Flow) waysOut(s *Step) (out []way) {
	if s.End != nil {
		return nil
	}
	falls := true
	for _, e := range s.Next {
		when := ""
		if e.If != nil {
			when = e.If.Words()
		}
		out = append(out, way{e.To, when, false, e.Place})
		falls = falls && e.If != nil
	}
	if below := f.Below(s.ID); falls && below != nil {
		out = append(out, way{below.ID, "", true, s.Place})
	}
	return out
}

// ways compares the ways out of a step.
func (d *differ) ways(a, b *Flow, old, now *Step) {
	from := "from `" + now.ID + "`"
	pairs := align(a.waysOut(old), b.waysOut(now), func(w way) string { return w.to + "\x00" + w.when },
		func(w way) string { return w.to }, func(w way) string { return w.when })
	for _, p := range pairs {
		switch {
		case p.one().below && (p.old == nil || p.new == nil || p.old.below): // the steps have moved
			continue
		case p.old == nil:
			d.say("edge", Added, now.ID, "%s a way to `%s` is new: %s", from, p.new.to, condition(p.new.when))
		case p.new == nil:
			d.say("edge", Removed, now.ID, "%s the way to `%s` is gone: %s", from, p.old.to, condition(p.old.when))
		case p.old.to != p.new.to:
			d.say("edge", Changed, now.ID, "%s it goes to `%s` instead of `%s` %s", from, p.new.to, p.old.to, condition(p.new.when))
		case p.old.when != p.new.when:
			d.say("edge", Changed, now.ID, "%s it goes to `%s` %s instead of %s", from, p.new.to, condition(p.new.when), condition(p.old.when))
		default:
			continue
		}
		place := now.Place
		if p.new != nil {
			place = cmp.Or(p.new.place, place)
		}
		d.at(place)
	}
	key := func(w way) string { return w.to + "\x00" + w.when }
	if shifted := moved(each(a.waysOut(old), key), each(b.waysOut(now), key)); len(shifted) > 0 {
		d.say("edge", Moved, now.ID, "%s the ways are tried in another order: %s", from, strings.Join(each(b.waysOut(now), func(w way) string { return "`" + w.to + "`" }), ", "))
		d.at(now.Place)
	}
}

func condition(when string) string {
	if when == "" {
		return "otherwise"
	}
	return "when " + when
}

// maxWays is how many ways into a question are put into one sentence.
const maxWays = 3

// when says under which conditions a step is come to: "only when goal is demo", "unless goal is help", or "always"; ""
// where that takes too many words.
func (f *Flow) when(id string) string {
	only, always := f.comes(id, map[string]bool{})
	unless := slices.ContainsFunc(only, func(s string) bool { return strings.HasPrefix(s, "unless") })
	switch {
	case always:
		return "always"
	case len(only) == 0 || len(only) > maxWays || unless && len(only) > 1:
		return ""
	case unless:
		return only[0]
	}
	return "only " + strings.Join(only, " or ")
}

// comes are the conditions of the ways to a step. Behind a step that only speaks or branches stand the ways to that step.
func (f *Flow) comes(id string, seen map[string]bool) (only []string, always bool) {
	if seen[id] || len(f.Steps) > 0 && f.Steps[0].ID == id {
		return nil, !seen[id]
	}
	seen[id] = true
	for _, s := range f.Steps {
		var prior []string
		for _, w := range f.waysOut(s) {
			switch {
			case w.to != id && w.when != "":
				prior = append(prior, w.when)
			case w.to != id:
			case w.when != "":
				only = append(only, "when "+w.when)
			case len(prior) > 0:
				only = append(only, "unless "+strings.Join(prior, " or "))
			case s.Ask != nil || s.Book != nil || s.Handoff != nil:
				return nil, true
			default:
				more, all := f.comes(s.ID, seen)
				if all {
					return nil, true
				}
				only = append(only, more...)
			}
		}
	}
	return slices.Compact(only), false
}

// rules compares the score.
func (d *differ) rules(a, b *Flow) {
	pairs := align(a.Score, b.Score, func(r *Rule) string { return r.Because + "\x00" + r.If.Words() },
		func(r *Rule) string { return r.Because }, func(r *Rule) string { return r.If.Words() })
	for _, p := range pairs {
		name := "“" + p.one().Because + "”"
		switch {
		case p.old == nil:
			d.say("rule", Added, p.one().Because, "%s is new: %s points when %s", name, plainNumber((*p.new).Points), (*p.new).If.Words())
		case p.new == nil:
			d.say("rule", Removed, p.one().Because, "%s is gone; it brought %s points when %s", name, plainNumber((*p.old).Points), (*p.old).If.Words())
		default:
			d.rule(name, *p.old, *p.new)
			continue
		}
		d.at(p.one().Place)
	}
}

func (d *differ) rule(name string, old, now *Rule) {
	change := func(format string, args ...any) {
		d.say("rule", Changed, now.Because, name+" "+format, args...)
		d.at(now.Place)
	}
	if old.Because != now.Because {
		change("was called “%s”", old.Because)
	}
	if old.Points != now.Points {
		change("brings %s instead of %s points", plainNumber(now.Points), plainNumber(old.Points))
	}
	if was, is := old.If.Words(), now.If.Words(); was != is {
		change("now counts when %s instead of when %s", is, was)
	}
	if old.Part != now.Part {
		change("counts for the part `%s` instead of `%s`", now.Part, old.Part)
	}
	if old.Halves != now.Halves {
		change("halves each %s instead of %s", never(now.Halves), never(old.Halves))
	}
}

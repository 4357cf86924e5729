package flows

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Change is one difference between two versions of a workspace, in plain words.
type Change struct {
	Flow  string `json:"flow,omitempty"` // "" = of the workspace as a whole
	What  string `json:"what"`           // flow, step, edge, text, field, option, rule, grade, route, rep, team, hours, meeting, faq, reply, followup, letter, webhook, hubspot …
	Kind  string `json:"kind"`           // Added, Removed, Changed or Moved
	Name  string `json:"name,omitempty"` // of what has changed
	Says  string `json:"says"`           // one sentence
	Place Place  `json:"place,omitzero"` // in the new version; of what is removed, in the old one
}

// Kinds of change.
const (
	Added   = "added"
	Removed = "removed"
	Changed = "changed"
	Moved   = "moved"
)

// Diff is what is otherwise in b than in a, flow by flow in the order of b. What only looks otherwise (comments, layout,
// the order of keys, the names of files) is no change.
func Diff(a, b *Workspace) []Change {
	d := differ{was: orEmpty(a.Roster).Meeting, is: orEmpty(b.Roster).Meeting}
	flows := align(a.Flows, b.Flows, func(f *Flow) string { return f.ID })
	for _, p := range flows {
		d.flow(p)
	}
	d.in = ""
	d.roster(orEmpty(a.Roster), orEmpty(b.Roster))
	for _, p := range align(a.FAQ, b.FAQ, question, func(f *FAQ) string { return f.Say.String() }) {
		d.compare("faq", "the question “"+question(p.one())+"”", pairOf(p))
	}
	for _, p := range align(replyList(a), replyList(b), func(r reply) string { return r.Name }) {
		d.compare("reply", "the reply #"+p.one().Name, pairOf(p))
	}
	d.followups(a.Followups, b.Followups)
	d.hooks(a.Hooks, b.Hooks)
	d.privacy(a.Privacy, b.Privacy)
	return d.changes
}

func orEmpty(r *Roster) *Roster { return cmp.Or(r, &Roster{}) }

func question(f *FAQ) string {
	for _, language := range sortedKeys(f.Ask) {
		if len(f.Ask[language]) > 0 {
			return f.Ask[language][0]
		}
	}
	return ""
}

type reply struct {
	Name string
	Say  Text
}

func replyList(w *Workspace) (out []reply) {
	for _, name := range sortedKeys(w.Replies) {
		out = append(out, reply{name, w.Replies[name]})
	}
	return out
}

// differ gathers changes.
type differ struct {
	in      string // flow
	was, is MeetingRules
	changes []Change
}

func (d *differ) say(what, kind, name, format string, args ...any) {
	d.changes = append(d.changes, Change{Flow: d.in, What: what, Kind: kind, Name: name, Says: fmt.Sprintf(format, args...)})
}

// at places the last change.
func (d *differ) at(p Place) { d.changes[len(d.changes)-1].Place = p }

// versions is something in the old and in the new version; nil = it is not there.
type versions struct{ old, new any }

func pairOf[T any](p pair[T]) versions {
	switch {
	case p.old == nil:
		return versions{nil, p.new}
	case p.new == nil:
		return versions{p.old, nil}
	}
	return versions{p.old, p.new}
}

// compare tells that something came or went, or which of its facts are others.
func (d *differ) compare(what, name string, b versions) {
	switch {
	case b.old == nil:
		d.say(what, Added, bare(name), "%s is new%s", name, gist(b.new))
		d.at(placeIn(b.new))
	case b.new == nil:
		d.say(what, Removed, bare(name), "%s is gone", name)
		d.at(placeIn(b.old))
	default:
		d.facts(what, name, b)
	}
}

// bare is a name without what a sentence puts around it.
func bare(name string) string {
	if i := strings.IndexAny(name, "`“"); i >= 0 {
		return strings.Trim(name[i:], "`“”")
	}
	return name
}

// gist tells the facts of what is new, where they are few.
func gist(v any) string {
	var out []string
	for _, f := range factsOf(v) {
		if f.value != "" {
			out = append(out, f.name+" "+f.value)
		}
	}
	if len(out) == 0 || len(out) > 4 {
		return ""
	}
	return ": " + strings.Join(out, ", ")
}

// facts tells each fact that is another.
func (d *differ) facts(what, name string, b versions) {
	was := map[string]fact{}
	var order []string
	for _, f := range factsOf(b.old) {
		was[f.name] = f
		order = append(order, f.name)
	}
	is := map[string]fact{}
	for _, f := range factsOf(b.new) {
		is[f.name] = f
		if !slices.Contains(order, f.name) {
			order = append(order, f.name)
		}
	}
	for _, key := range order {
		old, now := was[key], is[key]
		if old.value == now.value {
			continue
		}
		kind := what
		if old.text || now.text {
			kind = "text"
		}
		d.say(kind, Changed, bare(name), "%s", name+differently(key, old, now))
		d.at(placeIn(b.new))
	}
}

// differently is how a fact was and is.
func differently(key string, old, now fact) string {
	switch {
	case old.value == "" && now.value == "yes":
		return " is now " + key
	case now.value == "" && old.value == "yes":
		return " is not " + key + " any more"
	case key == "say" && old.value != "" && now.value != "":
		return " says " + now.value + " instead of " + old.value
	case key != "":
		key += " "
	}
	switch {
	case old.value == "":
		return ": " + key + "is new: " + now.value
	case now.value == "":
		return ": " + key + "is gone; it was " + old.value
	}
	return ": " + key + now.value + " instead of " + old.value
}

// pair is something in two versions; nil = it is not there.
type pair[T any] struct{ old, new *T }

func (p pair[T]) one() T {
	if p.new != nil {
		return *p.new
	}
	return *p.old
}

// align joins what is the same in two lists: by the first key, what is left by the second, and so on; each once. The
// order is that of the new list, with what is gone where it stood.
func align[T any](a, b []T, keys ...func(T) string) []pair[T] {
	partner := make([]int, len(b)) // of b in a
	taken := make([]bool, len(a))
	for i := range partner {
		partner[i] = -1
	}
	for _, key := range keys {
		free := map[string][]int{}
		for i := range a {
			if !taken[i] {
				free[key(a[i])] = append(free[key(a[i])], i)
			}
		}
		for j := range b {
			if k := free[key(b[j])]; partner[j] < 0 && len(k) > 0 {
				partner[j], taken[k[0]], free[key(b[j])] = k[0], true, k[1:]
			}
		}
	}
	var out []pair[T]
	next := 0
	gone := func(until int) {
		for ; next < until; next++ {
			if !taken[next] {
				out = append(out, pair[T]{old: &a[next]})
			}
		}
	}
	for j := range b {
		if partner[j] < 0 {
			out = append(out, pair[T]{new: &b[j]})
			continue
		}
		gone(partner[j])
		out = append(out, pair[T]{&a[partner[j]], &b[j]})
	}
	gone(len(a))
	return out
}

// moved are the indices of pairs whose places among what stands in both lists are others: as few as can be.
func moved[T comparable](a, b []T) map[T]bool {
	at := map[T]int{}
	for i, x := range a {
		at[x] = i
	}
	var order []int
	var names []T
	for _, x := range b {
		if i, ok := at[x]; ok {
			order, names = append(order, i), append(names, x)
		}
	}
	out := map[T]bool{}
	stay := longest(order)
	for i, x := range names {
		if !stay[i] {
			out[x] = true
		}
	}
	return out
}

// longest is the longest growing run of a sequence, by index.
func longest(s []int) map[int]bool {
	length, before := make([]int, len(s)), make([]int, len(s))
	best := -1
	for i := range s {
		length[i], before[i] = 1, -1
		for j := range i {
			if s[j] < s[i] && length[j] >= length[i] {
				length[i], before[i] = length[j]+1, j
			}
		}
		if best < 0 || length[i] > length[best] {
			best = i
		}
	}
	run := map[int]bool{}
	for i := best; i >= 0; i = before[i] {
		run[i] = true
	}
	return run
}

package flows

import (
	"fmt"
	"slices"
)

// unionOf is what routes and the FAQ may name: the fields of all flows. A field that two flows give different types
// can be named by neither.
func unionOf(flows []*Flow, r *Roster) *vocabulary {
	v := &vocabulary{fields: map[string]*Field{}, clash: map[string]string{}, roster: r}
	owner := map[string]*Flow{}
	for _, f := range flows {
		for _, field := range f.Fields {
			first := v.fields[field.Name]
			switch {
			case first == nil:
				owner[field.Name] = f
				v.fields[field.Name] = field
			case first.Type != field.Type:
				v.clash[field.Name] = fmt.Sprintf("%s is %s in the flow %s and %s in %s", field.Name, first.Type, owner[field.Name].ID, field.Type, f.ID)
			case len(first.Options) > 0:
				v.fields[field.Name] = withOptions(first, field)
			}
		}
		v.parts = append(v.parts, partsOf(f)...)
		for _, g := range f.Grades {
			v.grades = append(v.grades, g.Name)
		}
	}
	for _, field := range implicitFields(v.fields, "en") {
		v.fields[field.Name] = field
	}
	if v.fields["country"] == nil { // a profile may bring it, so a route may ask for it
		v.fields["country"] = &Field{Name: "country", Type: TypeCountry, Label: plainText("en", "Country", Place{})}
	}
	return v
}

// withOptions is the field with the options of both flows.
func withOptions(a, b *Field) *Field {
	both := *a
	both.Options = append([]Option(nil), a.Options...)
	for _, o := range b.Options {
		if a.option(o.Value) == nil {
			both.Options = append(both.Options, o)
		}
	}
	return &both
}

func (f *Field) option(value string) *Option {
	for i := range f.Options {
		if f.Options[i].Value == value {
			return &f.Options[i]
		}
	}
	return nil
}

func partsOf(f *Flow) (parts []string) {
	for _, rule := range f.Score {
		if rule.Part != "" {
			parts = append(parts, rule.Part)
		}
	}
	return parts
}

// routes makes the routes; they come after the flows, whose fields they name.
func (m *rosterMaker) routes(r *Roster, v *vocabulary) {
	for i := range m.shape.Routes {
		s := &m.shape.Routes[i]
		route := &Route{
			If: v.condition(s.If), Else: s.Else.text, After: s.After.positive(0), Within: s.Within.or(0),
			For: s.For.positive(0), Wait: s.Wait.positive(0), Place: s.place(),
		}
		for i, to := range s.To.list {
			target(to, r)
			if i == 0 {
				route.To = to.text
			} else {
				route.Then = append(route.Then, to.text)
			}
		}
		target(s.Else, r)
		s.tiers(route)
		m.place(i, route)
		r.Routes = append(r.Routes, route)
	}
}

// place reports a route that stands at the wrong place among the others.
func (m *rosterMaker) place(i int, route *Route) {
	s := &m.shape.Routes[i]
	last := i == len(m.shape.Routes)-1
	switch end := route.End(); {
	case last && s.If.set():
		s.If.wrong("no-fallback", "add a last route: { to: TEAM }", "the last route has a condition: a lead that fits none would have nobody")
	case last && end == Owner:
		s.To.wrong("no-fallback", "end with a team", "the last route leads to the owner, whom a lead may not have")
	case last && end == ToAccount:
		s.To.wrong("no-fallback", "end with a team", "the last route leads to the account, which a lead may not have")
	case !last && !s.If.set() && route.Within == 0 && !route.elsewhere():
		s.doubt("unreachable", "put it last", "no route below this one is ever looked at while somebody here can serve")
	}
}

// elsewhere says whether the route's first target may be nobody at all.
func (r *Route) elsewhere() bool { return r.To == Owner || r.To == ToAccount }

// tiers reports keys of a route that say nothing together.
func (s *routeShape) tiers(r *Route) {
	all, before := r.Tiers()
	for i, to := range all {
		if to != "" && slices.Contains(all[:i], to) {
			at := s.Else
			if i < before {
				at = s.To.list[i]
			}
			at.wrong("duplicate-id", "", "%q is in this route already", to)
		}
	}
	switch {
	case len(s.To.list) == 0:
		s.To.wrong("missing-value", "name a team or a rep", "the route leads to nobody")
	case r.After > 0 && len(all) == 1:
		s.After.wrong("no-tier", "name who is next: to: [enterprise, midmarket], or else: support", "nobody is next after %s", lapseText(r.After))
	case len(r.Then) > 0 && r.After == 0:
		s.To.doubt("no-after", "add after: 15m, if the next is to have what the first does not take", "a lead that %q does not take stays with them for ever: the next has only what they cannot serve", r.To)
	}
	if r.For > 0 && !slices.Contains(all, Owner) {
		s.For.wrong("no-owner", "only a route to the owner has a `for`", "this route does not lead to the owner")
	}
}

// target reports who is nobody.
func target(w word, r *Roster) {
	to := w.text
	if to == "" || to == Owner || to == ToAccount || r.Team(to) != nil || r.Rep(to) != nil {
		return
	}
	known := append(append(r.teamIDs(), r.repIDs()...), Owner, ToAccount)
	w.wrong("unknown-team", didYouMean(to, known), "there is no team or rep %q", to)
}

package flows

import "fmt"

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
		route := &Route{If: v.condition(s.If), To: s.To.text, Within: s.Within.or(0), Place: s.place()}
		m.target(s, r)
		last := i == len(m.shape.Routes)-1
		switch {
		case last && s.If.set():
			s.If.wrong("no-fallback", "add a last route: { to: TEAM }", "the last route has a condition: a lead that fits none would have nobody")
		case last && route.To == Owner:
			s.To.wrong("no-fallback", "end with a team", "the last route leads to the owner, whom a lead may not have")
		case !last && !s.If.set() && route.Within == 0:
			s.doubt("unreachable", "put it last", "no route below this one is ever looked at while somebody here can serve")
		}
		r.Routes = append(r.Routes, route)
	}
}

func (m *rosterMaker) target(s *routeShape, r *Roster) {
	to := s.To.text
	if to == "" || to == Owner || r.Team(to) != nil || r.Rep(to) != nil {
		return
	}
	known := append(append(r.teamIDs(), r.repIDs()...), Owner)
	s.To.wrong("unknown-team", didYouMean(to, known), "there is no team or rep %q", to)
}

package routing

import (
	"cmp"
	"fmt"
	"strings"

	"usher/flows"
)

// sentence is why a rep got the lead: "Enterprise team: country is India and team size is 250; Asha is next by fair
// share (3 of 7 leads, weight 2)".
func sentence(t target, rep *flows.Rep, how string) string {
	if t.team == nil {
		t.reps = []*flows.Rep{rep} // of several who are no team
	}
	return called(t) + ": " + t.why + "; " + how
}

// called is the team or the rep as people call them.
func called(t target) string {
	if t.team == nil {
		return cmp.Or(t.reps[0].Name, t.reps[0].ID)
	}
	return title(t.team.ID)
}

// alone is how the only one of a target came to it.
func alone(t target, rep *flows.Rep) string {
	if t.team == nil {
		return "the lead goes to " + first(rep) + " directly"
	}
	return first(rep) + " is the only one in the team"
}

// unable is the clause of a fallback where nobody can serve.
func unable(why string, meet bool) string {
	if meet {
		return why + ", although nobody there has a free time"
	}
	return why + ", although nobody there takes leads now"
}

// because is the clause for a target of a route that holds: what it looked at, with the values.
func because(route *flows.Route, to string, s *flows.Scope) string {
	switch {
	case to == flows.Owner && s.OwnedBy == flows.OwnedByDomain:
		return "already has a lead of this company"
	case to == flows.Owner && s.OwnedBy == flows.OwnedByCRM:
		return "has this lead by its record"
	case to == flows.Owner:
		return "already has this lead"
	case to == flows.ToAccount:
		return "has this named account"
	case route.If == nil:
		return "takes what no other route does"
	}
	if text := facts(route.If, s); text != "" {
		return text
	}
	return route.If.Source
}

// facts tells the fields that a condition names with their values. It is "" when the condition names something else,
// a field that is not known, or one that would put a person's data into the reason.
func facts(c *flows.Condition, s *flows.Scope) string {
	var out []string
	for _, name := range c.Fields {
		v, ok := s.Values[name]
		if !ok || !impersonal(v.Type) {
			return ""
		}
		out = append(out, strings.ReplaceAll(name, "_", " ")+" is "+shown(name, v, s))
	}
	return strings.Join(out, " and ")
}

func impersonal(t flows.Type) bool {
	switch t {
	case flows.TypeChoice, flows.TypeChoices, flows.TypeYesNo, flows.TypeNumber, flows.TypeMoney, flows.TypeCountry:
		return true
	default:
		return false
	}
}

func shown(name string, v flows.Value, s *flows.Scope) string {
	if s.Show != nil && v.Type != flows.TypeChoice && v.Type != flows.TypeChoices {
		if text := s.Show(&flows.Field{Name: name, Type: v.Type, Unit: v.Currency}, v, "en"); text != "" {
			return text
		}
	}
	switch v.Type {
	case flows.TypeMoney:
		return v.Text + " " + v.Currency
	case flows.TypeChoices:
		return strings.Join(v.List, ", ")
	case flows.TypeYesNo:
		if v.Yes {
			return "yes"
		}
		return "no"
	default:
		return fmt.Sprint(v.Plain())
	}
}

// title is a team as people call it: Enterprise team.
func title(id string) string {
	words := strings.ReplaceAll(id, "-", " ")
	if words == "" {
		return "Team"
	}
	return strings.ToUpper(words[:1]) + words[1:] + " team"
}

// first is what colleagues call a rep.
func first(rep *flows.Rep) string {
	if names := strings.Fields(rep.Name); len(names) > 0 {
		return names[0]
	}
	return rep.ID
}

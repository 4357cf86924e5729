package routing_test

import (
	"fmt"
	"maps"
	"testing"
	"testing/fstest"

	"usher/bot/routing"
	"usher/flows"
)

const teamYAML = `
timezone: UTC
hours: { office: { mon-fri: "09:00-17:00" } }
reps:
  - { id: asha, name: Asha Rao, email: asha@acme.example, hours: office, weight: 2 }
  - { id: ben, name: Ben Ode, email: ben@acme.example, hours: office }
teams:
  - { id: enterprise, reps: [asha, ben] }
  - { id: field-sales, reps: [ben] }
routes:
  - { if: email endsWith ".edu", to: field-sales }
  - { if: 'country in ["IN", "BD"] and team_size >= 200', to: enterprise }
  - { if: grade == "hot", to: ben }
  - { to: field-sales }
`

const flowYAML = `
flow: book
title: Book
languages: [en]
fields:
  country: { type: country }
  team_size: { type: number }
steps:
  - { id: ask, ask: country, say: Where? }
  - { id: size, ask: team_size, say: How many? }
  - { id: mail, ask: email, say: Which address? }
  - { id: done, end: qualified }
grades: { hot: 10, cold: 0 }
`

func loaded(t *testing.T) *flows.Roster {
	t.Helper()
	w, problems := flows.Load(fstest.MapFS{"team.yaml": {Data: []byte(teamYAML)}, "book.yaml": {Data: []byte(flowYAML)}})
	if w == nil {
		t.Fatal(problems)
	}
	return w.Roster
}

func TestEveryRouteAndRepHasAVerdict(t *testing.T) {
	r := loaded(t)
	values := map[string]flows.Value{
		"country": {Type: flows.TypeCountry, Text: "IN"}, "team_size": {Type: flows.TypeNumber, Number: 250},
	}
	c := choose(t, r, routing.Request{Key: "k", Not: []string{"ben"}, Scope: &flows.Scope{Values: values, Roster: r}}, routing.State{})
	got := map[string]string{}
	for _, v := range c.Trace {
		got[fmt.Sprint(v.Route, v.Team, v.Rep)] = v.Because
		if v.Taken != (v.Rep == "asha") {
			t.Errorf("%+v", v)
		}
	}
	want := map[string]string{
		"0field-sales":    `does not hold: email endsWith ".edu"`,
		"1enterpriseben":  "is not to be asked again",
		"1enterpriseasha": c.Because,
		"2":               "an earlier route took the lead",
		"3field-sales":    "an earlier route took the lead",
	}
	if !maps.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}

func TestTheReasonTellsWhatTheRouteLookedAt(t *testing.T) {
	r := loaded(t)
	number := func(n float64) flows.Value { return flows.Value{Type: flows.TypeNumber, Number: n} }
	text := func(t flows.Type, s string) flows.Value { return flows.Value{Type: t, Text: s} }
	show := func(_ *flows.Field, v flows.Value, _ string) string {
		return map[string]string{"IN": "India"}[v.Text]
	}
	for name, c := range map[string]struct {
		scope     flows.Scope
		team, rep string
		because   string
	}{
		"values of the fields": {
			flows.Scope{Values: map[string]flows.Value{"country": text(flows.TypeCountry, "IN"), "team_size": number(250)}, Show: show},
			"enterprise", "asha", "Enterprise team: country is India and team size is 250; Asha is next by fair share (0 of 0 leads, weight 2)",
		},
		"no address in a reason": {
			flows.Scope{Values: map[string]flows.Value{"email": text(flows.TypeEmail, "a@b.edu")}},
			"field-sales", "ben", `Field sales team: email endsWith ".edu"; Ben is the only one in the team`,
		},
		"a grade is no field": {
			flows.Scope{Grade: "hot"}, "", "ben", `Ben Ode: grade == "hot"; the lead goes to Ben directly`,
		},
		"the last route": {
			flows.Scope{}, "field-sales", "ben", "Field sales team: takes what no other route does; Ben is the only one in the team",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.scope.Roster = r
			got := choose(t, r, routing.Request{Key: "k", Scope: &c.scope}, routing.State{})
			if got.Team != c.team || got.Rep != c.rep || got.Because != c.because {
				t.Errorf("%s/%s: %s, want %s/%s: %s", got.Team, got.Rep, got.Because, c.team, c.rep, c.because)
			}
		})
	}
}

package routing_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"usher/bot/routing"
	"usher/flows"
)

// rosterOf is a roster of asha (en, hi), ben (en, de) and cora (no languages written), with these teams and routes.
func rosterOf(t *testing.T, rest string) *flows.Roster {
	t.Helper()
	w, problems := flows.Load(fstest.MapFS{
		"a.yaml": {Data: []byte(`
flow: a
languages: [en, hi, de]
fields:
  seats: { type: number }
  product: { type: choice, options: { shelf: { en: Shelf, hi: Shelf, de: Shelf }, till: { en: Till, hi: Till, de: Till } } }
  country: { type: country }
steps: [{ id: meet, book: {}, say: { en: When, hi: When, de: When } }, { id: bye, end: nurture, say: { en: Bye, hi: Bye, de: Bye } }]
`)},
		"team.yaml": {Data: []byte(`
timezone: UTC
hours: { all: { mon-sun: "00:00-24:00" } }
reps:
  - { id: asha, name: Asha Rao, languages: [en, hi], limits: { open: 2 } }
  - { id: ben, name: Ben Ode, languages: [en, de] }
  - { id: cora, name: Cora Diaz }
` + rest)},
	})
	if w == nil {
		t.Fatal(problems)
	}
	return w.Roster
}

const tiered = `
teams:
  - { id: enterprise, reps: [asha] }
  - { id: mid, reps: [ben] }
  - { id: help, reps: [cora] }
routes:
  - { if: seats >= 100, to: [enterprise, mid], after: 15m, wait: 4h, else: help }
  - { to: help }
`

func seats(n float64) *flows.Scope {
	return &flows.Scope{Values: map[string]flows.Value{"seats": {Type: flows.TypeNumber, Number: n, Text: "200"}}}
}

func TestTiers(t *testing.T) {
	r := rosterOf(t, tiered)
	full := routing.State{Open: map[string]int{"asha": 2}}
	away := routing.State{Away: map[string]bool{"asha": true, "ben": true}}
	t.Run("the first tier has the lead, and who is next is told", func(t *testing.T) {
		c := choose(t, r, routing.Request{Scope: seats(200)}, routing.State{Open: map[string]int{"asha": 1}})
		want(t, c, "enterprise", "asha", "seats is 200; Asha is the only one in the team")
		if !slices.Equal(c.Next.To, []string{"mid", "help"}) || c.Next.After != 15*time.Minute || c.Next.Route != 0 {
			t.Errorf("%+v", c.Next)
		}
	})
	t.Run("a tier that cannot serve falls through at once, and the reason says so", func(t *testing.T) {
		c := choose(t, r, routing.Request{Scope: seats(200)}, full)
		want(t, c, "mid", "ben", "nobody of enterprise could take it")
		if c.Trace[0].Because != "has 2 of 2 open leads" {
			t.Errorf("%+v", c.Trace)
		}
	})
	t.Run("where no tier can, the lead waits in the first one's place", func(t *testing.T) {
		c := choose(t, r, routing.Request{Scope: seats(200)}, away)
		if c.Rep != "" || c.Wait == nil || c.Wait.Place != "enterprise" || c.Wait.For != 4*time.Hour || c.Wait.Else != "help" || !slices.Equal(c.Wait.To.To, []string{"enterprise", "mid"}) {
			t.Errorf("%+v", c)
		}
	})
	t.Run("one that cannot wait ends in the fallback that the route names", func(t *testing.T) {
		want(t, choose(t, r, routing.Request{Scope: seats(200), Must: true}, away), "help", "cora", "nobody of mid could take it")
	})
	t.Run("after its time the next tier is asked before the routes", func(t *testing.T) {
		q := routing.Request{Scope: seats(200), Not: []string{"asha"}, First: routing.Tiers{To: []string{"mid", "help"}, After: 15 * time.Minute}, Must: true}
		c := choose(t, r, q, routing.State{})
		want(t, c, "mid", "ben", "did not take it in time")
		if !slices.Equal(c.Next.To, []string{"help"}) {
			t.Errorf("%+v", c.Next)
		}
		want(t, choose(t, r, q, away), "help", "cora", "")
	})
	t.Run("of who waits nobody else is asked", func(t *testing.T) {
		q := routing.Request{Scope: seats(200), Now: now, First: routing.Tiers{To: []string{"enterprise"}}, Only: true}
		if _, err := routing.Choose(r, q, full); !errors.Is(err, routing.ErrFull) {
			t.Error(err)
		}
		want(t, choose(t, r, q, routing.State{}), "enterprise", "asha", "waited its turn")
	})
	t.Run("who has the lead keeps it, however many they have", func(t *testing.T) {
		want(t, choose(t, r, routing.Request{Scope: seats(200), Keep: "asha"}, full), "enterprise", "asha", "")
	})
	t.Run("nobody has a lead beyond the open limit as long as somebody else can have it, meeting or not", func(t *testing.T) {
		s := full
		s.Soonest = free(map[string]int{"asha": 2, "ben": 3, "cora": 3})
		want(t, choose(t, r, routing.Request{Scope: seats(200), Meet: true}, s), "mid", "ben", "")
	})
	t.Run("an empty team falls through", func(t *testing.T) {
		empty := rosterOf(t, tiered)
		empty.Team("enterprise").Reps = nil
		c := choose(t, empty, routing.Request{Scope: seats(200)}, routing.State{})
		want(t, c, "mid", "ben", "")
		if c.Trace[0].Because != "the team enterprise has nobody" {
			t.Errorf("%+v", c.Trace)
		}
	})
}

func TestLanguages(t *testing.T) {
	roster := func(t *testing.T, languages string) *flows.Roster {
		return rosterOf(t, `
teams:
  - { id: sales, reps: [ben, asha], assign: in_order`+languages+` }
  - { id: help, reps: [cora] }
routes:
  - { to: sales, within: 7d }
  - { to: help }
`)
	}
	hindi, farsi := &flows.Scope{Language: "hi-IN"}, &flows.Scope{Language: "fa"}
	t.Run("who speaks the visitor's language goes first", func(t *testing.T) {
		c := choose(t, roster(t, ""), routing.Request{Scope: hindi}, routing.State{})
		want(t, c, "sales", "asha", "Asha is first in order")
		if !slices.ContainsFunc(c.Trace, func(v routing.Verdict) bool {
			return v.Rep == "ben" && v.Because == "does not speak hi-IN, and others do"
		}) {
			t.Errorf("%+v", c.Trace)
		}
	})
	t.Run("where nobody does the lead goes to somebody all the same, and the reason says so", func(t *testing.T) {
		want(t, choose(t, roster(t, ""), routing.Request{Scope: farsi}, routing.State{}), "sales", "ben", "nobody who speaks fa could take it")
		want(t, choose(t, roster(t, ""), routing.Request{Scope: hindi}, routing.State{Away: map[string]bool{"asha": true}}), "sales", "ben", "nobody who speaks hi-IN could take it")
	})
	t.Run("in a team that must match, nobody else can serve", func(t *testing.T) {
		want(t, choose(t, roster(t, ", languages: match"), routing.Request{Scope: farsi}, routing.State{}), "help", "cora", "")
		want(t, choose(t, roster(t, ", languages: match"), routing.Request{Scope: hindi}, routing.State{}), "sales", "asha", "")
	})
	t.Run("a team may ignore it", func(t *testing.T) {
		c := choose(t, roster(t, ", languages: ignore"), routing.Request{Scope: hindi}, routing.State{})
		want(t, c, "sales", "ben", "")
		if strings.Contains(c.Because, "speaks") {
			t.Error(c.Because)
		}
	})
	t.Run("who has the lead keeps it, whatever they speak", func(t *testing.T) {
		want(t, choose(t, roster(t, ""), routing.Request{Scope: hindi, Keep: "ben"}, routing.State{}), "sales", "ben", "")
	})
}

func TestSegments(t *testing.T) {
	r := rosterOf(t, `
teams: [{ id: sales, reps: [cora] }]
routes:
  - { if: country in ["IN", "BD"], to: asha }
  - { if: language == "de", to: ben }
  - { if: seats >= 100, to: asha }
  - { if: product == "till", to: ben }
  - { to: sales }
`)
	value := func(field string, v flows.Value) *flows.Scope {
		return &flows.Scope{Language: "en", Values: map[string]flows.Value{field: v}}
	}
	for name, c := range map[string]struct {
		scope *flows.Scope
		rep   string
	}{
		"country":  {value("country", flows.Value{Type: flows.TypeCountry, Text: "BD"}), "asha"},
		"language": {&flows.Scope{Language: "de"}, "ben"},
		"size":     {value("seats", flows.Value{Type: flows.TypeNumber, Number: 100, Text: "100"}), "asha"},
		"product":  {value("product", flows.Value{Type: flows.TypeChoice, Text: "till"}), "ben"},
		"none":     {&flows.Scope{Language: "en"}, "cora"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := choose(t, r, routing.Request{Scope: c.scope}, routing.State{}); got.Rep != c.rep {
				t.Errorf("%s: %+v", got.Rep, got.Trace)
			}
		})
	}
}

func TestOwnersAndAccounts(t *testing.T) {
	r := rosterOf(t, `
teams: [{ id: sales, reps: [cora] }]
accounts: [{ domain: bigco.example, to: ben }]
routes:
  - { if: known(owner), to: owner, for: 90d }
  - { if: known(account), to: account }
  - { to: sales }
`)
	scope := &flows.Scope{Owner: "asha", OwnedAt: now.Add(-90 * 24 * time.Hour), Values: map[string]flows.Value{"email": {Type: flows.TypeEmail, Text: "p@bigco.example"}}}
	want(t, choose(t, r, routing.Request{Scope: scope}, routing.State{}), "", "asha", "already has this lead")
	full := routing.State{Open: map[string]int{"asha": 2}}
	want(t, choose(t, r, routing.Request{Scope: scope}, full), "", "asha", "already has this lead; the lead goes to Asha directly; has 2 of 2 open leads, but this is no new one")
	colleague := *scope
	colleague.OwnedBy = flows.OwnedByDomain // somebody else of the company is a new lead
	want(t, choose(t, r, routing.Request{Scope: &colleague}, full), "", "ben", "has this named account")
	scope.OwnedAt = scope.OwnedAt.Add(-time.Second)
	c := choose(t, r, routing.Request{Scope: scope}, routing.State{})
	want(t, c, "", "ben", "has this named account")
	if !strings.Contains(c.Trace[0].Because, "has not changed since") {
		t.Errorf("%+v", c.Trace)
	}
	scope.Owner = "crm-77"
	if c = choose(t, r, routing.Request{Scope: scope}, routing.State{}); c.Trace[0].Because != "crm-77, who has the lead, is not in the roster" {
		t.Errorf("%+v", c.Trace)
	}
	want(t, choose(t, r, routing.Request{Scope: &flows.Scope{}}, routing.State{}), "sales", "cora", "")
}

func TestAHolidayIsADayAway(t *testing.T) {
	r := house()
	r.Holidays = []flows.Date{{Year: 2026, Month: 11, Day: 23}}
	r.Rep("ben").Dates = []flows.DayHours{{DateRange: flows.DateRange{From: r.Holidays[0], To: r.Holidays[0]}, Spans: []flows.Span{{From: 540, To: 720}}}}
	want(t, choose(t, r, routing.Request{}, routing.State{}), "enterprise", "ben", "")
}

package dialogue_test

import (
	"maps"
	"strings"
	"testing"

	"usher/bot/dialogue"
	"usher/flows"
)

func TestRoutesNameTheLikelyCountry(t *testing.T) {
	const route = `routes: [{ if: country in ["IN", "BD"], to: sales }, { to: support }]`
	sources := maps.Clone(acme)
	sources["team.yaml"] = strings.Replace(acme["team.yaml"], "routes:\n  - { to: sales }", route, 1)
	asking := maps.Clone(sources)
	asking["book-a-demo.yaml"] = strings.Replace(acme["book-a-demo.yaml"], "note:      { type: text }", "note:      { type: text }\n  country:   { type: country }", 1)
	elsewhere := maps.Clone(sources)
	elsewhere["book-a-demo.yaml"] = strings.Replace(acme["book-a-demo.yaml"], "note:      { type: text }", "note:      { type: country }", 1)
	for name, c := range map[string]struct {
		sources map[string]string
		visit   flows.Visit
		said    string
		holds   bool
	}{
		"by the zone": {sources, flows.Visit{Timezone: "Asia/Dhaka", Language: "en-US"}, "", true},
		"by the language where the zone says nothing":       {sources, flows.Visit{Timezone: "UTC", Language: "en-IN"}, "", true},
		"not where neither says it":                         {sources, flows.Visit{Timezone: "UTC", Language: "en"}, "", false},
		"not where the zone is another":                     {sources, flows.Visit{Timezone: "Europe/Berlin", Language: "en-IN"}, "", false},
		"not where the flow asks and has no answer":         {asking, flows.Visit{Timezone: "Asia/Kolkata"}, "", false},
		"as said, under whatever name the flow asks for it": {elsewhere, flows.Visit{Timezone: "Asia/Kolkata"}, "Germany", false},
	} {
		t.Run(name, func(t *testing.T) {
			m := load(t, c.sources, "book-a-demo")
			talk := begin(t, m, dialogue.Started{Visit: c.visit})
			if c.said != "" {
				talk.choose("demo").say("5").say("skip").say(c.said)
			}
			w, _ := flows.Load(flows.SourceFS(c.sources))
			holds, err := w.Roster.Routes[0].If.Holds(m.Scope(talk.c, monday))
			if err != nil || holds != c.holds {
				t.Errorf("holds %v, %v", holds, err)
			}
		})
	}
}

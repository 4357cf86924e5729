package flows

import (
	"testing"
)

// TestTemplates: each template is a workspace without a single finding, laid out as all are.
func TestTemplates(t *testing.T) {
	for _, name := range TemplateNames() {
		t.Run(name, func(t *testing.T) {
			files, err := New("my-flow", name, func(string) bool { return false })
			if err != nil {
				t.Fatal(err)
			}
			w, _, problems := Prove(SourceFS(files))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			if w.Flow("my-flow") == nil || len(w.Stories) != 1 || w.Stories[0].Flow != "my-flow" {
				t.Error("the flow or its story does not have the name")
			}
		})
	}
	every(t, templates, func(name, text string) {
		kind := map[string]string{"story.yaml": "stories/x.yaml"}[name[len(name)-10:]]
		if kind == "" {
			kind = name
		}
		if got, problems := Format(kind, text); got != text || len(problems) > 0 {
			t.Errorf("%s would be\n%s%v", name, got, problems)
		}
	})
}

func TestNewNeverOverwrites(t *testing.T) {
	for name, c := range map[string]struct {
		called, template string
		there            []string
		made             int
	}{
		"an empty folder gets a whole workspace":   {"demo", "demo", nil, 5},
		"a workspace gets a flow":                  {"demo", "demo", []string{"team.yaml", "faq.yaml", "stories"}, 1},
		"a flow that is there stays":               {"demo", "demo", []string{"demo.yaml"}, 0},
		"a calendar that is there stays":           {"demo", "bant", []string{"calendars/rep.ics"}, 4},
		"a name is an id":                          {"../demo", "demo", nil, 0},
		"team is the name of another kind of file": {"team", "demo", nil, 0},
		"a template has a name":                    {"demo", "dmeo", nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			there := map[string]bool{}
			for _, f := range c.there {
				there[f] = true
			}
			files, err := New(c.called, c.template, func(f string) bool { return there[f] })
			if len(files) != c.made || (err == nil) != (c.made > 0) {
				t.Errorf("made %d files, %v", len(files), err)
			}
			for f := range files {
				if there[f] {
					t.Errorf("%s is made anew", f)
				}
			}
		})
	}
}

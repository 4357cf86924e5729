package rehearse_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"usher/bot/answer"
	"usher/bot/rehearse"
	"usher/flows"
)

func TestClasses(t *testing.T) {
	w := load(t, map[string]string{"flow.yaml": `flow: f
fields:
  goal: { type: choice, options: { demo: Book a demo, help: Get help } }
  wants: { type: choices, options: { api: API, sso: SSO, other: Other, more: More }, min: 2 }
  size: { type: number, min: 1, max: 1000, whole: true }
  seats: { type: number }
  budget: { type: money, currency: USD }
  email: { type: email, work: true }
  code: { type: text, pattern: "[A-Z]{2}-[0-9]{3}" }
  about: { type: text, min: 20 }
  urgent: { type: yesno }
  start: { type: date, from: today, to: 90d }
  country: { type: country }
  phone: { type: phone }
  site: { type: url }
steps:
  - { id: goal, ask: goal, say: Goal?, next: [{ if: 'goal == "help"', to: done }] }
  - { id: size, ask: size, say: Size?, next: [{ if: size * 2 > 100, to: done }] }
  - { id: wants, ask: wants, say: Wants?, next: [{ if: '"api" in wants', to: done }] }
  - { id: done, end: nurture, say: "Bye {{ budget > 0 ? 'rich' : '' }}" }
score:
  - { if: size in 20..199, points: 1, because: b }
  - { if: email endsWith ".edu", points: -1, because: student }
  - { if: start < "2026-12-01", points: 1, because: soon }
  - { if: 'country in ["IN", "BD"]', points: 1, because: near }
  - { if: code matches "^DE", points: 1, because: german }
`})
	classes := rehearse.Classes(w, w.Flows[0], monday)
	for field, want := range map[string]string{
		"goal":    "Book a demo · Get help · refused",
		"wants":   "SSO and Other · API and SSO · refused",
		"size":    "19 · 20 · 51 · 200 · refused",
		"seats":   "25 · refused",
		"budget":  "$0 · $1 · refused",
		"email":   "sam@bigco.example · sam@bigco.edu · refused",
		"code":    "AA-111 · refused",
		"about":   "We count by hand. We count by hand. · refused",
		"urgent":  "Yes · No · refused",
		"start":   "26 November 2026 · 30 November 2026 · 1 December 2026 · 2 December 2026 · refused",
		"country": "New Zealand · India · Bangladesh · refused",
		"phone":   "+1 415-555-2671 · refused",
		"site":    "https://bigco.example · refused",
		"name":    "Sam Lee",
	} {
		t.Run(field, func(t *testing.T) {
			var labels []string
			for _, c := range classes[field] {
				labels = append(labels, c.Label)
			}
			if got := strings.Join(labels, " · "); got != want {
				t.Errorf("is %s\nnot %s", got, want)
			}
		})
	}
}

// TestClassesAreRead: what a class says is read as its value, and what it refuses is refused.
func TestClassesAreRead(t *testing.T) {
	w, problems := flows.Load(flows.Example())
	if w == nil {
		t.Fatal(problems)
	}
	for _, f := range w.Flows {
		for name, list := range rehearse.Classes(w, f, monday) {
			for _, c := range list {
				q := answer.Question{Field: f.Field(name), Language: "en", Now: monday}
				v, err := answer.Read(q, c.Said.Text)
				if c.Said.Value != "" {
					v, err = answer.Choose(q, c.Said.Value)
				}
				if (err != nil) != (c.Kind == rehearse.Refused) {
					t.Errorf("%s of %s: %v", c.Label, name, err)
				}
				if err == nil && fmt.Sprint(v) != fmt.Sprint(c.Value) {
					t.Errorf("%s of %s is read as %v, not %v", c.Label, name, v, c.Value)
				}
			}
			if !slices.ContainsFunc(list, func(c rehearse.Class) bool { return c.Kind == rehearse.Valued }) && f.Field(name).From == "" {
				t.Errorf("%s has no answer", name)
			}
		}
	}
}

// load makes a workspace of files.
func load(t testing.TB, files map[string]string) *flows.Workspace {
	t.Helper()
	fs := fstest.MapFS{}
	for name, text := range files {
		fs[name] = &fstest.MapFile{Data: []byte(text)}
	}
	w, problems := flows.Load(fs)
	if w == nil {
		t.Fatal(problems)
	}
	return w
}

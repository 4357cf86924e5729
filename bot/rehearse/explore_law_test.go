package rehearse

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"usher/flows"
)

var someMonday = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// TestMergingChangesNothing: on small flows, what is found with states merged is what is found with every conversation
// walked that differs in anything at all; and every story is told as it was written.
func TestMergingChangesNothing(t *testing.T) { rapid.Check(t, mergingChangesNothing) }

// FuzzExplore looks for a flow on which an exploration fails, hangs or tells a story that does not come out.
func FuzzExplore(f *testing.F) { f.Fuzz(rapid.MakeFuzz(mergingChangesNothing)) }

func mergingChangesNothing(t *rapid.T) {
	w := drawWorkspace(t)
	if w == nil {
		t.Skip("the flow is not one")
	}
	merged, whole := explored(t, w, false), explored(t, w, true)
	if merged.Bounded != "" || whole.Bounded != "" {
		t.Skip("too many states")
	}
	if merged.States > whole.States {
		t.Fatalf("merging made %d states of %d", merged.States, whole.States)
	}
	if merged.Shortest != whole.Shortest || merged.Longest != whole.Longest {
		t.Fatalf("questions %d to %d, not %d to %d", merged.Shortest, merged.Longest, whole.Shortest, whole.Longest)
	}
	for i, p := range merged.Proofs {
		other := whole.Proofs[i]
		if p.Holds != other.Holds {
			t.Fatalf("%s holds: %v merged, %v whole\n%s", p.Says, p.Holds, other.Holds, yamlOf(p.Story, other.Story))
		}
		if !p.Holds && deeds(p.Story) > deeds(other.Story) && p.Property != "ends" {
			t.Fatalf("%s: a shorter story is\n%snot\n%s", p.Says, other.Story.YAML(), p.Story.YAML())
		}
		reproduce(t, w, p)
	}
}

func explored(t *rapid.T, w *flows.Workspace, exact bool) *Explored {
	x, err := newExplorer(Exploration{Workspace: w, Flow: w.Flows[0], Now: someMonday, States: 200, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	x.exact = exact
	if err := x.walk(context.Background()); err != nil {
		t.Fatal(err)
	}
	return x.explored()
}

// reproduce tells a story as its author would.
func reproduce(t *rapid.T, w *flows.Workspace, p Proof) {
	if p.Holds || p.Property == "errors" {
		return
	}
	files := fstest.MapFS{"stories/one.yaml": {Data: []byte(p.Story.YAML())}}
	for name, text := range w.Sources {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	read, problems := flows.Load(files)
	if read == nil {
		t.Fatalf("%v\n%s", problems, p.Story.YAML())
	}
	if r := Tell(read, nil, read.Stories[0]); r.Failed != "" {
		t.Fatalf("%s\n%s\n%s", r.Failed, strings.Join(r.Lines, "\n"), p.Story.YAML())
	}
}

func yamlOf(stories ...*flows.Story) (out string) {
	for _, s := range stories {
		if s != nil {
			out += s.YAML()
		}
	}
	return out
}

// deeds is how many turns of a story somebody does something in.
func deeds(s *flows.Story) (n int) {
	for _, t := range s.Turns {
		if t.Bot == "" && t.Expect == nil && t.Given == nil {
			n++
		}
	}
	return n
}

const drawnTeam = `timezone: UTC
hours: { office: { mon-fri: "09:00-17:00" } }
reps:
  - { id: asha, name: Asha, email: asha@acme.example, timezone: UTC, hours: office }
  - { id: ben, name: Ben, email: ben@acme.example, timezone: UTC, hours: office, title: Chief }
teams:
  - { id: sales, reps: [asha, ben], assign: fair }
  - { id: support, reps: [ben], assign: fair }
routes:
  - { if: size >= 50, to: sales }
  - { if: known(owner), to: owner }
  - { to: support }
`

// drawWorkspace is a workspace of one small flow, or nil where what was drawn is not a flow.
func drawWorkspace(t *rapid.T) *flows.Workspace {
	conditions := []string{
		`goal == "demo"`, "size >= 50", "size in 10..49", "known(size)", "urgent", "grade == 'hot'", "score > 15", "booked", "joined",
		"visits >= 2", `visited("/pricing*")`, `open("office")`, `rep.id == "ben"`, "known(email)", "part.need >= 10", `email endsWith ".edu"`, "not urgent and size < 50",
	}
	condition := rapid.SampledFrom(conditions)
	n := rapid.IntRange(1, 5).Draw(t, "steps")
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("s%d", i)
	}
	to := rapid.SampledFrom(append(append([]string{}, ids...), "bye", "done"))
	var b strings.Builder
	b.WriteString("flow: f\nfields:\n  goal: { type: choice, options: { demo: Demo, help: Help } }\n  size: { type: number, min: 1, whole: true }\n  urgent: { type: yesno }\nsteps:\n")
	for _, id := range ids {
		fmt.Fprintf(&b, "  - { id: %s, ", id)
		switch kind := rapid.SampledFrom([]string{"goal", "size", "urgent", "email", "book", "handoff", "say", "next"}).Draw(t, "kind"); kind {
		case "book":
			b.WriteString("book: { offer: 1 }, say: 'A time with {{ rep.title }}'")
		case "handoff":
			b.WriteString("handoff: { team: support, wait: 2m }")
		case "say":
			b.WriteString("say: '{{ urgent ? name : company }}'")
		case "next":
			b.WriteString("say: Well")
		default:
			fmt.Fprintf(&b, "ask: %s, say: Which %s?", kind, kind)
			if rapid.Bool().Draw(t, "optional") {
				b.WriteString(", optional: true")
			}
			if rapid.Bool().Draw(t, "again") {
				b.WriteString(", again: true")
			}
			if rapid.Bool().Draw(t, "else") {
				fmt.Fprintf(&b, ", tries: 2, else: %s", to.Draw(t, "else"))
			}
		}
		edges := rapid.IntRange(0, 2).Draw(t, "edges")
		if edges > 0 {
			b.WriteString(", next: [")
			for range edges {
				fmt.Fprintf(&b, "{ if: %q, to: %s }, ", condition.Draw(t, "if"), to.Draw(t, "to"))
			}
			b.WriteString("]")
		}
		b.WriteString(" }\n")
	}
	b.WriteString("  - { id: done, end: qualified, say: '{{ company }}' }\n  - { id: bye, end: disqualified, say: Bye }\nscore:\n")
	for i := range rapid.IntRange(0, 3).Draw(t, "rules") {
		c := condition.Filter(func(c string) bool {
			return !strings.Contains(c, "grade") && !strings.Contains(c, "score") && !strings.Contains(c, "part")
		}).Draw(t, "rule")
		halves := ""
		if rapid.IntRange(0, 9).Draw(t, "halves") == 0 {
			halves = ", halves: 1d"
		}
		fmt.Fprintf(&b, "  - { if: %q, points: %d, because: rule %d, part: %s%s }\n", c, rapid.IntRange(-10, 20).Draw(t, "points"), i, rapid.SampledFrom([]string{"need", "fit"}).Draw(t, "part"), halves)
	}
	b.WriteString("  - { if: known(phone), points: 1, because: phone, part: need }\n")
	b.WriteString("caps: { need: 25 }\ngrades: { hot: 15, cold: -100 }\nquestions: 3\n")
	fmt.Fprintf(&b, "always: [{ if: %q, then: %q }]\nnever: [{ end: disqualified, if: %q }]\n", condition.Draw(t, "always"), condition.Draw(t, "then")+" or questions < 3 or offered", condition.Draw(t, "never"))
	w, _ := flows.Load(fstest.MapFS{"f.yaml": {Data: []byte(b.String())}, "team.yaml": {Data: []byte(drawnTeam)}})
	return w
}

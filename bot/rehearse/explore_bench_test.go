package rehearse

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"testing/fstest"

	"usher/flows"
)

// BenchmarkExplore walks a flow of eight questions, each of which counts, as usher explore does: on all cores, and
// collecting less.
func BenchmarkExplore(b *testing.B) {
	w, problems := flows.Load(fstest.MapFS{"f.yaml": {Data: []byte(eightQuestions())}})
	if w == nil {
		b.Fatal(problems)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	states, turns := 0, 0
	for b.Loop() {
		out, err := Exploration{Workspace: w, Flow: w.Flows[0], Now: someMonday, Workers: runtime.GOMAXPROCS(0)}.Run(context.Background())
		if err != nil || out.Bounded != "" {
			b.Fatal(err, out.Bounded)
		}
		states, turns = states+out.States, turns+out.Turns
	}
	b.ReportMetric(float64(states)/b.Elapsed().Seconds(), "states/s")
	b.ReportMetric(float64(turns)/b.Elapsed().Seconds(), "turns/s")
}

// eightQuestions is a flow whose every answer matters at its end.
func eightQuestions() string {
	var fields, steps, edges strings.Builder
	for i := range 8 {
		fmt.Fprintf(&fields, "  f%d: { type: choice, options: { a: Ay, b: Bee, c: Cee } }\n", i)
		fmt.Fprintf(&steps, "  - { id: s%d, ask: f%d, say: Which?, optional: true }\n", i, i)
		fmt.Fprintf(&edges, "      - { if: f%d == \"a\" and f%d == \"c\", to: done }\n", i, (i+3)%8)
	}
	return "flow: f\nfields:\n" + fields.String() + "steps:\n" + steps.String() + "  - id: which\n    next:\n" + edges.String() +
		"      - { to: bye }\n  - { id: done, end: qualified, say: Thank you. }\n  - { id: bye, end: nurture, say: Bye. }\n"
}

package main

import (
	"testing"
	"time"

	rehearsal "usher/bot/rehearse"
	"usher/flows"
)

// TestTemplatesHoldWhatIsProved: whoever begins with a template begins with a flow of which every property holds, on
// every path, and which is checked without a finding.
func TestTemplatesHoldWhatIsProved(t *testing.T) {
	for _, template := range flows.TemplateNames() {
		t.Run(template, func(t *testing.T) {
			files, err := flows.New("my-flow", template, func(string) bool { return false })
			must(t, err)
			w, _, problems := flows.Prove(flows.SourceFS(files))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			out, err := rehearsal.Exploration{Workspace: w, Flow: w.Flows[0], Now: aMonday, Workers: 2}.Run(t.Context())
			must(t, err)
			if out.Bounded != "" {
				t.Error(out.Bounded)
			}
			for _, p := range out.Proofs {
				if !p.Holds {
					t.Errorf("refuted: %s: %s\n%s", p.Says, p.Because, p.Story.YAML())
				}
			}
		})
	}
}

// aMonday is when explorations of the tests begin.
var aMonday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

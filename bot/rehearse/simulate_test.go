package rehearse

import (
	"context"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"usher/flows"
)

func example(t testing.TB) *flows.Workspace {
	t.Helper()
	ws, problems := flows.Load(flows.Example())
	if ws == nil {
		t.Fatal(problems)
	}
	return ws
}

func simulated(t testing.TB, s *Simulation) *Outcome {
	t.Helper()
	if s.Workspace == nil {
		s.Workspace = example(t)
	}
	if s.From.IsZero() {
		s.From = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	}
	o, err := s.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestMergedStatesComeToWhatTheEngineSays(t *testing.T) {
	merged := simulated(t, &Simulation{Visitors: 3000, Seed: 7})
	alone := simulated(t, &Simulation{Visitors: 3000, Seed: 7, apart: true})
	if !reflect.DeepEqual(merged, alone) {
		a, _ := json.MarshalIndent(merged, "", " ")
		b, _ := json.MarshalIndent(alone, "", " ")
		t.Errorf("%s\n%s", a, b)
	}
}

func BenchmarkSimulate(b *testing.B) {
	ws := example(b)
	for b.Loop() {
		simulated(b, &Simulation{Workspace: ws, Visitors: 100_000, Seed: 1})
	}
}

package main

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	rehearsal "usher/bot/rehearse"
	"usher/bot/slots"
	"usher/flows"
)

// The mutation run: how many of all small mistakes in the example's flows are found before a visitor meets them.
const (
	leastFound = 0.95
	// mostStates bounds one exploration; the example's larger flow has 21,000.
	mostStates = 40_000
	// mostExplored is how many mutants that check and stories let through are explored where there are more: one takes
	// seconds. They are taken evenly from all; the others count as survivors.
	mostExplored = 4
)

// TestMistakesAreFound makes every small mistake of each kind in the example's flows, and has it found: by a finding of
// usher check that the example does not have, by a story that fails, or by a property that usher explore refutes.
func TestMistakesAreFound(t *testing.T) {
	sources := sourcesOf(t, flows.Example())
	original, _, problems := flows.Prove(flows.SourceFS(sources))
	if original == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	var all []mutant
	for _, f := range original.Flows {
		all = append(all, mutants(f.Place.File, sources[f.Place.File])...)
	}
	h := hunt{sources: sources, busy: remembered(original)}
	found := h.all(t, all)
	counts := map[string]int{}
	var survivors []mutant
	for i, m := range all {
		counts[found[i]]++
		if found[i] == "" {
			survivors = append(survivors, m)
			t.Log("survives: ", m)
		}
	}
	share := float64(len(all)-len(survivors)) / float64(len(all))
	t.Logf("%d mistakes: %d found by check, %d by stories, %d by explore; %d survive: %.1f %% are found",
		len(all), counts["check"], counts["stories"], counts["explore"], len(survivors), 100*share)
	if share < leastFound {
		t.Errorf("%.1f %% of the mistakes are found, not %.0f %%", 100*share, 100*leastFound)
	}
}

// sourcesOf are all files of a workspace.
func sourcesOf(t *testing.T, files fs.FS) map[string]string {
	t.Helper()
	sources := map[string]string{}
	must(t, fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, name)
		sources[name] = string(data)
		return err
	}))
	return sources
}

// hunt looks for mistakes.
type hunt struct {
	sources map[string]string
	busy    func(rep *flows.Rep, from, to time.Time) ([]slots.Interval, error)
}

// all says for each mutant by what it is found, "" by nothing: the cheap ways first.
func (h hunt) all(t *testing.T, all []mutant) []string {
	t.Helper()
	found := make([]string, len(all))
	h.parallel(t, len(all), func(i int) error {
		found[i] = h.cheaply(all[i])
		return nil
	})
	var left []int
	for i := range all {
		if found[i] == "" {
			left = append(left, i)
		}
	}
	n := min(len(left), mostExplored)
	if n < len(left) {
		t.Logf("%d of the %d mutants that check and stories let through are explored", n, len(left))
	}
	h.parallel(t, n, func(k int) (err error) {
		i := left[k*len(left)/n]
		found[i], err = h.explored(t.Context(), all[i])
		return err
	})
	return found
}

func (h hunt) parallel(t *testing.T, n int, work func(i int) error) {
	t.Helper()
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		group.Go(func() error { return work(i) })
	}
	must(t, group.Wait())
}

// with is the workspace with the mistake.
func (h hunt) with(m mutant) fs.FS {
	sources := maps.Clone(h.sources)
	sources[m.file] = m.text
	return flows.SourceFS(sources)
}

// cheaply finds by check, then by stories.
func (h hunt) cheaply(m mutant) string {
	w, _, problems := flows.Prove(h.with(m))
	if len(problems) > 0 {
		return "check"
	}
	if slices.ContainsFunc(w.Stories, func(s *flows.Story) bool { return rehearsal.Tell(w, h.busy, s).Failed != "" }) {
		return "stories"
	}
	return ""
}

// explored finds by a property that no longer holds.
func (h hunt) explored(ctx context.Context, m mutant) (string, error) {
	w, problems := flows.Load(h.with(m))
	if w == nil {
		return "", problems
	}
	for _, f := range w.Flows {
		if f.Place.File != m.file {
			continue
		}
		out, err := rehearsal.Exploration{Workspace: w, Flow: f, Now: aMonday, States: mostStates, Workers: 1}.Run(ctx)
		if err != nil {
			return "", fmt.Errorf("explore %s: %w", m, err)
		}
		if slices.ContainsFunc(out.Proofs, func(p rehearsal.Proof) bool { return !p.Holds }) {
			return "explore", nil
		}
	}
	return "", nil
}

// remembered reads each stretch of a rep's calendar file once for all mutants: no mistake is made there.
func remembered(w *flows.Workspace) func(rep *flows.Rep, from, to time.Time) ([]slots.Interval, error) {
	var lock sync.Mutex
	read := map[string][]slots.Interval{}
	return func(rep *flows.Rep, from, to time.Time) ([]slots.Interval, error) {
		lock.Lock()
		defer lock.Unlock()
		key := strings.Join([]string{rep.ID, from.UTC().String(), to.UTC().String()}, " ")
		if spans, is := read[key]; is {
			return spans, nil
		}
		spans, err := filedBusy(w, w.Roster.Rep(rep.ID), from, to)
		if err == nil {
			read[key] = spans
		}
		return spans, err
	}
}

package rehearse_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"usher/bot/rehearse"
	"usher/flows"
)

var updateExplored = flag.Bool("update", false, "write what is found into the examples")

// TestExplored: what is found in each broken flow, and that its story comes out as written.
func TestExplored(t *testing.T) {
	names, err := filepath.Glob("testdata/explored/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			last := &archive.Files[len(archive.Files)-1]
			files := fstest.MapFS{}
			for _, f := range archive.Files {
				if f.Name != last.Name {
					files[f.Name] = &fstest.MapFile{Data: f.Data}
				}
			}
			got := found(t, files)
			if *updateExplored {
				last.Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got != string(last.Data) {
				t.Errorf("found\n%s\nnot\n%s", got, last.Data)
			}
		})
	}
}

// found is every property of a workspace's first flow, with the stories of those that are refuted.
func found(t *testing.T, files fstest.MapFS) string {
	w, problems := flows.Load(files)
	if w == nil {
		t.Fatal(problems)
	}
	out, err := rehearse.Exploration{Workspace: w, Flow: w.Flows[0], Now: monday, Workers: 2}.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d to %d questions, bounded: %q\n", out.Shortest, out.Longest, out.Bounded)
	for _, p := range out.Proofs {
		if p.Holds {
			fmt.Fprintf(&b, "%s: ok, %s\n", p.Property, p.Says)
			continue
		}
		fmt.Fprintf(&b, "%s: %s\n%s", p.Property, p.Because, p.Story.YAML())
		if r := rehearse.Tell(w, nil, p.Story); r.Failed != "" {
			t.Errorf("%s\n%s", r.Failed, strings.Join(r.Lines, "\n"))
		}
	}
	return b.String()
}

// TestTheExampleHoldsWhatItPromises: everything is proved of the example.
func TestTheExampleHoldsWhatItPromises(t *testing.T) {
	w, problems := flows.Load(flows.Example())
	if w == nil {
		t.Fatal(problems)
	}
	for _, f := range w.Flows {
		out, err := rehearse.Exploration{Workspace: w, Flow: f, Now: monday, Workers: 2}.Run(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range out.Proofs {
			if !p.Holds {
				t.Errorf("%s: %s\n%s", f.ID, p.Because, p.Story.YAML())
			}
		}
	}
}

// TestABoundIsSaid: an exploration that did not walk everything says why, and ends when its context does.
func TestABoundIsSaid(t *testing.T) {
	w, _ := flows.Load(flows.Example())
	out, err := rehearse.Exploration{Workspace: w, Flow: w.Flow("book-a-demo"), Now: monday, States: 100}.Run(context.Background())
	if err != nil || out.Bounded == "" {
		t.Errorf("bounded: %q, %v", out.Bounded, err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := (rehearse.Exploration{Workspace: w, Flow: w.Flow("book-a-demo"), Now: monday}).Run(ctx); err == nil {
		t.Error("a stopped exploration goes on")
	}
}

package rehearse_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"usher/bot/rehearse"
	"usher/flows"
)

func TestTry(t *testing.T) {
	w, problems := flows.Load(flows.Example())
	if w == nil {
		t.Fatal(problems)
	}
	for _, f := range w.Flows {
		begin := time.Now()
		out, err := rehearse.Exploration{Workspace: w, Flow: f, Now: monday}.Run(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println(out.Flow, out.States, out.Turns, time.Since(begin), out.Bounded, out.Shortest, out.Longest)
		for _, p := range out.Proofs {
			fmt.Println(p.Property, p.Says, p.Holds, p.Because)
			if p.Story != nil {
				fmt.Println(p.Story.YAML())
				r := rehearse.Tell(w, nil, p.Story)
				fmt.Println("TOLD", r.Failed)
			}
		}
	}
}

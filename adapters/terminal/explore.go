package terminal

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"usher/bot/rehearse"
	"usher/flows"
)

// ExploreCommand walks every path of the flows.
type ExploreCommand struct {
	Dir    string `arg:"" optional:"" type:"path" help:"The workspace folder; without one, the built-in example."`
	Flow   string `placeholder:"ID" help:"Only this flow."`
	States int    `default:"1000000" placeholder:"N" help:"Most states to tell apart in one flow (${default})."`
	JSON   bool   `name:"json" help:"One property a line, as JSON."`
}

// Help teaches.
func (ExploreCommand) Help() string {
	return `Every path of a flow is walked with the engine that visitors meet: each option, each side of every threshold that a
condition, a score rule or a route mentions, words that are refused, questions that are skipped, silence; times that are
found, none, just taken, or cannot be booked; a person who joins or nobody. Conversations that can no longer come out
differently are merged. What is proved or refuted of each flow:

  ends       every conversation ends
  says       every end says something
  served     every lead of the best grade is offered a time or a person
  questions  nobody is asked more than N questions          (questions: 7 in the flow)
  never/1    no conversation comes to a forbidden end       (never: [{ end: disqualified, if: team_size >= 200 }])
  always/1   what must be so at every end is                (always: [{ if: grade == "hot", then: offered or handed_off }])
  errors     no turn fails

In never and always, offered, handed_off, end and questions can be named beside the usual. A visitor who stops, or is
silent until the conversation lapses, is not held against a flow. A refuted property is shown with a shortest
conversation that breaks it, as a story: save it in stories/ and "usher stories -v" tells it. The exit code is then 1.
A flow that has more than --states of them is not walked whole: that is said ("bounded" in JSON), and the exit code is 0
where nothing of what was walked breaks a property.

  usher explore acme
  usher explore acme --json | jq -r 'select(.property == "served") | .story' > served.yaml
  mv served.yaml acme/stories/ && usher stories acme`
}

// Run explores.
func (c *ExploreCommand) Run(ctx context.Context, w *World) error {
	ws, err := w.load(c.Dir)
	if err != nil {
		return err
	}
	// Nearly all that a walk makes is thrown away at once: collecting it less often makes it a quarter faster.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	if c.States < 1 {
		return misuse("--states %d is less than one", c.States)
	}
	chosen := ws.Flows
	if c.Flow != "" {
		f := ws.Flow(c.Flow)
		if f == nil {
			return misuse("there is no flow %s", c.Flow)
		}
		chosen = []*flows.Flow{f}
	}
	refuted := false
	for i, f := range chosen {
		if i > 0 && !c.JSON {
			fmt.Fprintln(w.Stdout)
		}
		bad, err := c.explore(ctx, w, ws, f)
		if err != nil {
			return err
		}
		refuted = refuted || bad
	}
	if refuted {
		return ErrNo
	}
	return nil
}

// explore walks one flow and prints what was found; bad says that a property is refuted.
func (c *ExploreCommand) explore(ctx context.Context, w *World, ws *flows.Workspace, f *flows.Flow) (bad bool, err error) {
	progress, done := exploring(w.Stderr, f.ID)
	began := time.Now()
	out, err := rehearse.Exploration{
		Workspace: ws, Flow: f, Now: w.Now(), States: c.States, Workers: runtime.GOMAXPROCS(0), Progress: progress,
	}.Run(ctx)
	done()
	if err != nil {
		return false, err
	}
	for _, p := range out.Proofs {
		bad = bad || !p.Holds
	}
	if c.JSON {
		return bad, printProofs(w.Stdout, out)
	}
	return bad, printExplored(w.Stdout, out, time.Since(began))
}

// exploring shows how far a walk is, where somebody sits at the terminal.
func exploring(out io.Writer, flow string) (progress func(int), done func()) {
	if !isTerminal(out) {
		return nil, func() {}
	}
	return func(states int) { fmt.Fprintf(out, "\r%s: %s states …", flow, thousands(states)) },
		func() { fmt.Fprint(out, "\r\x1b[K") }
}

// proofLine is a property as `explore --json` prints it.
type proofLine struct {
	Flow     string       `json:"flow"`
	Property string       `json:"property"`
	Says     string       `json:"says"`
	Holds    bool         `json:"holds"`
	States   int          `json:"states"`
	Turns    int          `json:"turns"`
	Bounded  bool         `json:"bounded"`
	Story    string       `json:"story"`
	Because  string       `json:"because,omitempty"`
	Place    *flows.Place `json:"place,omitempty"`
}

func printProofs(w io.Writer, out *rehearse.Explored) error {
	lines := jsonLines(w)
	for _, p := range out.Proofs {
		line := proofLine{
			Flow: out.Flow, Property: p.Property, Says: p.Says, Holds: p.Holds, States: out.States, Turns: out.Turns,
			Bounded: out.Bounded != "", Because: p.Because,
		}
		if p.Story != nil {
			line.Story = p.Story.YAML()
		}
		if p.Place.Line > 0 {
			line.Place = &p.Place
		}
		if err := lines.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

func printExplored(w io.Writer, out *rehearse.Explored, took time.Duration) error {
	p, s := printer{out: w}, styleOf(w)
	p.printf("%s: %s states, %s turns, %s\n", s.bold(out.Flow), thousands(out.States), thousands(out.Turns), took.Round(time.Millisecond))
	p.printf("  %s\n", spans(out))
	if out.Bounded != "" {
		p.printf("  %s\n", s.amber("not everything was walked: "+out.Bounded+"; what holds here holds as far as it was"))
	}
	for _, proof := range out.Proofs {
		if proof.Holds {
			p.printf("  %s  %s\n", s.green("ok     "), proof.Says)
			continue
		}
		p.printf("  %s  %s\n", s.red("REFUTED"), proof.Says)
		if proof.Place.Line > 0 {
			p.printf("           %s\n", s.faint(where(proof.Place)))
		}
		p.printf("           %s:\n\n", proof.Because)
		for line := range strings.Lines(proof.Story.YAML()) {
			p.printf("    %s", line)
		}
		p.printf("\n")
	}
	return p.err
}

// spans says how long conversations are.
func spans(out *rehearse.Explored) string {
	least := ""
	if out.Bounded != "" {
		least = " at least"
	}
	switch {
	case out.Shortest < 0:
		return "no conversation comes to an end that the flow has"
	case out.Longest < 0:
		return fmt.Sprintf("the shortest conversation has %s, the longest has no end", counted(out.Shortest, "question"))
	}
	return fmt.Sprintf("the shortest conversation has %s, the longest%s %d", counted(out.Shortest, "question"), least, out.Longest)
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// thousands is a count with commas.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

package terminal

import (
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"usher/flows"
)

// shortLived is how much of the memory in use may be garbage before it is collected, in percent: a check is over before
// it pays to collect often. The largest workspace takes half a gigabyte then.
const shortLived = 200

// CheckCommand shows every problem of a workspace.
type CheckCommand struct {
	Dir  string `arg:"" optional:"" type:"path" help:"The workspace folder; without one, the built-in example."`
	JSON bool   `name:"json" help:"One problem a line, as JSON."`

	Summary bool `help:"With --json: one more line a flow, of what it comes to."`
}

// Help teaches.
func (CheckCommand) Help() string {
	return `Findings are shown as file:line:col: message [rule], with the line, a caret under the place and, where there is
one, an example path: the answers by which a visitor gets there. docs/checks.md explains each rule. What cannot be read
comes first, all of it in one run; where ways lead and who gets what is looked at when all can be read.

Errors stop a publish; then the exit code is 1. Warnings do not. One that is fine as it is can be allowed in the file,
on its line or the line above:

  # usher: allow unused-option because the other topics only tell the rep what it is about

At the end stands what each flow comes to: the questions of its shortest and longest conversation, the least and the
most score. With --json --summary it is one object a flow, with the severity info and the rule summary.

  usher check acme
  usher check acme --json | jq -r 'select(.severity == "warning") | .message'`
}

// Run checks.
func (c *CheckCommand) Run(w *World) error {
	if err := isFolder(c.Dir); err != nil {
		return err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(shortLived))
	ws, surveys, problems := w.Prove(c.Dir)
	show := c.text
	if c.JSON {
		show = c.lines
	}
	if err := show(w, surveys, problems); err != nil {
		return err
	}
	if ws == nil {
		return ErrNo
	}
	return nil
}

func (c *CheckCommand) lines(w *World, surveys []flows.Survey, problems flows.Problems) error {
	out := jsonLines(w.Stdout)
	for _, p := range problems {
		if err := out.Encode(p); err != nil {
			return err
		}
	}
	if !c.Summary {
		return nil
	}
	for _, s := range surveys {
		if err := out.Encode(summaryOf(s)); err != nil {
			return err
		}
	}
	return nil
}

func (c *CheckCommand) text(w *World, surveys []flows.Survey, problems flows.Problems) error {
	s := styleOf(w.Stdout)
	if err := printProblems(w.Stdout, problems, s); err != nil {
		return err
	}
	p := printer{out: w.Stdout}
	if problems.Failed() {
		p.printf("%s\n", s.red("Mend the errors first: more may be found then."))
		return p.err
	}
	verdict := "No mistakes."
	if len(problems) > 0 {
		verdict = "No errors, " + plural(len(problems), "warning") + "."
	}
	p.printf("%s\n", s.green(verdict))
	for _, survey := range surveys {
		p.printf("%s\n", s.faint(said(survey)))
	}
	return p.err
}

// printProblems prints each problem with its line, a caret and its hint.
func printProblems(out io.Writer, problems flows.Problems, s style) error {
	p := printer{out: out}
	for _, problem := range problems {
		word := ""
		if problem.Severity == flows.Warning {
			word = s.amber("warning: ")
		}
		p.printf("%s %s%s%s\n", s.bold(where(problem.Place)+":"), word, problem.Message, s.faint(" ["+problem.Rule+"]"))
		if problem.Source != "" {
			p.printf("    %s\n    %s\n", strings.ReplaceAll(problem.Source, "\t", " "), caret(problem, s))
		}
		if problem.Hint != "" {
			p.printf("    %s\n", s.faint(problem.Hint))
		}
		if problem.Path != "" {
			p.printf("    %s\n", s.blue("for example: "+problem.Path))
		}
	}
	return p.err
}

func where(p flows.Place) string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col) }

func caret(p flows.Problem, s style) string {
	return strings.Repeat(" ", max(0, p.Col-1)) + s.red("^")
}

package terminal

import (
	"fmt"
	"io"
	"strings"

	"usher/flows"
)

// CheckCommand shows every problem of a workspace.
type CheckCommand struct {
	Dir  string `arg:"" optional:"" type:"path" help:"The workspace folder; without one, the built-in example."`
	JSON bool   `name:"json" help:"One problem a line, as JSON."`
}

// Help teaches.
func (CheckCommand) Help() string {
	return `Every problem is shown in one run, as file:line:col: message, with the line and a caret under the place.
Warnings do not stop a workspace from being used; the exit code is 1 when there is an error.

  usher check acme
  usher check acme --json | jq -r .message`
}

// Run checks.
func (c *CheckCommand) Run(w *World) error {
	ws, problems, err := w.open(c.Dir)
	if err != nil {
		return err
	}
	bad := ws == nil
	for _, p := range problems {
		bad = bad || p.Severity == flows.Error
	}
	if err := c.print(w, problems, bad); err != nil {
		return err
	}
	if bad {
		return ErrNo
	}
	return nil
}

func (c *CheckCommand) print(w *World, problems flows.Problems, bad bool) error {
	if c.JSON {
		out := jsonLines(w.Stdout)
		for _, p := range problems {
			if err := out.Encode(p); err != nil {
				return err
			}
		}
		return nil
	}
	if err := printProblems(w.Stdout, problems, styleOf(w.Stdout)); err != nil || bad {
		return err
	}
	p := printer{out: w.Stdout}
	p.printf("%s\n", styleOf(w.Stdout).green("No mistakes."))
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
		p.printf("%s %s%s\n", s.bold(where(problem.Place)+":"), word, problem.Message)
		if problem.Source != "" {
			p.printf("    %s\n    %s\n", strings.ReplaceAll(problem.Source, "\t", " "), caret(problem, s))
		}
		if problem.Hint != "" {
			p.printf("    %s\n", s.faint(problem.Hint))
		}
	}
	return p.err
}

func where(p flows.Place) string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col) }

func caret(p flows.Problem, s style) string {
	return strings.Repeat(" ", max(0, p.Col-1)) + s.red("^")
}

package terminal

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"usher/bot/rehearse"
	"usher/flows"
)

// storiesReport is how all stories went and what they used.
type storiesReport struct {
	results  []rehearse.Result
	coverage []rehearse.Coverage
	routes   rehearse.Share
	failed   int
	bar      int // per cent; 0 = none
}

func reportOf(ws *flows.Workspace, results []rehearse.Result, bar int) storiesReport {
	r := storiesReport{results: results, coverage: rehearse.Covered(ws, results), routes: rehearse.CoveredRoutes(ws, results), bar: bar}
	for _, result := range results {
		if result.Failed != "" {
			r.failed++
		}
	}
	return r
}

// bad says whether a story failed or a flow is below the bar.
func (r storiesReport) bad() bool { return r.failed > 0 || len(r.below()) > 0 }

// below says what is below the bar.
func (r storiesReport) below() (out []string) {
	for _, c := range r.coverage {
		if c.Percent() < r.bar {
			out = append(out, fmt.Sprintf("%s: %d %% is used, the bar is %d %%", c.Flow, c.Percent(), r.bar))
		}
	}
	if r.routes.Percent() < r.bar {
		out = append(out, fmt.Sprintf("routes: %d %% are used, the bar is %d %%", r.routes.Percent(), r.bar))
	}
	return out
}

func (r storiesReport) print(out io.Writer, verbose bool) error {
	p, s := printer{out: out}, styleOf(out)
	for _, result := range r.results {
		told(&p, s, result, verbose)
	}
	p.printf("\n%d stories, %d failed\n", len(r.results), r.failed)
	for _, c := range r.coverage {
		p.printf("%s: %d of %d steps, %d of %d edges, %d of %d score rules, %d %%\n", c.Flow,
			c.Steps.Used, c.Steps.All, c.Edges.Used, c.Edges.All, c.Rules.Used, c.Rules.All, c.Percent())
		unused(&p, "steps", c.Steps)
		unused(&p, "edges", c.Edges)
		unused(&p, "rules", c.Rules)
	}
	if r.routes.All > 0 {
		p.printf("routes: %d of %d, %d %%\n", r.routes.Used, r.routes.All, r.routes.Percent())
		unused(&p, "routes", r.routes)
	}
	for _, line := range r.below() {
		p.printf("%s\n", s.red(line))
	}
	return p.err
}

// told prints one story; of one that differs, the transcript with the lines that differ marked.
func told(p *printer, s style, r rehearse.Result, verbose bool) {
	mark := s.green("ok  ")
	if r.Failed != "" {
		mark = s.red("FAIL")
	}
	p.printf("%s  %s\n", mark, r.Story.Name)
	if r.Failed != "" {
		p.printf("      %s\n", r.Failed)
	}
	if !verbose && r.Failed == "" {
		return
	}
	for i, l := range r.Lines {
		if slices.Contains(r.Differs, i) {
			p.printf("    %s\n", s.red("> "+l))
			continue
		}
		p.printf("      %s\n", s.faint(l))
	}
}

func unused(p *printer, what string, s rehearse.Share) {
	if len(s.Unused) > 0 {
		p.printf("  %s never used: %s\n", what, strings.Join(s.Unused, ", "))
	}
}

// storyLine is one story as --json prints it.
type storyLine struct {
	Type       string   `json:"type"` // story
	Story      string   `json:"story"`
	Flow       string   `json:"flow"`
	File       string   `json:"file"`
	Line       int      `json:"line"`
	Passed     bool     `json:"passed"`
	Message    string   `json:"message,omitempty"`
	Transcript []string `json:"transcript,omitempty"` // of one that differs
	Differs    []int    `json:"differs,omitempty"`    // lines of the transcript, from 0
}

// coverageLine is how much of one flow, or of the routes, the stories used.
type coverageLine struct {
	Type    string          `json:"type"` // coverage
	Flow    string          `json:"flow,omitempty"`
	Steps   *rehearse.Share `json:"steps,omitempty"`
	Edges   *rehearse.Share `json:"edges,omitempty"`
	Rules   *rehearse.Share `json:"rules,omitempty"`
	Routes  *rehearse.Share `json:"routes,omitempty"`
	Percent int             `json:"percent"`
}

// storiesLine is all of it.
type storiesLine struct {
	Type    string   `json:"type"` // stories
	Stories int      `json:"stories"`
	Failed  int      `json:"failed"`
	Below   []string `json:"below,omitempty"` // the bar
}

func (r storiesReport) json(out io.Writer) error {
	lines := []any{}
	for _, s := range r.results {
		l := storyLine{
			Type: "story", Story: s.Story.Name, Flow: s.Flow, File: s.Story.Place.File, Line: s.Story.Place.Line,
			Passed: s.Failed == "", Message: s.Failed,
		}
		if !l.Passed {
			l.Transcript, l.Differs = s.Lines, s.Differs
		}
		lines = append(lines, l)
	}
	for _, c := range r.coverage {
		lines = append(lines, coverageLine{Type: "coverage", Flow: c.Flow, Steps: &c.Steps, Edges: &c.Edges, Rules: &c.Rules, Percent: c.Percent()})
	}
	lines = append(lines, coverageLine{Type: "coverage", Routes: &r.routes, Percent: r.routes.Percent()},
		storiesLine{"stories", len(r.results), r.failed, r.below()})
	to := jsonLines(out)
	for _, l := range lines {
		if err := to.Encode(l); err != nil {
			return err
		}
	}
	return nil
}

package terminal

import (
	"fmt"
	"io"
	"strings"

	"usher/flows"
)

// GraphCommand draws the flows.
type GraphCommand struct {
	Dir  string `arg:"" optional:"" type:"path" help:"The workspace folder; without one, the built-in example."`
	Flow string `placeholder:"ID" help:"Only this flow."`
}

// Help teaches.
func (GraphCommand) Help() string {
	return `Prints Mermaid, which GitHub, GitLab and many editors show as a picture.

  usher graph acme --flow book-a-demo > flow.mmd`
}

// Run draws.
func (c *GraphCommand) Run(w *World) error {
	ws, err := w.load(c.Dir)
	if err != nil {
		return err
	}
	if c.Flow != "" && ws.Flow(c.Flow) == nil {
		return misuse("there is no flow %q; there are: %s", c.Flow, flowNames(ws))
	}
	return draw(w.Stdout, ws, c.Flow)
}

// draw writes one flow, or all of them beside each other.
func draw(out io.Writer, ws *flows.Workspace, only string) error {
	p := &printer{out: out}
	p.printf("flowchart TD\n")
	for i, f := range ws.Flows {
		if only == "" || f.ID == only {
			p.printf("  subgraph f%d[%s]\n", i, quoted(first(f.Title.String(), f.ID)))
			drawFlow(p, f, fmt.Sprintf("f%d_", i))
			p.printf("  end\n")
		}
	}
	return p.err
}

func drawFlow(p *printer, f *flows.Flow, prefix string) {
	number := map[string]int{}
	for i, s := range f.Steps {
		number[s.ID] = i
		open, closed := shape(s)
		p.printf("    %s%d%s%s%s\n", prefix, i, open, quoted(caption(s)), closed)
	}
	for i, s := range f.Steps {
		edge := func(to, label string) {
			if label != "" {
				label = "|" + quoted(label) + "|"
			}
			p.printf("    %s%d -->%s %s%d\n", prefix, i, label, prefix, number[to])
		}
		always := s.End != nil
		for _, e := range s.Next {
			always = always || e.If == nil
			edge(e.To, written(e.If))
		}
		if s.Else != "" {
			edge(s.Else, "no answer that fits")
		}
		if below := f.Below(s.ID); !always && below != nil {
			edge(below.ID, "")
		}
	}
}

func written(c *flows.Condition) string {
	if c == nil {
		return ""
	}
	return c.Source
}

// shape is how a step looks: what it does can be seen without reading.
func shape(s *flows.Step) (open, closed string) {
	switch {
	case s.End != nil:
		return "([", "])"
	case s.Book != nil:
		return "[[", "]]"
	case s.Handoff != nil:
		return "{{", "}}"
	case s.Ask != nil:
		return "[/", "/]"
	case s.Say == nil:
		return "{", "}"
	}
	return "[", "]"
}

// caption is the step's id with what it does.
func caption(s *flows.Step) string {
	lines := []string{s.ID}
	switch {
	case s.End != nil:
		lines = append(lines, strings.TrimSpace("end: "+s.End.Kind+" "+s.End.Reason))
	case s.Book != nil:
		lines = append(lines, fmt.Sprintf("book %d minutes", s.Book.Minutes))
	case s.Handoff != nil:
		lines = append(lines, "hand off to "+s.Handoff.Team)
	case s.Ask != nil:
		lines = append(lines, "ask "+s.Ask.Name)
	}
	if !s.Say.Empty() {
		lines = append(lines, shortened(s.Say.String()))
	}
	return strings.Join(lines, "<br>")
}

// captionLength is what still reads well in a box.
const captionLength = 60

func shortened(text string) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) > captionLength {
		return string(r[:captionLength-1]) + "…"
	}
	return string(r)
}

// quoted is text as Mermaid takes it: nothing in it is markup but our line breaks.
func quoted(text string) string {
	safe := strings.NewReplacer("&", "#amp;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "#", "#35;", "\n", " ").Replace(text)
	return `"` + strings.ReplaceAll(safe, "#lt;br#gt;", "<br>") + `"`
}

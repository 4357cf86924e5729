package terminal

import "usher/flows"

// GraphCommand draws the flows.
type GraphCommand struct {
	Dir  string `arg:"" optional:"" type:"path" help:"The workspace folder; without one, the built-in example."`
	Flow string `placeholder:"ID" help:"Only this flow."`
	SVG  bool   `name:"svg" help:"A picture for a browser, in place of Mermaid."`
}

// Help teaches.
func (GraphCommand) Help() string {
	return `Prints Mermaid, which GitHub, GitLab and many editors show as a picture: one flow as it is, several as Markdown with a
block for each.

  usher graph acme --flow book-a-demo > book-a-demo.mmd
  usher graph acme > flows.md

With --svg it draws a picture itself, which needs no network and no script, wraps long texts, colours the ends by their kind and
follows the reader's light or dark colours; several flows stand below each other.

  usher graph acme --flow book-a-demo --svg > book-a-demo.svg`
}

// Run draws.
func (c *GraphCommand) Run(w *World) error {
	ws, err := w.load(c.Dir)
	if err != nil {
		return err
	}
	p := printer{out: w.Stdout}
	switch {
	case c.Flow != "" && ws.Flow(c.Flow) == nil:
		return misuse("there is no flow %q; there are: %s", c.Flow, flowNames(ws))
	case c.SVG:
		p.printf("%s", ws.Picture(c.flows(ws)...))
	case c.Flow != "":
		p.printf("%s", ws.Graph(c.Flow))
	case len(ws.Flows) == 1:
		p.printf("%s", ws.Graph(ws.Flows[0].ID))
	default:
		for _, f := range ws.Flows {
			p.printf("## %s\n\n```mermaid\n%s```\n\n", f.ID, ws.Graph(f.ID))
		}
	}
	return p.err
}

// flows are the ids of those to draw.
func (c *GraphCommand) flows(ws *flows.Workspace) (ids []string) {
	if c.Flow != "" {
		return []string{c.Flow}
	}
	for _, f := range ws.Flows {
		ids = append(ids, f.ID)
	}
	return ids
}

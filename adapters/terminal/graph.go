package terminal

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
	p := printer{out: w.Stdout}
	p.printf("%s", ws.Graph(c.Flow))
	return p.err
}

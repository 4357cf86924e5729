package terminal

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"usher/flows"
)

// NewCommand makes a flow from a template.
type NewCommand struct {
	Name     string `arg:"" optional:"" help:"What the flow is called: a-z, 0-9, _ and -."`
	Dir      string `arg:"" optional:"" default:"." help:"The workspace folder; made where it is not there."`
	Template string `default:"demo" help:"demo, bant, meddic, event, support or waitlist."`
	List     bool   `help:"List the templates."`
}

// Help teaches.
func (NewCommand) Help() string {
	var b strings.Builder
	b.WriteString(`Makes NAME.yaml, a whole flow with comments that say what each part is for. A folder that has no team.yaml, faq.yaml or stories
gets these too, so that the flow can be checked, told and talked to at once. A file that is there is never touched.

  usher new book-a-demo
  usher new qualify acme --template bant
  usher check acme; usher stories acme; usher chat acme

The templates:

`)
	for _, t := range flows.Templates() {
		b.WriteString("  " + templateLine(t) + "\n")
	}
	return b.String()
}

func templateLine(t flows.Template) string {
	return t.Name + strings.Repeat(" ", max(1, 10-len(t.Name))) + t.Says
}

// Run makes the files.
func (c *NewCommand) Run(w *World) error {
	p := printer{out: w.Stdout}
	if c.List {
		for _, t := range flows.Templates() {
			p.printf("%s\n", templateLine(t))
		}
		return p.err
	}
	if c.Name == "" {
		return misuse("name the flow, such as: usher new book-a-demo; usher new --list shows the templates")
	}
	if info, err := os.Stat(c.Dir); err == nil && !info.IsDir() {
		return misuse("%s is a file, not a folder", c.Dir)
	}
	files, err := flows.New(c.Name, c.Template, c.has)
	if refused := (*flows.NewError)(nil); errors.As(err, &refused) {
		return misuse("%v", err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := writeNew(filepath.Join(c.Dir, filepath.FromSlash(name)), files[name]); err != nil {
			return err
		}
		p.printf("%s\n", filepath.Join(c.Dir, filepath.FromSlash(name)))
	}
	p.printf("\nNext: usher check %[1]s, usher chat %[1]s --flow %[2]s\n", c.Dir, c.Name)
	return p.err
}

// has says whether the folder has a file, under either ending, or a folder that is not empty.
func (c *NewCommand) has(name string) bool {
	path := filepath.Join(c.Dir, filepath.FromSlash(name))
	if entries, err := os.ReadDir(path); err == nil {
		return len(entries) > 0
	}
	for _, path := range []string{path, strings.TrimSuffix(path, ".yaml") + ".yml"} {
		if _, err := os.Lstat(path); err == nil {
			return true
		}
	}
	return false
}

// writeNew writes a file that is not there.
func writeNew(name, text string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return misuse("%s is there already; it was not changed", name)
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

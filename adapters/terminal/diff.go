package terminal

import (
	"context"
	"errors"
	"fmt"
	"os"

	"usher/bot"
	"usher/flows"
)

// DiffCommand tells two versions of a workspace apart.
type DiffCommand struct {
	Old      string `arg:"" help:"A folder, or with --database a stored revision."`
	New      string `arg:"" help:"A folder, or with --database a stored revision."`
	Database string `placeholder:"URL" help:"Where revisions are stored: sqlite:FILE or postgres://…"`
	JSON     bool   `name:"json" help:"One change a line, as JSON."`
}

// Help teaches.
func (DiffCommand) Help() string {
	return `Says in plain words what is otherwise in the new version, for a pull request: steps, ways, texts, fields, options, score rules, grades,
routes, teams, reps and hours that came, went, changed or moved. What only looks otherwise is no change. The exit code is 0
where nothing differs, 1 where something does (as diff has it), 2 where the two cannot be compared.

  usher diff acme-main acme
  git worktree add /tmp/main main && usher diff /tmp/main/acme acme
  usher diff 4f1c2a9b acme --database sqlite:data/usher.db
  usher diff acme-main acme --json | jq -r .says`
}

// unable is a comparison that could not be made.
type unable struct{ error }

// ExitCode is 2, as diff has it.
func (unable) ExitCode() int { return 2 }

// Run compares.
func (c *DiffCommand) Run(ctx context.Context, w *World) error {
	old, err := w.version(ctx, c.Old, c.Database)
	if err != nil {
		return unable{err}
	}
	now, err := w.version(ctx, c.New, c.Database)
	if err != nil {
		return unable{err}
	}
	changes := flows.Diff(old, now)
	if err := c.print(w, changes); err != nil {
		return unable{err}
	}
	if len(changes) > 0 {
		return ErrNo
	}
	return nil
}

// version is a workspace in a folder or stored as a revision.
func (w *World) version(ctx context.Context, name, database string) (_ *flows.Workspace, err error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return w.load(name)
	}
	if database == "" {
		return nil, misuse("%s is not a folder; a stored revision needs --database", name)
	}
	memory, err := w.OpenMemory(ctx, database)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, memory.Close()) }()
	sources, err := memory.Revision(ctx, name)
	if errors.Is(err, bot.ErrNotFound) {
		return nil, misuse("%s is neither a folder nor a revision in this database", name)
	} else if err != nil {
		return nil, err
	}
	ws, problems := flows.Load(flows.SourceFS(sources))
	if ws == nil {
		return nil, fmt.Errorf("revision %s does not load any more: %w", name, problems)
	}
	return ws, nil
}

func (c *DiffCommand) print(w *World, changes []flows.Change) error {
	p, s := printer{out: w.Stdout}, styleOf(w.Stdout)
	if c.JSON {
		out := jsonLines(w.Stdout)
		for _, change := range changes {
			p.err = errors.Join(p.err, out.Encode(change))
		}
		return p.err
	}
	in := "\x00"
	for _, change := range changes {
		if change.Flow != in {
			in = change.Flow
			p.printf("%s\n", s.bold(first(in, "workspace")))
		}
		p.printf("  %s %s\n", signOf(change.Kind, s), change.Says)
	}
	if len(changes) == 0 {
		p.printf("Nothing differs.\n")
	}
	return p.err
}

// signOf marks a change as diffs do.
func signOf(kind string, s style) string {
	switch kind {
	case flows.Added:
		return s.green("+")
	case flows.Removed:
		return s.red("-")
	case flows.Moved:
		return s.blue(">")
	}
	return s.amber("~")
}

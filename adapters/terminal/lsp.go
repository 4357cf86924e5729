package terminal

import (
	"context"
)

// LSPCommand is the checker as a language server.
type LSPCommand struct {
	Stdio bool `help:"Speak over standard input and output, as it does anyway; some editors say so."`
}

// Help teaches.
func (LSPCommand) Help() string {
	return `An editor starts it and talks to it over standard input and output, by the Language Server Protocol 3.17. What usher check
finds is shown as you type, in all files of the workspace; keys, fields, steps, options, reps and hours are completed, in
conditions and between {{ }} too; hover explains, definition and references lead, rename renames everywhere, and formatting
is that of usher fmt. Files that belong to no workspace are left alone.

  usher lsp

In Neovim, usher lsp is started for YAML files by this line:

  autocmd FileType yaml lua vim.lsp.start({ name = "usher", cmd = { "usher", "lsp" } })

Others take the command usher lsp for YAML files too, beside another server or without.`
}

// Run serves until the editor ends it.
func (c *LSPCommand) Run(ctx context.Context, w *World) error {
	s := &editorServer{wire: &wire{out: w.Stdout}, version: w.Version, quiet: quietBeforeCheck}
	if !s.serve(ctx, w.Stdin) {
		return ErrNo
	}
	return nil
}

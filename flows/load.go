package flows

import "io/fs"

// Load reads, checks and compiles a workspace. All problems are returned, warnings too; the workspace is nil when one
// of them is an error.
func Load(files fs.FS) (*Workspace, Problems) { return nil, nil }

// SourceFS is a file system that holds the sources of a workspace.
func SourceFS(sources map[string]string) fs.FS { return nil }

// Flow is the flow with that id, or nil.
func (w *Workspace) Flow(id string) *Flow { return nil }

// Pick is the flow a visitor gets: the first by priority whose pages and condition fit, else the default flow (the
// first that has no `show`, or the first of all). It is nil only for a workspace without flows.
func (w *Workspace) Pick(s *Scope) *Flow { return nil }

// Field is the field with that name, or nil.
func (f *Flow) Field(name string) *Field { return nil }

// Step is the step with that id, or nil.
func (f *Flow) Step(id string) *Step { return nil }

// Rep is the rep with that id, or nil.
func (r *Roster) Rep(id string) *Rep { return nil }

// Team is the team with that id, or nil.
func (r *Roster) Team(id string) *Team { return nil }

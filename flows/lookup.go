package flows

import "time"

// Flow is the flow with that id, or nil.
func (w *Workspace) Flow(id string) *Flow {
	for _, f := range w.Flows {
		if f.ID == id {
			return f
		}
	}
	return nil
}

// Pick is the flow a visitor gets: the first by priority whose pages and condition fit, else the default flow (the
// first that has no `show`, before all others one that stands in no other flow's split; or the first of all). It is nil
// only for a workspace without flows.
func (w *Workspace) Pick(s *Scope) *Flow {
	for _, f := range w.Flows {
		if !f.Show.always() && f.Show.fits(s) {
			return f
		}
	}
	var otherwise *Flow
	for _, f := range w.Flows {
		switch {
		case f.Show.always() && f.Within == "":
			return f
		case otherwise == nil || f.Show.always() && !otherwise.Show.always():
			otherwise = f
		}
	}
	return otherwise
}

// Horizon is the farthest ahead that any flow of the workspace books.
func (w *Workspace) Horizon() time.Duration {
	far := w.Roster.Meeting.Horizon
	for _, f := range w.Flows {
		for _, s := range f.Steps {
			if s.Book != nil {
				far = max(far, s.Book.Rules.Horizon)
			}
		}
	}
	return far
}

// always says that nothing is asked of the visitor.
func (s Show) always() bool { return len(s.Pages) == 0 && s.If == nil }

func (s Show) fits(scope *Scope) bool {
	fits := len(s.Pages) == 0
	for _, pattern := range s.Pages {
		fits = fits || MatchPath(pattern, scope.Page)
	}
	if !fits {
		return false
	}
	holds, err := s.If.Holds(scope)
	return err == nil && holds
}

// Field is the field with that name, or nil.
func (f *Flow) Field(name string) *Field {
	for _, field := range f.Fields {
		if field.Name == name {
			return field
		}
	}
	return nil
}

// Step is the step with that id, or nil.
func (f *Flow) Step(id string) *Step {
	for _, s := range f.Steps {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// Below is the step after the one with that id, or nil.
func (f *Flow) Below(id string) *Step {
	for i, s := range f.Steps {
		if s.ID == id && i+1 < len(f.Steps) {
			return f.Steps[i+1]
		}
	}
	return nil
}

// Rep is the rep with that id, or nil.
func (r *Roster) Rep(id string) *Rep {
	for _, rep := range r.Reps {
		if rep.ID == id {
			return rep
		}
	}
	return nil
}

// Team is the team with that id, or nil.
func (r *Roster) Team(id string) *Team {
	for _, t := range r.Teams {
		if t.ID == id {
			return t
		}
	}
	return nil
}

func (r *Roster) repIDs() []string {
	ids := make([]string, len(r.Reps))
	for i, rep := range r.Reps {
		ids[i] = rep.ID
	}
	return ids
}

func (r *Roster) teamIDs() []string {
	ids := make([]string, len(r.Teams))
	for i, t := range r.Teams {
		ids[i] = t.ID
	}
	return ids
}

func (f *Flow) stepIDs() []string {
	ids := make([]string, len(f.Steps))
	for i, s := range f.Steps {
		ids[i] = s.ID
	}
	return ids
}

func (f *Flow) fieldNames() []string {
	names := make([]string, len(f.Fields))
	for i, field := range f.Fields {
		names[i] = field.Name
	}
	return names
}

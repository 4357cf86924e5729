package flows

import (
	"slices"
	"strings"
)

// checkOptions reports options that nothing names, of choices of which something names others.
func (s *study) checkOptions(routes []Mention) {
	named := map[string][]string{}
	note := func(mentions []Mention) {
		for _, m := range mentions {
			named[m.Name] = append(named[m.Name], m.Texts...)
		}
	}
	for _, c := range s.conditions() {
		if slices.ContainsFunc(c.Fields, func(name string) bool { return len(s.m.vocabulary.fields[name].Options) > 0 }) {
			note(c.Mentions())
		}
	}
	note(routes)
	for _, step := range s.f.Steps {
		note(step.Say.Mentions())
	}
	for _, f := range s.f.Fields {
		s.optionsOf(f, named[f.Name])
	}
}

func (s *study) optionsOf(f *Field, named []string) {
	var left []string
	for _, o := range f.Options {
		if !slices.Contains(named, o.Value) {
			left = append(left, o.Value)
		}
	}
	if len(left) == 0 || len(left) == len(f.Options) {
		return
	}
	at := f.Place
	for i := range s.m.shape.Fields.rows {
		row := &s.m.shape.Fields.rows[i]
		if row.name != f.Name {
			continue
		}
		for _, option := range row.value.Options.rows {
			if strings.TrimSpace(option.name) == left[0] {
				at = option.key.place()
			}
		}
	}
	rest := "is named by no way and no rule: it goes where everything else goes"
	if len(left) > 1 {
		rest = "are named by no way and no rule: they go where everything else goes"
	}
	s.doubt(at, "unused-option", "name it in a way or a rule, or allow it with the reason why it needs none", "", "%s of %s %s", listed(left), f.Name, rest)
}

// listed is words in quotes.
func listed(words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = `"` + w + `"`
	}
	return strings.Join(out, ", ")
}

// checkRetries reports questions that may refuse an answer and do not say what would fit. Options can be pressed, and
// are shown again.
func (s *study) checkRetries() {
	for i, step := range s.f.Steps {
		if step.Ask == nil || !step.Retry.Empty() || step.Ask.From != "" || !step.Ask.refuses() {
			continue
		}
		s.doubt(s.m.shape.Steps[i].ID.place(), "no-retry", "add retry: what would fit, with an example", "", "an answer to %q may be refused, and the step does not say what would fit", step.Ask.Name)
	}
}

// refuses says whether words of a visitor may not fit the field. Texts take all, unless they have a
// form or a least length.
func (f *Field) refuses() bool {
	switch f.Type {
	case TypeChoice, TypeChoices, TypeYesNo, TypeConsent:
		return false
	case TypeText:
		return f.Min != nil && *f.Min > 1 || f.Pattern != ""
	}
	return true
}

package flows

import (
	"fmt"
	"strings"
)

// Graph is a flow as a Mermaid flowchart: one box a step with what it says and does, one arrow a way with its
// condition. It is empty when there is no such flow.
func (w *Workspace) Graph(flowID string) string {
	f := w.Flow(flowID)
	if f == nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: %s\n---\nflowchart TD\n", quoted(f.Title.String()))
	for i, s := range f.Steps {
		fmt.Fprintf(&b, "  s%d%s\n", i, s.box())
	}
	for i, s := range f.Steps {
		for _, a := range f.arrows(s) {
			fmt.Fprintf(&b, "  s%d -->%s s%d\n", i, a.label, f.index(a.to))
		}
	}
	return b.String()
}

// box is the shape of a step: a question is a rhombus, a branch a hexagon, an end a stadium.
func (s *Step) box() string {
	text := quoted(strings.Join(s.lines(), "\n"))
	switch {
	case s.Ask != nil:
		return "{" + text + "}"
	case s.End != nil:
		return "([" + text + "])"
	case s.Book != nil, s.Handoff != nil:
		return "[[" + text + "]]"
	case s.Say == nil:
		return "{{" + text + "}}"
	}
	return "[" + text + "]"
}

// lines are the id of a step, what it does, and the first words of what it says.
func (s *Step) lines() []string {
	lines := []string{s.ID}
	switch {
	case s.Ask != nil:
		lines[0] += ": ask " + s.Ask.Name
	case s.Book != nil:
		lines[0] += fmt.Sprintf(": book %d min", s.Book.Minutes)
	case s.Handoff != nil:
		lines[0] += ": handoff " + s.Handoff.Team
	case s.End != nil:
		lines[0] += ": end " + s.End.Kind
	}
	if s.Say != nil {
		lines = append(lines, shortened(s.Say.String()))
	}
	return lines
}

// maxGraphText is how much of a text a box shows: enough to know the step again.
const maxGraphText = 60

func shortened(s string) string {
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) <= maxGraphText {
		return string(runes)
	}
	return string(runes[:maxGraphText-1]) + "…"
}

// quoted is text as Mermaid reads it as it is: in quotes, with entities for what would end or format it.
func quoted(s string) string {
	return `"` + strings.NewReplacer(
		`"`, "#quot;", "#", "#35;", "<", "#lt;", ">", "#gt;", "`", "#96;", "\n", "<br/>", "\r", "",
	).Replace(s) + `"`
}

type arrow struct{ label, to string }

// arrows are the ways out of a step, in the order they are tried.
func (f *Flow) arrows(s *Step) (arrows []arrow) {
	for _, e := range s.Next {
		if e.If == nil {
			arrows = append(arrows, arrow{"", e.To})
			break
		}
		arrows = append(arrows, arrow{"|" + quoted(e.If.Source) + "|", e.To})
	}
	if below := f.Below(s.ID); fallsThrough(s) && below != nil {
		arrows = append(arrows, arrow{"", below.ID})
	}
	if s.Else != "" {
		arrows = append(arrows, arrow{fmt.Sprintf(`|"no answer after %d tries"|`, s.Tries), s.Else})
	}
	return arrows
}

func (f *Flow) index(id string) int {
	for i, s := range f.Steps {
		if s.ID == id {
			return i
		}
	}
	return -1
}

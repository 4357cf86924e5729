package flows

import (
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Widths of lines, in characters.
const (
	keptWidth   = 160 // what is written on one line stays on it up to here
	joinedWidth = 100 // what is written on several is put on one up to here
	foldedWidth = 110 // where a text of several lines is broken
)

// layout writes a tree.
type layout struct {
	tree  *tree
	plain map[plainness]bool // asked before
}

// line is a line of the result, with its remark.
type line struct{ text, tail string }

func (w layout) write() string {
	t := w.tree
	var lines []line
	add := func(texts []string) {
		for _, s := range texts {
			lines = append(lines, line{text: s})
		}
	}
	add(t.top)
	if text, ok := w.inline(t.root, 0); ok {
		lines = append(lines, line{text: text})
	} else {
		lines = append(lines, w.block(t.root, 0)...)
	}
	add(t.bottom)
	return joined(lines)
}

// joined puts the remarks behind their lines, those of neighbours below each other.
func joined(lines []line) string {
	var b strings.Builder
	for i := 0; i < len(lines); {
		run, least, most := i, keptWidth, 0
		for ; run < len(lines) && lines[run].tail != ""; run++ {
			width := utf8.RuneCountInString(lines[run].text)
			least, most = min(least, width), max(most, width)
		}
		for ; i < run; i++ {
			gap := 1
			if most-least <= 40 {
				gap = most - utf8.RuneCountInString(lines[i].text) + 1
			}
			b.WriteString(lines[i].text + strings.Repeat(" ", gap) + lines[i].tail + "\n")
		}
		if i < len(lines) {
			if lines[i].tail == "" {
				b.WriteString(strings.TrimRight(lines[i].text, " ") + "\n")
				i++
			}
		}
	}
	return b.String()
}

// block writes the kids of an entry one below the other.
func (w layout) block(e *entry, indent int) (lines []line) {
	kids := w.sorted(e)
	long := false
	for i, k := range kids {
		one := w.entry(k, indent)
		body := len(one)-len(k.head)-len(k.foot) > 1
		if i > 0 && (k.blank || w.apart(e, body, long)) {
			lines = append(lines, line{})
		}
		long = body
		lines = append(lines, one...)
	}
	return lines
}

// apart says whether an empty line goes between two kids, the second or the first of which takes several lines.
func (w layout) apart(e *entry, second, first bool) bool {
	if e.value.Kind == yaml.MappingNode {
		return e == w.tree.root && second && e.grammar != nil && e.grammar.name != "" && e.grammar.name != storyKind
	}
	g := e.grammar.within()
	return g != nil && (second || first) && slices.Contains([]string{"step", "rep", "faq", "story", "sequence", "letter"}, g.name)
}

// entry writes a key with its value, or an element.
func (w layout) entry(e *entry, indent int) (lines []line) {
	pad := strings.Repeat(" ", indent)
	for _, s := range e.head {
		lines = append(lines, line{text: padded(pad, s)})
	}
	if e.key != nil {
		lines = append(lines, w.pair(e, indent)...)
	} else {
		lines = append(lines, w.element(e, indent)...)
	}
	for _, s := range e.foot {
		lines = append(lines, line{text: padded(pad, s)})
	}
	return lines
}

func padded(pad, s string) string {
	if s == "" {
		return ""
	}
	return pad + s
}

func (w layout) pair(e *entry, indent int) []line {
	start := strings.Repeat(" ", indent) + w.scalar(e.key, false, true) + ":"
	if text, ok := w.inline(e, utf8.RuneCountInString(start)+1); ok {
		return []line{{strings.TrimRight(start+" "+text, " "), e.tail}}
	}
	if len(e.kids) == 0 {
		return w.lines(start+" ", e, indent+2)
	}
	return append([]line{{start, e.tail}}, w.block(e, indent+2)...)
}

func (w layout) element(e *entry, indent int) []line {
	start := strings.Repeat(" ", indent) + "- "
	if text, ok := w.inline(e, indent+2); ok {
		return []line{{strings.TrimRight(start+text, " "), e.tail}}
	}
	if len(e.kids) == 0 {
		return w.lines(start, e, indent+2)
	}
	lines := w.block(e, indent+2)
	var above []line // remarks at the first key go above the dash
	for len(lines) > 0 && strings.HasPrefix(strings.TrimLeft(lines[0].text, " "), "#") || lines[0].text == "" {
		above = append(above, line{text: strings.TrimPrefix(lines[0].text, "  ")})
		lines = lines[1:]
	}
	lines[0].text = start + lines[0].text[indent+2:]
	if lines[0].tail == "" {
		lines[0].tail, e.tail = e.tail, ""
	}
	if e.tail != "" {
		above = append(above, line{text: strings.Repeat(" ", indent) + e.tail})
	}
	return append(above, lines...)
}

// sorted are the kids in the order of the guide; what the author names himself keeps the author's order.
func (w layout) sorted(e *entry) []*entry {
	if e.value.Kind != yaml.MappingNode || e.grammar == nil || len(e.grammar.keys) == 0 {
		return e.kids
	}
	order := e.grammar.order()
	rank := func(k *entry) int {
		if i := slices.Index(order, k.key.Value); i >= 0 {
			return i
		}
		return len(order)
	}
	kids := slices.Clone(e.kids)
	slices.SortStableFunc(kids, func(a, b *entry) int { return rank(a) - rank(b) })
	return kids
}

// orders are those of shapes whose keys are written in another order than they are explained.
var orders = map[string][]string{
	"step":   {"id", "ask", "again", "optional", "book", "handoff", "end", "reason", "revisit", "say", "retry", "tries", "else", "next"},
	"roster": {"timezone", "hours", "holidays", "reps", "teams", "fallback", "watch", "meeting", "routes"},
	"team":   {"id", "reps", "assign", "counts", "credit", "owner_counts", "queue", "hours", "claim", "slack"},
	"expect": {"step", "end", "reason", "grade", "score", "parts", "team", "rep", "offers", "meeting", "known"},
	"field": {
		"type", "work", "currency", "country", "min", "max", "whole", "pattern", "from", "to", "wording", "label", "options", "synonyms",
	},
}

// order is the order in which the keys of a shape are written.
func (g *grammar) order() []string {
	order := slices.Clone(orders[g.name])
	for _, k := range g.keys {
		if !slices.Contains(order, k.name) {
			order = append(order, k.name)
		}
	}
	return order
}

// inline is the value on the line of its key, from a column on; ok is false when it takes lines of its own.
func (w layout) inline(e *entry, col int) (text string, ok bool) {
	n := e.value
	if n.Kind == yaml.ScalarNode {
		return w.onLine(n, col)
	}
	if len(n.Content) == 0 {
		return map[bool]string{true: "{}", false: "[]"}[n.Kind == yaml.MappingNode], true
	}
	most := keptWidth
	if n.Style&yaml.FlowStyle == 0 {
		most = joinedWidth
		if !e.short() {
			return "", false
		}
	}
	if e.remarkedWithin() || !flat(n) || e == w.tree.root && n.Style&yaml.FlowStyle == 0 {
		return "", false
	}
	text = w.flow(e)
	fits := col+utf8.RuneCountInString(text) <= most
	return text, fits || n.Style&yaml.FlowStyle != 0 && strings.Contains(e.tail, allowWord)
}

// allowWord begins a remark that silences a finding of its line, which therefore stays one.
const allowWord = "usher: allow"

// short says whether an entry is of those that stand on one line where they fit.
func (e *entry) short() bool {
	if e.value.Kind == yaml.SequenceNode {
		return !slices.ContainsFunc(e.value.Content, func(n *yaml.Node) bool { return n.Kind != yaml.ScalarNode })
	}
	if e.grammar != nil && slices.Contains([]string{"edge", "rule", "route", "team", "limits", "handoff", "book", "rules", "expect", "fallback", "stay"}, e.grammar.name) {
		return true
	}
	return e.key != nil && slices.Contains([]string{"caps", "grades", "options", "known", "parts", "utm"}, e.key.Value)
}

// flat says whether no value in it is a block of lines.
func flat(n *yaml.Node) bool {
	if n.Kind == yaml.ScalarNode {
		return n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0
	}
	return !slices.ContainsFunc(n.Content, func(c *yaml.Node) bool { return !flat(c) })
}

// flow writes a value between brackets.
func (w layout) flow(e *entry) string {
	switch {
	case e.value.Kind == yaml.ScalarNode && e.key == nil && strings.HasPrefix(e.value.Value, "/"):
		return inQuotes(e.value.Value) // pages: ["/", "/pricing*"]: half of them need quotes
	case e.value.Kind == yaml.ScalarNode:
		return w.scalar(e.value, true, false)
	case len(e.kids) == 0 && e.value.Kind == yaml.MappingNode:
		return "{}"
	case len(e.kids) == 0:
		return "[]"
	}
	var parts []string
	for _, k := range w.sorted(e) {
		part := w.flow(k)
		if k.key != nil {
			part = strings.TrimRight(w.scalar(k.key, true, true)+": "+part, " ")
		}
		parts = append(parts, part)
	}
	if e.value.Kind == yaml.MappingNode {
		return "{ " + strings.Join(parts, ", ") + " }"
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

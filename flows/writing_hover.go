package flows

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// eachOption are the values and labels of a field as it is written.
func eachOption(field *yaml.Node, yield func(value, label string)) {
	options := member(field, "options")
	if options == nil {
		return
	}
	if options.Kind == yaml.SequenceNode {
		for _, n := range options.Content {
			yield(n.Value, n.Value)
		}
		return
	}
	eachMember(options, func(value string, label *yaml.Node) { yield(value, wordsOf(label)) })
}

// wordsOf is a text as it is written, in its first language.
func wordsOf(n *yaml.Node) string {
	switch {
	case n == nil:
		return ""
	case n.Kind == yaml.MappingNode && len(n.Content) > 1:
		return wordsOf(n.Content[1])
	case n.Kind == yaml.ScalarNode:
		return n.Value
	}
	return ""
}

// about is a line on what is named.
func (w *Writing) about(n naming) string {
	value := func(key string) string { return wordsOf(member(n.node, key)) }
	if n.node == nil || n.node.Kind != yaml.MappingNode {
		return ""
	}
	switch n.kind {
	case aField:
		label := value("label")
		if label == "" {
			label = inWords(n.name)
		}
		kind := value("type")
		switch {
		case kind == "" && member(n.node, "options") != nil:
			kind = "choice"
		case kind == "" && implied[n.name] != "":
			kind = string(implied[n.name])
		case kind == "":
			kind = "text"
		}
		return label + " (" + kind + ")"
	case aStep:
		for _, does := range []string{"ask", "book", "handoff", "end"} {
			if doing := member(n.node, does); doing != nil {
				return strings.TrimSpace(strings.TrimSpace(does+" "+wordOf(doing)) + ": " + value("say"))
			}
		}
		return value("say")
	case aRep, aFlow:
		return firstOf(value("name"), value("title"))
	case aTeam:
		var reps []string
		if list := member(n.node, "reps"); list != nil {
			for _, r := range list.Content {
				reps = append(reps, r.Value)
			}
		}
		return strings.Join(reps, ", ")
	}
	return ""
}

// wordOf is a single value.
func wordOf(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode {
		return n.Value
	}
	return ""
}

func firstOf(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

// Hover is what there is to say about a place, as Markdown, and the stretch it is about; "" where there is nothing.
func (w *Writing) Hover(p Place) (string, Stretch) {
	if n := w.at(p); n != nil {
		if text := w.explain(*n); text != "" {
			return text, n.span
		}
	}
	word, stretch := w.wordAt(p)
	if word == "" {
		return "", Stretch{}
	}
	c := contextAt(strings.Split(w.texts[p.File], "\n"), p.Line, stretch.Col)
	g := grammars()[kindOf(p.File)]
	for _, step := range c.steps {
		if step == "*" {
			if in := g.within(); in != nil {
				g = in
			}
			continue
		}
		g = g.below(step)
	}
	if k := g.key(word); k != nil && c.key {
		return "**" + word + "**: " + k.says, stretch
	}
	if says := wordsSay[word]; says != "" && !c.key && (len(c.steps) > 0 && isFormula(c.steps[len(c.steps)-1]) || strings.Contains(c.typed, "{{")) {
		return "**" + word + "**: " + says, stretch
	}
	return "", Stretch{}
}

// explain is what a name stands for.
func (w *Writing) explain(n naming) string {
	made := w.made(n)
	if made == nil {
		if n.kind == aField && (implied[n.name] != "" || n.name == "name" || n.name == "company") {
			return "**field " + n.name + "**: a field of every flow"
		}
		return ""
	}
	text := "**" + string(made.kind) + " " + made.name + "**"
	if about := w.about(*made); about != "" {
		text += ": " + Escaped(about)
	}
	if made.kind == aField {
		eachOption(made.node, func(value, label string) { text += "\n- `" + value + "` " + Escaped(label) })
	}
	return text
}

// Escaped is text that Markdown shows as it is.
func Escaped(s string) string { return harmless(strings.Join(strings.Fields(s), " ")) }

// wordAt is the word under a place.
func (w *Writing) wordAt(p Place) (string, Stretch) {
	line := w.line(p.File, p.Line)
	inWord := func(i int) bool {
		return i >= 0 && i < len(line) && (line[i] == '_' || line[i] >= 'a' && line[i] <= 'z' || line[i] >= 'A' && line[i] <= 'Z' || line[i] >= '0' && line[i] <= '9')
	}
	from := max(0, p.Col-1)
	if !inWord(from) {
		from--
	}
	if !inWord(from) {
		return "", Stretch{}
	}
	to := from + 1
	for inWord(from - 1) {
		from--
	}
	for inWord(to) {
		to++
	}
	return string(line[from:to]), Stretch{Place{p.File, p.Line, from + 1}, to + 1}
}

// Word is the stretch of the word at a place: as far as a finding there is underlined.
func (w *Writing) Word(p Place) Stretch {
	line := w.line(p.File, p.Line)
	to := max(1, p.Col)
	for to <= len(line) && !strings.ContainsRune(" ,:{}[]()\"'", line[to-1]) {
		to++
	}
	if to == p.Col && to <= len(line) {
		to++
	}
	return Stretch{p, to}
}

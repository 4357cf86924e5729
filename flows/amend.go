package flows

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// ErrNotAmended says that a story is written in a way that cannot be changed in place.
var ErrNotAmended = errors.New("the story cannot be changed in place")

// Amendment is what a turn of a story says instead: by key (bot, or of an expectation: step, parts.need), "" where the
// key has nothing to say any more.
type Amendment struct {
	Turn   Place
	Values map[string]string
}

// Amend writes amendments into the text of a story file. Only the amended values change; comments, order and everything
// else stay as they are. A turn that has nothing left to say is taken out. The error is ErrNotAmended, and then nothing
// is changed.
func Amend(text string, amendments []Amendment) (string, error) {
	a := amender{text: text}
	root, err := a.tree(text)
	if err != nil {
		return text, err
	}
	a.offset()
	for _, amendment := range amendments {
		if err := a.amend(root, amendment); err != nil {
			return text, err
		}
	}
	out := a.apply()
	again, err := a.tree(out)
	if err != nil || !same(root, again) {
		return text, fmt.Errorf("%w: its YAML is too unusual", ErrNotAmended)
	}
	return out, nil
}

// amender changes one text: the tree is changed as the text is, so that both can be held against each other.
type amender struct {
	text  string
	lines []int // where each line begins
	edits []edit
}

type edit struct {
	from, to int
	text     string
}

func (a *amender) tree(text string) (*yaml.Node, error) {
	document, _, err := documents(strings.TrimPrefix(text, "\ufeff"))
	if err != nil || len(document.Content) == 0 {
		return nil, fmt.Errorf("%w: it is no YAML", ErrNotAmended)
	}
	return document.Content[0], nil
}

func (a *amender) offset() {
	a.lines = []int{len(a.text) - len(strings.TrimPrefix(a.text, "\ufeff"))}
	for i := range len(a.text) {
		if a.text[i] == '\n' {
			a.lines = append(a.lines, i+1)
		}
	}
}

// at is where a node begins.
func (a *amender) at(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(a.lines) {
		return len(a.text)
	}
	line, col := a.lines[n.Line-1], 1
	for i := range a.text[line:] {
		if col == n.Column {
			return line + i
		}
		col++
	}
	return len(a.text)
}

// amend finds the turn and changes each of its values.
func (a *amender) amend(root *yaml.Node, change Amendment) error {
	turns, i := turnOf(root, change.Turn)
	if turns == nil {
		return fmt.Errorf("%w: there is no turn at %s", ErrNotAmended, change.Turn)
	}
	turn := turns.Content[i]
	if bot, ok := change.Values["bot"]; ok && bot == "" {
		return a.drop(turns, i)
	}
	for _, key := range sortedKeys(change.Values) {
		if err := a.set(turn, key, change.Values[key]); err != nil {
			return err
		}
	}
	if expect := valueOf(turn, "expect"); expect != nil && expect.Kind == yaml.MappingNode && len(expect.Content) == 0 {
		a.forget(turn)
		return a.drop(turns, i)
	}
	return nil
}

// forget takes back the edits within a node that is taken out as a whole.
func (a *amender) forget(n *yaml.Node) {
	from, to := a.at(n), a.end(n)
	a.edits = slices.DeleteFunc(a.edits, func(e edit) bool { return e.from >= from && e.from <= to })
}

// turnOf is the list of turns with the one that stands at the place.
func turnOf(root *yaml.Node, at Place) (turns *yaml.Node, index int) {
	stories := []*yaml.Node{root}
	if root.Kind == yaml.SequenceNode {
		stories = root.Content
	}
	for _, s := range stories {
		list := valueOf(s, "turns")
		if list == nil {
			continue
		}
		for i, turn := range list.Content {
			if turn.Line == at.Line && turn.Column == at.Col {
				return list, i
			}
		}
	}
	return nil, 0
}

func valueOf(n *yaml.Node, key string) *yaml.Node {
	if i := keyIn(n, key); i >= 0 {
		return n.Content[i+1]
	}
	return nil
}

func keyIn(n *yaml.Node, key string) int {
	if n == nil || n.Kind != yaml.MappingNode {
		return -1
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return i
		}
	}
	return -1
}

// set gives a key of the turn another value, or takes the key out.
func (a *amender) set(turn *yaml.Node, key, value string) error {
	within := turn
	if key != "bot" {
		within = valueOf(turn, "expect")
	}
	if table, row, ok := strings.Cut(key, "."); ok {
		within, key = valueOf(within, table), row
		if err := a.change(within, key, value); err != nil || len(within.Content) > 0 {
			return err
		}
		a.forget(within)
		within, key = valueOf(turn, "expect"), table
	}
	return a.change(within, key, value)
}

func (a *amender) change(within *yaml.Node, key, value string) error {
	i := keyIn(within, key)
	if i < 0 {
		return fmt.Errorf("%w: there is no %q", ErrNotAmended, key)
	}
	if value == "" {
		return a.remove(within, i)
	}
	n := within.Content[i+1]
	a.edits = append(a.edits, edit{a.at(n), a.end(n), scalarText(n, value)})
	n.Value = value
	return nil
}

// remove takes the i-th key and its value out of a mapping.
func (a *amender) remove(within *yaml.Node, i int) error {
	from, to := a.at(within.Content[i]), a.end(within.Content[i+1])
	last := i+2 >= len(within.Content)
	only := last && i == 0
	if within.Style&yaml.FlowStyle != 0 {
		from, to = a.comma(from, to, last && !only)
	} else if !only {
		from, to = a.whole(from, to)
	}
	within.Content = slices.Delete(within.Content, i, i+2)
	if !only || within.Style&yaml.FlowStyle != 0 {
		a.edits = append(a.edits, edit{from, to, ""})
	}
	return nil
}

// drop takes a turn out of a list.
func (a *amender) drop(turns *yaml.Node, i int) error {
	turn := turns.Content[i]
	if len(turns.Content) == 1 || turns.Style&yaml.FlowStyle != 0 {
		return fmt.Errorf("%w: the turn at line %d cannot be taken out", ErrNotAmended, turn.Line)
	}
	from, to := a.whole(a.at(turn), a.end(turn))
	turns.Content = slices.Delete(turns.Content, i, i+1)
	a.edits = append(a.edits, edit{from, to, ""})
	return nil
}

// comma widens a part of a flow collection by the comma that goes with it.
func (a *amender) comma(from, to int, before bool) (int, int) {
	if before {
		for from > 0 && strings.IndexByte(" \t\r\n,", a.text[from-1]) >= 0 {
			from--
		}
		return from, to
	}
	for to < len(a.text) && strings.IndexByte(" \t,", a.text[to]) >= 0 {
		to++
	}
	return from, to
}

// whole widens a part to its lines.
func (a *amender) whole(from, to int) (int, int) {
	from = strings.LastIndexByte(a.text[:from], '\n') + 1
	if i := strings.IndexByte(a.text[to:], '\n'); i >= 0 {
		return from, to + i + 1
	}
	return from, len(a.text)
}

// end is where a node's text ends.
func (a *amender) end(n *yaml.Node) int {
	if n.Kind == yaml.ScalarNode {
		return a.scalarEnd(n)
	}
	end := a.at(n)
	for _, c := range n.Content {
		end = max(end, a.end(c))
	}
	if n.Style&yaml.FlowStyle != 0 {
		if i := strings.IndexAny(a.text[end:], "}]"); i >= 0 {
			end += i + 1
		}
	}
	return end
}

func (a *amender) scalarEnd(n *yaml.Node) int {
	from := a.at(n)
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		for i := from + 1; i < len(a.text); i++ {
			switch a.text[i] {
			case '\\':
				i++
			case '"':
				return i + 1
			}
		}
	case n.Style&yaml.SingleQuotedStyle != 0:
		for i := from + 1; i < len(a.text); i++ {
			if a.text[i] == '\'' {
				if i++; i >= len(a.text) || a.text[i] != '\'' {
					return i
				}
			}
		}
	default:
		return a.plainEnd(from, n)
	}
	return len(a.text)
}

// plainEnd is where as much text has passed as the value has, whitespace aside: of a plain scalar, and of a block behind
// its header.
func (a *amender) plainEnd(from int, n *yaml.Node) int {
	at := from
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		if i := strings.IndexByte(a.text[at:], '\n'); i >= 0 {
			at += i
		}
	}
	for _, r := range strings.Join(strings.Fields(n.Value), "") {
		i := strings.IndexRune(a.text[at:], r)
		if i < 0 {
			return len(a.text)
		}
		at += i + len(string(r))
	}
	return at
}

// scalarText is a value as YAML, in the style of the one it replaces where that can be.
func scalarText(n *yaml.Node, value string) string {
	switch {
	case n.Style&yaml.SingleQuotedStyle != 0 && !strings.ContainsAny(value, "\n\t"):
		return "'" + strings.ReplaceAll(value, "'", "''") + "'"
	case n.Style&yaml.DoubleQuotedStyle == 0 && plainly(n, value):
		return value
	}
	return quotedScalar(value)
}

// plainly says whether a value can stand without quotes, wherever it stands.
func plainly(n *yaml.Node, value string) bool {
	var document yaml.Node
	if yaml.Unmarshal([]byte("{ k: "+value+" }"), &document) != nil || len(document.Content) == 0 {
		return false
	}
	v := valueOf(document.Content[0], "k")
	if v == nil || v.Kind != yaml.ScalarNode || v.Value != value || v.Style != 0 || len(document.Content[0].Content) != 2 || v.Anchor != "" {
		return false
	}
	return v.Tag == "!!str" || v.Tag == "!!timestamp" || v.Tag == n.Tag || numeric(v.Tag) && numeric(n.Tag)
}

func numeric(tag string) bool { return tag == "!!int" || tag == "!!float" }

// quotedScalar is a value in double quotes.
func quotedScalar(value string) string {
	var b bytes.Buffer
	b.WriteByte('"')
	for _, r := range value {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r < 0x20 || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xfeff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// apply makes the text with all edits.
func (a *amender) apply() string {
	slices.SortStableFunc(a.edits, func(x, y edit) int { return cmp.Compare(x.from, y.from) })
	var b strings.Builder
	at := 0
	for _, e := range a.edits {
		if e.from < at {
			continue // within what is taken out already
		}
		b.WriteString(a.text[at:e.from])
		b.WriteString(e.text)
		at = e.to
	}
	b.WriteString(a.text[at:])
	return b.String()
}

// same says whether two trees hold the same values.
func same(a, b *yaml.Node) bool {
	return a.Kind == b.Kind && a.Value == b.Value && slices.EqualFunc(a.Content, b.Content, same)
}

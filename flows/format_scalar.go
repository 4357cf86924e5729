package flows

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// onLine is a scalar on the line of its key; ok is false for one that takes lines of its own.
func (w layout) onLine(n *yaml.Node, col int) (string, bool) {
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 && w.copied(n) {
		return "", false
	}
	text := w.scalar(n, false, false)
	if col+utf8.RuneCountInString(text) > foldedWidth && foldable(n.Value) && w.severalLines(n) {
		return "", false
	}
	return text, true
}

// copied says whether a block's lines can be written as they stand, but for their indentation.
func (w layout) copied(n *yaml.Node) bool {
	return !strings.ContainsAny(header(w.tree.file, n), "+123456789") && strings.TrimSpace(n.Value) != ""
}

// severalLines says whether the author broke a text in quotes, or without, over lines.
func (w layout) severalLines(n *yaml.Node) bool {
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return false
	}
	runes := []rune(w.tree.file.read[n.Line-1])
	rest := string(runes[min(len(runes), n.Column-1):])
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 {
		return !strings.HasPrefix(rest, n.Value)
	}
	c := cover{}
	c.quoted(w.tree.file, n)
	return len(c) > 1
}

// foldable says whether a text is the same when it is broken at blanks and put together again.
func foldable(s string) bool {
	return s == strings.Join(strings.Fields(s), " ") && !strings.ContainsFunc(s, unprintable)
}

// lines writes a scalar that takes lines of its own, from the start of its first one.
func (w layout) lines(start string, e *entry, indent int) []line {
	n := e.value
	pad := strings.Repeat(" ", indent)
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
		lines := []line{{start + ">-", e.tail}}
		for _, s := range wrapped(n.Value, foldedWidth-indent) {
			lines = append(lines, line{text: pad + s})
		}
		return lines
	}
	f := w.tree.file
	lines := []line{{start + header(f, n), e.tail}}
	first, last := blockLines(f, n)
	cut := -1
	for at := first; at <= last; at++ {
		text := strings.TrimRight(f.read[at-1], "\r")
		if cut < 0 && strings.TrimSpace(text) != "" {
			cut = len(text) - len(strings.TrimLeft(text, " "))
		}
		if len(text) < cut || cut < 0 {
			text = ""
		} else {
			text = text[cut:]
		}
		lines = append(lines, line{text: padded(pad, text)})
	}
	return lines
}

// wrapped breaks a text at blanks into lines of at most so many characters.
func wrapped(s string, width int) (lines []string) {
	current := ""
	for _, word := range strings.Fields(s) {
		if current != "" && utf8.RuneCountInString(current)+1+utf8.RuneCountInString(word) > width {
			lines = append(lines, current)
			current = ""
		}
		if current != "" {
			current += " "
		}
		current += word
	}
	return append(lines, current)
}

// scalar is a value on one line, in quotes only where it would be read as something else without them.
func (w layout) scalar(n *yaml.Node, flow, key bool) string {
	switch {
	case n.Tag != "!!str" && n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0:
		return n.Value
	}
	asked := plainness{n.Value, flow, key}
	bare, known := w.plain[asked]
	if !known {
		bare = plain(n.Value, flow, key)
		w.plain[asked] = bare
	}
	if bare {
		return n.Value
	}
	return inQuotes(n.Value)
}

// plainness is a text at a place: between brackets or not, a key or a value.
type plainness struct {
	text      string
	flow, key bool
}

var (
	simpleWords = regexp.MustCompile(`^[A-Za-z](?:[A-Za-z0-9_ -]*[A-Za-z0-9])?$`)
	clockTime   = regexp.MustCompile(`^[0-9]+:[0-9]`)
)

// misread are words that some readers of YAML take for something else.
var misread = []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n", "~", ""}

// plain says whether a text is read as itself without quotes.
func plain(s string, flow, key bool) bool {
	if key && s == "on" {
		return true // a key of the language, which every reader of today takes as a word
	}
	if slices.Contains(misread, strings.ToLower(s)) || clockTime.MatchString(s) || strings.ContainsFunc(s, unprintable) {
		return false
	}
	if simpleWords.MatchString(s) {
		return true
	}
	form := "- %s\n- k: %[1]s\n"
	switch {
	case flow && key:
		form = "[{ %s: v }]\n"
	case key:
		form = "%s: v\n"
	case flow:
		form = "[{ k: %s, l: m }, %[1]s, m]\n"
	}
	var want, got yaml.Node
	if yaml.Unmarshal([]byte(fmt.Sprintf(form, s)), &got) != nil || yaml.Unmarshal([]byte(fmt.Sprintf(form, "usher")), &want) != nil {
		return false
	}
	return readsAs(&got, &want, s)
}

// readsAs says whether a tree is the other with a text in the place of the word usher.
func readsAs(got, want *yaml.Node, s string) bool {
	if want.Kind == yaml.ScalarNode && want.Value == "usher" {
		return got.Kind == yaml.ScalarNode && got.Tag == "!!str" && got.Value == s && got.Style == 0 && got.Anchor == "" &&
			got.LineComment == "" && got.HeadComment == "" && got.FootComment == ""
	}
	if got.Kind != want.Kind || len(got.Content) != len(want.Content) || got.Kind == yaml.ScalarNode && got.Value != want.Value {
		return false
	}
	for i := range want.Content {
		if !readsAs(got.Content[i], want.Content[i], s) {
			return false
		}
	}
	return true
}

// unprintable are characters that are seen only when they are escaped.
func unprintable(r rune) bool {
	return r != ' ' && unicode.IsSpace(r) || unicode.IsControl(r) || r == '\ufeff' || r == utf8.RuneError || r == '\ufffe' || r == '\uffff'
}

// inQuotes is a text in the quotes that need fewer escapes.
func inQuotes(s string) string {
	escapes := strings.Count(s, `"`) + strings.Count(s, `\`)
	if escapes > strings.Count(s, "'") && !strings.ContainsFunc(s, unprintable) {
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case unprintable(r):
			b.WriteString(escaped(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}

func escaped(r rune) string {
	switch {
	case r <= 0xff:
		return fmt.Sprintf(`\x%02x`, r)
	case r <= 0xffff:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

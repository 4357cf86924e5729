package flows

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// remark is a comment as it stands in a file.
type remark struct {
	line, col int    // from 1
	text      string // from its # on
	own       bool   // nothing else stands on its line
}

// remarksOf are the comments of a file. A # begins one at the start of a line or after a blank, outside of quotes and
// blocks; where those are, the tree knows.
func remarksOf(f *file, root *yaml.Node) (remarks []remark) {
	covered := coverOf(f, root)
	for i, line := range f.read {
		if !strings.Contains(line, "#") {
			continue
		}
		runes, spans := []rune(line), covered[i+1]
		for col := 0; col < len(runes); col++ {
			for len(spans) > 0 && spans[0][1] <= col+1 {
				spans = spans[1:]
			}
			if len(spans) > 0 && spans[0][0] <= col+1 {
				col = spans[0][1] - 2
				continue
			}
			if runes[col] != '#' || col > 0 && runes[col-1] != ' ' && runes[col-1] != '\t' {
				continue
			}
			before := strings.TrimSpace(string(runes[:col]))
			remarks = append(remarks, remark{
				line: i + 1, col: col + 1, text: strings.TrimRight(string(runes[col:]), " \t\r"),
				own: strings.Trim(before, "- ") == "",
			})
			break
		}
	}
	return remarks
}

// cover is where, by line, quoted texts and blocks stand, in order: from a column up to, not including, another.
type cover map[int][][2]int

func coverOf(f *file, n *yaml.Node) cover {
	c := cover{}
	c.add(f, n)
	return c
}

func (c cover) add(f *file, n *yaml.Node) {
	for _, child := range n.Content {
		c.add(f, child)
	}
	switch {
	case n.Kind != yaml.ScalarNode:
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		first, last := blockLines(f, n)
		for line := first; line <= last; line++ {
			c[line] = append(c[line], [2]int{1, len(f.read[line-1]) + 2})
		}
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		c.quoted(f, n)
	}
}

// quoted covers a text from its quote to the one that closes it.
func (c cover) quoted(f *file, n *yaml.Node) {
	line, col := n.Line, n.Column
	for ; line <= len(f.read); line++ {
		runes := []rune(f.read[line-1])
		from := col
		i := from
		if line == n.Line {
			i++
		}
		for ; i <= len(runes); i++ {
			r := runes[i-1]
			double := n.Style&yaml.DoubleQuotedStyle != 0
			switch {
			case double && r == '\\':
				i++
			case double && r == '"', !double && r == '\'' && (i == len(runes) || runes[i] != '\''):
				c[line] = append(c[line], [2]int{from, i + 1})
				return
			case !double && r == '\'':
				i++
			}
		}
		c[line] = append(c[line], [2]int{from, len(runes) + 2})
		col = 1
	}
}

// blockLines are the first and the last line of a block's text; the last is before the first where there is none.
func blockLines(f *file, n *yaml.Node) (first, last int) {
	first, last = n.Line+1, n.Line
	if strings.TrimSpace(n.Value) == "" {
		return first, last
	}
	indent := -1
	for line := first; line <= len(f.read); line++ {
		text := f.read[line-1]
		words := strings.TrimLeft(text, " ")
		switch deep := len(text) - len(words); {
		case strings.TrimSpace(text) == "":
			continue
		case indent < 0:
			indent = deep
		case deep < indent:
			return first, last
		}
		last = line
	}
	return first, last
}

// header is the indicator of a block: |, >- and so on.
func header(f *file, n *yaml.Node) string {
	runes := []rune(f.read[n.Line-1])
	if n.Column > len(runes) {
		return "|"
	}
	word, _, _ := strings.Cut(string(runes[n.Column-1:]), " ")
	return strings.TrimRight(word, "\r")
}

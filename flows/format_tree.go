package flows

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// tree is a file as it is laid out: entries with the remarks that stand at them.
type tree struct {
	file    *file
	remarks []remark
	root    *entry
	order   []*entry // those that a remark can stand at, as they follow in the file
	top     []string // remarks above everything
	bottom  []string // and below
}

// entry is a key with its value, an element of a list, or the whole.
type entry struct {
	key       *yaml.Node // nil for an element
	value     *yaml.Node
	grammar   *grammar
	above     *entry
	kids      []*entry
	line, col int
	blank     bool     // an empty line stands before it
	head      []string // remarks above it; "" is an empty line
	tail      string   // the remark on its line
	foot      []string // remarks below it that belong to it
}

func (t *tree) grow(n *yaml.Node, g *grammar) {
	t.root = &entry{value: n, grammar: g}
	t.kids(t.root, true)
}

// kids are made of all collections; remarks can stand at those that are written over several lines.
func (t *tree) kids(e *entry, open bool) {
	n := e.value
	open = open && (n.Style&yaml.FlowStyle == 0 || t.remarked(n))
	add := func(kid *entry) {
		kid.above = e
		e.kids = append(e.kids, kid)
		if open {
			t.order = append(t.order, kid)
		}
		t.kids(kid, open)
	}
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			k := n.Content[i]
			add(&entry{key: k, value: n.Content[i+1], grammar: e.grammar.below(k.Value), line: k.Line, col: k.Column})
		}
	case yaml.SequenceNode:
		for _, c := range n.Content {
			col := n.Column
			if n.Style&yaml.FlowStyle != 0 {
				col = c.Column
			}
			add(&entry{value: c, grammar: e.grammar.within(), line: c.Line, col: col})
		}
	}
}

// remarked says whether a remark stands between the lines of a collection in brackets.
func (t *tree) remarked(n *yaml.Node) bool {
	first, _ := slices.BinarySearchFunc(t.remarks, n.Line, func(r remark, line int) int { return r.line - line })
	return first < len(t.remarks) && t.remarks[first].line < lastLine(n)
}

func lastLine(n *yaml.Node) int {
	last := n.Line
	for _, c := range n.Content {
		last = max(last, lastLine(c))
	}
	return last
}

// attach gives every remark to the entry it speaks of.
func (t *tree) attach() {
	for _, e := range t.order {
		e.blank = t.blankAbove(e.line)
	}
	at := 0 // entries before it begin on a line up to the remark's
	for _, r := range t.remarks {
		for at < len(t.order) && t.order[at].line <= r.line {
			at++
		}
		var before, next *entry
		if at > 0 {
			before = t.order[at-1]
		}
		if at < len(t.order) {
			next = t.order[at]
		}
		t.give(r, before, next)
	}
	if len(t.order) > 0 && len(t.top) > 0 && t.order[0].blank {
		t.top = append(t.top, "")
	}
}

func (t *tree) give(r remark, before, next *entry) {
	switch {
	case before == nil:
		t.top = t.lined(t.top, r)
	case !r.own && before.tail == "":
		before.tail = r.text
	case !r.own:
		before.head = append(before.head, r.text)
	case next == nil && r.col == 1:
		t.bottom = t.lined(t.bottom, r)
		if len(t.bottom) == 1 && t.blankAbove(r.line) {
			t.bottom = []string{"", r.text}
		}
	case next != nil && r.col <= next.col:
		if len(next.head) == 0 {
			next.blank = t.blankAbove(r.line)
		}
		next.head = t.lined(next.head, r)
		if t.blankAbove(next.line) && next.line > r.line && t.onlyBlank(r.line, next.line) {
			next.head = append(next.head, "")
		}
	default:
		owner := before
		for owner.above != t.root && owner.col > r.col {
			owner = owner.above
		}
		owner.foot = t.lined(owner.foot, r)
	}
}

// lined adds a remark, with the empty line above it where others stand before.
func (t *tree) lined(remarks []string, r remark) []string {
	if len(remarks) > 0 && remarks[len(remarks)-1] != "" && t.blankAbove(r.line) {
		remarks = append(remarks, "")
	}
	return append(remarks, r.text)
}

func (t *tree) blankAbove(line int) bool {
	return line >= 2 && line-2 < len(t.file.read) && strings.TrimSpace(t.file.read[line-2]) == ""
}

// onlyBlank says whether nothing but empty lines stands between two lines.
func (t *tree) onlyBlank(from, to int) bool {
	for line := from + 1; line < to; line++ {
		if strings.TrimSpace(t.file.read[line-1]) != "" {
			return false
		}
	}
	return true
}

// remarks says whether a remark stands at the entry's kids, or theirs.
func (e *entry) remarkedWithin() bool {
	return slices.ContainsFunc(e.kids, func(k *entry) bool {
		return len(k.head) > 0 || k.tail != "" || len(k.foot) > 0 || k.remarkedWithin()
	})
}

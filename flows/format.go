package flows

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Format lays a file of a workspace out in the one way that all of them have: keys in the order of the guide, two
// blanks of indentation, short lists on one line, quotes only where something would be misread without them. Comments
// stay with what they stand at, nothing is lost, and what is laid out is left as it is. The name says what kind of file
// it is: team.yaml, stories/books.yaml, or a flow. A text that is not YAML of the language is refused with its problems.
func Format(name, text string) (string, Problems) {
	var problems Problems
	text = plainLines(text)
	f := newFile(name, text, &problems)
	root, ok := f.parse(text)
	if ok {
		f.keysAreWords(root)
	}
	if problems.Failed() {
		return text, problems
	}
	if !f.movable(root.node) {
		return text, nil
	}
	made := text
	for range layoutRounds {
		next := layOut(f, root, kindOf(name))
		if !sameContent(root, next) {
			return text, nil // better as it was than changed in what it says
		}
		if next == made {
			break
		}
		made = next
		f = newFile(name, made, &problems)
		if root, ok = f.parse(made); !ok {
			return text, nil
		}
	}
	return made, nil
}

// layoutRounds are enough for a comment that moves to move what it stood at.
const layoutRounds = 4

// plainLines is the text without a byte order mark and with line ends of one kind.
func plainLines(text string) string {
	return strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n")
}

// keysAreWords refuses keys that are lists or maps: no file of a workspace has one.
func (f *file) keysAreWords(v item) {
	for i, n := range v.node.Content {
		if v.node.Kind == yaml.MappingNode && i%2 == 0 && n.Kind != yaml.ScalarNode {
			item{f, n}.wrong("wrong-type", "", "a key is one word")
			continue
		}
		f.keysAreWords(item{f, n})
	}
}

// movable says whether no block tells its own indentation: such lines stay where they are.
func (f *file) movable(n *yaml.Node) bool {
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 && strings.ContainsAny(header(f, n), "123456789") {
		return false
	}
	return !slices.ContainsFunc(n.Content, func(c *yaml.Node) bool { return !f.movable(c) })
}

// layOut writes the tree with the comments of its file.
func layOut(f *file, root item, kind string) string {
	t := tree{file: f, remarks: remarksOf(f, root.node)}
	t.grow(root.node, grammars()[kind])
	t.attach()
	w := layout{tree: &t, plain: map[plainness]bool{}}
	return w.write()
}

// sameContent says whether a text says what the tree says, the order of keys that have one aside.
func sameContent(root item, text string) bool {
	var problems Problems
	f := newFile(root.file.name, text, &problems)
	again, ok := f.parse(text)
	return ok && sameNode(root.node, again.node) && sameWords(remarksOf(root.file, root.node), remarksOf(f, again.node))
}

func sameNode(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.Tag != b.Tag || len(a.Content) != len(b.Content) {
		return false
	}
	if a.Kind == yaml.ScalarNode {
		return a.Value == b.Value || a.Tag == "!!null"
	}
	if a.Kind == yaml.MappingNode {
		a, b = sortedPairs(a), sortedPairs(b)
	}
	for i := range a.Content {
		if !sameNode(a.Content[i], b.Content[i]) {
			return false
		}
	}
	return true
}

func sortedPairs(n *yaml.Node) *yaml.Node {
	pairs := make([][2]*yaml.Node, 0, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		pairs = append(pairs, [2]*yaml.Node{n.Content[i], n.Content[i+1]})
	}
	slices.SortStableFunc(pairs, func(a, b [2]*yaml.Node) int { return strings.Compare(a[0].Value, b[0].Value) })
	sorted := &yaml.Node{Kind: n.Kind}
	for _, p := range pairs {
		sorted.Content = append(sorted.Content, p[0], p[1])
	}
	return sorted
}

func sameWords(a, b []remark) bool {
	words := func(remarks []remark) (all []string) {
		for _, r := range remarks {
			all = append(all, r.text)
		}
		slices.Sort(all)
		return all
	}
	return slices.Equal(words(a), words(b))
}

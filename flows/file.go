package flows

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Bounds on what one file may be. They are far above what a person writes and far below what hurts.
const (
	// MaxFileBytes: a flow of a hundred steps in three languages is about 60 KB.
	MaxFileBytes = 512 << 10
	// MaxDepth of nested lists and maps: the language itself needs seven.
	MaxDepth = 24
	// MaxNodes of YAML in one file: bounds the memory that a dense file can take.
	MaxNodes = 50_000
	// MaxFiles in a workspace: bounds the time of a load.
	MaxFiles = 500
	// MaxProblems that are told at once: nobody mends more before looking again, and a file can be nothing but mistakes.
	MaxProblems = 500
	// maxShownLine is the longest line that is shown with a problem, in characters: a longer one hides the caret.
	maxShownLine = 300
)

// file is one YAML file while it is read; its problems go to one list for the whole workspace.
type file struct {
	name     string
	lines    []string // as written
	read     []string // as the parser reads them
	quotes   inserted // what was put in between the two
	problems *Problems
}

func newFile(name, text string, problems *Problems) *file {
	lines := strings.Split(text, "\n")
	return &file{name: name, lines: lines, read: lines, problems: problems}
}

// report adds a problem at a place in the file. Beyond MaxProblems it is dropped, but never the first error.
func (f *file) report(severity Severity, at Place, rule, message, hint string) {
	if len(*f.problems) >= MaxProblems && (severity == Warning || f.problems.Failed()) {
		return
	}
	f.add(Problem{Place: at, Severity: severity, Rule: rule, Message: message, Hint: hint})
}

// find adds what reasoning about the file found. Beyond MaxProblems it is dropped.
func (f *file) find(p Problem) {
	if len(*f.problems) < MaxProblems {
		f.add(p)
	}
}

// add adds a problem with the line it stands on.
func (f *file) add(p Problem) {
	at := p.Place
	if at.Line >= 1 && at.Line <= len(f.lines) {
		if line := strings.TrimRight(f.lines[at.Line-1], "\r"); utf8.RuneCountInString(line) <= maxShownLine {
			p.Source = line
		}
	}
	*f.problems = append(*f.problems, p)
}

// parse reads the file's one document as a tree of nodes; ok is false when there is nothing to look at.
func (f *file) parse(text string) (root item, ok bool) {
	start := Place{File: f.name, Line: 1, Col: 1}
	switch {
	case len(text) > MaxFileBytes:
		f.report(Error, start, "too-large", fmt.Sprintf("the file has %d bytes, the most is %d", len(text), MaxFileBytes), "split it")
		return item{}, false
	case !utf8.ValidString(text):
		f.report(Error, start, "not-utf8", "the file is not UTF-8 text", "save it as UTF-8")
		return item{}, false
	}
	document, second, err := documents(text)
	if quoted, where, ok := quoteConditions(text); err != nil && !errors.Is(err, io.EOF) && ok {
		if again, rest, failed := documents(quoted); failed == nil || beyond(failed, err) {
			document, second, err = again, rest, failed
			f.read, f.quotes = strings.Split(quoted, "\n"), where
		}
	}
	switch {
	case errors.Is(err, io.EOF):
		f.report(Error, start, "empty-file", "the file is empty", "")
		return item{}, false
	case err != nil:
		f.syntax(err)
		return item{}, false
	case second != nil:
		f.report(Error, f.place(second), "second-document", "a file holds one document, here begins a second one", "put it into its own file")
	}
	if len(document.Content) == 0 {
		f.report(Error, start, "empty-file", "the file is empty", "")
		return item{}, false
	}
	root = item{f, document.Content[0]}
	budget := MaxNodes
	return root, f.sound(root.node, 1, &budget)
}

// documents parses the first document and, where there is one, the second.
func documents(text string) (first, second *yaml.Node, err error) {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	first = &yaml.Node{}
	if err := decoder.Decode(first); err != nil {
		return nil, nil, err
	}
	second = &yaml.Node{}
	switch err := decoder.Decode(second); {
	case errors.Is(err, io.EOF):
		return first, nil, nil
	case err != nil:
		return nil, nil, err
	}
	return first, second, nil
}

// beyond says whether the parser came further with the first error than with the second.
func beyond(err, before error) bool {
	var a, b *yaml.LoadError
	if !errors.As(err, &a) || !errors.As(before, &b) {
		return false
	}
	return a.Mark.Line > b.Mark.Line || a.Mark.Line == b.Mark.Line && a.Mark.Column > b.Mark.Column
}

// syntax reports what the YAML parser says, at the place it names.
func (f *file) syntax(err error) {
	at, message := Place{File: f.name, Line: 1, Col: 1}, err.Error()
	var load *yaml.LoadError
	if errors.As(err, &load) {
		message = load.Message
		if load.Mark.Line > 0 {
			at = f.written(load.Mark.Line, max(1, load.Mark.Column))
		}
	}
	hint := "look at the indentation, quotes and brackets here"
	if at.Line <= len(f.lines) && strings.HasPrefix(strings.TrimLeft(f.lines[at.Line-1], " "), "\t") {
		hint = "indent with blanks, not with tabs"
	}
	f.report(Error, at, "yaml-syntax", "this is not YAML: "+strings.TrimPrefix(message, "yaml: "), hint)
}

// sound refuses what the language has no use for and what could make a small file large.
func (f *file) sound(n *yaml.Node, depth int, budget *int) bool {
	*budget--
	switch {
	case *budget < 0:
		f.report(Error, f.place(n), "too-large", fmt.Sprintf("the file has more than %d values", MaxNodes), "split it")
		return false
	case depth > MaxDepth:
		f.report(Error, f.place(n), "too-deep", fmt.Sprintf("lists and maps are nested more than %d deep", MaxDepth), "")
		return false
	case n.Kind == yaml.AliasNode:
		f.report(Error, f.place(n), "alias", "an alias is not part of the language", "write the value out")
		return false
	case n.Anchor != "":
		f.report(Error, f.place(n), "alias", "an anchor is not part of the language", "write the value out where it is needed")
		return false
	case n.Style&yaml.TaggedStyle != 0:
		f.report(Error, f.place(n), "tag", fmt.Sprintf("the tag %s is not part of the language", n.Tag), "leave it out")
		return false
	}
	ok := true
	for _, child := range n.Content {
		ok = f.sound(child, depth+1, budget) && ok
		if *budget < 0 {
			return false
		}
	}
	return ok
}

// place is where a node begins.
func (f *file) place(n *yaml.Node) Place {
	return f.written(max(1, n.Line), max(1, n.Column))
}

// written is the place in the text as its author wrote it.
func (f *file) written(line, col int) Place {
	return Place{File: f.name, Line: line, Col: f.quotes.written(line, col)}
}

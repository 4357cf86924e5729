package flows

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// allowance is a comment that silences a warning: `# usher: allow RULE because REASON`, on the warning's line or above it.
type allowance struct {
	file  *file
	at    Place
	rule  string
	lines []int // the lines it speaks of
	used  bool
}

var (
	allowPattern   = regexp.MustCompile(`(^|\s)#\s*usher:\s*(.*)$`)
	allowedPattern = regexp.MustCompile(`^allow\s+(\S+)(?:\s+because\s+(\S.*))?$`)
)

// The rules about allowances themselves; they cannot be silenced.
const (
	badAllow    = "bad-allow"
	unusedAllow = "unused-allow"
)

// allowances are those of a file; one that cannot be read is reported and silences nothing.
func (v item) allowances() (all []*allowance) {
	if !slices.ContainsFunc(v.file.read, func(line string) bool { return strings.Contains(line, "usher:") }) {
		return nil
	}
	texts := textSpans(v)
	for i, line := range v.file.read {
		m := allowPattern.FindStringSubmatchIndex(line)
		if m == nil {
			continue
		}
		column := utf8.RuneCountInString(line[:m[3]]) + 1
		if texts.hold(i+1, column) {
			continue // words of a text, not a comment
		}
		alone := strings.TrimSpace(line[:m[3]]) == ""
		if a := v.file.allowance(strings.TrimSpace(line[m[4]:m[5]]), i+1, column, alone); a != nil {
			all = append(all, a)
		}
	}
	return all
}

// allowance reads one comment. One that stands alone speaks of the next line that is no comment, too.
func (f *file) allowance(text string, line, column int, alone bool) *allowance {
	at := f.written(line, column)
	m := allowedPattern.FindStringSubmatch(text)
	switch {
	case m == nil:
		f.report(Warning, at, badAllow, "this comment is not understood", "write # usher: allow RULE because REASON")
	case CheckNamed(m[1]) == nil:
		f.report(Warning, at, badAllow, "there is no check called "+m[1], didYouMean(m[1], checkNames()))
	case m[2] == "":
		f.report(Warning, at, badAllow, "nothing says why "+m[1]+" is allowed here", "go on with: because REASON")
	default:
		a := &allowance{file: f, at: at, rule: m[1], lines: []int{line}}
		if alone {
			a.lines = append(a.lines, f.nextLine(line))
		}
		return a
	}
	return nil
}

// nextLine is the line after comments and blank lines.
func (f *file) nextLine(line int) int {
	for line++; line <= len(f.read); line++ {
		if text := strings.TrimSpace(f.read[line-1]); text != "" && !strings.HasPrefix(text, "#") {
			return line
		}
	}
	return line
}

// spans are stretches of a file that are values.
type spans [][2]Place

// textSpans are the values of a file in which a # could stand that begins no comment.
func textSpans(v item) (all spans) {
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode && strings.Contains(n.Value, "usher:") {
			l := newLocator(item{v.file, n})
			all = append(all, [2]Place{v.file.place(n), l.places[len(l.places)-1]})
		}
		for _, child := range n.Content {
			walk(child)
		}
	}
	walk(v.node)
	return all
}

// hold says whether the place lies in one of the values.
func (s spans) hold(line, column int) bool {
	return slices.ContainsFunc(s, func(one [2]Place) bool {
		from, to := one[0], one[1]
		after := line > from.Line || line == from.Line && column >= from.Col
		before := line < to.Line || line == to.Line && column < to.Col
		return after && before
	})
}

// silence takes away the warnings that are allowed. After every check has run, an allowance that silenced nothing is
// reported too.
func (l *loader) silence(all bool) {
	var allowed []*allowance
	for _, r := range l.roots {
		allowed = append(allowed, r.root.allowances()...)
	}
	if len(allowed) == 0 {
		return
	}
	stubborn := map[*allowance]bool{}
	l.problems = slices.DeleteFunc(l.problems, func(p Problem) bool {
		gone := false
		for _, a := range allowed {
			if !a.of(p) {
				continue
			}
			if p.Severity == Error {
				stubborn[a] = true
				continue
			}
			a.used, gone = true, true
		}
		return gone
	})
	for _, a := range allowed {
		switch {
		case stubborn[a]:
			a.file.report(Warning, a.at, unusedAllow, "an error cannot be allowed", "mend it")
		case all && !a.used && len(l.problems) < MaxProblems:
			a.file.report(Warning, a.at, unusedAllow, "nothing here needs "+a.rule+" allowed", "take the comment away")
		}
	}
}

// of says whether the allowance speaks of the problem.
func (a *allowance) of(p Problem) bool {
	return p.Rule == a.rule && p.File == a.file.name && p.Rule != badAllow && p.Rule != unusedAllow && slices.Contains(a.lines, p.Line)
}

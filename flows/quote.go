package flows

import (
	"regexp"
	"strings"
)

// A condition with a list in it, such as `- { if: country in ["IN", "BD"], to: sales }`, is no YAML unless it is
// quoted, and nobody thinks of that; nor is `{ caldav: https://…, password: ${NAME} }`. A file that cannot be read is read
// again with such conditions and secrets quoted; the places in it stay those of the text as it was written.

// maxQuotedLine is the most bytes of a line that is looked at: nobody writes a condition on a longer one.
const maxQuotedLine = 2000

// inserted are the columns, by line, before which a quote was put in.
type inserted map[int][]int

var bareCondition = regexp.MustCompile(`[{,]\s*(?:(?:if|then):\s+[^\s'">|]|(?:password|calendar):\s+\$)`)

// quoteConditions puts the bare conditions with brackets into quotes; ok is false when there are none.
func quoteConditions(text string) (quoted string, where inserted, ok bool) {
	lines := strings.Split(text, "\n")
	where = inserted{}
	for i, line := range lines {
		if len(line) > maxQuotedLine {
			continue
		}
		if runes, at := quoteLine([]rune(line)); at != nil {
			lines[i], where[i+1] = string(runes), at
		}
	}
	return strings.Join(lines, "\n"), where, len(where) > 0
}

// quoteLine quotes the conditions of one line and says before which columns of the new line quotes stand.
func quoteLine(line []rune) (quoted []rune, at []int) {
	rest := line
	for {
		match := bareCondition.FindStringIndex(string(rest))
		if match == nil {
			return append(quoted, rest...), at
		}
		start := len([]rune(string(rest)[:match[1]])) - 1
		end := conditionEnd(rest[start:])
		if end < 0 || !strings.ContainsAny(string(rest[start:start+end]), "[{") {
			quoted, rest = append(quoted, rest[:start+1]...), rest[start+1:]
			continue
		}
		quoted = append(quoted, rest[:start]...)
		quoted = append(quoted, '\'')
		at = append(at, len(quoted))
		for _, r := range strings.TrimRight(string(rest[start:start+end]), " ") {
			if r == '\'' {
				quoted = append(quoted, '\'')
				at = append(at, len(quoted))
			}
			quoted = append(quoted, r)
		}
		quoted = append(quoted, '\'')
		at = append(at, len(quoted))
		rest = rest[start+end:]
	}
}

// conditionEnd is where a bare condition ends: at the comma or brace that is not inside its own quotes or brackets. It
// is -1 when it goes on to the next line.
func conditionEnd(runes []rune) int {
	depth, quote := 0, rune(0)
	for i, r := range runes {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case strings.ContainsRune("([{", r):
			depth++
		case depth == 0 && (r == ',' || r == '}'):
			return i
		case strings.ContainsRune(")]}", r):
			depth--
		}
	}
	return -1
}

// written is the column of the text as its author wrote it.
func (in inserted) written(line, col int) int {
	before := 0
	for _, c := range in[line] {
		if c < col {
			before++
		}
	}
	return col - before
}

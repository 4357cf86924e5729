package flows

import (
	"regexp"
	"strings"
)

// context is what stands around the place at which somebody types: read from the text alone, for while somebody types,
// a file is mostly no YAML.
type context struct {
	steps  []string // keys and * to the map, list or value that is typed at
	key    bool     // a key is typed, else a value
	typed  string   // what of it stands there already, up to the place
	from   int      // the column at which it begins
	quoted bool     // inside quotes
	beside []string // keys that the map has already
	alone  bool     // nothing but the key stands on its line
}

// linesAbove is how far up the keys around a place are looked for: longer than any file of a person.
const linesAbove = 20_000

var (
	keyAtStart = regexp.MustCompile(`^("[^"]*"|'[^']*'|[^\s#\[\]{},"'&*!|>%@-][^:#{}\[\],]*|-[^\s:]+):(?:\s|$)`)
	keyBetween = regexp.MustCompile(`^\s*("[^"]*"|'[^']*'|[\w-][^:#{}\[\],"']*):(?:\s|$)`)
)

// contextAt reads the context of a place.
func contextAt(lines []string, line, col int) context {
	runes := []rune("")
	if line >= 1 && line <= len(lines) {
		runes = []rune(lines[line-1])
	}
	before := string(runes[:min(len(runes), max(0, col-1))])
	c := context{from: 1}
	own := readLine(before)
	var depth int
	c.steps, depth = parents(lines, line, own)
	if own.key != "" {
		c.steps = append(c.steps, own.key)
		c.value(own.rest, len([]rune(before))-len([]rune(own.rest))+1)
	} else {
		c.key = true
		c.typed, c.from = strings.TrimLeft(own.rest, " "), len([]rune(before))-len([]rune(strings.TrimLeft(own.rest, " ")))+1
		if strings.HasPrefix(c.typed, "{") || strings.HasPrefix(c.typed, "[") {
			c.value(own.rest, len([]rune(before))-len([]rune(own.rest))+1)
		}
	}
	c.alone = strings.TrimSpace(string(runes[min(len(runes), max(0, col-1)):])) == ""
	if len(c.beside) == 0 && c.key {
		c.beside = neighbours(lines, line, depth)
	}
	return c
}

// yamlLine is a line cut up: blanks and dashes, a key, the rest.
type yamlLine struct {
	dashes []int // their columns, from 0
	indent int   // where what follows the dashes begins
	key    string
	rest   string
}

func readLine(s string) (l yamlLine) {
	l.indent = len(s) - len(strings.TrimLeft(s, " "))
	s = s[l.indent:]
	for strings.HasPrefix(s, "- ") || s == "-" {
		l.dashes = append(l.dashes, l.indent)
		rest := strings.TrimLeft(s[1:], " ")
		l.indent += len(s) - len(rest)
		s = rest
	}
	if m := keyAtStart.FindStringSubmatch(s); m != nil {
		l.key = strings.Trim(m[1], `"' `)
		s = s[len(m[1])+1:]
	}
	l.rest = s
	return l
}

func empty(l yamlLine) bool {
	rest := strings.TrimSpace(l.rest)
	return l.key == "" && len(l.dashes) == 0 && (rest == "" || strings.HasPrefix(rest, "#"))
}

// parents are the keys and elements around a line, outermost first, and the column at which its map begins.
func parents(lines []string, line int, own yamlLine) (steps []string, depth int) {
	var up []string
	depth = own.indent
	column := own.indent
	for i := len(own.dashes) - 1; i >= 0; i-- {
		up = append(up, "*")
		column = own.dashes[i]
	}
	listed := len(own.dashes) > 0 // what is looked for owns a dash, which may stand below its key's first letter
	for at := line - 1; at >= 1 && at > line-linesAbove && (column > 0 || listed); at-- {
		l := readLine(lines[at-1])
		if empty(l) {
			continue
		}
		if l.indent < column || listed && l.indent == column && len(l.dashes) == 0 {
			if l.key != "" {
				up = append(up, l.key)
			}
			column, listed = l.indent, false
		}
		for i := len(l.dashes) - 1; i >= 0; i-- {
			if l.dashes[i] < column {
				up = append(up, "*")
				column, listed = l.dashes[i], true
			}
		}
	}
	for i := len(up) - 1; i >= 0; i-- {
		steps = append(steps, up[i])
	}
	return steps, depth
}

// neighbours are the keys of the map at a column around a line.
func neighbours(lines []string, line, column int) (keys []string) {
	look := func(at, step int) {
		for at += step; at >= 1 && at <= len(lines); at += step {
			l := readLine(lines[at-1])
			if empty(l) || l.indent > column {
				continue
			}
			if l.indent < column || step > 0 && len(l.dashes) > 0 {
				return
			}
			keys = append(keys, l.key)
			if len(l.dashes) > 0 {
				return
			}
		}
	}
	if line >= 1 && line <= len(lines) && len(readLine(lines[line-1]).dashes) == 0 {
		look(line, -1)
	}
	look(line, 1)
	return keys
}

// value reads what stands after a key, down through its brackets.
func (c *context) value(rest string, col int) {
	type bracket struct {
		list bool
		key  bool // a key is open in it
		keys []string
	}
	var open []bracket
	start, deep, quote := 0, 0, rune(0) // deep: brackets of a condition
	runes := []rune(rest)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		blank := strings.TrimSpace(string(runes[start:i])) == ""
		switch {
		case quote != 0:
			if r == '\\' && quote == '"' {
				i++
			} else if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case (r == '{' || r == '[') && blank:
			open = append(open, bracket{list: r == '['})
			if r == '[' {
				c.steps = append(c.steps, "*")
			}
			start = i + 1
		case len(open) == 0 || r == ' ':
		case strings.ContainsRune("([{", r):
			deep++
		case deep > 0:
			if strings.ContainsRune(")]}", r) {
				deep--
			}
		case r == ',' || r == '}' || r == ']':
			top := &open[len(open)-1]
			if top.key {
				c.steps = c.steps[:len(c.steps)-1]
				top.key = false
			}
			if r != ',' {
				if top.list {
					c.steps = c.steps[:len(c.steps)-1]
				}
				open = open[:len(open)-1]
			}
			start = i + 1
		case blank && !open[len(open)-1].list && !open[len(open)-1].key:
			if m := keyBetween.FindStringSubmatch(string(runes[i:])); m != nil {
				top := &open[len(open)-1]
				name := strings.Trim(m[1], `"' `)
				top.key, top.keys = true, append(top.keys, name)
				c.steps = append(c.steps, name)
				i += len([]rune(m[1]))
				start = i + 1
			}
		}
	}
	typed := string(runes[start:])
	c.typed = strings.TrimLeft(typed, " ")
	c.from = col + start + len([]rune(typed)) - len([]rune(c.typed))
	c.key = false
	if n := len(open); n > 0 && !open[n-1].list && !open[n-1].key {
		c.key, c.beside = true, open[n-1].keys
	}
	if q := strings.TrimLeft(c.typed, `"'`); !c.key && q != c.typed && len(c.typed)-len(q) == 1 {
		c.typed, c.quoted = q, true
		c.from++
	}
}

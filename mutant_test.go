package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// mutant is a flow file with one small mistake in it, as somebody makes it on a Friday afternoon.
type mutant struct {
	file, text string
	line       int    // of the mistake, from 1
	kind, says string // what sort of mistake, and the line before and after
}

func (m mutant) String() string { return fmt.Sprintf("%s:%d: %s: %s", m.file, m.line, m.kind, m.says) }

// mutants are all mistakes of all kinds in a file that is laid out as usher fmt does, in its order.
func mutants(file, text string) (all []mutant) {
	lines := strings.Split(text, "\n")
	section := ""
	for i, line := range lines {
		if key, _, is := strings.Cut(line, ":"); is && !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "#") {
			section = key
		}
		m := mistakes{file: file, lines: lines, at: i}
		switch section {
		case "fields":
			m.field()
		case "steps":
			m.step()
		case "score":
			m.condition()
			m.rule()
		case "caps", "grades":
			m.numbers("bound by one", line)
		}
		all = append(all, m.made...)
	}
	return all
}

// mistakes are those that can be made in one line.
type mistakes struct {
	file  string
	lines []string
	at    int
	made  []mutant
}

func (m *mistakes) line() string { return m.lines[m.at] }

// put makes a mutant whose line is another.
func (m *mistakes) put(kind, line string) {
	if line == m.line() {
		return
	}
	m.add(kind, strings.TrimSpace(m.line())+"  →  "+strings.TrimSpace(line), append(slices.Clone(m.lines[:m.at]), append([]string{line}, m.lines[m.at+1:]...)...))
}

// drop makes a mutant without the line, and without the key that then has nothing below it.
func (m *mistakes) drop(kind string) {
	rest := append(slices.Clone(m.lines[:m.at]), m.lines[m.at+1:]...)
	before := m.at - 1
	alone := strings.TrimSpace(rest[before]) == "next:" && !strings.HasPrefix(strings.TrimSpace(rest[m.at]), "- {")
	if alone {
		rest = slices.Delete(rest, before, before+1)
	}
	m.add(kind, strings.TrimSpace(m.line()), rest)
}

func (m *mistakes) add(kind, says string, lines []string) {
	m.made = append(m.made, mutant{m.file, strings.Join(lines, "\n"), m.at + 1, kind, says})
}

var (
	options    = regexp.MustCompile(`options: \{ (.*?) \}`)
	bounds     = regexp.MustCompile(`\b(?:min|max): \d+`)
	attributes = regexp.MustCompile(`(?:min|max|whole|work): [^,}]+, `)
)

// field loses an option or a bound of a field, or moves the bound.
func (m *mistakes) field() {
	if found := options.FindStringSubmatch(m.line()); found != nil {
		each := strings.Split(found[1], ", ")
		for i := range each {
			left := strings.Join(slices.Delete(slices.Clone(each), i, i+1), ", ")
			m.put("drop an option", strings.Replace(m.line(), found[1], left, 1))
		}
	}
	for _, span := range attributes.FindAllStringIndex(m.line(), -1) {
		m.put("drop a bound", m.line()[:span[0]]+m.line()[span[1]:])
	}
	for _, span := range bounds.FindAllStringIndex(m.line(), -1) {
		m.numbersIn("bound by one", span)
	}
}

var stepKey = regexp.MustCompile(`^    (say|retry|tries|else|optional|end|ask|revisit|handoff|book):`)

// step loses or changes a line of a step.
func (m *mistakes) step() {
	if strings.HasPrefix(m.line(), "      - {") {
		m.edge()
		return
	}
	found := stepKey.FindStringSubmatch(m.line())
	if found == nil {
		return
	}
	switch found[1] {
	case "say", "retry":
		m.drop("delete a text")
	case "tries":
		m.drop("drop tries")
		m.numbers("tries by one", m.line())
	case "else":
		m.drop("drop else")
	case "optional":
		m.drop("drop optional")
	case "end":
		for _, end := range []string{"qualified", "disqualified", "nurture", "waitlist"} {
			m.put("another end", "    end: "+end)
		}
	case "ask":
		m.put("make optional", m.line()+"\n    optional: true")
	case "revisit":
		m.numbers("revisit by one", m.line())
	case "handoff", "book":
		m.numbers("figure by one", m.line())
	}
}

var (
	target      = regexp.MustCompile(`to: ([a-z_]+) \}`)
	conditioned = regexp.MustCompile(`if: (.*?), (?:to|points):`)
)

// edge loses an edge or its condition, changes it, or puts it below its neighbour.
func (m *mistakes) edge() {
	m.drop("drop an edge")
	if next := m.lines[m.at+1]; strings.HasPrefix(next, "      - {") {
		swapped := slices.Clone(m.lines)
		swapped[m.at], swapped[m.at+1] = next, m.line()
		m.add("swap two edges", strings.TrimSpace(m.line())+"  ⇄  "+strings.TrimSpace(next), swapped)
	}
	if found := conditioned.FindStringSubmatch(m.line()); found != nil {
		m.put("drop a condition", strings.Replace(m.line(), "if: "+found[1]+", ", "", 1))
	}
	to := target.FindStringSubmatch(m.line())[1]
	for _, line := range m.lines {
		if id, is := strings.CutPrefix(line, "  - id: "); is && id != to {
			m.put("another way", strings.Replace(m.line(), "to: "+to+" }", "to: "+id+" }", 1))
		}
	}
	m.condition()
}

var (
	comparison = regexp.MustCompile(` (==|!=|<=|>=|<|>|and|or|endsWith) `)
	text       = regexp.MustCompile(`"[^"]*"`)
	instead    = map[string][]string{
		"==": {"!="}, "!=": {"=="}, "<": {"<=", ">", ">="}, "<=": {"<", ">", ">="}, ">": {">=", "<", "<="}, ">=": {">", "<", "<="},
		"and": {"or"}, "or": {"and"}, "endsWith": {"startsWith", "contains"},
	}
)

// condition flips, negates, halves or moves the line's condition.
func (m *mistakes) condition() {
	span := conditioned.FindStringSubmatchIndex(m.line())
	if span == nil {
		return
	}
	before, when, after := m.line()[:span[2]], m.line()[span[2]:span[3]], m.line()[span[3]:]
	m.put("negate a condition", before+"not ("+when+")"+after)
	for _, at := range comparison.FindAllStringSubmatchIndex(when, -1) {
		for _, other := range instead[when[at[2]:at[3]]] {
			m.put("flip a comparison", before+when[:at[2]]+other+when[at[3]:]+after)
		}
	}
	for _, word := range []string{" and ", " or "} {
		if left, right, both := strings.Cut(when, word); both {
			m.put("half a condition", before+left+after)
			m.put("half a condition", before+right+after)
		}
	}
	for _, at := range text.FindAllStringIndex(when, -1) {
		for _, other := range m.others(when[at[0]+1 : at[1]-1]) {
			m.put("another value", before+when[:at[0]]+strconv.Quote(other)+when[at[1]:]+after)
		}
	}
	m.numbersIn("threshold by one", []int{span[2], span[3]})
}

// others are the words that somebody could have meant instead of an option or a grade.
func (m *mistakes) others(value string) (others []string) {
	named := regexp.MustCompile(`[{ ]` + regexp.QuoteMeta(value) + `: `)
	for _, line := range m.lines {
		list := line
		if found := options.FindStringSubmatch(line); found != nil {
			list = found[1]
		} else if !strings.HasPrefix(line, "grades:") {
			continue
		}
		if !named.MatchString(" " + list) {
			continue
		}
		for _, found := range regexp.MustCompile(`(?:^|[{,] )([a-z]+): `).FindAllStringSubmatch(list, -1) {
			if found[1] != value {
				others = append(others, found[1])
			}
		}
	}
	return others
}

var (
	points = regexp.MustCompile(`points: -?\d+`)
	part   = regexp.MustCompile(`, part: [a-z]+`)
	halves = regexp.MustCompile(`, halves: \d+d`)
)

// rule loses a score rule, or changes what it brings.
func (m *mistakes) rule() {
	if !strings.HasPrefix(m.line(), "  - {") {
		return
	}
	m.drop("drop a score rule")
	span := points.FindStringIndex(m.line())
	m.numbersIn("points by one", span)
	m.put("turn points round", m.line()[:span[0]]+strings.ReplaceAll(strings.Replace(m.line()[span[0]:span[1]], ": ", ": -", 1), "--", "")+m.line()[span[1]:])
	m.put("drop a part", part.ReplaceAllString(m.line(), ""))
	m.put("drop halves", halves.ReplaceAllString(m.line(), ""))
}

func (m *mistakes) numbers(kind, line string) { m.numbersIn(kind, []int{0, len(line)}) }

var number = regexp.MustCompile(`-?\b\d+`)

// numbersIn moves each number in a span of the line by one, up and down.
func (m *mistakes) numbersIn(kind string, span []int) {
	line := m.line()
	for _, at := range number.FindAllStringIndex(line[span[0]:span[1]], -1) {
		from, to := span[0]+at[0], span[0]+at[1]
		n, err := strconv.Atoi(line[from:to])
		if err != nil {
			continue
		}
		for _, other := range []int{n - 1, n + 1} {
			m.put(kind, line[:from]+strconv.Itoa(other)+line[to:])
		}
	}
}

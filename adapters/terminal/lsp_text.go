package terminal

import (
	"strings"
	"unicode/utf16"

	"usher/flows"
)

// position is a place as the protocol counts: lines and UTF-16 units, from 0.
type position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

// stretch is a range of the protocol.
type stretch struct {
	Start position `json:"start"`
	End   position `json:"end"`
}

type location struct {
	URI   string  `json:"uri"`
	Range stretch `json:"range"`
}

// textLines are the lines of a text, by any line end.
func textLines(text string) []string {
	return strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
}

// column is the rune column, from 1, of a character of a line.
func column(line string, character int) int {
	col := 1
	for _, r := range line {
		if character <= 0 {
			break
		}
		character -= max(1, utf16.RuneLen(r))
		col++
	}
	return col
}

// character is the UTF-16 unit, from 0, at which a rune column of a line begins.
func character(line string, col int) (units int) {
	for _, r := range line {
		if col--; col < 1 {
			break
		}
		units += max(1, utf16.RuneLen(r))
	}
	return units
}

// placeOf is the place in a file.
func placeOf(file string, lines []string, p position) flows.Place {
	line := min(max(0, p.Line), len(lines)-1)
	return flows.Place{File: file, Line: line + 1, Col: column(lines[line], p.Character)}
}

// stretchOf is a stretch of a file as the protocol counts.
func stretchOf(lines []string, s flows.Stretch) stretch {
	line := min(max(1, s.Line), len(lines)) - 1
	return stretch{position{line, character(lines[line], s.Col)}, position{line, character(lines[line], s.To)}}
}

// offset is the byte at which a position stands in a text.
func offset(text string, p position) int {
	at := 0
	for range max(0, p.Line) {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			return len(text)
		}
		at += end + 1
	}
	units := p.Character
	for i, r := range text[at:] {
		if units <= 0 || r == '\n' || r == '\r' {
			return at + i
		}
		units -= max(1, utf16.RuneLen(r))
	}
	return len(text)
}

// change is one edit of a document: of a range, or of all of it.
type change struct {
	Range *stretch `json:"range"`
	Text  string   `json:"text"`
}

func (c change) apply(text string) string {
	if c.Range == nil {
		return c.Text
	}
	from, to := offset(text, c.Range.Start), offset(text, c.Range.End)
	if to < from {
		from, to = to, from
	}
	return text[:from] + c.Text + text[to:]
}

package terminal

import (
	"strings"
	"unicode/utf8"
)

// barWidth is how long the longest bar is: with a label and a figure a line fits 80 columns.
const barWidth = 32

// bar is a bar of value against the greatest one; whatever is not nothing is seen.
func (s style) bar(value, most float64) string {
	if value <= 0 || most <= 0 {
		return strings.Repeat(" ", barWidth)
	}
	n := min(max(int(value/most*barWidth+0.5), 1), barWidth)
	full := "#"
	if s {
		full = "█"
	}
	return s.blue(strings.Repeat(full, n)) + strings.Repeat(" ", barWidth-n)
}

// label is a name cut or filled to a width.
func label(name string, width int) string {
	name = cut(name, width)
	return name + strings.Repeat(" ", width-utf8.RuneCountInString(name))
}

// cut is a name of at most so many characters.
func cut(name string, width int) string {
	if utf8.RuneCountInString(name) <= width {
		return name
	}
	return string([]rune(name)[:width-1]) + "…"
}

package flows

import (
	"go.yaml.in/yaml/v4"
)

// locator maps characters of a YAML value back to their places in the file, whatever quotes, folds or blocks stand
// between: it walks the written text and the value side by side.
type locator struct {
	from   Place
	places []Place
}

func newLocator(v item) locator {
	l := locator{from: v.place()}
	w := walker{file: v.file, line: v.node.Line - 1, col: v.node.Column - 1}
	w.begin(v.node.Style)
	for _, r := range v.node.Value {
		l.places = append(l.places, w.find(r))
	}
	l.places = append(l.places, w.place())
	return l
}

// place is where the character with that number stands.
func (l locator) place(offset int) Place {
	if offset < 0 || offset >= len(l.places) {
		return l.from
	}
	return l.places[offset]
}

type walker struct {
	file      *file
	runes     []rune // the current line
	line, col int    // from 0
	style     yaml.Style
}

func (w *walker) place() Place { return w.file.written(w.line+1, w.col+1) }

// begin steps over the quote, or over the line of a block's indicator.
func (w *walker) begin(style yaml.Style) {
	w.load()
	switch {
	case style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		w.nextLine()
	case style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		w.col++
	}
	w.style = style
}

func (w *walker) load() {
	w.runes = nil
	if w.line < len(w.file.read) {
		w.runes = []rune(w.file.read[w.line])
	}
}

func (w *walker) nextLine() {
	w.line, w.col = w.line+1, 0
	w.load()
}

// find steps to the next character that is r and past it. Blanks between words may be any blanks; an escape stands for
// one character.
func (w *walker) find(r rune) Place {
	w.skipBlank(r)
	at := w.place()
	switch {
	case w.line >= len(w.file.read):
	case w.col >= len(w.runes): // the end of the line is the blank or the line break that was looked for
		w.nextLine()
	case w.style&yaml.DoubleQuotedStyle != 0 && w.runes[w.col] == '\\':
		w.col += w.escapeLength()
	case w.style&yaml.SingleQuotedStyle != 0 && w.doubled():
		w.col += 2
	default:
		w.col++
	}
	return at
}

// doubled says whether here stand the two quotes that mean one.
func (w *walker) doubled() bool {
	return w.col+1 < len(w.runes) && w.runes[w.col] == '\'' && w.runes[w.col+1] == '\''
}

// skipBlank leaves the indentation and the line breaks that are not part of the value.
func (w *walker) skipBlank(r rune) {
	if r == ' ' || r == '\n' || r == '\t' {
		return
	}
	for w.line < len(w.file.read) {
		for w.col < len(w.runes) && (w.runes[w.col] == ' ' || w.runes[w.col] == '\t' || w.runes[w.col] == '\r') {
			w.col++
		}
		if w.col < len(w.runes) {
			return
		}
		w.nextLine()
	}
}

// escapeLength is how many characters an escape of a double-quoted text takes.
func (w *walker) escapeLength() int {
	if w.col+1 >= len(w.runes) {
		return 1
	}
	switch w.runes[w.col+1] {
	case 'x':
		return 4
	case 'u':
		return 6
	case 'U':
		return 10
	}
	return 2
}

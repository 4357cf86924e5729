package sheet

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Bounds of a row over several lines.
const (
	maxRow   = 64 << 10 // bytes
	maxLines = 200
)

// Row is one row of a table.
type Row struct {
	Line  int // where it begins, from 1
	Cells []string
}

// RowError is a row that cannot be read; the next one may be.
type RowError struct {
	Line int
	Why  string
}

func (e *RowError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Why) }

// Reader reads rows. The first one is the header: each row after it must have as many cells.
type Reader struct {
	// Alone says whether cells look like a row of their own, such as one with an address in it. A quote that is not closed
	// in its line takes in no line that does. nil = no line does.
	Alone func(cells []string) bool

	form  Form
	lines *lines
	width int // of the header; 0 = it was not read yet
}

// NewReader reads a table that is written so, from its beginning.
func NewReader(in io.Reader, f Form) (*Reader, error) {
	l, err := f.lines(in)
	if err != nil {
		return nil, err
	}
	return &Reader{form: f, lines: l}, nil
}

// Next gives the next row that says anything, a *RowError for one that is broken, and io.EOF at the end.
func (r *Reader) Next() (Row, error) {
	for {
		l, err := r.lines.next()
		switch {
		case errors.Is(err, errLong), errors.Is(err, errText):
			return Row{}, &RowError{l.n, err.Error()}
		case err != nil:
			return Row{}, err
		case r.form.told && r.width == 0 && l.n == 1:
			continue
		}
		cells, err := r.row(l)
		if err != nil {
			return Row{}, err
		}
		if empty(cells) {
			continue
		}
		return r.fits(l.n, cells)
	}
}

// row reads the row that begins with the line. Where a quote leads nowhere, the line alone is broken, and what it took in
// is read again.
func (r *Reader) row(first line) ([]string, error) {
	cells, open, bad := split(first.text, r.form.Comma)
	if !open && !bad {
		return cells, nil
	}
	text, taken := first.text, []line(nil)
	for open && len(taken) < maxLines && len(text) < maxRow {
		l, err := r.lines.next()
		if err != nil && l.n == 0 {
			if !errors.Is(err, io.EOF) {
				return nil, err
			}
			break
		}
		taken = append(taken, l)
		if err != nil || r.alone(l.text) {
			break
		}
		text += "\n" + l.text
		if cells, open, bad = split(text, r.form.Comma); !open {
			break
		}
	}
	if !open && !bad && (r.width == 0 || len(cells) == r.width || len(taken) == 0) {
		return cells, nil
	}
	r.lines.back(taken)
	switch {
	case bad && len(taken) == 0:
		return nil, &RowError{first.n, "a quote stands where none belongs"}
	case open || bad:
		return nil, &RowError{first.n, "a quote is not closed"}
	}
	return nil, r.wide(first.n, cells)
}

// alone says whether a line that an open quote would take in is a row of its own.
func (r *Reader) alone(text string) bool {
	if r.Alone == nil || r.width == 0 {
		return false
	}
	cells, open, bad := split(text, r.form.Comma)
	return !open && !bad && len(cells) == r.width && r.Alone(cells)
}

// fits takes the header's width, and refuses what has another. Empty cells at the end are no cells.
func (r *Reader) fits(line int, cells []string) (Row, error) {
	if r.width == 0 {
		r.width = len(cells)
	}
	for len(cells) > r.width && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) != r.width {
		return Row{}, r.wide(line, cells)
	}
	return Row{line, cells}, nil
}

func (r *Reader) wide(line int, cells []string) error {
	return &RowError{line, fmt.Sprintf("it has %d cells, the header has %d", len(cells), r.width)}
}

func empty(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// split cuts a text into cells (RFC 4180). open says that a quote is not closed, bad that a quote stands where none may.
func split(text string, comma byte) (cells []string, open, bad bool) {
	for {
		start := strings.TrimLeft(text, " ")
		if !strings.HasPrefix(start, `"`) {
			cell, rest, more := strings.Cut(text, string(comma))
			cells = append(cells, cell)
			if !more {
				return cells, false, false
			}
			text = rest
			continue
		}
		cell, rest, closed := unquote(start[1:])
		if !closed {
			return append(cells, cell), true, false
		}
		cells = append(cells, cell)
		rest = strings.TrimLeft(rest, " ")
		if rest == "" {
			return cells, false, false
		}
		if rest[0] != comma {
			return cells, false, true
		}
		text = rest[1:]
	}
}

// unquote reads up to the closing quote; two quotes are one.
func unquote(text string) (cell, rest string, closed bool) {
	var b strings.Builder
	for {
		at := strings.IndexByte(text, '"')
		if at < 0 {
			return "", "", false
		}
		b.WriteString(text[:at])
		text = text[at+1:]
		if !strings.HasPrefix(text, `"`) {
			return b.String(), text, true
		}
		b.WriteByte('"')
		text = text[1:]
	}
}

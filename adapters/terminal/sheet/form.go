// Package sheet owns the reading of tables that people saved as CSV: in whatever encoding and with whatever separator
// their program wrote, row by row, so that a broken row costs that row and nothing else.
package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Form is how a table is written.
type Form struct {
	Encoding string // UTF8 …
	Comma    byte   // between cells: ; , or a tab
	skip     int    // bytes of a mark before the text
	told     bool   // the first line says what the separator is
}

// Encodings that are told from each other.
const (
	UTF8    = "UTF-8"
	UTF16LE = "UTF-16LE"
	UTF16BE = "UTF-16BE"
	Windows = "Windows-1252" // every text in ISO-8859-1 reads the same in it
)

// Encodings are all there are.
var Encodings = []string{UTF8, UTF16LE, UTF16BE, Windows}

// ErrEmpty says that there is nothing in the table.
var ErrEmpty = errors.New("the file is empty")

// probe is how much of a text without a mark tells whether its characters have two bytes.
const probe = 4 << 10

// Look reads a table from its beginning to its end and says how it is written. named is its encoding where somebody knows it.
func Look(in io.ReadSeeker, named string) (Form, error) {
	b := bufio.NewReaderSize(in, 64<<10)
	head, err := b.Peek(probe)
	if err != nil && !errors.Is(err, io.EOF) {
		return Form{}, err
	}
	if len(head) == 0 {
		return Form{}, ErrEmpty
	}
	f := marked(head)
	switch {
	case named != "" && named != f.Encoding:
		f = Form{Encoding: named}
	case f.Encoding == "":
		if f.Encoding, err = guess(b, head); err != nil {
			return Form{}, err
		}
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return Form{}, err
	}
	return f.separated(in)
}

// marked is the form that a byte order mark tells.
func marked(head []byte) Form {
	for _, m := range []struct {
		mark     string
		encoding string
	}{{"\xEF\xBB\xBF", UTF8}, {"\xFF\xFE", UTF16LE}, {"\xFE\xFF", UTF16BE}} {
		if bytes.HasPrefix(head, []byte(m.mark)) {
			return Form{Encoding: m.encoding, skip: len(m.mark)}
		}
	}
	return Form{}
}

// guess tells the encoding of a text without a mark. One wrong byte does not make a text another one: what most lines
// are decides.
func guess(b *bufio.Reader, head []byte) (string, error) {
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	switch few := len(head) / 8; {
	case zeros[0] > few && zeros[1] <= few:
		return UTF16BE, nil
	case zeros[1] > few && zeros[0] <= few:
		return UTF16LE, nil
	}
	var good, bad int
	for part := false; ; { // lines longer than the buffer tell nothing: it may cut a character
		line, err := b.ReadSlice('\n')
		whole := !part && !errors.Is(err, bufio.ErrBufferFull)
		part = errors.Is(err, bufio.ErrBufferFull)
		switch {
		case !whole || ascii(line):
		case utf8.Valid(line):
			good++
		default:
			bad++
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !part {
			return "", err
		}
	}
	if bad > good {
		return Windows, nil
	}
	return UTF8, nil
}

func ascii(line []byte) bool {
	for _, c := range line {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// separated adds the separator: what most of stands in the first line, outside of quotes.
func (f Form) separated(in io.Reader) (Form, error) {
	lines, err := f.lines(in)
	if err != nil {
		return Form{}, err
	}
	for {
		l, err := lines.next()
		if errors.Is(err, io.EOF) {
			return Form{}, ErrEmpty
		}
		if err != nil {
			return Form{}, fmt.Errorf("line %d: %w", l.n, err)
		}
		text := strings.TrimSpace(l.text)
		if text == "" {
			continue
		}
		if said, ok := strings.CutPrefix(strings.ToLower(l.text), "sep="); ok && len(said) == 1 && strings.Contains(commas, said) {
			f.Comma, f.told = said[0], true
			return f, nil
		}
		f.Comma = commaOf(l.text)
		return f, nil
	}
}

// commas are the separators there are, the one that is taken where nothing tells first.
const commas = ",;\t"

func commaOf(line string) byte {
	var counts [len(commas)]int
	quoted := false
	for i := range len(line) {
		if line[i] == '"' {
			quoted = !quoted
		}
		if at := strings.IndexByte(commas, line[i]); at >= 0 && !quoted {
			counts[at]++
		}
	}
	best := 0
	for i, n := range counts {
		if n > counts[best] {
			best = i
		}
	}
	return commas[best]
}

// lines reads the text's lines, as UTF-8.
func (f Form) lines(in io.Reader) (*lines, error) {
	var e encoding.Encoding
	switch f.Encoding {
	case UTF16LE:
		e = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case UTF16BE:
		e = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case Windows:
		e = charmap.Windows1252
	case UTF8:
		if _, err := io.CopyN(io.Discard, in, int64(f.skip)); err != nil {
			return nil, err
		}
		return newLines(in), nil
	default:
		return nil, fmt.Errorf("there is no encoding %s here", f.Encoding)
	}
	return newLines(e.NewDecoder().Reader(in)), nil
}

package sheet

import (
	"bufio"
	"errors"
	"io"
	"unicode/utf8"
)

// maxLine is how long a line is at most, in bytes: longer than what any person writes into one.
const maxLine = 64 << 10

// What a line may be refused for.
var (
	errLong = errors.New("the line is longer than 64 KiB")
	errText = errors.New("the line is not in the encoding of the rest")
)

// line is one line of the text, without its end.
type line struct {
	n    int // from 1
	text string
	err  error // the line cannot be read
}

// lines reads lines that end as on any system. Lines can be given back.
type lines struct {
	in    *bufio.Reader
	n     int
	given []line // back, the next one last
	buf   []byte
}

func newLines(in io.Reader) *lines { return &lines{in: bufio.NewReaderSize(in, 32<<10)} }

// next gives io.EOF after the last line. A line that cannot be read is an error too, and the next one may be read.
func (l *lines) next() (line, error) {
	if n := len(l.given); n > 0 {
		last := l.given[n-1]
		l.given = l.given[:n-1]
		return last, last.err
	}
	text, err := l.read()
	if err != nil && !errors.Is(err, errLong) {
		return line{}, err
	}
	l.n++
	if err == nil && !utf8.ValidString(text) {
		err = errText
	}
	return line{l.n, text, err}, err
}

// back gives lines back that were read last, in their order.
func (l *lines) back(all []line) {
	for i := len(all) - 1; i >= 0; i-- {
		l.given = append(l.given, all[i])
	}
}

// read reads up to LF, CR LF or CR.
func (l *lines) read() (string, error) {
	l.buf = l.buf[:0]
	long := false
	for first := true; ; first = false {
		c, err := l.in.ReadByte()
		switch {
		case errors.Is(err, io.EOF) && !first:
			return l.end(long)
		case err != nil:
			return "", err
		case c == '\n':
			return l.end(long)
		case c == '\r':
			if after, err := l.in.Peek(1); err == nil && after[0] == '\n' {
				l.in.Discard(1) // it was just seen
			}
			return l.end(long)
		case len(l.buf) == maxLine:
			long = true
		default:
			l.buf = append(l.buf, c)
		}
	}
}

func (l *lines) end(long bool) (string, error) {
	if long {
		return "", errLong
	}
	return string(l.buf), nil
}

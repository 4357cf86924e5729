package terminal

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// csvWriter writes rows as CSV (RFC 4180, UTF-8, lines end with LF). What visitors wrote may begin like a formula, which a
// spreadsheet would run: such a text gets an apostrophe in front. Numbers stay numbers.
type csvWriter struct {
	out *csv.Writer
	err error // the first one
}

func newCSV(out io.Writer, header ...string) *csvWriter {
	w := &csvWriter{out: csv.NewWriter(out)}
	w.strings(header)
	return w
}

// row writes texts, numbers, truths and times.
func (w *csvWriter) row(cells ...any) {
	texts := make([]string, len(cells))
	for i, c := range cells {
		texts[i] = cell(c)
	}
	w.strings(texts)
}

func (w *csvWriter) strings(texts []string) {
	if w.err == nil {
		w.err = w.out.Write(texts)
	}
}

// end writes what is still kept back and gives the first error.
func (w *csvWriter) end() error {
	if w.out.Flush(); w.err == nil {
		w.err = w.out.Error()
	}
	return w.err
}

func cell(c any) string {
	switch c := c.(type) {
	case nil:
		return ""
	case string:
		return guarded(c)
	case float64:
		return strconv.FormatFloat(c, 'f', -1, 64)
	case time.Time:
		if c.IsZero() {
			return ""
		}
		return c.Format(time.RFC3339)
	}
	return guarded(fmt.Sprint(c))
}

// formula are the beginnings that a spreadsheet takes for a formula's, also in full width
// (OWASP, CSV Injection).
const formula = "=+-@\t\r\n＝＋－＠"

// aNumber is a number that no spreadsheet takes for a formula.
var aNumber = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// guarded is a text that a spreadsheet shows and does not run. A text that begins with an apostrophe and a formula gets
// another one, so that unguarded gives each text back.
func guarded(text string) string {
	if startsFormula(strings.TrimLeft(text, "'")) && !aNumber.MatchString(text) {
		return "'" + text
	}
	return text
}

// unguarded takes off what guarded put in front.
func unguarded(text string) string {
	if bare, ok := strings.CutPrefix(text, "'"); ok && startsFormula(strings.TrimLeft(bare, "'")) {
		return bare
	}
	return text
}

func startsFormula(text string) bool { return text != "" && strings.IndexAny(text, formula) == 0 }

package terminal

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// style colours words on a terminal and leaves them as they are everywhere else.
type style bool

// styleOf colours only what a person sees, and not when NO_COLOR (no-color.org) is set.
func styleOf(out io.Writer) style {
	return style(isTerminal(out) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb")
}

func (s style) paint(code, text string) string {
	if !s || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s style) bold(text string) string  { return s.paint("1", text) }
func (s style) faint(text string) string { return s.paint("2", text) }
func (s style) red(text string) string   { return s.paint("31", text) }
func (s style) green(text string) string { return s.paint("32", text) }
func (s style) amber(text string) string { return s.paint("33", text) }
func (s style) blue(text string) string  { return s.paint("34", text) }

// lines prints one JSON object a line.
type lines struct{ *json.Encoder }

func jsonLines(out io.Writer) lines {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	return lines{e}
}

// printer remembers the first error of many prints, so that a closed pipe ends a command without a check at each line.
type printer struct {
	out io.Writer
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format, args...)
	}
}

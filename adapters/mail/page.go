package mail

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strings"
)

//go:embed letter.html
var letterPage string

var page = template.Must(template.New("letter").Parse(letterPage))

// fill puts the text into the letter, plain and as HTML.
func (t *text) fill(l *Letter) error {
	l.Subject, l.Language, l.Plain = t.Subject, t.tag, t.plain()
	var out bytes.Buffer
	if err := page.Execute(&out, t); err != nil {
		return fmt.Errorf("write letter as HTML: %w", err)
	}
	l.HTML = out.String()
	return nil
}

// plain is the letter for those who read no HTML.
func (t *text) plain() string {
	var b strings.Builder
	if t.Hello != "" {
		fmt.Fprintf(&b, "%s\n\n%s\n\n", t.Hello, t.Lead)
	}
	for i, words := range t.Words {
		if i > 0 {
			b.WriteByte('\n')
		}
		for _, piece := range words {
			b.WriteString(piece.Text)
		}
		b.WriteByte('\n')
	}
	for _, r := range t.Rows {
		fmt.Fprintf(&b, "%s: %s\n", r.Label, r.Value)
	}
	if t.Link != "" {
		fmt.Fprintf(&b, "\n%s:\n%s\n", t.Action, t.Link)
	}
	for _, n := range t.Notes {
		fmt.Fprintf(&b, "\n%s\n", n)
	}
	if len(t.Foot) > 0 {
		b.WriteString("\n-- \n")
	}
	for _, f := range t.Foot {
		fmt.Fprintln(&b, strings.TrimSuffix(f.Text+": "+f.Link, ": "))
	}
	return b.String()
}

// Tag is the language for HTML.
func (t *text) Tag() string { return t.tag }

// Direction is that of the script.
func (t *text) Direction() string {
	if t.rtl {
		return "rtl"
	}
	return "ltr"
}

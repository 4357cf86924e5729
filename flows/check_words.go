package flows

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of Slack on what it shows (docs.slack.dev/reference/block-kit), in characters.
const (
	maxButton  = 75   // the plain text of a button or an option
	maxSection = 3000 // the text of one block
)

var plainLink = regexp.MustCompile(`\bhttp://[^\s"'<>)\]]+`)

// wordChecker looks at every text of a file as it is written.
type wordChecker struct {
	file    *file
	plain   []Place // texts in one language only, where there are several
	several bool
	seen    map[Place]bool
}

func (c *wordChecker) find(at Place, rule, hint, message string) {
	c.file.find(Problem{Place: at, Severity: Warning, Rule: rule, Message: message, Hint: hint})
}

// text looks at what is said.
func (c *wordChecker) text(t *Text) {
	if t.Empty() || c.seen[t.Place] {
		return
	}
	c.seen[t.Place] = true
	longest := 0
	for i := range t.by {
		c.link(t.Place, t.by[i].written)
		longest = max(longest, utf8.RuneCountInString(t.by[i].written))
	}
	if longest > maxSection {
		c.find(t.Place, "long-text", "say it in several steps, or link to a page", "the text has "+plainNumber(float64(longest))+" characters, and Slack shows at most 3000 together")
	}
	if c.several && len(t.by) == 1 && wordy(t.by[0].written) {
		c.plain = append(c.plain, t.Place)
	}
}

// option looks at the label of a button.
func (c *wordChecker) option(o *Option, at Place) {
	c.text(&o.Label)
	label := o.Value
	for i := range o.Label.by {
		if utf8.RuneCountInString(o.Label.by[i].written) > utf8.RuneCountInString(label) {
			label = o.Label.by[i].written
		}
	}
	if n := utf8.RuneCountInString(label); n > maxButton {
		c.find(at, "long-label", "shorten it, and say the rest in the question", "the label has "+plainNumber(float64(n))+" characters, and a Slack button holds 75")
	}
}

func (c *wordChecker) link(at Place, written string) {
	for _, link := range plainLink.FindAllString(written, -1) {
		link = strings.TrimRight(link, ".,;:!?*_")
		host := strings.TrimPrefix(link, "http://")
		if strings.HasPrefix(host, "localhost") || strings.HasPrefix(host, "127.0.0.1") || strings.HasPrefix(host, "[::1]") {
			continue
		}
		c.find(at, "insecure-link", "write https://"+host, "the link "+link+" is not https")
	}
}

// wordy says whether there is something to translate: letters outside {{ }}.
func wordy(written string) bool {
	for {
		words, after, open := strings.Cut(written, "{{")
		if strings.ContainsFunc(words, unicode.IsLetter) {
			return true
		}
		end := closing(after)
		if !open || end < 0 {
			return false
		}
		written = after[end+2:]
	}
}

// checkWords looks at every text of the flow.
func (s *study) checkWords() {
	c := wordChecker{file: s.m.shape.file, several: len(s.f.Languages) > 1, seen: map[Place]bool{}}
	if s.m.shape.Title.set() {
		c.text(&s.f.Title)
	}
	c.text(&s.f.Theme.Teaser)
	for _, f := range s.f.Fields {
		if f.Place.Line > 0 {
			if f.Label.Place != f.Place {
				c.text(&f.Label)
			}
			c.text(f.Wording)
			s.labels(&c, f)
		}
	}
	for _, step := range s.f.Steps {
		c.text(step.Say)
		c.text(step.Retry)
		if step.Book != nil {
			c.text(step.Book.Title)
			c.link(step.Place, step.Book.Place)
		}
	}
	s.untranslated(c.plain)
}

func (s *study) labels(c *wordChecker, f *Field) {
	for i := range f.Options {
		at := f.Options[i].Label.Place
		if at.Line == 0 {
			at = f.Place
		}
		c.option(&f.Options[i], at)
	}
}

// untranslated reports the texts that are written in the source language alone: once for each other language, for
// whoever translates does not do it text by text. A text with some languages is reported where it stands.
func (s *study) untranslated(plain []Place) {
	if len(plain) == 0 {
		return
	}
	slices.SortFunc(plain, func(a, b Place) int { return a.Line - b.Line })
	for _, w := range s.m.shape.Languages {
		if w.text == s.f.Languages[0] || !slices.Contains(s.f.Languages, w.text) {
			continue
		}
		n := "1 text is"
		if len(plain) > 1 {
			n = plainNumber(float64(len(plain))) + " texts are"
		}
		s.doubt(w.place(), "missing-translation", "write them as { "+s.f.Languages[0]+": …, "+w.text+": … }", "", "%s missing in %s, the first in line %d; %s is said instead", n, w.text, plain[0].Line, s.f.Languages[0])
	}
}

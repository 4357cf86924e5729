package flows

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxText is the most characters of one text as written: a chat message that long is not read.
const MaxText = 4000

// Text is what is said, by language, with expressions between {{ }} compiled.
type Text struct {
	Place Place
	by    []textIn // the source language first
	plain bool     // never read as Markdown: a visitor's words stand in it as they are
}

type textIn struct {
	language string
	written  string
	pieces   []piece
}

// piece is words as they are, or an expression to be shown.
type piece struct {
	words string
	show  func(s *Scope, language string) (string, bool)
}

// In renders the text in the language, or its base language, or the source language. A value that is not known is
// rendered as nothing. What a visitor wrote is data: it is inserted as it is, with Markdown made harmless.
func (t *Text) In(language string, s *Scope) (string, error) {
	in := t.choose(language)
	if in == nil {
		return "", nil
	}
	if len(in.pieces) == 1 && in.pieces[0].show == nil {
		return in.pieces[0].words, nil
	}
	if s == nil {
		s = &Scope{}
	}
	if !strings.EqualFold(base(language), base(in.language)) {
		language = in.language
	}
	var b strings.Builder
	for _, p := range in.pieces {
		shown := p.words
		if p.show != nil {
			shown, _ = p.show(s, language)
			if t.plain {
				shown = Unmarked(shown)
			}
		}
		if b.Len()+len(shown) > MaxRendered {
			return "", ErrTooLong
		}
		b.WriteString(shown)
	}
	return b.String(), nil
}

// Languages are those the text is written in, the source language first.
func (t *Text) Languages() []string {
	if t == nil {
		return nil
	}
	languages := make([]string, len(t.by))
	for i := range t.by {
		languages[i] = t.by[i].language
	}
	return languages
}

// Written is the text as its author wrote it, in the language that In would choose.
func (t *Text) Written(language string) string {
	if in := t.choose(language); in != nil {
		return in.written
	}
	return ""
}

// String is the text as written in the source language.
func (t *Text) String() string { return t.Written("") }

// Empty says whether there is nothing to say.
func (t *Text) Empty() bool { return t == nil || len(t.by) == 0 }

func (t *Text) choose(language string) *textIn {
	if t == nil || len(t.by) == 0 {
		return nil
	}
	for i := range t.by {
		if strings.EqualFold(t.by[i].language, language) {
			return &t.by[i]
		}
	}
	for i := range t.by {
		if strings.EqualFold(t.by[i].language, base(language)) {
			return &t.by[i]
		}
	}
	return &t.by[0]
}

// base is the language without region and script: hi of hi-IN.
func base(language string) string {
	if i := strings.IndexAny(language, "-_"); i > 0 {
		return language[:i]
	}
	return language
}

// TextIn is a text that says s in one language, as it is: for a field that no flow declares.
func TextIn(language, s string) Text { return plainText(language, s, Place{}) }

// plainText is a text of our own in one language, without expressions.
func plainText(language, s string, at Place) Text {
	return Text{Place: at, by: []textIn{{language: language, written: s, pieces: []piece{{words: s}}}}}
}

// tongue is what texts at one place may be written in and name.
type tongue struct {
	*vocabulary
	languages []string // the first is the source language
}

// text checks a text as the author wrote it.
func (g tongue) text(w words) Text {
	t := Text{Place: w.place()}
	for _, one := range w.by {
		language := g.languages[0]
		if one.language.set() {
			language = one.language.node.Value
			if !slices.Contains(g.languages, language) {
				one.language.wrong("unknown-language", didYouMean(language, g.languages), "the language %q is not one of %s", language, strings.Join(g.languages, ", "))
			}
		}
		t.by = append(t.by, textIn{language: language, written: one.text, pieces: g.pieces(one.word)})
	}
	g.complete(w, &t)
	return t
}

// optional is a text that need not be there.
func (g tongue) optional(w words) *Text {
	if !w.set() {
		return nil
	}
	t := g.text(w)
	return &t
}

// heading is an optional text that goes where Markdown is not read: the title of a meeting.
func (g tongue) heading(w words) *Text {
	t := g.optional(w)
	if t != nil {
		t.plain = true
	}
	return t
}

// label is a text without expressions: it names something, so it cannot depend on it.
func (g tongue) label(w words) Text {
	for _, one := range w.by {
		if i := strings.Index(one.text, "{{"); i >= 0 {
			at := newLocator(one.item).place(utf8.RuneCountInString(one.text[:i]))
			w.file.report(Error, at, "not-in-language", "a label cannot hold an expression", "write the words out")
			return Text{Place: w.place()}
		}
	}
	return g.text(w)
}

// complete moves the source language to the front and says which languages are missing.
func (g tongue) complete(w words, t *Text) {
	if len(w.by) == 0 || !w.by[0].language.set() {
		return
	}
	i := slices.IndexFunc(t.by, func(in textIn) bool { return in.language == g.languages[0] })
	if i < 0 {
		w.wrong("missing-source-language", "add a line for "+g.languages[0], "the text is missing in the source language %s", g.languages[0])
		return
	}
	t.by[0], t.by[i] = t.by[i], t.by[0]
	for _, language := range g.languages[1:] {
		if !slices.Contains(t.Languages(), language) {
			w.doubt("missing-translation", "", "the text is missing in %s; %s is said instead", language, g.languages[0])
		}
	}
}

// pieces cuts a text at its {{ }} and checks what stands between.
func (g tongue) pieces(w word) (pieces []piece) {
	if !w.set() {
		return nil
	}
	if utf8.RuneCountInString(w.text) > MaxText {
		w.wrong("too-large", "say it in several steps", "the text has more than %d characters", MaxText)
		return nil
	}
	rest, offset := w.text, 0
	locate := locator{}
	for {
		open := strings.Index(rest, "{{")
		if open < 0 {
			break
		}
		if locate.places == nil {
			locate = newLocator(w.item)
		}
		begin := offset + utf8.RuneCountInString(rest[:open])
		length := closing(rest[open+2:])
		if length < 0 {
			w.file.report(Error, locate.place(begin), "bad-text", "this {{ has no }}", "close it, or leave it out")
			return pieces
		}
		source := rest[open+2 : open+2+length]
		c := checker{vocabulary: g.vocabulary, file: w.file, speaking: true, at: func(at int) Place { return locate.place(begin + 2 + at) }}
		if open > 0 {
			pieces = append(pieces, piece{words: rest[:open]})
		}
		pieces = append(pieces, piece{show: showOf(c.check(source))})
		offset = begin + 4 + utf8.RuneCountInString(source)
		rest = rest[open+4+length:]
	}
	if rest != "" || pieces == nil {
		pieces = append(pieces, piece{words: rest})
	}
	return pieces
}

func showOf(t term) func(*Scope, string) (string, bool) {
	if t.show == nil {
		return func(*Scope, string) (string, bool) { return "", false }
	}
	return t.show
}

// closing is where the }} stands that ends an expression; quotes may hold one. It is -1 when there is none.
func closing(s string) int {
	var quote byte
	for i := 0; i < len(s); i++ {
		switch {
		case quote != 0 && s[i] == '\\' && quote != '`':
			i++
		case quote != 0:
			if s[i] == quote {
				quote = 0
			}
		case s[i] == '"' || s[i] == '\'' || s[i] == '`':
			quote = s[i]
		case strings.HasPrefix(s[i:], "}}"):
			return i
		}
	}
	return -1
}

package flows

import (
	"bytes"
	"errors"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"pgregory.net/rapid"
)

func render(t interface {
	Helper()
	Fatal(...any)
}, v *vocabulary, source string, s *Scope,
) string {
	t.Helper()
	pieces, problems := textOf(v, source)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	text := Text{by: []textIn{{language: "en", pieces: pieces}}}
	got, err := text.In("en", s)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestTexts(t *testing.T) {
	for source, want := range map[string]string{
		"Hello":                                  "Hello",
		"Hi {{ name }}!":                         "Hi Priya!",
		"{{ name }}{{ company }}":                "Priya",
		"{{ known(company) ? company : 'you' }}": "you",
		"{{ company ?? 'your company' }}":        "your company",
		"Hi{{ known(name) ? ', ' + name : '' }}": "Hi, Priya",
		"{{ team_size }} seats, {{ budget }}":    "250 seats, 5000 USD",
		"{{ team_size * 20 }} a month":           "5000 a month",
		"{{ 'for ' + team_size }}":               "for 250",
		"{{ booked ? 'See you ' + meeting.starts : 'We will be in touch' }}": "See you Monday at 12:00",
		"{{ rep.first_name }} of {{ rep.name }}":                             "Asha of Asha Rao",
		"{{ urgent }} {{ goal }} {{ topics }}":                               "yes demo a",
		"{{ '}}' }} and {{ \"{{\" }}":                                        "}} and {{",
		"{{ '**bold**' }}":                                                   "**bold**",
		"one } two }} three":                                                 "one } two }} three",
		"{{ score }} {{ grade }} {{ part.need }}":                            "60 hot 40",
		"{{ meeting.minutes }} min {{ utm.source }}":                         "30 min google",
		"{{ team_size ?? 'some' }}":                                          "250",
		"{{ 'a' + company + 'b' }}":                                          "ab",
	} {
		if got := render(t, world(), source, known()); got != want {
			t.Errorf("%s is %q, want %q", source, got, want)
		}
	}
}

func TestATextIsSaidInTheLanguageOrItsBaseOrTheSource(t *testing.T) {
	text := Text{by: []textIn{{language: "en", pieces: []piece{{words: "Hello"}}}, {language: "hi", pieces: []piece{{words: "नमस्ते"}}}, {language: "pt-BR", pieces: []piece{{words: "Olá"}}}}}
	for language, want := range map[string]string{
		"en": "Hello", "hi": "नमस्ते", "hi-IN": "नमस्ते", "HI": "नमस्ते", "pt-BR": "Olá", "pt": "Hello", "de": "Hello", "": "Hello",
	} {
		if got, _ := text.In(language, &Scope{}); got != want {
			t.Errorf("%q says %q, want %q", language, got, want)
		}
	}
	if got := strings.Join(text.Languages(), " "); got != "en hi pt-BR" {
		t.Error(got)
	}
}

func TestAFieldIsShownAsTheScopeSays(t *testing.T) {
	s := known()
	s.Show = func(f *Field, v Value, language string) string { return f.Name + "=" + language }
	if got := render(t, world(), "{{ team_size }} {{ 'x' + budget }} {{ team_size + 1 }}", s); got != "team_size=en xbudget=en 251" {
		t.Error(got)
	}
}

func TestATextThatIsTooLongIsAnError(t *testing.T) {
	s := known()
	s.Values["name"] = Value{Type: TypeText, Text: strings.Repeat("x", MaxRendered)}
	pieces, _ := textOf(world(), "{{ name }}{{ name }}")
	text := Text{by: []textIn{{language: "en", pieces: pieces}}}
	if _, err := text.In("en", s); !errors.Is(err, ErrTooLong) {
		t.Error(err)
	}
}

func TestTheTitleOfAMeetingIsPlain(t *testing.T) {
	f := load(t, map[string]string{
		"a.yaml":    "flow: a\nsteps: [{ id: x, book: { team: asha, title: \"{{ company }} × Acme\" }, say: \"For {{ company }}\", next: bye }, { id: bye, end: nurture }]\n",
		"team.yaml": "timezone: UTC\nreps: [{ id: asha, name: Asha }]\n",
	}).Flows[0]
	s := &Scope{Values: map[string]Value{"company": {Type: TypeText, Text: "*B*"}}}
	if title, _ := f.Steps[0].Book.Title.In("en", s); title != "*B* × Acme" {
		t.Error(title)
	}
	if say, _ := f.Steps[0].Say.In("en", s); say != `For \*B\*` {
		t.Error(say)
	}
}

func TestNoTextIsNothing(t *testing.T) {
	var none *Text
	if got, err := none.In("en", nil); got != "" || err != nil || !none.Empty() || none.Languages() != nil {
		t.Error(got, err)
	}
}

var paragraph = regexp.MustCompile(`^<p>Hello <em>X</em> (.*), bye</p>\n$`)

// TestAVisitorsWordsAreNeverMarkup: whatever the visitor wrote, Markdown shows it as it is, inside one paragraph.
func TestAVisitorsWordsAreNeverMarkup(t *testing.T) {
	markdown := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList))
	words := rapid.OneOf(
		rapid.String(),
		rapid.StringMatching("[-*_`<>&~|#+=.:)!\\[\\](){}a1 \\\\\n\"'/]{0,20}"),
		rapid.SampledFrom([]string{
			"{{ email }}", "**b**", "_i_", "a_b_c", "[x](http://e.example)", "![x](y)", "<b>", "<script>alert(1)</script>", "&lt;b&gt;",
			"`code`", "~~gone~~", "# title", "- item", "1. one", "> quote", "| a |\n|---|", "---", "https://evil.example", "AT&T", "\\*", "x\n\n# y",
		}),
	)
	rapid.Check(t, func(t *rapid.T) {
		said := words.Draw(t, "said")
		s := known()
		s.Values["name"] = Value{Type: TypeText, Text: said}
		got := render(t, world(), "Hello *X* {{ name }}, bye", s)
		var out bytes.Buffer
		if err := markdown.Convert([]byte(got), &out); err != nil {
			t.Fatal(err)
		}
		match := paragraph.FindStringSubmatch(out.String())
		if match == nil {
			t.Fatalf("%q became %q", got, out.String())
		}
		if shown, want := squeeze(html.UnescapeString(match[1])), squeeze(said); shown != want {
			t.Fatalf("%q is shown as %q", want, shown)
		}
		if plain := squeeze(Unmarked(harmless(said))); plain != squeeze(said) {
			t.Fatalf("%q is plainly %q", said, plain)
		}
	})
}

// squeeze is the text without what cannot be seen and with single blanks.
func squeeze(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029' || r == 0xa0:
			return ' '
		case r < ' ' || r >= 0x7f && r < 0xa0 || isBidi(r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

func TestOrdinaryWordsStayAsTheyAre(t *testing.T) {
	for _, s := range []string{
		"priya_k@bigco.example", "+919876543210", "O'Neill & Sons", "AT&T", "-5", "3 < 4 > 2", "#1", "1.5", "a.b", "(hello)", "50% off!", "नमस्ते",
	} {
		if got := harmless(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"{{ name }}", "{{ '}}' }}", "{{", "}}", "{{}}", "{{ name + 'x }}", "{{ team_size ? }}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		pieces, problems := textOf(world(), source)
		if len(problems) > 0 {
			return
		}
		text := Text{by: []textIn{{language: "en", pieces: pieces}}}
		for _, s := range []*Scope{{}, known()} {
			if _, err := text.In("en", s); err != nil && !errors.Is(err, ErrTooLong) {
				t.Error(err)
			}
		}
	})
}

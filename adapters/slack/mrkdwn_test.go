package slack

import (
	"regexp"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

func TestMrkdwn(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"plain words", "plain words"},
		{"**bold** and *slanted* and _slanted_ and ~~gone~~", "*bold* and _slanted_ and _slanted_ and ~gone~"},
		{"__bold__", "*bold*"},
		{"# Title\nwords", "*Title*\nwords"},
		{"- one\n- two\n* three", "• one\n• two\n• three"},
		{"[our guide](https://acme.example/guide?a=1&b=2)", "<https://acme.example/guide?a=1&amp;b=2|our guide>"},
		{"[mail](mailto:hi@acme.example)", "<mailto:hi@acme.example|mail>"},
		{"[run](javascript:alert)", "run"},
		{"![a picture](https://acme.example/a.png)", "<https://acme.example/a.png|a picture>"},
		{"`**code** <b>`", "`**code** &lt;b&gt;`"},
		{"a < b & c > d", "a &lt; b &amp; c &gt; d"},
		{"2 * 3 * 4", "2 * 3 * 4"},
		{"<!channel> <@U1>", "&lt;!channel&gt; &lt;@U1&gt;"},
		{"**Hi**, **you**!", "*Hi*, *you*!"},
	} {
		if got := mrkdwn(test.in); got != test.want {
			t.Errorf("%q became %q, want %q", test.in, got, test.want)
		}
	}
}

func TestWhatPeopleWrote(t *testing.T) {
	for _, wrote := range []string{
		"<!channel>", "<!here|here>", "<@U123>", "<#C1|x>", "<https://evil.example|bank>", "[bank](https://evil.example)", "**loud**",
		"*loud*", "`code`", "a & b", "# title", "](https://evil.example)", "__x__", "x](https://evil.example) [y",
	} {
		got := mrkdwn("**Thanks**, "+wrote+"! [Guide](https://acme.example)", wrote)
		if want := "*Thanks*, " + escape(wrote) + "! <https://acme.example|Guide>"; got != want {
			t.Errorf("%q became %q, want %q", wrote, got, want)
		}
	}
}

// alive is what Slack would make something of.
var alive = regexp.MustCompile(`<[^>]*>?`)

func FuzzPerson(f *testing.F) {
	for _, s := range []string{"<!channel>", "[a](https://b.example)", "\x000\x01", "`", "**", "a\nb", "&lt;", "<https://x|y>", "]("} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, person string) {
		if got := escape(person); strings.ContainsAny(got, "<>") || plain(got) != person {
			t.Errorf("escaped %q as %q, read back %q", person, got, plain(got))
		}
		for _, text := range []string{"Hi " + person + "!", person, "**" + person + "**", "[" + person + "](https://acme.example)"} {
			for _, link := range alive.FindAllString(mrkdwn(text, person), -1) {
				if !strings.HasPrefix(link, "<https://acme.example|") || !strings.HasSuffix(link, ">") {
					t.Errorf("%q came alive in %q as %q", person, text, link)
				}
			}
		}
		for _, link := range alive.FindAllString(link("https://acme.example", person), -1) {
			if strings.Count(link, "|") != 1 || !strings.HasSuffix(link, ">") {
				t.Errorf("the label %q made %q", person, link)
			}
		}
	})
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"a &amp; b &lt;c&gt;": "a & b <c>", "<https://acme.example>": "https://acme.example", "<https://acme.example|acme.example>": "https://acme.example",
		"<mailto:a@b.example|a@b.example>": "a@b.example", "<tel:+4930|030>": "+4930", "<@U1>": "@U1", "<@U1|ana>": "@ana", "<#C1|price>": "#price",
		"<!here>": "@here", "<!subteam^S1|@sales>": "@sales", "<https://acme.example|our page>": "our page (https://acme.example)",
	} {
		if got := plain(in); got != want {
			t.Errorf("%q read as %q, want %q", in, got, want)
		}
	}
}

func TestLimits(t *testing.T) {
	long := strings.Repeat("x", maxText+1)
	many := make([]slack.Block, maxBlocks+1)
	for i := range many {
		many[i] = slack.NewDividerBlock()
	}
	button := func(id, value, label string) slack.BlockElement {
		return slack.NewButtonBlockElement(id, value, &slack.TextBlockObject{Type: slack.PlainTextType, Text: label})
	}
	for name, p := range map[string]Post{
		"no channel":            {Text: "x"},
		"no words":              {Channel: "C1"},
		"a long text":           {Channel: "C1", Text: long},
		"many blocks":           {Channel: "C1", Text: "x", Blocks: many},
		"a long section":        {Channel: "C1", Text: "x", Blocks: []slack.Block{section(long[:maxSection+1])}},
		"an empty section":      {Channel: "C1", Text: "x", Blocks: []slack.Block{section("")}},
		"a long header":         {Channel: "C1", Text: "x", Blocks: []slack.Block{slack.NewHeaderBlock(&slack.TextBlockObject{Type: slack.PlainTextType, Text: long[:maxHeader+1]})}},
		"a long label":          {Channel: "C1", Text: "x", Blocks: []slack.Block{slack.NewActionBlock("a", button("a", "v", long[:maxLabel+1]))}},
		"a long value":          {Channel: "C1", Text: "x", Blocks: []slack.Block{slack.NewActionBlock("a", button("a", long[:maxValue+1], "l"))}},
		"an action twice":       {Channel: "C1", Text: "x", Blocks: []slack.Block{slack.NewActionBlock("a", button("a", "v", "l"), button("a", "v", "l"))}},
		"a block twice":         {Channel: "C1", Text: "x", Blocks: []slack.Block{slack.NewActionBlock("a", button("a", "v", "l")), slack.NewActionBlock("a", button("b", "v", "l"))}},
		"actions without any":   {Channel: "C1", Text: "x", Blocks: []slack.Block{slack.NewActionBlock("a")}},
		"a context without any": {Channel: "C1", Text: "x", Blocks: []slack.Block{slack.NewContextBlock("")}},
	} {
		if p.check() == nil {
			t.Errorf("%s is let through", name)
		}
	}
	for text, want := range map[string]string{
		"12345": "12345", "123456": "1234…", "😀😀😀": "😀😀…", "abc&amp;d": "abc…", "ab<https://x|y>": "ab…",
	} {
		if got := cut(text, 5); got != want {
			t.Errorf("%q was cut to %q, want %q", text, got, want)
		}
	}
}

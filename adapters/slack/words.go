package slack

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/slack-go/slack"
)

// What people wrote is cut before the limits of Block Kit make it so, so that no single answer fills a card.
const (
	maxWords = 300 // of one answer, page or reason
	maxPart  = 40  // of a name
)

// clip makes what a person wrote one line of at most n, and says how much is left out.
func clip(text string, n int) string {
	text = strings.Join(strings.Fields(strings.Map(visible, text)), " ")
	over := length(text) - n
	if over <= 0 {
		return text
	}
	more := fmt.Sprintf("… (+%d)", over+12)
	kept, room := 0, n-length(more)
	for i, r := range text {
		if room -= max(utf16.RuneLen(r), 1); room < 0 {
			break
		}
		kept = i + len(string(r))
	}
	return text[:kept] + more
}

// visible drops what would turn or hide the words around it: control and formatting characters.
func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.Is(unicode.Cf, r) && r != '\u200d' && r != '\u200c', unicode.IsControl(r):
		return -1
	}
	return r
}

// quote is what a person wrote, ready for mrkdwn.
func quote(text string) string { return escape(clip(text, maxWords)) }

// list puts lines under each other as far as they fit, and says how many do not.
func list(lines []string, most int) string {
	var b strings.Builder
	room := most
	for i, line := range lines {
		more := ""
		if left := len(lines) - i; left > 1 {
			more = fmt.Sprintf("\n_… and %d more_", left)
		}
		if length(line)+length(more)+1 > room {
			fmt.Fprintf(&b, "\n_… and %d more_", len(lines)-i)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
			room--
		}
		b.WriteString(line)
		room -= length(line)
	}
	return strings.TrimPrefix(b.String(), "\n")
}

// rich is a text that Slack shows as it is: addresses in it do not become links, nor names mentions.
func rich(text string) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.MarkdownType, Text: text, Verbatim: true}
}

func caption(text string) *slack.TextBlockObject {
	off := false
	return &slack.TextBlockObject{Type: slack.PlainTextType, Text: text, Emoji: &off}
}

func para(text string) slack.Block { return slack.NewSectionBlock(rich(text), nil, nil) }

func note(text string) slack.Block { return slack.NewContextBlock("", rich(text)) }

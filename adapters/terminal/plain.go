package terminal

import (
	"fmt"
	"io"
	"strings"
	"time"

	"usher/bot/dialogue"
)

// plainly shows lines as text. The score is only shown when it is asked for or the conversation ends.
func (c *ChatCommand) plainly(out io.Writer) func(any) error {
	p := &printer{out: out}
	return func(line any) error {
		for _, l := range words(line) {
			p.printf("%s\n", l)
		}
		return p.err
	}
}

// words is a line of the chat for people; a score has none, it is shown on demand.
func words(line any) []string {
	switch l := line.(type) {
	case message:
		return append([]string{l.Text}, choices(l.Ask)...)
	case route:
		if l.Rep == "" {
			return []string{fmt.Sprintf("[asks the team %s to join]", l.Team)}
		}
		return []string{fmt.Sprintf("[%s takes this: %s]", l.Rep, l.Because)}
	case meeting:
		return []string{fmt.Sprintf("[booked with %s, %s]", l.Rep, l.Start.Format("Mon 2 Jan 2006 15:04 -07:00"))}
	case score:
		if l.wanted {
			return l.explain()
		}
	case end:
		return []string{fmt.Sprintf("[%s%s]", l.End, reason(l.Reason))}
	}
	return nil
}

func reason(text string) string {
	if text == "" {
		return ""
	}
	return ": " + text
}

// choices are the options of a question, numbered.
func choices(ask *dialogue.Ask) []string {
	if ask == nil {
		return nil
	}
	var out []string
	for i, o := range ask.Options {
		out = append(out, fmt.Sprintf("  %d  %s", i+1, o.Label))
	}
	return out
}

// wrap breaks text into lines of at most width characters, between words where there are some.
func wrap(text string, width int) []string {
	var out []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := ""
		for word := range strings.FieldsSeq(paragraph) {
			for len([]rune(word)) > width {
				if line != "" {
					out, line = append(out, line), ""
				}
				r := []rune(word)
				out, word = append(out, string(r[:width])), string(r[width:])
			}
			switch {
			case line == "":
				line = word
			case len([]rune(line))+1+len([]rune(word)) > width:
				out, line = append(out, line), word
			default:
				line += " " + word
			}
		}
		out = append(out, line)
	}
	return out
}

// every is how often the screen looks whether silence has become an input.
const every = time.Second

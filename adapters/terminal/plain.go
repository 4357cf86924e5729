package terminal

import (
	"fmt"
	"io"
	"strings"

	"usher/bot/rehearse"
)

// plainly shows lines as text.
func plainly(out io.Writer) func(rehearse.Line) error {
	p := &printer{out: out}
	return func(line rehearse.Line) error {
		for _, l := range words(line) {
			p.printf("%s\n", l)
		}
		return p.err
	}
}

// words is a line of the chat for people. A score has none unless it was asked for.
func words(line rehearse.Line) []string {
	switch l := line.(type) {
	case rehearse.MessageLine:
		return append([]string{l.Text}, choices(l.Ask)...)
	case rehearse.RouteLine:
		return []string{fmt.Sprintf("[%s takes this: %s]", l.Rep, l.Because)}
	case rehearse.WaitingLine:
		return []string{fmt.Sprintf("[waits for %s: %s]", l.Place, l.Because)}
	case rehearse.MeetingLine:
		return []string{fmt.Sprintf("[booked with %s, %s]", l.Rep, l.Start.Format("Mon 2 Jan 2006 15:04 -07:00"))}
	case receipt:
		return explain(l.ScoreLine)
	case rehearse.EndLine:
		if l.Reason != "" {
			return []string{fmt.Sprintf("[%s: %s]", l.End, l.Reason)}
		}
		return []string{fmt.Sprintf("[%s]", l.End)}
	}
	return nil
}

// choices are the options of a question, numbered.
func choices(ask *rehearse.AskLine) []string {
	if ask == nil {
		return nil
	}
	var out []string
	for i, o := range ask.Options {
		out = append(out, fmt.Sprintf("  %d  %s", i+1, strings.TrimSpace(o.Day+" "+o.Label)))
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

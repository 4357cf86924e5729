package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
)

// fewOptions are shown as buttons, more as a select.
const fewOptions = 5

// askBlock begins the block ids of a question's controls: "ask CONVERSATION SEQ NUMBER".
const askBlock = "ask"

// controls are what a question is answered with by a click; an option's value is its number, and what it stands for is
// read from the transcript.
func controls(conversation string, m bot.Message) []slack.Block {
	ask := m.Ask
	if ask == nil || len(ask.Options) == 0 {
		return nil
	}
	id := func(n int) string { return fmt.Sprintf("%s %s %d %d", askBlock, conversation, m.Seq, n) }
	switch {
	case ask.Type == dialogue.TypeSlot:
		return slotControls(ask, id)
	case ask.Type == string(flows.TypeChoices):
		options := selectOptions(ask)
		return []slack.Block{slack.NewActionBlock(id(0), slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, words("…"), "pick", options...))}
	case len(ask.Options) <= fewOptions:
		return []slack.Block{slack.NewActionBlock(id(0), buttons(ask.Options, 0)...)}
	}
	return []slack.Block{slack.NewActionBlock(id(0), slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, words("…"), "pick", selectOptions(ask)...))}
}

// slotControls are the times as buttons, a row for each day.
func slotControls(ask *dialogue.Ask, id func(int) string) (blocks []slack.Block) {
	for from := 0; from < len(ask.Options); {
		to := from
		for to < len(ask.Options) && ask.Options[to].Day == ask.Options[from].Day && to-from < maxElements {
			to++
		}
		if day := ask.Options[from].Day; day != "" {
			blocks = append(blocks, section("*"+escape(day)+"*"))
		}
		blocks = append(blocks, slack.NewActionBlock(id(from), buttons(ask.Options[from:to], from)...))
		from = to
	}
	return blocks
}

func buttons(options []dialogue.Option, first int) (out []slack.BlockElement) {
	for i, o := range options {
		n := strconv.Itoa(first + i)
		out = append(out, slack.NewButtonBlockElement("pick-"+n, n, words(cmp.Or(o.Label, o.Value))))
	}
	return out
}

func selectOptions(ask *dialogue.Ask) (out []*slack.OptionBlockObject) {
	for i, o := range ask.Options[:min(len(ask.Options), maxOptions)] {
		out = append(out, slack.NewOptionBlockObject(strconv.Itoa(i), words(cmp.Or(o.Label, o.Value)), nil))
	}
	return out
}

// words are plain ones, as long as a label may be.
func words(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, cut(text, maxLabel), true, false)
}

// section is a paragraph of mrkdwn in which nothing becomes a link but what is written as one.
func section(text string) *slack.SectionBlock {
	return slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, text, false, true), nil, nil)
}

// picked takes a click on a question's control. It is the same input as the words; a question that is answered is not
// answered again, whoever clicks first.
func (a *App) picked(ctx context.Context, e Event) error {
	parts := strings.Fields(e.Block)
	if len(parts) != 4 || parts[0] != askBlock {
		return nil
	}
	conversation := parts[1]
	seq, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil {
		return nil
	}
	at, err := a.placeOf(ctx, conversation)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if at.User != e.User || at.Team != e.Team {
		return a.whisper(ctx, e, "This question is for <@"+at.User+">. Write to me, and I will ask you your own.")
	}
	page, err := a.Host.Transcript(ctx, conversation, seq-1, 100)
	if err != nil {
		return err
	}
	id := "slack-" + e.ID
	value, open := option(page, seq, id, e.Value)
	if !open {
		return a.whisper(ctx, e, "That question is answered already. Say “back” to change the answer.")
	}
	if value == "" {
		return nil
	}
	return a.Host.Say(ctx, conversation, "", dialogue.Said{ID: id, Value: value})
}

// option is what the numbers stand for in the question with that seq, and whether it is still open: nobody has said
// anything to it, or it was this very click, tried again.
func option(page []bot.Message, seq int64, id, numbers string) (value string, open bool) {
	if len(page) == 0 || page[0].Seq != seq || page[0].Ask == nil {
		return "", false
	}
	for _, m := range page[1:] {
		if m.From == bot.FromVisitor {
			return "", m.ID == id
		}
	}
	var values []string
	for n := range strings.SplitSeq(numbers, ",") {
		i, err := strconv.Atoi(n)
		if err != nil || i < 0 || i >= len(page[0].Ask.Options) {
			return "", true
		}
		values = append(values, page[0].Ask.Options[i].Value)
	}
	return strings.Join(values, ","), true
}

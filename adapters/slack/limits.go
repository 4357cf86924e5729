package slack

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/slack-go/slack"
)

// Limits of Block Kit and of messages (docs.slack.dev/reference/block-kit and chat.postMessage), in characters.
const (
	maxText     = 40000
	maxBlocks   = 50
	maxSection  = 3000
	maxField    = 2000
	maxFields   = 10
	maxHeader   = 150
	maxElements = 25
	maxContext  = 10
	maxOptions  = 100
	maxLabel    = 75 // of a button or an option
	maxID       = 255
	maxValue    = 2000 // of a button
	maxOption   = 150  // of an option's value
)

var (
	errPost  = errors.New("a message needs a channel and words")
	errLimit = errors.New("more than Slack takes")
)

// check says what Slack would refuse, and where.
func (p Post) check() error {
	if p.Channel == "" && p.ResponseURL == "" || p.Text == "" && len(p.Blocks) == 0 {
		return errPost
	}
	if err := within("text", p.Text, maxText); err != nil {
		return err
	}
	return checkBlocks(p.Blocks)
}

func checkBlocks(blocks []slack.Block) error {
	if len(blocks) > maxBlocks {
		return fmt.Errorf("%w: %d blocks, %d at most", errLimit, len(blocks), maxBlocks)
	}
	ids := map[string]bool{}
	for i, b := range blocks {
		if err := checkBlock(b); err != nil {
			return fmt.Errorf("block %d (%s): %w", i, b.BlockType(), err)
		}
		id := b.ID()
		if err := within("block_id", id, maxID); err != nil {
			return fmt.Errorf("block %d: %w", i, err)
		}
		if id != "" && ids[id] {
			return fmt.Errorf("block %d: %w: block_id %q twice", i, errLimit, id)
		}
		ids[id] = true
	}
	return nil
}

func checkBlock(b slack.Block) error {
	switch b := b.(type) {
	case *slack.SectionBlock:
		return checkSection(b)
	case *slack.HeaderBlock:
		return checkWords("text", b.Text, maxHeader)
	case *slack.ContextBlock:
		return checkContext(b)
	case *slack.ActionBlock:
		return checkActions(b)
	}
	return nil
}

func checkSection(b *slack.SectionBlock) error {
	if b.Text == nil && len(b.Fields) == 0 {
		return fmt.Errorf("%w: neither text nor fields", errLimit)
	}
	if b.Text != nil {
		if err := checkWords("text", b.Text, maxSection); err != nil {
			return err
		}
	}
	if len(b.Fields) > maxFields {
		return fmt.Errorf("%w: %d fields, %d at most", errLimit, len(b.Fields), maxFields)
	}
	for _, f := range b.Fields {
		if err := checkWords("field", f, maxField); err != nil {
			return err
		}
	}
	return nil
}

func checkContext(b *slack.ContextBlock) error {
	if n := len(b.ContextElements.Elements); n == 0 || n > maxContext {
		return fmt.Errorf("%w: %d elements, 1 to %d are taken", errLimit, n, maxContext)
	}
	for _, e := range b.ContextElements.Elements {
		if t, ok := e.(*slack.TextBlockObject); ok {
			if err := checkWords("element", t, maxField); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkActions(b *slack.ActionBlock) error {
	if b.Elements == nil || len(b.Elements.ElementSet) == 0 || len(b.Elements.ElementSet) > maxElements {
		return fmt.Errorf("%w: 1 to %d elements are taken", errLimit, maxElements)
	}
	ids := map[string]bool{}
	for _, e := range b.Elements.ElementSet {
		id, err := checkElement(e)
		if err != nil {
			return err
		}
		if id != "" && ids[id] {
			return fmt.Errorf("%w: action_id %q twice", errLimit, id)
		}
		ids[id] = true
	}
	return nil
}

func checkElement(e slack.BlockElement) (id string, err error) {
	switch e := e.(type) {
	case *slack.ButtonBlockElement:
		return e.ActionID, errors.Join(checkWords("button", e.Text, maxLabel), within("value", e.Value, maxValue), within("action_id", e.ActionID, maxID))
	case *slack.SelectBlockElement:
		return e.ActionID, errors.Join(checkOptions(e.Options), within("action_id", e.ActionID, maxID))
	case *slack.MultiSelectBlockElement:
		return e.ActionID, errors.Join(checkOptions(e.Options), within("action_id", e.ActionID, maxID))
	case *slack.OverflowBlockElement:
		return e.ActionID, errors.Join(checkOptions(e.Options), within("action_id", e.ActionID, maxID))
	}
	return "", nil
}

func checkOptions(options []*slack.OptionBlockObject) error {
	if len(options) > maxOptions {
		return fmt.Errorf("%w: %d options, %d at most", errLimit, len(options), maxOptions)
	}
	for _, o := range options {
		if err := errors.Join(checkWords("option", o.Text, maxLabel), within("value", o.Value, maxOption)); err != nil {
			return err
		}
	}
	return nil
}

func checkWords(what string, t *slack.TextBlockObject, most int) error {
	if t == nil || t.Text == "" {
		return fmt.Errorf("%w: %s without words", errLimit, what)
	}
	return within(what, t.Text, most)
}

func within(what, text string, most int) error {
	if n := length(text); n > most {
		return fmt.Errorf("%w: %s has %d characters, %d at most", errLimit, what, n, most)
	}
	return nil
}

// length counts as Slack's clients do: what is beyond the basic plane counts twice.
func length(text string) (n int) {
	for _, r := range text {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// cut shortens to at most n characters, the last of them an ellipsis, and not inside of an entity or a link.
func cut(text string, n int) string {
	if length(text) <= n {
		return text
	}
	room, end := n-1, 0
	for i, r := range text {
		if room -= max(1, utf16.RuneLen(r)); room < 0 {
			break
		}
		end = i + len(string(r))
	}
	text = text[:end]
	if i := strings.LastIndexByte(text, '&'); i >= 0 && i > len(text)-5 && !strings.Contains(text[i:], ";") {
		text = text[:i]
	}
	if i := strings.LastIndexByte(text, '<'); i >= 0 && !strings.Contains(text[i:], ">") {
		text = text[:i]
	}
	return text + "…"
}

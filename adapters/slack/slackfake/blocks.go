package slackfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

// Limits of Block Kit (docs.slack.dev: reference of blocks, elements and composition objects), in characters or pieces.
const (
	messageBlocks = 50
	viewBlocks    = 100
	idChars       = 255
	sectionText   = 3000
	sectionFields = 10
	fieldText     = 2000
	headerText    = 150
	contextParts  = 10
	actionParts   = 25
	buttonText    = 75
	buttonValue   = 2000
	urlChars      = 3000
	placeholder   = 150
	optionText    = 75
	optionValue   = 150
	selectOptions = 100
	overflowParts = 5
	choiceOptions = 10
	imageText     = 2000
	labelText     = 2000
	markdownText  = 12_000 // all markdown blocks of a message together
	confirmTitle  = 100
	confirmText   = 300
	confirmButton = 30
	modalTitle    = 24
	privateData   = 3000
)

// interactive are the elements that send something when they are used.
var interactive = map[string]bool{
	"button": true, "static_select": true, "external_select": true, "users_select": true, "conversations_select": true,
	"channels_select": true, "multi_static_select": true, "overflow": true, "radio_buttons": true, "checkboxes": true,
	"datepicker": true, "timepicker": true, "datetimepicker": true, "plain_text_input": true, "email_text_input": true,
	"url_text_input": true, "number_input": true, "feedback_buttons": true, "icon_button": true,
}

// checker collects what is wrong with blocks, in Slack's words.
type checker struct {
	problems []string
	markdown int
}

func (c *checker) wrong(at, format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...)+" [json-pointer:"+at+"]")
}

// refusedBlocks says what Slack answers to the blocks of a message; nil when they are fine.
func refusedBlocks(raw string) reply {
	var blocks []any
	if json.Unmarshal([]byte(raw), &blocks) != nil {
		return failed("invalid_blocks_format")
	}
	c := &checker{}
	c.blocks("/blocks", blocks, messageBlocks)
	if len(c.problems) == 0 {
		return nil
	}
	return detailed("invalid_blocks", c.problems)
}

func refusedArguments(problems []string) reply { return detailed("invalid_arguments", problems) }

func detailed(name string, problems []string) reply {
	messages := make([]string, len(problems))
	for i, p := range problems {
		messages[i] = "[ERROR] " + p
	}
	return reply{"ok": false, "error": name, "errors": problems, "response_metadata": map[string]any{"messages": messages}}
}

// checkView says what is wrong with a modal or a home tab.
func checkView(v map[string]any, kind string) []string {
	c := &checker{}
	blocks, ok := v["blocks"].([]any)
	if !ok {
		c.wrong("/view", "missing required field: blocks")
	}
	c.blocks("/view/blocks", blocks, viewBlocks)
	c.long("/view/private_metadata", v["private_metadata"], privateData)
	c.long("/view/callback_id", v["callback_id"], idChars)
	if kind == "modal" {
		c.text("/view/title", v["title"], modalTitle, "plain_text")
		c.maybeText("/view/submit", v["submit"], modalTitle, "plain_text")
		c.maybeText("/view/close", v["close"], modalTitle, "plain_text")
	}
	return c.problems
}

func (c *checker) blocks(at string, blocks []any, most int) {
	if len(blocks) > most {
		c.wrong(at, "no more than %d items allowed", most)
	}
	ids := map[string]bool{}
	for i, raw := range blocks {
		place := fmt.Sprintf("%s/%d", at, i)
		b, ok := raw.(map[string]any)
		if !ok {
			c.wrong(place, "must be an object")
			continue
		}
		c.long(place+"/block_id", b["block_id"], idChars)
		if id, _ := b["block_id"].(string); id != "" {
			if ids[id] {
				c.wrong(place+"/block_id", "`block_id` already exists")
			}
			ids[id] = true
		}
		c.block(place, b)
	}
	if c.markdown > markdownText {
		c.wrong(at, "must be less than %d characters", markdownText+1)
	}
}

func (c *checker) block(at string, b map[string]any) {
	switch b["type"] {
	case "section":
		c.section(at, b)
	case "header":
		c.text(at+"/text", b["text"], headerText, "plain_text")
	case "divider", "rich_text", "table":
	case "context":
		c.context(at, b)
	case "actions":
		c.several(at, b["elements"], actionParts, true)
	case "context_actions":
		c.several(at, b["elements"], 5, true)
	case "image":
		c.image(at, b)
	case "markdown":
		text, _ := b["text"].(string)
		if text == "" {
			c.wrong(at+"/text", "must be more than 0 characters")
		}
		c.markdown += utf8.RuneCountInString(text)
	case "input":
		c.text(at+"/label", b["label"], labelText, "plain_text")
		c.maybeText(at+"/hint", b["hint"], labelText, "plain_text")
		c.element(at+"/element", b["element"], map[string]bool{})
	default:
		c.wrong(at+"/type", "unsupported type: %v", b["type"])
	}
}

func (c *checker) section(at string, b map[string]any) {
	fields, some := b["fields"].([]any)
	if b["text"] == nil && !some {
		c.wrong(at, "must provide text or fields")
	}
	c.maybeText(at+"/text", b["text"], sectionText, "")
	if some && len(fields) == 0 {
		c.wrong(at+"/fields", "no less than 1 items allowed")
	}
	if len(fields) > sectionFields {
		c.wrong(at+"/fields", "no more than %d items allowed", sectionFields)
	}
	for i, f := range fields {
		c.text(fmt.Sprintf("%s/fields/%d", at, i), f, fieldText, "")
	}
	if b["accessory"] != nil {
		c.element(at+"/accessory", b["accessory"], map[string]bool{})
	}
}

func (c *checker) context(at string, b map[string]any) {
	list, _ := b["elements"].([]any)
	if len(list) == 0 {
		c.wrong(at+"/elements", "no less than 1 items allowed")
	}
	if len(list) > contextParts {
		c.wrong(at+"/elements", "no more than %d items allowed", contextParts)
	}
	for i, e := range list {
		place := fmt.Sprintf("%s/elements/%d", at, i)
		if object, _ := e.(map[string]any); object["type"] == "image" {
			c.image(place, object)
		} else {
			c.text(place, e, sectionText, "")
		}
	}
}

func (c *checker) image(at string, b map[string]any) {
	if b["image_url"] == nil && b["slack_file"] == nil {
		c.wrong(at, "missing required field: image_url")
	}
	if alt, _ := b["alt_text"].(string); alt == "" {
		c.wrong(at, "missing required field: alt_text")
	}
	c.long(at+"/image_url", b["image_url"], urlChars)
	c.long(at+"/alt_text", b["alt_text"], imageText)
	c.maybeText(at+"/title", b["title"], imageText, "plain_text")
}

// several checks the elements of a block, whose action_ids must differ.
func (c *checker) several(at string, raw any, most int, some bool) {
	list, _ := raw.([]any)
	if some && len(list) == 0 {
		c.wrong(at+"/elements", "no less than 1 items allowed")
	}
	if len(list) > most {
		c.wrong(at+"/elements", "no more than %d items allowed", most)
	}
	ids := map[string]bool{}
	for i, e := range list {
		c.element(fmt.Sprintf("%s/elements/%d", at, i), e, ids)
	}
}

// maybeText checks a text object that may be left out.
func (c *checker) maybeText(at string, raw any, most int, kind string) {
	if raw != nil {
		c.text(at, raw, most, kind)
	}
}

// text checks a text object; kind "" takes plain_text and mrkdwn.
func (c *checker) text(at string, raw any, most int, kind string) {
	t, ok := raw.(map[string]any)
	switch {
	case !ok:
		c.wrong(at, "must be a text object")
		return
	case kind != "" && t["type"] != kind, t["type"] != "plain_text" && t["type"] != "mrkdwn":
		c.wrong(at+"/type", "unsupported type: %v", t["type"])
	case t["type"] == "mrkdwn" && t["emoji"] != nil:
		c.wrong(at, "additional property: emoji")
	}
	for _, key := range slices.Sorted(maps.Keys(t)) {
		if !slices.Contains([]string{"type", "text", "emoji", "verbatim"}, key) {
			c.wrong(at, "additional property: %s", key)
		}
	}
	s, _ := t["text"].(string)
	if s == "" {
		c.wrong(at+"/text", "must be more than 0 characters")
	}
	c.long(at+"/text", s, most)
}

// long refuses a string of too many characters.
func (c *checker) long(at string, raw any, most int) {
	if s, ok := raw.(string); ok && utf8.RuneCountInString(s) > most {
		c.wrong(at, "must be less than %d characters", most+1)
	}
}

package slackfake

import (
	"encoding/json"
	"fmt"
	"strings"
)

// element is an interactive part of a message, or an option of one.
type element map[string]any

// placed is an element and the block it stands in.
type placed struct {
	element element
	block   string
}

func (e element) kind() string {
	kind, _ := e["type"].(string)
	return kind
}

// named says whether words name an element: its action_id, its value or what stands on it.
func (e element) named(words string) bool {
	return words != "" && (e["action_id"] == words || e["value"] == words || e.label() == words)
}

// label is what stands on a button or an option.
func (e element) label() string {
	text, _ := e["text"].(map[string]any)
	label, _ := text["text"].(string)
	return label
}

// pressed is what the use of a button says.
func (e element) pressed() map[string]any {
	return map[string]any{"type": e.kind(), "value": e["value"], "text": e["text"], "style": e["style"]}
}

// picked is what the choice of an option says, named by its value or its text.
func (e element) picked(option string) (map[string]any, bool) {
	for _, o := range e.options() {
		if o.named(option) {
			return map[string]any{"type": e.kind(), "selected_option": o, "placeholder": e["placeholder"]}, true
		}
	}
	return nil, false
}

// options are the choices of a select, in groups or not.
func (e element) options() (out []element) {
	lists := []any{e["options"]}
	if groups, ok := e["option_groups"].([]any); ok {
		for _, g := range groups {
			if group, ok := g.(map[string]any); ok {
				lists = append(lists, group["options"])
			}
		}
	}
	for _, list := range lists {
		options, _ := list.([]any)
		for _, o := range options {
			if option, ok := o.(map[string]any); ok {
				out = append(out, option)
			}
		}
	}
	return out
}

// elements finds the interactive elements of blocks.
func elements(raw json.RawMessage) (out []placed) {
	var blocks []map[string]any
	if json.Unmarshal(raw, &blocks) != nil {
		return nil
	}
	for _, b := range blocks {
		id, _ := b["block_id"].(string)
		list, _ := b["elements"].([]any)
		for _, e := range append(list, b["accessory"], b["element"]) {
			if object, ok := e.(map[string]any); ok && object["action_id"] != nil {
				out = append(out, placed{object, id})
			}
		}
	}
	return out
}

// Actions gives the action_ids of a message's buttons and menus, in order.
func (m Message) Actions() (ids []string) {
	for _, e := range elements(m.Blocks) {
		ids = append(ids, fmt.Sprint(e.element["action_id"]))
	}
	return ids
}

// Labels gives what stands on a message's buttons, and the options of its menus, in order.
func (m Message) Labels() (labels []string) {
	for _, e := range elements(m.Blocks) {
		if e.element.kind() == "button" {
			labels = append(labels, e.element.label())
		}
		for _, o := range e.element.options() {
			labels = append(labels, o.label())
		}
	}
	return labels
}

// Words gives everything one reads in a message: its blocks when it has some, else its text.
func (m Message) Words() string {
	var blocks []any
	if json.Unmarshal(m.Blocks, &blocks) != nil || len(blocks) == 0 {
		return m.Text
	}
	var b strings.Builder
	words(&b, blocks)
	return strings.TrimSpace(b.String())
}

// words collects the texts below a value, in the order in which they stand on the screen.
func words(b *strings.Builder, v any) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			words(b, one)
		}
	case map[string]any:
		if text, ok := v["text"].(string); ok {
			b.WriteString(text + "\n")
		}
		for _, key := range []string{"text", "fields", "title", "placeholder", "options", "elements", "element", "accessory"} {
			if _, plain := v[key].(string); !plain {
				words(b, v[key])
			}
		}
	}
}

// withBlockIDs gives blocks the ids that Slack gives them when they have none.
func withBlockIDs(raw string, f *Fake) json.RawMessage {
	var blocks []map[string]any
	if raw == "" || raw == "null" || json.Unmarshal([]byte(raw), &blocks) != nil {
		return nil
	}
	for _, b := range blocks {
		if id, _ := b["block_id"].(string); id == "" {
			b["block_id"] = f.id("b")
		}
		list, _ := b["elements"].([]any)
		for _, e := range append(list, b["accessory"]) {
			object, ok := e.(map[string]any)
			if id, _ := object["action_id"].(string); ok && id == "" && interactive[element(object).kind()] {
				object["action_id"] = f.id("a")
			}
		}
	}
	out, err := json.Marshal(blocks)
	if err != nil {
		panic(err) // it was JSON
	}
	return out
}

func cutCommand(text string) (command, rest string) {
	command, rest, _ = strings.Cut(strings.TrimSpace(text), " ")
	return command, strings.TrimSpace(rest)
}

package slackfake

import "fmt"

// element checks one interactive element; ids are those of its block so far.
func (c *checker) element(at string, raw any, ids map[string]bool) {
	e, ok := raw.(map[string]any)
	if !ok {
		c.wrong(at, "must be an object")
		return
	}
	kind := element(e).kind()
	if kind == "image" {
		c.image(at, e)
		return
	}
	if !interactive[kind] {
		c.wrong(at+"/type", "unsupported type: %v", e["type"])
		return
	}
	c.long(at+"/action_id", e["action_id"], idChars)
	if id, _ := e["action_id"].(string); id != "" {
		if ids[id] {
			c.wrong(at+"/action_id", "`action_id` already exists")
		}
		ids[id] = true
	}
	c.maybeText(at+"/placeholder", e["placeholder"], placeholder, "plain_text")
	c.confirm(at+"/confirm", e["confirm"])
	switch kind {
	case "button":
		c.button(at, e)
	case "static_select", "multi_static_select":
		c.choice(at, e, selectOptions)
	case "overflow":
		c.choice(at, e, overflowParts)
	case "radio_buttons", "checkboxes":
		c.choice(at, e, choiceOptions)
	}
}

func (c *checker) button(at string, e map[string]any) {
	c.text(at+"/text", e["text"], buttonText, "plain_text")
	c.long(at+"/value", e["value"], buttonValue)
	c.long(at+"/url", e["url"], urlChars)
	if s := e["style"]; s != nil && s != "primary" && s != "danger" {
		c.wrong(at+"/style", "must be one of: primary, danger")
	}
}

// choice checks the options of a menu, which stand in one list or in groups.
func (c *checker) choice(at string, e map[string]any, most int) {
	groups, grouped := e["option_groups"].([]any)
	if !grouped {
		c.optionList(at+"/options", e["options"], most)
		return
	}
	if len(groups) > selectOptions || len(groups) == 0 {
		c.wrong(at+"/option_groups", "no more than %d items allowed", selectOptions)
	}
	for i, g := range groups {
		place := fmt.Sprintf("%s/option_groups/%d", at, i)
		group, _ := g.(map[string]any)
		c.text(place+"/label", group["label"], optionText, "plain_text")
		c.optionList(place+"/options", group["options"], most)
	}
}

func (c *checker) optionList(at string, raw any, most int) {
	list, _ := raw.([]any)
	if len(list) == 0 {
		c.wrong(at, "no less than 1 items allowed")
	}
	if len(list) > most {
		c.wrong(at, "no more than %d items allowed", most)
	}
	for i, o := range list {
		place := fmt.Sprintf("%s/%d", at, i)
		option, _ := o.(map[string]any)
		c.text(place+"/text", option["text"], optionText, "")
		c.maybeText(place+"/description", option["description"], optionText, "")
		if v, _ := option["value"].(string); v == "" {
			c.wrong(place, "missing required field: value")
		}
		c.long(place+"/value", option["value"], optionValue)
	}
}

func (c *checker) confirm(at string, raw any) {
	object, ok := raw.(map[string]any)
	if !ok {
		return
	}
	c.text(at+"/title", object["title"], confirmTitle, "plain_text")
	c.text(at+"/text", object["text"], confirmText, "")
	c.text(at+"/confirm", object["confirm"], confirmButton, "plain_text")
	c.text(at+"/deny", object["deny"], confirmButton, "plain_text")
}

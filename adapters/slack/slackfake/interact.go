package slackfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// ErrNotThere says that a message or a view has no such element.
var ErrNotThere = errors.New("no such element")

// ErrTimeout says that the app did not acknowledge a click or a command within three seconds: the user sees a warning.
var ErrTimeout = errors.New("operation_timeout: the app did not respond in time")

// Click lets a user press a button, named by its action_id, its value or what stands on it. It returns once the app
// has acknowledged.
func (f *Fake) Click(user string, m Message, action string) error {
	return f.act(user, m, func(e placed) (map[string]any, bool) {
		return e.element.pressed(), e.element.kind() == "button" && e.element.named(action)
	}, action)
}

// Choose lets a user pick an option of a select, radio buttons or an overflow menu: the element by its action_id, the
// option by its value or its text.
func (f *Fake) Choose(user string, m Message, action, option string) error {
	return f.act(user, m, func(e placed) (map[string]any, bool) {
		if action != "" && e.element["action_id"] != action {
			return nil, false
		}
		return e.element.picked(option)
	}, action+" "+option)
}

// act finds the element in the message as it stands now, and sends what its use means.
func (f *Fake) act(user string, m Message, use func(placed) (map[string]any, bool), what string) error {
	f.mu.Lock()
	c, refusal := f.found(m.Channel)
	if refusal != "" {
		f.mu.Unlock()
		return errors.New(refusal)
	}
	now := c.at(m.TS)
	if now == nil {
		f.mu.Unlock()
		return fmt.Errorf("click %q: %w", what, ErrNotThere)
	}
	for _, e := range elements(now.Blocks) {
		if action, ok := use(e); ok {
			action["action_id"], action["block_id"], action["action_ts"] = e.element["action_id"], e.block, f.stamp()
			payload := f.clicked(c, now, user, without(action))
			f.mu.Unlock()
			_, err := f.interact("interactive", payload)
			return err
		}
	}
	f.mu.Unlock()
	return fmt.Errorf("click %q in %q: %w", what, now.Text, ErrNotThere)
}

// without leaves out what an element does not have.
func without(action map[string]any) map[string]any {
	for key, v := range action {
		if v == nil {
			delete(action, key)
		}
	}
	return action
}

// clicked is the block_actions payload; the lock is held.
func (f *Fake) clicked(c *channel, m *Message, user string, action map[string]any) map[string]any {
	out := f.interaction("block_actions", user)
	container := map[string]any{"type": "message", "message_ts": m.TS, "channel_id": c.id, "is_ephemeral": m.Ephemeral != ""}
	if m.Thread != "" {
		container["thread_ts"] = m.Thread
	}
	name := c.name
	if c.kind == "im" {
		name = "directmessage"
	}
	out["container"], out["channel"] = container, map[string]any{"id": c.id, "name": name}
	out["response_url"] = f.responseURL("actions", c.id, user, m.TS)
	out["actions"], out["state"] = []any{action}, map[string]any{"values": map[string]any{}}
	if m.Ephemeral == "" {
		out["message"] = f.wire(c, m, true)
	}
	return out
}

// interaction is what all interactive payloads share; the lock is held.
func (f *Fake) interaction(kind, user string) map[string]any {
	who := map[string]any{"id": user, "team_id": f.options.TeamID}
	if u := f.users[user]; u != nil {
		who["username"], who["name"], who["team_id"] = u.Name, u.Name, u.Team
	}
	return map[string]any{
		"type": kind, "token": "XXYYZZ", "api_app_id": f.options.AppID, "trigger_id": f.triggered(user), "user": who,
		"team": map[string]any{"id": f.options.TeamID, "domain": "fake"}, "enterprise": nil, "is_enterprise_install": false,
	}
}

// Submit sends a modal with its values: by block_id, then action_id, in the form that view.state.values has. The
// view closes unless the app answers with errors or another view; the answer is given.
func (f *Fake) Submit(user, view string, values map[string]map[string]any) (map[string]any, error) {
	f.mu.Lock()
	v, ok := f.views[view]
	if !ok {
		f.mu.Unlock()
		return nil, fmt.Errorf("view %s: %w", view, ErrNotThere)
	}
	payload := f.interaction("view_submission", user)
	shown := v.wire(f)
	shown["state"] = map[string]any{"values": values}
	payload["view"], payload["response_urls"] = shown, []any{}
	f.mu.Unlock()
	body, err := f.interact("interactive", payload)
	if err != nil {
		return nil, err
	}
	var answer map[string]any
	if len(body) > 0 && json.Unmarshal(body, &answer) != nil {
		return nil, fmt.Errorf("the answer to a submission is no JSON: %s", body)
	}
	if answer["response_action"] == nil || answer["response_action"] == "clear" {
		f.mu.Lock()
		delete(f.views, view)
		f.changed()
		f.mu.Unlock()
	}
	return answer, nil
}

// Command lets a user type a slash command, "/usher leads". What the app answers at once is shown to the user alone,
// and given.
func (f *Fake) Command(user, channel, text string) (string, error) {
	f.mu.Lock()
	c := f.place(user, channel)
	form := f.commanded(c, user, text)
	f.mu.Unlock()
	body, err := f.interact("slash_commands", form)
	if err != nil || len(body) == 0 {
		return "", err
	}
	var a answerTo
	if json.Unmarshal(body, &a) != nil {
		a.Text = string(body)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if a.Text != "" || len(a.Blocks) > 0 {
		one := &response{channel: c.id, user: user}
		f.said(c, f.put(c, f.answered(one, a)))
	}
	return a.Text, nil
}

// commanded is the payload of a command; the lock is held.
func (f *Fake) commanded(c *channel, user, text string) map[string]any {
	name, rest := cutCommand(text)
	channelName := c.name
	if c.kind == "im" {
		channelName = "directmessage"
	}
	return map[string]any{
		"token": "XXYYZZ", "team_id": f.options.TeamID, "team_domain": "fake", "channel_id": c.id, "channel_name": channelName,
		"user_id": user, "user_name": f.users[user].Name, "command": name, "text": rest, "api_app_id": f.options.AppID,
		"is_enterprise_install": "false", "response_url": f.responseURL("commands", c.id, user, ""), "trigger_id": f.triggered(user),
	}
}

// interact sends a click, a submission or a command over the app's transport, once, and gives the app's answer.
func (f *Fake) interact(kind string, payload map[string]any) ([]byte, error) {
	data, err := json.Marshal(payload)
	if err != nil {
		panic(err) // strings and maps
	}
	if f.options.Socket {
		answer, reason := f.push(envelope{Type: kind, Payload: data, Accepts: true})
		if reason != "" {
			return nil, fmt.Errorf("%w (%s)", ErrTimeout, reason)
		}
		return answer, nil
	}
	f.mu.Lock()
	to, form := f.target.interactive, url.Values{"payload": {string(data)}}
	if kind == "slash_commands" {
		to, form = f.target.commands, url.Values{}
		for key, v := range payload {
			form.Set(key, fmt.Sprint(v))
		}
	}
	f.mu.Unlock()
	if to == "" {
		return nil, fmt.Errorf("%w (no address)", ErrTimeout)
	}
	status, answer, reason, _ := f.post(f.done, to, "application/x-www-form-urlencoded", []byte(form.Encode()), nil)
	switch {
	case reason == "http_timeout":
		return nil, ErrTimeout
	case reason != "" || status != http.StatusOK:
		return nil, fmt.Errorf("dispatch_failed: the app answered %d (%s)", status, reason)
	}
	return answer, nil
}

// ClickRequest is the request that a click over HTTP makes, for tests that send it themselves: twice, late or altered.
func (f *Fake) ClickRequest(user string, m Message, action string, at time.Time) (*http.Request, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, refusal := f.found(m.Channel)
	if refusal != "" {
		return nil, errors.New(refusal)
	}
	for _, e := range elements(m.Blocks) {
		if e.element.named(action) {
			act := e.element.pressed()
			act["action_id"], act["block_id"], act["action_ts"] = e.element["action_id"], e.block, f.stamp()
			data, err := json.Marshal(f.clicked(c, &m, user, without(act)))
			if err != nil {
				return nil, err
			}
			body := url.Values{"payload": {string(data)}}.Encode()
			return f.Request(f.target.interactive, "application/x-www-form-urlencoded", []byte(body), at), nil
		}
	}
	return nil, ErrNotThere
}

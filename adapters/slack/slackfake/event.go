package slackfake

import (
	"encoding/json"
	"time"
)

// Event is one occurrence that the app is told of.
type Event struct {
	ID      string // Ev…, the same in every delivery
	Kind    string // message, app_mention, app_home_opened …
	Subtype string
	Channel string
	At      time.Time
	Body    []byte // the envelope, as sent over HTTP and as the payload over Socket Mode
}

// emit tells the app of something; the lock is held.
func (f *Fake) emit(inner map[string]any) {
	e := &Event{ID: f.id("Ev"), At: f.options.Now()}
	e.Kind, _ = inner["type"].(string)
	e.Subtype, _ = inner["subtype"].(string)
	e.Channel, _ = inner["channel"].(string)
	body, err := json.Marshal(map[string]any{
		"token": "XXYYZZ", "team_id": f.options.TeamID, "context_team_id": f.options.TeamID, "context_enterprise_id": nil,
		"api_app_id": f.options.AppID, "event": inner, "type": "event_callback", "event_id": e.ID, "event_time": e.At.Unix(),
		"authorizations":        []any{map[string]any{"enterprise_id": nil, "team_id": f.options.TeamID, "user_id": f.Bot(), "is_bot": true, "is_enterprise_install": false}},
		"is_ext_shared_channel": f.channels[e.Channel] != nil && f.channels[e.Channel].shared, "event_context": "4-" + e.ID,
	})
	if err != nil {
		panic(err) // the envelope is made of strings and maps alone
	}
	e.Body = body
	if f.holding {
		f.held = append(f.held, e)
		f.changed()
		return
	}
	f.send(e)
}

// heard says whether the app is told of what happens in a channel.
func (c *channel) heard() bool { return c.member && !c.archived }

// in adds to a message what its event says of the channel.
func (f *Fake) in(c *channel, inner map[string]any) map[string]any {
	inner["channel"], inner["channel_type"] = c.id, c.kind
	if inner["event_ts"] == nil {
		inner["event_ts"] = inner["ts"]
	}
	return inner
}

// said tells of a new message: of the app's own ones too, as Slack does.
func (f *Fake) said(c *channel, m *Message) {
	if !c.heard() || m.Ephemeral != "" {
		return
	}
	inner := f.in(c, f.wire(nil, m, true))
	if u := f.users[m.User]; u != nil && u.Team != "" {
		inner["team"], inner["user_team"], inner["source_team"] = u.Team, u.Team, u.Team
	}
	if m.Thread == m.TS {
		delete(inner, "thread_ts")
	} else if parent := c.at(m.Thread); parent != nil {
		inner["parent_user_id"] = parent.User
	}
	f.emit(inner)
}

// mentioned tells of a message that names the app, beside the event of the message itself.
func (f *Fake) mentioned(c *channel, m *Message) {
	if !c.heard() || c.kind == "im" {
		return
	}
	inner := f.wire(nil, m, false)
	inner["type"], inner["channel"], inner["event_ts"] = "app_mention", c.id, m.TS
	f.emit(inner)
}

// rewrote tells that a message reads differently, or shows something else below.
func (f *Fake) rewrote(c *channel, before, after *Message) {
	if !c.heard() {
		return
	}
	ts := f.stamp()
	f.emit(f.in(c, map[string]any{
		"type": "message", "subtype": "message_changed", "hidden": true, "ts": ts,
		"message": f.wire(c, after, true), "previous_message": f.wire(c, before, true),
	}))
}

// unsaid tells that a message is gone.
func (f *Fake) unsaid(c *channel, before *Message) {
	if !c.heard() {
		return
	}
	f.emit(f.in(c, map[string]any{
		"type": "message", "subtype": "message_deleted", "hidden": true, "ts": f.stamp(), "deleted_ts": before.TS,
		"previous_message": f.wire(c, before, true),
	}))
}

// Emit tells the app of an event of any kind: what the fields say is the inner event.
func (f *Fake) Emit(inner map[string]any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.emit(inner)
}

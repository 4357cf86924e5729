package slackfake

import (
	"slices"
	"strings"
)

// channel is a conversation with its history.
type channel struct {
	id, name string
	kind     string // channel, group, im
	user     string // of an im: who talks with the app
	member   bool   // the app is
	archived bool
	shared   bool
	messages []*Message
}

// Channel makes a public channel to which the app is invited, and gives back its id ("" lets the workspace choose one).
func (f *Fake) Channel(id, name string) string { return f.open(id, name, "channel") }

// PrivateChannel makes a private channel to which the app is invited.
func (f *Fake) PrivateChannel(id, name string) string { return f.open(id, name, "group") }

// SharedChannel makes a Slack Connect channel to which the app is invited.
func (f *Fake) SharedChannel(id, name string) string {
	id = f.open(id, name, "channel")
	f.mu.Lock()
	defer f.mu.Unlock()
	f.channels[id].shared = true
	return id
}

func (f *Fake) open(id, name, kind string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if id == "" {
		id = f.id("C")
	}
	f.add(&channel{id: id, name: strings.TrimPrefix(name, "#"), kind: kind, member: true})
	return id
}

// add takes a channel in; the lock is held.
func (f *Fake) add(c *channel) {
	if f.channels[c.id] == nil {
		f.order = append(f.order, c.id)
	}
	f.channels[c.id] = c
	f.changed()
}

// DM is the id of the direct messages between a user and the app, made when it is not there.
func (f *Fake) DM(user string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dm(user).id
}

// dm is the conversation of a user with the app; the lock is held.
func (f *Fake) dm(user string) *channel {
	id := "D" + strings.TrimLeft(user, "UW")
	if c := f.channels[id]; c != nil {
		return c
	}
	c := &channel{id: id, name: user, kind: "im", user: user, member: true}
	f.add(c)
	return c
}

// Archive closes a channel for good: every call about it gets is_archived.
func (f *Fake) Archive(id string) { f.alter(id, func(c *channel) { c.archived = true }) }

// Kick removes the app from a channel: it can neither post there nor hear of it.
func (f *Fake) Kick(id string) { f.alter(id, func(c *channel) { c.member = false }) }

// Invite lets the app into a channel, again.
func (f *Fake) Invite(id string) {
	f.alter(id, func(c *channel) { c.member, c.archived = true, false })
}

// Remove deletes a channel: every call about it gets channel_not_found.
func (f *Fake) Remove(channel string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.channels, channel)
	f.order = slices.DeleteFunc(f.order, func(id string) bool { return id == channel })
	f.changed()
}

func (f *Fake) alter(id string, change func(*channel)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.channels[id]; c != nil {
		change(c)
		f.changed()
	}
}

// found is the channel an app may name in a call: by its id, by the id of a user whose direct messages it means, or
// by its name where Slack still takes one. The lock is held.
func (f *Fake) found(name string) (*channel, string) {
	if c := f.channels[name]; c != nil {
		return c, ""
	}
	if u := f.users[name]; u != nil {
		if u.Bot || u.Deleted {
			return nil, "channel_not_found"
		}
		return f.dm(name), ""
	}
	for _, id := range f.order {
		if c := f.channels[id]; c.kind == "channel" && strings.TrimPrefix(name, "#") == c.name {
			return c, ""
		}
	}
	return nil, "channel_not_found"
}

// writable is the channel when the app may post there.
func (f *Fake) writable(name string) (*channel, string) {
	c, refusal := f.found(name)
	switch {
	case refusal != "":
		return nil, refusal
	case c.archived:
		return nil, "is_archived"
	case !c.member && c.kind == "group":
		return nil, "channel_not_found" // a private channel is not even there for who is not in it
	case !c.member:
		return nil, "not_in_channel"
	}
	return c, ""
}

func (f *Fake) conversationsInfo(c *call) reply {
	ch, refusal := f.found(c.args["channel"])
	if refusal != "" {
		return failed(refusal)
	}
	return reply{"ok": true, "channel": f.described(ch)}
}

// described is a channel as conversations.info gives it.
func (f *Fake) described(c *channel) map[string]any {
	out := map[string]any{
		"id": c.id, "created": 1700000000, "is_archived": c.archived, "is_im": c.kind == "im", "is_channel": c.kind == "channel",
		"is_group": c.kind == "group", "is_private": c.kind != "channel", "is_mpim": false, "is_member": c.member,
		"is_ext_shared": c.shared, "is_shared": c.shared, "is_org_shared": false, "context_team_id": f.options.TeamID,
	}
	if c.kind == "im" {
		out["user"], out["is_open"] = c.user, true
	} else {
		out["name"], out["name_normalized"] = c.name, c.name
	}
	return out
}

func (f *Fake) conversationsOpen(c *call) reply {
	if id := c.args["channel"]; id != "" {
		ch, refusal := f.found(id)
		if refusal != "" {
			return failed(refusal)
		}
		return reply{"ok": true, "channel": map[string]any{"id": ch.id}}
	}
	users := strings.Split(c.args["users"], ",")
	u := f.users[users[0]]
	switch {
	case c.args["users"] == "":
		return failed("users_list_not_supplied")
	case len(users) > 1:
		return failed("not_enough_users") // group messages are not played here
	case u == nil || u.Deleted:
		return failed("user_not_found")
	case u.Bot:
		return failed("cannot_dm_bot")
	}
	ch := f.dm(u.ID)
	return reply{"ok": true, "channel": map[string]any{"id": ch.id, "user": u.ID, "is_im": true}}
}

func (f *Fake) conversationsList(*call) reply {
	channels := []any{}
	for _, id := range f.order {
		if c := f.channels[id]; c.kind == "channel" || c.kind == "group" && c.member {
			channels = append(channels, f.described(c))
		}
	}
	return reply{"ok": true, "channels": channels, "response_metadata": map[string]any{"next_cursor": ""}}
}

func (f *Fake) conversationsJoin(c *call) reply {
	ch, refusal := f.found(c.args["channel"])
	switch {
	case refusal != "":
		return failed(refusal)
	case ch.archived:
		return failed("is_archived")
	case ch.kind != "channel":
		return failed("method_not_supported_for_channel_type")
	}
	ch.member = true
	return reply{"ok": true, "channel": f.described(ch)}
}

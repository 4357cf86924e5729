package slackfake

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Message is one message as it stands in the workspace now.
type Message struct {
	Channel   string          `json:"channel"`
	TS        string          `json:"ts"`
	Thread    string          `json:"thread_ts,omitempty"` // of the thread's first message; "" outside of threads
	User      string          `json:"user,omitempty"`
	Bot       bool            `json:"bot,omitempty"`      // the app's
	Username  string          `json:"username,omitempty"` // when the app posts under another name
	Icon      string          `json:"icon,omitempty"`
	Subtype   string          `json:"subtype,omitempty"`
	Text      string          `json:"text"`
	Blocks    json.RawMessage `json:"blocks,omitempty"`
	Metadata  *Metadata       `json:"metadata,omitempty"`
	Files     []File          `json:"files,omitempty"`
	ClientID  string          `json:"client_msg_id,omitempty"`
	Ephemeral string          `json:"ephemeral,omitempty"` // the one user who sees it
	Edited    bool            `json:"edited,omitempty"`
	Unfurled  string          `json:"unfurled,omitempty"` // the address shown below
	Updates   int             `json:"updates,omitempty"`  // how often the app changed it
}

// Metadata is what an app keeps with a message, unseen.
type Metadata struct {
	Type    string         `json:"event_type"`
	Payload map[string]any `json:"event_payload"`
}

// Messages gives what stands in a channel and its threads, in order, without ephemeral ones. For a user's id it gives
// their direct messages with the app.
func (f *Fake) Messages(channel string) []Message {
	return f.pick(channel, func(m *Message) bool { return m.Ephemeral == "" })
}

// Thread gives the first message of a thread and its answers.
func (f *Fake) Thread(channel, ts string) []Message {
	return f.pick(channel, func(m *Message) bool { return m.Ephemeral == "" && (m.TS == ts || m.Thread == ts) })
}

// Ephemerals gives what only this user sees in a channel.
func (f *Fake) Ephemerals(channel, user string) []Message {
	return f.pick(channel, func(m *Message) bool { return m.Ephemeral == user })
}

// Message gives one message; ok is false when there is none (any more).
func (f *Fake) Message(channel, ts string) (m Message, ok bool) {
	found := f.pick(channel, func(m *Message) bool { return m.TS == ts })
	if len(found) == 0 {
		return Message{}, false
	}
	return found[0], true
}

func (f *Fake) pick(name string, want func(*Message) bool) (out []Message) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, _ := f.found(name)
	if c == nil {
		return nil
	}
	for _, m := range c.messages {
		if want(m) {
			out = append(out, *m)
		}
	}
	return out
}

// at finds a message; the lock is held.
func (c *channel) at(ts string) *Message {
	i := slices.IndexFunc(c.messages, func(m *Message) bool { return m.TS == ts })
	if i < 0 {
		return nil
	}
	return c.messages[i]
}

// stamp makes the next timestamp: unique in the workspace and growing, microseconds with the seconds before the dot.
// The lock is held.
func (f *Fake) stamp() string {
	now := f.options.Now().Truncate(100 * time.Microsecond)
	if !now.After(f.last) {
		now = f.last.Add(100 * time.Microsecond)
	}
	f.last = now
	return fmt.Sprintf("%d.%06d", now.Unix(), now.Nanosecond()/1000)
}

// put adds a message to its channel and gives it a timestamp; the lock is held.
func (f *Fake) put(c *channel, m *Message) *Message {
	m.Channel, m.TS = c.id, f.stamp()
	if m.Thread != "" {
		if parent := c.at(m.Thread); parent != nil && parent.Thread == "" {
			parent.Thread = parent.TS // a message with answers is the first of its thread
		}
	}
	c.messages = append(c.messages, m)
	f.changed()
	return m
}

// wire is a message as the Web API and the events give it.
func (f *Fake) wire(c *channel, m *Message, metadata bool) map[string]any {
	out := map[string]any{"type": "message", "ts": m.TS, "text": m.Text, "team": f.options.TeamID}
	set := func(key, value string) {
		if value != "" {
			out[key] = value
		}
	}
	set("thread_ts", m.Thread)
	set("user", m.User)
	set("subtype", m.Subtype)
	set("client_msg_id", m.ClientID)
	if m.Bot {
		out["bot_id"], out["app_id"] = f.BotID(), f.options.AppID
		out["bot_profile"] = map[string]any{"id": f.BotID(), "app_id": f.options.AppID, "name": "Usher", "team_id": f.options.TeamID}
		set("username", m.Username)
	}
	if len(m.Blocks) > 0 {
		out["blocks"] = m.Blocks
	}
	if len(m.Files) > 0 {
		out["files"] = m.Files
	}
	if m.Unfurled != "" {
		out["attachments"] = []any{map[string]any{"id": 1, "from_url": m.Unfurled, "original_url": m.Unfurled, "fallback": m.Unfurled, "title": m.Unfurled}}
	}
	if m.Edited {
		seconds, _, _ := strings.Cut(m.TS, ".")
		out["edited"] = map[string]any{"user": cmp.Or(m.User, f.Bot()), "ts": seconds + ".000000"}
	}
	if m.Metadata != nil && metadata {
		out["metadata"] = m.Metadata
	}
	if c != nil && m.Thread == m.TS {
		out["reply_count"] = f.replies(c, m.TS)
	}
	return out
}

func (f *Fake) replies(c *channel, ts string) (n int) {
	for _, m := range c.messages {
		if m.Thread == ts && m.TS != ts && m.Ephemeral == "" {
			n++
		}
	}
	return n
}

func pad(n int64, width int) string {
	s := strconv.FormatInt(n, 10)
	return strings.Repeat("0", max(0, width-len(s))) + s
}

func truth(s string) bool { return s == "true" || s == "1" }

// people are the members that are no bots; the lock is held.
func (f *Fake) people() (out []User) {
	for _, u := range f.users {
		if !u.Bot {
			out = append(out, *u)
		}
	}
	slices.SortFunc(out, func(a, b User) int {
		return cmp.Or(strings.Compare(a.display(), b.display()), strings.Compare(a.ID, b.ID))
	})
	return out
}

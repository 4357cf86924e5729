package slackfake

import (
	"cmp"
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Limits of messages (docs.slack.dev: chat.postMessage, chat.update, message metadata).
const (
	maxText       = 40_000
	maxUpdateText = 4_000
	maxMetadata   = 8_000 // bytes
)

var timestamp = regexp.MustCompile(`^\d{10}\.\d{6}$`)

// posted is what a message of the app says, checked.
type posted struct {
	text     string
	blocks   json.RawMessage
	metadata *Metadata
	thread   string
}

// written reads and checks the text, blocks and metadata of a call; the refusal is nil when all is well.
func (f *Fake) written(c *call, longest int) (p posted, refusal reply) {
	p.text, p.thread = c.args["text"], c.args["thread_ts"]
	if raw := c.args["blocks"]; raw != "" && raw != "[]" {
		if refusal := refusedBlocks(raw); refusal != nil {
			return p, refusal
		}
		p.blocks = json.RawMessage(withBlockIDs(raw, f))
	}
	if raw := c.args["metadata"]; raw != "" {
		if len(raw) > maxMetadata {
			return p, failed("metadata_too_large")
		}
		if json.Unmarshal([]byte(raw), &p.metadata) != nil || p.metadata == nil || p.metadata.Type == "" || p.metadata.Payload == nil {
			return p, failed("invalid_metadata_format")
		}
	}
	switch {
	case p.text == "" && p.blocks == nil && c.args["attachments"] == "":
		return p, failed("no_text")
	case utf8.RuneCountInString(p.text) > longest:
		return p, failed("msg_too_long")
	case p.thread != "" && !timestamp.MatchString(p.thread):
		return p, failed("invalid_thread_ts")
	}
	return p, nil
}

func (f *Fake) postMessage(c *call) reply {
	ch, refusal := f.writable(c.args["channel"])
	if refusal != "" {
		return failed(refusal)
	}
	p, bad := f.written(c, maxText)
	if bad != nil {
		return bad
	}
	if p.thread != "" {
		parent := ch.at(p.thread)
		if parent == nil {
			return failed("thread_not_found")
		}
		p.thread = cmp.Or(parent.Thread, parent.TS)
	}
	m := f.put(ch, &Message{
		User: f.Bot(), Bot: true, Text: p.text, Blocks: p.blocks, Metadata: p.metadata, Thread: p.thread,
		Username: c.args["username"], Icon: c.args["icon_url"],
	})
	if m.Username != "" {
		m.Subtype = "bot_message"
	}
	c.echo = append(c.echo, func() { f.said(ch, m) })
	return reply{"ok": true, "channel": ch.id, "ts": m.TS, "message": f.wire(ch, m, true)}
}

func (f *Fake) postEphemeral(c *call) reply {
	ch, refusal := f.writable(c.args["channel"])
	if refusal != "" {
		return failed(refusal)
	}
	u := f.users[c.args["user"]]
	if u == nil || ch.kind == "im" && ch.user != u.ID {
		return failed("user_not_in_channel")
	}
	p, bad := f.written(c, maxText)
	if bad != nil {
		return bad
	}
	m := f.put(ch, &Message{User: f.Bot(), Bot: true, Text: p.text, Blocks: p.blocks, Thread: p.thread, Ephemeral: u.ID})
	return reply{"ok": true, "message_ts": m.TS}
}

func (f *Fake) update(c *call) reply {
	ch, m, refusal := f.own(c, "cant_update_message")
	if refusal != "" {
		return failed(refusal)
	}
	p, bad := f.written(c, maxUpdateText)
	if bad != nil {
		return bad
	}
	before := *m
	m.Text, m.Updates, m.Edited = p.text, m.Updates+1, true
	if p.blocks != nil || c.args["blocks"] == "[]" {
		m.Blocks = p.blocks
	}
	if p.metadata != nil {
		m.Metadata = p.metadata
	}
	c.echo = append(c.echo, func() { f.rewrote(ch, &before, m) })
	return reply{"ok": true, "channel": ch.id, "ts": m.TS, "text": m.Text, "message": f.wire(ch, m, true)}
}

func (f *Fake) remove(c *call) reply {
	ch, m, refusal := f.own(c, "cant_delete_message")
	if refusal != "" {
		return failed(refusal)
	}
	before := *m
	f.drop(ch, m)
	c.echo = append(c.echo, func() { f.unsaid(ch, &before) })
	return reply{"ok": true, "channel": ch.id, "ts": before.TS}
}

// own finds a message that the app may change.
func (f *Fake) own(c *call, foreign string) (*channel, *Message, string) {
	ch, refusal := f.found(c.args["channel"])
	if refusal != "" {
		return nil, nil, refusal
	}
	if ch.archived {
		return nil, nil, "is_archived"
	}
	m := ch.at(c.args["ts"])
	switch {
	case m == nil || m.Ephemeral != "":
		return nil, nil, "message_not_found"
	case !m.Bot:
		return nil, nil, foreign
	}
	return ch, m, ""
}

func (f *Fake) permalink(c *call) reply {
	ch, refusal := f.found(c.args["channel"])
	if refusal != "" {
		return failed(refusal)
	}
	m := ch.at(c.args["message_ts"])
	if m == nil {
		return failed("message_not_found")
	}
	return reply{"ok": true, "channel": ch.id, "permalink": "https://fake.slack.com/archives/" + ch.id + "/p" + strings.ReplaceAll(m.TS, ".", "")}
}

// assistant accepts what an agent's thread shows besides its messages.
func (f *Fake) assistant(c *call) reply {
	if _, refusal := f.writable(c.args["channel_id"]); refusal != "" {
		return failed(refusal)
	}
	return reply{"ok": true}
}

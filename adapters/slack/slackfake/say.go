package slackfake

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Say lets a user write in a channel ("" or the user's own id means their direct messages with the app), in a thread
// or, when thread is "", outside of one. It gives the message's timestamp. The text is what the person types: the
// workspace escapes it and turns addresses into links, as Slack does; <@U…> is a mention.
func (f *Fake) Say(user, channel, thread, text string) string {
	return f.speak(user, channel, &Message{Thread: thread, Text: f.typed(text)})
}

// Share lets a user post a file, with some words or none.
func (f *Fake) Share(user, channel, thread, text string, file File) string {
	f.mu.Lock()
	file = f.keep(user, file)
	f.mu.Unlock()
	return f.speak(user, channel, &Message{Thread: thread, Text: f.typed(text), Subtype: "file_share", Files: []File{file}})
}

func (f *Fake) speak(user, channel string, m *Message) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.place(user, channel)
	if m.Thread != "" {
		parent := c.at(m.Thread)
		if parent == nil {
			panic(fmt.Sprintf("slackfake: no message %s in %s to answer", m.Thread, c.id))
		}
		if parent.Thread != "" {
			m.Thread = parent.Thread
		}
	}
	m.User, m.ClientID = user, f.uuid()
	f.put(c, m)
	f.said(c, m)
	if strings.Contains(m.Text, "<@"+f.Bot()+">") {
		f.mentioned(c, m)
	}
	return m.TS
}

// place is where a user writes; a test that names no such place is wrong. The lock is held.
func (f *Fake) place(user, name string) *channel {
	if f.users[user] == nil {
		panic("slackfake: no user " + user)
	}
	if name == "" {
		name = user
	}
	c, refusal := f.found(name)
	if refusal != "" {
		panic("slackfake: " + name + ": " + refusal)
	}
	return c
}

// Edit changes a user's message. The same text is an edit too, which changes nothing.
func (f *Fake) Edit(channel, ts, text string) {
	f.revise(channel, ts, func(m *Message) { m.Text, m.Edited = f.typed(text), true })
}

// Unfurl shows a preview below a message: it changes, and its text does not.
func (f *Fake) Unfurl(channel, ts, address string) {
	f.revise(channel, ts, func(m *Message) { m.Unfurled = address })
}

func (f *Fake) revise(channel, ts string, change func(*Message)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, m := f.existing(channel, ts)
	before := *m
	change(m)
	f.rewrote(c, &before, m)
	f.changed()
}

// Delete removes a message.
func (f *Fake) Delete(channel, ts string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, m := f.existing(channel, ts)
	before := *m
	f.drop(c, m)
	f.unsaid(c, &before)
}

// existing is a message that a test names; one that is not there is the test's mistake. The lock is held.
func (f *Fake) existing(channel, ts string) (*channel, *Message) {
	c, refusal := f.found(channel)
	if refusal != "" {
		panic("slackfake: " + channel + ": " + refusal)
	}
	m := c.at(ts)
	if m == nil {
		panic("slackfake: no message " + ts + " in " + channel)
	}
	return c, m
}

// drop takes a message out; the lock is held.
func (f *Fake) drop(c *channel, m *Message) {
	c.messages = slices.DeleteFunc(c.messages, func(other *Message) bool { return other == m })
	f.changed()
}

// OpenHome lets a user open the app: its messages tab or its home tab.
func (f *Fake) OpenHome(user, tab string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.dm(user)
	inner := map[string]any{"type": "app_home_opened", "user": user, "channel": c.id, "tab": tab, "event_ts": f.stamp()}
	if v, ok := f.homes[user]; ok && tab == "home" {
		inner["view"] = v.wire(f)
	}
	f.emit(inner)
}

// Uninstall removes the app: its tokens are revoked and it is told so.
func (f *Fake) Uninstall() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.revoked = "token_revoked"
	f.emit(map[string]any{"type": "tokens_revoked", "tokens": map[string]any{"bot": []string{f.Bot()}}, "event_ts": f.stamp()})
	f.emit(map[string]any{"type": "app_uninstalled", "event_ts": f.stamp()})
}

// uuid is a client_msg_id; the lock is held.
func (f *Fake) uuid() string {
	f.numbers++
	return fmt.Sprintf("00000000-0000-4000-8000-%012x", f.numbers)
}

var (
	alive   = regexp.MustCompile(`<([@#][UWC][A-Z0-9]+)>`)
	living  = regexp.MustCompile("\x00(.*?)\x00")
	address = regexp.MustCompile(`[\w.+-]+@[\w-]+(\.[\w-]+)+|https?://[^\s<>|]*[^\s<>|.,;:!?)]|\b[a-z0-9-]+\.(com|org|net|io|dev|de)\b(/[^\s<>|]*[^\s<>|.,;:!?)])?`)
)

// typed is a person's text as Slack keeps it: &, < and > escaped, addresses as links.
func (f *Fake) typed(text string) string {
	text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(alive.ReplaceAllString(text, "\x00$1\x00"))
	text = address.ReplaceAllStringFunc(text, func(a string) string {
		switch {
		case strings.Contains(a, "://"):
			return "<" + a + ">"
		case strings.Contains(a, "@"):
			return "<mailto:" + a + "|" + a + ">"
		}
		return "<http://" + a + "|" + a + ">"
	})
	return living.ReplaceAllString(text, "<$1>")
}

// Views gives the ids of the open views.
func (f *Fake) Views() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Sorted(maps.Keys(f.views))
}

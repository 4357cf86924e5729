package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"usher/bot"
	"usher/bot/answer"
	"usher/bot/dialogue"
	"usher/flows"
)

// Kinds of links about prospects.
const (
	linkPlace     = "slack.place"     // by conversation: where it is, as JSON of a place
	linkGreeted   = "slack.greeted"   // by team and user: which event greeted them
	linkDelivered = "slack.delivered" // by conversation: what the visitor has got, as JSON of a delivered
	linkSaid      = "slack.said"      // by conversation and seq: where the message is
	linkFiles     = "slack.files"     // by conversation: what was attached, as JSON of Files
)

// place is where a prospect's conversation is. There is one for each team, user and thread.
type place struct {
	Team    string `json:"team"`
	Channel string `json:"channel"`
	User    string `json:"user"`
	Thread  string `json:"thread,omitempty"`
}

func (p place) token() string { return p.Team + ":" + p.User + ":" + p.Thread }

func (p place) site() string { return Channel + ":" + p.Team }

// prospect takes what somebody did who is not at work in a lead's thread.
func (a *App) prospect(ctx context.Context, e Event) error {
	at := place{Team: e.Team, Channel: e.Channel, User: e.User, Thread: e.Thread}
	switch e.Kind {
	case kindHome:
		return a.greet(ctx, e, at)
	case kindMention:
		if at.Thread == "" && !e.Direct {
			at.Thread = e.TS
		}
		return a.converse(ctx, e, at)
	case kindMessage:
		if e.Direct {
			return a.converse(ctx, e, at)
		}
		return a.goOn(ctx, e, at)
	case kindEdited:
		return a.edited(ctx, e, at)
	case kindDeleted:
		return a.deleted(ctx, e, at)
	case kindAction:
		return a.picked(ctx, e)
	}
	return nil
}

// greet opens the conversation when somebody first opens the app, once.
func (a *App) greet(ctx context.Context, e Event, at place) error {
	if at.Channel == "" {
		return nil
	}
	first, err := a.firstTime(ctx, e)
	if err != nil || !first {
		return err
	}
	_, _, err = a.arrive(ctx, at)
	return err
}

// firstTime says whether the event is the first that the user has to do with the app.
func (a *App) firstTime(ctx context.Context, e Event) (bool, error) {
	stands, ours, err := a.Links.ClaimLink(ctx, linkGreeted, e.Team+" "+e.User, e.ID)
	if err != nil {
		return false, fmt.Errorf("greet %s: %w", e.User, err)
	}
	return ours || stands == e.ID, nil
}

// goOn takes what was written in a channel's thread, where somebody talks with the app; other talk is not ours.
func (a *App) goOn(ctx context.Context, e Event, at place) error {
	if at.Thread == "" {
		return nil
	}
	_, err := a.Host.Who(ctx, at.token(), at.site())
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return a.converse(ctx, e, at)
}

// converse takes what the visitor wrote. A first word that only greets gets the greeting that begins a conversation.
func (a *App) converse(ctx context.Context, e Event, at place) error {
	if e.Direct {
		if _, err := a.firstTime(ctx, e); err != nil {
			return err
		}
	}
	arrived, begun, err := a.arrive(ctx, at)
	if err != nil {
		return err
	}
	text, err := a.attached(ctx, e, arrived.Conversation)
	if err != nil {
		return err
	}
	if text == "" || begun && onlyGreets(text) {
		return nil
	}
	err = a.Host.Say(ctx, arrived.Conversation.ID, arrived.Visitor.ID, dialogue.Said{ID: saidID(e), Text: text})
	if errors.Is(err, dialogue.ErrLimit) {
		return a.whisper(ctx, e, "I cannot take that: it is too long, or this conversation has become too long. Could you say it in fewer words?")
	}
	return err
}

// saidID names what was said by its place in Slack: every copy of it has the same.
func saidID(e Event) string { return "slack-" + e.Channel + "-" + e.TS }

// arrive finds the conversation of the place or begins one, and keeps where it is.
func (a *App) arrive(ctx context.Context, at place) (arrived bot.Arrived, begun bool, err error) {
	profile := a.profile(ctx, at.User)
	arrived, err = a.Host.Arrive(ctx, bot.Arrival{
		Token: at.token(), Named: true, Site: at.site(), Known: profile.Known,
		Visit: flows.Visit{Channel: Channel, Language: profile.Language, Timezone: profile.Timezone},
	})
	if err != nil {
		return arrived, false, err
	}
	kept, err := json.Marshal(at)
	if err != nil {
		return arrived, false, err
	}
	stands, begun, err := a.Links.ClaimLink(ctx, linkPlace, arrived.Conversation.ID, string(kept))
	if err == nil && stands != string(kept) { // the conversation moved, as channels do when they become shared
		err = a.Links.SaveLink(ctx, linkPlace, arrived.Conversation.ID, string(kept))
	}
	return arrived, begun, err
}

// placeOf is where the conversation is, or bot.ErrNotFound.
func (a *App) placeOf(ctx context.Context, conversation string) (at place, err error) {
	kept, err := a.Links.Link(ctx, linkPlace, conversation)
	if err != nil {
		return at, err
	}
	if err := json.Unmarshal([]byte(kept), &at); err != nil {
		return at, fmt.Errorf("read the place of %s: %w", conversation, err)
	}
	return at, nil
}

// onlyGreets says whether somebody says no more than hello.
func onlyGreets(text string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" \t\n.,!?:;👋🙏🙂", r) })
	return greetings[strings.Join(words, " ")]
}

var greetings = map[string]bool{
	"": true, "hi": true, "hello": true, "hey": true, "hi there": true, "hello there": true, "hey there": true, "good morning": true,
	"good afternoon": true, "good evening": true, "wave": true, "hallo": true, "guten tag": true, "guten morgen": true, "moin": true,
	"hola": true, "buenos días": true, "bonjour": true, "salut": true, "ciao": true, "olá": true, "oi": true,
	"namaste": true, "नमस्ते": true, "नमस्कार": true, "হ্যালো": true, "নমস্কার": true, "سلام": true, "مرحبا": true,
}

// attached keeps and acknowledges what was attached, and gives the words to be taken: while a person talks with the
// links, for the person sees no more than that.
func (a *App) attached(ctx context.Context, e Event, c bot.Conversation) (string, error) {
	if len(e.Files) == 0 {
		return e.Text, nil
	}
	if err := a.keepFiles(ctx, c.ID, e.Files); err != nil {
		return "", err
	}
	if c.State.Joined != nil {
		text := e.Text
		for _, f := range e.Files {
			text = strings.TrimSpace(text + "\n📎 " + f.Name + " " + f.Link)
		}
		return text, nil
	}
	var names []string
	for _, f := range e.Files {
		names = append(names, link(f.Link, f.Name))
	}
	thread := e.Thread
	if thread == "" && !e.Direct {
		thread = e.TS
	}
	return e.Text, a.post(ctx, Post{
		ID: e.ID + "-files", Channel: e.Channel, Thread: thread,
		Text: "📎 I got " + strings.Join(names, ", ") + ". I cannot read files myself; my colleagues find the link with our conversation.",
	})
}

// MaxFiles bounds how many files of a conversation are kept.
const MaxFiles = 50

func (a *App) keepFiles(ctx context.Context, conversation string, files []File) error {
	all, err := a.files(ctx, conversation)
	if err != nil {
		return err
	}
	for _, f := range files {
		known := false
		for _, old := range all {
			known = known || old.ID == f.ID
		}
		if !known && len(all) < MaxFiles {
			all = append(all, f)
		}
	}
	kept, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return a.Links.SaveLink(ctx, linkFiles, conversation, string(kept))
}

// files is what the visitor attached in the conversation.
func (a *App) files(ctx context.Context, conversation string) (all []File, err error) {
	kept, err := a.Links.Link(ctx, linkFiles, conversation)
	if errors.Is(err, bot.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return all, json.Unmarshal([]byte(kept), &all)
}

// edited takes a changed message: as the answer it would have been, when it is the last thing the visitor said.
func (a *App) edited(ctx context.Context, e Event, at place) error {
	c, v, err := a.conversationAt(ctx, e, at)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	last, err := a.lastSaid(ctx, c)
	if err != nil {
		return err
	}
	id := saidID(e) + "-" + e.Moment
	switch {
	case strings.HasPrefix(last, id): // this very edit, tried again
		return nil
	case c.State.Joined != nil:
		return a.Host.Say(ctx, c.ID, v.ID, dialogue.Said{ID: id, Text: "✏️ " + e.Text})
	case !strings.HasPrefix(last, saidID(e)):
		return a.whisper(ctx, e, "I saw that you changed an earlier message; what came after it stands. Say “back” to go back a question.")
	}
	if n := len(c.State.Answers); n > 0 && c.State.Answers[n-1].Said == e.Was && c.State.End == "" {
		if answer.Wished(c.State.Language, "back") != answer.WishBack {
			return a.whisper(ctx, e, "I saw that you changed your message; your earlier answer stands.")
		}
		if err := a.Host.Say(ctx, c.ID, v.ID, dialogue.Said{ID: id + "-back", Text: "back"}); err != nil {
			return err
		}
	}
	return a.Host.Say(ctx, c.ID, v.ID, dialogue.Said{ID: id, Text: e.Text})
}

// deleted notes that a message is gone: for the person who talks, and for the visitor, who may think it unread.
func (a *App) deleted(ctx context.Context, e Event, at place) error {
	c, v, err := a.conversationAt(ctx, e, at)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if c.State.Joined != nil {
		return a.Host.Say(ctx, c.ID, v.ID, dialogue.Said{ID: saidID(e) + "-deleted", Text: "🗑️ (deleted a message)"})
	}
	return a.whisper(ctx, e, "You deleted a message that I had read already. Say “back” to change an answer.")
}

// conversationAt is the conversation of the place, or bot.ErrNotFound; a message that began a thread in a channel is
// in that thread.
func (a *App) conversationAt(ctx context.Context, e Event, at place) (c bot.Conversation, v bot.Visitor, err error) {
	if at.Thread == "" && !e.Direct {
		at.Thread = e.TS
	}
	if v, err = a.Host.Who(ctx, at.token(), at.site()); err != nil {
		return c, v, err
	}
	c, err = a.Host.Conversation(ctx, "", v.ID)
	return c, v, err
}

// lastSaid is the id of the last thing the visitor said in the conversation, or "".
func (a *App) lastSaid(ctx context.Context, c bot.Conversation) (id string, err error) {
	const enough = 50 // the bot says a few things between two words of the visitor
	page, err := a.Host.Transcript(ctx, c.ID, max(0, c.Last-enough), enough+10)
	for _, m := range page {
		if m.From == bot.FromVisitor {
			id = m.ID
		}
	}
	return id, err
}

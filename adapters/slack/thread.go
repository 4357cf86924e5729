package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/slack-go/slack"

	"usher/bot"
	"usher/bot/dialogue"
)

// Kinds of links that live threads are remembered by.
const (
	linkThread  = "slack.thread"  // channel ts: the conversation whose thread it is
	linkLive    = "slack.live"    // conversation: rep and place of its live thread, and since when it is
	linkRelayed = "slack.relayed" // conversation: seq of the last message its thread has seen
	linkSpoken  = "slack.spoken"  // channel ts of a rep's message: the conversation that got it
)

// spokenID begins the ids of what was said in Slack: it is in the thread already.
const spokenID = "slack-"

// Bounds of what is read of a transcript at once.
const (
	recapped   = 6 // messages shown to who joins
	transcript = 1000
)

// goLive lets a rep talk to the visitor from the card's thread.
func (a *App) goLive(ctx context.Context, c click) error {
	before, err := a.Host.Conversation(ctx, c.conversation, "")
	if err != nil {
		return err
	}
	place, err := a.threadOf(ctx, c)
	if err != nil {
		return err
	}
	if err := a.saveThread(ctx, place.channel, place.thread, c.conversation); err != nil {
		return err
	}
	err = a.Desk.Join(ctx, c.conversation, dialogue.Person{Rep: c.rep.ID, Name: cmp.Or(c.rep.Name, c.rep.ID), Picture: c.rep.Picture})
	var other *dialogue.JoinedError
	if errors.As(err, &other) {
		return a.whisper(ctx, c.Event, escape(nameOf(a.roster(), other.Person.Rep))+" talks with the visitor already.")
	}
	if err != nil {
		return err
	}
	return a.wentLive(ctx, c, place, before)
}

// wentLive remembers the live thread and says so in it.
func (a *App) wentLive(ctx context.Context, c click, place live, before bot.Conversation) error {
	if err := a.startRelay(ctx, c.conversation, place, before.Last); err != nil {
		return err
	}
	blocks := []slack.Block{para(":large_green_circle: *This thread is live.* " + mention(a.roster(), c.rep.ID) + " talks with the visitor: " +
		"what you write here goes to them. A line that begins with `//` stays here, and `#name` sends a canned reply.")}
	recap, err := a.recap(ctx, c.conversation, max(before.Last-recapped, 0), before.Last)
	if err != nil {
		return err
	}
	if recap != "" {
		blocks = append(blocks, para(recap))
	}
	blocks = append(blocks, slack.NewActionBlock("",
		slack.NewButtonBlockElement(actionLeave, c.conversation, caption("Leave")).WithStyle(slack.StyleDanger)))
	if err := a.post(ctx, Post{ID: "live-" + c.ID, Channel: place.channel, Thread: place.thread, Text: "This thread is live.", Blocks: blocks}); err != nil {
		return err
	}
	return a.relayNow(ctx, c.ID, bot.Event{Conversation: c.conversation, Rep: c.rep.ID})
}

// recap is what was said last, so that who joins need not ask again.
func (a *App) recap(ctx context.Context, conversation string, after, upTo int64) (string, error) {
	said, err := a.Host.Transcript(ctx, conversation, after, recapped)
	if err != nil {
		return "", err
	}
	var lines []string
	for _, m := range said {
		if m.Seq <= upTo {
			lines = append(lines, "> *"+escape(speaker(m))+"* "+quote(m.Text))
		}
	}
	return list(lines, maxSection), nil
}

// threadOf is the thread of the lead's card; where there is no card, the one that was clicked in.
func (a *App) threadOf(ctx context.Context, c click) (live, error) {
	home, err := a.homeOf(ctx, c.conversation)
	if err != nil {
		return live{}, err
	}
	channel, ts, err := a.posted(ctx, *cardAt(c.conversation, home))
	if errors.Is(err, bot.ErrNotFound) {
		return live{c.rep.ID, c.Channel, cmp.Or(c.Thread, c.TS), c.Moment}, nil
	}
	return live{c.rep.ID, channel, ts, c.Moment}, err
}

// leave gives the visitor back to the bot.
func (a *App) leave(ctx context.Context, c click) error {
	now, err := a.Host.Conversation(ctx, c.conversation, "")
	if err != nil {
		return err
	}
	if p := now.State.Joined; p != nil && p.Rep != c.rep.ID {
		return a.whisper(ctx, c.Event, "Only "+escape(cmp.Or(p.Name, p.Rep))+" can leave: they talk with the visitor.")
	}
	if err := a.Desk.Leave(ctx, c.conversation, c.rep.ID); err != nil {
		return err
	}
	place, err := a.readLive(ctx, c.conversation)
	if err != nil {
		return err
	}
	if place == nil || place.rep != c.rep.ID {
		return a.whisper(ctx, c.Event, "You do not talk with the visitor now.")
	}
	return a.endLive(ctx, c.conversation, Post{ID: "left-" + c.ID}, *place,
		escape(nameOf(a.roster(), c.rep.ID))+" left, the bot goes on. What is written here stays here.")
}

// endLive says in a thread that it is not live any more.
func (a *App) endLive(ctx context.Context, conversation string, p Post, place live, text string) error {
	p.Channel, p.Thread, p.Text = place.channel, place.thread, ":white_circle: "+text
	p.Blocks = []slack.Block{para(p.Text)}
	if err := a.post(ctx, p); err != nil {
		return err
	}
	return a.saveLive(ctx, conversation, nil)
}

// tellLapsed says in a live thread that it is over: the visitor was silent for too long.
func (a *App) tellLapsed(ctx context.Context, id, conversation string) error {
	place, err := a.readLive(ctx, conversation)
	if place == nil || err != nil {
		return err
	}
	return a.endLive(ctx, conversation, Post{ID: "lapsed-" + id}, *place,
		"The visitor has been silent for long. What is written here stays here, until somebody joins again.")
}

// repMessage takes what was written in a lead's thread and says whether it was.
func (a *App) repMessage(ctx context.Context, e Event) (handled bool, err error) {
	switch e.Kind {
	case kindEdited, kindDeleted:
		return a.changed(ctx, e)
	case kindMessage, kindMention:
	default:
		return false, nil
	}
	if e.Thread == "" {
		return false, nil
	}
	conversation, err := a.conversationOf(ctx, e)
	if conversation == "" || err != nil {
		return false, err
	}
	return true, a.speak(ctx, e, conversation)
}

// rememberThread remembers whose card was posted: what is written below it is reps' business, also where it is not live.
func (a *App) rememberThread(ctx context.Context, l LinkTo, channel, ts string) error {
	conversation, _, ok := strings.Cut(l.Key, "@")
	if l.Kind != linkCard || !ok {
		return nil
	}
	return a.saveThread(ctx, channel, ts, conversation)
}

func (a *App) saveThread(ctx context.Context, channel, ts, conversation string) error {
	if err := a.Links.SaveLink(ctx, linkThread, channel+" "+ts, conversation); err != nil {
		return fmt.Errorf("remember the thread of %s: %w", conversation, err)
	}
	return nil
}

// conversationOf is whose thread it is, "" when it is no lead's.
func (a *App) conversationOf(ctx context.Context, e Event) (string, error) {
	return a.link(ctx, linkThread, e.Channel+" "+e.Thread)
}

// speak brings the words of the joined rep to the visitor; all others' stay in the thread.
func (a *App) speak(ctx context.Context, e Event, conversation string) error {
	rep := repOf(a.roster(), e.User)
	if rep == nil {
		return nil
	}
	c, err := a.Host.Conversation(ctx, conversation, "")
	if err != nil {
		return err
	}
	if c.State.Joined == nil || c.State.Joined.Rep != rep.ID {
		return nil
	}
	if place, err := a.readLive(ctx, conversation); err != nil || !place.takes(e) {
		return err
	}
	if len(e.Files) > 0 {
		if err := a.whisper(ctx, e, "Files do not reach the visitor, only words do."); err != nil {
			return err
		}
	}
	text, unknown := a.spoken(e.Text, c.State.Language)
	if unknown != "" {
		return a.whisper(ctx, e, "There is no reply `#"+escape(unknown)+"` in replies.yaml, so nothing was sent.")
	}
	if text == "" {
		return nil
	}
	return a.say(ctx, e, conversation, dialogue.Spoke{ID: spokenID + e.Channel + "-" + e.TS, Text: text, Rep: rep.ID})
}

func (a *App) say(ctx context.Context, e Event, conversation string, s dialogue.Spoke) error {
	err := a.Desk.Speak(ctx, conversation, s)
	var other *dialogue.JoinedError
	switch {
	case errors.Is(err, dialogue.ErrNotJoined), errors.As(err, &other):
		return a.whisper(ctx, e, "This was not sent: the thread is not live for you any more.")
	case errors.Is(err, dialogue.ErrLimit):
		return a.whisper(ctx, e, "This was not sent: it is too long for one message.")
	case err != nil:
		return err
	}
	if err := a.Links.SaveLink(ctx, linkSpoken, e.Channel+" "+e.TS, conversation); err != nil {
		return fmt.Errorf("remember what was sent: %w", err)
	}
	return nil
}

var canned = regexp.MustCompile(`(^|\s)#([\pL\pN_-]+)`)

// spoken is what of a rep's message is for the visitor, with canned replies written out. unknown is a reply that does
// not exist, where the message is nothing else.
func (a *App) spoken(text, language string) (out, unknown string) {
	var lines []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), "//") {
			lines = append(lines, strings.TrimRight(line, "\r\n"))
		}
	}
	out = strings.TrimSpace(a.named(strings.Join(lines, "\n")))
	expanded := canned.ReplaceAllStringFunc(out, func(m string) string {
		at := strings.IndexByte(m, '#')
		if reply, ok := a.Desk.ReplyIn(m[at+1:], language); ok {
			return m[:at] + reply
		}
		if m == out {
			unknown = m[at+1:]
		}
		return m
	})
	return expanded, unknown
}

var addressed = regexp.MustCompile(`@([UW][A-Z0-9]+)\b`)

// named is a message with reps by their names instead of their member ids.
func (a *App) named(text string) string {
	return addressed.ReplaceAllStringFunc(text, func(m string) string {
		if rep := repOf(a.roster(), m[1:]); rep != nil {
			return rep.Name
		}
		return m
	})
}

// changed notes that a message which the visitor has was edited or deleted afterwards.
func (a *App) changed(ctx context.Context, e Event) (handled bool, err error) {
	conversation, err := a.link(ctx, linkSpoken, e.Channel+" "+e.TS)
	if err != nil {
		return false, err
	}
	if conversation == "" {
		whose, err := a.conversationOf(ctx, e)
		return whose != "", err
	}
	text := ":information_source: The visitor has this message as it was before the edit. Write again what should be different."
	if e.Kind == kindDeleted {
		text = ":information_source: The visitor has the message that was deleted here."
	}
	return true, a.post(ctx, Post{ID: "changed-" + e.ID, Channel: e.Channel, Thread: cmp.Or(e.Thread, e.TS), Text: text, Blocks: []slack.Block{para(text)}})
}

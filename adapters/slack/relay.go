package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"usher/bot"
)

// relay brings what was said to the live thread, each message once: the post's id is the message's.
func (a *App) relay(ctx context.Context, j bot.Job) error {
	e, err := event(j)
	if err != nil {
		return err
	}
	place, err := a.readLive(ctx, e.Conversation)
	if err != nil {
		return err
	}
	if place == nil { // joined elsewhere, or just now: who joined in Slack gets what is not relayed as a recap
		return nil
	}
	seen, err := a.seen(ctx, e.Conversation)
	if err != nil {
		return err
	}
	said, err := a.Host.Transcript(ctx, e.Conversation, seen, transcript)
	if err != nil || len(said) == 0 {
		return err
	}
	for _, m := range said {
		if m.From == bot.FromRep && strings.HasPrefix(m.ID, spokenID) {
			continue
		}
		if err := a.post(ctx, relayed(e.Conversation, *place, m)); err != nil {
			return err
		}
	}
	return a.sawTo(ctx, e.Conversation, said[len(said)-1].Seq)
}

// sawTo remembers up to which message the thread shows what was said.
func (a *App) sawTo(ctx context.Context, conversation string, seq int64) error {
	if err := a.Links.SaveLink(ctx, linkRelayed, conversation, strconv.FormatInt(seq, 10)); err != nil {
		return fmt.Errorf("remember what the thread of %s has seen: %w", conversation, err)
	}
	return nil
}

// startRelay remembers where a thread goes live and what is shown there otherwise. Done twice it changes nothing.
func (a *App) startRelay(ctx context.Context, conversation string, place live, seen int64) error {
	was, err := a.readLive(ctx, conversation)
	if err != nil || was != nil && was.rep == place.rep && was.channel == place.channel && was.thread == place.thread {
		return err
	}
	if err := a.sawTo(ctx, conversation, seen); err != nil {
		return err
	}
	return a.saveLive(ctx, conversation, &place)
}

// relayNow brings what was said while the thread went live.
func (a *App) relayNow(ctx context.Context, id string, e bot.Event) error {
	payload, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write event: %w", err)
	}
	j := bot.Job{ID: "relay-" + id, Kind: bot.JobRelay, Key: bot.JobRelay + " " + e.Conversation, Payload: payload, RunAt: a.now(), State: bot.JobReady}
	if err := a.Jobs.Enqueue(ctx, j); err != nil {
		return fmt.Errorf("relay: %w", err)
	}
	return nil
}

// seen is the seq of the last message the thread has.
func (a *App) seen(ctx context.Context, conversation string) (int64, error) {
	text, err := a.link(ctx, linkRelayed, conversation)
	if text == "" || err != nil {
		return 0, err
	}
	return strconv.ParseInt(text, 10, 64)
}

// relayed is a message as the thread shows it.
func relayed(conversation string, at live, m bot.Message) Post {
	who := "*" + escape(speaker(m)) + "*\n"
	var blocks []slack.Block
	for _, part := range parts(m.Text, maxSection-2*maxWords) {
		blocks = append(blocks, para(who+part))
		who = ""
	}
	return Post{
		ID: fmt.Sprintf("relay-%s-%d", conversation, m.Seq), Channel: at.channel, Thread: at.thread,
		Text: escape(speaker(m)) + ": " + quote(m.Text), Blocks: blocks,
	}
}

// speaker names who said a message.
func speaker(m bot.Message) string {
	switch m.From {
	case bot.FromVisitor:
		return "Visitor"
	case bot.FromRep:
		return clip(m.Name, maxPart)
	}
	return "Bot"
}

// parts cuts a long text, each part ready for mrkdwn and no longer than most.
func parts(text string, most int) []string {
	var all []string
	var part strings.Builder
	room := most
	flush := func() {
		if strings.TrimSpace(part.String()) != "" {
			all = append(all, part.String())
		}
		part.Reset()
		room = most
	}
	for _, r := range text {
		if r != '\n' {
			if r = visible(r); r < 0 {
				continue
			}
		}
		next := escape(string(r))
		if room -= length(next); room < 0 {
			flush()
			room -= length(next)
		}
		part.WriteString(next)
	}
	flush()
	return all
}

// live is a live thread: who talks there, where it is, and the moment of the click that made it so, as Slack counts.
type live struct {
	rep, channel, thread, since string
}

// takes says whether what was written is for the visitor: it stands in the live thread and was written after Join. An
// event of before that may come late.
func (l *live) takes(e Event) bool {
	if l == nil || l.channel != e.Channel || l.thread != e.Thread {
		return false
	}
	since, known := instant(l.since)
	at, ok := instant(e.TS)
	return !known || !ok || at.After(since)
}

// saveLive remembers a conversation's live thread; nil = it is over.
func (a *App) saveLive(ctx context.Context, conversation string, l *live) error {
	value := ""
	if l != nil {
		value = strings.TrimSpace(l.rep + " " + l.channel + " " + l.thread + " " + l.since)
	}
	if err := a.Links.SaveLink(ctx, linkLive, conversation, value); err != nil {
		return fmt.Errorf("remember the live thread of %s: %w", conversation, err)
	}
	return nil
}

// readLive is a conversation's live thread, or nil.
func (a *App) readLive(ctx context.Context, conversation string) (*live, error) {
	value, err := a.link(ctx, linkLive, conversation)
	if value == "" || err != nil {
		return nil, err
	}
	f := append(strings.Fields(value), "") // without a moment where none was known
	if len(f) < 4 {
		return nil, fmt.Errorf("live thread of %s: %q", conversation, value)
	}
	return &live{f[0], f[1], f[2], f[3]}, nil
}

package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"usher/bot"
)

// metadataEvent marks our messages; their payload's id is the job's.
const metadataEvent = "usher_job"

// carrySend sends a stored message. One that was tried before is looked for first: its answer may have been lost.
func (a *App) carrySend(ctx context.Context, j bot.Job) error {
	var p Post
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return &bot.RetryError{Never: true, Err: fmt.Errorf("read post: %w", err)}
	}
	err := a.send(ctx, p, j.Attempts > 1)
	if errors.Is(err, errStopped) && p.Fallback != "" && p.Fallback != p.Channel {
		return a.post(ctx, p.elsewhere())
	}
	if err == nil {
		a.state.alarms.clear(p.Channel)
		a.state.alarms.clear(wholeApp)
	}
	return err
}

// elsewhere is the post in the fallback channel, for all to see there.
func (p Post) elsewhere() Post {
	p.ID, p.Channel, p.Fallback = p.ID+"-fallback", p.Fallback, ""
	p.Thread, p.Under, p.Update, p.Ephemeral, p.ResponseURL = "", nil, "", "", ""
	return p
}

func (a *App) send(ctx context.Context, p Post, again bool) error {
	if p.ResponseURL != "" {
		return a.respond(ctx, p)
	}
	if why := a.state.alarms.stopped(p.Channel, a.now()); why != "" {
		return &bot.RetryError{Never: true, Err: fmt.Errorf("%w: %s", errStopped, why)}
	}
	to, err := a.aim(ctx, p)
	if err != nil {
		return err
	}
	if needless, err := a.needless(ctx, p, to); needless || err != nil {
		return err
	}
	if err := a.pace(ctx, to.lane()); err != nil {
		return err
	}
	if again && to.update == "" && p.Ephemeral == "" {
		ts, err := a.find(ctx, p, to)
		if err != nil {
			return a.failure(p.Channel, fmt.Errorf("look for %s: %w", p.ID, err))
		}
		if ts != "" {
			return a.remember(ctx, p, to.channel, ts)
		}
	}
	ts, err := a.call(ctx, p, to)
	if to.update != "" && p.Replace && said(err, goneFaults) {
		to.update = "" // somebody removed it: it is posted anew
		ts, err = a.call(ctx, p, to)
	}
	if err != nil {
		return a.failure(p.Channel, fmt.Errorf("send to %s: %w", p.Channel, err))
	}
	return a.remember(ctx, p, to.channel, ts)
}

// target is where a post goes: a channel, a thread in it, a message to replace.
type target struct{ channel, thread, update string }

// lane is what a second's pause is kept in: a replacement does not hold up what people say in the channel, for Slack
// counts it apart (chat.update).
func (t target) lane() string {
	if t.update != "" {
		return "update " + t.channel
	}
	return t.channel
}

// linkSent is the kind of links to what a message that is replaced shows by now: a hash, by the key of its place.
const linkSent = "slack.sent"

// needless says whether a replacement can be left out: the message shows the same already, for of two jobs at once both
// may have found it wanting, or a newer replacement follows.
func (a *App) needless(ctx context.Context, p Post, to target) (bool, error) {
	if to.update == "" || !p.Replace {
		return false, nil
	}
	hash, err := p.hash()
	if err != nil {
		return false, err
	}
	if shown, err := a.link(ctx, linkSent, p.Link.Key); err != nil || shown == hash {
		return err == nil, err
	}
	if p.Mark == nil {
		return false, nil
	}
	newest, err := a.link(ctx, p.Mark.Kind, p.Mark.Key)
	return err == nil && newest != p.Mark.Value, err
}

// aim finds out where the post goes by now.
func (a *App) aim(ctx context.Context, p Post) (to target, err error) {
	to = target{channel: p.Channel, thread: p.Thread, update: p.Update}
	switch {
	case p.Under != nil:
		to.channel, to.thread, err = a.posted(ctx, *p.Under)
		if errors.Is(err, bot.ErrNotFound) {
			return to, &bot.RetryError{After: time.Second, Err: err} // it is on its way
		}
	case strings.HasPrefix(p.Channel, "U"), strings.HasPrefix(p.Channel, "W"):
		if p.Ephemeral == "" {
			to.channel, err = a.direct(ctx, p.Channel)
		}
	}
	if err != nil || p.Link == nil || !p.Replace {
		return to, err
	}
	channel, ts, err := a.posted(ctx, *p.Link)
	switch {
	case errors.Is(err, bot.ErrNotFound):
		return to, nil
	case err == nil && channel == to.channel:
		to.update = ts
	}
	return to, err // kept in another channel: it is posted anew in this one
}

// direct is the channel of the direct messages with a user.
func (a *App) direct(ctx context.Context, user string) (string, error) {
	const kind = "slack.direct"
	channel, err := a.Links.Link(ctx, kind, user)
	if err == nil || !errors.Is(err, bot.ErrNotFound) {
		return channel, err
	}
	c, _, _, err := a.api().OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}})
	if err != nil {
		return "", a.failure(user, fmt.Errorf("open a direct conversation with %s: %w", user, err))
	}
	return c.ID, a.Links.SaveLink(ctx, kind, user, c.ID)
}

// call makes the one call that the post is. Words that Slack would refuse as blocks are sent without them.
func (a *App) call(ctx context.Context, p Post, to target) (ts string, err error) {
	options := p.options(to)
	switch {
	case p.Ephemeral != "":
		return a.api().PostEphemeralContext(ctx, to.channel, p.Ephemeral, options...)
	case to.update != "":
		_, ts, _, err = a.api().UpdateMessageContext(ctx, to.channel, to.update, options...)
		return cmp.Or(ts, to.update), err
	}
	_, ts, err = a.api().PostMessageContext(ctx, to.channel, options...)
	if said(err, shapeFaults) && p.Text != "" && len(p.Blocks) > 0 {
		a.log().Error("slack: blocks were refused; only the words are sent", "job", p.ID, "reason", reason(err))
		p.Blocks = nil
		_, ts, err = a.api().PostMessageContext(ctx, to.channel, p.options(to)...)
	}
	return ts, err
}

// options are the post as the library wants it.
func (p Post) options(to target) []slack.MsgOption {
	options := []slack.MsgOption{
		slack.MsgOptionText(p.Text, false), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: metadataEvent, EventPayload: map[string]any{"id": p.ID}}),
	}
	if len(p.Blocks) > 0 || to.update != "" {
		options = append(options, slack.MsgOptionBlocks(p.Blocks...))
	}
	if to.thread != "" && to.update == "" {
		options = append(options, slack.MsgOptionTS(to.thread))
	}
	if p.As != nil {
		options = append(options, slack.MsgOptionUsername(p.As.Name))
		if strings.HasPrefix(p.As.Picture, "https://") {
			options = append(options, slack.MsgOptionIconURL(p.As.Picture))
		}
	}
	return options
}

// respond answers at a response_url; one that is used up or too old is of no use any more, and then the app whispers.
func (a *App) respond(ctx context.Context, p Post) error {
	url := a.safeURL(p.ResponseURL)
	p.ResponseURL = ""
	if url == "" {
		return a.send(ctx, p, false)
	}
	options := []slack.MsgOption{slack.MsgOptionText(p.Text, false), slack.MsgOptionResponseURL(url, slack.ResponseTypeEphemeral)}
	if len(p.Blocks) > 0 {
		options = append(options, slack.MsgOptionBlocks(p.Blocks...))
	}
	_, _, err := a.api().PostMessageContext(ctx, p.Channel, options...)
	var status slack.StatusCodeError
	if errors.As(err, &status) && status.Code/100 == 4 {
		return a.send(ctx, p, false)
	}
	if err != nil {
		return a.failure("", fmt.Errorf("answer in private: %w", err))
	}
	return nil
}

// remember keeps where the message is, when somebody wants to know.
func (a *App) remember(ctx context.Context, p Post, channel, ts string) error {
	if p.Link == nil || ts == "" || p.Ephemeral != "" {
		return nil
	}
	if err := a.Links.SaveLink(ctx, p.Link.Kind, p.Link.Key, channel+" "+ts); err != nil {
		return fmt.Errorf("remember %s: %w", p.ID, err)
	}
	if err := a.rememberSent(ctx, p); err != nil {
		return err
	}
	return a.rememberThread(ctx, *p.Link, channel, ts)
}

// rememberSent keeps what a message shows that may be replaced.
func (a *App) rememberSent(ctx context.Context, p Post) error {
	if !p.Replace {
		return nil
	}
	hash, err := p.hash()
	if err != nil {
		return err
	}
	if err := a.Links.SaveLink(ctx, linkSent, p.Link.Key, hash); err != nil {
		return fmt.Errorf("remember what %s shows: %w", p.ID, err)
	}
	return nil
}

// How far a message is looked for: from a little before it was stored, for clocks differ, through a few full pages.
const (
	findBefore = 2 * time.Minute
	findPages  = 5
	findLimit  = 200
)

// find looks for the message by the job's id in its metadata, and gives its ts or "".
func (a *App) find(ctx context.Context, p Post, to target) (string, error) {
	oldest, cursor := fmt.Sprintf("%d.000000", p.At.Add(-findBefore).Unix()), ""
	for range findPages {
		page, next, err := a.page(ctx, to, oldest, cursor)
		if said(err, targetFaults) || said(err, tokenFaults) || said(err, goneFaults) {
			return "", nil // it cannot be read here; whether it can be written, sending will say
		}
		if err != nil {
			return "", err
		}
		for _, m := range page {
			if m.Metadata.EventType == metadataEvent && m.Metadata.EventPayload["id"] == p.ID {
				return m.Timestamp, nil
			}
		}
		if next == "" {
			return "", nil
		}
		cursor = next
	}
	return "", nil
}

// page reads some of the thread, or of the channel.
func (a *App) page(ctx context.Context, to target, oldest, cursor string) (page []slack.Message, next string, err error) {
	if to.thread != "" {
		page, _, next, err = a.api().GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: to.channel, Timestamp: to.thread, Oldest: oldest, Cursor: cursor, Limit: findLimit, IncludeAllMetadata: true,
		})
		return page, next, err
	}
	r, err := a.api().GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
		ChannelID: to.channel, Oldest: oldest, Cursor: cursor, Limit: findLimit, IncludeAllMetadata: true,
	})
	if err != nil {
		return nil, "", err
	}
	return r.Messages, r.ResponseMetaData.NextCursor, nil
}

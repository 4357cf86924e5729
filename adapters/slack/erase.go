package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"usher/bot"
)

// Place is what erasures call Slack.
const Place = "slack"

// linkTold is the kind of links to messages about a lead that stand outside of its thread: conversation and post.
const linkTold = "slack.told"

// Eraser deletes what stands in Slack about somebody: cards, threads below them, calls and warnings, direct messages. App is nil
// where there is no Slack: then it only says what there would be to delete.
type Eraser struct{ App *App }

var _ bot.Eraser = Eraser{}

// spot is a message of ours with all that is below it, or those of a channel that are about the conversations, or that were
// posted for the jobs.
type spot struct {
	Channel string    `json:"channel"` // or a user, of whose direct messages it is
	TS      string    `json:"ts,omitempty"`
	About   []string  `json:"about,omitempty"` // conversations: of the channel, the messages that were posted for them
	Job     string    `json:"job,omitempty"`   // of the channel, or of the thread TS, the message that this job may have posted
	At      time.Time `json:"at,omitzero"`     // when the job was stored
}

// Trace says where the subject's messages stand, and where one may that a job was about to post.
func (Eraser) Trace(s bot.Subject, rows []bot.Record) (t bot.Traced) {
	spots := unsure(rows)
	add := func(where string) {
		channel, ts, ok := strings.Cut(where, " ")
		if !ok || ts == "" {
			return
		}
		t.Words = append(t.Words, ts)
		if !slices.ContainsFunc(spots, func(o spot) bool { return o.Channel == channel && o.TS == ts && o.Job == "" }) {
			spots = append(spots, spot{Channel: channel, TS: ts})
		}
	}
	for _, l := range bot.KeptLinks(rows) {
		switch l.Kind {
		case linkCard, linkSaid, linkTold:
			add(l.Value)
		case linkThread:
			add(l.Key)
		case linkLive:
			if f := strings.Fields(l.Value); len(f) > 2 {
				add(f[1] + " " + f[2])
			}
		case linkSpoken:
			if _, ts, ok := strings.Cut(l.Key, " "); ok {
				t.Words = append(t.Words, ts)
			}
		case linkPlace:
			var at place
			if json.Unmarshal([]byte(l.Value), &at) == nil && at.Channel != "" {
				t.Words = append(t.Words, `"user":"`+at.User+`"`, at.Team+" "+at.User)
				spots = append(spots, spot{Channel: at.Channel, TS: at.Thread, About: s.Conversations})
			}
		}
	}
	for _, at := range spots {
		target, _ := json.Marshal(at) // strings always marshal
		t.Targets = append(t.Targets, target)
	}
	return t
}

// unsure are the messages that jobs may have posted without having come to say so.
func unsure(rows []bot.Record) (spots []spot) {
	for _, j := range bot.KeptJobs(rows) {
		var p Post
		if j.Kind != jobSend || !j.Unsure() || json.Unmarshal(j.Payload, &p) != nil || p.Ephemeral != "" || p.ResponseURL != "" {
			continue
		}
		spots = append(spots, spot{Channel: p.Channel, TS: p.Thread, Job: p.ID, At: p.At})
	}
	return spots
}

// errNoSlack says that nothing can be deleted now.
var errNoSlack = errors.New("no Slack is connected here")

// Erase deletes one spot.
func (e Eraser) Erase(ctx context.Context, target json.RawMessage) (left string, err error) {
	var at spot
	if err := json.Unmarshal(target, &at); err != nil {
		return "", &bot.RetryError{Never: true, Err: fmt.Errorf("read what is to be erased: %w", err)}
	}
	if e.App == nil {
		return "", errNoSlack
	}
	if err := e.App.identify(ctx); err != nil {
		return "", err
	}
	var others int
	if at.Job != "" {
		at, err = e.App.posting(ctx, at)
	}
	if err == nil && at.Channel != "" {
		others, err = e.App.deleteAll(ctx, at)
	}
	if said(err, targetFaults) {
		return fmt.Sprintf("messages in %s: the app cannot reach the channel any more (%s)", at.Channel, reason(err)), nil
	}
	if err != nil {
		return "", err
	}
	if others > 0 {
		return fmt.Sprintf("%d messages of others in %s, in the thread %s: in Slack only who wrote them, or an owner of the workspace, can delete them", others, at.Channel, at.TS), nil
	}
	return "", nil
}

// posting is the message that a job posted; nothing where it posted none.
func (a *App) posting(ctx context.Context, at spot) (posted spot, err error) {
	p := Post{ID: at.Job, Channel: at.Channel, Thread: at.TS, At: at.At}
	to, err := a.aim(ctx, p)
	if err != nil {
		return spot{}, err
	}
	ts, err := a.find(ctx, p, to)
	if err != nil {
		return spot{}, a.failure("", fmt.Errorf("look for %s: %w", p.ID, err))
	}
	if ts == "" {
		return spot{}, nil
	}
	return spot{Channel: to.channel, TS: ts}, nil
}

// deleteAll deletes the messages of a spot, the root last, and counts those of others.
func (a *App) deleteAll(ctx context.Context, at spot) (others int, err error) {
	var found []slack.Message
	for cursor, first := "", true; first || cursor != ""; first = false {
		var page []slack.Message
		page, cursor, err = a.page(ctx, target{channel: at.Channel, thread: at.TS}, "0", cursor)
		if said(err, goneFaults) || said(err, []string{"thread_not_found"}) {
			break
		}
		if err != nil {
			return 0, a.unread(ctx, at, err)
		}
		found = append(found, page...)
	}
	slices.SortStableFunc(found, func(x, y slack.Message) int { return strings.Compare(y.Timestamp, x.Timestamp) })
	for _, m := range found {
		switch {
		case at.About != nil && !about(m, at.About):
		case !a.wroteIt(m):
			others++
		default:
			if err := a.deleteOne(ctx, at.Channel, m.Timestamp); err != nil {
				return others, err
			}
		}
	}
	return others, nil
}

// unread deletes the one message whose place is known where the app may write and not read.
func (a *App) unread(ctx context.Context, at spot, was error) error {
	if at.TS == "" || at.About != nil || !said(was, []string{"missing_scope", "not_in_channel", "channel_not_found"}) {
		return a.failure("", was)
	}
	return a.deleteOne(ctx, at.Channel, at.TS)
}

// about says whether we posted a message for one of the conversations.
func about(m slack.Message, conversations []string) bool {
	id, _ := m.Metadata.EventPayload["id"].(string)
	return slices.ContainsFunc(conversations, func(c string) bool { return strings.Contains(id, c) })
}

func (a *App) wroteIt(m slack.Message) bool {
	return m.Metadata.EventType == metadataEvent || m.User != "" && m.User == a.botUser()
}

func (a *App) deleteOne(ctx context.Context, channel, ts string) error {
	if err := a.pace(ctx, "delete "+channel); err != nil {
		return err
	}
	_, _, err := a.api().DeleteMessageContext(ctx, channel, ts)
	if err == nil || said(err, goneFaults) {
		return nil
	}
	if said(err, targetFaults) {
		return err
	}
	return a.failure("", fmt.Errorf("delete a message in %s: %w", channel, err))
}

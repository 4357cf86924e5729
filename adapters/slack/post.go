package slack

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"usher/bot"
)

// Post is one message to be sent, updated or whispered. It is stored as a job and carried out in the order of its
// channel.
type Post struct {
	ID          string        `json:"id"`                     // the job's: the same id is sent once; "" = a new one
	Channel     string        `json:"channel"`                // a channel's id, or a user's for a direct message
	Thread      string        `json:"thread,omitempty"`       // ts of the root
	Under       *LinkTo       `json:"under,omitempty"`        // in place of Thread: the message kept there is the root, and its channel counts
	Update      string        `json:"update,omitempty"`       // ts of the message to replace
	Link        *LinkTo       `json:"link,omitempty"`         // where the place of the posted message is kept; see posted
	Replace     bool          `json:"replace,omitempty"`      // the message kept at Link is replaced, when there is one
	Mark        *Mark         `json:"mark,omitempty"`         // a replacement is left out when the mark is another by then
	Ephemeral   string        `json:"ephemeral,omitempty"`    // only this user sees it
	ResponseURL string        `json:"response_url,omitempty"` // answers a command or a click there, in private, also where the app is no member
	Text        string        `json:"text"`                   // mrkdwn; with Blocks only what notifications show
	Blocks      []slack.Block `json:"-"`
	As          *Author       `json:"as,omitempty"`       // in whose name; nil = the app's
	Fallback    string        `json:"fallback,omitempty"` // the channel that gets it when this one cannot be written to
	At          time.Time     `json:"at"`                 // when it was stored
}

// LinkTo names a place kept in Links.
type LinkTo struct {
	Kind string `json:"kind"`
	Key  string `json:"key"`
}

// Mark says what a message is to show at last: of several replacements that wait, only the newest is sent.
type Mark struct {
	LinkTo
	Value string `json:"value"`
}

// Author is in whose name a message stands.
type Author struct {
	Name    string `json:"name"`
	Picture string `json:"picture,omitempty"`
}

// post stores the message as a job. A post whose ID is known has been posted and is left alone.
func (a *App) post(ctx context.Context, posts ...Post) error {
	var jobs []bot.Job
	for _, p := range posts {
		if p.ID == "" {
			p.ID = "slack-" + rand.Text()
		}
		p.At = a.now()
		if err := p.check(); err != nil {
			return fmt.Errorf("post %s: %w", p.ID, err)
		}
		payload, err := json.Marshal(p)
		if err != nil {
			return fmt.Errorf("write post %s: %w", p.ID, err)
		}
		jobs = append(jobs, bot.Job{ID: p.ID, Kind: jobSend, Key: jobSend + " " + p.Channel, Payload: payload, RunAt: p.At, State: bot.JobReady})
	}
	if err := a.Jobs.Enqueue(ctx, jobs...); err != nil {
		return fmt.Errorf("post: %w", err)
	}
	return nil
}

// whisper answers whoever caused the event so that nobody else sees it.
func (a *App) whisper(ctx context.Context, e Event, text string, blocks ...slack.Block) error {
	return a.post(ctx, Post{
		ID: e.ID + "-whisper", Channel: e.Channel, Thread: e.Thread, Ephemeral: e.User, ResponseURL: e.ResponseURL, Text: text, Blocks: blocks,
	})
}

// posted is where the message kept at a link is, or bot.ErrNotFound while it is not sent.
func (a *App) posted(ctx context.Context, l LinkTo) (channel, ts string, err error) {
	place, err := a.Links.Link(ctx, l.Kind, l.Key)
	if err != nil {
		return "", "", fmt.Errorf("where %s %s was posted: %w", l.Kind, l.Key, err)
	}
	channel, ts, _ = strings.Cut(place, " ")
	return channel, ts, nil
}

// hash tells what the message shows from anything else that it may show.
func (p Post) hash() (string, error) { return fingerprint(p.Text, p.Blocks) }

// MarshalJSON writes the blocks beside the rest.
func (p Post) MarshalJSON() ([]byte, error) {
	type plain Post
	return json.Marshal(struct {
		plain
		Blocks slack.Blocks `json:"blocks"`
	}{plain(p), slack.Blocks{BlockSet: p.Blocks}})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (p *Post) UnmarshalJSON(data []byte) error {
	type plain Post
	var in struct {
		plain
		Blocks slack.Blocks `json:"blocks"`
	}
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	*p = Post(in.plain)
	p.Blocks = in.Blocks.BlockSet
	return nil
}

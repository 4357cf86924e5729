package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"usher/bot"
)

// delivered is what the visitor has got of a conversation.
type delivered struct {
	Seq int64 `json:"seq"`
	// Ask is the message with the open question's controls: from its first line to its last.
	Ask [2]int64 `json:"ask,omitzero"`
}

// deliver sends the visitor what was said since the last time. A job tried again makes the same posts.
func (a *App) deliver(ctx context.Context, j bot.Job) error {
	var e bot.Event
	if err := json.Unmarshal(j.Payload, &e); err != nil {
		return &bot.RetryError{Never: true, Err: fmt.Errorf("read delivery: %w", err)}
	}
	at, err := a.awaitPlace(ctx, e.Conversation)
	if err != nil {
		return err
	}
	c, err := a.Host.Conversation(ctx, e.Conversation, "")
	if err != nil {
		return err
	}
	done, err := a.deliveredOf(ctx, c.ID)
	if err != nil {
		return err
	}
	for {
		page, err := a.Host.Transcript(ctx, c.ID, done.Seq, deliverPage)
		if err != nil || len(page) == 0 {
			return err
		}
		if done, err = a.spread(ctx, at, c, done, whole(page)); err != nil {
			return err
		}
		kept, err := json.Marshal(done)
		if err != nil {
			return err
		}
		if err := a.Links.SaveLink(ctx, linkDelivered, c.ID, string(kept)); err != nil {
			return err
		}
	}
}

// deliverPage is how much of a transcript is read at once: more than the longest turn says.
const deliverPage = 100

// whole leaves a turn out that may go on beyond a full page.
func whole(page []bot.Message) []bot.Message {
	if len(page) < deliverPage {
		return page
	}
	n := len(page)
	for n > 1 && page[n-1].At.Equal(page[len(page)-1].At) {
		n--
	}
	if n == 1 {
		return page
	}
	return page[:n]
}

// awaitPlace is where the conversation is. One that has just begun gets its place in the next moment.
func (a *App) awaitPlace(ctx context.Context, conversation string) (place, error) {
	for range 10 {
		at, err := a.placeOf(ctx, conversation)
		if !errors.Is(err, bot.ErrNotFound) {
			return at, err
		}
		pause(ctx, 20*time.Millisecond)
	}
	return place{}, &bot.RetryError{After: 2 * time.Second, Err: fmt.Errorf("%s has no place in Slack yet", conversation)}
}

func (a *App) deliveredOf(ctx context.Context, conversation string) (d delivered, err error) {
	kept, err := a.Links.Link(ctx, linkDelivered, conversation)
	if errors.Is(err, bot.ErrNotFound) {
		return d, nil
	}
	if err != nil {
		return d, err
	}
	return d, json.Unmarshal([]byte(kept), &d)
}

// spread posts the page: the lines of one turn as one message, the controls of an answered question taken away.
func (a *App) spread(ctx context.Context, at place, c bot.Conversation, done delivered, page []bot.Message) (delivered, error) {
	var posts, closed []Post
	for from := 0; from < len(page); {
		m := page[from]
		to := from + 1
		if m.From == bot.FromVisitor {
			if done.Ask[1] > 0 && m.Seq > done.Ask[1] {
				p, err := a.closed(ctx, at, c, done.Ask, m)
				if err != nil {
					return done, err
				}
				closed, done.Ask = append(closed, p), [2]int64{}
			}
			from = to
			continue
		}
		for m.From == bot.FromBot && page[to-1].Ask == nil && to < len(page) && page[to].From == bot.FromBot && page[to].At.Equal(m.At) {
			to++
		}
		group := page[from:to]
		posts = append(posts, a.line(at, c, group))
		if last := group[len(group)-1]; last.Ask != nil && len(last.Ask.Options) > 0 {
			done.Ask = [2]int64{m.Seq, last.Seq}
		}
		from = to
	}
	done.Seq = page[len(page)-1].Seq
	if len(posts)+len(closed) == 0 {
		return done, nil
	}
	return done, a.post(ctx, append(posts, closed...)...)
}

// line is one message of the bot or of a rep.
func (a *App) line(at place, c bot.Conversation, group []bot.Message) Post {
	last := group[len(group)-1]
	p := Post{
		ID: fmt.Sprintf("slack-%s-%d", c.ID, group[0].Seq), Channel: at.Channel, Thread: at.Thread, Text: a.text(c, group),
		Link: &LinkTo{Kind: linkSaid, Key: fmt.Sprintf("%s %d", c.ID, group[0].Seq)},
	}
	if last.From == bot.FromRep {
		p.As = &Author{Name: last.Name}
		if j := c.State.Joined; j != nil && j.Name == last.Name {
			p.As.Picture = j.Picture
		}
	}
	p.Blocks = append(paragraphs(p.Text), controls(c.ID, last)...)
	return p
}

// text is what the lines say: the author's Markdown, in which what people wrote stays as they wrote it.
func (a *App) text(c bot.Conversation, group []bot.Message) string {
	var lines []string
	for _, m := range group {
		text := escape(m.Text)
		if m.From == bot.FromBot {
			text = mrkdwn(m.Text, wrote(c)...)
		}
		if m.Meeting != "" && a.MeetingURL != nil {
			text += "\n" + link(a.MeetingURL(m.Meeting), "📅 Meeting details")
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n\n")
}

// closed is the question's message without its controls, and with the answer.
func (a *App) closed(ctx context.Context, at place, c bot.Conversation, ask [2]int64, answer bot.Message) (Post, error) {
	group, err := a.Host.Transcript(ctx, c.ID, ask[0]-1, int(ask[1]-ask[0])+1)
	if err != nil {
		return Post{}, err
	}
	text := a.text(c, group)
	blocks := append(paragraphs(text), slack.NewContextBlock("", slack.NewTextBlockObject(slack.MarkdownType, "✓ "+escape(cut(answer.Text, maxAnswer)), false, true)))
	return Post{
		ID: fmt.Sprintf("slack-%s-%d-answered", c.ID, ask[0]), Channel: at.Channel, Thread: at.Thread, Text: text, Blocks: blocks,
		Link: &LinkTo{Kind: linkSaid, Key: fmt.Sprintf("%s %d", c.ID, ask[0])}, Replace: true,
	}, nil
}

// maxAnswer is how much of an answer is shown under its question.
const maxAnswer = 150

// wrote is what the visitor wrote, wherever a flow may repeat it.
func wrote(c bot.Conversation) (all []string) {
	for _, a := range c.State.Answers {
		all = append(all, a.Said, a.Value.Text)
	}
	v := c.State.Visit
	all = append(all, v.Page, v.Title, v.Referrer)
	for _, value := range v.UTM {
		all = append(all, value)
	}
	return all
}

// paragraphs are the text in as many sections as it takes.
func paragraphs(text string) (blocks []slack.Block) {
	for text != "" {
		part := cut(text, maxSection)
		if part != text {
			if i := strings.LastIndexAny(part, "\n"); i > 0 {
				part = part[:i]
			}
			part = strings.TrimSuffix(part, "…")
		}
		blocks = append(blocks, section(part))
		text = strings.TrimLeft(text[len(part):], "\n")
	}
	return blocks
}

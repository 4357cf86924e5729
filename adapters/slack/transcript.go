package slack

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"
)

// maxPosted is how much of a transcript one message carries: Slack shows longer ones folded.
const maxPosted = 4 * maxSection

// showTranscript posts what was said so far into the card's thread.
func (a *App) showTranscript(ctx context.Context, c click) error {
	said, err := a.Host.Transcript(ctx, c.conversation, 0, transcript)
	if err != nil {
		return err
	}
	place, err := a.threadOf(ctx, c)
	if err != nil {
		return err
	}
	var posts []Post
	var blocks []slack.Block
	room := maxPosted
	flush := func() {
		if len(blocks) > 0 {
			posts = append(posts, Post{
				ID: fmt.Sprintf("transcript-%s-%d", c.ID, len(posts)), Channel: place.channel, Thread: place.thread, Text: "Transcript", Blocks: blocks,
			})
		}
		blocks, room = nil, maxPosted
	}
	text := ""
	for _, m := range said {
		line := "*" + escape(speaker(m)) + "* " + when(m.At)
		for i, part := range parts(m.Text, maxSection/2) {
			if i == 0 {
				part = line + "\n" + part
			}
			if length(text)+length(part)+1 > maxSection {
				blocks, room = append(blocks, para(text)), room-length(text)
				text = ""
			}
			if room < maxSection {
				flush()
			}
			if text != "" {
				text += "\n"
			}
			text += part
		}
	}
	if text != "" {
		blocks = append(blocks, para(text))
	}
	flush()
	return a.post(ctx, posts...)
}

package slack

import (
	"context"
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"usher/bot"
)

// maxFull is how many full sections one message of a transcript has: Slack folds longer ones.
const maxFull = 4

// showTranscript posts what was said so far into the card's thread.
func (a *App) showTranscript(ctx context.Context, c click) error {
	said, err := a.Host.Transcript(ctx, c.conversation, 0, transcript)
	if err != nil {
		return err
	}
	at, err := a.threadOf(ctx, c)
	if err != nil {
		return err
	}
	var posts []Post
	for blocks := range slices.Chunk(linesOf(said), maxFull) {
		posts = append(posts, Post{
			ID: fmt.Sprintf("transcript-%s-%d", c.ID, len(posts)), Channel: at.channel, Thread: at.thread, Text: "Transcript", Blocks: blocks,
		})
	}
	return a.post(ctx, posts...)
}

// linesOf is a transcript in as few sections as hold it.
func linesOf(said []bot.Message) []slack.Block {
	var blocks []slack.Block
	text := ""
	for _, m := range said {
		head := "*" + escape(speaker(m)) + "* " + when(m.At) + "\n"
		for _, part := range parts(m.Text, maxSection-2*maxWords) {
			if text != "" && length(text)+length(head)+length(part)+1 > maxSection {
				blocks = append(blocks, para(text))
				text = ""
			}
			if text != "" {
				text += "\n"
			}
			text += head + part
			head = ""
		}
	}
	if text != "" {
		blocks = append(blocks, para(text))
	}
	return blocks
}

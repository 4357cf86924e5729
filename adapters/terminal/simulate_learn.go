package terminal

import (
	"context"
	"errors"
	"fmt"

	"usher/bot"
	"usher/bot/rehearse"
	"usher/flows"
)

// Past lists stored conversations by when they began, the oldest first, in pages.
type Past interface {
	Began(ctx context.Context, p bot.Period) ([]bot.Past, error)
}

// learnPage is how many conversations are read at once.
const learnPage = 1000

// learn reads the conversations of a year.
func (c *SimulateCommand) learn(ctx context.Context, w *World, ws *flows.Workspace) (crowd rehearse.Crowd, err error) {
	memory, err := w.OpenMemory(ctx, c.Database)
	if err != nil {
		return crowd, err
	}
	defer func() { err = errors.Join(err, memory.Close()) }()
	past, ok := memory.(Past)
	if !ok {
		return crowd, errors.New("this database cannot list its conversations")
	}
	lesson := rehearse.Lesson{Workspace: ws}
	p := bot.Period{From: w.Now().Add(-rehearse.LearnedFrom), To: w.Now(), Limit: learnPage}
	for {
		page, err := past.Began(ctx, p)
		if err != nil {
			return crowd, fmt.Errorf("learn from conversations: %w", err)
		}
		for _, one := range page {
			lesson.Add(one.State)
			p.After = one
		}
		if len(page) < learnPage {
			break
		}
	}
	if lesson.Learned() == 0 {
		out := printer{out: w.Stderr}
		out.printf("usher: there is nothing to learn from: no conversation of the last year with a flow of this workspace\n")
		return crowd, ErrNo
	}
	return lesson.Crowd(), nil
}

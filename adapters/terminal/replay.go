package terminal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"usher/bot/dialogue"
)

// ReplayCommand runs a stored conversation's journal again.
type ReplayCommand struct {
	MemoryQuery
}

// Help teaches.
func (ReplayCommand) Help() string {
	return `Every input a conversation took is in its journal, and the same inputs give the same conversation, always. The exit
code is 1 when what comes out is not what is stored.

  usher replay 7hq2c0 --database postgres://usher@db/usher`
}

// replayed is one input and where it led.
type replayed struct {
	At    time.Time       `json:"at"`
	Input json.RawMessage `json:"input"`
	State string          `json:"state"`
	Score float64         `json:"score"`
	Grade string          `json:"grade"`
}

// Run replays.
func (c *ReplayCommand) Run(ctx context.Context, w *World) error {
	r, err := c.read(ctx, w)
	if err != nil {
		return err
	}
	p := printer{out: w.Stdout}
	out := jsonLines(w.Stdout)
	var now dialogue.Conversation
	for i, e := range r.journal {
		if now, _, err = r.machine.Advance(now, e.Input, e.At); err != nil {
			p.printf("entry %d: %v\n", i, err)
			return errors.Join(p.err, ErrNo)
		}
		input, err := dialogue.MarshalInput(e.Input)
		if err != nil {
			return err
		}
		line := replayed{e.At, input, now.State, now.Score.Score, now.Score.Grade}
		if c.JSON {
			p.err = errors.Join(p.err, out.Encode(line))
			continue
		}
		p.printf("%s  %-24s %g %s\n    %s\n", line.At.Format(time.RFC3339), line.State, line.Score, line.Grade, styleOf(w.Stdout).faint(string(input)))
	}
	return errors.Join(p.err, c.compare(w, now, r.State))
}

// compare says whether what came out is what is stored.
func (c *ReplayCommand) compare(w *World, got, stored dialogue.Conversation) error {
	a, err1 := json.Marshal(got)
	b, err2 := json.Marshal(stored)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	same := bytes.Equal(a, b)
	p := printer{out: w.Stdout}
	switch {
	case c.JSON:
		p.err = jsonLines(w.Stdout).Encode(map[string]bool{"same": same})
	case same:
		p.printf("the same as stored\n")
	default:
		p.printf("not the same as stored\n  replayed %s\n  stored   %s\n", a, b)
	}
	if !same {
		return errors.Join(p.err, ErrNo)
	}
	return p.err
}

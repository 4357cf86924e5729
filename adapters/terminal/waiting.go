package terminal

import (
	"context"
	"errors"
	"time"

	"usher/bot"
)

// WaitingCommand lists leads that nobody can take now.
type WaitingCommand struct {
	Place    string `placeholder:"TEAM" help:"Only those who wait for this team or rep."`
	Limit    int    `default:"1000" help:"How many, the one that has waited longest first (${default})."`
	Database string `placeholder:"URL" env:"USHER_DATABASE,DATABASE_URL" help:"sqlite:FILE or postgres://…; by default what serve uses."`
	JSON     bool   `name:"json" help:"One object a line, as JSON."`
}

// Help teaches.
func (WaitingCommand) Help() string {
	return `A lead waits where nobody of its route can take one now, and the route says how long: { to: enterprise, wait: 4h, else: support }.
As soon as somebody can, the one that has waited longest goes first; when its time is over the fallback gets it.

  usher waiting
  usher waiting --place enterprise --json | jq -r .conversation`
}

// waitingLine is a lead that waits, as --json prints it.
type waitingLine struct {
	Type         string    `json:"type"`
	Place        string    `json:"place"`
	Conversation string    `json:"conversation"`
	Since        time.Time `json:"since"`
	Until        time.Time `json:"until"`
}

// Run lists.
func (c *WaitingCommand) Run(ctx context.Context, w *World) (err error) {
	if c.Limit < 1 {
		return misuse("--limit %d is not a number of leads", c.Limit)
	}
	memory, err := w.OpenMemory(ctx, c.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, memory.Close()) }()
	all, err := memory.Waiting(ctx, bot.WaitingQuery{Place: c.Place, Limit: c.Limit})
	if err != nil {
		return err
	}
	if c.JSON {
		out := jsonLines(w.Stdout)
		for _, l := range all {
			err = errors.Join(err, out.Encode(waitingLine{"waiting", l.Place, l.Conversation, l.Since, l.Until}))
		}
		return err
	}
	return c.table(w, all)
}

func (c *WaitingCommand) table(w *World, all []bot.Waiting) error {
	out := printer{out: w.Stdout}
	if len(all) == 0 {
		out.printf("Nobody waits.\n")
		return out.err
	}
	wide := len("for")
	for _, l := range all {
		wide = max(wide, len(l.Place))
	}
	out.printf("%-*s  %-34s  %-20s  %s\n", wide, "for", "conversation", "since", "until")
	for _, l := range all {
		out.printf("%-*s  %-34s  %-20s  %s\n", wide, l.Place, l.Conversation, stamp(l.Since), stamp(l.Until))
	}
	return out.err
}

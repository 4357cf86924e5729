package terminal

import (
	"context"
	"errors"
	"strings"

	"usher/bot/dialogue"
	"usher/bot/rehearse"
)

// WhyCommand says why a conversation has this score and this rep.
type WhyCommand struct {
	MemoryQuery
}

// Help teaches.
func (WhyCommand) Help() string {
	return `The score rule by rule, the routes from the top with what held when the lead was given away, the rep, and the meeting.

  usher why 7hq2c0
  usher why 7hq2c0 --json | jq -c 'select(.type=="tried")'`
}

// tried is one route as it stood when the lead was given away.
type tried struct {
	Type  string `json:"type"`
	Route int    `json:"route"` // from 1
	If    string `json:"if,omitempty"`
	To    string `json:"to"`
	Holds bool   `json:"holds"`
	Taken bool   `json:"taken"`
}

// Run explains.
func (c *WhyCommand) Run(ctx context.Context, w *World) error {
	r, err := c.read(ctx, w)
	if err != nil {
		return err
	}
	lines, err := r.because()
	if err != nil {
		return err
	}
	p, out := printer{out: w.Stdout}, jsonLines(w.Stdout)
	for _, l := range lines {
		if c.JSON {
			p.err = errors.Join(p.err, out.Encode(l))
			continue
		}
		p.printf("%s\n", strings.Join(reasons(l), "\n"))
	}
	return p.err
}

// because is the score, the routes, the choice, the meeting and the end.
func (r *record) because() ([]any, error) {
	out := []any{receipt{rehearse.Score(r.State.Score)}}
	routes, err := r.routes()
	if err != nil {
		return nil, err
	}
	out = append(out, routes...)
	session := rehearse.Session{Conversation: r.State}
	for _, l := range session.Facts(dialogue.Conversation{Score: r.State.Score, Offers: r.State.Offers}, nil) {
		out = append(out, l)
	}
	return out, nil
}

// routes asks each route again on the conversation as it was when the lead was last given away.
func (r *record) routes() ([]any, error) {
	last := -1
	for i, e := range r.journal {
		if _, ok := e.Input.(dialogue.Assigned); ok {
			last = i
		}
	}
	if last < 0 {
		return nil, nil
	}
	then, err := r.machine.Replay(r.journal[:last])
	if err != nil {
		return nil, err
	}
	scope := r.machine.Scope(then, r.journal[last].At)
	chosen := r.journal[last].Input.(dialogue.Assigned)
	var out []any
	for i, route := range r.workspace.Roster.Routes {
		holds, err := route.If.Holds(scope)
		if err != nil {
			return nil, err
		}
		t := tried{Type: "tried", Route: i + 1, To: route.To, Holds: holds, Taken: i == chosen.Route}
		if route.If != nil {
			t.If = route.If.Source
		}
		out = append(out, t)
	}
	return out, nil
}

// reasons is a line of why for people.
func reasons(line any) []string {
	switch l := line.(type) {
	case tried:
		mark := "does not hold"
		switch {
		case l.Taken:
			mark = "taken"
		case l.Holds:
			mark = "holds, but was not taken"
		}
		return []string{"route " + number(float64(l.Route)) + " to " + l.To + ": " + mark + condition(l.If)}
	}
	return words(line.(rehearse.Line))
}

func condition(source string) string {
	if source == "" {
		return ""
	}
	return " (" + source + ")"
}

package terminal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/bot/rehearse"
	"usher/bot/routing"
)

// WhyCommand says why a lead has this score and this rep.
type WhyCommand struct {
	Lead     string `arg:"" help:"The conversation's id, as logs and lead cards show it; or the person's id, e-mail address or name."`
	Database string `placeholder:"URL" env:"USHER_DATABASE,DATABASE_URL" help:"sqlite:FILE or postgres://…; by default what serve uses."`
	JSON     bool   `name:"json" help:"One object a line, as JSON."`
}

// Help teaches.
func (WhyCommand) Help() string {
	return `The score rule by rule, the routes from the top with what held when the lead was given away, and each rep: why the lead went to
them or not, as it was written down then, and what would have had to differ. Then what became of the lead, and the meeting.

  usher why 7hq2c0
  usher why priya@bigco.example
  usher why 7hq2c0 --json | jq -c 'select(.type=="rep" and (.taken|not))' `
}

// tried is one route as it stood when the lead was given away.
type tried struct {
	Type  string `json:"type"`
	Route int    `json:"route"` // from 1
	If    string `json:"if,omitempty"`
	To    string `json:"to"`
	Holds bool   `json:"holds"`
	Taken bool   `json:"taken"`
	Waits bool   `json:"waits,omitempty"` // the lead waits there
}

// nobody is a lead that no rep was asked to take.
type nobody struct {
	Type    string `json:"type"`
	Because string `json:"because"`
}

// Run explains.
func (c *WhyCommand) Run(ctx context.Context, w *World) error {
	r, given, err := c.read(ctx, w)
	if err != nil {
		return err
	}
	lines := withoutWords(given)
	if r != nil {
		if lines, err = r.because(given); err != nil {
			return err
		}
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

// withoutWords is why a lead of no conversation has its rep, as it was written down.
func withoutWords(given []bot.LedgerLine) (out []any) {
	trace := decided(given).Trace
	for _, v := range trace {
		if v.Rep != "" {
			out = append(out, repVerdict{"rep", v.Route + 1, v})
		}
	}
	for _, l := range given {
		out = append(out, turned{"ledger", l.At, l.Rep, l.Kind, l.Leads, l.Because})
	}
	return out
}

// read reads the conversation and its lines of the ledger; r is nil for a lead that came without one and was routed.
func (c *WhyCommand) read(ctx context.Context, w *World) (r *record, given []bot.LedgerLine, err error) {
	memory, err := w.OpenMemory(ctx, c.Database)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, memory.Close()) }()
	id, err := conversationOf(ctx, memory, c.Lead)
	if err != nil {
		return nil, nil, err
	}
	if given, err = c.routed(ctx, memory, id); err != nil || len(given) > 0 {
		return nil, given, err
	}
	q := MemoryQuery{Conversation: id, Database: c.Database}
	if r, err = q.from(ctx, w, memory); err != nil {
		return nil, nil, err
	}
	given, err = memory.Ledger(ctx, bot.LedgerQuery{Conversation: id})
	return r, given, err
}

// routed is the ledger's lines of a person whom the routes gave to somebody before they talked, if it is none of a conversation.
func (c *WhyCommand) routed(ctx context.Context, memory Memory, id string) ([]bot.LedgerLine, error) {
	if _, err := memory.Load(ctx, id); !errors.Is(err, bot.ErrNotFound) {
		return nil, err
	}
	person, err := memory.FindPerson(ctx, id)
	if errors.Is(err, bot.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return memory.Ledger(ctx, bot.LedgerQuery{Conversation: person.ID})
}

// because is the score, the routes, the choice, what became of the lead, the meeting and the end.
func (r *record) because(given []bot.LedgerLine) ([]any, error) {
	out := []any{receipt{rehearse.Score(r.State.Score)}}
	routes, err := r.routes(decided(given))
	if err != nil {
		return nil, err
	}
	out = append(out, routes...)
	if len(routes) == 0 {
		out = append(out, nobody{"nobody", "the conversation came to no step that asks for a rep"})
	}
	for _, l := range given {
		out = append(out, turned{"ledger", l.At, l.Rep, l.Kind, l.Leads, l.Because})
	}
	session := rehearse.Session{Conversation: r.State}
	for _, l := range session.Facts(dialogue.Conversation{Score: r.State.Score, Offers: r.State.Offers}, nil) {
		out = append(out, l)
	}
	return out, nil
}

// routes are those of the roster as they stood when the lead was last given away or began to wait, each with its reps.
// What a route that was not asked would have said is asked now, on the conversation as it was then.
func (r *record) routes(given desk.Entry) ([]any, error) {
	last, chosen := -1, -1
	for i, e := range r.journal {
		switch in := e.Input.(type) {
		case dialogue.Assigned:
			last, chosen = i, in.Route
		case dialogue.Queued:
			if last, chosen = i, given.Route; len(given.Trace) == 0 {
				chosen = -1 // it waits since before the ledger told so
			}
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
	_, waits := r.journal[last].Input.(dialogue.Queued)
	trace := given.Trace
	out := repsOf(trace, -1)
	for i, route := range r.workspace.Roster.Routes {
		holds, told := held(trace, i)
		if !told {
			if holds, err = route.If.Holds(scope); err != nil {
				return nil, err
			}
		}
		t := tried{Type: "tried", Route: i + 1, To: route.To, Holds: holds, Taken: i == chosen && !waits, Waits: i == chosen && waits}
		if route.If != nil {
			t.If = route.If.Source
		}
		out = append(append(out, t), repsOf(trace, i)...)
	}
	return out, nil
}

// held says whether a route held, where the trace tells.
func held(trace []routing.Verdict, route int) (holds, told bool) {
	for _, v := range trace {
		switch {
		case v.Route != route:
		case v.Rep != "":
			return true, true
		case strings.HasPrefix(v.Because, routing.NotHolding):
			return false, true
		}
	}
	return false, false
}

// reasons is a line of why for people.
func reasons(line any) []string {
	switch l := line.(type) {
	case tried:
		mark := "does not hold"
		switch {
		case l.Taken:
			mark = "taken"
		case l.Waits:
			mark = "holds, and the lead waits there"
		case l.Holds:
			mark = "holds, but was not taken"
		}
		return []string{"route " + number(float64(l.Route)) + " to " + l.To + ": " + mark + condition(l.If)}
	case repVerdict:
		return []string{l.words()}
	case nobody:
		return []string{"nobody was asked to take this lead: " + l.Because}
	case turned:
		return []string{fmt.Sprintf("%s %s %s %+d: %s", stamp(l.At), cmp.Or(l.Rep, "nobody"), l.Kind, l.Leads, l.Because)}
	}
	return words(line.(rehearse.Line))
}

func condition(source string) string {
	if source == "" {
		return ""
	}
	return " (" + source + ")"
}

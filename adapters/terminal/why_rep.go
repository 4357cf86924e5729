package terminal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/routing"
)

// repVerdict is one rep as it stood when the lead was given away.
type repVerdict struct {
	Type  string `json:"type"`
	Route int    `json:"route"` // from 1; 0 = none
	routing.Verdict
}

// turned is what happened to the lead by the ledger.
type turned struct {
	Type    string    `json:"type"`
	At      time.Time `json:"at"`
	Rep     string    `json:"rep"`
	Kind    string    `json:"kind"`
	Leads   int       `json:"leads"`
	Because string    `json:"because"`
}

// conversationOf finds what is meant by a conversation's id, or a person's id, address or name: of several conversations the
// last one that somebody has.
func conversationOf(ctx context.Context, memory Memory, who string) (string, error) {
	_, err := memory.Load(ctx, who)
	if !errors.Is(err, bot.ErrNotFound) {
		return who, err
	}
	person, err := memory.FindPerson(ctx, who)
	if err == nil {
		all, err := memory.ConversationsOf(ctx, person.ID)
		if err != nil {
			return "", err
		}
		found := who
		for _, c := range all {
			if c.State.Assigned != nil || found == who {
				found = c.ID
			}
		}
		return found, nil
	}
	if !errors.Is(err, bot.ErrNotFound) {
		return "", err
	}
	lead, err := memory.FindLead(ctx, who)
	if errors.Is(err, bot.ErrNotFound) {
		return who, nil
	}
	return lead.Conversation, err
}

// decided is the line by which the routing last gave the lead to somebody.
func decided(lines []bot.LedgerLine) (last desk.Entry) {
	for _, l := range lines {
		if len(l.Trace) > 0 {
			last = l.Entry
		}
	}
	return last
}

// reps are the verdicts on reps of a route.
func repsOf(trace []routing.Verdict, route int) (out []any) {
	for _, v := range trace {
		if v.Rep != "" && v.Route == route {
			out = append(out, repVerdict{"rep", v.Route + 1, v})
		}
	}
	return out
}

func (v repVerdict) words() string {
	mark := "-"
	if v.Taken {
		mark = "*"
	}
	text := fmt.Sprintf("  %s %s: %s", mark, v.Rep, v.Because)
	if v.Need != "" {
		text += "; needs " + v.Need
	}
	return text
}

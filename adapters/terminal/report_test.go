package terminal_test

import (
	"context"
	"fmt"
	"time"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/flows"
	"usher/store"
)

// reported is a database in which people came for two months, the second more than the first.
func reported(ctx context.Context) (*store.DB, error) {
	s, err := store.Open(ctx, "sqlite:report.db", store.Options{})
	if err != nil {
		return nil, err
	}
	begun, err := s.Began(ctx, bot.Period{To: now.AddDate(1, 0, 0), Limit: 1})
	for i := 0; i < 100 && err == nil && len(begun) == 0; i++ {
		err = came(ctx, s, i, now.AddDate(0, 0, -58).Add(time.Duration(i*i)*8*time.Minute))
	}
	return s, err
}

// came is the i-th to come: every other answers and books with asha or ben, every fifth of these does not come.
func came(ctx context.Context, s *store.DB, i int, at time.Time) error {
	id, seconds := fmt.Sprint("c", i), time.Duration(i%10+1)*time.Second
	t := &bot.Turn{
		Conversation: bot.Conversation{ID: id, Visitor: "v" + id, State: dialogue.Conversation{Flow: "book-a-demo", Revision: "r1", Began: at}},
		Now:          at, Lead: &bot.Lead{ID: id, Conversation: id, UpdatedAt: at}, Journey: &bot.Journey{Path: "hello@0 goal@0", Wanted: i%2 == 0},
	}
	if err := s.Commit(ctx, t); err != nil {
		return err
	}
	p := bot.Person{
		ID: "p" + id, Grade: "cold", Stage: bot.StageVisitor, CreatedAt: at, UpdatedAt: at,
		First: bot.Source{UTM: map[string]string{"source": []string{"google", "news", "=cmd()"}[i%3]}, Page: "/", Channel: "web"},
	}
	person := bot.PersonTurn{Person: p, Folded: []bot.Folded{{Conversation: id}}}
	if i%2 == 0 {
		if err := books(ctx, s, t, i, at.Add(seconds)); err != nil {
			return err
		}
		person.Person.Grade, person.Person.Stage = "hot", bot.StageSAL
		person.Changes = []bot.Change{{Kind: bot.ChangedStage, To: bot.StageMQL, At: at}, {Kind: bot.ChangedStage, To: bot.StageSAL, At: at.Add(seconds)}}
	} else {
		t.Now, t.Conversation.State.End, t.Journey, t.Lead = at.Add(time.Hour), dialogue.Expired, &bot.Journey{}, nil
		if err := s.Commit(ctx, t); err != nil {
			return err
		}
	}
	return s.CommitPerson(ctx, person)
}

func books(ctx context.Context, s *store.DB, t *bot.Turn, i int, at time.Time) error {
	rep, ms := []string{"asha", "ben"}[i/2%2], at.Sub(t.Now).Milliseconds()
	since := fmt.Sprintf("%c%02d", "0123456789abcdefghijklmnopqrstuvwxyz"[ms/1296], 0) // seconds, roughly
	start := at.Add(24 * time.Hour)
	m := bot.Meeting{UID: fmt.Sprint("m", i), Conversation: t.Conversation.ID, Rep: rep, Start: start, End: start.Add(time.Minute), Status: bot.Confirmed}
	if i%10 == 0 {
		m.NoShow = m.Start.Add(time.Minute)
	}
	t.Now, t.Conversation.State.End, t.Meetings = at, flows.Qualified, []bot.Meeting{m}
	t.Lead = nil
	t.Journey = &bot.Journey{Path: " !" + since + " meet@" + since + " !" + since + " done@" + since, Met: true, Rep: rep, Team: "sales"}
	t.Ledger = []desk.Entry{{Team: "sales", Rep: rep, Kind: desk.AssignedLead, Leads: 1, Among: map[string]int{"asha": 1, "ben": 1}, At: at}}
	return s.Commit(ctx, t)
}

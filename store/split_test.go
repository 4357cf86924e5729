package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/store/fresh"
)

// TestASplitIsCountedAsPlainSQLCountsIt holds each figure of a split against a count of its own, as an analyst would
// write it.
func TestASplitIsCountedAsPlainSQLCountsIt(t *testing.T) {
	for name, database := range map[string]func() (url, driver, address string){
		"sqlite": func() (string, string, string) {
			url := fresh.SQLite(t)
			return url, "sqlite", strings.TrimPrefix(url, "sqlite:")
		},
		"postgresql": func() (string, string, string) {
			url := fresh.PostgreSQL(t)
			return url, "pgx", url
		},
	} {
		t.Run(name, func(t *testing.T) {
			url, driver, address := database()
			s := open(t, url)
			now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
			divide(t, s, now)
			db, err := sql.Open(driver, address)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			counts, err := s.SplitCounts(t.Context(), now)
			if err != nil || len(counts) != 3 {
				t.Fatal(counts, err)
			}
			for _, c := range counts {
				const held = "m.of = '' and m.status = 'confirmed' and m.no_show = 0 and m.end_at <= $NOW"
				for figure, query := range map[*int]string{
					&c.Visitors:      "select count(distinct visitor) from conversation c where $THIS",
					&c.Conversations: "select count(*) from conversation c where $THIS",
					&c.Qualified:     "select count(*) from conversation c where $THIS and ending = 'qualified'",
					&c.Booked:        "select count(*) from meeting m join conversation c on c.id = m.conversation where $THIS and m.of = '' and m.status in ('confirmed', 'cancelled')",
					&c.Held:          "select count(*) from meeting m join conversation c on c.id = m.conversation where $THIS and " + held,
					&c.Coming:        "select count(*) from meeting m join conversation c on c.id = m.conversation where $THIS and m.of = '' and m.status = 'confirmed' and m.end_at > $NOW",
					&c.Met:           "select count(distinct c.visitor) from meeting m join conversation c on c.id = m.conversation where $THIS and " + held,
				} {
					text := strings.ReplaceAll(query, "$THIS", fmt.Sprintf("c.split = '%s' and c.flow = '%s'", c.Split, c.Flow))
					text = strings.ReplaceAll(text, "$NOW", fmt.Sprint(now.UnixMicro()))
					var want int
					if err := db.QueryRowContext(t.Context(), text).Scan(&want); err != nil {
						t.Fatal(err)
					}
					if *figure != want {
						t.Errorf("%s/%s: %d, plain SQL says %d: %s", c.Split, c.Flow, *figure, want, text)
					}
				}
				if c.Held == 0 || c.Coming == 0 || c.Visitors == c.Conversations || c.Booked <= c.Held+c.Coming {
					t.Errorf("%+v: the test proves nothing", c)
				}
			}
		})
	}
}

// divide stores conversations of every kind around now.
func divide(t *testing.T, s bot.Store, now time.Time) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 300 {
		flow := []string{"demo", "short", "shortest", "plain"}[random.IntN(4)]
		turn := &bot.Turn{Now: now, Conversation: bot.Conversation{
			ID: fmt.Sprint("c", i), Site: "acme", Visitor: fmt.Sprint("v", random.IntN(150)),
			State: dialogue.Conversation{Flow: flow, Revision: "r1", End: []string{"", "qualified", "nurture"}[random.IntN(3)]},
		}}
		if flow != "plain" {
			turn.Conversation.Split = "demo"
		}
		for n := range random.IntN(3) {
			start := now.Add(time.Duration(random.IntN(2000)-1000) * time.Hour)
			m := bot.Meeting{
				UID: fmt.Sprint("m", i, ".", n), Conversation: turn.Conversation.ID, Visitor: turn.Conversation.Visitor, Rep: fmt.Sprint("rep", i, n),
				Start: start, End: start.Add(30 * time.Minute), Status: []string{bot.Confirmed, bot.Confirmed, bot.Cancelled, bot.Held}[random.IntN(4)],
			}
			if m.Status == bot.Held {
				m.Expires = now.Add(time.Hour)
			}
			if random.IntN(4) == 0 {
				m.With = fmt.Sprint("guest", i, n)
			}
			if random.IntN(5) == 0 && start.Before(now) {
				m.NoShow = start.Add(time.Hour)
			}
			turn.Meetings = append(turn.Meetings, m)
		}
		if err := s.Commit(context.Background(), turn); err != nil {
			t.Fatal(err)
		}
	}
}

package store_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"usher/bot"
)

func TestErasingRemovesNothingThatItHasNotSeen(t *testing.T) {
	t.Parallel()
	everyDatabase(t, func(t *testing.T, url string, _ *sql.DB) {
		s, ctx, now := open(t, url), context.Background(), time.Now()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		subject := bot.Subject{Conversations: []string{"conversation-of-theirs"}}
		erase := func(seen []bot.Record) error {
			return s.Erase(ctx, &bot.Erasure{Tombstone: bot.Tombstone{ID: "e1", At: now}, Subject: subject, Seen: seen}, bot.AuditLine{At: now})
		}
		seen := func() []bot.Record {
			rows, err := s.Records(ctx, subject)
			must(err)
			return rows
		}
		must(s.SaveLink(ctx, "card", "conversation-of-theirs", "C1 1"))
		must(s.Enqueue(ctx, bot.Job{ID: "j-conversation-of-theirs", Kind: "card", RunAt: now, State: bot.JobReady}))
		before := seen()
		for what, changes := range map[string]func() error{
			"a link came":    func() error { return s.SaveLink(ctx, "thread", "C1 1", "conversation-of-theirs") },
			"a link changed": func() error { return s.SaveLink(ctx, "card", "conversation-of-theirs", "C2 2") },
			"a job began": func() error {
				_, err := s.Claim(ctx, now, time.Minute, 9)
				return err
			},
		} {
			was := seen()
			must(changes())
			if err := erase(was); !errors.Is(err, bot.ErrStale) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if rows := seen(); len(rows) != len(before)+1 {
			t.Errorf("%d rows", len(rows))
		}
		if _, err := s.Erasure(ctx, "e1"); !errors.Is(err, bot.ErrNotFound) {
			t.Error(err)
		}
		must(erase(seen()))
		if rows := seen(); len(rows) > 0 {
			t.Errorf("%v", rows)
		}
	})
}

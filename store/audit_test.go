package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"usher/bot"
	"usher/store/fresh"
	"usher/store/pgtest"
)

// everyDatabase runs a test on both databases: with a store's URL, and with a hand in the database that is not the store's.
func everyDatabase(t *testing.T, test func(t *testing.T, url string, hand *sql.DB)) {
	t.Run("SQLite", func(t *testing.T) {
		url := fresh.SQLite(t)
		test(t, url, handIn(t, "sqlite", strings.TrimPrefix(url, "sqlite:")))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		url := pgtest.URL(t)
		test(t, url, handIn(t, "pgx", url))
	})
}

func handIn(t *testing.T, driver, at string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestTheAuditLogShowsTampering(t *testing.T) {
	t.Parallel()
	everyDatabase(t, func(t *testing.T, url string, hand *sql.DB) {
		s := open(t, url)
		ctx := context.Background()
		for i := range 5 {
			if err := s.Audit(ctx, bot.AuditLine{Who: "mira@office", What: bot.AuditExport, Whom: fmt.Sprint("p", i)}); err != nil {
				t.Fatal(err)
			}
		}
		head, err := s.AuditHead(ctx)
		if err != nil {
			t.Fatal(err)
		}
		kept := []bot.AuditHead{{N: head.N, Hash: head.Hash}}
		for _, c := range []struct {
			sentence, sql string
			heads         []bot.AuditHead
			line          int64
			says          string
		}{
			{"a changed line", "update audit set whom = 'other' where n = 3", nil, 3, "changed after it was written"},
			{"a changed line with a hash that fits", "update audit set hash = 'feed', whom = 'other' where n = 3", nil, 3, "changed"},
			{"a changed detail that is no JSON", "update audit set detail = '{' where n = 2", nil, 2, "changed"},
			{"a line taken out of the middle", "delete from audit where n = 3", nil, 3, "missing"},
			{"lines taken from the beginning", "delete from audit where n < 3", nil, 1, "removed"},
			{"lines cut off the end", "delete from audit where n > 3", kept, 4, "cut off"},
			{"all lines gone", "delete from audit", kept, 1, "cut off"},
		} {
			t.Run(c.sentence, func(t *testing.T) {
				if _, err := hand.Exec("drop table if exists kept"); err != nil {
					t.Fatal(err)
				}
				for _, text := range []string{"create table kept as select * from audit", c.sql} {
					if _, err := hand.Exec(text); err != nil {
						t.Fatal(err)
					}
				}
				_, err := bot.VerifyAudit(ctx, s, c.heads)
				var fault *bot.AuditFault
				if !errors.As(err, &fault) || fault.N != c.line || !strings.Contains(fault.Said, c.says) {
					t.Error(err)
				}
				for _, text := range []string{"delete from audit", "insert into audit select * from kept"} {
					if _, err := hand.Exec(text); err != nil {
						t.Fatal(err)
					}
				}
				if _, err := bot.VerifyAudit(ctx, s, kept); err != nil {
					t.Error(err)
				}
			})
		}
		t.Run("a log that ends as another one did is another one", func(t *testing.T) {
			_, err := bot.VerifyAudit(ctx, s, []bot.AuditHead{{N: 4, Hash: strings.Repeat("0", 64)}})
			var fault *bot.AuditFault
			if !errors.As(err, &fault) || fault.N != 4 {
				t.Error(err)
			}
		})
		t.Run("a log that was cut off and has grown as long again is another one", func(t *testing.T) {
			_, err := bot.VerifyAudit(ctx, s, append([]bot.AuditHead{{N: head.N, Hash: strings.Repeat("0", 64)}}, kept...))
			var fault *bot.AuditFault
			if !errors.As(err, &fault) || fault.N != head.N {
				t.Error(err)
			}
		})
	})
}

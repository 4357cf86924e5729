package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/bot"
	"usher/store"
)

// marker is a word that stands nowhere else: whatever has it is the erased person's.
const marker = "Zanzibarqux"

// impersonal are the tables in which no person is to be found. Every other table, also one of tomorrow, gets a row of the
// person's below, and keeps it unless erasing knows whose it is.
var impersonal = []string{
	"revision", "published", "share", "draw", "busy", "rep_state", "seat", "pulse", "goose_db_version",
	"audit", "erasure", "erased", "erasure_part", "api_key", "webhook",
}

// secret is the key of the house.
var secret = []byte("secret of the house")

var recipient = bot.RecipientOf(secret, "mira@zanzibarqux.example")

// The person's ids, and what must stand in columns that do not take any word.
var (
	theirs = map[string]string{
		"conversation": "c-of-the-person", "visitor": "v-of-the-person", "person": "p-of-the-person", "meeting": "m-of-the-person",
		"email": "mira@zanzibarqux.example", "attendee": "mira@zanzibarqux.example", "phone": "+4930Zanzibarqux",
		"conversation.id": "c-of-the-person", "visitor.id": "v-of-the-person", "person.id": "p-of-the-person",
		"meeting.uid": "m-of-the-person", "meeting.of": "", "person.forward": "", "person_change.of": "p-of-the-person",
		"lead.id": "c-of-the-person", "recipient": recipient, "recipient.hash": recipient, "api_request.made": "p-of-the-person",
	}
	fixed = map[string]string{
		"meeting.status": "confirmed", "meeting.day": "2026-11-24", "job.state": "dead", "person_key.kind": "visitor", "person_key.value": "v-of-the-person",
		"conversation.state": `{"answers":[{"field":"name","said":"Zanzibarqux"}]}`, "delivery.state": "dead",
		"meeting.with": "", "job.payload": `{"conversation":"c-of-the-person","detail":"Zanzibarqux"}`, "meeting.rep": "rep of-the-person", "link.value": "C1 1.1 Zanzibarqux", "link.key": "c-of-the-person 3",
		"ledger.team": "t", "ledger.rep": "r", "ledger.kind": "assigned", "ledger.queue": "q", "ledger.among": "{}", "ledger.without": "{}", "enrolment.state": "running",
		"recipient.suppressed_at": "0", "ledger.leads": "1", "journey.path": "", "journey.flow": "f", "journey.revision": "r",
		"journey.ending": "", "journey.rep": "r", "journey.team": "t",
		"visitor.data": `{"known":{"name":"Zanzibarqux"}}`,
	}
)

func TestErasingReachesEveryTable(t *testing.T) {
	t.Parallel()
	everyDatabase(t, func(t *testing.T, url string, hand *sql.DB) {
		s := open(t, url)
		tables := tablesOf(t, hand)
		for _, table := range slices.Sorted(maps.Keys(tables)) {
			if !slices.Contains(impersonal, table) {
				insertMarked(t, hand, table, tables[table])
			}
		}
		b := &bot.Bot{Store: s, Secret: secret, Vault: store.Vault{Folder: t.TempDir(), Key: []byte("key")}}
		ctx := context.Background()
		subject, err := b.Subject(ctx, "mira@ZANZIBARQUX.example")
		if err != nil {
			t.Fatal(err)
		}
		t.Run("everything is found from an address", func(t *testing.T) {
			if got := subject.IDs(); !slices.Equal(got, []string{"p-of-the-person", "c-of-the-person", "v-of-the-person", "m-of-the-person"}) {
				t.Error(got)
			}
			records, err := s.Records(ctx, subject)
			if err != nil {
				t.Fatal(err)
			}
			for table := range tables {
				there := slices.ContainsFunc(records, func(r bot.Record) bool { return r.Table == table })
				if there == slices.Contains(impersonal, table) {
					t.Errorf("%s: exported %v", table, there)
				}
			}
		})
		for _, table := range slices.Sorted(maps.Keys(tables)) {
			if !slices.Contains(impersonal, table) && table != "share" {
				insertOther(t, hand, table, tables[table])
			}
		}
		done, err := b.Erase(ctx, subject, "mira@office")
		if err != nil {
			t.Fatal(err)
		}
		t.Run("no table has a word of theirs", func(t *testing.T) {
			for table, columns := range tables {
				for _, c := range columns {
					var n int
					text := fmt.Sprintf(`select count(*) from %s where lower(cast("%s" as text)) like '%%%s%%' or cast("%[2]s" as text) like '%%-of-the-person%%'`, table, c.name, strings.ToLower(marker))
					if err := hand.QueryRow(text).Scan(&n); err != nil {
						t.Fatal(err)
					}
					if n > 0 && table != "audit" {
						t.Errorf("%s.%s has %d: say in holding.go whose its rows are", table, c.name, n)
					}
				}
			}
			if done.Rows < 10 {
				t.Errorf("%d rows", done.Rows)
			}
		})
		t.Run("another person's rows are all there", func(t *testing.T) {
			for table := range tables {
				if slices.Contains(impersonal, table) {
					continue
				}
				var n int
				if err := hand.QueryRow("select count(*) from " + table).Scan(&n); err != nil {
					t.Fatal(err)
				}
				more := map[string]int{"ledger": 1, "journey": 1, "job": 1}[table]
				if n != 1+more {
					t.Errorf("%s has %d rows", table, n)
				}
			}
		})
		if file, ok := strings.CutPrefix(url, "sqlite:"); ok { // PostgreSQL keeps its files itself
			t.Run("neither has the file, nor the log beside it", func(t *testing.T) {
				for _, name := range []string{file, file + "-wal"} {
					data, err := os.ReadFile(name)
					if err != nil && !errors.Is(err, os.ErrNotExist) {
						t.Fatal(err)
					}
					if bytes.Contains(bytes.ToLower(data), bytes.ToLower([]byte(marker))) {
						t.Errorf("%s has it", name)
					}
				}
			})
		}
		t.Run("a ledger's line stays, and does not say whom it was about", func(t *testing.T) {
			var n int
			if err := hand.QueryRow("select count(*) from ledger where conversation = '' and leads = 1").Scan(&n); err != nil || n != 1 {
				t.Error(n, err)
			}
		})
		t.Run("nobody is known any more but by the tombstone", func(t *testing.T) {
			if _, err := b.Subject(ctx, "mira@zanzibarqux.example"); !errors.Is(err, bot.ErrNotFound) {
				t.Error(err)
			}
			e, err := b.Erased(ctx, bot.ByEmail, "Mira@Zanzibarqux.example ")
			if err != nil || e.ID != done.ID || e.Who != "mira@office" {
				t.Error(e, err)
			}
			if _, err := b.Erased(ctx, bot.ByEmail, "somebody@else.example"); !errors.Is(err, bot.ErrNotFound) {
				t.Error(err)
			}
		})
		t.Run("a late turn does not bring them back", func(t *testing.T) {
			late := &bot.Turn{Conversation: bot.Conversation{ID: "new", Visitor: "v-of-the-person"}, Now: time.Now()}
			if err := s.Commit(ctx, late); !errors.Is(err, bot.ErrNotFound) {
				t.Error(err)
			}
			if err := s.SaveVisitor(ctx, bot.Visitor{ID: "v-of-the-person"}); !errors.Is(err, bot.ErrNotFound) {
				t.Error(err)
			}
		})
		t.Run("neither does a backup", func(t *testing.T) {
			for _, table := range []string{"erasure", "erased", "erasure_part"} {
				if _, err := hand.Exec("delete from " + table); err != nil {
					t.Fatal(err)
				}
			}
			for _, table := range []string{"conversation", "lead", "message"} {
				insertMarked(t, hand, table, tables[table])
			}
			if n, err := b.EraseAgain(ctx); err != nil || n != 1 {
				t.Error(n, err)
			}
			if _, err := b.Subject(ctx, "c-of-the-person"); !errors.Is(err, bot.ErrNotFound) {
				t.Error(err)
			}
			if n, err := b.EraseAgain(ctx); err != nil || n != 0 {
				t.Error(n, err)
			}
		})
	})
}

// made is a column of a table.
type made struct {
	name, kind string
}

// tablesOf reads the tables as they are, not as the program knows them.
func tablesOf(t *testing.T, hand *sql.DB) map[string][]made {
	t.Helper()
	text := `select m.name, c.name, c.type from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite!_%' escape '!'`
	if _, err := hand.Exec("select 1 from sqlite_master"); err != nil {
		text = `select table_name, column_name, data_type from information_schema.columns where table_schema = current_schema() and is_identity = 'NO'`
	}
	rows, err := hand.Query(text)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	tables := map[string][]made{}
	for rows.Next() {
		var table, name, kind string
		if err := rows.Scan(&table, &name, &kind); err != nil {
			t.Fatal(err)
		}
		tables[table] = append(tables[table], made{name, strings.ToLower(kind)})
	}
	if err := rows.Err(); err != nil || len(tables) < 20 {
		t.Fatal(len(tables), err)
	}
	return tables
}

// insertMarked adds a row with the marker in every column that takes one.
func insertMarked(t *testing.T, hand *sql.DB, table string, columns []made) {
	t.Helper()
	insert(t, hand, table, columns, "1", func(v string) string { return v })
}

// insertOther adds the same row of another person, with other words.
func insertOther(t *testing.T, hand *sql.DB, table string, columns []made) {
	t.Helper()
	insert(t, hand, table, columns, "7", strings.NewReplacer(
		"of-the-person", "of-another", "mira@zanzibarqux.example", "other@bigco.example", "+4930Zanzibarqux", "+491111111", marker, "Otherwise", recipient, "0ther"+recipient[5:]).Replace)
}

func insert(t *testing.T, hand *sql.DB, table string, columns []made, number string, word func(string) string) {
	t.Helper()
	var names, values []string
	for _, c := range columns {
		value, ok := fixed[table+"."+c.name]
		if !ok {
			value, ok = theirs[table+"."+c.name]
		}
		if !ok {
			value, ok = theirs[c.name]
		}
		switch {
		case ok:
			value = "'" + word(value) + "'"
		case c.kind == "text":
			value = "'" + word(marker) + "'"
		case c.kind == "blob":
			value = "x'0" + number + "'"
		case c.kind == "bytea":
			value = `'\x0` + number + `'`
		case c.name == "end_at" || c.name == "block_end":
			value = number + "9"
		default:
			value = number
		}
		names, values = append(names, `"`+c.name+`"`), append(values, value)
	}
	text := fmt.Sprintf("insert into %s (%s) values (%s)", table, strings.Join(names, ", "), strings.Join(values, ", "))
	if _, err := hand.Exec(text); err != nil {
		t.Fatalf("%s: say in fixed what its columns take: %v\n%s", table, err, text)
	}
}

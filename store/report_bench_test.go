package store

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"usher/bot"
)

// million is how many conversations the reports are measured on.
const million = 1_000_000

// BenchmarkReports reads every report over a year of a million conversations, where nothing is of an earlier time.
func BenchmarkReports(b *testing.B) {
	for name, url := range map[string]string{"postgres": durable(b).URL("postgres"), "sqlite": filepath.Join(b.TempDir(), "usher.db")} {
		d := opened(b, url)
		from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		fill(b, d, from, million)
		q := bot.ReportQuery{From: from, To: from.AddDate(1, 0, 0), Now: from.AddDate(0, 11, 0)}
		for _, r := range []struct {
			name string
			run  func(context.Context, bot.ReportQuery) (int, error)
		}{
			{"funnel", lengthOf(d.Funnel)},
			{"leads-by-source", lengthOf(by(d.LeadCounts, bot.BySource))},
			{"leads-by-month", lengthOf(by(d.LeadCounts, bot.ByMonth))},
			{"velocity", lengthOf(func(ctx context.Context, q bot.ReportQuery) ([]bot.VelocityMonth, error) {
				return bot.Velocity(ctx, d, q)
			})},
			{"meetings", lengthOf(d.MeetingCounts)},
			{"speed-by-hour", lengthOf(by(d.Speeds, bot.ByHour))},
			{"fairness", lengthOf(d.FairShares)},
			{"summary", lengthOf(func(ctx context.Context, q bot.ReportQuery) ([]bot.Figure, error) { return bot.Summary(ctx, d, q) })},
		} {
			b.Run(name+"/"+r.name, func(b *testing.B) {
				for b.Loop() {
					if n, err := r.run(context.Background(), q); err != nil || n == 0 {
						b.Fatal(n, err)
					}
				}
				b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/report")
			})
		}
	}
}

// by runs a report told apart so.
func by[T any](report func(context.Context, bot.ReportQuery) ([]T, error), what string) func(context.Context, bot.ReportQuery) ([]T, error) {
	return func(ctx context.Context, q bot.ReportQuery) ([]T, error) {
		q.By = what
		return report(ctx, q)
	}
}

// lengthOf runs a report and says how many lines it has.
func lengthOf[T any](report func(context.Context, bot.ReportQuery) ([]T, error)) func(context.Context, bot.ReportQuery) (int, error) {
	return func(ctx context.Context, q bot.ReportQuery) (int, error) {
		lines, err := report(ctx, q)
		return len(lines), err
	}
}

// fill writes a year of so many conversations as their turns would: seven steps of two flows in two revisions, each of a
// person, a third of them wanting another, every third with a rep, every fifth with a meeting.
func fill(b *testing.B, d *DB, from time.Time, n int) {
	b.Helper()
	year := (365 * 24 * time.Hour).Microseconds()
	ms := func(i int) string { return fmt.Sprintf("(i * %d %% 97) * 1000 + %d", 7+i, i*40_000) }
	word := func(i int, step string, mark string) string {
		return "'" + step + mark + "' || " + base36(ms(i))
	}
	path := strings.Join([]string{
		word(0, "hello", "@"), word(0, "goal", "@"),
		`case when i % 10 > 0 then ` + word(1, "", "!") + ` || ' ' || ` + word(1, "size", "@") + ` else '' end`,
		`case when i % 10 > 1 then ` + word(2, "", "!") + ` || ' ' || ` + word(2, "mail", "@") + ` else '' end`,
		`case when i % 10 > 3 then ` + word(3, "", "!") + ` || ' ' || ` + word(3, "when", "@") + ` else '' end`,
		`case when i % 10 > 6 then ` + word(4, "", "!") + ` || ' ' || ` + word(4, "meet", "@") + ` || ' ' || ` + word(5, "", "!") + ` || ' ' || ` + word(5, "done", "@") + ` else '' end`,
	}, ` || ' ' || `)
	at := fmt.Sprintf("%d + i * %d", from.UnixMicro(), year/int64(n))
	series := fmt.Sprintf("with recursive s (i) as (select 1 union all select i + 1 from s where i < %d)", n)
	source := "s"
	if _, ok := d.engine.(*postgres); ok {
		series, source = "", fmt.Sprintf("generate_series(1::bigint, %d) as s (i)", n)
	}
	revision := strings.Repeat("0123456789abcdef", 4)
	for _, text := range []string{
		series + `
		insert into journey (conversation, flow, revision, began_at, ending, wanted_at, met_at, rep, team, path)
		select 'conversation-' || i, case when i % 3 = 0 then 'pricing' else 'book-a-demo' end, '` + revision + `' || (i % 2), ` + at + `,
		  case when i % 10 > 6 then 'qualified' when i % 10 > 4 then 'nurture' else 'lapsed' end,
		  case when i % 3 = 1 then ` + at + ` else 0 end, case when i % 6 = 1 then ` + at + ` + (i % 1009) * 1000000 else 0 end,
		  'rep' || (i % 20), 'team' || (i % 4), ` + path + `
		from ` + source,
		series + `
		insert into meeting (` + meetingColumns + `)
		select 'm' || i, 'conversation-' || i, 'v' || i, 'rep' || ((i / 5) % 20), ` + at + `, ` + at + ` + 1800000000, 0, ` + at + `, ` + at + ` + 1800000000,
		  case when i % 7 = 0 then 'cancelled' else 'confirmed' end, 0, 0, 'A meeting', 'https://meet.example', 'ada@acme.example', 'Ada', 'UTC', ` + at + `,
		  'en', '', 'book-a-demo/meet', 0, '2026-01-01', '', '', '', '', 0, '', case when i % 11 = 0 then ` + at + ` else 0 end, i % 2
		from ` + source + ` where i % 5 = 0`,
		series + `
		insert into prospect (person, created_at, source, campaign, page, industry, language, country, channel, grade, stage, mql_at, sal_at, sql_at, won_at)
		select 'p' || i, ` + at + `, 'source' || (i % 40), 'campaign' || (i % 200), '/page/' || (i % 500), 'industry' || (i % 12), 'en', 'IN', 'web',
		  case i % 3 when 0 then 'hot' when 1 then 'warm' else 'cold' end, 'visitor',
		  case when i % 4 = 0 then ` + at + ` else 0 end, case when i % 8 = 0 then ` + at + ` else 0 end,
		  case when i % 16 = 0 then ` + at + ` else 0 end, case when i % 64 = 0 then ` + at + ` else 0 end
		from ` + source,
		series + `
		insert into ledger (conversation, team, queue, rep, kind, route, because, leads, among, without, trace, at)
		select 'conversation-' || i, 'team' || (i % 4), '', 'rep' || (i % 20), 'assigned', 0, 'her turn', 1,
		  '{"asha":1,"ben":' || (1 + i % 5) || ',"cora":2}', case when i % 2 = 0 then '{"dan":1}' else '' end, '` + strings.Repeat("why ", 200) + `', ` + at + `
		from ` + source + ` where i % 3 = 0`,
		"analyze",
	} {
		if err := exec(d, text); err != nil {
			b.Fatal(err)
		}
	}
}

// exec runs one statement without the patience of a visitor.
func exec(d *DB, text string) (err error) {
	switch e := d.engine.(type) {
	case *postgres:
		_, err = e.pool.Exec(context.Background(), text)
	case *lite:
		_, err = e.writer.db.Exec(text)
	}
	return err
}

// base36 is SQL for up to four digits of a number below 36 to the fourth.
func base36(of string) string {
	var digits []string
	for _, power := range []int{46656, 1296, 36, 1} {
		digits = append(digits, fmt.Sprintf("substr('0123456789abcdefghijklmnopqrstuvwxyz', cast((%s) / %d %% 36 as integer) + 1, 1)", of, power))
	}
	return strings.Join(digits, " || ")
}

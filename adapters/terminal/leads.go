package terminal

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"usher/bot"
)

// LeadsCommand lists leads.
type LeadsCommand struct {
	Stage string `help:"Only those at this stage." placeholder:"STAGE"`
	Owner string `help:"Only those of this rep." placeholder:"REP"`
	Since string `help:"Only those that changed since then, like 2026-11-01." placeholder:"DATE"`
	Limit int    `help:"At most so many." default:"50"`
	CSV   bool   `name:"csv" help:"A table for spreadsheets, which usher import reads too."`
	HouseQuery
}

// Help teaches.
func (LeadsCommand) Help() string {
	return `The one that changed last comes first, with the score as it stands now. A visitor who said nothing yet is at the stage "visitor".

  usher leads --stage mql
  usher leads --owner asha --since 2026-11-01
  usher leads --csv --limit 100000 > leads.csv
  usher leads --json --limit 1000 | jq -r 'select(.grade=="hot") | .email'

The stages are ` + strings.Join(bot.Stages, ", ") + `.`
}

// leadsPage is how many are read at once.
const leadsPage = 500

// Run lists.
func (c *LeadsCommand) Run(ctx context.Context, w *World) error {
	q, err := c.query()
	if err != nil {
		return err
	}
	return c.open(ctx, w, func(b *bot.Bot) error {
		p, out, n := printer{out: w.Stdout}, jsonLines(w.Stdout), 0
		var table *csvWriter
		if c.CSV {
			table = newCSV(w.Stdout, leadColumns...)
		}
		for n < c.Limit {
			q.Limit = min(leadsPage, c.Limit-n)
			page, err := b.Store.ListPeople(ctx, q)
			if err != nil {
				return err
			}
			for _, person := range page {
				_, score, grade := person.At(w.Now())
				switch l := personLine(person, score, grade); {
				case c.CSV:
					table.row(l.cells()...)
					p.err = table.err
				case c.JSON:
					p.err = errors.Join(p.err, out.Encode(l))
				default:
					p.printf("%s\n", short(l))
				}
			}
			if n += len(page); len(page) < q.Limit || p.err != nil {
				break
			}
			q.After = &page[len(page)-1]
		}
		if c.CSV {
			return table.end()
		}
		if n == 0 && !c.JSON {
			p.printf("There are no such leads.\n")
		}
		return p.err
	})
}

func (c *LeadsCommand) query() (q bot.PeopleQuery, err error) {
	if err := knownStage("--stage", c.Stage); err != nil {
		return q, err
	}
	if c.JSON && c.CSV {
		return q, misuse("--json and --csv are two ways to print one list")
	}
	if c.Limit < 1 {
		return q, misuse("--limit %d is not a number of leads", c.Limit)
	}
	q = bot.PeopleQuery{Stage: c.Stage, Owner: c.Owner}
	if c.Since != "" {
		q.Since, err = instant("since", c.Since, time.UTC)
	}
	return q, err
}

// leadColumns are the columns of a table of leads.
var leadColumns = []string{
	"id", "name", "email", "phone", "company", "domain", "country", "language", "timezone", "stage", "reason", "owner", "team", "waiting",
	"score", "grade", "source", "campaign", "channel", "outbound", "created", "updated",
}

// cells are a lead in a row.
func (l leadLine) cells() []any {
	return []any{
		l.ID, l.Name, l.Email, l.Phone, l.Company, l.Domain, l.Country, l.Language, l.Timezone, l.Stage, l.Reason, l.Owner, l.Team, l.Waiting,
		l.Score, l.Grade, cmp.Or(l.First.UTM["source"], l.First.Referrer), l.First.UTM["campaign"], l.First.Channel, l.First.Outbound, l.Created, l.Updated,
	}
}

// knownStage refuses a stage that there is not; "" is any.
func knownStage(what, stage string) error {
	if stage != "" && !slices.Contains(bot.Stages, stage) {
		return misuse("%s %s: the stages are %s", what, stage, strings.Join(bot.Stages, ", "))
	}
	return nil
}

// short is a lead in a line.
func short(l leadLine) string {
	who := strings.Join(known(l.Name, cmp.Or(l.Email, l.Phone), l.Company), ", ")
	return strings.TrimRight(strings.Join([]string{
		stamp(l.Updated), label(l.Stage, 12), label(strings.TrimSpace(number(l.Score)+" "+l.Grade), 10), label(holder(l.Owner, l.Waiting), 12),
		cmp.Or(who, "a visitor "+l.ID),
	}, "  "), " ")
}

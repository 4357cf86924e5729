package terminal

import (
	"context"
	"errors"
	"strings"
	"time"

	"usher/bot"
	"usher/flows"
)

// ReportCommand counts what came of the conversations.
type ReportCommand struct {
	Name string `arg:"" optional:"" help:"velocity, leads, funnel, meetings, speed, fairness or split; without one, the main figures."`
	From string `placeholder:"TIME" help:"The first day or time, in the team's zone; 30 days ago, or as many months as the report is about."`
	To   string `placeholder:"TIME" help:"The day or time after the last."`
	By   string `placeholder:"WHAT" help:"What the lines are told apart by: source, campaign, page, industry, language, country, channel, month or quarter; rep, team or hour; revision."`
	Flow string `placeholder:"ID" help:"Of funnel: this flow alone."`
	CSV  bool   `name:"csv" help:"A table for spreadsheets."`
	PublisherQuery
	ServedPlace
}

// Help teaches.
func (ReportCommand) Help() string {
	return `Without a name: the main figures of the last 30 days, against the 30 before. Days, months and quarters are those of the
team's zone. No report names a person. A rate of fewer than 30 is marked with *: one more or less is three points.

  velocity   lead velocity rate: (qualified in the month - in the month before) / in the month before, where somebody
             is qualified once they first are MQL, or farther
  leads      people by the time they first were here: grades as of what they last said or saw, however far points have
             faded since, and how many came to MQL, SAL, SQL and won by now
  funnel     conversations by the time they began: who reached each step, answered it, left there, and how long each
             question takes (half of them, nine of ten)
  meetings   by the time they start: booked, held, no-show, cancelled, still to come, moved
  speed      from the visitor's wish for a person, or the moment the flow gave them one, to the first words of a person
             or a booked meeting
  fairness   what each rep had of the leads shared out, against what was due by weight while they could have them
  split      the flows of a split against each other

  usher report
  usher report leads --by campaign --from 2026-10-01 --to 2027-01-01
  usher report funnel --flow book-a-demo --by revision
  usher report meetings --by rep --csv > meetings.csv
  usher report speed --by hour --json | jq 'select(.wanted > 30)'`
}

// Run counts and prints.
func (c *ReportCommand) Run(ctx context.Context, w *World) error {
	if c.JSON && c.CSV {
		return misuse("--json and --csv are two ways to print one report")
	}
	return c.open(ctx, w, false, func(db Publisher) error {
		ws, where, err := c.served(ctx, w, db)
		if err != nil {
			return err
		}
		q, err := c.query(w.Now(), zoneOf(ws))
		if err != nil {
			return err
		}
		name := first(c.Name, bot.ReportSummary)
		lines, err := bot.RunReport(ctx, db, name, q)
		if errors.Is(err, bot.ErrNoReport) || errors.Is(err, bot.ErrNoBy) || errors.Is(err, bot.ErrNoFlow) {
			return misuse("%v%s", err, reportsThere(err))
		}
		if err != nil {
			return err
		}
		if c.Flow != "" && len(lines) == 0 && ws.Flow(c.Flow) == nil { // one that was taken out has lines of its time
			return noSuch("flow", c.Flow, where, ids(ws))
		}
		return c.print(w, report{name, q, lines, ws})
	})
}

// reportsThere lists the reports for somebody who named none of them.
func reportsThere(err error) string {
	if !errors.Is(err, bot.ErrNoReport) {
		return ""
	}
	var names []string
	for _, k := range bot.ReportKinds[1:] {
		names = append(names, k.Name)
	}
	return "; there are " + strings.Join(names, ", ") + ", and the main figures without a name"
}

func (c *ReportCommand) query(now time.Time, zone *time.Location) (q bot.ReportQuery, err error) {
	q = bot.ReportQuery{Zone: zone, Now: now, By: c.By, Flow: c.Flow}
	q.From, q.To = c.usual(now.In(zone))
	if c.From != "" {
		if q.From, err = instant("from", c.From, zone); err != nil {
			return q, err
		}
	}
	if c.To != "" {
		if q.To, err = instant("to", c.To, zone); err != nil {
			return q, err
		}
	}
	if !q.From.Before(q.To) {
		return q, misuse("--to is not after --from")
	}
	return q, nil
}

// usual is the period of a report when none is named.
func (c *ReportCommand) usual(now time.Time) (from, to time.Time) {
	month := func(n int) time.Time {
		return time.Date(now.Year(), now.Month()+time.Month(n), 1, 0, 0, 0, 0, now.Location())
	}
	switch {
	case c.Name == bot.ReportVelocity:
		return month(-5), month(1)
	case c.Name == bot.ReportMeetings:
		return month(-2), month(1)
	case c.By == bot.ByMonth:
		return month(-11), month(1)
	case c.By == bot.ByQuarter:
		begun := (int(now.Month()) - 1) % 3 // months since the quarter began
		return month(-begun - 21), month(3 - begun)
	}
	return now.AddDate(0, 0, -30), now
}

// report is what is printed.
type report struct {
	name  string
	query bot.ReportQuery
	lines []any
	ws    *flows.Workspace // what is published, or else the example
}

func (c *ReportCommand) print(w *World, r report) error {
	switch {
	case c.JSON:
		return r.json(w)
	case c.CSV:
		return r.csv(w)
	}
	return r.text(w)
}

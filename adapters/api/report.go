package api

import (
	"context"
	"errors"
	"strings"
	"time"

	"usher/bot"
)

// usualDays is how far a report looks back where nobody says.
const usualDays = 30

type reportIn struct {
	Name string  `path:"name" enum:"summary,velocity,leads,funnel,meetings,speed,fairness,split" doc:"The report."`
	From Instant `query:"from" doc:"From then on (RFC 3339 with a zone); 30 days before the end by default."`
	To   Instant `query:"to" doc:"Up to then; now by default."`
	By   string  `query:"by" maxLength:"40" doc:"What the lines are told apart by, as usher report --help says."`
	Flow string  `query:"flow" maxLength:"100" doc:"Of funnel: this flow alone."`
}

// Report is what was counted. No line names a person.
type Report struct {
	Name     string    `json:"name"`
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	Timezone string    `json:"timezone" doc:"Whose days, months and quarters are meant: the team's."`
	Lines    []any     `json:"lines" nullable:"false" doc:"As usher report --json prints them."`
}

type reportOut struct{ Body Report }

func (s *Server) readReport(ctx context.Context, in *reportIn) (*reportOut, error) {
	w := s.LeadChanges.Workspace()
	q := bot.ReportQuery{From: in.From.Time, To: in.To.Time, Zone: time.UTC, Now: s.now(), By: in.By, Flow: in.Flow}
	if w.Roster != nil && w.Roster.Location != nil {
		q.Zone = w.Roster.Location
	}
	if q.To.IsZero() {
		q.To = q.Now
	}
	if q.From.IsZero() {
		q.From = q.To.AddDate(0, 0, -usualDays)
	}
	if !q.From.Before(q.To) {
		return nil, wrong("query.to", "is not after from", in.To)
	}
	lines, err := bot.RunReport(ctx, s.Reports, in.Name, q)
	switch {
	case errors.Is(err, bot.ErrNoReport):
		return nil, bot.ErrNotFound
	case errors.Is(err, bot.ErrNoBy):
		return nil, wrong("query.by", "cannot tell the lines of this report apart; there is: "+strings.Join(wordsOf(in.Name), ", "), in.By)
	case errors.Is(err, bot.ErrNoFlow):
		return nil, wrong("query.flow", bot.ErrNoFlow.Error(), in.Flow)
	case err != nil:
		return nil, err
	case in.Flow != "" && len(lines) == 0 && w.Flow(in.Flow) == nil: // one that was taken out has lines of its time
		return nil, wrong("query.flow", "there is no such flow", in.Flow)
	}
	if lines == nil {
		lines = []any{}
	}
	return &reportOut{Report{in.Name, q.From.UTC(), q.To.UTC(), q.Zone.String(), lines}}, nil
}

// wordsOf is what the lines of a report may be told apart by.
func wordsOf(name string) (words []string) {
	for _, k := range bot.ReportKinds {
		for _, by := range k.By {
			if k.Name == name && by != "" {
				words = append(words, by)
			}
		}
	}
	return words
}

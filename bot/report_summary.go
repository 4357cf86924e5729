package bot

import (
	"context"
)

// Figure is one of the main figures, in the period and in the one of the same length before it.
type Figure struct {
	Figure string  `json:"figure"` // FigureConversations …
	Now    float64 `json:"now"`
	Before float64 `json:"before"`
	Of     int     `json:"of,omitempty"`        // of a share: what it is a share of
	OfThen int     `json:"of_before,omitempty"` // likewise, before
	Few    bool    `json:"few"`                 // one of both is too small to compare
}

// The main figures.
const (
	FigureConversations = "conversations"       // that began
	FigureLeads         = "leads"               // people who first were here
	FigureMQL           = "mql"                 // people who came to be marketing qualified, or farther
	FigureSQL           = "sql"                 // likewise, qualified by sales
	FigureWon           = "won"                 // likewise
	FigureMeetings      = "meetings"            // that start in the period, without those cancelled
	FigureShow          = "show_rate"           // held, of those held or missed
	FigureSpeed         = "speed_seconds"       // median
	FigureFive          = "within_five_minutes" // a share
)

// Summary is the main figures.
func Summary(ctx context.Context, m Reports, q ReportQuery) ([]Figure, error) {
	then := q
	then.From, then.To = q.From.Add(q.From.Sub(q.To)), q.From
	now, err := momentOf(ctx, m, q)
	if err != nil {
		return nil, err
	}
	before, err := momentOf(ctx, m, then)
	if err != nil {
		return nil, err
	}
	var out []Figure
	for i, f := range now {
		b := before[i]
		f.Before, f.OfThen = b.Now, b.Of
		f.Few = f.Few || b.Few
		out = append(out, f)
	}
	return out, nil
}

// momentOf is the figures of one period, as those of now.
func momentOf(ctx context.Context, m Reports, q ReportQuery) ([]Figure, error) {
	totals, err := m.Totals(ctx, []Span{{From: q.From, To: q.To}})
	if err != nil {
		return nil, err
	}
	q.By = ByRep
	meetings, err := m.MeetingCounts(ctx, q)
	if err != nil {
		return nil, err
	}
	q.By = ""
	speeds, err := m.Speeds(ctx, q)
	if err != nil {
		return nil, err
	}
	var all MeetingCount
	for _, c := range meetings {
		all.Booked, all.Cancelled, all.Held, all.NoShow = all.Booked+c.Booked, all.Cancelled+c.Cancelled, all.Held+c.Held, all.NoShow+c.NoShow
	}
	var speed SpeedCount
	if len(speeds) > 0 {
		speed = speeds[0]
	}
	t := totals[0]
	count := func(name string, n int) Figure { return Figure{Figure: name, Now: float64(n), Few: n < FewCounted} }
	part := func(name string, r Rate) Figure { return Figure{Figure: name, Now: r.Share, Of: r.Of, Few: r.Few} }
	return []Figure{
		count(FigureConversations, t.Conversations), count(FigureLeads, t.Leads), count(FigureMQL, t.MQL), count(FigureSQL, t.SQL),
		count(FigureWon, t.Won), count(FigureMeetings, all.Booked-all.Cancelled), part(FigureShow, RateOf(all.Held, all.Held+all.NoShow)),
		{Figure: FigureSpeed, Now: speed.Median, Of: speed.Answered, Few: speed.Answered < FewCounted},
		part(FigureFive, RateOf(speed.Five, speed.Wanted)),
	}, nil
}

package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Errors of somebody who asks for a report.
var (
	ErrNoReport = errors.New("there is no such report")
	ErrNoBy     = errors.New("the report cannot be told apart so")
	ErrNoFlow   = errors.New("only the report funnel is told of one flow alone")
)

// Names of reports.
const (
	ReportSummary  = "summary"
	ReportVelocity = "velocity"
	ReportLeads    = "leads"
	ReportFunnel   = "funnel"
	ReportMeetings = "meetings"
	ReportSpeed    = "speed"
	ReportFairness = "fairness"
	ReportSplit    = "split"
)

// ReportKind is one of the reports.
type ReportKind struct {
	Name string
	By   []string // what its lines may be told apart by; what stands first is what they are by themselves
	Says string
}

// ReportKinds are the reports that there are.
var ReportKinds = []ReportKind{
	{ReportSummary, []string{""}, "the main figures, and those of as many days before"},
	{ReportVelocity, []string{ByMonth}, "people who came to be qualified, each month against the one before"},
	{ReportLeads, []string{BySource, ByCampaign, ByPage, ByIndustry, ByLanguage, ByCountry, ByChannel, ByMonth, ByQuarter}, "people who first were here then: grades, and how far they came by now"},
	{ReportFunnel, []string{"", ByRevision}, "conversations that began then, step by step"},
	{ReportMeetings, []string{"", ByRep, ByMonth}, "meetings that start then, by rep and month"},
	{ReportSpeed, []string{"", ByRep, ByTeam, ByHour}, "from the wish for a person to the first words of one, or a meeting"},
	{ReportFairness, []string{""}, "what each rep had of the leads shared out then, against what was due"},
	{ReportSplit, []string{""}, "the flows of a split against each other, over all time"},
}

// ReportMemory is what reports read.
type ReportMemory interface {
	Reports
	Splits
}

// RunReport gives the lines of a report; each marshals to an object of JSON with the same keys. Without By the lines are
// told apart as the report does it by itself. The error may be ErrNoReport, ErrNoBy or ErrNoFlow.
func RunReport(ctx context.Context, m ReportMemory, name string, q ReportQuery) ([]any, error) {
	i := slices.IndexFunc(ReportKinds, func(k ReportKind) bool { return k.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("report %q: %w", name, ErrNoReport)
	}
	kind := ReportKinds[i]
	if q.By == "" {
		q.By = kind.By[0]
	}
	if !slices.Contains(kind.By, q.By) {
		return nil, fmt.Errorf("report %s by %q: %w; there is: %s", name, q.By, ErrNoBy, strings.TrimSpace(strings.Join(kind.By, " ")))
	}
	if q.Flow != "" && name != ReportFunnel {
		return nil, fmt.Errorf("report %s of flow %q: %w", name, q.Flow, ErrNoFlow)
	}
	switch name {
	case ReportSummary:
		return lines(Summary(ctx, m, q))
	case ReportVelocity:
		return lines(Velocity(ctx, m, q))
	case ReportLeads:
		return lines(m.LeadCounts(ctx, q))
	case ReportFunnel:
		return lines(m.Funnel(ctx, q))
	case ReportMeetings:
		return lines(m.MeetingCounts(ctx, q))
	case ReportSpeed:
		return lines(m.Speeds(ctx, q))
	case ReportFairness:
		return lines(m.FairShares(ctx, q))
	}
	return lines(splitLines(ctx, m, q))
}

func lines[T any](from []T, err error) ([]any, error) {
	out := make([]any, len(from))
	for i, l := range from {
		out[i] = l
	}
	return out, err
}

// Velocity is the lead velocity rate of each month that the period touches; the months are whole.
func Velocity(ctx context.Context, m Reports, q ReportQuery) ([]VelocityMonth, error) {
	months := q.WholeMonths()
	totals, err := m.Totals(ctx, months)
	if err != nil || len(totals) < 2 {
		return nil, err
	}
	var out []VelocityMonth
	for i, s := range months[1:] {
		out = append(out, velocityOf(s, totals[i+1].MQL, totals[i].MQL, q.Now))
	}
	return out, nil
}

// velocityOf is the rate of a month with so many qualified, after one with so many.
func velocityOf(month Span, qualified, before int, now time.Time) VelocityMonth {
	v := VelocityMonth{Month: month.Name, Qualified: qualified, Before: before, Few: before < FewCounted, Running: now.Before(month.To)}
	if before > 0 {
		rate := float64(qualified-before) / float64(before)
		v.Rate = &rate
	}
	return v
}

// SplitLine is what came of one variant of a split, and how it compares with the split's first.
type SplitLine struct {
	Split         string  `json:"split"`
	Flow          string  `json:"flow"`
	Visitors      int     `json:"visitors"`
	Conversations int     `json:"conversations"`
	Qualified     int     `json:"qualified"`
	Booked        int     `json:"booked"`
	Held          int     `json:"held"`
	Coming        int     `json:"coming"`
	Met           int     `json:"met"`      // visitors with a meeting held
	MetRate       Rate    `json:"met_rate"` // of the visitors
	Against       string  `json:"against"`  // "" = it is the first itself
	Difference    float64 `json:"difference"`
	Low           float64 `json:"low"`
	High          float64 `json:"high"`
	Tells         bool    `json:"tells"` // the numbers are large enough to tell a difference
}

func splitLines(ctx context.Context, m Splits, q ReportQuery) (out []SplitLine, err error) {
	counts, err := m.SplitCounts(ctx, q.Now)
	for len(counts) > 0 {
		n := 1
		for n < len(counts) && counts[n].Split == counts[0].Split {
			n++
		}
		verdicts := Verdicts(counts[:n])
		for i, c := range counts[:n] {
			l := SplitLine{
				Split: c.Split, Flow: c.Flow, Visitors: c.Visitors, Conversations: c.Conversations, Qualified: c.Qualified,
				Booked: c.Booked, Held: c.Held, Coming: c.Coming, Met: c.Met, MetRate: RateOf(c.Met, c.Visitors),
			}
			if i > 0 {
				v := verdicts[i-1]
				l.Against, l.Difference, l.Low, l.High, l.Tells = v.Against, v.Difference, v.Low, v.High, v.Tells()
			}
			out = append(out, l)
		}
		counts = counts[n:]
	}
	return out, err
}

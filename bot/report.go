package bot

import (
	"context"
	"math"
	"time"
)

// FewCounted is how many a rate is to be of before it is taken for more than chance: with fewer, one more or less is
// three points.
const FewCounted = 30

// FirstFive is the answer that a lead is said to be worth most within.
const FirstFive = 5 * time.Minute

// ReportQuery says what a report is about. Days, months and quarters are those of the Zone.
type ReportQuery struct {
	From, To time.Time      // [From, To); what is counted by says at which of its instants
	Zone     *time.Location // nil = UTC
	Now      time.Time      // what a meeting is over, or still to come, by
	By       string         // what lines are told apart by: one of the report's own words, "" = its first
	Flow     string         // "" = every flow
}

// What the lines of a report may be told apart by.
const (
	BySource   = "source"
	ByCampaign = "campaign"
	ByPage     = "page"
	ByIndustry = "industry"
	ByLanguage = "language"
	ByCountry  = "country"
	ByChannel  = "channel"
	ByMonth    = "month"    // 2026-11
	ByQuarter  = "quarter"  // 2026-Q4
	ByRep      = "rep"      // id
	ByTeam     = "team"     // id
	ByHour     = "hour"     // 00 to 23
	ByRevision = "revision" // of a flow
)

// Reports counts. No line holds anything that tells of a person.
type Reports interface {
	// Funnel counts the conversations that began in the period step by step, in the order in which visitors reach the
	// steps; by revision, or all revisions of a flow together.
	Funnel(ctx context.Context, q ReportQuery) ([]FunnelStep, error)
	// MeetingCounts counts the meetings that start in the period, by rep, by month, or by "" for both.
	MeetingCounts(ctx context.Context, q ReportQuery) ([]MeetingCount, error)
	// Speeds measures how long those waited who came to want a person in the period, by rep, team, hour, or "" for all.
	Speeds(ctx context.Context, q ReportQuery) ([]SpeedCount, error)
}

// FunnelStep is what came of one step of a flow. Who reached it went on, ended there, left there or is still there.
type FunnelStep struct {
	Flow     string  `json:"flow"`
	Revision string  `json:"revision"` // "" = all of them
	Step     string  `json:"step"`
	Reached  int     `json:"reached"`        // conversations
	Answered int     `json:"answered"`       // the question, or with a meeting, or a person who joined
	Went     int     `json:"went"`           // on to another step, answered or not
	Ended    int     `json:"ended"`          // here, as the flow says
	Left     int     `json:"left"`           // here: the visitor stopped or fell silent
	Open     int     `json:"open"`           // still here
	Median   float64 `json:"median_seconds"` // from asked to answered, of those who answered
	P90      float64 `json:"p90_seconds"`
}

// MeetingCount counts meetings of a rep in a month. Each was booked, and was held, missed or cancelled, or is to come.
type MeetingCount struct {
	Rep       string  `json:"rep,omitempty"`
	Month     string  `json:"month,omitempty"` // of the start
	Booked    int     `json:"booked"`
	Held      int     `json:"held"` // over, and nobody said that the visitor did not come
	NoShow    int     `json:"no_show"`
	Cancelled int     `json:"cancelled"`
	Coming    int     `json:"coming"`
	Moved     int     `json:"moved"`     // of those booked: put at another time at least once
	ShowRate  float64 `json:"show_rate"` // held among held and missed
	Few       bool    `json:"few"`       // the rate is of fewer than FewCounted
}

// SpeedCount is how long visitors waited from their wish for a person, or from the moment the flow found that they
// should have one, to the first words of a person or a booked meeting.
type SpeedCount struct {
	Key      string  `json:"key"` // rep, team or hour; "" = all
	Wanted   int     `json:"wanted"`
	Answered int     `json:"answered"`
	Median   float64 `json:"median_seconds"` // of those answered
	P90      float64 `json:"p90_seconds"`
	Five     int     `json:"within_five_minutes"`
	FiveRate float64 `json:"within_five_minutes_rate"` // of those who wanted
	Few      bool    `json:"few"`                      // the rate is of fewer than FewCounted
}

// Share is a share of a whole, and whether the whole is too small for it to say much.
func Share(part, whole int) (rate float64, few bool) {
	if whole == 0 {
		return 0, true
	}
	return float64(part) / float64(whole), whole < FewCounted
}

// Quantile is the nearest rank of p among sorted values: the smallest that at least a share p of them does not exceed.
func Quantile[T int32 | int64 | float64](sorted []T, p float64) T {
	if len(sorted) == 0 {
		return 0
	}
	rank := int(math.Ceil(p*float64(len(sorted)) - 1e-9))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// zone is the query's.
func (q ReportQuery) zone() *time.Location {
	if q.Zone == nil {
		return time.UTC
	}
	return q.Zone
}

// Span is a named stretch of time, half open.
type Span struct {
	Name     string
	From, To time.Time
}

// Months are the months that the period touches, cut to it.
func (q ReportQuery) Months() []Span {
	return q.spans(1, func(t time.Time) string { return t.Format("2006-01") })
}

// Quarters are the quarters that the period touches, cut to it.
func (q ReportQuery) Quarters() []Span {
	return q.spans(3, func(t time.Time) string { return t.Format("2006-Q") + string(rune('0'+(int(t.Month())+2)/3)) })
}

// maxSpans bounds how many stretches a period is cut into: a century of months.
const maxSpans = 1200

func (q ReportQuery) spans(months int, name func(time.Time) string) (out []Span) {
	zone := q.zone()
	local := q.From.In(zone)
	first := time.Month((int(local.Month())-1)/months*months + 1)
	for i := 0; len(out) < maxSpans; i++ {
		start := time.Date(local.Year(), first+time.Month(i*months), 1, 0, 0, 0, 0, zone)
		end := time.Date(local.Year(), first+time.Month((i+1)*months), 1, 0, 0, 0, 0, zone)
		if !start.Before(q.To) {
			break
		}
		s := Span{Name: name(start), From: start, To: end}
		if s.From.Before(q.From) {
			s.From = q.From
		}
		if s.To.After(q.To) {
			s.To = q.To
		}
		out = append(out, s)
	}
	return out
}

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
	// LeadCounts counts the people who first were here in the period, by source, campaign, page, industry, language, country,
	// channel, month or quarter; by "" all of them in one line.
	LeadCounts(ctx context.Context, q ReportQuery) ([]LeadCount, error)
	// Totals counts what began, or was reached, in each of the spans.
	Totals(ctx context.Context, spans []Span) ([]Total, error)
	// MeetingCounts counts the meetings that start in the period, by rep, by month, or by "" for both.
	MeetingCounts(ctx context.Context, q ReportQuery) ([]MeetingCount, error)
	// FairShares tells of each team and queue what its reps had of the leads that were shared out in the period.
	FairShares(ctx context.Context, q ReportQuery) ([]FairShare, error)
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

// LeadCount is how far those came who first were here in the period: of all that became leads, how many were marketing
// qualified (MQL), accepted by sales (SAL), qualified by sales (SQL) and won, by now. Who came farther came so far too.
type LeadCount struct {
	Key     string         `json:"key"`    // what the lines are told apart by; "" = not known
	Leads   int            `json:"leads"`  // different people
	Grades  map[string]int `json:"grades"` // as they stand now; "" = none yet
	MQL     int            `json:"mql"`
	SAL     int            `json:"sal"`
	SQL     int            `json:"sql"`
	Won     int            `json:"won"`
	Lost    int            `json:"lost"`     // as they stand now
	MQLRate Rate           `json:"mql_rate"` // of the leads
	SALRate Rate           `json:"sal_rate"` // of the MQL
	SQLRate Rate           `json:"sql_rate"` // of the SAL
	WonRate Rate           `json:"won_rate"` // of the SQL
}

// Total is what came about in a span of time.
type Total struct {
	Conversations int // that began
	Leads         int // people who first were here
	MQL           int // people who first were so far
	SQL           int
	Won           int
}

// VelocityMonth is the lead velocity rate of a month: (qualified - before) / before.
type VelocityMonth struct {
	Month     string `json:"month"`
	Qualified int    `json:"qualified"` // people who first were MQL, or farther, in the month
	Before    int    `json:"before"`    // in the month before it
	// Rate is the growth over the month before: 0.25 is a quarter more. It is nil where there was nobody to grow from.
	Rate    *float64 `json:"rate"`
	Few     bool     `json:"few"`     // Before is less than FewCounted
	Running bool     `json:"running"` // the month is not over
}

// MeetingCount counts meetings of a rep in a month. Each was booked, and was held, missed or cancelled, or is to come.
type MeetingCount struct {
	Rep       string `json:"rep,omitempty"`
	Month     string `json:"month,omitempty"` // of the start
	Booked    int    `json:"booked"`
	Held      int    `json:"held"` // over, and nobody said that the visitor did not come
	NoShow    int    `json:"no_show"`
	Cancelled int    `json:"cancelled"`
	Coming    int    `json:"coming"`
	Moved     int    `json:"moved"`     // of those booked: put at another time at least once
	ShowRate  Rate   `json:"show_rate"` // held, of those held or missed
}

// FairShare is what a rep had of a queue's leads, against what was due by weight while the rep could have them.
type FairShare struct {
	Team       string  `json:"team"`
	Queue      string  `json:"queue"` // "" = all of the team's
	Rep        string  `json:"rep"`
	Got        int     `json:"got"`        // leads that went to the rep
	Gave       int     `json:"gave"`       // of these, leads that went on to another rep
	Counted    int     `json:"counted"`    // leads that count
	Target     float64 `json:"target"`     // of these, what was due
	Difference float64 `json:"difference"` // Counted less Target
	Missed     float64 `json:"missed"`     // would have been due while the rep could not have them
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
	FiveRate Rate    `json:"within_five_minutes_rate"` // of those who wanted
}

// Rate is a part of a whole.
type Rate struct {
	Share float64 `json:"share"` // 0 where the whole is nothing
	Of    int     `json:"of"`
	Few   bool    `json:"few"` // Of is less than FewCounted
}

// RateOf is the rate of a part.
func RateOf(part, whole int) Rate {
	r := Rate{Of: whole, Few: whole < FewCounted}
	if whole > 0 {
		r.Share = float64(part) / float64(whole)
	}
	return r
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

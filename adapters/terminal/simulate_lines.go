package terminal

import (
	"encoding/csv"
	"math"
	"strconv"
	"time"

	"usher/bot/rehearse"
)

// simulatedLine is one line of `simulate --json`; the members that a type does not have are left out.
type simulatedLine struct {
	Type     string   `json:"type"` // grade, end, step, rep, day, route, fairness, summary
	Run      string   `json:"run"`  // as_is, what_if
	WhatIf   []string `json:"what_if,omitempty"`
	Flow     string   `json:"flow,omitempty"`
	Step     string   `json:"step,omitempty"`
	Grade    *string  `json:"grade,omitempty"` // "" = the flow was left before it had one
	End      string   `json:"end,omitempty"`
	Rep      string   `json:"rep,omitempty"`
	Team     string   `json:"team,omitempty"`
	Assign   string   `json:"assign,omitempty"`
	Date     string   `json:"date,omitempty"`
	Route    *int     `json:"route,omitempty"`
	If       string   `json:"if,omitempty"`
	To       string   `json:"to,omitempty"`
	Count    *int     `json:"count,omitempty"`
	Reached  *int     `json:"reached,omitempty"`
	Left     *int     `json:"left,omitempty"`
	Share    *float64 `json:"share,omitempty"` // of all visitors; of a step of those who reached it
	Visitors *int     `json:"visitors,omitempty"`
	Leads    *int     `json:"leads,omitempty"`
	Meetings *int     `json:"meetings,omitempty"`
	Guest    *int     `json:"guest,omitempty"`
	Error    *float64 `json:"error,omitempty"` // in leads
	Reps     []shared `json:"reps,omitempty"`
	*totals
}

// shared is a rep's part of a team's leads.
type shared struct {
	Rep   string  `json:"rep"`
	Leads int     `json:"leads"`
	Share float64 `json:"share"` // leads that the weight would bring
}

// totals are the members of a summary.
type totals struct {
	From            string  `json:"from"`
	Seed            uint64  `json:"seed"`
	Ended           int     `json:"ended"`
	Open            int     `json:"open"`
	QuestionsMedian int     `json:"questions_median"`
	QuestionsP90    int     `json:"questions_p90"`
	Sought          int     `json:"sought"`
	NoTime          int     `json:"no_time"`
	NoTimeShare     float64 `json:"no_time_share"`
	WaitMedian      int     `json:"wait_hours_median"`
	WaitP90         int     `json:"wait_hours_p90"`
}

func (c *SimulateCommand) printJSON(w *World, s *rehearse.Simulation, runs []simulated) error {
	out := jsonLines(w.Stdout)
	for _, r := range runs {
		for _, l := range c.lines(s, r) {
			l.Run = r.Run
			if r.Run == "what_if" {
				l.WhatIf = c.WhatIf
			}
			if err := out.Encode(l); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *SimulateCommand) lines(s *rehearse.Simulation, r simulated) (out []simulatedLine) {
	for _, g := range r.Grades {
		out = append(out, simulatedLine{Type: "grade", Grade: &g.Name, Count: &g.Count, Share: rounded(share(g.Count, r.Visitors))})
	}
	for _, e := range r.Ends {
		out = append(out, simulatedLine{Type: "end", End: e.Name, Count: &e.Count, Share: rounded(share(e.Count, r.Visitors))})
	}
	for _, t := range r.Steps {
		out = append(out, simulatedLine{
			Type: "step", Flow: t.Flow, Step: t.Step, Reached: &t.Reached, Left: &t.Left, Share: rounded(share(t.Left, t.Reached)),
		})
	}
	for _, p := range r.Reps {
		out = append(out, simulatedLine{Type: "rep", Rep: p.Rep, Leads: &p.Leads, Meetings: &p.Meetings, Guest: &p.Guest})
	}
	for _, d := range r.Days {
		out = append(out, simulatedLine{Type: "day", Date: d.Date, Visitors: &d.Visitors, Leads: &d.Leads, Meetings: &d.Meetings})
	}
	for _, t := range r.Routes {
		out = append(out, simulatedLine{Type: "route", Route: &t.Route, If: t.If, To: t.To, Leads: &t.Leads})
	}
	for _, t := range r.Fairness {
		out = append(out, fairLine(t))
	}
	return append(out, c.total(s, r))
}

func fairLine(t rehearse.TeamFairness) simulatedLine {
	l := simulatedLine{Type: "fairness", Team: t.Team, Assign: t.Assign, Leads: &t.Leads, Error: rounded(t.Error)}
	for _, r := range t.Reps {
		l.Reps = append(l.Reps, shared{r.Rep, r.Leads, *rounded(r.Share)})
	}
	return l
}

func (c *SimulateCommand) total(s *rehearse.Simulation, r simulated) simulatedLine {
	return simulatedLine{Type: "summary", Visitors: &r.Visitors, Left: &r.Left, Leads: &r.Leads, Meetings: &r.Meetings, totals: &totals{
		From: s.From.In(zoneOf(s.Workspace)).Format(time.DateOnly), Seed: c.Seed, Ended: r.Ended, Open: r.Open,
		QuestionsMedian: r.Questions.Median, QuestionsP90: r.Questions.P90, Sought: r.Sought, NoTime: r.NoTime,
		NoTimeShare: *rounded(share(r.NoTime, r.Sought)), WaitMedian: r.Wait.Median, WaitP90: r.Wait.P90,
	}}
}

// rounded keeps four digits behind the point: more would be noise.
func rounded(f float64) *float64 {
	f = math.Round(f*10_000) / 10_000
	return &f
}

func (c *SimulateCommand) printCSV(w *World, _ *rehearse.Simulation, runs []simulated) error {
	out := csv.NewWriter(w.Stdout)
	if err := out.Write([]string{"run", "type", "name", "figure", "value"}); err != nil {
		return err
	}
	for _, r := range runs {
		for _, f := range figures(r.Outcome) {
			value := strconv.FormatFloat(*rounded(f.value), 'f', -1, 64)
			if err := out.Write([]string{r.Run, f.kind, spreadsheet(f.name), f.what, value}); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

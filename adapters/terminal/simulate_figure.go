package terminal

import (
	"cmp"
	"strings"

	"usher/bot/rehearse"
)

// figure is one number of a simulation: what the table has a row for.
type figure struct {
	kind  string // grade, end, step, rep, day, route, fairness, summary
	name  string
	what  string // count, reached, left, leads, meetings …
	value float64
}

// figures are all numbers of an outcome, in the order they are shown.
func figures(o *rehearse.Outcome) (all []figure) {
	add := func(kind, name, what string, value float64) { all = append(all, figure{kind, name, what, value}) }
	for _, f := range summaryFigures(o) {
		add("summary", "", f.what, f.value)
	}
	for _, g := range o.Grades {
		add("grade", cmp.Or(g.Name, "none"), "count", float64(g.Count))
	}
	for _, e := range o.Ends {
		add("end", e.Name, "count", float64(e.Count))
	}
	for _, s := range o.Steps {
		add("step", stepName(o, s), "reached", float64(s.Reached))
		add("step", stepName(o, s), "left", float64(s.Left))
	}
	for _, r := range o.Reps {
		add("rep", r.Rep, "leads", float64(r.Leads))
		add("rep", r.Rep, "meetings", float64(r.Meetings))
		add("rep", r.Rep, "guest", float64(r.Guest))
	}
	for _, d := range o.Days {
		add("day", d.Date, "visitors", float64(d.Visitors))
		add("day", d.Date, "leads", float64(d.Leads))
		add("day", d.Date, "meetings", float64(d.Meetings))
	}
	for _, r := range o.Routes {
		add("route", r.String(), "leads", float64(r.Leads))
	}
	for _, t := range o.Fairness {
		add("fairness", t.Team, "leads", float64(t.Leads))
		add("fairness", t.Team, "error", t.Error)
	}
	return all
}

func summaryFigures(o *rehearse.Outcome) []figure {
	return []figure{
		{what: "visitors", value: float64(o.Visitors)},
		{what: "ended", value: float64(o.Ended)},
		{what: "left", value: float64(o.Left)},
		{what: "open", value: float64(o.Open)},
		{what: "questions_median", value: float64(o.Questions.Median)},
		{what: "questions_p90", value: float64(o.Questions.P90)},
		{what: "leads", value: float64(o.Leads)},
		{what: "sought", value: float64(o.Sought)},
		{what: "no_time", value: float64(o.NoTime)},
		{what: "no_time_share", value: share(o.NoTime, o.Sought)},
		{what: "meetings", value: float64(o.Meetings)},
		{what: "wait_hours_median", value: float64(o.Wait.Median)},
		{what: "wait_hours_p90", value: float64(o.Wait.P90)},
	}
}

// stepName is the step's id, with its flow where there are several.
func stepName(o *rehearse.Outcome, s rehearse.StepCount) string {
	if o.Steps[0].Flow != o.Steps[len(o.Steps)-1].Flow {
		return s.Flow + "/" + s.Step
	}
	return s.Step
}

// share is part of all, from 0 to 1.
func share(part, all int) float64 {
	if all == 0 {
		return 0
	}
	return float64(part) / float64(all)
}

// spreadsheet is a text as a cell that no spreadsheet takes for a formula.
func spreadsheet(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return "'" + text
	}
	return text
}

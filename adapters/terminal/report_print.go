package terminal

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"usher/bot"
)

// page prints one report for people.
type page struct {
	*printer
	style
	report
	few bool // something was marked
}

func (r report) text(w *World) error {
	p := &page{printer: &printer{out: w.Stdout}, style: styleOf(w.Stdout), report: r}
	p.title()
	if len(r.lines) == 0 {
		p.printf("\n  Nothing yet.\n")
		return p.err
	}
	switch r.name {
	case bot.ReportVelocity:
		p.velocity()
	case bot.ReportLeads:
		p.leads()
	case bot.ReportFunnel:
		p.funnel()
	case bot.ReportMeetings:
		p.meetings()
	case bot.ReportSpeed:
		p.speed()
	case bot.ReportFairness:
		p.fairness()
	case bot.ReportSplit:
		p.split()
	default:
		p.summary()
	}
	if p.few {
		p.printf("\n  %s\n", p.faint(fmt.Sprintf("* of fewer than %d: one more or less is three points", bot.FewCounted)))
	}
	return p.err
}

var reportTitles = map[string]string{
	bot.ReportSummary:  "The main figures, against as many days before",
	bot.ReportVelocity: "Lead velocity rate: (qualified in the month - in the month before) / in the month before",
	bot.ReportLeads:    "Leads who first were here",
	bot.ReportFunnel:   "Conversations that began",
	bot.ReportMeetings: "Meetings that start",
	bot.ReportSpeed:    "Speed to lead: from the wish for a person to the first words of one, or a meeting",
	bot.ReportFairness: "Leads shared out, and what was due by weight",
	bot.ReportSplit:    "Splits, over all time",
}

func (p *page) title() {
	p.printf("%s\n", p.bold(reportTitles[p.name]))
	if p.name == bot.ReportSplit {
		return
	}
	zone := p.query.Zone
	p.printf("%s\n", p.faint(day(p.query.From.In(zone))+" to "+day(p.query.To.In(zone))+", "+zone.String()))
}

// line prints one without spaces at its end.
func (p *page) line(format string, args ...any) {
	p.printf("%s\n", strings.TrimRight(fmt.Sprintf(format, args...), " \n"))
}

// day is a day, with the time where one is meant.
func day(t time.Time) string {
	if t.Hour() == 0 && t.Minute() == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02 15:04")
}

// typed are the lines as what they are.
func typed[T any](lines []any) (out []T) {
	for _, l := range lines {
		out = append(out, l.(T))
	}
	return out
}

// greatest is the greatest of the lines.
func greatest[T any](lines []T, of func(T) int) float64 {
	n := 0
	for _, l := range lines {
		n = max(n, of(l))
	}
	return float64(n)
}

// rate is a share, marked where it is of few.
func (p *page) rate(r bot.Rate) string {
	if r.Of == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*r.Share) + p.mark(r.Few)
}

func (p *page) mark(few bool) string {
	if !few {
		return ""
	}
	p.few = true
	return "*"
}

func (p *page) velocity() {
	lines := typed[bot.VelocityMonth](p.lines)
	p.printf("\n  %-12s %-*s %9s\n", "month", barWidth, "", "qualified")
	for _, l := range lines {
		rate := "-"
		if l.Rate != nil {
			rate = minus(fmt.Sprintf("%+.1f %%", 100**l.Rate)) + p.mark(l.Few)
		}
		if l.Running {
			rate += "  so far"
		}
		p.printf("  %-12s %s %9d  %s\n", l.Month, p.bar(float64(l.Qualified), greatest(lines, func(l bot.VelocityMonth) int { return l.Qualified })), l.Qualified, rate)
	}
}

func (p *page) leads() {
	lines := typed[bot.LeadCount](p.lines)
	top := greatest(lines, func(l bot.LeadCount) int { return l.Leads })
	for _, l := range lines {
		p.printf("\n  %s %s %6d  %s\n", label(cmp.Or(l.Key, "not known"), 20), p.bar(float64(l.Leads), top), l.Leads, grades(l.Grades))
		p.printf("  %20s MQL %d (%s), SAL %d (%s), SQL %d (%s), won %d (%s), lost %d\n", "",
			l.MQL, p.rate(l.MQLRate), l.SAL, p.rate(l.SALRate), l.SQL, p.rate(l.SQLRate), l.Won, p.rate(l.WonRate), l.Lost)
	}
}

// grades are those that somebody has, the most frequent first.
func grades(counts map[string]int) string {
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	var out []string
	for _, name := range names {
		out = append(out, fmt.Sprint(cmp.Or(name, "no grade"), " ", counts[name]))
	}
	return strings.Join(out, ", ")
}

func (p *page) funnel() {
	lines := typed[bot.FunnelStep](p.lines)
	for len(lines) > 0 {
		n := 1
		for n < len(lines) && lines[n].Flow == lines[0].Flow && lines[n].Revision == lines[0].Revision {
			n++
		}
		p.flow(lines[:n])
		lines = lines[n:]
	}
}

// flow prints the steps of one funnel.
func (p *page) flow(steps []bot.FunnelStep) {
	name := steps[0].Flow
	if r := steps[0].Revision; r != "" {
		name += " at revision " + brief(r)
	}
	p.printf("\n%s\n  %-16s %-*s %7s %8s %6s %6s %7s %7s\n", p.bold(name), "step", barWidth, "", "reached", "answered", "left", "open", "half in", "90 % in")
	top := greatest(steps, func(s bot.FunnelStep) int { return s.Reached })
	for _, s := range steps {
		half, nine := "", ""
		if s.Answered > 0 {
			half, nine = took(s.Median), took(s.P90)
		}
		p.line("  %s %s %7d %8d %6d %6d %7s %7s\n", label(s.Step, 16), p.bar(float64(s.Reached), top), s.Reached, s.Answered, s.Left, s.Open, half, nine)
	}
	if missing := p.unreached(steps); len(missing) > 0 {
		p.printf("  nobody reached %s\n", strings.Join(missing, ", "))
	}
}

// unreached are the steps of the published flow at which nobody was. Steps that only branch are no places to be.
func (p *page) unreached(steps []bot.FunnelStep) (out []string) {
	if steps[0].Revision != "" && steps[0].Revision != p.ws.Revision {
		return nil
	}
	f := p.ws.Flow(steps[0].Flow)
	if f == nil {
		return nil
	}
	for _, s := range f.Steps {
		seen := slices.ContainsFunc(steps, func(l bot.FunnelStep) bool { return l.Step == s.ID })
		if silent := s.Ask == nil && s.Book == nil && s.Handoff == nil && s.End == nil && s.Say == nil; !seen && !silent {
			out = append(out, s.ID)
		}
	}
	return out
}

// took is a time that something took.
func took(seconds float64) string {
	switch d := time.Duration(seconds * float64(time.Second)); {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", seconds)
	case d < 2*time.Minute:
		return fmt.Sprintf("%.0f s", seconds)
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	case d < 48*time.Hour:
		return fmt.Sprintf("%.0f h", d.Hours())
	default:
		return fmt.Sprintf("%.0f d", d.Hours()/24)
	}
}

func (p *page) meetings() {
	lines := typed[bot.MeetingCount](p.lines)
	p.printf("\n  %-20s %-*s %6s %5s %7s %9s %6s %5s  %s\n", "", barWidth, "", "booked", "held", "no-show", "cancelled", "coming", "moved", "show rate")
	top := greatest(lines, func(l bot.MeetingCount) int { return l.Booked })
	for _, l := range lines {
		p.printf("  %s %s %6d %5d %7d %9d %6d %5d  %s\n", label(strings.TrimSpace(l.Month+" "+l.Rep), 20), p.bar(float64(l.Booked), top),
			l.Booked, l.Held, l.NoShow, l.Cancelled, l.Coming, l.Moved, p.rate(l.ShowRate))
	}
}

func (p *page) speed() {
	lines := typed[bot.SpeedCount](p.lines)
	p.printf("\n  %-20s %-*s %6s %8s %7s %7s  %s\n", "", barWidth, "", "wanted", "answered", "half in", "90 % in", "within 5 min")
	top := greatest(lines, func(l bot.SpeedCount) int { return l.Wanted })
	for _, l := range lines {
		half, nine := "-", "-"
		if l.Answered > 0 {
			half, nine = took(l.Median), took(l.P90)
		}
		name := cmp.Or(l.Key, "not known")
		if p.query.By == "" {
			name = "all"
		}
		p.printf("  %s %s %6d %8d %7s %7s  %d (%s)\n", label(name, 20), p.bar(float64(l.Wanted), top), l.Wanted, l.Answered, half, nine, l.Five, p.rate(l.FiveRate))
	}
}

func (p *page) fairness() {
	lines := typed[bot.FairShare](p.lines)
	top := greatest(lines, func(l bot.FairShare) int { return l.Counted })
	queue := ""
	for _, l := range lines {
		if of := strings.TrimSuffix(l.Team+": "+l.Queue, ": "); of != queue {
			queue = of
			p.printf("\n%s\n  %-20s %-*s %6s %8s %10s %4s %5s %7s\n", p.bold(of), "", barWidth, "", "counts", "due", "difference", "got", "gave", "missed")
		}
		p.printf("  %s %s %6d %8.1f %10s %4d %5d %7.1f\n", label(l.Rep, 20), p.bar(float64(l.Counted), top), l.Counted, l.Target, minus(fmt.Sprintf("%+.1f", l.Difference)), l.Got, l.Gave, l.Missed)
	}
}

// minus is a number with the sign that is as wide as a plus.
func minus(number string) string { return strings.Replace(number, "-", "\u2212", 1) }

func (p *page) split() {
	of := ""
	for _, l := range typed[bot.SplitLine](p.lines) {
		if l.Split != of {
			of = l.Split
			p.printf("\n%s\n", p.bold(of))
		}
		p.printf("  %s %s %d of %d visitors met somebody (%s)\n", label(l.Flow, 20), p.bar(l.MetRate.Share, 1), l.Met, l.Visitors, p.rate(l.MetRate))
	}
	p.printf("\n  usher split says what the differences are worth.\n")
}

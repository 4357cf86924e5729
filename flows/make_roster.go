package flows

import (
	"io/fs"
	"slices"
	"time"
)

// Bounds on a roster.
const (
	// MaxReps: one workspace is one sales floor; availability is computed for all of them at once.
	MaxReps = 500
	// MaxDaysOff is the most days of one run of holidays: longer is a slip in the year.
	MaxDaysOff = 366
	// maxLimit of meetings in a day or week: more than a person can hold.
	maxLimit = 1000
	// maxWeight of a rep: a share finer than a hundredth is not felt.
	maxWeight = 100
)

// rosterMaker makes the roster of what team.yaml says.
type rosterMaker struct {
	shape     *rosterShape
	files     fs.FS
	pinned    bool // the sources alone: calendars are not there
	languages []string
}

var defaultRules = MeetingRules{Buffer: DefaultBuffer, Notice: DefaultNotice, Horizon: DefaultHorizon, Every: DefaultEvery}

func (m *rosterMaker) roster() *Roster {
	s := m.shape
	r := &Roster{Hours: map[string]*Hours{}, Meeting: s.Meeting.over(defaultRules)}
	r.Timezone, r.Location = zone(s.Timezone)
	if r.Location == nil {
		r.Timezone, r.Location = "UTC", time.UTC
	}
	for _, row := range s.Hours.rows {
		r.Hours[row.name] = &Hours{Name: row.name, Week: row.value.days}
	}
	for _, h := range s.Holidays {
		r.Holidays = append(r.Holidays, daysOff(h)...)
	}
	r.Stale, r.Remind = s.Meeting.Stale.positive(DefaultStale), s.Meeting.reminders()
	m.reps(r)
	m.teams(r)
	m.accounts(r)
	r.Watch, r.Fallback.Slack = domains(s.Watch), s.Fallback.Slack.text
	return r
}

func daysOff(s scalar) (days []Date) {
	dates, ok := parseDates(s)
	if !ok {
		return nil
	}
	for d := dates.From; !dates.To.before(d); {
		if len(days) == MaxDaysOff {
			s.wrong("out-of-range", "look at the year", "%q is more than %d days", s.text, MaxDaysOff)
			return nil
		}
		days = append(days, d)
		next := time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, time.UTC)
		d = Date{next.Year(), next.Month(), next.Day()}
	}
	return days
}

// over is these rules where they are written, else the ones below.
func (s rulesShape) over(below MeetingRules) MeetingRules {
	return MeetingRules{
		Buffer: s.Buffer.or(below.Buffer), Notice: s.Notice.or(below.Notice),
		Horizon: s.Horizon.positive(below.Horizon), Every: s.Every.positive(below.Every),
	}
}

func (l lapse) or(unset time.Duration) time.Duration {
	if !l.set() {
		return unset
	}
	return l.value
}

// positive is a length of time that cannot be zero.
func (l lapse) positive(unset time.Duration) time.Duration {
	if l.set() && l.value == 0 && l.node.Value != "" {
		if _, ok := parseLapse(l.node.Value); ok {
			l.wrong("out-of-range", "", "this must be longer than nothing")
		}
		return unset
	}
	return l.or(unset)
}

func (m *rosterMaker) teams(r *Roster) {
	seen := map[string]bool{Owner: true, ToAccount: true}
	for _, rep := range r.Reps {
		seen[rep.ID] = true
	}
	for i := range m.shape.Teams {
		s := &m.shape.Teams[i]
		s.ID.id(seen, "team")
		t := &Team{ID: s.ID.text, Assign: AssignFair, Slack: s.Slack.text, Claim: s.Claim.positive(0), Languages: LanguagesPrefer, Place: s.place()}
		if s.Assign.text != "" {
			s.Assign.among("assign", AssignFair, AssignFirstFree, AssignInOrder, AssignLeastBusy)
			t.Assign = s.Assign.text
		}
		if s.Languages.text != "" {
			s.Languages.among("choice", LanguagesPrefer, LanguagesMatch, LanguagesIgnore)
			t.Languages = s.Languages.text
		}
		if s.Hours.set() {
			t.Hours = s.Hours.hours(r)
		}
		s.sharing(t)
		t.Reps = members(s, r)
		r.Teams = append(r.Teams, t)
	}
}

// sharing reads what counts for the team's fair shares.
func (s *teamShape) sharing(t *Team) {
	t.Counts, t.Credit, t.Queue, t.OwnerCounts = CountsAssigned, []string{CreditPassed}, QueueTeam, s.OwnerCounts.value
	if s.Counts.among("counts", CountsAssigned, CountsBooked, CountsHeld) {
		t.Counts = s.Counts.text
	}
	if s.Queue.among("queue", QueueTeam, QueueRoute) {
		t.Queue = s.Queue.text
	}
	if !s.has("credit") {
		return
	}
	t.Credit = nil
	for _, w := range s.Credit {
		if w.among("credit", CreditNoShow, CreditCancelled, CreditPassed) && !slices.Contains(t.Credit, w.text) {
			t.Credit = append(t.Credit, w.text)
		}
	}
}

func members(s *teamShape, r *Roster) (reps []*Rep) {
	for _, w := range s.Reps {
		rep := r.Rep(w.text)
		switch {
		case w.text == "":
		case rep == nil:
			w.wrong("unknown-rep", didYouMean(w.text, r.repIDs()), "there is no rep %q", w.text)
		case slices.Contains(reps, rep):
			w.wrong("duplicate-id", "", "%q is in this team already", w.text)
		default:
			reps = append(reps, rep)
		}
	}
	if len(s.Reps) == 0 && s.ID.set() {
		s.ID.wrong("empty-team", "add a rep, or leave the team out", "the team %q has nobody", s.ID.text)
	}
	return reps
}

package flows

import (
	"regexp"
	"strings"
)

func (m *rosterMaker) reps(r *Roster) {
	s := m.shape
	if len(s.Reps) > MaxReps {
		s.Reps[MaxReps].wrong("too-large", "", "there are more than %d reps", MaxReps)
		s.Reps = s.Reps[:MaxReps]
	}
	seen := map[string]bool{Owner: true, ToAccount: true}
	for i := range s.Reps {
		shape := &s.Reps[i]
		shape.ID.id(seen, "rep")
		r.Reps = append(r.Reps, m.rep(shape, r))
	}
}

func (m *rosterMaker) rep(s *repShape, r *Roster) *Rep {
	rep := &Rep{
		ID: s.ID.text, Name: s.Name.text, Title: s.Title.text, Email: s.Email.text, Picture: s.Picture.text,
		Slack: s.Slack.text, Place: s.Place.text, Weight: 1, At: s.place(),
	}
	if rep.Email != "" && !looksLikeEmail(rep.Email) {
		s.Email.wrong("bad-email", "", "%q is not an e-mail address", rep.Email)
	}
	s.Picture.https()
	if s.Weight.set() {
		rep.Weight = s.Weight.whole(1, maxWeight)
	}
	if s.Limits.Day.set() {
		rep.Limits.Day = s.Limits.Day.whole(1, maxLimit)
	}
	if s.Limits.Week.set() {
		rep.Limits.Week = s.Limits.Week.whole(1, maxLimit)
	}
	if s.Limits.Open.set() {
		rep.Limits.Open = s.Limits.Open.whole(1, maxLimit)
	}
	for _, l := range s.Languages {
		rep.Languages = append(rep.Languages, l.language())
	}
	for _, a := range s.Away {
		if dates, ok := parseDates(a); ok {
			rep.Away = append(rep.Away, dates)
		}
	}
	m.repZone(s, rep, r)
	rep.Hours = m.repHours(s, r)
	rep.Calendars = m.calendars(s)
	rep.Dates = dayHours(s)
	rep.Travel = stays(s.Travel)
	return rep
}

func (m *rosterMaker) repZone(s *repShape, rep *Rep, r *Roster) {
	rep.Timezone, rep.Location = zone(s.Timezone)
	if rep.Location != nil {
		return
	}
	if !s.Timezone.set() && !m.shape.Timezone.set() {
		s.ID.wrong("no-timezone", "add timezone: Asia/Kolkata to the rep or to team.yaml", "the hours of %s have no time zone", rep.ID)
	}
	rep.Timezone, rep.Location = r.Timezone, r.Location
}

// officeHours are kept where nothing else is written: everybody's guess.
var officeHours = &Hours{Name: "default", Week: [7][]Span{1: {{540, 1020}}, 2: {{540, 1020}}, 3: {{540, 1020}}, 4: {{540, 1020}}, 5: {{540, 1020}}}}

func (m *rosterMaker) repHours(s *repShape, r *Roster) *Hours {
	if s.Hours.set() {
		if hours := s.Hours.hours(r); hours != nil {
			return hours
		}
		return officeHours
	}
	if len(m.shape.Hours.rows) == 1 {
		return r.Hours[m.shape.Hours.rows[0].name]
	}
	s.ID.doubt("no-hours", "add hours: a name from `hours`", "%s has no hours; Monday to Friday 09:00-17:00 is taken", s.ID.text)
	return officeHours
}

// hours is what a reference means; nil when there are no such hours.
func (h hoursRef) hours(r *Roster) *Hours {
	if h.week.set() {
		return &Hours{Week: h.week.days}
	}
	if h.name == "" {
		return nil
	}
	hours := r.Hours[h.name]
	if hours == nil {
		h.wrong("unknown-hours", didYouMean(h.name, sortedKeys(r.Hours)), "there are no hours called %q", h.name)
	}
	return hours
}

var emailPattern = regexp.MustCompile(`^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$`)

func looksLikeEmail(s string) bool { return emailPattern.MatchString(s) }

// https reports an address that is not https.
func (w word) https() {
	if w.text != "" && !strings.HasPrefix(w.text, "https://") {
		w.wrong("bad-address", "", "%q is not an https address", w.text)
	}
}

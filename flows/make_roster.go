package flows

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
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

var defaultRules = MeetingRules{Buffer: 10 * time.Minute, Notice: 2 * time.Hour, Horizon: 14 * 24 * time.Hour, Every: 30 * time.Minute}

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
	m.reps(r)
	m.teams(r)
	return r
}

// zone reads an IANA zone; nil when it is not written or not known.
func zone(w word) (string, *time.Location) {
	if w.text == "" {
		return "", nil
	}
	location, err := time.LoadLocation(w.text)
	if err != nil || w.text == "Local" {
		w.wrong("unknown-timezone", didYouMeanZone(w.text), "there is no time zone %q", w.text)
		return "", nil
	}
	return w.text, location
}

// commonZones are those that slips are compared with: the zones of the largest cities.
var commonZones = []string{
	"UTC", "Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Rome", "Europe/Amsterdam",
	"Europe/Zurich", "Europe/Vienna", "Europe/Warsaw", "Europe/Istanbul", "Africa/Lagos", "Africa/Cairo",
	"Africa/Johannesburg", "Africa/Nairobi", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata", "Asia/Dhaka", "Asia/Kathmandu",
	"Asia/Colombo", "Asia/Bangkok", "Asia/Jakarta", "Asia/Singapore", "Asia/Hong_Kong", "Asia/Shanghai", "Asia/Tokyo",
	"Asia/Seoul", "Asia/Manila", "Australia/Sydney", "Australia/Perth", "Pacific/Auckland", "America/New_York",
	"America/Chicago", "America/Denver", "America/Los_Angeles", "America/Toronto", "America/Mexico_City",
	"America/Sao_Paulo", "America/Bogota", "America/Argentina/Buenos_Aires",
}

func didYouMeanZone(written string) string {
	if best := closest(written, commonZones); best != "" {
		return didYouMean(written, commonZones)
	}
	return "write its IANA name: Asia/Kolkata"
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

func (m *rosterMaker) reps(r *Roster) {
	s := m.shape
	if len(s.Reps) > MaxReps {
		s.Reps[MaxReps].wrong("too-large", "", "there are more than %d reps", MaxReps)
		s.Reps = s.Reps[:MaxReps]
	}
	seen := map[string]bool{Owner: true}
	for i := range s.Reps {
		shape := &s.Reps[i]
		shape.ID.id(seen, "rep")
		r.Reps = append(r.Reps, m.rep(shape, r))
	}
}

var idPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,62}$`)

// id checks an id and that it is not taken.
func (w word) id(seen map[string]bool, what string) {
	switch {
	case w.text == "" && w.set() && w.node.Tag == "!!str":
		w.wrong("bad-id", "", "the %s has an empty id", what)
	case w.text == "":
	case !idPattern.MatchString(w.text):
		w.wrong("bad-id", "use a-z, 0-9, _ and -, at most 63", "%q cannot be an id", w.text)
	case seen[w.text]:
		w.wrong("duplicate-id", "", "the id %q is taken", w.text)
	}
	seen[w.text] = true
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
	rep.Calendar = m.calendar(s)
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

var (
	emailPattern  = regexp.MustCompile(`^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$`)
	secretPattern = regexp.MustCompile(`^\$\{[A-Z][A-Z0-9_]*\}$`)
)

func looksLikeEmail(s string) bool { return emailPattern.MatchString(s) }

// https reports an address that is not https.
func (w word) https() {
	if w.text != "" && !strings.HasPrefix(w.text, "https://") {
		w.wrong("bad-address", "", "%q is not an https address", w.text)
	}
}

// isFeed says whether the address is one that is dialled. Plain HTTP is for this machine alone.
func isFeed(s string) bool {
	for _, prefix := range []string{"https://", "webcal://", "http://127.0.0.1", "http://localhost", "http://[::1]"} {
		if strings.HasPrefix(s, prefix) {
			return true
		}
	}
	return false
}

func (m *rosterMaker) calendar(s *repShape) Calendar {
	c := s.Calendar
	switch {
	case !c.set():
		s.ID.doubt("no-calendar", "add calendar: a file, an https feed or a CalDAV address", "%s has no calendar; only meetings booked here count as busy", s.ID.text)
	case c.caldav.set():
		return c.caldav.calendar()
	case strings.Contains(c.address.text, "://"):
		if !isFeed(c.address.text) {
			c.wrong("bad-address", "", "%q is neither an https nor a webcal address", c.address.text)
		}
		return Calendar{URL: c.address.text}
	case c.address.text != "":
		m.calendarFile(c)
		return Calendar{File: c.address.text}
	}
	return Calendar{}
}

func (m *rosterMaker) calendarFile(c calendarShape) {
	if !fs.ValidPath(c.address.text) {
		c.wrong("no-such-file", "write it as calendars/NAME.ics", "%q is not the name of a file in the workspace", c.address.text)
		return
	}
	if m.pinned {
		return
	}
	if _, err := fs.Stat(m.files, c.address.text); err != nil {
		c.wrong("no-such-file", m.nearFile(c.address.text), "there is no file %q in the workspace", c.address.text)
	}
}

func (m *rosterMaker) nearFile(name string) string {
	found, err := fs.Glob(m.files, "calendars/*.ics")
	if err != nil {
		return ""
	}
	return didYouMean(name, found)
}

func (s caldavShape) calendar() Calendar {
	if s.CalDAV.text != "" && !isFeed(s.CalDAV.text) {
		s.CalDAV.wrong("bad-address", "", "%q is not an https address", s.CalDAV.text)
	}
	if s.Password.text != "" && !secretPattern.MatchString(s.Password.text) {
		s.Password.wrong("secret-in-file", "write ${NAME}: it is read from the environment or from the file in NAME_FILE", "a password is never written in a file")
	}
	return Calendar{CalDAV: s.CalDAV.text, User: s.User.text, Password: s.Password.text}
}

func (m *rosterMaker) teams(r *Roster) {
	seen := map[string]bool{Owner: true}
	for _, rep := range r.Reps {
		seen[rep.ID] = true
	}
	for i := range m.shape.Teams {
		s := &m.shape.Teams[i]
		s.ID.id(seen, "team")
		t := &Team{ID: s.ID.text, Assign: AssignFair, Slack: s.Slack.text, Place: s.place()}
		if s.Assign.text != "" {
			s.Assign.among("assign", AssignFair, AssignFirstFree, AssignInOrder, AssignLeastBusy)
			t.Assign = s.Assign.text
		}
		if s.Hours.set() {
			t.Hours = s.Hours.hours(r)
		}
		t.Reps = members(s, r)
		r.Teams = append(r.Teams, t)
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

// among reports a word that is none of those allowed.
func (w word) among(what string, allowed ...string) bool {
	if w.text == "" || slices.Contains(allowed, w.text) {
		return w.text != ""
	}
	w.wrong("unknown-"+what, didYouMean(w.text, allowed), "there is no %s %q", what, w.text)
	return false
}

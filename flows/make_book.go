package flows

import (
	"slices"
	"strings"
)

// Bounds and defaults of a booking.
const (
	defaultMinutes = 30
	minMinutes     = 5
	maxMinutes     = 8 * 60
	defaultOffer   = 3
	maxOffer       = 10 // more times than that are a calendar, not an offer
	// maxWith: a time at which six people are free is hardly ever there.
	maxWith  = 5
	maxSeats = 1000
)

func (m *flowMaker) book(s *stepShape) *Book {
	b := s.Book
	if !b.set() {
		return nil
	}
	book := &Book{Minutes: defaultMinutes, Offer: defaultOffer, Title: m.heading(b.Title), Team: b.Team.text, Pooled: b.Pooled.value}
	if b.Minutes.set() {
		book.Minutes = b.Minutes.whole(minMinutes, maxMinutes)
	}
	if b.Offer.set() {
		book.Offer = b.Offer.whole(1, maxOffer)
	}
	if b.Seats.set() {
		book.Seats = b.Seats.whole(1, maxSeats)
	}
	rules := rulesShape{Buffer: b.Buffer, Notice: b.Notice, Horizon: b.Horizon, Every: b.Every}
	book.Rules = rules.over(m.roster.Meeting)
	m.served(s.key("book"), b.Team, "a meeting")
	m.pooled(b)
	book.With = m.with(b)
	book.Place = m.meetingPlace(b)
	book.Needs = m.needs(b, book.Place)
	return book
}

// pooled reports a pool of one. Without a team it is the one that the routes give.
func (m *flowMaker) pooled(b bookShape) {
	if b.Pooled.value && m.roster.Team(b.Team.text) == nil && m.roster.Rep(b.Team.text) != nil {
		b.key("pooled").wrong("no-team", "name a team", "pooled needs a team, and %q is a rep", b.Team.text)
	}
}

// with are the teams of which one rep each comes too.
func (m *flowMaker) with(b bookShape) (teams []string) {
	if len(b.With) > maxWith {
		b.With[maxWith].wrong("too-large", "", "at most %d reps come too", maxWith)
		b.With = b.With[:maxWith]
	}
	for _, w := range b.With {
		team := m.roster.Team(w.text)
		switch {
		case w.text == "":
		case team == nil && m.roster.Rep(w.text) != nil:
			w.wrong("unknown-team", "with names teams: put the rep into one", "%q is a rep, not a team", w.text)
		case team == nil:
			w.wrong("unknown-team", didYouMean(w.text, m.roster.teamIDs()), "there is no team %q", w.text)
		case slices.Contains(teams, w.text):
			w.wrong("duplicate-id", "write each once", "%q comes already", w.text)
		default:
			m.another(w, team, b.Team.text)
			teams = append(teams, w.text)
		}
	}
	return teams
}

// another reports a second rep who can only be the first one.
func (m *flowMaker) another(w word, team *Team, of string) {
	const hint = "add a rep to the team, or take it away"
	alone := func(id string) bool {
		hosts := m.hosts(id)
		return id != "" && len(hosts) == 1 && len(team.Reps) == 1 && hosts[0] == team.Reps[0]
	}
	if alone(of) {
		w.wrong("nobody-else", hint, "the only rep of %q has the meeting already", w.text)
	}
	if i := slices.IndexFunc(m.routed, alone); of == "" && i >= 0 {
		w.doubt("nobody-else", hint, "the only rep of %q has the meeting already where a route leads to %q", w.text, m.routed[i])
	}
}

// hosts are the reps who may have the meeting: those of the team or the rep, else everybody.
func (m *flowMaker) hosts(id string) []*Rep {
	if team := m.roster.Team(id); team != nil {
		return team.Reps
	}
	if rep := m.roster.Rep(id); rep != nil {
		return []*Rep{rep}
	}
	return m.roster.Reps
}

// meetingPlace is where the meeting is; what can never be made is doubted.
func (m *flowMaker) meetingPlace(b bookShape) string {
	switch place := b.Place.text; place {
	case "rep":
		return PlaceRep
	case PlaceGoogleMeet:
		m.linked(b, "google", "Google Meet", func(c Calendar) bool { return c.Google != "" })
	case PlaceTeams:
		m.linked(b, "microsoft", "Teams", func(c Calendar) bool { return c.Microsoft != "" })
	case "":
		if b.Place.set() {
			b.Place.doubt("odd-place", "leave it out, or name a place", "an empty place is none: the meeting is where its rep's meetings are")
		}
	case PlacePhone:
	default:
		if meant := nearPlace(place); meant != "" {
			b.Place.doubt("odd-place", didYouMean(meant, []string{meant}), "%q is read as the name of a place", place)
		}
	}
	return b.Place.text
}

// nearPlace is the kind of place that reads like this one but for its case, its signs, and a slip in four letters; "" where
// there is none.
func nearPlace(place string) string {
	plain := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(place))
	if len(plain) > 2*len(PlaceGoogleMeet) {
		return ""
	}
	for _, kind := range []string{"rep", PlacePhone, PlaceGoogleMeet, PlaceTeams} {
		if distance(plain, kind) <= len(kind)/4 {
			return kind
		}
	}
	return ""
}

// linked doubts a link that no rep's account can make.
func (m *flowMaker) linked(b bookShape, account, link string, has func(Calendar) bool) {
	able := func(r *Rep) bool { return slices.ContainsFunc(r.Calendars, has) }
	if hosts := m.hosts(b.Team.text); len(hosts) > 0 && !slices.ContainsFunc(hosts, able) {
		b.Place.doubt("no-account", "add calendar: { "+account+": ADDRESS } to them", "nobody who may have this meeting has a %s calendar, so no %s link can be made", account, link)
	}
}

// needs are the fields of an invitation: the address always is one of them, the number where the visitor is called.
func (m *flowMaker) needs(b bookShape, place string) []*Field {
	needs := []*Field{}
	for _, w := range b.Needs {
		f := m.vocabulary.fields[w.text]
		switch {
		case w.text == "":
		case f == nil:
			w.wrong("unknown-field", didYouMean(w.text, m.fieldNames()), "there is no field %q", w.text)
		case !slices.Contains(needs, f):
			needs = append(needs, f)
		}
	}
	if phone := m.vocabulary.fields["phone"]; place == PlacePhone && !slices.Contains(needs, phone) {
		needs = append(needs, phone)
	}
	if email := m.vocabulary.fields["email"]; !slices.Contains(needs, email) {
		needs = append(needs, email)
	}
	return needs
}

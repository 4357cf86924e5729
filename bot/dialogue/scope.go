package dialogue

import (
	"sync"
	"time"

	"usher/bot/answer"
	"usher/flows"
)

// Scope is what conditions and texts may name in the conversation at that time.
func (m *Machine) Scope(c Conversation, now time.Time) *flows.Scope {
	loc := location(c.Timezone)
	s := &flows.Scope{
		Score: c.Score.Score, Grade: c.Score.Grade, Parts: c.Score.Parts,
		Booked:   c.Meeting != nil,
		Joined:   c.Met || c.Joined != nil,
		Owner:    c.Visit.Owner,
		Language: c.Language,
		Channel:  c.Channel,
		Now:      now.In(loc),
		Visits:   c.Visit.Visits,
		Page:     c.Visit.Page,
		Referrer: c.Visit.Referrer,
		UTM:      c.Visit.UTM,
		Roster:   m.workspace.Roster,
		Show:     answer.Show,
	}
	if len(c.Answers) > 0 {
		s.Values = make(map[string]flows.Value, len(c.Answers)+1)
		for i := range c.Answers {
			s.Values[c.Answers[i].Field] = c.Answers[i].Value
		}
	}
	m.locate(s, &c)
	if len(c.Visit.Pages) > 0 {
		s.Pages = make([]string, len(c.Visit.Pages))
		for i, p := range c.Visit.Pages {
			s.Pages[i] = p.Path
		}
	}
	if c.Assigned != nil {
		s.Rep = m.rep(c.Assigned.Rep)
	}
	if c.Meeting != nil {
		s.Rep = m.rep(c.Meeting.Rep)
		s.Meeting = meetingScope(c.Meeting, s)
	}
	return s
}

// locate lets routes name the country that a flow does not ask for: it is where the visitor most likely is. A flow that
// declares `country` asks, and until the answer nothing is known.
func (m *Machine) locate(s *flows.Scope, c *Conversation) {
	if m.asksCountry || s.Values["country"].Known() {
		return
	}
	where := c.country()
	if where == "" {
		return
	}
	if s.Values == nil {
		s.Values = make(map[string]flows.Value, 1)
	}
	s.Values["country"] = flows.Value{Type: flows.TypeCountry, Text: where}
}

func (m *Machine) rep(id string) *flows.Rep {
	if m.workspace.Roster == nil {
		return nil
	}
	return m.workspace.Roster.Rep(id)
}

func meetingScope(meeting *Meeting, s *flows.Scope) *flows.MeetingScope {
	day, clock := answer.ShowTime(meeting.Start.In(s.Now.Location()), s.Language)
	out := &flows.MeetingScope{
		Starts:  day + ", " + clock,
		Day:     day,
		Time:    clock,
		Minutes: int(meeting.End.Sub(meeting.Start) / time.Minute),
	}
	out.Place = meeting.Place
	if meeting.Step == "" && s.Rep != nil {
		out.Place = s.Rep.Place // booked before meetings kept their place
	}
	return out
}

// zones remembers the zones that were read: there are some hundred names, and reading one costs more than a turn.
var zones sync.Map

// location is the zone of that name, or UTC. The program's own zone ("Local") is nobody's.
func location(name string) *time.Location {
	if name == "" || name == "Local" || name == "UTC" {
		return time.UTC
	}
	if loc, ok := zones.Load(name); ok {
		return loc.(*time.Location)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	zones.Store(name, loc)
	return loc
}

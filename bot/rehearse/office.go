package rehearse

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/bot/slots"
	"usher/flows"
)

// office is the reps of a simulation: what their calendars and meetings leave free, and who had which lead. It is used
// by one goroutine.
type office struct {
	ws      *flows.Workspace
	agenda  desk.Agenda
	days    map[string]map[string]int // kind → day → meetings, for seats
	kept    map[string][]taken        // rep → meetings and holds
	version map[string]int            // rep → grows with every change
	lists   map[freeKey]*freeList
	there   map[string]presence
	open    map[int]string     // visitor → the rep whose lead they are, while they talk: reps are done with a lead when its conversation is
	week    int64              // since when meetings count
	all     map[string][]taken // every meeting, where they are gathered: for tests
	plain   bool               // times are worked out anew each time: for tests
}

// taken is a meeting or a hold of somebody.
type taken struct {
	visitor int
	held    bool
	start   time.Time
	blocked slots.Interval
	kind    string
}

// always is when calendars of a simulation were read: their age is not what is tried.
var always = time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)

// newOffice reads the calendars from one time to another. What cannot be read is told in unread.
func newOffice(ws *flows.Workspace, busy func(*flows.Rep, time.Time, time.Time) ([]slots.Interval, error), from, to time.Time) (o *office, unread map[string]error) {
	o = &office{
		ws: ws, days: map[string]map[string]int{}, kept: map[string][]taken{}, version: map[string]int{}, lists: map[freeKey]*freeList{}, there: map[string]presence{}, open: map[int]string{},
		agenda: desk.Agenda{
			Busy: map[string][]slots.Interval{}, Read: map[string]time.Time{}, Blocked: map[string][]slots.Interval{},
			Booked: map[string][]time.Time{}, Shares: desk.Shares{},
		},
	}
	unread = map[string]error{}
	for _, rep := range ws.Roster.Reps {
		if busy == nil || len(rep.Calendars) == 0 {
			o.agenda.Read[rep.ID] = always
			continue
		}
		read, err := busy(rep, from, to)
		if err != nil {
			unread[rep.ID] = err
			continue
		}
		o.agenda.Busy[rep.ID], o.agenda.Read[rep.ID] = read, always
	}
	return o, unread
}

// desk answers for one turn of a visitor.
func (o *office) desk(visitor, turn int, now time.Time) *desk.Desk {
	o.forget(now)
	key := strconv.Itoa(visitor)
	d := &desk.Desk{Workspace: o.ws, Key: key, UID: key + "-" + strconv.Itoa(turn), Now: now, Free: o.free}
	if o.plain {
		d.Free = nil
	}
	d.Agenda = func(q desk.Query) (desk.Agenda, error) {
		a := o.agenda
		if q.Kind != "" {
			a.Seats = map[string]map[string]int{q.Kind: o.days[q.Kind]}
		}
		if len(q.Open) > 0 {
			a.Open = map[string]int{}
			for other, rep := range o.open {
				if other != visitor {
					a.Open[rep]++
				}
			}
		}
		return a, nil
	}
	return d
}

// leads keeps whose open lead a visitor is; one who is gone is nobody's.
func (o *office) leads(visitor int, c *dialogue.Conversation, gone bool) {
	if gone || c.Assigned == nil || !c.Open() {
		delete(o.open, visitor)
		return
	}
	o.open[visitor] = c.Assigned.Rep
}

// write keeps what an effect and its fact do to the meetings, and says when a hold ends.
func (o *office) write(visitor int, e dialogue.Effect, fact dialogue.Input) (until time.Time) {
	switch e := e.(type) {
	case dialogue.Hold:
		if held, ok := fact.(dialogue.Held); ok {
			o.put(taken{visitor: visitor, held: true, kind: e.Kind}, held.Slot, e.Rules)
			return held.Until
		}
	case dialogue.Book:
		if booked, ok := fact.(dialogue.Booked); ok {
			o.put(taken{visitor: visitor, kind: e.Kind}, booked.Slot, e.Rules)
			if o.all != nil {
				o.all[booked.Rep] = append(o.all[booked.Rep], taken{visitor: visitor, start: booked.Start})
			}
		}
	}
	return time.Time{}
}

func (o *office) put(t taken, s dialogue.Slot, rules flows.MeetingRules) {
	if rules == (flows.MeetingRules{}) {
		rules = o.ws.Roster.Meeting
	}
	t.start = s.Start
	t.blocked = slots.Interval{Start: s.Start.Add(-rules.Buffer), End: s.End.Add(rules.Buffer)}
	for _, rep := range append([]string{s.Rep}, strings.Fields(s.With)...) {
		o.kept[rep] = append(o.kept[rep], t)
		o.changed(rep)
	}
	if o.days[t.kind] == nil {
		o.days[t.kind] = map[string]int{}
	}
	o.days[t.kind][slots.Day(o.ws.Roster, s.Start)]++
}

// drop gives a visitor's hold of a time back; of one that is not held any more it does nothing.
func (o *office) drop(visitor int, s dialogue.Slot) {
	own := func(t taken) bool { return t.held && t.visitor == visitor && t.start.Equal(s.Start) }
	for i, rep := range append([]string{s.Rep}, strings.Fields(s.With)...) {
		at := slices.IndexFunc(o.kept[rep], own)
		if at < 0 {
			continue
		}
		if i == 0 {
			o.days[o.kept[rep][at].kind][slots.Day(o.ws.Roster, s.Start)]--
		}
		o.kept[rep] = slices.Delete(o.kept[rep], at, at+1)
		o.changed(rep)
	}
}

// changed lays out a rep's meetings anew.
func (o *office) changed(rep string) {
	o.version[rep]++
	blocked, booked := make([]slots.Interval, 0, len(o.kept[rep])), make([]time.Time, 0, len(o.kept[rep]))
	for _, t := range o.kept[rep] {
		blocked, booked = append(blocked, t.blocked), append(booked, t.start)
	}
	o.agenda.Blocked[rep], o.agenda.Booked[rep] = blocked, booked
}

// forget drops meetings before the ISO week: they count for no limit any more.
func (o *office) forget(now time.Time) {
	now = now.UTC()
	monday := time.Date(now.Year(), now.Month(), now.Day()-(int(now.Weekday())+6)%7-1, 0, 0, 0, 0, time.UTC)
	if monday.Unix() == o.week {
		return
	}
	o.week = monday.Unix()
	for rep, kept := range o.kept {
		o.kept[rep] = slices.DeleteFunc(kept, func(t taken) bool { return t.start.Before(monday) })
		o.changed(rep)
	}
}

// enter writes lines of the ledger into the shares.
func (o *office) enter(lines []desk.Entry) { o.agenda.Shares = desk.Enter(o.agenda.Shares, lines...) }

// joins is the rep of a team who can join a visitor in this minute: the first who is at work and neither in a meeting nor
// busy.
func (o *office) joins(team, assigned string, now time.Time) *flows.Rep {
	now = now.Truncate(time.Minute)
	for _, rep := range o.called(team, assigned) {
		known := o.there[rep.ID]
		if known.at != now || known.version != o.version[rep.ID] || o.plain {
			known = presence{now, o.version[rep.ID], o.present(rep, now)}
			o.there[rep.ID] = known
		}
		if known.free {
			return rep
		}
	}
	return nil
}

// presence is whether a rep could join somebody in a minute, while their meetings were those of a version.
type presence struct {
	at      time.Time
	version int
	free    bool
}

func (o *office) present(rep *flows.Rep, now time.Time) bool {
	_, free := slots.Why(slots.Request{
		Roster: o.ws.Roster, Rep: rep, Minutes: 1, Now: now, Guest: true,
		Busy: o.agenda.Busy[rep.ID], Blocked: o.agenda.Blocked[rep.ID],
		Rules: flows.MeetingRules{Horizon: time.Hour, Every: time.Minute},
	}, now)
	return free
}

// called is who is asked to join: a team, a rep, or who has the lead.
func (o *office) called(team, assigned string) []*flows.Rep {
	if t := o.ws.Roster.Team(team); t != nil {
		return t.Reps
	}
	if team == "" {
		team = assigned
	}
	if rep := o.ws.Roster.Rep(team); rep != nil {
		return []*flows.Rep{rep}
	}
	return nil
}

package dialogue

import (
	"slices"
	"strings"
	"time"

	"usher/flows"
)

// meet begins a booking: who gets the lead is asked first. Where a meeting stands, the flow goes on with it.
func (t *turn) meet(n *node) error {
	if t.c.Meeting != nil {
		return t.next(n)
	}
	t.leaveBooking()
	scope, err := t.view()
	if err != nil {
		return err
	}
	if err := t.shift(eventRoute, routing); err != nil {
		return err
	}
	t.c.WakeAt = time.Time{}
	team := n.Book.Team
	if t.c.Claimed != "" {
		team = t.c.Claimed // who claimed the lead meets the visitor too
	}
	t.do(Assign{Team: team, Minutes: n.minutes(), Rules: n.Book.Rules, Not: t.c.Passed, Scope: scope, Terms: t.terms(n)})
	return nil
}

// terms is what the step asks of a time beside its rules.
func (t *turn) terms(n *node) Terms {
	terms := Terms{With: n.Book.With, Kind: t.m.flow.ID + "/" + n.ID, Seats: n.Book.Seats}
	if t.c.Changing {
		terms.Instead = t.c.Meeting
	}
	return terms
}

// pool is the team whose times are offered together, or "" where they are those of one rep. Who claimed the lead meets
// the visitor, whoever else is in the team.
func (t *turn) pool(n *node) string {
	if n == nil || !n.Book.Pooled || t.c.Claimed != "" || t.c.Assigned == nil {
		return ""
	}
	return t.c.Assigned.Team
}

func (n *node) minutes() int {
	if n.Book.Minutes > 0 {
		return n.Book.Minutes
	}
	return flows.DefaultMinutes
}

func (n *node) offers() int {
	if n.Book.Offer > 0 {
		return min(n.Book.Offer, MaxOffers)
	}
	return DefaultOffer
}

// assigned takes who got the lead, and asks for times.
func (t *turn) assigned(in Assigned) error {
	if t.c.Moving != "" {
		return t.moved(in)
	}
	if t.at.phase != routing {
		return t.unexpected(in)
	}
	if in.Rep == "" {
		return t.unbooked()
	}
	if in.Rep != t.c.Claimed {
		t.c.Claimed, t.c.ClaimedAt = "", time.Time{}
	}
	t.c.Assigned, t.c.Waiting = &in.Assignment, nil
	t.changed()
	return t.find(t.c.Seeking, nil)
}

// choose books where all that the invitation needs is known; else the time is held while that is asked.
func (t *turn) choose(s Slot) error {
	if t.c.Changing && !t.movable() {
		t.speak(phrasesIn(t.c.Language).TooNear)
		return t.unbooked()
	}
	t.c.Chosen, t.c.Tries = &s, 0
	if t.missing() == nil {
		return t.book()
	}
	if err := t.shift(eventHold, holding); err != nil {
		return err
	}
	t.c.WakeAt = time.Time{}
	n := t.at.node
	t.do(Hold{Slot: s, Until: t.now.Add(HoldFor), Rules: n.Book.Rules, Terms: t.terms(n)})
	return nil
}

func (t *turn) book() error {
	n, s := t.at.node, *t.c.Chosen
	title, err := t.render(n.Book.Title)
	if err != nil {
		return err
	}
	rep := t.m.rep(s.Rep)
	if title = strings.Trim(title, dangling); title == "" {
		title = t.title(rep)
	}
	if err := t.shift(eventBook, booking); err != nil {
		return err
	}
	b := Book{Slot: s, Title: title, Rules: n.Book.Rules, Terms: t.terms(n)}
	b.Place, b.Made = t.place(n, s.Rep)
	t.c.WakeAt = time.Time{}
	t.do(b)
	return nil
}

// dangling is what a title is not to begin or end with: "{{ company }} × Acme" of an unknown company is "Acme".
const dangling = " ×–—-|:·"

// lead gives the lead to the rep whose time the visitor has.
func (t *turn) lead(rep string) {
	if rep == "" || t.c.ownedBy(rep) {
		return
	}
	a := *t.c.Assigned
	a.Rep, a.Because = rep, "the visitor chose a time of "+t.m.called(rep)
	t.c.Assigned = &a
	t.unclaim()
	t.changed()
}

// place is where a meeting of the step with the rep is, and by whom its place is made where it is made with the event.
func (t *turn) place(n *node, rep string) (place, made string) {
	where := flows.PlaceRep
	if n != nil {
		where = n.Book.Place
	}
	switch where {
	case flows.PlaceGoogleMeet, flows.PlaceTeams:
		return "", where
	case flows.PlacePhone:
		if a := t.c.answer("phone"); a != nil {
			return phrasesIn(t.c.Language).CallAt + " " + a.Value.Text, ""
		}
		return phrasesIn(t.c.Language).Call, ""
	case flows.PlaceRep:
		if r := t.m.rep(rep); r != nil {
			return r.Place, ""
		}
	}
	return where, ""
}

// title names a meeting by who meets, where the author names none.
func (t *turn) title(rep *flows.Rep) string {
	var who []string
	for _, field := range []string{"company", "name", "email"} {
		if a := t.c.answer(field); a != nil {
			who = append(who, a.Value.Text)
			break
		}
	}
	if rep != nil {
		who = append(who, rep.Name)
	}
	return strings.Join(who, " × ")
}

// booked takes the meeting; the flow goes on with it.
func (t *turn) booked(in Booked) error {
	if t.c.Meeting != nil {
		return t.rebooked(in)
	}
	if t.at.phase != booking {
		return t.unexpected(in)
	}
	n := t.at.node
	m := Meeting{UID: in.UID, Slot: in.Slot.instant(), Step: n.ID}
	t.lead(m.Rep)
	m.Place, _ = t.place(n, m.Rep)
	t.c.Meeting, t.c.Clashed, t.c.Moving = &m, nil, ""
	t.c.Meetings++
	t.c.Chosen, t.c.HeldUntil = nil, time.Time{}
	t.leaveBooking()
	t.changed()
	t.do(Notify{Event: NotifyBooked})
	return t.next(t.at.node)
}

// taken takes that somebody else has the time, and looks for others.
func (t *turn) taken(in Taken) error {
	if t.c.Moving != "" {
		return t.unexpected(in)
	}
	if t.at.phase != holding && t.at.phase != booking {
		return t.unexpected(in)
	}
	return t.lost(in.Slot.instant())
}

func (t *turn) lost(lost Slot) error {
	t.c.Refused = append(slices.Clip(t.c.Refused), lost)
	t.c.Offers = slices.DeleteFunc(slices.Clone(t.c.Offers), func(s Slot) bool { return s == lost })
	t.c.Chosen, t.c.HeldUntil = nil, time.Time{}
	return t.find(seekTaken, nil)
}

// unbooked goes on without a meeting.
func (t *turn) unbooked() error {
	if t.c.Seeking == seekClash {
		t.speak(phrasesIn(t.c.Language).ClashNone)
	}
	t.leaveBooking()
	return t.next(t.at.node)
}

// leaveBooking forgets times and gives a held one back.
func (t *turn) leaveBooking() {
	t.drop()
	t.c.Offers, t.c.Refused, t.c.Seeking, t.c.Changing = nil, nil, "", false
}

func (t *turn) drop() {
	if t.c.Chosen != nil {
		t.do(Drop{Slot: *t.c.Chosen})
	}
	t.c.Chosen, t.c.HeldUntil = nil, time.Time{}
}

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
	t.do(Assign{Team: team, Minutes: n.minutes(), Rules: n.Book.Rules, Not: t.c.Passed, Scope: scope})
	return nil
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
	t.c.Assigned = &in.Assignment
	t.changed()
	return t.find("", nil)
}

// choose books where all that the invitation needs is known; else the time is held while that is asked.
func (t *turn) choose(s Slot) error {
	t.c.Chosen, t.c.Tries = &s, 0
	if t.missing() == nil {
		return t.book()
	}
	if err := t.shift(eventHold, holding); err != nil {
		return err
	}
	t.c.WakeAt = time.Time{}
	t.do(Hold{Slot: s, Until: t.now.Add(HoldFor), Rules: t.at.node.Book.Rules})
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
	b := Book{Slot: s, Title: title, Rules: n.Book.Rules}
	if rep != nil {
		b.Place = rep.Place
	}
	t.c.WakeAt = time.Time{}
	t.do(b)
	return nil
}

// dangling is what a title is not to begin or end with: "{{ company }} × Acme" of an unknown company is "Acme".
const dangling = " ×–—-|:·"

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
	if t.at.phase != booking {
		return t.unexpected(in)
	}
	t.c.Meeting = &Meeting{UID: in.UID, Slot: in.Slot.instant()}
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
	lost := in.Slot.instant()
	t.c.Refused = append(slices.Clip(t.c.Refused), lost)
	t.c.Offers = slices.DeleteFunc(slices.Clone(t.c.Offers), func(s Slot) bool { return s == lost })
	t.c.Chosen, t.c.HeldUntil = nil, time.Time{}
	return t.find(seekTaken, nil)
}

// unbooked goes on without a meeting.
func (t *turn) unbooked() error {
	t.leaveBooking()
	return t.next(t.at.node)
}

// leaveBooking forgets times and gives a held one back.
func (t *turn) leaveBooking() {
	t.drop()
	t.c.Offers, t.c.Refused, t.c.Seeking = nil, nil, ""
}

func (t *turn) drop() {
	if t.c.Chosen != nil {
		t.do(Drop{Slot: *t.c.Chosen})
	}
	t.c.Chosen, t.c.HeldUntil = nil, time.Time{}
}

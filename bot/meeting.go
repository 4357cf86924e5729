package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"usher/bot/dialogue"
	"usher/bot/slots"
)

// Times are when a meeting could be instead: free times of its rep, or where there are none, of whoever would get the
// lead. It may be one that clashed. At most limit, and they differ from each other as offers do; ErrNotFound, ErrBegun,
// ErrLate.
func (b *Bot) Times(ctx context.Context, uid string, limit int) ([]slots.Slot, error) {
	o, err := b.elsewhen(ctx, uid)
	if err != nil {
		return nil, fmt.Errorf("times of meeting %s: %w", uid, err)
	}
	o.find.Offer = limit
	times, err := o.times(ctx, b)
	if err != nil {
		return nil, fmt.Errorf("times of meeting %s: %w", uid, err)
	}
	return times, nil
}

// Reschedule puts a meeting at another time, as its visitor wants: under its UID, with its rep where it is a time of that
// rep, else with whoever the routing gives among those who are free then. For one that clashed a new meeting is booked.
// ErrNotFound, ErrNotFree, ErrBegun, ErrLate; of the time that it has, nothing.
func (b *Bot) Reschedule(ctx context.Context, uid string, to slots.Slot) error {
	return b.reschedule(ctx, uid, to, false)
}

// RescheduleByRep is Reschedule for a rep who chose the time for the visitor: they are told so, and not that the visitor
// chose it.
func (b *Bot) RescheduleByRep(ctx context.Context, uid string, to slots.Slot) error {
	return b.reschedule(ctx, uid, to, true)
}

func (b *Bot) reschedule(ctx context.Context, uid string, to slots.Slot, byRep bool) error {
	o, err := b.elsewhen(ctx, uid)
	if err != nil {
		return fmt.Errorf("reschedule meeting %s: %w", uid, err)
	}
	start := to.Start.UTC().Truncate(time.Microsecond)
	slot := dialogue.Slot{Rep: to.Rep, Start: start, End: start.Add(time.Duration(o.find.Minutes) * time.Minute)}
	after, err := b.take(ctx, o.conversation, dialogue.Rescheduled{UID: o.meeting.UID, Slot: slot, ByRep: byRep})
	if m := after.State.Meeting; err == nil && (m == nil || !m.Start.Equal(start)) {
		err = ErrNotFound // cancelled meanwhile
	}
	if err != nil {
		return fmt.Errorf("reschedule meeting %s: %w", uid, err)
	}
	return nil
}

// NoShow takes that the visitor did not come to a meeting; ErrNotFound, ErrNotBegun. It may be called again.
func (b *Bot) NoShow(ctx context.Context, uid string) error {
	m, err := b.standing(ctx, uid)
	switch {
	case err != nil:
		return fmt.Errorf("no-show of meeting %s: %w", uid, err)
	case m.Start.After(b.now()):
		return fmt.Errorf("no-show of meeting %s: %w", uid, ErrNotBegun)
	case !m.NoShow.IsZero():
		return nil
	}
	return b.input(ctx, m.Conversation, "", dialogue.Missed{UID: m.UID})
}

// Replied takes what the attendee's calendar answered: AnswerAccepted … to the invitation with that SEQUENCE. An answer of
// somebody else, to an older invitation or known already is nothing.
func (b *Bot) Replied(ctx context.Context, uid, attendee, answer string, sequence int) error {
	m, err := b.standing(ctx, uid)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("answer to meeting %s: %w", uid, err)
	case !slices.Contains([]string{AnswerAccepted, AnswerDeclined, AnswerTentative}, answer),
		!strings.EqualFold(attendee, m.Attendee), sequence < m.Sequence, answer == m.Answer:
		return nil
	}
	return b.input(ctx, m.Conversation, "", dialogue.Replied{UID: m.UID, Answer: answer, Sequence: sequence})
}

// Clash takes that the rep's calendar has the time of a meeting taken: the meeting is given back, rep and visitor are
// told, and the visitor is offered other times. A meeting that is cancelled already is no error; ErrNotFound, ErrBegun.
func (b *Bot) Clash(ctx context.Context, uid, because string) error {
	m, err := b.meeting(ctx, uid)
	if err == nil {
		err = b.ahead(m)
	}
	switch {
	case err != nil:
		return fmt.Errorf("clash of meeting %s: %w", uid, err)
	case m.Status == Cancelled:
		return nil
	}
	return b.input(ctx, m.Conversation, "", dialogue.Clashed{UID: m.UID, Because: because})
}

// Shifted takes that the rep put a meeting at another time in their own calendar. No rules are asked; ErrNotFound, and
// ErrNotFree where one who comes has another meeting then, or within its buffer: it stays, and the rep is told once.
func (b *Bot) Shifted(ctx context.Context, uid string, start, end time.Time) error {
	m, err := b.standing(ctx, uid)
	if err != nil {
		return fmt.Errorf("shift meeting %s: %w", uid, err)
	}
	start, end = start.UTC().Truncate(time.Microsecond), end.UTC().Truncate(time.Microsecond)
	err = b.input(ctx, m.Conversation, "", dialogue.Shifted{UID: m.UID, Start: start, End: end})
	if errors.Is(err, ErrNotFree) {
		err = errors.Join(err, b.stays(ctx, m, start))
	}
	return err
}

// Placed takes where a meeting is, once its place is made; ErrNotFound. It may be called again.
func (b *Bot) Placed(ctx context.Context, uid, place string) error {
	m, err := b.standing(ctx, uid)
	if err != nil {
		return fmt.Errorf("place of meeting %s: %w", uid, err)
	}
	return b.input(ctx, m.Conversation, "", dialogue.Placed{UID: m.UID, Place: strings.TrimSpace(place)})
}

// MeetingsOf lists the rep's confirmed and cancelled meetings that touch [from, to), by their start. Where the rep is a
// guest, Of is the UID of the meeting.
func (b *Bot) MeetingsOf(ctx context.Context, rep string, from, to time.Time) ([]Meeting, error) {
	return b.Store.MeetingsOf(ctx, rep, from, to)
}

// meeting reads a meeting by its UID or by that of a row which blocks a guest for it.
func (b *Bot) meeting(ctx context.Context, uid string) (Meeting, error) {
	m, err := b.Store.Meeting(ctx, uid)
	if err == nil && m.Of != "" {
		m, err = b.Store.Meeting(ctx, m.Of)
	}
	return m, err
}

// standing is a confirmed meeting, or ErrNotFound.
func (b *Bot) standing(ctx context.Context, uid string) (Meeting, error) {
	m, err := b.meeting(ctx, uid)
	if err == nil && m.Status != Confirmed {
		err = ErrNotFound
	}
	return m, err
}

// other is what is needed to look for another time of a meeting.
type other struct {
	conversation Conversation
	house        *house
	meeting      Meeting
	find         dialogue.Find
	assign       dialogue.Assign
	now          time.Time
}

// elsewhen reads a meeting that stands and may still be moved, or clashed.
func (b *Bot) elsewhen(ctx context.Context, uid string) (other, error) {
	m, err := b.meeting(ctx, uid)
	if err == nil && m.Status != Confirmed && !m.Clashed {
		err = ErrNotFound
	}
	if err != nil {
		return other{}, err
	}
	o := other{meeting: m, now: b.now()}
	if o.conversation, err = b.load(ctx, m.Conversation, ""); err != nil {
		return other{}, err
	}
	if o.house, err = b.houseOf(ctx, o.conversation); err != nil {
		return other{}, err
	}
	s := o.conversation.State
	ok := false
	if machine := o.house.machines[s.Flow]; machine != nil {
		o.find, o.assign, ok = machine.Elsewhen(s, m.UID, o.now)
	}
	switch left := m.Start.Sub(o.now); {
	case !ok:
		return other{}, ErrNotFound
	case m.Status == Confirmed && left <= 0:
		return other{}, ErrBegun
	case m.Status == Confirmed && left < o.find.Rules.Notice:
		return other{}, ErrLate
	}
	return o, nil
}

// times asks the desk, and commits nothing of what it answers.
func (o other) times(ctx context.Context, b *Bot) ([]slots.Slot, error) {
	d, s := b.deskOf(ctx, o.house, o.conversation, o.now), o.conversation.State
	fact, err := d.Answer(s, o.find)
	if found, ok := fact.(dialogue.Found); err != nil || ok && len(found.Slots) > 0 {
		return timesOf(found), err
	}
	fact, err = d.Answer(s, o.assign)
	assigned, ok := fact.(dialogue.Assigned)
	if err != nil || !ok || slices.Contains(o.assign.Not, assigned.Rep) {
		return nil, err
	}
	o.find.Rep, o.find.Team = assigned.Rep, ""
	fact, err = d.Answer(s, o.find)
	found, _ := fact.(dialogue.Found)
	return timesOf(found), err
}

func timesOf(f dialogue.Found) []slots.Slot {
	var out []slots.Slot
	for _, s := range f.Slots {
		out = append(out, slots.Slot{Rep: s.Rep, Interval: slots.Interval{Start: s.Start, End: s.End}})
	}
	return out
}

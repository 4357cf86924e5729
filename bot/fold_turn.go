package bot

import (
	"reflect"
	"time"
)

// folds has the turn's conversation added to its person where it tells something new of them, and once more when what
// the turn put into the future has come: the end of a meeting, or of waiting.
func (d *decision) folds() {
	before, after := d.turn.Conversation, d.turn.Conversation
	before.State = d.before
	if after.Seq == 0 || tells(before) != tells(after) || !reflect.DeepEqual(d.before.Answers, after.State.Answers) || d.refreshed() {
		d.job(JobPerson, Event{Event: "told"}, d.turn.Now)
	}
	for _, m := range d.turn.Meetings {
		was := d.was[m.UID]
		if m.Status == Confirmed && (was.Status != Confirmed || !was.End.Equal(m.End)) {
			d.job(JobPerson, Event{Event: "met", Meeting: m.UID}, m.End.Add(HeldAfter))
		}
	}
	if at := after.State.Revisit; !at.IsZero() && !at.Equal(d.before.Revisit) {
		d.job(JobPerson, Event{Event: "over"}, at)
	}
}

// refreshed says whether a page was seen again whose points had begun to fade: the score may be the same as it was then.
func (d *decision) refreshed() bool {
	was, is := d.before, d.turn.Conversation.State
	if len(was.Visit.Pages) == 0 || lastSeen(was).Equal(lastSeen(is)) {
		return false
	}
	return !reflect.DeepEqual(d.machine.Standing(was), d.machine.Standing(is))
}

// told is what a person's record takes of a conversation beside the answers.
type told struct {
	lead                                    Lead
	claimed, end, reason, meeting, language string
	visitor, waiting                        string
}

func tells(c Conversation) told {
	s := c.State
	t := told{lead: *leadOf(c, time.Time{}), claimed: s.Claimed, end: s.End, reason: s.Reason, language: s.Language, visitor: c.Visitor}
	if s.Waiting != nil {
		t.waiting = s.Waiting.Place
	}
	if s.Meeting != nil {
		t.meeting = s.Meeting.UID
	}
	return t
}

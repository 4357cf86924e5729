package bot

import (
	"encoding/json"
	"reflect"
	"time"
)

// folds has the turn's conversation added to its person where it tells something new of them, and once more when what
// the turn put into the future has come: the end of a meeting, or of waiting.
func (d *decision) folds() {
	before, after := d.turn.Conversation, d.turn.Conversation
	before.State = d.before
	was, is := tells(before), tells(after)
	switch {
	case was.plain() != is.plain() && (after.Seq > 0 || is.lead.Email != "" || is.lead.Phone != ""):
		d.fold(d.turn.Now)
	case after.Seq == 0, was != is, !reflect.DeepEqual(d.before.Answers, after.State.Answers), d.refreshed():
		d.fold(d.turn.Now.Add(d.bot.FoldAfter))
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

// fold has the conversation added to its person by then. There is one such job of a conversation at most, which comes
// before all that other systems are told of the conversation.
func (d *decision) fold(by time.Time) {
	if d.bot.Carriers[JobPerson] == nil {
		return
	}
	c := d.turn.Conversation
	id := "fold-" + c.ID
	for i := range d.turn.Jobs {
		if j := &d.turn.Jobs[i]; j.ID == id {
			if by.Before(j.RunAt) {
				j.RunAt = by
			}
			return
		}
	}
	payload, _ := json.Marshal(Event{Event: "told", Conversation: c.ID, Seq: c.Seq + 1}) // strings and a number always marshal
	d.turn.Jobs = append(d.turn.Jobs, Job{
		ID: id, Kind: JobPerson, Key: JobPerson + " " + c.ID, Payload: payload, RunAt: by, State: JobReady, Again: true,
	})
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

// plain is what is told without score and grade.
func (t told) plain() told {
	t.lead.Score, t.lead.Grade = 0, ""
	return t
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

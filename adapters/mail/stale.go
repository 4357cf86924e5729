package mail

import (
	"slices"
	"strings"
	"time"

	"usher/bot"
)

// stale says why the job's letter is not true any more, or "".
func (p *Post) stale(d *draft) string {
	now, m := p.now(), d.meeting
	switch {
	case !now.Before(m.End):
		return "the meeting has passed"
	case d.To == bot.ToVisitor && m.Attendee == "":
		return "the visitor has no address"
	case d.To == bot.ToRep:
		if why := p.staleForRep(d); why != "" {
			return why
		}
	}
	if why := outdated(d, now); why != "" {
		return why
	}
	if d.Event.Event != bot.MailReminder && d.thread.Told == d.told() {
		return "a letter before it said the same"
	}
	return ""
}

// staleForRep says why a rep needs no letter.
func (p *Post) staleForRep(d *draft) string {
	rep := p.rep(d.Rep)
	switch {
	case rep == nil || rep.Email == "":
		return "the rep has no address"
	case p.Writable != nil && p.Writable(d.Rep):
		return "the meeting is written to the rep's calendar"
	case d.Event.Event != bot.MailCancel && !takesPart(d.meeting, d.Rep):
		return "another rep has the meeting"
	}
	return ""
}

func takesPart(m bot.Meeting, rep string) bool {
	return m.Rep == rep || slices.Contains(strings.Fields(m.With), rep)
}

// outdated compares the job with the meeting as it is.
func outdated(d *draft, now time.Time) string {
	m := d.meeting
	switch d.Event.Event {
	case bot.MailInvitation, bot.MailUpdate:
		if m.Status != bot.Confirmed {
			return "the meeting is not confirmed any more"
		}
	case bot.MailCancel:
		if left := d.To == bot.ToRep && !takesPart(m, d.Rep); m.Status != bot.Cancelled && !left {
			return "the meeting takes place"
		}
	case bot.MailClash:
		if m.Status != bot.Cancelled || !m.Clashed {
			return "another time was chosen, or none is wanted"
		}
	case bot.MailReminder:
		return lateReminder(d, now)
	default:
		return "there is no letter of that name"
	}
	return ""
}

// lateReminder says why a reminder is of no use now: it is of use from its time until half of what was left then has gone.
func lateReminder(d *draft, now time.Time) string {
	m := d.meeting
	before, err := time.ParseDuration(d.Detail)
	due := m.Start.Add(-before)
	switch {
	case m.Status != bot.Confirmed:
		return "the meeting is not confirmed any more"
	case m.Answer == bot.AnswerDeclined:
		return "the visitor has declined"
	case err != nil:
		return "the reminder does not say how long before the meeting it is due"
	case now.Before(due.Add(-early)):
		return "the meeting was moved to later"
	case now.After(due.Add(before / 2)):
		return "it would come too late"
	}
	return ""
}

// early is how much sooner than its time a reminder may run: clocks of two nodes differ by less.
const early = time.Minute

package mail

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"

	"usher/bot"
	"usher/flows"
)

// Alert carries a bot.JobAlert where nobody else does: it tells the rep in a small letter what became of a meeting, unless it
// is not true any more or another letter tells it. It is sent once, as Carry's are.
func (p *Post) Alert(ctx context.Context, j bot.Job) error {
	var e bot.Event
	if err := json.Unmarshal(j.Payload, &e); err != nil {
		return &bot.RetryError{Never: true, Err: fmt.Errorf("read alert's job: %w", err)}
	}
	d := draft{Event: e, job: j.ID, id: p.messageID(j.ID, "")} // names no meeting: one that comes back makes no alert of its own
	log := p.log().With("job", j.ID, "alert", e.Event, "meeting", e.Meeting, "rep", e.Rep)
	if sent, err := p.send(ctx, &d, j.Attempts, p.drawAlert, log); !sent || err != nil {
		return err
	}
	return p.took(ctx, d)
}

// drawAlert reads the meeting and writes the letter, or says why there is none.
func (p *Post) drawAlert(ctx context.Context, d *draft) (err error) {
	say, known := alerts[d.Event.Event]
	if d.Event.Event == bot.AlertMail && d.Meeting == "" {
		return p.drawBounce(d, say.subject)
	}
	if !known || d.Meeting == "" {
		d.dropped = "it is of no meeting, or not told by mail"
		return nil
	}
	d.meeting, err = p.Host.Meeting(ctx, d.Meeting)
	switch {
	case errors.Is(err, bot.ErrNotFound):
		d.dropped = "there is no such meeting any more"
		return nil
	case err != nil:
		return fmt.Errorf("read meeting of alert: %w", err)
	}
	d.Rep = cmp.Or(d.meeting.Rep, d.Rep)
	rep := p.rep(d.Rep)
	if d.dropped = p.untold(d, rep); d.dropped != "" {
		return nil
	}
	d.letter = Letter{
		ID: d.id, From: p.Server.From, At: p.now(),
		To:      mail.Address{Name: rep.Name, Address: rep.Email},
		ReplyTo: mail.Address{Name: d.meeting.Name, Address: d.meeting.Attendee},
	}
	return p.alertText(d, rep, say).fill(&d.letter)
}

// drawBounce writes to the rep whose lead takes no letters.
func (p *Post) drawBounce(d *draft, subject string) error {
	rep := p.rep(d.Rep)
	if rep == nil || rep.Email == "" {
		d.dropped = "the lead has no rep with an address"
		return nil
	}
	to := mail.Address{Name: rep.Name, Address: rep.Email}
	d.letter = Letter{ID: d.id, From: p.Server.From, At: p.now(), To: to}
	w := &english
	t := &text{words: w, Subject: subject, Hello: fmt.Sprintf(w.hello, line(rep.Name)), Lead: "A letter to a lead of yours cannot be delivered, so no more are sent. The lead stays yours."}
	t.row("Lead", d.Conversation, "")
	t.row(w.reason, short(d.Detail, MaxReason), "")
	return t.fill(&d.letter)
}

// untold says why the rep is not to be told, or "".
func (p *Post) untold(d *draft, rep *flows.Rep) string {
	m := d.meeting
	switch {
	case rep == nil || rep.Email == "":
		return "the rep has no address"
	case !p.now().Before(m.End):
		return "the meeting has passed"
	}
	told := p.Writable == nil || !p.Writable(d.Rep) // the rep has the meeting's own letters
	switch d.Event.Event {
	case bot.AlertMoved, bot.AlertTime:
		if m.Status != bot.Confirmed {
			return "the meeting is not confirmed any more"
		}
	case bot.AlertCancelled:
		if m.Status != bot.Cancelled {
			return "the meeting takes place"
		}
	case bot.AlertClash:
		if m.Status != bot.Cancelled || !m.Clashed {
			return "another time was chosen, or none is wanted"
		}
	case bot.AlertAnswer:
		told = false
		if m.Answer != d.Detail {
			return "another answer came"
		}
	default:
		told = false
	}
	if told {
		return "the meeting's own letter tells it"
	}
	return ""
}

// alerts are how letters of alerts begin. Reps are written to in English; %s is the visitor.
var alerts = map[string]struct{ subject, lead string }{
	bot.AlertMail:      {"A letter was refused", "A letter about your meeting with %s cannot be delivered."},
	bot.AlertCalendar:  {"Your calendar refuses a meeting", "Your meeting with %s cannot be written to your calendar."},
	bot.AlertClash:     {"Your calendar has something else", "Your calendar has something else at the time of your meeting with %s, who is asked to choose another."},
	bot.AlertTime:      {"Meeting at another time", "Your meeting with %s is at another time now."},
	bot.AlertStays:     {"Meeting stays where it was", "You put your meeting with %s where another one is, so it stays at its time."},
	bot.AlertCancelled: {"Meeting cancelled", "Your meeting with %s is cancelled."},
	bot.AlertMoved:     {"A meeting is yours now", "The meeting with %s has passed to you."},
	bot.AlertAnswer:    {"Answer to the invitation", "%s has answered the invitation to your meeting."},
}

// answered are the answers' own.
var answered = map[string]struct{ subject, lead string }{
	bot.AnswerAccepted:  {"Invitation accepted", "%s has accepted the invitation to your meeting."},
	bot.AnswerDeclined:  {"Invitation declined", "%s has declined the invitation to your meeting."},
	bot.AnswerTentative: {"Invitation tentatively accepted", "%s has tentatively accepted the invitation to your meeting."},
}

func (p *Post) alertText(d *draft, rep *flows.Rep, say struct{ subject, lead string }) *text {
	w, m := &english, d.meeting
	if own, ok := answered[d.Detail]; ok && d.Event.Event == bot.AlertAnswer {
		say = own
	}
	who := cmp.Or(short(m.Name, maxName), line(m.Attendee))
	t := &text{words: w, Hello: fmt.Sprintf(w.hello, line(rep.Name)), Lead: fmt.Sprintf(say.lead, w.apart(who))}
	title := cmp.Or(short(m.Title, maxTitle), fmt.Sprintf(w.meeting, who))
	t.about(d, rep.Timezone, title)
	t.Subject = say.subject + ": " + t.apart(title)
	t.row(w.with, w.apart(who), "")
	switch d.Event.Event {
	case bot.AlertMail, bot.AlertCalendar, bot.AlertClash, bot.AlertCancelled:
		because := short(d.Detail, MaxReason)
		if bot.InCalendar(d.Detail) {
			because = w.inCalendar
		}
		t.row(w.reason, w.apart(because), "")
	}
	t.Action, t.Link = w.open, link(p.RepMeetingLink, m.UID)
	return t
}

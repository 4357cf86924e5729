package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// What reps are warned of: events of JobAlert. Detail says more in a clause.
const (
	AlertNotBooked = "filled_not_booked" // who to write to is known, and the conversation ended or lapsed without a meeting
	AlertWatched   = "watched_company"   // somebody of a watched company is on the site; Detail is the domain
	AlertMoved     = "meeting_moved"     // another rep has the meeting; Detail is the rep who had it
	AlertCancelled = "meeting_cancelled" // the meeting does not take place; Detail is why
	AlertTime      = "meeting_time"      // the meeting is at another time; Detail is who changed it: visitor or rep
	AlertStays     = "meeting_stays"     // the rep put the meeting where another one is, and it stays; Detail is that time, RFC 3339
	AlertClash     = "meeting_clash"     // the time was taken in the rep's calendar: the visitor is asked for another; Detail is what was found
	AlertAnswer    = "meeting_answer"    // the visitor's calendar answered the invitation; Detail is accepted, declined or tentative
	AlertNoShow    = "meeting_no_show"   // the visitor did not come
	AlertMail      = "mail_refused"      // a letter cannot be delivered; Detail is why
	AlertCalendar  = "calendar_refused"  // the meeting cannot be written to the rep's calendar; Detail is why
	AlertLeft      = "rep_left"          // the lead is another rep's now; Detail is the one who had it, who is not in the roster any more
	AlertDead      = "job_dead"          // a job was given up; Detail is its kind and why
)

// alerts makes the jobs that warn reps of what the turn has brought.
func (d *decision) alerts(in dialogue.Input) {
	was, is := d.before, d.turn.Conversation.State
	if was.End == "" && filledNotBooked(is) {
		d.job(JobAlert, Event{Event: AlertNotBooked, Detail: whyNoMeeting(is)}, d.turn.Now)
	}
	if p, ok := in.(dialogue.Passed); ok && p.Gone {
		d.job(JobAlert, Event{Event: AlertLeft, Detail: p.Rep}, d.turn.Now)
	}
	d.alertsOfMeeting(in)
	switch in.(type) {
	case dialogue.Started, dialogue.Said, dialogue.Visited, dialogue.Returned, dialogue.Identified:
		d.watch(is)
	}
}

// alertsOfMeeting warns of what became of a meeting.
func (d *decision) alertsOfMeeting(in dialogue.Input) {
	was, is := d.before.Meeting, d.turn.Conversation.State.Meeting
	if was == nil {
		return
	}
	alert := func(event, detail string) {
		d.job(JobAlert, Event{Event: event, Meeting: was.UID, Detail: detail}, d.turn.Now)
	}
	stands := is != nil && is.UID == was.UID
	if stands && is.Rep != was.Rep {
		alert(AlertMoved, was.Rep)
	}
	if stands && !(is.Start.Equal(was.Start) && is.End.Equal(was.End)) {
		alert(AlertTime, whoShifts(in))
	}
	switch in := in.(type) {
	case dialogue.Cancelled:
		alert(AlertCancelled, in.Because)
	case dialogue.Said:
		if !stands {
			alert(AlertCancelled, "the visitor said so in the chat")
		}
	case dialogue.Clashed:
		alert(AlertClash, in.Because)
	case dialogue.Missed:
		alert(AlertNoShow, "")
	case dialogue.Replied:
		alert(AlertAnswer, in.Answer)
	}
}

// whoShifts is who put the meeting at another time.
func whoShifts(in dialogue.Input) string {
	switch in := in.(type) {
	case dialogue.Shifted:
		return FromRep
	case dialogue.Rescheduled:
		if in.ByRep {
			return FromRep
		}
	}
	return FromVisitor
}

// stays warns that a meeting is not where its rep put it: once for each time that it is put to.
func (b *Bot) stays(ctx context.Context, m Meeting, at time.Time) error {
	if b.Carriers[JobAlert] == nil {
		return nil
	}
	put := at.Format(time.RFC3339)
	e := Event{Conversation: m.Conversation, Event: AlertStays, Rep: m.Rep, Meeting: m.UID, Detail: put}
	payload, err := json.Marshal(e)
	if err != nil {
		return err
	}
	id := fmt.Sprintf("stays-%s-%d-%s", m.UID, m.Sequence, put)
	return b.Store.Enqueue(ctx, Job{ID: id, Kind: JobAlert, Key: orderOf(JobAlert, e), Payload: payload, RunAt: b.now(), State: JobReady})
}

// filledNotBooked says whether somebody who can be written to went without a meeting. Who was turned away is not one, nor
// who was put on the waiting list before anybody was to meet them.
func filledNotBooked(s dialogue.Conversation) bool {
	known := answered(s, "email") != "" || answered(s, "phone") != ""
	meant := s.End != flows.Disqualified && (s.End != flows.Waitlist || s.Assigned != nil)
	return s.End != "" && meant && s.Meeting == nil && known
}

// watch warns once a day and visitor: the job's id says so, whatever turn comes first.
func (d *decision) watch(s dialogue.Conversation) {
	domain := watched(s, d.desk.Workspace.Roster.Watch)
	if domain == "" {
		return
	}
	before := len(d.turn.Jobs)
	d.job(JobAlert, Event{Event: AlertWatched, Detail: domain}, d.turn.Now)
	for i := before; i < len(d.turn.Jobs); i++ {
		d.turn.Jobs[i].ID = "watched-" + d.turn.Conversation.Visitor + "-" + d.turn.Now.Format(time.DateOnly)
	}
}

// watched is the domain of the list that the visitor's e-mail address, or a company's or site's address, belongs to.
func watched(s dialogue.Conversation, list []string) string {
	if len(list) == 0 {
		return ""
	}
	for _, a := range s.Answers {
		if a.Value.Type != flows.TypeEmail && a.Value.Type != flows.TypeURL && a.Field != "company" {
			continue
		}
		host := hostOf(a.Value.Text)
		if i := slices.IndexFunc(list, func(domain string) bool { return host == domain || strings.HasSuffix(host, "."+domain) }); i >= 0 {
			return list[i]
		}
	}
	return ""
}

// hostOf is the domain of an e-mail or web address, written with or without its scheme.
func hostOf(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	if _, domain, ok := strings.Cut(text, "@"); ok {
		return domain
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// giveUp warns of a job that is dead: once an hour for a kind and key, so that a target that is gone does not bury the
// reps, and an alert that cannot be told does not breed alerts.
func (b *Bot) giveUp(ctx context.Context, j Job) {
	if j.State != JobDead || j.Kind == JobAlert || b.Carriers[JobAlert] == nil {
		return
	}
	now := b.now()
	var e Event
	_ = json.Unmarshal(j.Payload, &e) // a channel's own job has another payload: then the alert is of no conversation
	what, why := alertOf(j)
	e = Event{Conversation: e.Conversation, Seq: e.Seq, Event: what, Team: e.Team, Rep: e.Rep, Meeting: e.Meeting, Detail: why}
	payload, err := json.Marshal(e)
	if err == nil {
		id := "dead-" + j.Kind + "-" + j.Key + "-" + now.Format("2006-01-02T15")
		err = b.Store.Enqueue(ctx, Job{ID: id, Kind: JobAlert, Payload: payload, RunAt: now, State: JobReady})
	}
	if err != nil {
		b.log().Error("no alert of a dead job", "job", j.ID, "err", err)
	}
}

// alertOf is what a dead job is told as.
func alertOf(j Job) (event, why string) {
	switch j.Kind {
	case JobMail, JobLetter:
		return AlertMail, j.Error
	case JobCalendar:
		return AlertCalendar, j.Error
	}
	return AlertDead, j.Kind + ": " + j.Error
}

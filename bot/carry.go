package bot

import (
	"encoding/json"
	"fmt"
	"time"

	"usher/bot/dialogue"
)

// Kinds of jobs the bot makes. A kind that nobody carries out makes no jobs.
const (
	JobNotify   = "notify"    // something happened that reps or systems are told of: qualified, booked, ended …
	JobCall     = "call"      // a person is asked to join
	JobFollowUp = "follow_up" // a letter is due
	JobCard     = "card"      // what a lead's card shows has changed
	JobRelay    = "relay"     // a joined rep is to see what was said
	JobClaim    = "claim"     // a lead waits to be claimed: "remind", "next", "fallback"; see Escalate
	JobAlert    = "alert"     // reps are warned: AlertNotBooked …
	JobCalendar = "calendar"  // reps' calendars are to show the meeting as it is now; jobs of one meeting run in order
	JobMail     = "mail"      // a letter about a meeting: MailInvitation …
	JobPerson   = "person"    // what a conversation tells of its person is to be added to the person's record
	JobHook     = "hook"      // other systems are told: HookStage …; jobs of one person run in order
	JobHookSend = "hook_send" // one webhook is sent one message; jobs of one webhook and person run in order
	JobCRM      = "crm"       // the CRM is to know of a person or meeting what is true now; jobs of one person run in order
	jobDeliver  = "deliver."  // and the channel: there are new messages for the visitor
)

// JobDeliver is the kind of job that brings a channel's visitors the bot's and the rep's words. The website needs
// none: its sockets read the transcript.
func JobDeliver(channel string) string { return jobDeliver + channel }

// Event is the payload of every job: what happened in which conversation. Carriers read the rest from the store, so
// that a retry speaks of what is true then.
type Event struct {
	Conversation string `json:"conversation"`
	Seq          int64  `json:"seq"` // of the turn
	Event        string `json:"event"`
	Team         string `json:"team,omitempty"`
	Rep          string `json:"rep,omitempty"`
	Meeting      string `json:"meeting,omitempty"` // UID
	To           string `json:"to,omitempty"`      // of a letter: ToVisitor or ToRep
	Detail       string `json:"detail,omitempty"`
	Person       string `json:"person,omitempty"` // id
	Change       int64  `json:"change,omitempty"` // N of the person's Change that is told of

	At      time.Time `json:"at,omitzero"`       // of a JobHook: when it happened; zero = when the Change was
	Changed *Changed  `json:"changed,omitempty"` // of a JobHook about a meeting: what is other than it was
}

// Events of JobMail: letters about a meeting. The letter says what is true when it is sent: one whose time has passed, or
// that a later one has overtaken, is not sent.
const (
	MailInvitation = "invitation" // RFC 5546 REQUEST
	MailUpdate     = "update"     // another time, rep or place: REQUEST with a greater SEQUENCE
	MailCancel     = "cancel"     // RFC 5546 CANCEL; Detail is why
	MailClash      = "clash"      // CANCEL, because the rep's calendar was taken: choose another time on the meeting's page
	MailReminder   = "reminder"   // Detail is how long before, as time.Duration prints it
)

// To whom a letter goes.
const (
	ToVisitor = "visitor"
	ToRep     = "rep" // Event.Rep; the carrier sends it only where the meeting is not written to that rep's calendar
)

// carry makes of the effects the bot's words and the jobs.
func (d *decision) carry(in dialogue.Input, effects []dialogue.Effect) {
	for _, e := range effects {
		switch e := e.(type) {
		case dialogue.Say:
			d.line(Message{From: FromBot, Text: e.Text, Ask: e.Ask})
		case dialogue.Notify:
			d.job(JobNotify, Event{Event: e.Event, Detail: because(in, e)}, d.turn.Now)
		case dialogue.CallRep:
			d.job(JobCall, Event{Event: "handoff", Team: e.Team}, d.turn.Now)
		case dialogue.FollowUp:
			d.job(JobFollowUp, Event{Event: e.Kind}, e.At)
		}
	}
	d.card()
	d.spread()
}

// because is why a lead was passed.
func because(in dialogue.Input, e dialogue.Notify) string {
	if p, ok := in.(dialogue.Passed); ok && e.Event == dialogue.NotifyPassed {
		return p.Because
	}
	return ""
}

// card lets the lead's card follow the conversation once somebody has the lead.
func (d *decision) card() {
	if d.turn.Conversation.State.Assigned != nil {
		d.job(JobCard, Event{Event: "changed"}, d.turn.Now)
	}
}

// spread brings new messages to those who do not read the transcript themselves.
func (d *decision) spread() {
	s := d.turn.Conversation.State
	if len(d.turn.Messages) == 0 {
		return
	}
	d.job(JobDeliver(s.Channel), Event{Event: "message"}, d.turn.Now)
	if s.Joined != nil {
		d.job(JobRelay, Event{Event: "message", Rep: s.Joined.Rep}, d.turn.Now)
	}
}

// job adds a job when somebody is there to carry it out. Its id is derived from the turn: a turn decided twice makes
// the same jobs. Jobs of a kind and conversation keep their order, and so do those of a kind and meeting; one that is due later has no
// order to keep.
func (d *decision) job(kind string, e Event, at time.Time) {
	if d.bot.Carriers[kind] == nil {
		return
	}
	c := d.turn.Conversation
	e.Conversation, e.Seq = c.ID, c.Seq+1
	if c.State.Assigned != nil && e.Rep == "" {
		e.Rep = c.State.Assigned.Rep
	}
	key := ""
	if !at.After(d.turn.Now) {
		key = orderOf(kind, e)
	}
	payload, _ := json.Marshal(e) // strings and a number always marshal
	d.turn.Jobs = append(d.turn.Jobs, Job{
		ID: fmt.Sprintf("%s-%d-%d", c.ID, e.Seq, len(d.turn.Jobs)), Kind: kind, Key: key, Payload: payload, RunAt: at, State: JobReady,
	})
}

// orderOf is the key of a job: letters of a meeting that go to different people do not wait for each other.
func orderOf(kind string, e Event) string {
	switch {
	case kind == JobMail && e.To == ToRep:
		return kind + " " + e.Meeting + " " + e.Rep
	case kind == JobMail || kind == JobCalendar:
		return kind + " " + e.Meeting
	case kind == JobHook:
		return JobPerson + " " + e.Conversation // after the person is known whose it is
	}
	return kind + " " + e.Conversation
}

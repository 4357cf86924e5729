package mail

import (
	"cmp"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"time"

	"usher/bot"
	"usher/flows"
)

// MaxReason is how much of the reason of a cancellation a letter shows, in characters.
const MaxReason = 500

const maxTitle = 120

// write makes the letter of a draft.
func (p *Post) write(d *draft) (Letter, error) {
	t := p.visitorText(d)
	l := Letter{ID: d.id, Thread: d.thread.First, From: p.Server.From, At: p.now()}
	l.To = mail.Address{Name: d.meeting.Name, Address: d.meeting.Attendee}
	if rep := p.rep(d.meeting.Rep); rep != nil {
		l.ReplyTo = mail.Address{Name: rep.Name, Address: rep.Email}
	}
	if d.To == bot.ToRep {
		rep := p.rep(d.Rep)
		t = p.repText(d, rep)
		l.To, l.ReplyTo = mail.Address{Name: rep.Name, Address: rep.Email}, l.To
	}
	if err := t.fill(&l); err != nil {
		return Letter{}, err
	}
	return l, p.enclose(d, &l)
}

// enclose puts the meeting as iCalendar into the letter; a reminder has none, for the calendar has it already.
func (p *Post) enclose(d *draft, l *Letter) error {
	if p.Invitation == nil || d.Event.Event == bot.MailReminder {
		return nil
	}
	m := d.meeting
	l.Method = "REQUEST"
	if d.cancels() {
		l.Method, m.Status = "CANCEL", bot.Cancelled
	}
	if d.To == bot.ToRep {
		l.Method = ""
	}
	var err error
	if l.Calendar, err = p.Invitation(m, l.Method); err != nil {
		return &bot.RetryError{Never: true, Err: fmt.Errorf("write invitation of meeting %s: %w", m.UID, err)}
	}
	return nil
}

// text is what a letter says.
type text struct {
	*words
	Subject string
	Hello   string
	Lead    string
	Words   [][]piece // paragraphs
	Rows    []row
	Action  string // what the link is for
	Link    string
	Notes   []string
	Foot    []piece
}

// row is a line of the letter's table.
type row struct {
	Label, Value string
	Link         string // "" = it leads nowhere
}

func (p *Post) visitorText(d *draft) *text {
	w, m := spoken(d.meeting.Language), d.meeting
	with := w.apart(w.names(p.people(m)))
	t := &text{words: w, Hello: w.helloAll, Lead: fmt.Sprintf(w.leads[d.letterKind()], with)}
	if name := personal(m.Name); name != "" {
		t.Hello = fmt.Sprintf(w.hello, w.apart(name))
	}
	t.about(d, m.Timezone, cmp.Or(short(m.Title, maxTitle), fmt.Sprintf(w.meeting, with)))
	t.row(w.with, with, "")
	t.where(m, w.apart(p.people(m)[0]))
	t.why(d)
	t.Action, t.Link = w.change, link(p.MeetingLink, m.UID)
	switch d.Event.Event {
	case bot.MailClash:
		t.Action = w.choose
	case bot.MailCancel:
		t.Link = ""
	}
	t.note(d, p, p.people(m)[0])
	return t
}

func (p *Post) repText(d *draft, rep *flows.Rep) *text {
	w, m := &english, d.meeting
	who := cmp.Or(short(m.Name, maxName), line(m.Attendee))
	t := &text{words: w, Hello: fmt.Sprintf(w.hello, line(rep.Name)), Lead: fmt.Sprintf(forRep[d.letterKind()], who)}
	t.about(d, rep.Timezone, cmp.Or(short(m.Title, maxTitle), fmt.Sprintf(w.meeting, who)))
	if address := line(m.Attendee); who != address {
		who += " <" + address + ">"
	}
	t.row(w.with, who, "")
	t.row(w.phone, line(m.Phone), "")
	if m.Place != flows.PlacePhone {
		t.where(m, line(rep.Name))
	}
	t.why(d)
	t.Action, t.Link = w.open, link(p.RepMeetingLink, m.UID)
	t.note(d, p, cmp.Or(short(m.Name, maxName), line(m.Attendee)))
	return t
}

// letterKind is the job's event as this person should read it: who was told nothing yet is invited.
func (d *draft) letterKind() string {
	if d.Event.Event == bot.MailUpdate && d.thread.First == "" {
		return bot.MailInvitation
	}
	return d.Event.Event
}

// about says what and when, in the zone of whoever reads it.
func (t *text) about(d *draft, zone, title string) {
	at, err := time.LoadLocation(zone)
	if err != nil || zone == "" || zone == "Local" {
		at = time.UTC
	}
	start, end := d.meeting.Start.In(at), d.meeting.End.In(at)
	t.Subject = t.subjects[d.letterKind()] + ": " + t.apart(title) + " · " + t.moment(start)
	t.row(t.what, t.apart(title), "")
	t.row(t.day, t.date(start), "")
	t.row(t.time, t.clock(start, end), "")
	t.row(t.length, t.span(end.Sub(start)), "")
}

func (t *text) row(label, value, link string) {
	if value != "" {
		t.Rows = append(t.Rows, row{label, value, link})
	}
}

// where is the place: a link, a call, an address, or one that is still to come.
func (t *text) where(m bot.Meeting, rep string) {
	place := line(m.Place)
	u, err := url.Parse(place)
	switch {
	case m.Status == bot.Cancelled:
	case place == flows.PlacePhone && m.Phone == "":
	case place == flows.PlacePhone:
		t.row(t.place, fmt.Sprintf(t.calls, rep, t.apart(line(m.Phone))), "")
	case place == "" && m.Made != "":
		t.row(t.place, t.follows, "")
	case err == nil && u.Scheme == "https" && u.Host != "":
		t.row(t.place, place, place)
	default:
		t.row(t.place, t.apart(place), "")
	}
}

// why is the reason of a cancellation.
func (t *text) why(d *draft) {
	if d.Event.Event == bot.MailCancel {
		because := cmp.Or(d.Detail, d.meeting.Because)
		if bot.InCalendar(because) {
			because = t.inCalendar
		}
		t.row(t.reason, t.apart(short(because, MaxReason)), "")
	}
}

// note adds what stands below: the attachment, and who reads an answer.
func (t *text) note(d *draft, p *Post, reader string) {
	if p.Invitation != nil && !d.cancels() && d.Event.Event != bot.MailReminder {
		t.Notes = append(t.Notes, t.attached)
	}
	if reader != "" {
		t.Notes = append(t.Notes, fmt.Sprintf(t.footer, t.apart(reader)))
	}
}

// people are the reps of a meeting by name, the one who has it first.
func (p *Post) people(m bot.Meeting) []string {
	all := append([]string{m.Rep}, strings.Fields(m.With)...)
	for i, id := range all {
		if rep := p.rep(id); rep != nil {
			all[i] = line(rep.Name)
		}
	}
	return all
}

// personal is a name to greet somebody by, or "": whoever types an advertisement and a stranger's address is not to have it
// delivered.
func personal(name string) string {
	name = line(name)
	if len([]rune(name)) > 60 || strings.ContainsAny(name, "/:@") || strings.Contains(strings.ToLower(name), "www.") {
		return ""
	}
	return name
}

func link(of func(string) string, uid string) string {
	if of == nil {
		return ""
	}
	return of(uid)
}

func (p *Post) rep(id string) *flows.Rep {
	if w := p.Host.Workspace(); w != nil && w.Roster != nil {
		return w.Roster.Rep(id)
	}
	return nil
}

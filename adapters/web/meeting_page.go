package web

import (
	"cmp"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"usher/bot"
)

// meetingPage is what somebody with the link may see: what, when and with whom. Neither score nor words.
type meetingPage struct {
	W         *words
	Title     string
	State     string // standsConfirmed …
	Status    string // the same in words
	Note      string // what there is to say to it
	Done      string // what was done just now
	When      moment
	Theirs    *moment // for reps: the same in the visitor's zone
	Hosts     []host
	Place     string
	PlaceLink template.URL // "" = it is no link
	Because   string       // why it was cancelled
	Saving    saving
	Times     string // address to choose another time at; "" = there is none
	TimesText string
	Cancel    string // address to cancel it at; "" = it cannot be
	Missed    string // address to say at that nobody came; "" = it cannot be
	Write     contact
	Visitor   *visitorCard // for reps
}

// moment is when a meeting is, for people and for machines.
type moment struct {
	Day, Clock, Zone string
	Starts           string
	Minutes          string
}

// host is a rep who comes.
type host struct{ Name, Role, Picture string }

// Initial stands for a picture where there is none.
func (h host) Initial() string {
	for _, r := range h.Name {
		return strings.ToUpper(string(r))
	}
	return ""
}

// visitorCard is who comes, as the reps see it.
type visitorCard struct {
	Name, Email, Company, Answer string
	Phone                        string
	Dial                         template.URL
}

func (s *Server) meetingPage(r *http.Request, o opened) meetingPage {
	p := meetingPage{
		W: o.words, Title: title(o.Meeting), State: stands(o.Meeting, s.now()), When: o.words.moment(o.Meeting, o.zone),
		Hosts: s.hosts(o.Meeting), Place: o.Place, Saving: s.savingOf(o.Meeting, "", o.signature), Write: s.contact(o.Rep),
		Done: o.words.done(r.URL.Query().Get("done"), o.Meeting),
	}
	p.Status = o.words.status(p.State)
	if strings.HasPrefix(o.Place, "https://") {
		p.PlaceLink = template.URL(o.Place)
	}
	s.explain(&p, o)
	base := url.PathEscape(o.UID)
	if s.movable(o) {
		p.Times, p.TimesText = base+"/times?s="+o.signature, o.words.Move
		if p.State == standsClashed {
			p.TimesText = o.words.ChooseAnother
		}
	}
	if s.cancellable(o) {
		p.Cancel = base + "/cancel?s=" + o.signature
	}
	if s.missable(o) {
		p.Missed = base + "/no-show?s=" + o.signature
	}
	if o.as == forRep {
		s.showVisitor(r, &p, o)
	}
	return p
}

// explain says why the meeting is as it is. What took the rep's time is the rep's own.
func (s *Server) explain(p *meetingPage, o opened) {
	switch p.State {
	case standsClashed:
		p.Note = o.words.ClashedNote
	case standsCancelled:
		p.Because = o.Because
	case standsConfirmed:
		if o.Sequence > 0 && p.Done == "" {
			p.Note = o.words.Changed
		}
	}
	if o.as == forRep {
		p.Because = o.Because
	}
	if bot.InCalendar(p.Because) {
		p.Because = o.words.InCalendar
	}
}

// showVisitor shows a rep who comes; without the company where the conversation cannot be read.
func (s *Server) showVisitor(r *http.Request, p *meetingPage, o opened) {
	theirs := english.moment(o.Meeting, located(o.Timezone))
	if p.Theirs = &theirs; theirs.Zone == p.When.Zone {
		p.Theirs = nil
	}
	v := &visitorCard{Name: o.Name, Email: o.Attendee, Phone: o.Phone, Answer: o.Answer}
	if dial := strings.Map(dialled, o.Phone); dial != "" {
		v.Dial = template.URL("tel:" + dial)
	}
	card, err := s.Host.Card(r.Context(), o.Conversation)
	if err != nil {
		s.log().Warn("a rep sees a meeting without its lead", "meeting", o.UID, "conversation", o.Conversation, "err", err)
	}
	v.Name, v.Company = cmp.Or(v.Name, card.Lead.Name), card.Lead.Company
	p.Visitor = v
}

// dialled keeps what a telephone number is dialled by.
func dialled(r rune) rune {
	if r >= '0' && r <= '9' || r == '+' {
		return r
	}
	return -1
}

// hosts are the rep who has the meeting and those who come too.
func (s *Server) hosts(m bot.Meeting) []host {
	var all []host
	for _, id := range append([]string{m.Rep}, strings.Fields(m.With)...) {
		h := host{Name: id}
		if rep := s.rep(id); rep != nil {
			h = host{Name: cmp.Or(rep.Name, rep.ID), Role: rep.Title, Picture: rep.Picture}
		}
		all = append(all, h)
	}
	return all
}

func (w *words) moment(m bot.Meeting, at *time.Location) moment {
	start, end := m.Start.In(at), m.End.In(at)
	return moment{
		Day: w.day(start), Clock: w.from(start, end), Zone: zoneName(start), Starts: m.Start.UTC().Format(time.RFC3339),
		Minutes: w.number(int(m.End.Sub(m.Start).Minutes())) + " " + w.Minutes,
	}
}

func (w *words) status(state string) string {
	return map[string]string{
		standsConfirmed: w.Confirmed, standsRunning: w.Running, standsOver: w.Over, standsMissed: w.Missed,
		standsClashed: w.Clashed, standsCancelled: w.Cancelled, standsHeld: w.Held,
	}[state]
}

// done is the sentence after a change, where it is true.
func (w *words) done(what string, m bot.Meeting) string {
	switch {
	case what == doneMoved && m.Status == bot.Confirmed:
		return w.MovedNow
	case what == doneCancelled && m.Status == bot.Cancelled:
		return w.CancelledNow
	}
	return ""
}

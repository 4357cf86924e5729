package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"usher/bot"
	"usher/bot/slots"
	"usher/flows"
)

// Bounds of the page on which another time is chosen.
const (
	maxTimes = 300 // two weeks of half hours
	openDays = 3   // days whose times are shown at once; the others open with a touch
)

// timesPage offers the times a meeting could be at instead.
type timesPage struct {
	W     *words
	Title string
	Note  string // what went wrong before, or why there are none
	Now   *moment
	Zone  string
	Days  []timesDay
	Back  string
	Send  string
	Write contact
}

type timesDay struct {
	Label string
	Open  bool
	Times []timesTime
}

// timesTime is one start. Its value is what the form sends: the instant, and the rep where it is another.
type timesTime struct {
	Value, Label, Rep string
}

// times serves the page on which another time is chosen.
func (s *Server) times(w http.ResponseWriter, r *http.Request) {
	o, ok := s.openMeeting(w, r, r.PathValue("uid"))
	if !ok {
		return
	}
	if now := s.follow(r, o); now.UID != o.UID {
		s.back(w, r, now, "")
		return
	}
	s.offer(w, r, o, nil)
}

// reschedule takes the form of that page. What was free when the page was made may be taken: then there are fresh times.
func (s *Server) reschedule(w http.ResponseWriter, r *http.Request) {
	o, ok := s.act(w, r)
	if !ok {
		return
	}
	if !s.movable(o) {
		s.back(w, r, o, "")
		return
	}
	to, err := chosen(r.PostFormValue("start"), r.PostFormValue("rep"))
	if err == nil {
		to.End = to.Start.Add(o.End.Sub(o.Start))
		err = s.move(r.Context(), o, to)
	}
	switch {
	case err == nil:
		s.back(w, r, s.follow(r, o), doneMoved)
	case errors.Is(err, bot.ErrNotFree):
		s.offer(w, r, o, func(free []slots.Slot) string { return s.refusal(o, to.Start, free) })
	default:
		s.unmoved(w, r, o, err)
	}
}

// move puts the meeting at another time, in the name of whoever's link it is.
func (s *Server) move(ctx context.Context, o opened, to slots.Slot) error {
	if o.as == forRep {
		return s.Host.RescheduleByRep(ctx, o.UID, to)
	}
	return s.Host.Reschedule(ctx, o.UID, to)
}

// chosen is the time that a form means, of the rep it names where one is named; bot.ErrNotFree where it is no time.
func chosen(start, rep string) (slots.Slot, error) {
	start, other, _ := strings.Cut(start, " ")
	at, err := time.Parse(time.RFC3339, start)
	if err != nil {
		return slots.Slot{}, bot.ErrNotFree
	}
	return slots.Slot{Rep: cmp.Or(rep, other), Interval: slots.Interval{Start: at}}, nil
}

// refusal says of a time that is not free whether it was taken since the page was made, or never was on it: it is over, or
// off the grid of those that are.
func (s *Server) refusal(o opened, at time.Time, free []slots.Slot) string {
	every := flows.DefaultEvery
	if ws := s.Host.Workspace(); ws != nil && ws.Roster != nil {
		every = cmp.Or(ws.Roster.Meeting.Every, every)
	}
	beside := func(f slots.Slot) bool { return f.Start.Sub(at)%every == 0 }
	if at.After(s.now()) && slices.ContainsFunc(free, beside) {
		return o.words.Taken
	}
	return o.words.NotOffered
}

// unmoved says why no other time can be chosen.
func (s *Server) unmoved(w http.ResponseWriter, r *http.Request, o opened, err error) {
	switch {
	case errors.Is(err, bot.ErrLate):
		s.page(w, http.StatusConflict, "times.html", s.timesPage(o, o.words.Late))
	case errors.Is(err, bot.ErrBegun):
		s.back(w, r, o, "")
	case errors.Is(err, bot.ErrNotFound):
		s.missing(w)
	default:
		s.refuse(w, s.faultOf(err, "reschedule meeting", o.Conversation), "")
	}
}

// follow is the meeting that was booked in place of one that clashed, opened by a link of its own; else the same.
func (s *Server) follow(r *http.Request, o opened) opened {
	if o.Status != bot.Cancelled || !o.Clashed || o.as == forOld {
		return o
	}
	card, err := s.Host.Card(r.Context(), o.Conversation)
	if err != nil {
		s.log().Warn("what is booked in place of a meeting is not known", "meeting", o.UID, "err", err)
		return o
	}
	if m := card.Meeting; m != nil && m.UID != o.UID && m.Status == bot.Confirmed {
		o.Meeting, o.signature = *m, s.sign(o.as, m.UID, m.End.Add(meetingLinkLasts))
	}
	return o
}

// offer shows what is free now; where a time was chosen that is not, refused says why.
func (s *Server) offer(w http.ResponseWriter, r *http.Request, o opened, refused func(free []slots.Slot) string) {
	if !s.movable(o) {
		s.back(w, r, o, "")
		return
	}
	free, err := s.Host.Times(r.Context(), o.UID, maxTimes)
	if err != nil {
		s.unmoved(w, r, o, err)
		return
	}
	p, status := s.timesPage(o, ""), http.StatusOK
	if refused != nil {
		p.Note, status = refused(free), http.StatusConflict
	}
	if p.Days = s.days(free, o); len(free) == 0 {
		p.Note = o.words.TimesNone
	} else {
		p.Zone = zoneName(free[0].Start.In(o.zone))
	}
	s.page(w, status, "times.html", p)
}

func (s *Server) timesPage(o opened, note string) timesPage {
	p := timesPage{
		W: o.words, Title: title(o.Meeting), Note: note, Write: s.contact(o.Rep),
		Back: "../" + url.PathEscape(o.UID) + "?s=" + o.signature, Send: "reschedule?s=" + o.signature,
	}
	if o.Status == bot.Confirmed {
		now := o.words.moment(o.Meeting, o.zone)
		p.Now = &now
	}
	return p
}

// days groups times by the day they are on for whoever looks. Of several reps free at one time one is shown, the owner
// first.
func (s *Server) days(free []slots.Slot, o opened) []timesDay {
	var days []timesDay
	at := map[time.Time]int{}
	for _, f := range free {
		start := f.Start.In(o.zone)
		label := o.words.day(start)
		if len(days) == 0 || days[len(days)-1].Label != label {
			days = append(days, timesDay{Label: label, Open: len(days) < openDays})
			clear(at)
		}
		d := &days[len(days)-1]
		t := s.timesTime(f, o)
		if i, double := at[f.Start.UTC()]; !double {
			at[f.Start.UTC()] = len(d.Times)
			d.Times = append(d.Times, t)
		} else if f.Rep == o.Rep {
			d.Times[i] = t
		}
	}
	return days
}

func (s *Server) timesTime(f slots.Slot, o opened) timesTime {
	t := timesTime{Value: f.Start.UTC().Format(time.RFC3339), Label: o.words.clock(f.Start.In(o.zone))}
	if f.Rep != o.Rep {
		t.Value += " " + f.Rep
		if t.Rep = f.Rep; s.rep(f.Rep) != nil {
			t.Rep = s.hosts(bot.Meeting{Rep: f.Rep})[0].Name
		}
	}
	return t
}

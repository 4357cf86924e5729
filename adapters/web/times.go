package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"usher/bot"
	"usher/bot/slots"
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
	if o, ok := s.openMeeting(w, r, r.PathValue("uid")); ok {
		s.offer(w, r, o, http.StatusOK, "")
	}
}

// reschedule takes the form of that page. What is sent must be among what is free now, so that no form asks for a rep or
// a time that nobody offered.
func (s *Server) reschedule(w http.ResponseWriter, r *http.Request) {
	o, ok := s.act(w, r)
	if !ok {
		return
	}
	if !s.movable(o) {
		s.back(w, r, o, "")
		return
	}
	free, err := s.house().Times(r.Context(), o.UID, maxTimes)
	if err == nil {
		to, found := chosen(free, o.Rep, r.PostFormValue("start"), r.PostFormValue("rep"))
		if err = bot.ErrNotFree; found {
			err = s.house().Reschedule(r.Context(), o.UID, to)
		}
	}
	switch {
	case err == nil:
		s.back(w, r, o, doneMoved)
	case errors.Is(err, bot.ErrNotFree):
		s.offer(w, r, o, http.StatusConflict, o.words.Taken)
	case errors.Is(err, bot.ErrLate):
		s.tooLate(w, o)
	case errors.Is(err, bot.ErrBegun):
		s.back(w, r, o, "")
	case errors.Is(err, bot.ErrNotFound):
		s.missing(w)
	default:
		s.refuse(w, s.faultOf(err, "reschedule meeting", o.Conversation), "")
	}
}

// chosen is the free time that a form means: of the rep it names, else of the one who has the meeting, else of anybody.
func chosen(free []slots.Slot, owner, start, rep string) (slots.Slot, bool) {
	start, other, _ := strings.Cut(start, " ")
	if rep == "" {
		rep = other
	}
	at, err := time.Parse(time.RFC3339, start)
	if err != nil {
		return slots.Slot{}, false
	}
	var found *slots.Slot
	for i := range free {
		f := &free[i]
		switch {
		case !f.Start.Equal(at) || rep != "" && f.Rep != rep:
		case found == nil, f.Rep == owner:
			found = f
		}
	}
	if found == nil {
		return slots.Slot{}, false
	}
	return *found, true
}

// offer shows what is free now.
func (s *Server) offer(w http.ResponseWriter, r *http.Request, o opened, status int, note string) {
	if !s.movable(o) {
		s.back(w, r, o, "")
		return
	}
	free, err := s.house().Times(r.Context(), o.UID, maxTimes)
	switch {
	case errors.Is(err, bot.ErrLate):
		s.tooLate(w, o)
		return
	case errors.Is(err, bot.ErrBegun):
		s.back(w, r, o, "")
		return
	case errors.Is(err, bot.ErrNotFound):
		s.missing(w)
		return
	case err != nil:
		s.refuse(w, s.faultOf(err, "find times", o.Conversation), "")
		return
	}
	p := s.timesPage(o, note)
	if p.Days = s.days(free, o); len(free) == 0 {
		p.Note = o.words.TimesNone
	} else {
		p.Zone = zoneName(free[0].Start.In(o.zone))
	}
	s.page(w, status, "times.html", p)
}

// tooLate says that there is no moving it any more.
func (s *Server) tooLate(w http.ResponseWriter, o opened) {
	s.page(w, http.StatusConflict, "times.html", s.timesPage(o, o.words.Late))
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

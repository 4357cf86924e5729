package calendar_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"usher/adapters/calendar"
	"usher/adapters/calendar/calendarfake"
	"usher/bot"
	"usher/flows"
)

// theBot is one meeting and what was told of it.
type theBot struct {
	bot.Meeting
	told string
}

// host is the bot as calendars know it.
type host struct{ *theBot }

func (h host) Meeting(ctx context.Context, uid string) (bot.Meeting, error) {
	if uid != h.UID {
		return bot.Meeting{}, bot.ErrNotFound
	}
	return h.theBot.Meeting, nil
}

func (h host) tell(what string) error {
	h.told = what
	h.Sequence++
	return nil
}

func (h host) Clash(context.Context, string, string) error {
	h.Status = bot.Cancelled
	return h.tell("clash")
}

func (h host) Cancel(context.Context, string, string) error {
	h.Status = bot.Cancelled
	return h.tell("cancel")
}

func (h host) Shifted(_ context.Context, _ string, start, end time.Time) error {
	h.Start, h.End = start, end
	return h.tell("shifted")
}

func (h host) Placed(_ context.Context, _, place string) error {
	h.Place = place
	return h.tell("placed")
}

// writing writes the meeting of a stage.
func (s *stage) writing(m bot.Meeting) (*theBot, func(ctx context.Context) error) {
	b := &theBot{Meeting: m}
	w := &calendar.Writing{
		Host: host{b}, Memory: s.links, Open: s.cloud.Open, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return s.now },
		Workspace: func() *flows.Workspace { return &flows.Workspace{Roster: &flows.Roster{Reps: []*flows.Rep{s.rep}}} },
	}
	return b, func(ctx context.Context) error {
		s.now = s.now.Add(time.Second)
		return w.Carry(ctx, bot.Job{ID: "j", Kind: bot.JobCalendar, Payload: []byte(`{"meeting":"` + m.UID + `"}`)})
	}
}

func TestMeetingsAreCarriedToProviders(t *testing.T) {
	both(t, "a meeting that is called off after the answer to its writing was lost does not stay in the calendar", func(t *testing.T, s *stage) {
		b, carry := s.writing(meeting().Meeting)
		s.LoseAnswers(1)
		if err := carry(t.Context()); err == nil {
			t.Fatal("the answer was lost")
		}
		s.only(t)
		b.Status = bot.Cancelled
		if err := carry(t.Context()); err != nil || len(s.Events("")) != 0 {
			t.Error(err, s.Events(""))
		}
	})
	both(t, "a meeting follows the rep who moved it, and the rep's calendar follows the visitor", func(t *testing.T, s *stage) {
		b, carry := s.writing(meeting().Meeting)
		carried := func() {
			t.Helper()
			if err := carry(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		carried()
		b.Start, b.End, b.Sequence = day(25, 10), day(25, 11), b.Sequence+1
		carried()
		if got := s.only(t); !got.Start.Equal(day(25, 10)) || b.told != "" {
			t.Errorf("%+v %q", got, b.told)
		}
		s.Move(s.only(t).ID, day(26, 10))
		b.Title, b.Sequence = "Priya, Asha and Ben", b.Sequence+1
		carried()
		if got := s.only(t); b.told != "shifted" || !b.Start.Equal(day(26, 10)) || !got.Start.Equal(day(26, 10)) || got.Title != b.Title {
			t.Errorf("%+v %+v", got, b)
		}
		s.Delete(s.only(t).ID)
		b.Title = "Priya and Asha"
		carried()
		if b.told != "cancel" || len(s.Events("")) != 0 {
			t.Errorf("%+v", b)
		}
	})
	both(t, "an event that the rep made a whole day moves no meeting to midnight, and nobody writes over it", func(t *testing.T, s *stage) {
		b, carry := s.writing(meeting().Meeting)
		if err := carry(t.Context()); err != nil {
			t.Fatal(err)
		}
		id := s.only(t).ID
		s.Change(id, func(e *calendarfake.Event) { e.AllDay, e.Start, e.End = true, day(25, 0), day(26, 0) })
		for _, change := range []func(){
			func() { b.Title = "Priya, Asha and Ben" },
			func() { b.Start, b.End, b.Sequence = day(27, 10), day(27, 11), b.Sequence+1 },
		} {
			change()
			want := b.Start
			var retry *bot.RetryError
			if err := carry(t.Context()); !errors.As(err, &retry) || !retry.Never || !strings.Contains(err.Error(), "a whole day there") {
				t.Errorf("the rep is to be told: %v", err)
			}
			if got := s.only(t); b.told != "" || !b.Start.Equal(want) || !got.AllDay {
				t.Errorf("%q, the meeting is at %s: %+v", b.told, b.Start, got)
			}
		}
		seen, err := s.book.Look(t.Context(), calendar.Ref{UID: "m1@usher"})
		if zone := s.rep.Location; err != nil || !seen.AllDay || !seen.Start.Equal(time.Date(2026, 11, 25, 0, 0, 0, 0, zone)) {
			t.Errorf("%+v, %v", seen, err)
		}
	})
	both(t, "a time that the rep's calendar has taken is no time for a meeting", func(t *testing.T, s *stage) {
		s.add("dentist", day(24, 10))
		b, carry := s.writing(meeting().Meeting)
		if err := carry(t.Context()); err != nil || b.told != "clash" || len(s.Events("")) != 1 {
			t.Errorf("%v %+v", err, b)
		}
	})
	for name, made := range map[string]string{calendar.Google: flows.PlaceGoogleMeet, calendar.Microsoft: flows.PlaceTeams} {
		t.Run("the link that the provider makes is the meeting's place, also when it is slow ("+name+")", func(t *testing.T) {
			s := newStage(t, name)
			switch p := s.provider.(type) {
			case *calendarfake.Google:
				p.SlowMeet(6)
			case *calendarfake.Graph:
				p.SlowTeams(6)
			}
			m := meeting().Meeting
			m.Made, m.Place = made, ""
			b, carry := s.writing(m)
			for range 3 {
				if carry(t.Context()) == nil {
					break
				}
			}
			if b.told != "placed" || b.Place == "" {
				t.Errorf("%+v", b)
			}
			s.only(t)
		})
	}
}

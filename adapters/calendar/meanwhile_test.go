package calendar

import (
	"context"
	"errors"
	"testing"
	"time"

	"usher/bot"
	"usher/flows"
)

// slow is a calendar in which nothing is as it was, and which takes its time to say so: meanwhile something happens.
type slow struct {
	meanwhile func()
	events    []Event
	seen      Seen
	err       error
	puts      []Entry
}

func (s *slow) happen() {
	if s.meanwhile != nil {
		s.meanwhile()
		s.meanwhile = nil
	}
}

func (s *slow) Read(context.Context, Query) (Reading, error) {
	s.happen()
	return Reading{Events: s.events}, nil
}

func (s *slow) Look(context.Context, Ref) (Seen, error) {
	s.happen()
	return s.seen, s.err
}

func (s *slow) Put(_ context.Context, e Entry, _ Ref) (Seen, error) {
	s.puts = append(s.puts, e)
	return Seen{Ref: Ref{UID: e.Meeting.UID, Href: "/m"}, Start: e.Meeting.Start, End: e.Meeting.End, Sequence: e.Meeting.Sequence}, nil
}

func (s *slow) Remove(context.Context, Ref) error { return nil }

func TestAMeetingThatIsMovedWhileACalendarIsAskedIsNotTakenForTheOldOne(t *testing.T) {
	account := flows.Calendar{CalDAV: "https://dav.acme.example/"}
	house := func(t *testing.T, s *slow) *writingHouse {
		h := newWritingHouse(t, account, account, meeting)
		h.writing.Open = func(*flows.Rep, flows.Calendar) (Source, error) { return s, nil }
		return h
	}
	later := func(h *writingHouse) func() {
		return func() {
			must(t, h.change(meeting.UID, "moved by the visitor", func(m *bot.Meeting) {
				m.Start, m.End = m.Start.Add(3*time.Hour), m.End.Add(3*time.Hour)
			}))
		}
	}
	t.Run("by what has the old time", func(t *testing.T) {
		s := &slow{events: []Event{{UID: "dentist", Start: meeting.Start, End: meeting.End, Busy: true}}}
		h := house(t, s)
		s.meanwhile = later(h)
		must(t, h.carry())
		if got := h.heard(); got != "moved by the visitor" || len(s.puts) != 1 || !s.puts[0].Meeting.Start.Equal(meeting.Start.Add(3*time.Hour)) {
			t.Errorf("%s, written: %+v", got, s.puts)
		}
	})
	for name, change := range map[string]func(*slow){
		"by an event that was deleted":   func(s *slow) { s.err = ErrGone },
		"by an event that was cancelled": func(s *slow) { s.seen.Cancelled = true },
		"by an event that was moved":     func(s *slow) { s.seen.Start, s.seen.End = meeting.Start.Add(time.Hour), meeting.End.Add(time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			s := &slow{seen: Seen{Start: meeting.Start, End: meeting.End}}
			h := house(t, s)
			must(t, h.carry())
			must(t, h.change(meeting.UID, "a place", func(m *bot.Meeting) { m.Place = "Room 1" }))
			change(s)
			s.meanwhile = later(h)
			must(t, h.carry())
			if got := h.heard(); got != "a place; moved by the visitor" || len(s.puts) != 2 {
				t.Errorf("%s, written %d times", got, len(s.puts))
			}
		})
	}
}

func TestAnEventWithoutLengthMovesNoMeeting(t *testing.T) {
	s := &slow{seen: Seen{Start: meeting.Start.Add(time.Hour), End: meeting.Start.Add(time.Hour)}}
	account := flows.Calendar{CalDAV: "https://dav.acme.example/"}
	h := newWritingHouse(t, account, account, meeting)
	h.writing.Open = func(*flows.Rep, flows.Calendar) (Source, error) { return s, nil }
	must(t, h.carry())
	must(t, h.change(meeting.UID, "a place", func(m *bot.Meeting) { m.Place = "Room 1" }))
	if err := h.carry(); !errors.Is(err, errNoLength) || h.heard() != "a place" {
		t.Error(err, h.heard())
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

package calendar_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/adapters/calendar"
	"usher/adapters/calendar/calendarfake"
	"usher/bot"
	"usher/flows"
)

func (s *stage) put(t *testing.T, e calendar.Entry, at calendar.Ref) calendar.Seen {
	t.Helper()
	seen, err := s.book.Put(t.Context(), e, at)
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

// only gives the one event that stands.
func (s *stage) only(t *testing.T) calendarfake.Event {
	t.Helper()
	all := s.Events("")
	if len(all) != 1 {
		t.Fatalf("%d events: %+v", len(all), all)
	}
	return all[0]
}

func TestMeetingsAtProviders(t *testing.T) {
	both(t, "a meeting is written, seen, changed and removed", func(t *testing.T, s *stage) {
		e := meeting()
		seen := s.put(t, e, calendar.Ref{})
		if !seen.Start.Equal(e.Meeting.Start) || !seen.End.Equal(e.Meeting.End) || seen.UID != "m1@usher" || seen.ETag == "" || seen.Source != calendar.SourceName(s.rep.Calendars[0]) {
			t.Errorf("%+v", seen)
		}
		if got := s.only(t); got.Title != "Priya and Asha" || !got.Start.Equal(day(24, 10)) {
			t.Errorf("%+v", got)
		}
		r, err := s.book.Read(t.Context(), s.query())
		if err != nil || len(r.Events) != 1 || r.Events[0].UID != "m1@usher" || !r.Events[0].Busy {
			t.Errorf("%+v %v", r, err)
		}
		e.Meeting.Start, e.Meeting.End, e.Meeting.Sequence = day(25, 10), day(25, 11), 1
		changed := s.put(t, e, seen.Ref)
		if !changed.Start.Equal(day(25, 10)) || changed.Sequence != 1 || changed.ETag == seen.ETag {
			t.Errorf("%+v", changed)
		}
		looked, err := s.book.Look(t.Context(), changed.Ref)
		if err != nil || looked != changed {
			t.Errorf("%+v, looked at %+v %v", changed, looked, err)
		}
		for range 2 {
			if err := s.book.Remove(t.Context(), changed.Ref); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.book.Look(t.Context(), changed.Ref); !errors.Is(err, calendar.ErrGone) {
			t.Error(err)
		}
		if got := s.Events(""); len(got) != 0 {
			t.Errorf("%+v", got)
		}
	})
	both(t, "an answer that is lost never makes two events", func(t *testing.T, s *stage) {
		s.LoseAnswers(1)
		if _, err := s.book.Put(t.Context(), meeting(), calendar.Ref{}); err == nil {
			t.Fatal("the answer was lost")
		} else if strings.Contains(err.Error(), s.url) || strings.Contains(err.Error(), asha) {
			t.Error("the error tells an address:", err)
		}
		seen := s.put(t, meeting(), calendar.Ref{})
		if s.only(t); !seen.Start.Equal(day(24, 10)) {
			t.Errorf("%+v", seen)
		}
	})
	both(t, "a meeting that moved while its first answer was lost is one event at the new time", func(t *testing.T, s *stage) {
		s.LoseAnswers(1)
		e := meeting()
		_, _ = s.book.Put(t.Context(), e, calendar.Ref{})
		e.Meeting.Start, e.Meeting.End, e.Meeting.Sequence = day(26, 10), day(26, 11), 1
		s.put(t, e, calendar.Ref{})
		if got := s.only(t); !got.Start.Equal(day(26, 10)) {
			t.Errorf("%+v", got)
		}
	})
	both(t, "what the rep moved while the first answer was lost stays where it is", func(t *testing.T, s *stage) {
		s.LoseAnswers(1)
		_, _ = s.book.Put(t.Context(), meeting(), calendar.Ref{})
		s.Move(s.only(t).ID, day(26, 10))
		if _, err := s.book.Put(t.Context(), meeting(), calendar.Ref{}); !errors.Is(err, calendar.ErrChanged) {
			t.Error(err)
		}
		if seen, err := s.book.Look(t.Context(), calendar.Ref{UID: "m1@usher"}); err != nil || !seen.Start.Equal(day(26, 10)) {
			t.Errorf("%+v %v", seen, err)
		}
	})
	both(t, "a note that the rep made in the event keeps no change of the meeting out", func(t *testing.T, s *stage) {
		e := meeting()
		seen := s.put(t, e, calendar.Ref{})
		s.Change(s.only(t).ID, func(e *calendarfake.Event) { e.Title += ", bring the contract" })
		e.Meeting.Start, e.Meeting.End, e.Meeting.Sequence = day(25, 10), day(25, 11), 1
		if changed := s.put(t, e, seen.Ref); !changed.Start.Equal(day(25, 10)) || !s.only(t).Start.Equal(day(25, 10)) {
			t.Errorf("%+v", changed)
		}
	})
	both(t, "an event that the rep put into another calendar is changed there", func(t *testing.T, s *stage) {
		s.AddCalendar(asha, calendarfake.Calendar{ID: "second", Title: "Second"})
		e := meeting()
		seen := s.put(t, e, calendar.Ref{})
		if g, ok := s.provider.(*calendarfake.Graph); ok {
			g.PutInto(seen.Href, "second")
		} else {
			s.Change(s.only(t).ID, func(e *calendarfake.Event) { e.Calendar = "second" })
		}
		looked, err := s.book.Look(t.Context(), seen.Ref)
		if err != nil || !looked.Start.Equal(day(24, 10)) || looked.Href == seen.Href {
			t.Errorf("%+v %v", looked, err)
		}
		e.Meeting.Start, e.Meeting.End, e.Meeting.Sequence = day(25, 10), day(25, 11), 1
		if changed := s.put(t, e, seen.Ref); changed.Href != looked.Href || !s.only(t).Start.Equal(day(25, 10)) || s.only(t).Calendar != "second" {
			t.Errorf("%+v", changed)
		}
		if err := s.book.Remove(t.Context(), seen.Ref); err != nil || len(s.Events("")) != 0 {
			t.Errorf("it is not taken out there: %v", err)
		}
	})
	both(t, "a change whose answer was lost is no conflict, and one of the rep is", func(t *testing.T, s *stage) {
		e := meeting()
		seen := s.put(t, e, calendar.Ref{})
		e.Meeting.Start, e.Meeting.End, e.Meeting.Sequence = day(25, 10), day(25, 11), 1
		s.LoseAnswers(1)
		_, _ = s.book.Put(t.Context(), e, seen.Ref)
		again := s.put(t, e, seen.Ref)
		s.Move(s.only(t).ID, day(27, 10))
		e.Meeting.Sequence = 2
		if _, err := s.book.Put(t.Context(), e, again.Ref); !errors.Is(err, calendar.ErrChanged) {
			t.Error(err)
		}
		looked, err := s.book.Look(t.Context(), again.Ref)
		if err != nil || !looked.Start.Equal(day(27, 10)) || looked.ETag == again.ETag {
			t.Errorf("%+v %v", looked, err)
		}
	})
	both(t, "a meeting that the rep deleted is gone, to look at and to change", func(t *testing.T, s *stage) {
		seen := s.put(t, meeting(), calendar.Ref{})
		s.Delete(s.only(t).ID)
		if _, err := s.book.Look(t.Context(), seen.Ref); !errors.Is(err, calendar.ErrGone) {
			t.Error(err)
		}
		e := meeting()
		e.Meeting.Sequence = 1
		if _, err := s.book.Put(t.Context(), e, seen.Ref); !errors.Is(err, calendar.ErrGone) {
			t.Error(err)
		}
	})
	both(t, "a server that is down, or the whole calendar being away, is not a meeting being gone", func(t *testing.T, s *stage) {
		seen := s.put(t, meeting(), calendar.Ref{})
		s.Fail(9, http.StatusServiceUnavailable, 0)
		if _, err := s.book.Look(t.Context(), seen.Ref); err == nil || errors.Is(err, calendar.ErrGone) {
			t.Error(err)
		}
		s.Fail(0, 0, 0)
		s.DropCalendar(asha)
		if _, err := s.book.Look(t.Context(), seen.Ref); err == nil || errors.Is(err, calendar.ErrGone) {
			t.Error(err)
		}
		e := meeting()
		e.Meeting.Sequence = 1
		if _, err := s.book.Put(t.Context(), e, seen.Ref); err == nil || errors.Is(err, calendar.ErrGone) {
			t.Error(err)
		}
	})
	both(t, "a meeting that leaves the calendar and comes back is written again", func(t *testing.T, s *stage) {
		e := meeting()
		seen := s.put(t, e, calendar.Ref{})
		if err := s.book.Remove(t.Context(), seen.Ref); err != nil {
			t.Fatal(err)
		}
		e.Meeting.Sequence = 2
		s.put(t, e, calendar.Ref{})
		if got := s.only(t); got.Title != "Priya and Asha" {
			t.Errorf("%+v", got)
		}
	})
	both(t, "a meeting whose writing was never answered is found by its UID, to look at and to remove", func(t *testing.T, s *stage) {
		s.LoseAnswers(1)
		_, _ = s.book.Put(t.Context(), meeting(), calendar.Ref{})
		if seen, err := s.book.Look(t.Context(), calendar.Ref{UID: "m1@usher"}); err != nil || !seen.Start.Equal(day(24, 10)) {
			t.Errorf("%+v %v", seen, err)
		}
		if err := s.book.Remove(t.Context(), calendar.Ref{UID: "m1@usher"}); err != nil || len(s.Events("")) != 0 {
			t.Error(err)
		}
		if err := s.book.Remove(t.Context(), calendar.Ref{UID: "m1@usher"}); err != nil {
			t.Error(err)
		}
	})
	both(t, "a meeting without sense is refused for good", func(t *testing.T, s *stage) {
		e := meeting()
		e.Meeting.End = e.Meeting.Start.Add(-time.Hour)
		_, err := s.book.Put(t.Context(), e, calendar.Ref{})
		var never *bot.RetryError
		if !errors.As(err, &never) || !never.Never {
			t.Error(err)
		}
	})
	both(t, "a copy that the rep makes of a meeting is an event of its own", func(t *testing.T, s *stage) {
		s.put(t, meeting(), calendar.Ref{})
		copied := s.only(t)
		copied.ID, copied.UID, copied.Start, copied.End = "copy00", "copy", day(25, 8), day(25, 9)
		s.AddEvent(copied)
		r, err := s.book.Read(t.Context(), s.query())
		if err != nil || len(r.Events) != 2 || r.Events[0].UID != "m1@usher" || r.Events[1].UID != "copy" {
			t.Errorf("%+v %v", r, err)
		}
	})
}

func TestPlacesThatProvidersMake(t *testing.T) {
	for name, made := range map[string]string{calendar.Google: flows.PlaceGoogleMeet, calendar.Microsoft: flows.PlaceTeams} {
		t.Run("a link is made with the event and stays with it ("+name+")", func(t *testing.T) {
			s := newStage(t, name)
			e := meeting()
			e.Meeting.Made, e.Meeting.Place = made, ""
			seen := s.put(t, e, calendar.Ref{})
			if !strings.HasPrefix(seen.Place, "https://") {
				t.Fatalf("%+v", seen)
			}
			e.Meeting.Start, e.Meeting.End, e.Meeting.Sequence, e.Meeting.Place = day(25, 10), day(25, 11), 1, seen.Place
			if changed := s.put(t, e, seen.Ref); changed.Place != seen.Place || !changed.Start.Equal(day(25, 10)) {
				t.Errorf("%+v", changed)
			}
		})
		t.Run("a link that is slow is waited for, and asked for again later, for one event ("+name+")", func(t *testing.T) {
			for looks, tries := range map[int]int{2: 1, 9: 3} {
				s := newStage(t, name)
				switch p := s.provider.(type) {
				case *calendarfake.Google:
					p.SlowMeet(looks)
				case *calendarfake.Graph:
					p.SlowTeams(looks)
				}
				e := meeting()
				e.Meeting.Made, e.Meeting.Place = made, ""
				seen, n := calendar.Seen{}, 0
				for seen.Place == "" && n < 9 {
					var err error
					n++
					seen, err = s.book.Put(t.Context(), e, calendar.Ref{})
					var again *bot.RetryError
					if err != nil && (!errors.As(err, &again) || again.After == 0 || again.Never) {
						t.Fatal(err)
					}
				}
				if n > tries {
					t.Errorf("%d looks took %d tries", looks, n)
				}
				s.only(t)
			}
		})
	}
}

func TestPeculiaritiesOfMicrosoft(t *testing.T) {
	t.Run("an event that was created and cannot be found yet is not created again", func(t *testing.T) {
		s := newStage(t, calendar.Microsoft)
		s.LoseAnswers(1)
		_, _ = s.book.Put(t.Context(), meeting(), calendar.Ref{})
		s.provider.(*calendarfake.Graph).Blind(1)
		_, err := s.book.Put(t.Context(), meeting(), calendar.Ref{})
		var again *bot.RetryError
		if !errors.As(err, &again) || again.Never {
			t.Error(err)
		}
		s.put(t, meeting(), calendar.Ref{})
		s.only(t)
	})
	t.Run("a page's link to another server gets no token", func(t *testing.T) {
		s := newStage(t, calendar.Microsoft)
		s.cloud.Settings.MicrosoftURL = strings.Replace(s.url, "127.0.0.1", "localhost", 1) + "/v1.0"
		s.Pages(1)
		s.add("one", day(24, 10))
		s.add("two", day(24, 12))
		s.cloud.Client = &http.Client{Transport: elsewhere{s.client().Transport, s.url}}
		s.open()
		if _, err := s.book.Read(t.Context(), s.query()); err == nil || !strings.Contains(err.Error(), "another server") {
			t.Error(err)
		}
	})
}

// elsewhere answers as a server would that gives links to another one.
type elsewhere struct {
	http.RoundTripper
	url string
}

func (e elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Host = strings.TrimPrefix(e.url, "http://")
	r.Host = r.URL.Host
	return e.RoundTripper.RoundTrip(r)
}

// TestPutLeavesOneEvent is the law of writing: whatever answers are lost and however often it is tried, one event
// stands, and it stands as the meeting does.
func TestPutLeavesOneEvent(t *testing.T) {
	for _, name := range providers {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				s := newStage(t, name)
				e, at := meeting(), calendar.Ref{}
				for range rapid.IntRange(1, 8).Draw(t, "tries") {
					switch rapid.IntRange(0, 3).Draw(t, "fault") {
					case 0:
						s.LoseAnswers(1)
					case 1:
						s.Throttle(rapid.IntRange(1, 4).Draw(t, "refused"), 1)
					}
					if rapid.Bool().Draw(t, "moves") {
						e.Meeting.Sequence++
						e.Meeting.Start = e.Meeting.Start.Add(time.Hour)
						e.Meeting.End = e.Meeting.End.Add(time.Hour)
					}
					if seen, err := s.book.Put(context.Background(), e, at); err == nil {
						at = seen.Ref
					} else if errors.Is(err, calendar.ErrChanged) { // the carrier looks and goes on from there
						if seen, err := s.book.Look(context.Background(), at); err == nil {
							at = seen.Ref
						}
					}
				}
				s.LoseAnswers(0)
				s.Throttle(0, 0)
				seen, err := s.book.Put(context.Background(), e, at)
				if errors.Is(err, calendar.ErrChanged) {
					if seen, err = s.book.Look(context.Background(), at); err == nil {
						seen, err = s.book.Put(context.Background(), e, seen.Ref)
					}
				}
				if err != nil {
					t.Fatal(err)
				}
				all := s.Events("")
				if len(all) != 1 || !all[0].Start.Equal(e.Meeting.Start) || !seen.Start.Equal(e.Meeting.Start) || seen.Sequence != e.Meeting.Sequence {
					t.Fatalf("%+v, seen %+v", all, seen)
				}
			})
		})
	}
}

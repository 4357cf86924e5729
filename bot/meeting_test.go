package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/bot/slots"
	"usher/flows"
)

// housed is the floor with ten minutes around meetings and an engineer, whose flow books with these further keys.
func housed(book string) fstest.MapFS {
	talk := strings.Replace(string(floor["talk.yaml"].Data), "book: { minutes: 30 }", "book: { minutes: 30"+book+" }", 1)
	team := strings.Replace(string(floor["team.yaml"].Data), "teams:", "  - { id: dora, name: Dora Eng, email: dora@acme.example, hours: all }\nteams:\n  - { id: engineers, reps: [dora] }", 1)
	return fstest.MapFS{
		"talk.yaml": {Data: []byte(talk)},
		"team.yaml": {Data: []byte(strings.Replace(team, "buffer: 0m", "buffer: 10m", 1))},
	}
}

// posting has jobs made for letters, calendars and alerts.
func (s *stage) posting() *stage {
	for _, kind := range []string{bot.JobMail, bot.JobCalendar, bot.JobAlert} {
		s.Carriers[kind] = func(context.Context, bot.Job) error { return nil }
	}
	return s
}

// due takes the jobs that are due and tells of each its kind and what is to be told of whom.
func (s *stage) due() (told []string) {
	s.t.Helper()
	for {
		jobs, err := s.Store.Claim(s.t.Context(), s.now(), time.Minute, 100)
		must(s.t, err)
		if len(jobs) == 0 {
			slices.Sort(told)
			return told
		}
		for _, j := range jobs {
			var e bot.Event
			must(s.t, json.Unmarshal(j.Payload, &e))
			words := []string{j.Kind, e.Event}
			if e.To == bot.ToRep {
				words = append(words, e.Rep)
			} else if e.To != "" {
				words = append(words, e.To)
			}
			told = append(told, strings.TrimSpace(strings.Join(words, " ")+" "+e.Detail))
			j.State = bot.JobDone
			must(s.t, s.Store.Finish(s.t.Context(), j))
		}
	}
}

// told checks which jobs are due.
func (s *stage) told(want ...string) {
	s.t.Helper()
	slices.Sort(want)
	if got := s.due(); !slices.Equal(got, want) {
		s.t.Errorf("told\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// meeting is the conversation's as the store has it.
func (s *stage) meeting(a bot.Arrived) bot.Meeting {
	s.t.Helper()
	c := s.state(a)
	if c.Meeting == nil {
		s.t.Fatalf("no meeting in %s", c.State)
	}
	m, err := s.Meeting(s.t.Context(), c.Meeting.UID)
	must(s.t, err)
	if m.Status != bot.Confirmed || m.Rep != c.Meeting.Rep || !m.Start.Equal(c.Meeting.Start) || !m.End.Equal(c.Meeting.End) || m.With != c.Meeting.With {
		s.t.Fatalf("the row is %+v, the conversation's meeting %+v", m, c.Meeting)
	}
	return m
}

// words is the last that the bot said.
func (s *stage) words(a bot.Arrived) string {
	all := s.transcript(a)
	return all[len(all)-1].Text
}

// at is a time of the rep, so many hours after the meeting's.
func at(m bot.Meeting, rep string, hours int) slots.Slot {
	d := time.Duration(hours) * time.Hour
	return slots.Slot{Rep: rep, Interval: slots.Interval{Start: m.Start.Add(d), End: m.End.Add(d)}}
}

func TestABookingIsTold(t *testing.T) {
	s := newStageOn(t, file(t), housed("")).posting()
	a := s.offered()
	s.say(a, "at "+s.state(a).Offers[1].Start.Format("15:04"))
	m := s.meeting(a)
	if m.Kind != "talk/meet" || m.Language != "en" || m.Day != m.Start.Format(time.DateOnly) || m.Attendee != "priya@bigco.example" || m.Buffer != 10*time.Minute {
		t.Errorf("%+v", m)
	}
	s.told("alert watched_company bigco.example", "calendar changed", "mail invitation visitor", "mail invitation "+m.Rep)
	s.pass(m.Start.Sub(s.now()) - time.Hour)
	s.told("mail reminder visitor 1h0m0s") // the one a day before was past when it was booked
}

func TestReschedule(t *testing.T) {
	for name, url := range databases {
		t.Run("the meeting is at another time under its UID, on "+name, func(t *testing.T) {
			s := newStageOn(t, url(t), housed("")).posting()
			a := s.booked()
			m := s.meeting(a)
			s.due()
			to := at(m, m.Rep, 30)
			must(t, s.Reschedule(t.Context(), m.UID, to))
			now := s.meeting(a)
			if now.UID != m.UID || now.Sequence != 1 || !now.Start.Equal(to.Start) || now.Rep != m.Rep || now.Day != to.Start.Format(time.DateOnly) {
				t.Errorf("%+v", now)
			}
			s.told("alert meeting_time visitor", "calendar changed", "mail update visitor", "mail update "+m.Rep)
			all := s.transcript(a)
			if last := all[len(all)-1]; !strings.Contains(last.Text, "at another time now") || last.Meeting != m.UID {
				t.Errorf("%+v", last)
			}
			must(t, s.Reschedule(t.Context(), m.UID, to)) // again: it is there
			s.told()
			for _, reminder := range []string{"24h0m0s", "1h0m0s"} {
				d, err := time.ParseDuration(reminder)
				must(t, err)
				s.pass(to.Start.Add(-d).Sub(s.now()))
				if got := s.due(); !slices.Contains(got, "mail reminder visitor "+reminder) {
					t.Errorf("%s before: %q", reminder, got)
				}
			}
			s.replayed(a)
		})
	}

	t.Run("moved by the rep, the rep's alert and the visitor's chat say so", func(t *testing.T) {
		s := newStageOn(t, file(t), housed("")).posting()
		a := s.booked()
		m := s.meeting(a)
		s.due()
		must(t, s.RescheduleByRep(t.Context(), m.UID, at(m, m.Rep, 30)))
		s.told("alert meeting_time rep", "calendar changed", "mail update visitor", "mail update "+m.Rep)
		all := s.transcript(a)
		if last := all[len(all)-1]; !strings.Contains(last.Text, "A small change") {
			t.Errorf("%+v", last)
		}
		s.replayed(a)
	})

	t.Run("a time that is taken is refused, and nothing changes", func(t *testing.T) {
		s := newFloor(t)
		a := s.booked()
		m := s.meeting(a)
		var b bot.Arrived
		for b = s.booked(); s.owner(b) != m.Rep; b = s.booked() {
		}
		taken := s.meeting(b)
		to := slots.Slot{Rep: m.Rep, Interval: slots.Interval{Start: taken.Start, End: taken.End}}
		if err := s.Reschedule(t.Context(), m.UID, to); !errors.Is(err, bot.ErrNotFree) {
			t.Errorf("%v", err)
		}
		if now := s.meeting(a); now.Sequence != 0 || !now.Start.Equal(m.Start) {
			t.Errorf("%+v", now)
		}
	})

	t.Run("what has begun, is too near, is cancelled or is not there is refused", func(t *testing.T) {
		s := newFloor(t)
		a := s.booked()
		m := s.meeting(a)
		refused := func(want error) {
			t.Helper()
			if err := s.Reschedule(t.Context(), m.UID, at(m, m.Rep, 5)); !errors.Is(err, want) {
				t.Errorf("%v, not %v", err, want)
			}
			if _, err := s.Times(t.Context(), m.UID, 3); !errors.Is(err, want) {
				t.Errorf("times: %v, not %v", err, want)
			}
		}
		s.pass(m.Start.Sub(s.now()) - 30*time.Minute)
		refused(bot.ErrLate)
		s.pass(30 * time.Minute)
		refused(bot.ErrBegun)
		b := s.booked()
		m = s.meeting(b)
		must(t, s.Cancel(t.Context(), m.UID, ""))
		refused(bot.ErrNotFound)
		m.UID = "nothing"
		refused(bot.ErrNotFound)
	})

	t.Run("every time that is named can be had", func(t *testing.T) {
		s := newFloor(t)
		a := s.booked()
		m := s.meeting(a)
		times, err := s.Times(t.Context(), m.UID, 5)
		must(t, err)
		if len(times) != 5 {
			t.Fatalf("%+v", times)
		}
		for _, to := range times {
			if to.Rep != m.Rep || to.Start.Equal(m.Start) {
				t.Errorf("%+v of %+v", to, m)
			}
			must(t, s.Reschedule(t.Context(), m.UID, to))
		}
		if now := s.meeting(a); now.Sequence != 5 {
			t.Errorf("%+v", now)
		}
	})

	t.Run("where the rep has no time, whoever has one gets the lead, and the ledger says so", func(t *testing.T) {
		s := newFloor(t).posting()
		a := s.booked()
		m := s.meeting(a)
		before := s.shares()
		must(t, s.Store.SaveAway(t.Context(), m.Rep, []slots.Interval{{Start: s.now(), End: s.now().AddDate(0, 1, 0)}}))
		times, err := s.Times(t.Context(), m.UID, 3)
		must(t, err)
		if len(times) == 0 || times[0].Rep == m.Rep {
			t.Fatalf("%+v", times)
		}
		s.due()
		must(t, s.Reschedule(t.Context(), m.UID, times[0]))
		now := s.meeting(a)
		if now.Rep == m.Rep || now.UID != m.UID || now.Sequence != 1 || now.Place != "https://meet.example/"+now.Rep || s.owner(a) != now.Rep {
			t.Errorf("%+v", now)
		}
		s.told("alert meeting_moved "+m.Rep, "alert meeting_time visitor", "calendar changed", "mail update visitor",
			"mail invitation "+now.Rep, "mail cancel "+m.Rep+" another rep has the meeting")
		after := s.shares()
		if after[m.Rep] != before[m.Rep]-1 || after[now.Rep] != before[now.Rep]+1 {
			t.Errorf("shares %v, then %v", before, after)
		}
		s.replayed(a)
	})

	for name, url := range databases {
		t.Run("several meetings into one free time: one gets it, on "+name, func(t *testing.T) {
			s := newStageOn(t, url(t), floor)
			var mine []bot.Meeting
			for len(mine) < 4 {
				if a := s.booked(); s.owner(a) == "asha" {
					mine = append(mine, s.meeting(a))
				}
			}
			var all sync.WaitGroup
			var got atomic.Int32
			for _, m := range mine {
				all.Go(func() {
					switch err := s.Reschedule(t.Context(), m.UID, at(mine[0], "asha", 20)); {
					case err == nil:
						got.Add(1)
					case !errors.Is(err, bot.ErrNotFree):
						t.Error(err)
					}
				})
			}
			all.Wait()
			if got.Load() != 1 {
				t.Errorf("%d got the time", got.Load())
			}
		})

		t.Run("two at once: one time stands, and nothing doubles, on "+name, func(t *testing.T) {
			address := url(t)
			s := newStageOn(t, address, floor)
			other := s // an SQLite file has one node
			if name != "sqlite" {
				other = newStageOn(t, address, floor)
			}
			a := s.booked()
			m := s.meeting(a)
			var all sync.WaitGroup
			for i, node := range []*stage{s, other, s, other} {
				all.Go(func() {
					if err := node.Reschedule(t.Context(), m.UID, at(m, m.Rep, 2+i%2)); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			now := s.meeting(a)
			hours := now.Start.Sub(m.Start).Hours()
			if now.UID != m.UID || now.Sequence < 1 || now.Sequence > 4 || hours != 2 && hours != 3 {
				t.Errorf("%+v", now)
			}
			if one := s.confirmed(a); len(one) != 1 {
				t.Errorf("%+v", one)
			}
			s.replayed(a)
		})
	}
}

func TestRescheduleInTheChat(t *testing.T) {
	s := newFloor(t).posting()
	a := s.booked()
	m := s.meeting(a)
	s.due()
	if said := s.say(a, "can we move it?"); !strings.Contains(said, "These times are free") {
		t.Fatalf("%q", said)
	}
	s.told()
	s.say(a, s.first(a))
	now := s.meeting(a)
	if now.UID != m.UID || now.Sequence != 1 || now.Start.Equal(m.Start) || len(s.confirmed(a)) != 1 {
		t.Errorf("%+v", now)
	}
	s.told("alert meeting_time visitor", "calendar changed", "mail update visitor", "mail update "+m.Rep)
	s.say(a, "cancel the meeting")
	if len(s.confirmed(a)) != 0 {
		t.Errorf("%+v", s.confirmed(a))
	}
	s.told("alert meeting_cancelled the visitor said so in the chat", "calendar changed", "mail cancel visitor", "mail cancel "+m.Rep)
	s.replayed(a)
}

// confirmed is the conversation's confirmed rows of all reps.
func (s *stage) confirmed(a bot.Arrived) (rows []bot.Meeting) {
	s.t.Helper()
	for _, rep := range []string{"asha", "ben", "cora", "dora"} {
		all, err := s.MeetingsOf(s.t.Context(), rep, s.now().AddDate(-1, 0, 0), s.now().AddDate(1, 0, 0))
		must(s.t, err)
		for _, m := range all {
			if m.Conversation == a.Conversation.ID && m.Status == bot.Confirmed {
				rows = append(rows, m)
			}
		}
	}
	return rows
}

func TestClash(t *testing.T) {
	t.Run("a visitor who left is told by letter, and finds other times in the chat", func(t *testing.T) {
		s := newFloor(t).posting()
		a := s.booked()
		m := s.meeting(a)
		s.due()
		s.pass(10 * time.Minute)
		for range 2 {
			must(t, s.Clash(t.Context(), m.UID, "a dentist"))
		}
		s.told("alert meeting_clash a dentist", "calendar changed", "mail clash visitor a dentist", "mail clash "+m.Rep+" a dentist")
		row, err := s.Meeting(t.Context(), m.UID)
		must(t, err)
		if row.Status != bot.Cancelled || !row.Clashed || row.Sequence != 1 || row.Because != "a dentist" {
			t.Errorf("%+v", row)
		}
		c := s.state(a)
		if c.State != "meet/offered" || c.End != "" || c.Meeting != nil || !strings.Contains(s.words(a), "Sorry") {
			t.Fatalf("%+v", c)
		}
		if card, err := s.Card(t.Context(), a.Conversation.ID); err != nil || !strings.Contains(card.WhyNoMeeting, "took the time") {
			t.Errorf("%q, %v", card.WhyNoMeeting, err)
		}
		if again := s.say(a, s.first(a)); !strings.Contains(again, "See you") {
			t.Fatalf("%q", again)
		}
		now := s.meeting(a)
		if now.UID == m.UID || now.Sequence != 0 {
			t.Errorf("%+v", now)
		}
		s.told("calendar changed", "mail invitation visitor", "mail invitation "+now.Rep, "mail cancel visitor a dentist", "mail cancel "+m.Rep+" a dentist")
		if row, err = s.Meeting(t.Context(), m.UID); err != nil || row.Clashed || row.Status != bot.Cancelled {
			t.Errorf("another time is still asked for: %+v, %v", row, err)
		}
		if _, err := s.Times(t.Context(), m.UID, 3); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("%v", err)
		}
		s.replayed(a)
	})

	t.Run("the page of the meeting that clashed books another one", func(t *testing.T) {
		s := newFloor(t)
		a := s.booked()
		m := s.meeting(a)
		must(t, s.Clash(t.Context(), m.UID, ""))
		s.pass(flows.DefaultExpiry + time.Minute)
		s.lapse(a)
		times, err := s.Times(t.Context(), m.UID, 3)
		must(t, err)
		must(t, s.Reschedule(t.Context(), m.UID, times[1]))
		if now := s.meeting(a); now.UID == m.UID || !now.Start.Equal(times[1].Start) || now.Attendee != m.Attendee || s.state(a).End != flows.Qualified {
			t.Errorf("%+v", now)
		}
		if err := s.Reschedule(t.Context(), m.UID, times[2]); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("twice: %v", err)
		}
		s.replayed(a)
	})

	t.Run("a wake of the time before the clash does nothing", func(t *testing.T) {
		s := newFloor(t)
		a := s.offered()
		old := s.state(a).WakeAt
		s.say(a, s.first(a))
		s.pass(10 * time.Minute)
		must(t, s.Clash(t.Context(), s.meeting(a).UID, ""))
		before := s.state(a)
		if before.WakeAt.IsZero() || before.WakeAt.Equal(old) {
			t.Fatalf("it wakes at %v, before the clash at %v", before.WakeAt, old)
		}
		m, err := dialogue.Compile(s.Workspace(), s.Workspace().Flow("talk"))
		must(t, err)
		if after, effects, err := m.Advance(before, dialogue.Lapsed{At: old}, old); err != nil || len(effects) > 0 || !reflect.DeepEqual(after, before) {
			t.Errorf("%+v, %v", effects, err)
		}
	})

	t.Run("after the meeting has begun it is too late", func(t *testing.T) {
		s := newFloor(t)
		m := s.meeting(s.booked())
		s.pass(m.Start.Sub(s.now()))
		if err := s.Clash(t.Context(), m.UID, ""); !errors.Is(err, bot.ErrBegun) {
			t.Errorf("%v", err)
		}
	})
}

// lapse lets the conversation's silence end, as Run would.
func (s *stage) lapse(a bot.Arrived) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	var all sync.WaitGroup
	all.Go(func() { s.Run(ctx) })
	eventually(s.t, "the conversation lapses", func() bool { return s.state(a).End == dialogue.Expired })
	cancel()
	all.Wait()
}

func TestShifted(t *testing.T) {
	s := newStageOn(t, file(t), housed("")).posting()
	a := s.booked()
	m := s.meeting(a)
	var b bot.Arrived
	for b = s.booked(); s.owner(b) != m.Rep; b = s.booked() {
	}
	s.due()
	beside := s.meeting(b)
	onto := beside.Start.Add(10 * time.Minute)
	for range 2 {
		if err := s.Shifted(t.Context(), m.UID, onto, beside.End); !errors.Is(err, bot.ErrNotFree) {
			t.Errorf("onto another meeting: %v", err)
		}
	}
	s.told("alert meeting_stays " + onto.UTC().Format(time.RFC3339))
	if now := s.meeting(a); now.Sequence != 0 {
		t.Errorf("%+v", now)
	}
	night := beside.End.Add(24 * time.Hour)
	must(t, s.Shifted(t.Context(), m.UID, night, night.Add(50*time.Minute)))
	now := s.meeting(a)
	if now.Sequence != 1 || now.End.Sub(now.Start) != 50*time.Minute {
		t.Errorf("%+v", now)
	}
	s.told("alert meeting_time rep", "calendar changed", "mail update visitor", "mail update "+m.Rep)
	must(t, s.Shifted(t.Context(), m.UID, night, night.Add(50*time.Minute)))
	s.told()
	// closer to the other one than the rules would: its own buffer gives way
	near := beside.End.Add(beside.Buffer)
	must(t, s.Shifted(t.Context(), m.UID, near, near.Add(20*time.Minute)))
	if now := s.meeting(a); now.Sequence != 2 || !now.Start.Equal(near) {
		t.Errorf("%+v", now)
	}
	s.replayed(a)
}

func TestPlaced(t *testing.T) {
	s := newStageOn(t, file(t), housed(", place: google_meet")).posting()
	a := s.booked()
	m := s.meeting(a)
	if m.Made != flows.PlaceGoogleMeet || m.Place != "" {
		t.Errorf("%+v", m)
	}
	s.due()
	for range 2 {
		must(t, s.Placed(t.Context(), m.UID, "https://meet.google.example/abc-defg"))
	}
	now := s.meeting(a)
	if now.Place != "https://meet.google.example/abc-defg" || now.Sequence != 1 || !strings.Contains(s.words(a), now.Place) {
		t.Errorf("%+v, told %q", now, s.words(a))
	}
	s.told("calendar changed", "mail update visitor", "mail update "+m.Rep)
	must(t, s.Reschedule(t.Context(), m.UID, at(m, m.Rep, 4)))
	if later := s.meeting(a); later.Place != now.Place {
		t.Errorf("the link is lost: %+v", later)
	}
}

func TestReplied(t *testing.T) {
	s := newFloor(t).posting()
	a := s.booked()
	m := s.meeting(a)
	must(t, s.Reschedule(t.Context(), m.UID, at(m, m.Rep, 4)))
	s.due()
	turns := s.state(a).Turns
	must(t, s.Replied(t.Context(), m.UID, "somebody@else.example", bot.AnswerDeclined, 1))
	must(t, s.Replied(t.Context(), m.UID, m.Attendee, bot.AnswerDeclined, 0))
	must(t, s.Replied(t.Context(), m.UID, m.Attendee, "shouted", 1))
	must(t, s.Replied(t.Context(), "nothing", m.Attendee, bot.AnswerDeclined, 1))
	if s.told(); s.state(a).Turns != turns {
		t.Error("an answer that means nothing is a turn")
	}
	for range 2 {
		must(t, s.Replied(t.Context(), m.UID, strings.ToUpper(m.Attendee), bot.AnswerDeclined, 1))
	}
	s.told("alert meeting_answer declined")
	if now := s.meeting(a); now.Answer != bot.AnswerDeclined || now.Sequence != 1 {
		t.Errorf("%+v", now)
	}
	must(t, s.Reschedule(t.Context(), m.UID, at(m, m.Rep, 6)))
	if now := s.meeting(a); now.Answer != "" {
		t.Errorf("an answer to another time: %+v", now)
	}
	s.replayed(a)
}

func TestNoShow(t *testing.T) {
	s := newFloor(t).posting()
	a := s.booked()
	m := s.meeting(a)
	if err := s.NoShow(t.Context(), m.UID); !errors.Is(err, bot.ErrNotBegun) {
		t.Errorf("%v", err)
	}
	s.pass(m.End.Sub(s.now()))
	s.due()
	for range 2 {
		must(t, s.NoShow(t.Context(), m.UID))
	}
	s.told("alert meeting_no_show")
	if now := s.meeting(a); !now.NoShow.Equal(s.now()) || now.Sequence != 0 {
		t.Errorf("%+v", now)
	}
	if err := s.NoShow(t.Context(), "nothing"); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func TestCancelled(t *testing.T) {
	s := newFloor(t).posting()
	a := s.booked()
	m := s.meeting(a)
	s.due()
	must(t, s.Cancel(t.Context(), m.UID, "I am ill"))
	s.told("alert meeting_cancelled I am ill", "calendar changed", "mail cancel visitor I am ill", "mail cancel "+m.Rep+" I am ill")
	if row, err := s.Meeting(t.Context(), m.UID); err != nil || row.Because != "I am ill" || row.Clashed {
		t.Errorf("%+v, %v", row, err)
	}
	for _, words := range []string{"start over", "250", "priya@bigco.example"} {
		s.say(a, words)
	}
	s.say(a, s.first(a))
	again := s.meeting(a)
	if again.UID == m.UID || !again.Start.Equal(m.Start) {
		t.Errorf("a calendar that saw %+v cancelled would not take %+v", m, again)
	}
}

func TestGuests(t *testing.T) {
	s := newStageOn(t, file(t), housed(", with: [engineers]")).posting()
	a := s.booked()
	m := s.meeting(a)
	if m.With != "dora" {
		t.Fatalf("%+v", m)
	}
	s.told("alert watched_company bigco.example", "calendar changed", "mail invitation visitor", "mail invitation "+m.Rep, "mail invitation dora")
	must(t, s.Reschedule(t.Context(), m.UID, at(m, m.Rep, 4)))
	s.told("alert meeting_time visitor", "calendar changed", "mail update visitor", "mail update "+m.Rep, "mail update dora")
	rows := s.confirmed(a)
	if len(rows) != 2 || rows[1].Of != m.UID || rows[1].Rep != "dora" || !rows[1].Start.Equal(rows[0].Start) {
		t.Errorf("%+v", rows)
	}
	must(t, s.Cancel(t.Context(), rows[1].UID, "by her page")) // the guest's row leads to the meeting
	if rows := s.confirmed(a); len(rows) != 0 {
		t.Errorf("%+v", rows)
	}
}

func TestALetterThatCannotBeDelivered(t *testing.T) {
	s := newFloor(t)
	w := s.warned()
	refuse := func(why string) bot.Carrier {
		return func(context.Context, bot.Job) error { return &bot.RetryError{Never: true, Err: errors.New(why)} }
	}
	s.Carriers[bot.JobMail], s.Carriers[bot.JobCalendar] = refuse("550 no such user"), refuse("403 forbidden")
	s.run()
	m := s.meeting(s.booked())
	eventually(t, "the rep hears of both", func() bool { return len(w.of(bot.AlertMail)) > 0 && len(w.of(bot.AlertCalendar)) > 0 })
	if e := w.of(bot.AlertMail)[0]; e.Detail != "550 no such user" || e.Meeting != m.UID || e.Rep != m.Rep {
		t.Errorf("%+v", e)
	}
	if e := w.of(bot.AlertCalendar)[0]; e.Detail != "403 forbidden" || e.Meeting != m.UID {
		t.Errorf("%+v", e)
	}
}

// TestRowsAreTheConversation: whatever becomes of a meeting, at most one is confirmed, as the conversation has it, and no
// SEQUENCE falls.
func TestRowsAreTheConversation(t *testing.T) {
	s := newFloor(t)
	rapid.Check(t, func(r *rapid.T) {
		a := s.booked()
		sequence := map[string]int{}
		uids := []string{s.meeting(a).UID}
		for range rapid.IntRange(1, 8).Draw(r, "deeds") {
			uid := rapid.SampledFrom(uids).Draw(r, "uid")
			s.pass(time.Duration(rapid.IntRange(0, 3600).Draw(r, "seconds")) * time.Second)
			if err := s.become(r, a, uid); err != nil && !refusal(err) {
				r.Fatal(err)
			}
			c := s.state(a)
			if c.Meeting != nil && !slices.Contains(uids, c.Meeting.UID) {
				uids = append(uids, c.Meeting.UID)
			}
			s.consistent(r, a, uids, sequence)
		}
		s.replayed(a)
		if c := s.state(a); c.Meeting != nil && c.Meeting.Start.After(s.now()) {
			must(t, s.Cancel(t.Context(), c.Meeting.UID, "make room"))
		}
	})
}

// become does something to a meeting.
func (s *stage) become(r *rapid.T, a bot.Arrived, uid string) error {
	ctx := s.t.Context()
	row, err := s.Meeting(ctx, uid)
	if err != nil {
		return err
	}
	rep := rapid.SampledFrom([]string{"", "asha", "ben", "cora"}).Draw(r, "rep")
	to := at(row, rep, rapid.IntRange(-2, 24).Draw(r, "hours"))
	switch rapid.IntRange(0, 9).Draw(r, "deed") {
	case 8:
		words := rapid.SampledFrom([]string{"reschedule", "none of these", "cancel the meeting", "start over", "stop"}).Draw(r, "words")
		return s.Say(ctx, a.Conversation.ID, a.Visitor.ID, dialogue.Said{ID: fmt.Sprint(s.now(), words), Text: words})
	case 0, 1:
		return s.Reschedule(ctx, uid, to)
	case 2:
		return s.Cancel(ctx, uid, "test")
	case 3:
		_, err := s.Pass(ctx, a.Conversation.ID, s.owner(a), "")
		return err
	case 4:
		return s.Clash(ctx, uid, "test")
	case 5:
		return s.Shifted(ctx, uid, to.Start, to.End)
	case 6:
		return s.Placed(ctx, uid, "https://meet.example/"+rep)
	case 7:
		return s.Replied(ctx, uid, row.Attendee, bot.AnswerAccepted, row.Sequence)
	}
	if o := s.state(a).Offers; len(o) > 0 {
		return s.Say(ctx, a.Conversation.ID, a.Visitor.ID, dialogue.Said{ID: fmt.Sprint(s.now()), Value: o[0].Start.Format(time.RFC3339)})
	}
	return nil
}

func refusal(err error) bool {
	return slices.ContainsFunc([]error{bot.ErrNotFree, bot.ErrNobody, bot.ErrBegun, bot.ErrLate, bot.ErrNotFound, bot.ErrNotYours}, func(e error) bool {
		return errors.Is(err, e)
	})
}

func (s *stage) consistent(r *rapid.T, a bot.Arrived, uids []string, sequence map[string]int) {
	rows, c := s.confirmed(a), s.state(a)
	switch {
	case len(rows) > 1:
		r.Fatalf("%d confirmed: %+v", len(rows), rows)
	case len(rows) == 1 && (c.Meeting == nil || rows[0].UID != c.Meeting.UID || rows[0].Rep != c.Meeting.Rep || !rows[0].Start.Equal(c.Meeting.Start)):
		r.Fatalf("%+v is confirmed, the conversation has %+v", rows[0], c.Meeting)
	case len(rows) == 0 && c.Meeting != nil:
		r.Fatalf("nothing is confirmed, the conversation has %+v", c.Meeting)
	}
	for _, uid := range uids {
		m, err := s.Meeting(s.t.Context(), uid)
		if err != nil {
			r.Fatal(err)
		}
		if m.Sequence < sequence[uid] {
			r.Fatalf("SEQUENCE fell from %d to %d", sequence[uid], m.Sequence)
		}
		sequence[uid] = m.Sequence
	}
}

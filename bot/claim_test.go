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
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/bot/routing"
	"usher/bot/slots"
	"usher/store/fresh"
	"usher/store/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// databases are the two a bot runs on.
var databases = map[string]func(t *testing.T) string{
	"sqlite":     file,
	"postgresql": func(t *testing.T) string { return fresh.PostgreSQL(t) },
}

// floor is the workspace with three reps who share, and five minutes to claim a lead.
var floor = fstest.MapFS{
	"talk.yaml": workspace["talk.yaml"],
	"team.yaml": {Data: []byte(`
timezone: UTC
hours:
  all: { mon-sun: "00:00-24:00" }
reps:
  - { id: asha, name: Asha Rao, email: asha@acme.example, hours: all, place: https://meet.example/asha }
  - { id: ben, name: Ben Ode, email: ben@acme.example, hours: all, place: https://meet.example/ben, picture: https://acme.example/ben.png }
  - { id: cora, name: Cora Diaz, email: cora@acme.example, hours: all, place: https://meet.example/cora }
teams:
  - { id: sales, reps: [asha, ben, cora], assign: fair, claim: 5m }
watch: [bigco.example]
meeting: { buffer: 0m, notice: 1h, horizon: 7d, every: 30m }
routes:
  - { to: sales }
`)},
	"replies.yaml": {Data: []byte("price: 20 dollars a seat.\n")},
}

func newFloor(t *testing.T) *stage { return newStageOn(t, file(t), floor) }

// offered is a visitor to whom times are on offer.
func (s *stage) offered() bot.Arrived {
	s.t.Helper()
	a := s.arrive("")
	s.say(a, "250")
	s.say(a, "priya@bigco.example")
	if owner := s.owner(a); owner == "" {
		s.t.Fatal("nobody has the lead")
	}
	return a
}

func (s *stage) booked() bot.Arrived {
	s.t.Helper()
	a := s.offered()
	s.say(a, s.first(a))
	if s.state(a).Meeting == nil {
		s.t.Fatalf("no meeting in %s", s.state(a).State)
	}
	return a
}

// first is the first offered time as its option says it.
func (s *stage) first(a bot.Arrived) string {
	all := s.transcript(a)
	o := all[len(all)-1].Ask.Options[0]
	return o.Day + " " + o.Label
}

func (s *stage) owner(a bot.Arrived) string {
	if c := s.state(a); c.Assigned != nil {
		return c.Assigned.Rep
	}
	return ""
}

func (s *stage) other(rep string) string {
	return []string{"asha", "ben", "cora"}[(slices.Index([]string{"asha", "ben", "cora"}, rep)+1)%3]
}

// shares is what each rep had of the team's leads.
func (s *stage) shares() map[string]float64 {
	s.t.Helper()
	agenda, err := s.Store.Agenda(s.t.Context(), bot.AgendaQuery{Reps: []string{"asha", "ben", "cora"}, From: s.now(), To: s.now(), Now: s.now()})
	must(s.t, err)
	counts := map[string]float64{}
	for rep, share := range agenda.Shares[routing.Queue{Team: "sales"}] {
		if share.Count != 0 {
			counts[rep] = float64(share.Count)
		}
	}
	return counts
}

// replayed checks that the journal gives the conversation as it is stored.
func (s *stage) replayed(a bot.Arrived) {
	s.t.Helper()
	journal, err := s.Store.Journal(s.t.Context(), a.Conversation.ID)
	must(s.t, err)
	m, err := dialogue.Compile(s.Workspace(), s.Workspace().Flow("talk"))
	must(s.t, err)
	again, err := m.Replay(journal)
	must(s.t, err)
	if stored := s.state(a); !reflect.DeepEqual(again, stored) {
		s.t.Errorf("the journal gives another conversation:\n%+v\n%+v", again, stored)
	}
}

func TestClaim(t *testing.T) {
	for name, url := range databases {
		t.Run("of 64 claims at once one wins and all hear which, on "+name, func(t *testing.T) {
			s := newStageOn(t, url(t), floor)
			a := s.offered()
			holders := make([]string, 64)
			var all sync.WaitGroup
			for i := range holders {
				all.Go(func() {
					var err error
					if holders[i], err = s.Claim(t.Context(), a.Conversation.ID, []string{"asha", "ben", "cora"}[i%3]); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if holders[0] == "" || len(slices.Compact(slices.Sorted(slices.Values(holders)))) != 1 {
				t.Errorf("holders: %q", holders)
			}
			if s.owner(a) != holders[0] {
				t.Errorf("%s claimed the lead, %s has it", holders[0], s.owner(a))
			}
			s.replayed(a)
		})
	}

	t.Run("the same rep again is fine, another hears who has it", func(t *testing.T) {
		s := newFloor(t)
		a := s.offered()
		rep := s.owner(a)
		for range 2 {
			if holder, err := s.Claim(t.Context(), a.Conversation.ID, rep); err != nil || holder != rep {
				t.Errorf("%s, %v", holder, err)
			}
		}
		if holder, err := s.Claim(t.Context(), a.Conversation.ID, s.other(rep)); err != nil || holder != rep {
			t.Errorf("%s, %v", holder, err)
		}
		if c := s.state(a); c.ClaimedAt != s.now() {
			t.Errorf("claimed at %s", c.ClaimedAt)
		}
	})

	t.Run("who claims another's lead has it, with the meeting, and the ledger knows", func(t *testing.T) {
		s := newFloor(t)
		a := s.booked()
		was, is := s.owner(a), s.other(s.owner(a))
		if holder, err := s.Claim(t.Context(), a.Conversation.ID, is); err != nil || holder != is {
			t.Fatalf("%s, %v", holder, err)
		}
		if shares := s.shares(); shares[was] != 0 || shares[is] != 1 {
			t.Errorf("shares: %v", shares)
		}
		if m, err := s.Meeting(t.Context(), s.state(a).Meeting.UID); err != nil || m.Rep != is || m.Sequence != 1 {
			t.Errorf("%+v, %v", m, err)
		}
		s.replayed(a)
	})

	t.Run("nobody claims for a stranger", func(t *testing.T) {
		s := newFloor(t)
		if _, err := s.Claim(t.Context(), s.offered().Conversation.ID, "mallory"); !errors.Is(err, bot.ErrNoRep) {
			t.Error(err)
		}
	})
}

func TestPass(t *testing.T) {
	t.Run("the next by the routing has the lead, the offered times and the ledger's line", func(t *testing.T) {
		s := newFloor(t)
		a := s.offered()
		was := s.owner(a)
		next, err := s.Pass(t.Context(), a.Conversation.ID, was, "on the road")
		if err != nil || next == was || next != s.owner(a) {
			t.Fatalf("%s, %v", next, err)
		}
		if again, err := s.Pass(t.Context(), a.Conversation.ID, was, "on the road"); err != nil || again != next {
			t.Errorf("twice: %s, %v", again, err)
		}
		if shares := s.shares(); shares[was] != 0 || shares[next] != 1 {
			t.Errorf("shares: %v", shares)
		}
		s.say(a, s.first(a))
		if m := s.state(a).Meeting; m == nil || m.Rep != next {
			t.Errorf("meeting: %+v", m)
		}
		s.replayed(a)
	})

	t.Run("a lead goes round once, and then nothing changes", func(t *testing.T) {
		s := newFloor(t)
		a := s.offered()
		for range 2 {
			_, err := s.Pass(t.Context(), a.Conversation.ID, s.owner(a), "")
			must(t, err)
		}
		before := s.state(a)
		next, err := s.Pass(t.Context(), a.Conversation.ID, s.owner(a), "")
		if !errors.Is(err, bot.ErrNobody) || next != s.owner(a) {
			t.Errorf("%s, %v", next, err)
		}
		if !reflect.DeepEqual(before, s.state(a)) {
			t.Error("something changed")
		}
	})

	t.Run("only who has the lead passes it", func(t *testing.T) {
		s := newFloor(t)
		a := s.offered()
		rep := s.owner(a)
		if next, err := s.Pass(t.Context(), a.Conversation.ID, s.other(rep), ""); !errors.Is(err, bot.ErrNotYours) || next != rep {
			t.Errorf("%s, %v", next, err)
		}
	})

	t.Run("a meeting moves under its UID to somebody who is free then, and the visitor is told", func(t *testing.T) {
		s := newFloor(t)
		first := s.booked()
		slot := s.state(first).Meeting.Slot
		busy := s.other(s.owner(first))
		must(t, s.Store.SaveBusy(t.Context(), bot.Busy{
			Rep: busy, Spans: []slots.Interval{{Start: slot.Start, End: slot.End}}, ReadAt: s.now(), Until: s.now().AddDate(0, 1, 0),
		}))
		uid := s.state(first).Meeting.UID
		next, err := s.Pass(t.Context(), first.Conversation.ID, s.owner(first), "")
		must(t, err)
		if next == busy {
			t.Errorf("%s is busy then", busy)
		}
		m, err := s.Meeting(t.Context(), uid)
		must(t, err)
		if m.Rep != next || m.Sequence != 1 || !m.Start.Equal(slot.Start) || m.Place != "https://meet.example/"+next || m.Status != bot.Confirmed {
			t.Errorf("%+v", m)
		}
		if all := s.transcript(first); all[len(all)-1].Meeting != uid {
			t.Errorf("the visitor was not told: %+v", all[len(all)-1])
		}
		if _, err := s.Pass(t.Context(), first.Conversation.ID, next, ""); !errors.Is(err, bot.ErrNobody) {
			t.Errorf("%v: only %s was left", err, busy)
		}
		s.replayed(first)
	})

	t.Run("a held time is held with the next rep in the same turn", func(t *testing.T) {
		s := newStageOn(t, file(t), asksLate())
		a := s.arrive("")
		s.say(a, "250")
		s.say(a, s.first(a))
		was := *s.state(a).Chosen
		next, err := s.Pass(t.Context(), a.Conversation.ID, was.Rep, "")
		must(t, err)
		now := s.state(a)
		if now.Chosen.Rep != next || !now.Chosen.Start.Equal(was.Start) || now.HeldUntil.IsZero() {
			t.Fatalf("%+v until %s", now.Chosen, now.HeldUntil)
		}
		agenda, err := s.Store.Agenda(t.Context(), bot.AgendaQuery{Reps: []string{was.Rep, next}, From: s.now(), To: s.now().AddDate(0, 0, 7), Now: s.now()})
		must(t, err)
		if len(agenda.Blocked[was.Rep]) != 0 || len(agenda.Blocked[next]) != 1 {
			t.Errorf("blocked: %v", agenda.Blocked)
		}
		s.say(a, "priya@bigco.example")
		if m := s.state(a).Meeting; m == nil || m.Rep != next {
			t.Errorf("meeting: %+v", m)
		}
		s.replayed(a)
	})
}

// asksLate is the floor where the address is asked for while the time is held.
func asksLate() fstest.MapFS {
	return fstest.MapFS{"team.yaml": floor["team.yaml"], "talk.yaml": {Data: []byte(`
flow: talk
title: Talk
languages: [en]
fields:
  seats: { type: number, min: 1, label: Seats }
steps:
  - { id: size, ask: seats, say: How many? }
  - { id: meet, book: { minutes: 30 }, say: Which time? }
  - { id: done, end: qualified, say: "{{ booked ? 'See you ' + meeting.starts : 'No time' }}" }
`)}}
}

func TestLeadsAlwaysHaveAnOwner(t *testing.T) {
	s := newFloor(t)
	rapid.Check(t, func(r *rapid.T) {
		a := s.offered()
		for range rapid.IntRange(1, 8).Draw(r, "deeds") {
			rep := rapid.SampledFrom([]string{"asha", "ben", "cora"}).Draw(r, "rep")
			s.pass(time.Duration(rapid.IntRange(0, 600).Draw(r, "seconds")) * time.Second)
			var err error
			switch rapid.IntRange(0, 5).Draw(r, "deed") {
			case 0:
				_, err = s.Claim(t.Context(), a.Conversation.ID, rep)
			case 1, 2:
				_, err = s.Pass(t.Context(), a.Conversation.ID, s.owner(a), "")
			case 3:
				err = s.Snooze(t.Context(), a.Conversation.ID, s.owner(a), s.now().Add(time.Hour))
			case 4:
				_, err = s.Escalate(t.Context(), bot.Event{Conversation: a.Conversation.ID, Event: bot.ClaimNext, Rep: rep})
			case 5:
				if o := s.state(a).Offers; len(o) > 0 {
					err = s.Say(t.Context(), a.Conversation.ID, a.Visitor.ID, dialogue.Said{ID: fmt.Sprint(s.now()), Value: o[0].Start.Format(time.RFC3339)})
				}
			}
			if err != nil && !errors.Is(err, bot.ErrNobody) && !errors.Is(err, bot.ErrNotFree) {
				r.Fatal(err)
			}
			c := s.state(a)
			if c.Assigned == nil || c.Assigned.Rep == "" {
				r.Fatal("the lead has nobody")
			}
			if c.Meeting != nil && c.Meeting.Rep != c.Assigned.Rep {
				r.Fatalf("%s has the lead, %s the meeting", c.Assigned.Rep, c.Meeting.Rep)
			}
		}
		s.replayed(a)
	})
}

func TestTenLeadsAtOnce(t *testing.T) {
	for name, url := range databases {
		t.Run("ten leads at once go to two of three reps while one is away, evenly, passes and all, on "+name, func(t *testing.T) {
			s := newStageOn(t, url(t), floor)
			must(t, s.SetAway(t.Context(), "cora", s.now().AddDate(0, 1, 0)))
			leads := make([]bot.Arrived, 10)
			var all sync.WaitGroup
			for i := range leads {
				all.Go(func() { leads[i] = s.offered() })
			}
			all.Wait()
			if shares := s.shares(); shares["asha"] != 5 || shares["ben"] != 5 {
				t.Errorf("shares: %v", shares)
			}
			for _, a := range leads[:4] {
				all.Go(func() {
					if _, err := s.Pass(t.Context(), a.Conversation.ID, s.owner(a), "busy"); err != nil && !errors.Is(err, bot.ErrNobody) {
						t.Error(err)
					}
				})
			}
			all.Wait()
			owned := map[string]float64{}
			for _, a := range leads {
				owned[s.owner(a)]++
				s.replayed(a)
			}
			if shares := s.shares(); !reflect.DeepEqual(shares, owned) {
				t.Errorf("the ledger says %v, the leads say %v", shares, owned)
			}
			for range 10 {
				all.Go(func() { s.offered() })
			}
			all.Wait()
			if shares := s.shares(); shares["asha"] != 10 || shares["ben"] != 10 {
				t.Errorf("shares after ten more: %v", shares)
			}
		})
	}
}

func TestEscalation(t *testing.T) {
	// begin has a lead offered while a recorder notes what JobClaim comes to.
	begin := func(t *testing.T) (*stage, bot.Arrived, func() []string) {
		s := newFloor(t)
		var mu sync.Mutex
		var told []string
		s.Carriers[bot.JobClaim] = func(ctx context.Context, j bot.Job) error {
			var e bot.Event
			if err := json.Unmarshal(j.Payload, &e); err != nil {
				return err
			}
			what, err := s.Escalate(ctx, e)
			mu.Lock()
			defer mu.Unlock()
			told = append(told, what)
			return err
		}
		s.run()
		return s, s.offered(), func() []string {
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(told)
		}
	}
	sees := func(t *testing.T, told func() []string, want ...string) {
		t.Helper()
		eventually(t, fmt.Sprint(want), func() bool { return len(told()) >= len(want) })
		if got := told(); !slices.Equal(got, want) {
			t.Fatalf("%q, not %q", got, want)
		}
	}

	t.Run("a lead nobody claims: a reminder at half time, the next rep, a reminder, the fallback", func(t *testing.T) {
		s, a, told := begin(t)
		first := s.owner(a)
		s.pass(150 * time.Second)
		sees(t, told, "remind")
		s.pass(150 * time.Second)
		sees(t, told, "remind", "next")
		second := s.owner(a)
		if second == first {
			t.Errorf("%s still has it", first)
		}
		s.pass(150 * time.Second)
		sees(t, told, "remind", "next", "remind")
		s.pass(150 * time.Second)
		sees(t, told, "remind", "next", "remind", "fallback")
		if s.owner(a) != second {
			t.Errorf("%s has it, not %s", s.owner(a), second)
		}
		s.replayed(a)
	})

	t.Run("a claimed, booked or joined lead is left alone", func(t *testing.T) {
		for name, deed := range map[string]func(*stage, bot.Arrived) error{
			"claim": func(s *stage, a bot.Arrived) error {
				_, err := s.Claim(t.Context(), a.Conversation.ID, s.owner(a))
				return err
			},
			"book": func(s *stage, a bot.Arrived) error { s.say(a, s.first(a)); return nil },
			"join": func(s *stage, a bot.Arrived) error {
				return s.Join(t.Context(), a.Conversation.ID, dialogue.Person{Rep: s.owner(a)})
			},
		} {
			s, a, told := begin(t)
			rep := s.owner(a)
			must(t, deed(s, a))
			s.pass(5 * time.Minute)
			sees(t, told, "", "")
			if s.owner(a) != rep {
				t.Errorf("%s: %s has it now", name, s.owner(a))
			}
		}
	})

	t.Run("a snoozed lead waits, then reminds, then goes on", func(t *testing.T) {
		s, a, told := begin(t)
		rep := s.owner(a)
		must(t, s.Snooze(t.Context(), a.Conversation.ID, rep, s.now().Add(time.Hour)))
		s.pass(5 * time.Minute)
		sees(t, told, "", "")
		s.pass(55 * time.Minute)
		sees(t, told, "", "", "remind")
		if s.owner(a) != rep {
			t.Errorf("%s has it", s.owner(a))
		}
		s.pass(5 * time.Minute)
		sees(t, told, "", "", "remind", "next")
	})
}

func TestTimersSurviveARestart(t *testing.T) {
	url := file(t)
	var a bot.Arrived
	t.Run("before", func(t *testing.T) {
		s := newStageOn(t, url, floor)
		s.Carriers[bot.JobClaim] = func(context.Context, bot.Job) error { return nil }
		a = s.offered()
	})
	s := newStageOn(t, url, floor)
	done := make(chan bot.Job, 10)
	s.Carriers[bot.JobClaim] = func(_ context.Context, j bot.Job) error {
		done <- j
		return nil
	}
	s.run()
	s.pass(5 * time.Minute)
	for range 2 {
		select {
		case j := <-done:
			var e bot.Event
			if err := json.Unmarshal(j.Payload, &e); err != nil || e.Conversation != a.Conversation.ID {
				t.Errorf("%s, %v", j.Payload, err)
			}
		case <-time.After(patience):
			t.Fatal("a timer was lost")
		}
	}
}

func TestOwner(t *testing.T) {
	files := fstest.MapFS{}
	for name, f := range floor {
		files[name] = f
	}
	team := string(floor["team.yaml"].Data)
	files["team.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(team, "routes:\n", "routes:\n  - { if: known(owner), to: owner, within: 7d }\n", 1))}
	for name, url := range databases {
		t.Run("who left the same address before comes to the same rep, on "+name, func(t *testing.T) {
			s := newStageOn(t, url(t), files)
			first := s.owner(s.offered())
			for range 3 {
				a := s.offered()
				if rep := s.owner(a); rep != first {
					t.Errorf("%s has it, not %s: %s", rep, first, s.state(a).Assigned.Because)
				}
				s.replayed(a)
			}
		})
	}
	t.Run("who is away passes a lead on to the next route", func(t *testing.T) {
		s := newStageOn(t, file(t), files)
		first := s.owner(s.offered())
		must(t, s.SetAway(t.Context(), first, s.now().Add(8*24*time.Hour)))
		if rep := s.owner(s.offered()); rep == first || rep == "" {
			t.Errorf("%q has it", rep)
		}
	})
}

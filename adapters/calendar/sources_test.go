package calendar

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"usher/bot"
	"usher/flows"
)

// scripted is a Book that reads what a test says.
type scripted struct {
	Book
	read func(ctx context.Context, q Query) (Reading, error)
	mu   sync.Mutex
	at   []time.Time
}

func (s *scripted) Read(ctx context.Context, q Query) (Reading, error) {
	s.mu.Lock()
	s.at = append(s.at, time.Now())
	read := s.read
	s.mu.Unlock()
	return read(ctx, q)
}

func (s *scripted) times() []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.at)
}

func (s *scripted) count() int { return len(s.times()) }

func (s *scripted) says(r Reading, err error) *scripted {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read = func(context.Context, Query) (Reading, error) { return r, err }
	return s
}

// said is a log that may be looked into while it is written.
type said struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// house is a Sync with scripted calendars: asha has one on a server, ben two.
type house struct {
	*Sync
	w       atomic.Pointer[flows.Workspace]
	store   *busyStore
	log     *said
	sources map[string]*scripted // by CalDAV address
	done    chan struct{}
	stop    context.CancelFunc
}

func newHouse(t *testing.T) *house {
	h := &house{store: &busyStore{}, log: &said{}, sources: map[string]*scripted{}}
	h.w.Store(roster(rep("asha", "a"), rep("ben", "b", "c")))
	for _, name := range []string{"a", "b", "c"} {
		h.sources[name] = (&scripted{}).says(Reading{}, nil)
	}
	h.Sync = &Sync{
		Workspace: h.w.Load, Store: h.store, Now: time.Now, Log: slog.New(slog.NewTextHandler(h.log, nil)),
		Accounts: Accounts{CalDAV: func(_ *flows.Rep, c flows.Calendar) (Source, error) { return h.sources[c.CalDAV], nil }},
	}
	return h
}

func roster(reps ...*flows.Rep) *flows.Workspace {
	return &flows.Workspace{Roster: &flows.Roster{Meeting: flows.MeetingRules{Horizon: 14 * 24 * time.Hour}, Reps: reps}}
}

func rep(id string, caldav ...string) *flows.Rep {
	r := &flows.Rep{ID: id, Email: id + "@acme.example"}
	for _, c := range caldav {
		r.Calendars = append(r.Calendars, flows.Calendar{CalDAV: c})
	}
	return r
}

func (h *house) run(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	h.stop, h.done = stop, make(chan struct{})
	go func() {
		defer close(h.done)
		h.Run(ctx)
	}()
	synctest.Wait()
}

func (h *house) end() {
	h.stop()
	<-h.done
}

func (h *house) wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// hour is an event of an hour, so many hours from now.
func hour(uid string, in int) Event {
	start := time.Now().Add(time.Duration(in) * time.Hour).UTC()
	return Event{UID: uid, Start: start, End: start.Add(time.Hour), Busy: true}
}

func TestCalendarsOfARepAreReadTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.sources["b"].says(Reading{Events: []Event{hour("x", 2)}}, nil)
		h.sources["c"].says(Reading{Events: []Event{hour("y", 4)}}, nil)
		h.run(t)
		defer h.end()
		if b, n := h.store.of("ben"); len(b.Spans) != 2 || b.Failure != "" || n != 1 {
			t.Errorf("two calendars are stored as one, once: %+v", b)
		}

		h.sources["c"].says(Reading{}, fmt.Errorf("%w: 401", ErrAuth))
		h.wait(DefaultEvery + DefaultEvery/5)
		b, _ := h.store.of("ben")
		if b.Failure == "" || !strings.Contains(b.Failure, "c") || len(b.Spans) != 2 {
			t.Errorf("one calendar that fails closes the rep, and the times stay: %+v", b)
		}
		if a, _ := h.store.of("asha"); a.Failure != "" {
			t.Error("and nobody else")
		}
		if p := h.Problems(); len(p) != 1 || !strings.Contains(p[0], "ben") || !strings.Contains(p[0], "usher calendar connect") {
			t.Errorf("the operator is told what to do: %q", p)
		}
		if n := strings.Count(h.log.String(), "level=ERROR"); n != 1 {
			t.Errorf("once, not %d times", n)
		}

		h.sources["c"].says(Reading{Events: []Event{hour("z", 9)}}, nil)
		h.wait(longPause + longPause/5)
		if b, _ := h.store.of("ben"); b.Failure != "" || len(b.Spans) != 2 || len(h.Problems()) != 0 {
			t.Errorf("it is read again by itself: %+v", b)
		}
	})
}

func TestAFailingCalendarIsLeftAloneForLongerAndLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.sources["a"].says(Reading{}, errors.New("no route"))
		h.run(t)
		defer h.end()
		h.wait(time.Hour)
		at := h.sources["a"].times()
		if len(at) < 5 || len(at) > 11 {
			t.Fatalf("%d tries in an hour", len(at))
		}
		first, last := at[1].Sub(at[0]), at[len(at)-1].Sub(at[len(at)-2])
		if first < 25*time.Second || first > 40*time.Second || last < 10*time.Minute {
			t.Errorf("the pauses grow from %s to %s", first, last)
		}
	})
}

func TestAServersWordToWaitIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.sources["a"].says(Reading{}, &bot.RetryError{After: time.Hour, Err: errors.New("429")})
		h.run(t)
		defer h.end()
		h.wait(55 * time.Minute)
		if err := h.Refresh(t.Context(), "asha"); err == nil || !strings.Contains(err.Error(), "429") {
			t.Errorf("a visitor is told what is known: %v", err)
		}
		if n := h.sources["a"].count(); n != 1 {
			t.Errorf("%d readings before the time the server named", n)
		}
		h.wait(20 * time.Minute)
		if n := h.sources["a"].count(); n != 2 {
			t.Errorf("%d readings after it", n)
		}
	})
}

func TestRefresh(t *testing.T) {
	t.Run("those who ask at once share one reading", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHouse(t)
			h.sources["a"].read = func(context.Context, Query) (Reading, error) {
				time.Sleep(time.Second)
				return Reading{Events: []Event{hour("x", 2)}}, nil
			}
			var all sync.WaitGroup
			for range 20 {
				all.Go(func() {
					if err := h.Refresh(t.Context(), "asha"); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if b, n := h.store.of("asha"); n != 1 || len(b.Spans) != 1 || h.sources["a"].count() != 1 {
				t.Errorf("%d readings, stored %d times", h.sources["a"].count(), n)
			}
		})
	})
	t.Run("a visitor waits no longer than they may, and what was begun is stored", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHouse(t)
			h.sources["a"].read = func(context.Context, Query) (Reading, error) {
				time.Sleep(20 * time.Second)
				return Reading{}, nil
			}
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			began := time.Now()
			if err := h.Refresh(ctx, "asha"); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 2*time.Second {
				t.Errorf("%v after %s", err, time.Since(began))
			}
			h.wait(20 * time.Second)
			if b, n := h.store.of("asha"); n != 1 || b.Failure != "" {
				t.Errorf("%+v", b)
			}
		})
	})
	t.Run("a calendar that never answers fails in the end", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHouse(t)
			h.sources["a"].read = func(ctx context.Context, _ Query) (Reading, error) {
				<-ctx.Done()
				return Reading{}, ctx.Err()
			}
			if err := h.Refresh(t.Context(), "asha"); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
			if b, _ := h.store.of("asha"); b.Failure == "" {
				t.Error("and the rep is not offered")
			}
		})
	})
	t.Run("a calendar that just failed is not asked for each visitor", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHouse(t)
			h.sources["a"].says(Reading{}, errors.New("refused"))
			for range 5 {
				if h.Refresh(t.Context(), "asha") == nil {
					t.Error("no error")
				}
			}
			if n := h.sources["a"].count(); n != 1 {
				t.Errorf("asked %d times", n)
			}
			time.Sleep(hasty)
			h.sources["a"].says(Reading{}, nil)
			if err := h.Refresh(t.Context(), "asha"); err != nil {
				t.Error(err)
			}
		})
	})
	t.Run("a source that panics has failed", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHouse(t)
			h.sources["a"].read = func(context.Context, Query) (Reading, error) { panic("odd") }
			if err := h.Refresh(t.Context(), "asha"); err == nil || !strings.Contains(err.Error(), "odd") {
				t.Error(err)
			}
		})
	})
	t.Run("nobody knows the rep", func(t *testing.T) {
		if err := newHouse(t).Refresh(t.Context(), "zoe"); !errors.Is(err, bot.ErrNoRep) {
			t.Error(err)
		}
	})
}

func TestRenew(t *testing.T) {
	t.Run("a calendar that failed a moment ago is read at once, and those who ask then see it", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHouse(t)
			h.sources["a"].says(Reading{}, &bot.RetryError{After: time.Hour, Err: ErrAuth})
			if err := h.Refresh(t.Context(), "asha"); !errors.Is(err, ErrAuth) {
				t.Fatal(err)
			}
			h.sources["a"].says(Reading{Events: []Event{hour("x", 2)}}, nil)
			if err := h.Refresh(t.Context(), "asha"); !errors.Is(err, ErrAuth) {
				t.Fatal("the server's word to wait is not kept:", err)
			}
			if err := h.Renew(t.Context(), "asha"); err != nil || h.sources["a"].count() != 2 {
				t.Errorf("%v, read %d times", err, h.sources["a"].count())
			}
			if b, _ := h.store.of("asha"); len(b.Spans) != 1 || b.Failure != "" {
				t.Errorf("%+v", b)
			}
		})
	})
	t.Run("a reading that began before is not the answer", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHouse(t)
			h.sources["a"].read = func(context.Context, Query) (Reading, error) {
				time.Sleep(time.Second)
				return Reading{}, ErrAuth
			}
			var before sync.WaitGroup
			before.Go(func() {
				if err := h.Refresh(t.Context(), "asha"); !errors.Is(err, ErrAuth) {
					t.Error(err)
				}
			})
			synctest.Wait()
			h.sources["a"].says(Reading{}, nil)
			if err := h.Renew(t.Context(), "asha"); err != nil || h.sources["a"].count() != 2 {
				t.Errorf("%v, read %d times", err, h.sources["a"].count())
			}
			before.Wait()
		})
	})
	t.Run("who cannot wait for it has it read by the next round", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHouse(t)
			h.sources["a"].read = func(context.Context, Query) (Reading, error) {
				time.Sleep(time.Second)
				return Reading{}, ErrAuth
			}
			h.run(t)
			defer h.end()
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			defer cancel()
			if err := h.Renew(ctx, "asha"); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
			h.sources["a"].says(Reading{}, nil)
			h.wait(DefaultPoll)
			if b, _ := h.store.of("asha"); b.Failure != "" {
				t.Errorf("%+v", b)
			}
		})
	})
}

func TestACalendarThatComesBackIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		var back []string
		h.Back = func(_ context.Context, rep *flows.Rep) { back = append(back, rep.ID) }
		read := func(err error) {
			h.sources["b"].says(Reading{}, err)
			if got := h.Renew(t.Context(), "ben"); !errors.Is(got, err) {
				t.Error(got)
			}
		}
		read(nil)
		read(ErrAuth)
		if len(back) != 0 {
			t.Errorf("too soon: %v", back)
		}
		read(nil)
		read(nil)
		if len(back) != 1 || back[0] != "ben" {
			t.Errorf("%v", back)
		}
	})
}

func TestManyCalendarsWaitTheirTurnWithoutHaste(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		var team []*flows.Rep
		for i := range 3 * readers {
			id := fmt.Sprint("rep-", i)
			team = append(team, rep(id, id))
			h.sources[id] = &scripted{read: func(ctx context.Context, _ Query) (Reading, error) {
				select {
				case <-ctx.Done():
					return Reading{}, ctx.Err()
				case <-time.After(readFor - time.Second):
					return Reading{}, nil
				}
			}}
		}
		h.w.Store(roster(team...))
		h.run(t)
		defer h.end()
		h.wait(3 * readFor)
		for _, r := range team {
			if b, n := h.store.of(r.ID); n == 0 || b.Failure != "" {
				t.Errorf("%s waited for its turn until it was too late: %+v", r.ID, b)
			}
		}
	})
}

func TestAChangedRosterTakesEffect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.sources["b"].says(Reading{Events: []Event{hour("x", 2)}}, nil)
		h.sources["c"].says(Reading{Events: []Event{hour("y", 4)}}, nil)
		h.run(t)
		defer h.end()
		h.w.Store(roster(rep("ben", "b")))
		h.wait(DefaultPoll)
		if err := h.Refresh(t.Context(), "asha"); !errors.Is(err, bot.ErrNoRep) {
			t.Errorf("who left is not read: %v", err)
		}
		if ages := h.Ages(); len(ages) != 1 {
			t.Errorf("nor watched: %v", ages)
		}
		h.w.Store(roster(rep("ben", "b", "a")))
		h.wait(DefaultPoll)
		if n := h.sources["b"].count(); n != 1 {
			t.Errorf("a calendar that stays is not read again, %d", n)
		}
		if b, _ := h.store.of("ben"); len(b.Spans) != 1 {
			t.Errorf("a calendar that went is forgotten: %+v", b)
		}
		h.w.Store(roster(rep("ben")))
		h.wait(DefaultPoll)
		if b, _ := h.store.of("ben"); len(b.Spans) != 0 || b.Failure != "" {
			t.Errorf("a rep without a calendar is free: %+v", b)
		}
	})
}

func TestAKindThatIsNotSetUpFailsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.w.Store(roster(&flows.Rep{ID: "asha", Calendars: []flows.Calendar{{Google: "asha@acme.example"}}}))
		if err := h.Refresh(t.Context(), "asha"); !errors.Is(err, ErrSource) {
			t.Error(err)
		}
		if b, _ := h.store.of("asha"); b.Failure == "" {
			t.Errorf("%+v", b)
		}
	})
}

// meetings are ours.
type meetings []bot.Meeting

func (m meetings) MeetingsOf(context.Context, string, time.Time, time.Time) ([]bot.Meeting, error) {
	return m, nil
}

func TestMeetingsOfOurs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		kept, moved, off, other := hour("kept", 2), hour("moved", 5), hour("off", 8), hour("x", 11)
		h.sources["a"].says(Reading{Events: []Event{kept, moved, off, other}}, nil)
		ours := func(e Event, status string, later time.Duration) bot.Meeting {
			return bot.Meeting{UID: e.UID, Status: status, Start: e.Start.Add(later), End: e.End.Add(later)}
		}
		h.Meetings = meetings{
			ours(kept, bot.Confirmed, 0), ours(moved, bot.Confirmed, 12*time.Hour), ours(off, bot.Cancelled, 0), ours(hour("gone", 20), bot.Confirmed, 0),
		}
		var mu sync.Mutex
		var found []Found
		h.Own = func(_ context.Context, f Found) {
			mu.Lock()
			defer mu.Unlock()
			found = append(found, f)
		}
		h.run(t)
		defer h.end()
		b, _ := h.store.of("asha")
		if len(b.Spans) != 2 || !b.Spans[0].Start.Equal(moved.Start) || !b.Spans[1].Start.Equal(other.Start) {
			t.Errorf("ours are no busy time, save where one was moved to: %+v", b.Spans)
		}
		mu.Lock()
		defer mu.Unlock()
		var seen []string
		for _, f := range found {
			if f.Rep.ID == "asha" && f.Source == "caldav:@a" && f.Book == h.sources["a"] {
				for _, m := range f.Meetings {
					seen = append(seen, fmt.Sprint(m.UID, len(m.Events)))
				}
			}
		}
		if got := strings.Join(seen, " "); got != "kept1 moved1 off1 gone0" {
			t.Errorf("told of %q", got)
		}
	})
}

// links is a store's memory of links.
type links struct {
	mu  sync.Mutex
	all map[string]string
}

func (l *links) Link(_ context.Context, kind, key string) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if v, ok := l.all[kind+" "+key]; ok {
		return v, nil
	}
	return "", bot.ErrNotFound
}

func (l *links) SaveLink(_ context.Context, kind, key, value string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil {
		l.all = map[string]string{}
	}
	l.all[kind+" "+key] = value
	return nil
}

func (l *links) ClaimLink(_ context.Context, kind, key, value string) (string, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if v, ok := l.all[kind+" "+key]; ok {
		return v, false, nil
	}
	if l.all == nil {
		l.all = map[string]string{}
	}
	l.all[kind+" "+key] = value
	return value, true, nil
}

func TestOfTwoNodesOneReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := &links{}
		one, two := newHouse(t), newHouse(t)
		one.Links, two.Links = shared, shared
		one.run(t)
		two.run(t)
		one.wait(time.Hour)
		if a, b := one.sources["a"].count(), two.sources["a"].count(); a < 8 || b != 0 {
			t.Errorf("read %d and %d times", a, b)
		}
		if err := two.Refresh(t.Context(), "asha"); err != nil || two.sources["a"].count() != 1 {
			t.Errorf("the other reads for its own visitors: %v", err)
		}
		two.sources["a"].says(Reading{}, errors.New("a moment's trouble"))
		if err := two.Refresh(t.Context(), "asha"); err == nil || two.Problems() != nil || two.Ages() != nil || len(one.Ages()) != 2 {
			t.Errorf("what it saw then it does not tell for ever: %v, %v, %v", two.Problems(), two.Ages(), one.Ages())
		}
		two.sources["a"].says(Reading{}, nil)
		one.end()
		two.wait(DefaultPoll)
		if n := two.sources["b"].count(); n != 1 {
			t.Errorf("when one ends the other reads at once: %d", n)
		}
		two.end()
	})
}

func TestANodeThatDiedIsReplaced(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	shared := &links{}
	held := func(l *lease, want bool) {
		t.Helper()
		if got, err := l.held(t.Context(), now); got != want || err != nil {
			t.Errorf("held %v, %v", got, err)
		}
	}
	one, two, three := &lease{links: shared}, &lease{links: shared}, &lease{links: shared}
	held(one, true)
	held(two, false)
	now = now.Add(leaseFor - time.Second)
	held(one, true)
	now = now.Add(leaseFor - time.Second)
	held(two, false)
	now = now.Add(2 * time.Second)
	held(two, true)
	held(one, false)
	held(three, false)
	// One that died between claiming and saying so is passed over.
	two.term = 0
	now = now.Add(leaseFor + time.Second)
	claimed := fmt.Sprintf(`{"term":3,"node":"dead","until":%q}`, now.Add(-time.Second).Format(time.RFC3339))
	if err := shared.SaveLink(t.Context(), leaseKind, "3", claimed); err != nil {
		t.Fatal(err)
	}
	held(three, true)
	held(two, false)
	if three.term != 4 {
		t.Errorf("term %d", three.term)
	}
}

func TestAKilledServerGoesOnAtOnce(t *testing.T) {
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	dead := exec.Command(os.Args[0], "-test.run=^$")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		t    term
		over bool
	}{
		{"a process of this machine that has ended", term{Host: host, Process: dead.Process.Pid}, true},
		{"one that runs", term{Host: host, Process: os.Getppid()}, false},
		{"one of another machine", term{Host: host + "2", Process: dead.Process.Pid}, false},
		{"one that nobody knows", term{}, false},
	} {
		c.t.Until = now.Add(time.Second)
		if c.t.over(now) != c.over {
			t.Error(c.name)
		}
	}
}

package calendar

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"usher/bot"
	"usher/flows"
)

// busyStore remembers the last busy times of each rep and how often they came.
type busyStore struct {
	mu    sync.Mutex
	last  map[string]bot.Busy
	saved map[string]int
}

func (s *busyStore) SaveBusy(_ context.Context, b bot.Busy) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == nil {
		s.last, s.saved = map[string]bot.Busy{}, map[string]int{}
	}
	s.last[b.Rep] = b
	s.saved[b.Rep]++
	return nil
}

func (s *busyStore) of(rep string) (bot.Busy, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last[rep], s.saved[rep]
}

func TestSyncFollowsTheFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		write := func(data []byte) {
			if err := os.WriteFile(filepath.Join(folder, "asha.ics"), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		write(weeklyAt(time.Now(), 9))
		w := &flows.Workspace{Files: os.DirFS(folder), Roster: &flows.Roster{
			Meeting: flows.MeetingRules{Horizon: 14 * 24 * time.Hour},
			Reps: []*flows.Rep{
				{ID: "asha", Calendars: []flows.Calendar{{File: "asha.ics"}}},
				{ID: "ben", Calendars: []flows.Calendar{{File: "none.ics"}}},
				{ID: "cora"},
				{ID: "dev", Calendars: []flows.Calendar{{URL: "https://dev.example/a.ics"}}},
			},
		}}
		store, log := &busyStore{}, &bytes.Buffer{}
		s := &Sync{Workspace: func() *flows.Workspace { return w }, Store: store, Now: time.Now, Log: slog.New(slog.NewTextHandler(log, nil))}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			s.Run(ctx)
		}()
		synctest.Wait()

		asha, _ := store.of("asha")
		if asha.Failure != "" || len(asha.Spans) < 3 || asha.Until.Before(time.Now().Add(14*24*time.Hour)) {
			t.Errorf("asha: %+v", asha)
		}
		if ben, _ := store.of("ben"); ben.Failure == "" {
			t.Error("a calendar that is not there fails closed")
		}
		if cora, n := store.of("cora"); cora.Failure != "" || n != 1 {
			t.Error("a rep without a calendar is read as free")
		}
		if dev, _ := store.of("dev"); dev.Failure == "" {
			t.Error("a calendar that is not read fails closed")
		}

		write([]byte("<html>"))
		time.Sleep(DefaultPoll + time.Second)
		synctest.Wait()
		broken, _ := store.of("asha")
		if broken.Failure == "" || len(broken.Spans) != len(asha.Spans) || !broken.Until.Equal(asha.Until) {
			t.Errorf("a broken calendar keeps its last times and says why: %+v", broken)
		}
		if _, n := store.of("cora"); n != 1 {
			t.Error("only the changed calendar is read again")
		}

		time.Sleep(DefaultEvery + DefaultEvery/5)
		synctest.Wait()
		if _, n := store.of("cora"); n != 2 {
			t.Errorf("all are read again every few minutes, cora %d times", n)
		}
		if n := strings.Count(log.String(), "rep=asha"); n != 1 {
			t.Errorf("a lasting failure is logged once, not %d times", n)
		}
		stop()
		<-done
	})
}

func weeklyAt(start time.Time, hour int) []byte {
	at := time.Date(start.Year(), start.Month(), start.Day(), hour, 0, 0, 0, time.UTC).Format("20060102T150405Z")
	return file(event("UID:a|DTSTART:" + at + "|DURATION:PT1H|RRULE:FREQ=WEEKLY"))
}

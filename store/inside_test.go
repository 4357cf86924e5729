package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"usher/bot"
)

func TestANetworkFileSystemIsRefusedInAClearSentence(t *testing.T) {
	defer func(f func(string) (int64, error)) { fileSystem = f }(fileSystem)
	for _, kind := range networks {
		fileSystem = func(string) (int64, error) { return kind, nil }
		folder := t.TempDir()
		_, err := Open(context.Background(), filepath.Join(folder, "usher.db"), Options{})
		if !errors.Is(err, ErrNetwork) || !strings.Contains(err.Error(), "choose a local folder") || !strings.Contains(err.Error(), folder) {
			t.Errorf("%x: %v", kind, err)
		}
		if left, _ := filepath.Glob(folder + "/*"); len(left) > 0 {
			t.Errorf("it left %v", left)
		}
	}
}

// engineOf opens an SQLite store and gives its insides.
func engineOf(t *testing.T) (*DB, *lite) {
	t.Helper()
	d, err := Open(context.Background(), filepath.Join(t.TempDir(), "usher.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d, d.engine.(*lite)
}

// requestOf is a turn as it waits for the writer.
func requestOf(t *testing.T, turn *bot.Turn) *request {
	t.Helper()
	steps, err := turnSteps(turn, new(int64))
	if err != nil {
		t.Fatal(err)
	}
	return &request{steps: steps, done: make(chan error, 1)}
}

func conversation(id string, seq int64) *bot.Turn {
	return &bot.Turn{Conversation: bot.Conversation{ID: id, Seq: seq}}
}

func TestOneTurnThatFailsDoesNotFailThoseCommittedWithIt(t *testing.T) {
	for name, wary := range map[string]bool{"with savepoints": true, "and, where they were written without savepoints, all are again": false} {
		t.Run(name, func(t *testing.T) { oneFails(t, wary) })
	}
}

func oneFails(t *testing.T, wary bool) {
	ctx := context.Background()
	d, l := engineOf(t)
	w, err := newWriter(ctx, l.writer.db) // a second one, for the test alone to run
	if err != nil {
		t.Fatal(err)
	}
	defer w.conn.Close()
	w.wary = wary
	group := []*request{requestOf(t, conversation("a", 0)), requestOf(t, conversation("stale", 7)), requestOf(t, conversation("b", 0)), requestOf(t, conversation("a", 0))}
	group[0].steps = append(group[0].steps, jobStep(bot.Job{ID: "once"}))
	w.commit(group)
	for i, want := range []error{nil, bot.ErrStale, nil, bot.ErrStale} {
		if err := <-group[i].done; !errors.Is(err, want) {
			t.Errorf("turn %d: %v", i, err)
		}
	}
	for _, id := range []string{"a", "b"} {
		if _, err := d.Load(ctx, id); err != nil {
			t.Error(err)
		}
	}
	if !w.wary {
		t.Error("the next group is to be written with savepoints")
	}
	w.commit([]*request{requestOf(t, conversation("c", 0))})
	if w.wary {
		t.Error("a group in which nothing failed ends that")
	}
}

func TestRowsAreHandedOutOnceEvenIfATurnBesideThemFails(t *testing.T) {
	ctx := context.Background()
	d, l := engineOf(t)
	if err := d.Enqueue(ctx, bot.Job{ID: "job", RunAt: time.UnixMicro(1)}); err != nil {
		t.Fatal(err)
	}
	w, err := newWriter(ctx, l.writer.db)
	if err != nil {
		t.Fatal(err)
	}
	defer w.conn.Close()
	rows := 0
	claim := step{sql: claimJobs, args: []any{int64(2), int64(9), int64(1)}, each: func(scanner) error {
		rows++
		return nil
	}}
	handed, stale := &request{steps: []step{claim}, done: make(chan error, 1)}, requestOf(t, conversation("stale", 7))
	w.commit([]*request{handed, stale, requestOf(t, conversation("fits", 0))})
	_, err = d.Load(ctx, "fits")
	if err := errors.Join(<-handed.done, err); err != nil {
		t.Error(err)
	}
	if err := <-stale.done; !errors.Is(err, bot.ErrStale) {
		t.Error(err)
	}
	if rows != 1 {
		t.Errorf("%d rows", rows)
	}
}

func TestAFullDiskIsBusyAndWhatWasAcknowledgedIsThere(t *testing.T) {
	d, l := engineOf(t)
	ctx := context.Background()
	pages := func(n int) {
		l.writer.write(ctx, []step{{sql: both(fmt.Sprintf("pragma max_page_count = %d", n)), each: func(scanner) error { return nil }}})
	}
	pages(1) // means: as many as there are
	acknowledged := make([]error, 64)
	var all sync.WaitGroup
	for i := range acknowledged {
		all.Go(func() {
			turn := conversation(fmt.Sprint(i), 0)
			turn.Messages = []bot.Message{{Text: strings.Repeat("long ", 2000)}}
			acknowledged[i] = d.Commit(ctx, turn)
		})
	}
	all.Wait()
	refused := 0
	for i, err := range acknowledged {
		_, load := d.Load(ctx, fmt.Sprint(i))
		switch {
		case err == nil && load != nil:
			t.Errorf("turn %d was acknowledged and is not there: %v", i, load)
		case err != nil && !errors.Is(err, bot.ErrBusy):
			t.Errorf("turn %d: %v", i, err)
		case err != nil && !errors.Is(load, bot.ErrNotFound):
			t.Errorf("turn %d was refused and is there: %v", i, load)
		case err != nil:
			refused++
		}
	}
	if refused == 0 {
		t.Error("the disk was not full")
	}
	pages(1 << 30)
	if err := d.Commit(ctx, conversation("after", 0)); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

func TestATurnWhoseCallerLeftWhileItWaitedIsNotWritten(t *testing.T) {
	gone := requestOf(t, conversation("gone", 0))
	gone.state.Store(left)
	stays := requestOf(t, conversation("stays", 0))
	w := &writer{waiting: make(chan *request, 2)}
	w.waiting <- stays
	if group := w.gather(gone); len(group) != 1 || group[0] != stays {
		t.Errorf("gathered %v", group)
	}
}

func TestAListenerThatIsBehindIsToldThatAnythingMayHaveChanged(t *testing.T) {
	h := &hub{}
	l := h.join(false)
	for i := range 2 * maxPending {
		h.say(fmt.Sprint(i))
	}
	if ids := h.take(l); len(ids) != 1 || ids[0] != "" {
		t.Errorf("%d ids wait", len(ids))
	}
	h.say("next")
	if ids := h.take(l); len(ids) != 1 || ids[0] != "next" {
		t.Errorf("it is told %q", ids)
	}
}

func TestSignalsFitIntoANotification(t *testing.T) {
	var ids []string
	for i := range 3000 {
		ids = append(ids, fmt.Sprintf("conversation-%08d", i))
	}
	ids = append(ids, strings.Repeat("x", 2*maxPayload))
	seen := map[string]bool{}
	for _, p := range payloads("node", ids) {
		if len(p) >= 8000 {
			t.Errorf("a payload has %d bytes", len(p))
		}
		node, rest, _ := strings.Cut(p, "\n")
		if node != "node" {
			t.Errorf("it begins with %q", node)
		}
		for id := range strings.SplitSeq(rest, "\n") {
			seen[id] = true
		}
	}
	if len(seen) != 3001 || !seen[""] || !seen["conversation-00002999"] {
		t.Errorf("%d of %d ids arrive", len(seen), len(ids))
	}
}

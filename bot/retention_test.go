package bot_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"usher/bot"
)

func TestWhoWasKeptLongEnoughGoesEverywhereAndMayComeAgain(t *testing.T) {
	files := fstest.MapFS{"privacy.yaml": {Data: []byte("controller: Acme\nretention: { conversations: 30d, visitors: 30d, leads: { visitor: 30d, mql: 30d } }\n")}}
	for name, file := range workspace {
		files[name] = file
	}
	h := &hurt{stage: newStageOn(t, file(t), files), board: &board{}}
	h.Erasers = map[string]bot.Eraser{"board": h.board}
	h.Carriers[bot.JobErase], h.Carriers[bot.JobPerson] = h.CarryErase, h.FoldPerson
	a := h.arrive("")
	h.says(a, "250", "priya@bigco.example")
	h.who = a.Conversation.ID
	if counts, err := h.Retire(t.Context()); len(counts) > 0 || err != nil {
		t.Fatal(counts, err)
	}
	h.pass(31 * 24 * time.Hour)
	h.Wake(t.Context())
	h.pass(31 * 24 * time.Hour)
	j := h.begins("a")
	counts, err := h.Retire(t.Context())
	must(t, err)
	if counts["persons"] == 0 {
		t.Fatal(counts)
	}
	all, err := h.Store.Erasures(t.Context(), 9)
	must(t, err)
	i := slices.IndexFunc(all, func(e bot.Erasure) bool {
		return slices.ContainsFunc(e.Parts, func(p bot.ErasurePart) bool { return p.Place == bot.PlaceLate })
	})
	if i < 0 || all[i].Who != bot.HouseKeeping || len(all[i].Hashes) > 0 {
		t.Fatalf("%+v", all)
	}
	h.erasure = all[i]
	h.pass(40 * time.Second)
	h.puts(j)
	h.ends(j)
	h.isSwept()
	if _, err := h.Erased(t.Context(), bot.ByEmail, "priya@bigco.example"); !errors.Is(err, bot.ErrNotFound) {
		t.Error(err)
	}
	lines, err := h.Store.AuditLines(t.Context(), bot.AuditQuery{Limit: 9})
	must(t, err)
	if len(lines) == 0 || slices.ContainsFunc(lines, func(l bot.AuditLine) bool { return l.What != bot.AuditKept || l.Who != bot.HouseKeeping }) {
		t.Errorf("%+v", lines)
	}
	if _, made, err := h.SavePerson(t.Context(), bot.PersonFacts{Email: "priya@bigco.example", By: "import"}); !made || err != nil {
		t.Error(made, err)
	}
}

// scrubbed counts how often the file was written anew.
type scrubbed struct {
	bot.Store
	n int
}

func (s *scrubbed) Scrub(ctx context.Context) (string, error) {
	s.n++
	return s.Store.Scrub(ctx)
}

func TestWhatWasKeptLongEnoughIsOverwrittenOnceADay(t *testing.T) {
	files := fstest.MapFS{"privacy.yaml": {Data: []byte("controller: Acme\nretention: { visitors: 30d }\n")}}
	for name, file := range workspace {
		files[name] = file
	}
	s := newStageOn(t, file(t), files)
	store := &scrubbed{Store: s.Store}
	s.Store = store
	s.arrive("")
	s.pass(time.Hour)
	s.arrive("")
	for _, step := range []struct {
		after   time.Duration
		removed int
		written int
	}{{0, 0, 0}, {30*24*time.Hour - time.Minute, 1, 1}, {time.Hour, 1, 1}, {22 * time.Hour, 0, 1}, {2 * time.Hour, 0, 2}, {48 * time.Hour, 0, 2}} {
		s.pass(step.after)
		counts, err := s.Retire(t.Context())
		must(t, err)
		if counts["persons"] != step.removed || store.n != step.written {
			t.Errorf("after %v: %v, written anew %d times", step.after, counts, store.n)
		}
	}
}

package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"usher/bot"
	"usher/flows"
)

// publication is the n-th, of a revision that stands under that name.
func publication(n int64, revision string) bot.Publication {
	return bot.Publication{N: n, Revision: revision, At: noon.Add(time.Duration(n) * time.Minute), Who: "mira@office", Kind: bot.ByCommand, Note: "shorter ü"}
}

// sourcesOf are any sources.
func sourcesOf(revision string) map[string]string { return map[string]string{"a.yaml": revision} }

func publications(t *testing.T, fresh Database) {
	tell(t, fresh, "nothing is published at first", func(w world) {
		if _, err := w.Published(w.ctx); !errors.Is(err, bot.ErrNotFound) {
			w.Error(err)
		}
		all, err := w.Publications(w.ctx, 10)
		w.must(err)
		w.same(len(all), 0)
	})
	tell(t, fresh, "what was published last is current, its sources are there, and all are listed", func(w world) {
		w.must(w.Publish(w.ctx, publication(1, "r1"), sourcesOf("r1")))
		w.must(w.Publish(w.ctx, publication(2, "r2"), sourcesOf("r2")))
		back := publication(3, "r1")
		back.Kind, back.Note = bot.ByRollback, ""
		w.must(w.Publish(w.ctx, back, nil))
		got, err := w.Published(w.ctx)
		w.must(err)
		w.same(got, back)
		all, err := w.Publications(w.ctx, 2)
		w.must(err)
		w.same(all, []bot.Publication{back, publication(2, "r2")})
		sources, err := w.Revision(w.ctx, "r2")
		w.must(err)
		w.same(sources, sourcesOf("r2"))
	})
	tell(t, fresh, "a publication decided on an older one is refused, and so is one that leaves a gap", func(w world) {
		w.must(w.Publish(w.ctx, publication(1, "r1"), sourcesOf("r1")))
		for _, n := range []int64{-1, 0, 1, 3} {
			if err := w.Publish(w.ctx, publication(n, "r2"), sourcesOf("r2")); !errors.Is(err, bot.ErrStale) {
				w.Errorf("%d: %v", n, err)
			}
		}
		got, err := w.Published(w.ctx)
		w.must(err)
		w.same(got.Revision, "r1")
		if _, err := w.Revision(w.ctx, "r2"); !errors.Is(err, bot.ErrNotFound) {
			w.Errorf("the refused sources stayed: %v", err)
		}
	})
	tell(t, fresh, "a revision without sources cannot be published", func(w world) {
		if err := w.Publish(w.ctx, publication(1, "r1"), nil); err == nil {
			w.Error("it was")
		}
	})
	tell(t, fresh, "of many who publish at once one does", func(w world) {
		const many = 16
		errs := make([]error, many)
		var all sync.WaitGroup
		for i := range many {
			all.Go(func() {
				revision := fmt.Sprint("r", i)
				errs[i] = w.Publish(w.ctx, publication(1, revision), sourcesOf(revision))
			})
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			switch {
			case err == nil:
				won++
			case !errors.Is(err, bot.ErrStale):
				w.Error(err)
			}
		}
		w.same(won, 1)
	})
	tell(t, fresh, "whoever listens hears of a publication, not of a refused one", func(w world) {
		e := Listen(w, w.Store)
		w.until(e, "first")
		w.must(w.Publish(w.ctx, publication(1, "r1"), sourcesOf("r1")))
		e.Hears(w, bot.SignalPublished, 1)
		if err := w.Publish(w.ctx, publication(1, "r2"), sourcesOf("r2")); !errors.Is(err, bot.ErrStale) {
			w.Fatal(err)
		}
		w.commits(turn("c1", 0))
		e.Hears(w, "c1", 1)
		w.same(e.Count(bot.SignalPublished), 1)
	})
	tell(t, fresh, "open conversations are counted by their revision", func(w world) {
		for i, revision := range []string{"r1", "r1", "r2", "r2"} {
			c := turn(fmt.Sprint("c", i), 0)
			c.Conversation.State.Revision = revision
			if i == 3 {
				c.Conversation.State.End = flows.Nurture
			}
			w.commits(c)
		}
		got, err := w.OpenConversations(w.ctx)
		w.must(err)
		w.same(got, map[string]int{"r1": 2, "r2": 1})
	})
}

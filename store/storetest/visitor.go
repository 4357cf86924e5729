package storetest

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"usher/bot"
	"usher/flows"
)

func visitors(t *testing.T, fresh Database) {
	ada := bot.Visitor{
		ID: "v1", Site: "acme", TokenHash: []byte{0, 1, 0xff}, CreatedAt: noon, SeenAt: noon,
		Data: bot.VisitorData{Visits: 2, Pages: []flows.PageView{{}}},
	}
	tell(t, fresh, "a visitor is known by the hash of the token", func(w world) {
		w.must(w.SaveVisitor(w.ctx, ada))
		got, err := w.Visitor(w.ctx, ada.TokenHash)
		w.must(err)
		if !reflect.DeepEqual(got, ada) {
			w.Errorf("got  %+v\nwant %+v", got, ada)
		}
		for _, hash := range [][]byte{{0, 1}, {}, nil} {
			if _, err := w.Visitor(w.ctx, hash); !errors.Is(err, bot.ErrNotFound) {
				w.Errorf("hash %v: %v", hash, err)
			}
		}
	})
	tell(t, fresh, "a visitor comes with a turn or not at all", func(w world) {
		first := turn("c1", 0)
		first.Visitor = &ada
		w.commits(first)
		got, err := w.Visitor(w.ctx, ada.TokenHash)
		w.must(err)
		w.same(got.Data.Visits, 2)
		again := ada
		again.Data.Visits = 3
		stale := turn("c1", 9)
		stale.Visitor = &again
		if err := w.Commit(w.ctx, stale); !errors.Is(err, bot.ErrStale) {
			w.Fatal(err)
		}
		got, err = w.Visitor(w.ctx, ada.TokenHash)
		w.must(err)
		w.same(got.Data.Visits, 2)
	})
	tell(t, fresh, "saving again replaces, and the old token is worth nothing", func(w world) {
		w.must(w.SaveVisitor(w.ctx, ada))
		again := ada
		again.TokenHash, again.SeenAt, again.Data.Visits = []byte("new"), noon.Add(time.Hour), 3
		w.must(w.SaveVisitor(w.ctx, again))
		got, err := w.Visitor(w.ctx, again.TokenHash)
		w.must(err)
		w.same(got.Data.Visits, 3)
		if _, err := w.Visitor(w.ctx, ada.TokenHash); !errors.Is(err, bot.ErrNotFound) {
			w.Error(err)
		}
	})
	tell(t, fresh, "visitors without a token do not stand in each other's way", func(w world) {
		w.must(w.SaveVisitor(w.ctx, bot.Visitor{ID: "v1"}))
		w.must(w.SaveVisitor(w.ctx, bot.Visitor{ID: "v2"}))
	})
	tell(t, fresh, "two visitors cannot have one token", func(w world) {
		w.must(w.SaveVisitor(w.ctx, ada))
		if err := w.SaveVisitor(w.ctx, bot.Visitor{ID: "v2", TokenHash: ada.TokenHash}); err == nil {
			w.Error("they have")
		}
	})
}

func revisions(t *testing.T, fresh Database) {
	tell(t, fresh, "a revision is kept as it was first saved", func(w world) {
		sources := map[string]string{"team.yaml": "timezone: UTC\n", "book.yaml": "flow: book # ü\n"}
		w.must(w.SaveRevision(w.ctx, "r1", sources, noon))
		w.must(w.SaveRevision(w.ctx, "r1", map[string]string{"other": "text"}, noon))
		got, err := w.Revision(w.ctx, "r1")
		w.must(err)
		w.same(got, sources)
		if _, err := w.Revision(w.ctx, "r2"); !errors.Is(err, bot.ErrNotFound) {
			w.Error(err)
		}
	})
}

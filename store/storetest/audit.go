package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"usher/bot"
)

func audits(t *testing.T, fresh Database) {
	tell(t, fresh, "nothing is written down at first", func(w world) {
		if _, err := w.AuditHead(w.ctx); !errors.Is(err, bot.ErrNotFound) {
			w.Error(err)
		}
		n, err := bot.VerifyAudit(w.ctx, w, nil)
		w.must(err)
		w.same(n, 0)
	})
	tell(t, fresh, "what was written down is read as it was, and the chain holds", func(w world) {
		for i := range 3 {
			w.must(w.Audit(w.ctx, bot.AuditLine{
				At: noon.Add(time.Duration(i) * time.Hour), Who: "mira@office", What: bot.AuditStage, Whom: fmt.Sprint("p", i),
				Detail: map[string]string{"to": "<won> ü\x00", "n": fmt.Sprint(i)},
			}))
		}
		all, err := w.AuditLines(w.ctx, bot.AuditQuery{Limit: 10})
		w.must(err)
		w.same(len(all), 3)
		w.same(all[2].Detail, map[string]string{"to": "<won> ü\uFFFD", "n": "2"})
		w.same(all[1].Prev, all[0].Hash)
		head, err := w.AuditHead(w.ctx)
		w.must(err)
		w.same(head, all[2])
		n, err := bot.VerifyAudit(w.ctx, w, []bot.AuditHead{{N: 2, Hash: all[1].Hash}, {N: 3, Hash: all[2].Hash}})
		w.must(err)
		w.same(n, 3)
		some, err := w.AuditLines(w.ctx, bot.AuditQuery{Since: noon.Add(time.Hour), Limit: 1})
		w.must(err)
		w.same(some, all[1:2])
		some, err = w.AuditLines(w.ctx, bot.AuditQuery{Whom: "p2", Limit: 9})
		w.must(err)
		w.same(some, all[2:])
	})
	tell(t, fresh, "many who write at once make one chain", func(w world) {
		const many = 32
		var all sync.WaitGroup
		errs := make([]error, many)
		for i := range many {
			all.Go(func() { errs[i] = w.Audit(w.ctx, bot.AuditLine{Who: "a", What: bot.AuditExport, Whom: fmt.Sprint(i)}) })
		}
		all.Wait()
		w.must(errors.Join(errs...))
		n, err := bot.VerifyAudit(w.ctx, w, nil)
		w.must(err)
		w.same(n, many)
	})
	tell(t, fresh, "a publication is written down with it, a refused one is not", func(w world) {
		w.must(w.Publish(w.ctx, publication(1, "r1"), sourcesOf("r1")))
		if err := w.Publish(w.ctx, publication(1, "r2"), sourcesOf("r2")); !errors.Is(err, bot.ErrStale) {
			w.Error(err)
		}
		all, err := w.AuditLines(w.ctx, bot.AuditQuery{Limit: 10})
		w.must(err)
		if len(all) != 1 || all[0].What != bot.AuditPublish || all[0].Who != "mira@office" || all[0].Whom != "r1" {
			w.Errorf("%+v", all)
		}
	})
}

package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"usher/bot"
)

func links(t *testing.T, fresh Database) {
	tell(t, fresh, "a link is read as it was saved last, by kind and key", func(w world) {
		_, err := w.Link(w.ctx, "card", "c1")
		w.same(errors.Is(err, bot.ErrNotFound), true)
		w.must(w.SaveLink(w.ctx, "card", "c1", "old"))
		w.must(w.SaveLink(w.ctx, "card", "c1", "new"))
		w.must(w.SaveLink(w.ctx, "thread", "c1", "other"))
		value, err := w.Link(w.ctx, "card", "c1")
		w.must(err)
		w.same(value, "new")
	})
	tell(t, fresh, "of many who claim a link at once one has it and all know which", func(w world) {
		const many = 16
		stands, ours := make([]string, many), make([]bool, many)
		var all sync.WaitGroup
		for i := range many {
			all.Go(func() {
				var err error
				stands[i], ours[i], err = w.ClaimLink(w.ctx, "claim", "c1", fmt.Sprint(i))
				if err != nil {
					w.Error(err)
				}
			})
		}
		all.Wait()
		winners := 0
		for i := range many {
			w.same(stands[i], stands[0])
			if ours[i] {
				winners++
				w.same(stands[i], fmt.Sprint(i))
			}
		}
		w.same(winners, 1)
	})
}

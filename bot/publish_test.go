package bot_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"usher/bot"
)

// published lists publications from the first to the last: a revision, and < for one that somebody went back to.
func published(text string) (all []bot.Publication) {
	for i, word := range strings.Fields(text) {
		revision, back := strings.CutPrefix(word, "<")
		p := bot.Publication{N: int64(i + 1), Revision: revision, Kind: bot.ByCommand}
		if back {
			p.Kind = bot.ByRollback
		}
		all = append([]bot.Publication{p}, all...)
	}
	return all
}

func TestEarlier(t *testing.T) {
	for _, c := range []struct {
		sentence, all, name, want string
		err                       error
	}{
		{"the one before the current one", "aaa bbb ccc", "", "bbb", nil},
		{"going back twice goes back two steps", "aaa bbb ccc <bbb", "", "aaa", nil},
		{"and a third time there is nothing", "aaa bbb ccc <bbb <aaa", "", "", bot.ErrNoEarlier},
		{"what was published after going back can be gone back from", "aaa bbb <aaa ccc", "", "aaa", nil},
		{"the same published twice in between is one step", "aaa bbb aaa", "", "bbb", nil},
		{"nothing was published", "", "", "", bot.ErrNoEarlier},
		{"one was", "aaa", "", "", bot.ErrNoEarlier},
		{"by its first letters", "aab aac", "aab", "aab", nil},
		{"in capitals", "aab aac", "AAB", "aab", nil},
		{"letters of several", "aab aac", "aa", "", bot.ErrAmbiguous},
		{"letters of one that was published twice", "aab ccc aab", "aa", "aab", nil},
		{"by its number", "aab aac", "1", "aab", nil},
		{"by a number that is nobody's", "aab aac", "7", "", bot.ErrNotFound},
		{"by letters of none", "aab aac", "b", "", bot.ErrNotFound},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			got, err := bot.Earlier(published(c.all), c.name)
			if got.Revision != c.want || !errors.Is(err, c.err) {
				t.Errorf("%q, %v", got.Revision, err)
			}
		})
	}
}

func TestPublish(t *testing.T) {
	sources := map[string]string{"a.yaml": "flow: a"}
	by := func(revision string) bot.Publication {
		return bot.Publication{Revision: revision, At: time.Now(), Who: "mira@office", Kind: bot.ByCommand}
	}
	t.Run("what is current already is not published again", func(t *testing.T) {
		s := unopened(t, file(t))
		first, err := bot.Publish(t.Context(), s.Store, by("aaa"), sources)
		must(t, err)
		again, err := bot.Publish(t.Context(), s.Store, by("aaa"), sources)
		if !errors.Is(err, bot.ErrCurrent) || first.N != 1 || again.N != 1 {
			t.Errorf("%+v, %v", again, err)
		}
	})
	t.Run("all who publish at once do, one after the other, and the same revision once", func(t *testing.T) {
		s := unopened(t, file(t))
		const many = 12
		current := make([]bool, 2*many)
		var all sync.WaitGroup
		for i := range 2 * many {
			all.Go(func() {
				revision := fmt.Sprint("other ", i)
				if i < many {
					revision = "same"
				}
				_, err := bot.Publish(t.Context(), s.Store, by(revision), sources)
				if current[i] = errors.Is(err, bot.ErrCurrent); err != nil && !current[i] {
					t.Error(err)
				}
			})
		}
		all.Wait()
		listed, err := s.Store.Publications(t.Context(), 100)
		must(t, err)
		if len(listed) < many+1 || listed[0].N != int64(len(listed)) {
			t.Errorf("%d publications, the last is %d", len(listed), listed[0].N)
		}
		for i := range listed[1:] {
			if listed[i].Revision == listed[i+1].Revision {
				t.Errorf("%s was published twice running", listed[i].Revision)
			}
		}
	})
	t.Run("a rollback to what cannot be served changes nothing", func(t *testing.T) {
		s := unopened(t, file(t))
		for _, revision := range []string{"aaa", "bbb"} {
			_, err := bot.Publish(t.Context(), s.Store, by(revision), sources)
			must(t, err)
		}
		no := errors.New("it does not load")
		if _, err := bot.Rollback(t.Context(), s.Store, "", by(""), func(string) error { return no }); !errors.Is(err, no) {
			t.Error(err)
		}
		got, err := s.Store.Published(t.Context())
		must(t, err)
		if got.Revision != "bbb" {
			t.Errorf("%+v", got)
		}
	})
}

package bot_test

import (
	"errors"
	"strings"
	"testing"

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

package flows

import (
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"
)

// TestStoriesAreWritten: what is written loads as the same story.
func TestStoriesAreWritten(t *testing.T) {
	w, problems := Load(Example())
	if w == nil {
		t.Fatal(problems)
	}
	for _, s := range w.Stories {
		t.Run(s.Name, func(t *testing.T) { sameStory(t, s) })
	}
	t.Run("whatever stands in it", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) { sameStory(t, drawStory(t)) })
	})
}

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

func sameStory(t fataler, s *Story) {
	t.Helper()
	files := exampleFiles(t)
	files["stories/one.yaml"] = &fstest.MapFile{Data: []byte(s.YAML())}
	w, problems := Load(files)
	if w == nil || len(w.Stories) != 1 {
		t.Fatalf("%v\n%s", problems, s.YAML())
	}
	got, want := unplaced(w.Stories[0]), unplaced(s)
	if !got.Now.Equal(want.Now) {
		t.Fatalf("now is %v, not %v", got.Now, want.Now)
	}
	got.Now, want.Now = time.Time{}, time.Time{}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("is\n%+v\nnot\n%+v\n%s", got, want, s.YAML())
	}
}

// exampleFiles is the example workspace without its stories.
func exampleFiles(t fataler) fstest.MapFS {
	files := fstest.MapFS{}
	err := fs.WalkDir(Example(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(name, "stories/") {
			return err
		}
		data, err := fs.ReadFile(Example(), name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatalf("read the example: %v", err)
	}
	return files
}

// unplaced is a story without places.
func unplaced(s *Story) Story {
	c := *s
	c.Place, c.Turns = Place{}, nil
	for _, turn := range s.Turns {
		turn.Place = Place{}
		if turn.Expect != nil && !turn.Expect.Meeting.IsZero() {
			e := *turn.Expect
			e.Meeting = e.Meeting.UTC()
			turn.Expect = &e
		}
		c.Turns = append(c.Turns, turn)
	}
	return c
}

func drawStory(t *rapid.T) *Story {
	words := rapid.StringMatching(`[^\x00-\x08\x0b-\x1f\x7f-\x{9f}\x{fffe}\x{ffff}\x{2028}\x{2029}\x{feff}\x{85}]{1,20}`)
	some := rapid.SampledFrom([]string{"yes", "1", "007", "-", "a: b", "- x", "null", "~", "2026-12-01", "#1", "it's", `"q"`, "{a}", "[b]", "tail ", " head", "1e3", "line\nbreak", "c:\\d", "&a", "*b", "%", "@x", "`"})
	text := rapid.OneOf(words, some)
	s := &Story{
		Name: text.Draw(t, "name"), Flow: "book-a-demo",
		Now:   time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "now"), 0).UTC(),
		Visit: Visit{Page: text.Draw(t, "page"), Visits: rapid.IntRange(0, 9).Draw(t, "visits"), UTM: map[string]string{"source": text.Draw(t, "utm")}},
	}
	for range rapid.IntRange(1, 5).Draw(t, "turns") {
		s.Turns = append(s.Turns, rapid.SampledFrom([]StoryTurn{
			{Bot: text.Draw(t, "bot")},
			{Visitor: text.Draw(t, "visitor")},
			{Value: text.Draw(t, "value")},
			{Wait: time.Duration(rapid.IntRange(1, 1e6).Draw(t, "wait")) * time.Second},
			{Joins: "asha"},
			{Leaves: "ben"},
			{Given: &Given{Times: TimesGone, Rep: "cora"}},
			{Expect: &Expect{Step: "size", Grade: "hot", End: "nurture", NoBooking: true, Known: map[string]string{"email": text.Draw(t, "known")}}},
		}).Draw(t, "turn"))
	}
	return s
}

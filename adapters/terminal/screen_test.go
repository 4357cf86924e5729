package terminal

import (
	"io/fs"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"usher/bot/slots"
	"usher/flows"
)

// onTheScreen is a chat with the example that has begun.
func onTheScreen(t *testing.T) *screen {
	t.Helper()
	var files fs.FS = flows.Example()
	ws, problems := flows.Load(files)
	if ws == nil {
		t.Fatal(problems)
	}
	w := &World{
		Now:       func() time.Time { return time.Date(2026, 11, 23, 4, 30, 0, 0, time.UTC) },
		FiledBusy: func(*flows.Workspace, *flows.Rep, time.Time, time.Time) ([]slots.Interval, error) { return nil, nil },
	}
	c := ChatCommand{Flow: "book-a-demo", Timezone: "Asia/Kolkata"}
	talk, visit, err := c.talk(w, ws)
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{talk: talk, visit: visit, width: 80}
	s.Init()
	return s
}

// press types keys; "enter", "up" and "down" are the keys of that name, anything else is typed.
func (s *screen) press(keys ...string) (last tea.Cmd) {
	named := map[string]rune{"enter": tea.KeyEnter, "up": tea.KeyUp, "down": tea.KeyDown, "backspace": tea.KeyBackspace}
	for _, k := range keys {
		if code, ok := named[k]; ok {
			_, last = s.Update(tea.KeyPressMsg{Code: code})
			continue
		}
		for _, r := range k {
			_, last = s.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
		}
	}
	return last
}

func (s *screen) step() string { return s.talk.session.Conversation.State }

func TestTheScreenTakesKeys(t *testing.T) {
	t.Run("a number chooses at once", func(t *testing.T) {
		s := onTheScreen(t)
		if s.press("2"); s.step() != "size" {
			t.Errorf("at %s", s.step())
		}
	})
	t.Run("arrows go round and enter chooses", func(t *testing.T) {
		s := onTheScreen(t)
		s.press("up")
		if !strings.Contains(s.View().Content, "›") || s.choice != 2 {
			t.Errorf("the last is not marked:\n%s", s.View().Content)
		}
		if s.press("down", "enter"); s.step() != "size" {
			t.Errorf("at %s", s.step())
		}
	})
	t.Run("words are typed, mended and said", func(t *testing.T) {
		s := onTheScreen(t)
		s.press("demox", "backspace")
		if !strings.Contains(s.View().Content, "> demo") {
			t.Error(s.View().Content)
		}
		s.press("enter", "250", "enter")
		if s.step() != "start" || !strings.Contains(s.View().Content, "40") {
			t.Errorf("at %s\n%s", s.step(), s.View().Content)
		}
	})
	t.Run("a digit in an open question is typed", func(t *testing.T) {
		s := onTheScreen(t)
		s.press("1", "3")
		if string(s.input) != "3" || s.step() != "size" {
			t.Errorf("%q at %s", string(s.input), s.step())
		}
	})
	t.Run("a mistyped slash line leaves the conversation", func(t *testing.T) {
		s := onTheScreen(t)
		if s.press("/dance", "enter"); s.err != nil || s.step() != "goal" {
			t.Error(s.err, s.step())
		}
	})
	t.Run("nothing said changes nothing", func(t *testing.T) {
		s := onTheScreen(t)
		if cmd := s.press("enter"); cmd != nil || s.step() != "goal" {
			t.Error(s.step())
		}
	})
}

func TestWordsAreWrapped(t *testing.T) {
	for text, want := range map[string]string{
		"one two three":      "one two|three",
		"abcdefghijklm":      "abcdefghij|klm",
		"a\n\nb":             "a||b",
		"":                   "",
		"ab abcdefghijklm n": "ab|abcdefghij|klm n",
	} {
		if got := strings.Join(wrap(text, 10), "|"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

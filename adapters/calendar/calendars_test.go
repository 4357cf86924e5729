package calendar_test

import (
	"bytes"
	"log/slog"
	"maps"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"usher/adapters/calendar"
	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
	"usher/store"
	"usher/store/fresh"
)

// talk has a flow that learns the size of a team, and a rep who is free all day.
var talk = fstest.MapFS{
	"talk.yaml": {Data: []byte(`
flow: talk
languages: [en]
fields:
  size: { type: number, label: Team size }
steps:
  - { id: size, ask: size, say: How many? }
  - { id: mail, ask: email, say: Which address? }
  - { id: meet, book: { minutes: 30 }, say: Which time? }
  - { id: done, end: qualified, say: Bye }
score:
  - { if: size >= 200, points: 40, because: 200 seats or more, part: need }
  - { if: size >= 100, points: 25, because: a firm of its own, part: need }
grades: { hot: 60, cold: 0 }
`)},
	"team.yaml": {Data: []byte(`
timezone: UTC
hours: { all: { mon-sun: "00:00-24:00" } }
reps:
  - { id: asha, name: Asha Rao, email: asha@acme.example, hours: all }
teams:
  - { id: sales, reps: [asha], assign: fair }
routes:
  - { to: sales }
`)},
}

// visited is a bot whose visitor told all and booked a meeting with a rep of that calendar.
func visited(t *testing.T, calendar string) (*bot.Bot, bot.Meeting) {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	memory, err := store.Open(t.Context(), fresh.SQLite(t), store.Options{Log: quiet})
	must(t, err)
	t.Cleanup(func() { must(t, memory.Close()) })
	b := &bot.Bot{Store: memory, Log: quiet, Now: time.Now}
	files := maps.Clone(talk)
	files["team.yaml"] = &fstest.MapFile{Data: bytes.Replace(talk["team.yaml"].Data, []byte("hours: all }"), []byte("hours: all"+calendar+" }"), 1)}
	w, problems := flows.Load(files)
	if w == nil {
		t.Fatal(problems)
	}
	must(t, b.Use(t.Context(), w))
	must(t, memory.SaveBusy(t.Context(), bot.Busy{Rep: "asha", ReadAt: time.Now(), Until: time.Now().AddDate(0, 1, 0)}))
	a, err := b.Arrive(t.Context(), bot.Arrival{Site: "acme.example", Visit: flows.Visit{Page: "/", Language: "en", Timezone: "Asia/Kolkata"}})
	must(t, err)
	for _, text := range []string{"about 250", "priya@bigco.example", "1"} {
		must(t, b.Say(t.Context(), a.Conversation.ID, a.Visitor.ID, dialogue.Said{ID: text, Text: text}))
	}
	c, err := b.Conversation(t.Context(), a.Conversation.ID, "")
	must(t, err)
	if c.State.Meeting == nil {
		t.Fatalf("%+v", c.State)
	}
	m, err := b.Meeting(t.Context(), c.State.Meeting.UID)
	must(t, err)
	return b, m
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatRepsReadOfAMeeting(t *testing.T) {
	b, m := visited(t, "")
	all, err := calendar.Settings{}.Join(b)
	must(t, err)
	all.Page = func(m bot.Meeting) string { return "https://usher.example/m/" + m.UID }
	t.Run("the event says who comes, what they told and where more stands", func(t *testing.T) {
		want := "priya@bigco.example\nTeam size: 250\nScore 65, hot: 200 seats or more; a firm of its own\nhttps://usher.example/m/" + m.UID
		if got := all.Writing.About(t.Context(), m); got != want {
			t.Errorf("%q", got)
		}
	})
	t.Run("the visitor's letter says nothing of it", func(t *testing.T) {
		text, err := all.Letter(m, "REQUEST")
		if err != nil || strings.Contains(string(text), "Score") || strings.Contains(string(text), "Team size") {
			t.Errorf("%v\n%s", err, text)
		}
	})
	t.Run("the file to save and the letters are of one inviter", func(t *testing.T) {
		all.AnswersTo = "meet@acme.example"
		defer func() { all.AnswersTo = "" }()
		for _, method := range []string{"", "REQUEST", "CANCEL"} {
			text, err := all.Letter(m, method)
			if organizer := regexp.MustCompile(`ORGANIZER;[^\r]*`).Find(text); err != nil || !strings.HasSuffix(string(organizer), ":mailto:meet@acme.example") {
				t.Errorf("%q: %s, %v", method, organizer, err)
			}
		}
	})
	t.Run("a meeting of nobody who is known any more is written all the same", func(t *testing.T) {
		m.Conversation = "gone"
		if got := all.Writing.About(t.Context(), m); got != "priya@bigco.example\nhttps://usher.example/m/"+m.UID {
			t.Errorf("%q", got)
		}
	})
}

func TestMeetingsAreWrittenAgainToACalendarThatCanBeReadAgain(t *testing.T) {
	for calendars, want := range map[string]int{
		"": 0,
		", calendar: { caldav: https://dav.acme.example/, user: asha, password: \"${ASHA_CALDAV}\" }": 1,
	} {
		b, _ := visited(t, calendars)
		all, err := calendar.Settings{}.Join(b)
		must(t, err)
		all.Sync.Back(t.Context(), b.Workspace().Roster.Rep("asha"))
		counts, err := b.Store.JobCounts(t.Context())
		if err != nil || counts[bot.JobReady] != want {
			t.Errorf("%q: %v, %v", calendars, counts, err)
		}
	}
}

package dialogue_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

func TestStart(t *testing.T) {
	m := load(t, acme, "book-a-demo")
	start := func(t *testing.T, v flows.Visit) dialogue.Conversation {
		t.Helper()
		c, _, err := m.Advance(dialogue.Conversation{}, dialogue.Started{Visit: v}, monday)
		if err != nil {
			t.Fatal(err)
		}
		return throughJSON(t, c)
	}
	t.Run("the visit fills hidden fields, which are never asked", func(t *testing.T) {
		c := start(t, flows.Visit{UTM: map[string]string{"source": "google"}})
		if a := c.Answers[0]; a.Field != "source" || a.Value.Text != "google" || a.Source != dialogue.SourceVisit {
			t.Fatalf("%+v", c.Answers)
		}
	})
	for zone, want := range map[string]string{"Asia/Kolkata": "Asia/Kolkata", "": "UTC", "Local": "UTC", "Mars/Base": "UTC", "../../etc/passwd": "UTC"} {
		t.Run(fmt.Sprintf("the zone %q is taken as %s", zone, want), func(t *testing.T) {
			c := start(t, flows.Visit{Timezone: zone})
			if c.Timezone != want || m.Scope(c, monday).Now.Location().String() != want {
				t.Fatalf("zone %q", c.Timezone)
			}
		})
	}
	for tag, want := range map[string]string{"en-IN": "en-IN", "EN": "EN", "fr": "en", "": "en"} {
		t.Run(fmt.Sprintf("the language %q is taken as %s", tag, want), func(t *testing.T) {
			if c := start(t, flows.Visit{Language: tag}); c.Language != want {
				t.Fatalf("language %q", c.Language)
			}
		})
	}
	t.Run("what a page sends is bounded, and the newest pages are kept", func(t *testing.T) {
		long := strings.Repeat("é", dialogue.MaxPageBytes)
		v := flows.Visit{Page: "https://acme.example/pricing?token=secret#x", Title: long, UTM: map[string]string{}}
		for i := range 2 * dialogue.MaxPages {
			v.Pages = append(v.Pages, flows.PageView{Path: fmt.Sprint("/", i), At: monday.Add(time.Duration(i-200) * time.Minute)})
			v.UTM[fmt.Sprint("k", i)] = long
		}
		c := start(t, v)
		pages := c.Visit.Pages
		if len(pages) != dialogue.MaxPages || pages[len(pages)-1].Path != "/pricing" || pages[len(pages)-2].Path != "/99" {
			t.Fatalf("%d pages, the last %v", len(pages), pages[len(pages)-1])
		}
		if len(c.Visit.Title) > dialogue.MaxPageBytes || len(c.Visit.UTM) != dialogue.MaxUTM {
			t.Fatalf("title of %d bytes, %d utm", len(c.Visit.Title), len(c.Visit.UTM))
		}
	})
	t.Run("what the input holds is not shared", func(t *testing.T) {
		v := flows.Visit{UTM: map[string]string{"source": "google"}, Pages: []flows.PageView{{Path: "/a", At: monday}}}
		c := start(t, v)
		v.UTM["source"], v.Pages[0].Path = "x", "x"
		if c.Visit.UTM["source"] != "google" || c.Visit.Pages[0].Path != "/a" {
			t.Fatalf("%+v", c.Visit)
		}
	})
}

func TestScope(t *testing.T) {
	c := offeredTo(t, priya).say("1").at("done")
	s := c.m.Scope(c.c, c.now)
	switch {
	case !s.Booked || s.Joined || s.Score != 40 || s.Grade != "warm" || s.Parts["need"] != 40:
		t.Fatalf("%+v", s)
	case s.Rep == nil || s.Rep.ID != "asha" || s.Meeting == nil || s.Meeting.Minutes != 30:
		t.Fatalf("rep %+v, meeting %+v", s.Rep, s.Meeting)
	case s.Now.Hour() != 10 || !strings.Contains(s.Meeting.Starts, s.Meeting.Day) || !strings.Contains(s.Meeting.Starts, s.Meeting.Time):
		t.Fatalf("now %v, meeting %+v", s.Now, s.Meeting)
	case s.Values["email"].Text != "priya@bigco.example" || s.Show == nil || s.Roster == nil:
		t.Fatalf("%+v", s)
	}
}

func TestLimits(t *testing.T) {
	t.Run("a conversation without end takes no more words, but a person may still talk", func(t *testing.T) {
		c := atSize(t)
		full := c.c
		full.Turns = dialogue.MaxTurns
		if _, _, err := c.m.Advance(full, dialogue.Said{Text: "250"}, monday); err == nil {
			t.Fatal("one more was taken")
		}
		if _, _, err := c.m.Advance(full, cora, monday); err != nil {
			t.Fatal(err)
		}
		if after, _, err := c.m.Advance(full, dialogue.Visited{Page: "/pricing"}, monday); err != nil || after.Turns != full.Turns {
			t.Fatalf("a page view was taken: %d turns, %v", after.Turns, err)
		}
	})
	t.Run("a visitor whom no time suits is not shown times for ever", func(t *testing.T) {
		c := begin(t, load(t, acme, "book-a-demo"), dialogue.Started{Known: priya})
		c.house.free = times("asha", 2*dialogue.MaxRefused)
		c.choose("demo").say("250").say("skip").at("meet/offered")
		for range dialogue.MaxRefused/3 - 1 {
			c.say("none of these").at("meet/offered")
		}
		c.say("none of these").at("help/waiting")
	})
	t.Run("a flow that books in a circle without a free time meets the limit, and nothing has happened", func(t *testing.T) {
		f := &flows.Flow{ID: "f", Steps: []*flows.Step{
			{ID: "q", Ask: &flows.Field{Name: "x", Type: flows.TypeText}},
			{ID: "a", Book: &flows.Book{}},
			{ID: "b", Next: []flows.Edge{{To: "a"}}},
		}}
		m, err := dialogue.Compile(&flows.Workspace{}, f)
		if err != nil {
			t.Fatal(err)
		}
		c := &chat{t: t, m: m, now: monday, house: &house{}}
		c.input(dialogue.Started{})
		if err := c.try(dialogue.Said{Text: "go"}); err == nil || c.c.State != "q" {
			t.Fatalf("state %q, error %v", c.c.State, err)
		}
	})
}

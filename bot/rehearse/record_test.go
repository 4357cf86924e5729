package rehearse_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"usher/bot/dialogue"
	"usher/bot/rehearse"
	"usher/bot/slots"
	"usher/flows"
)

// tells loads the version with the story and tells it.
func tells(t rapid.TB, w *flows.Workspace, text string, busy func(*flows.Rep, time.Time, time.Time) ([]slots.Interval, error)) (*flows.Story, string) {
	t.Helper()
	files := fstest.MapFS{"stories/recorded.yaml": {Data: []byte(text)}}
	for name, source := range w.Sources {
		files[name] = &fstest.MapFile{Data: []byte(source)}
	}
	for _, rep := range []string{"asha", "ben", "cora", "dev"} {
		files["calendars/"+rep+".ics"] = &fstest.MapFile{Data: []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")}
	}
	with, problems := flows.Load(files)
	if with == nil {
		t.Fatalf("%v\n%s", problems, text)
	}
	r := rehearse.Tell(with, busy, with.Stories[0])
	return with.Stories[0], r.Failed
}

func TestARecordedStory(t *testing.T) {
	w, busy := example(t)
	world := &rehearse.World{Workspace: w, Busy: busy}
	s, err := world.Open("book-a-demo", time.Date(2026, 11, 23, 4, 30, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	visit := flows.Visit{Page: "/pricing?mail=ravi.kumar@zentora.com", Referrer: "https://www.google.com/search?q=ravi", UTM: map[string]string{"source": "google", "term": "zentora"}, Timezone: "Asia/Kolkata", Language: "en"}
	if _, err := s.Input(dialogue.Started{Visit: visit}); err != nil {
		t.Fatal(err)
	}
	for i, text := range []string{"demo", "we are about 250, Ravi here", "this month", "skip", "How much does it cost, asks Zentora?", "Zentora", "ravi.kumar@gmail.com", "ravi.kumar@zentora.com", "1"} {
		if i == 2 {
			s.Now = s.Now.Add(3 * time.Minute)
		}
		say(t, s, string(rune('a'+i)), text)
	}
	r, err := rehearse.Record(told(s))
	if err != nil {
		t.Fatal(err)
	}
	want := `story: "recorded: hot, qualified, with a meeting"
flow: book-a-demo
now: 2026-11-23T10:00:00+05:30
visit: { page: "/pricing", referrer: "https://www.google.com/", utm: { "source": "google", "term": "x" }, timezone: "Asia/Kolkata", language: "en" }
turns:
`
	if !strings.HasPrefix(r.Story, want) {
		t.Errorf("%s", r.Story)
	}
	for _, line := range []string{
		"  - visitor: \"demo\"\n", "  - visitor: \"250\"\n", "  - wait: 3m\n  - visitor: \"this month\"\n", "  - visitor: \"How much does it cost?\"\n",
		"  - visitor: \"BigCo\"\n", "  - visitor: \"priya@gmail.com\"\n", "  - visitor: \"priya@bigco.example\"\n", "  - visitor: \"1\"\n", "step: \"done\", grade: \"hot\", score: 70",
	} {
		if !strings.Contains(r.Story, line) {
			t.Errorf("no %q in\n%s", line, r.Story)
		}
	}
	for _, secret := range []string{"ravi", "kumar", "zentora"} {
		if strings.Contains(strings.ToLower(r.Story), secret) {
			t.Errorf("%s in\n%s", secret, r.Story)
		}
	}
	for _, calendars := range []func(*flows.Rep, time.Time, time.Time) ([]slots.Interval, error){nil, busy} {
		if _, failed := tells(t, w, r.Story, calendars); failed != "" {
			t.Errorf("%s\n%s", failed, r.Story)
		}
	}
}

// strangers are what visitors of these tests say are; no stand-in is any of them.
var strangers = []string{"Quentin Zabriskie", "quentin@zabriskie.io", "Zabriskie Holdings", "quentin@gmail.com", "quentin@zabriskie.edu", "I am Quentin from Zabriskie", "call Quentin, 30 people"}

func TestARecordedStoryHoldsNobodysDataAndComesOut(t *testing.T) {
	w, _ := example(t)
	was := words
	words = append(append([]string{}, was...), strangers...)
	defer func() { words = was }()
	rapid.Check(t, func(t *rapid.T) {
		s := chat(t, w)
		r, err := rehearse.Record(told(s))
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"quentin", "zabriskie", "kim@college", "someone@"} {
			if strings.Contains(strings.ToLower(r.Story), secret) {
				t.Errorf("%s in\n%s", secret, r.Story)
			}
		}
		if _, failed := tells(t, w, r.Story, nil); failed != "" {
			t.Errorf("%s\n%s", failed, r.Story)
		}
	})
}

func TestStandInsKeepWhatIsDecidedByThem(t *testing.T) {
	w, _ := example(t)
	s, err := (&rehearse.World{Workspace: w}).Open("book-a-demo", time.Date(2026, 11, 23, 4, 30, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Input(dialogue.Started{Visit: flows.Visit{Page: "/", Timezone: "Asia/Kolkata", Language: "en"}}); err != nil {
		t.Fatal(err)
	}
	for i, text := range []string{"demo", "300", "this month", "skip", "Zentora", "kim@zentora.edu"} {
		say(t, s, string(rune('a'+i)), text)
	}
	r, err := rehearse.Record(told(s))
	if err != nil || !strings.Contains(r.Story, `visitor: "priya@bigco.edu"`) || !strings.Contains(r.Story, "score: 40") {
		t.Errorf("%v\n%s", err, r.Story)
	}
}

package calendar_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/adapters/calendar"
	"usher/adapters/calendar/calendarfake"
	"usher/bot"
	"usher/flows"
)

// provider is what the fakes of both have in common.
type provider interface {
	http.Handler
	AddCalendar(person string, c calendarfake.Calendar)
	DropCalendar(id string)
	AddEvent(e calendarfake.Event) string
	Change(id string, with func(e *calendarfake.Event)) bool
	Move(id string, start time.Time) bool
	Delete(id string) bool
	Skip(id string, week int) bool
	Events(calendar string) []calendarfake.Event
	ExpireTokens()
	Pages(size int)
	Throttle(n, after int)
	Fail(n, status, after int)
	LoseAnswers(n int)
	Calls() []string
	Refuse(with string)
	SignInAs(person string)
	Revoke(person string)
	ExpireAccess()
}

// links is a store's links in memory.
type links struct {
	mu  sync.Mutex
	all map[string]string
}

func (l *links) Link(_ context.Context, kind, key string) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	v, ok := l.all[kind+" "+key]
	if !ok {
		return "", bot.ErrNotFound
	}
	return v, nil
}

func (l *links) SaveLink(_ context.Context, kind, key, value string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all[kind+" "+key] = value
	return nil
}

func (l *links) ClaimLink(_ context.Context, kind, key, value string) (string, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if v, ok := l.all[kind+" "+key]; ok {
		return v, false, nil
	}
	l.all[kind+" "+key] = value
	return value, true, nil
}

const (
	asha   = "asha@acme.example"
	secret = "a secret of the operator, 32 characters and more"
)

// serviceKey is a service account's key, made once: it takes a while.
var serviceKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func keyFile() string {
	der, err := x509.MarshalPKCS8PrivateKey(serviceKey())
	if err != nil {
		panic(err)
	}
	data, err := json.Marshal(map[string]string{
		"type": "service_account", "client_email": "usher@project.example", "client_id": "1", "private_key_id": "k1",
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
	})
	if err != nil {
		panic(err)
	}
	return string(data)
}

// stage is a rep with calendars at a provider, and our client of it.
type stage struct {
	provider
	cloud  *calendar.Cloud
	rep    *flows.Rep
	book   calendar.Book
	links  *links
	url    string
	now    time.Time
	waited []time.Duration
}

var providers = []string{calendar.Google, calendar.Microsoft}

// both runs a test for each provider.
func both(t *testing.T, name string, test func(t *testing.T, s *stage)) {
	for _, p := range providers {
		t.Run(name+" ("+p+")", func(t *testing.T) { test(t, newStage(t, p)) })
	}
}

type cleaner interface{ Cleanup(func()) }

func newStage(t cleaner, name string) *stage {
	s := &stage{links: &links{all: map[string]string{}}, now: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)}
	at := flows.Calendar{Google: asha}
	if name == calendar.Google {
		g := &calendarfake.Google{}
		g.Client, g.Account, g.Key = calendarfake.Client{ID: "client", Secret: "hush"}, "usher@project.example", &serviceKey().PublicKey
		s.provider = g
	} else {
		g := &calendarfake.Graph{}
		g.Client = calendarfake.Client{ID: "client", Secret: "hush"}
		s.provider, at = g, flows.Calendar{Microsoft: asha}
	}
	s.AddCalendar(asha, calendarfake.Calendar{ID: asha, Title: "Asha", Zone: "Asia/Kolkata", Primary: true})
	server := httptest.NewServer(s.provider)
	t.Cleanup(server.Close)
	s.url = server.URL
	kolkata, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		panic(err)
	}
	s.rep = &flows.Rep{ID: "asha", Email: asha, Location: kolkata, Calendars: []flows.Calendar{at}}
	s.cloud = &calendar.Cloud{
		Links: s.links, Redirect: "https://usher.example/calendar/callback", Client: s.client(),
		Now: func() time.Time { return s.now },
		Rep: func(id string) *flows.Rep {
			if id == s.rep.ID {
				return s.rep
			}
			return nil
		},
		Wait: func(_ context.Context, d time.Duration) error { s.waited = append(s.waited, d); return nil },
		Settings: calendar.Settings{
			GoogleKey: keyFile(), GoogleClient: "client", GoogleSecret: "hush",
			MicrosoftTenant: "acme", MicrosoftClient: "client", MicrosoftSecret: "hush", SecretKey: secret,
			GoogleURL: s.url + "/calendar/v3", GoogleAuthURL: s.url + "/auth", GoogleTokenURL: s.url + "/token",
			MicrosoftURL: s.url + "/v1.0", MicrosoftLoginURL: s.url + "/login",
		},
	}
	s.open()
	return s
}

func (s *stage) client() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true}, // which would try a lost write again by themselves
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// open opens the rep's calendar as one who knows nothing yet.
func (s *stage) open() {
	source, err := s.cloud.Open(s.rep, s.rep.Calendars[0])
	if err != nil {
		panic(err)
	}
	s.book = source.(calendar.Book)
}

func (s *stage) query() calendar.Query {
	return calendar.Query{From: s.now, To: s.now.AddDate(0, 0, 30), Zone: s.rep.Location, Owner: asha}
}

// day is a time of November 2026.
func day(d, hour int) time.Time { return time.Date(2026, 11, d, hour, 0, 0, 0, time.UTC) }

func (s *stage) add(title string, start time.Time, with ...func(*calendarfake.Event)) string {
	e := calendarfake.Event{Calendar: asha, Title: title, Start: start, End: start.Add(time.Hour)}
	for _, w := range with {
		w(&e)
	}
	return s.AddEvent(e)
}

func (s *stage) read(t *testing.T) string {
	t.Helper()
	r, err := s.book.Read(t.Context(), s.query())
	if err != nil {
		t.Fatal(err)
	}
	return shown(r)
}

// shown is a reading as text: title, start, and whether it is free.
func shown(r calendar.Reading) string {
	var all []string
	for _, e := range r.Events {
		text := e.Summary + " " + e.Start.UTC().Format("02T15:04") + "-" + e.End.UTC().Format("02T15:04")
		if !e.Busy {
			text += " free"
		}
		all = append(all, text)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func meeting() calendar.Entry {
	return calendar.Entry{
		Meeting: bot.Meeting{
			UID: "m1@usher", Rep: "asha", Start: day(24, 10), End: day(24, 11), Status: bot.Confirmed,
			Title: "Priya and Asha", Place: "https://video.example/asha", Attendee: "priya@bigco.example", Name: "Priya",
		},
		Organizer: calendar.Organizer{Name: "Asha", Email: asha}, About: "Priya wants a demo",
	}
}

func TestWhatIsReadOfProviders(t *testing.T) {
	both(t, "an event, one in days to come and a series are read as instances", func(t *testing.T, s *stage) {
		s.add("one", day(24, 10))
		s.add("long ago", day(1, 10))
		s.add("weekly", day(23, 9), func(e *calendarfake.Event) { e.Weeks = 3 })
		if got := s.read(t); got != "one 24T10:00-24T11:00, weekly 07T09:00-07T10:00, weekly 23T09:00-23T10:00, weekly 30T09:00-30T10:00" {
			t.Error(got)
		}
	})
	both(t, "a whole day is the rep's day, and what is free or declined keeps nobody busy", func(t *testing.T, s *stage) {
		s.add("day", day(25, 0), func(e *calendarfake.Event) { e.AllDay, e.End = true, day(26, 0) })
		s.add("free", day(24, 10), func(e *calendarfake.Event) { e.Free = true })
		s.add("declined", day(24, 12), func(e *calendarfake.Event) { e.Declined = true })
		if got := s.read(t); got != "day 24T18:30-25T18:30, declined 24T12:00-24T13:00 free, free 24T10:00-24T11:00 free" {
			t.Error(got)
		}
	})
	both(t, "many small pages are one calendar", func(t *testing.T, s *stage) {
		s.Pages(2)
		for i := range 9 {
			s.add(fmt.Sprint("e", i), day(23+i/3, 8+i%3*2))
			s.AddCalendar(asha, calendarfake.Calendar{ID: fmt.Sprint("c", i), Title: fmt.Sprint("holidays ", i), Role: "reader", Owner: "holidays@acme.example"})
		}
		if got := strings.Count(s.read(t), "e"); got != 9 {
			t.Error(got)
		}
	})
	both(t, "colleagues' calendars keep nobody busy, and own ones do; names choose", func(t *testing.T, s *stage) {
		s.AddCalendar(asha, calendarfake.Calendar{ID: "second", Title: "Asha at night"})
		s.AddCalendar(asha, calendarfake.Calendar{ID: "ben", Title: "Ben", Role: "reader", Owner: "ben@acme.example"})
		s.add("mine", day(24, 10))
		s.add("night", day(24, 20), func(e *calendarfake.Event) { e.Calendar = "second" })
		s.add("ben's", day(24, 15), func(e *calendarfake.Event) { e.Calendar = "ben" })
		if got := s.read(t); got != "mine 24T10:00-24T11:00, night 24T20:00-24T21:00" {
			t.Error(got)
		}
		s.rep.Calendars[0].Names = "ben, Asha At Night"
		s.open()
		if got := s.read(t); got != "ben's 24T15:00-24T16:00, night 24T20:00-24T21:00" {
			t.Error(got)
		}
		s.rep.Calendars[0].Names = "Asha, Work"
		s.open()
		if _, err := s.book.Read(t.Context(), s.query()); err == nil || !strings.Contains(err.Error(), `"Work"; there are: Asha, Asha at night, Ben`) {
			t.Error(err)
		}
	})
	t.Run("where somebody works is no appointment, and being out of office is one", func(t *testing.T) {
		s := newStage(t, calendar.Google)
		for i, kind := range []string{"workingLocation", "outOfOffice", "focusTime", "birthday"} {
			s.add(kind, day(24, 8+i), func(e *calendarfake.Event) { e.Kind = kind })
		}
		if got := s.read(t); got != "birthday 24T11:00-24T12:00 free, focusTime 24T10:00-24T11:00, outOfOffice 24T09:00-24T10:00, workingLocation 24T08:00-24T09:00 free" {
			t.Error(got)
		}
		s = newStage(t, calendar.Microsoft)
		for i, as := range []string{"workingElsewhere", "oof", "tentative", "unknown"} {
			s.add(as, day(24, 8+i), func(e *calendarfake.Event) { e.ShowAs = as })
		}
		if got := s.read(t); got != "oof 24T09:00-24T10:00, tentative 24T10:00-24T11:00, unknown 24T11:00-24T12:00, workingElsewhere 24T08:00-24T09:00 free" {
			t.Error(got)
		}
	})
}

func TestChangesOfProviders(t *testing.T) {
	both(t, "a calendar in which nothing happened costs one call", func(t *testing.T, s *stage) {
		s.add("one", day(24, 10))
		before := s.read(t)
		s.Calls()
		if got := s.read(t); got != before || len(s.Calls()) != 1 {
			t.Error(got)
		}
	})
	both(t, "a deleted instance of a series is gone", func(t *testing.T, s *stage) {
		id := s.add("weekly", day(23, 9), func(e *calendarfake.Event) { e.Weeks = 2 })
		s.read(t)
		s.Skip(id, 0)
		if got := s.read(t); got != "weekly 30T09:00-30T10:00" {
			t.Error(got)
		}
	})
	both(t, "an event that moves into the days that are read is seen", func(t *testing.T, s *stage) {
		id := s.add("far", day(24, 9).AddDate(1, 0, 0))
		s.read(t)
		s.Move(id, day(24, 9))
		if got := s.read(t); got != "far 24T09:00-24T10:00" {
			t.Error(got)
		}
	})
	both(t, "days that come into the horizon are read", func(t *testing.T, s *stage) {
		s.add("christmas", time.Date(2026, 12, 25, 9, 0, 0, 0, time.UTC))
		if got := s.read(t); got != "" {
			t.Error(got)
		}
		s.now = s.now.AddDate(0, 0, 7)
		if got := s.read(t); got != "christmas 25T09:00-25T10:00" {
			t.Error(got)
		}
	})
	both(t, "a calendar that is deleted is left out, and one that is named must be there", func(t *testing.T, s *stage) {
		s.AddCalendar(asha, calendarfake.Calendar{ID: "second", Title: "Second"})
		s.add("mine", day(24, 10))
		s.add("other", day(24, 20), func(e *calendarfake.Event) { e.Calendar = "second" })
		s.read(t)
		s.DropCalendar("second")
		if got := s.read(t); got != "mine 24T10:00-24T11:00" {
			t.Error(got)
		}
		s.DropCalendar(asha)
		if _, err := s.book.Read(t.Context(), s.query()); err == nil {
			t.Error("nothing left to read, and no error")
		}
	})
	both(t, "a failed reading keeps what is known until the next", func(t *testing.T, s *stage) {
		s.add("one", day(24, 10))
		s.read(t)
		s.add("two", day(24, 12))
		s.Fail(1, http.StatusInternalServerError, 0)
		s.Fail(9, http.StatusBadGateway, 0)
		if _, err := s.book.Read(t.Context(), s.query()); err == nil {
			t.Fatal("no error")
		}
		s.Fail(0, 0, 0)
		if got := s.read(t); got != "one 24T10:00-24T11:00, two 24T12:00-24T13:00" {
			t.Error(got)
		}
	})
	both(t, "who asks too often waits as long as the server says, and comes back later when that is long", func(t *testing.T, s *stage) {
		s.add("one", day(24, 10))
		s.read(t)
		s.Throttle(2, 1)
		s.read(t)
		if len(s.waited) != 2 || s.waited[0] < time.Second || s.waited[1] > 3*time.Second {
			t.Error(s.waited)
		}
		s.Throttle(1, 90)
		_, err := s.book.Read(t.Context(), s.query())
		var again *bot.RetryError
		if !errors.As(err, &again) || again.After != 90*time.Second || again.Never {
			t.Error(err)
		}
		s.Fail(9, http.StatusServiceUnavailable, 0)
		if _, err = s.book.Read(t.Context(), s.query()); !errors.As(err, &again) || again.After < time.Second {
			t.Error(err)
		}
	})
	t.Run("Google's 403 for want of quota is no refusal", func(t *testing.T) {
		s := newStage(t, calendar.Google)
		s.add("one", day(24, 10))
		s.read(t)
		s.Fail(2, http.StatusForbidden, 0)
		if got := s.read(t); got == "" {
			t.Error(got)
		}
		s.Fail(9, http.StatusForbidden, 0)
		_, err := s.book.Read(t.Context(), s.query())
		var again *bot.RetryError
		if !errors.As(err, &again) || errors.Is(err, calendar.ErrAuth) {
			t.Error(err)
		}
	})
}

// TestReadingEqualsAFreshReading is the law of increments: whatever happened between two readings, what is known is
// what one who knows nothing would read.
func TestReadingEqualsAFreshReading(t *testing.T) {
	for _, name := range providers {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				s := newStage(t, name)
				s.AddCalendar(asha, calendarfake.Calendar{ID: "second", Title: "Second"})
				s.Pages(rapid.IntRange(0, 3).Draw(t, "page"))
				var ids []string
				some := func() string { return rapid.SampledFrom(ids).Draw(t, "event") }
				at := func() time.Time {
					return day(rapid.IntRange(1, 90).Draw(t, "day"), rapid.IntRange(0, 23).Draw(t, "hour"))
				}
				for range rapid.IntRange(1, 12).Draw(t, "steps") {
					step := rapid.IntRange(0, 8).Draw(t, "step")
					switch {
					case step <= 2 || len(ids) == 0:
						ids = append(ids, s.add(fmt.Sprint("e", len(ids)), at(), func(e *calendarfake.Event) {
							e.Weeks = rapid.IntRange(0, 3).Draw(t, "weeks")
							e.Calendar = rapid.SampledFrom([]string{asha, "second"}).Draw(t, "calendar")
						}))
					case step == 3:
						s.Move(some(), at())
					case step == 4:
						s.Delete(some())
					case step == 5:
						s.Skip(some(), rapid.IntRange(0, 2).Draw(t, "week"))
					case step == 6:
						s.ExpireTokens()
					case step == 7:
						s.ExpireAccess()
					case step == 8:
						s.now = s.now.Add(time.Duration(rapid.IntRange(1, 60).Draw(t, "hours")) * time.Hour)
					}
					if rapid.IntRange(0, 3).Draw(t, "fault") == 0 {
						s.Throttle(rapid.IntRange(0, 9).Draw(t, "refused"), rapid.IntRange(0, 9).Draw(t, "after"))
						_, _ = s.book.Read(context.Background(), s.query()) // it may fail; what is known must not be half of it
						s.Throttle(0, 0)
					}
					if rapid.Bool().Draw(t, "read") {
						same(t, s)
					}
				}
				same(t, s)
			})
		})
	}
}

func same(t *rapid.T, s *stage) {
	t.Helper()
	known, err := s.book.Read(context.Background(), s.query())
	if err != nil {
		t.Fatal(err)
	}
	fresh := *s
	fresh.open()
	all, err := fresh.book.Read(context.Background(), s.query())
	if err != nil {
		t.Fatal(err)
	}
	if shown(known) != shown(all) {
		t.Fatalf("known %s\nfresh %s", shown(known), shown(all))
	}
}

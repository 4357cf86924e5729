package calendar_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/adapters/calendar"
	"usher/adapters/calendar/calendarfake"
	vault "usher/adapters/secret"
	"usher/bot"
	"usher/flows"
)

// consentOnly leaves the operator's own keys out, so that the rep's consent is all there is.
func (s *stage) consentOnly() {
	s.cloud.Settings.GoogleKey = ""
	s.cloud.Settings.MicrosoftTenant = ""
	s.open()
}

// visit goes to the provider's page and gives what it leads back with.
func (s *stage) visit(t *testing.T, to string) url.Values {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, to, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := s.client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	back, err := res.Location()
	if err != nil || !strings.HasPrefix(back.String(), "https://usher.example/calendar/callback?") {
		t.Fatal(res.Status, back, err)
	}
	return back.Query()
}

func (s *stage) complete(t *testing.T, q url.Values) (calendar.Connected, error) {
	return s.cloud.Complete(t.Context(), q.Get("state"), q.Get("code"), q.Get("error"))
}

// connect connects the rep's calendar.
func (s *stage) connect(t *testing.T) {
	t.Helper()
	to, err := s.cloud.ConnectURL("asha", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.complete(t, s.visit(t, to)); err != nil {
		t.Fatal(err)
	}
}

// lastBusy is what a sync stored last.
type lastBusy struct{ bot.Busy }

func (l *lastBusy) SaveBusy(_ context.Context, b bot.Busy) error {
	l.Busy = b
	return nil
}

func TestConnecting(t *testing.T) {
	both(t, "a rep connects, and the calendar can be read and written", func(t *testing.T, s *stage) {
		s.consentOnly()
		s.add("one", day(24, 10))
		_, err := s.book.Read(t.Context(), s.query())
		if !errors.Is(err, calendar.ErrAuth) || !strings.Contains(err.Error(), "usher calendar connect asha") {
			t.Fatal(err)
		}
		to, err := s.cloud.ConnectURL("asha", "")
		if err != nil {
			t.Fatal(err)
		}
		done, err := s.complete(t, s.visit(t, to))
		if err != nil || done != (calendar.Connected{Rep: "asha", Provider: calendar.Connectable(s.rep)[0], Account: asha}) {
			t.Fatal(done, err)
		}
		if got := s.read(t); got != "one 24T10:00-24T11:00" {
			t.Error(got)
		}
		s.put(t, meeting(), calendar.Ref{})
	})
	both(t, "a calendar that is connected is read at once, although it failed a moment ago", func(t *testing.T, s *stage) {
		s.consentOnly()
		stored := &lastBusy{}
		sync := &calendar.Sync{
			Workspace: func() *flows.Workspace { return &flows.Workspace{Roster: &flows.Roster{Reps: []*flows.Rep{s.rep}}} },
			Store:     stored, Accounts: calendar.Accounts{Google: s.cloud.Open, Microsoft: s.cloud.Open},
			Now: func() time.Time { return s.now }, Log: slog.New(slog.DiscardHandler),
		}
		if err := sync.Refresh(t.Context(), "asha"); !errors.Is(err, calendar.ErrAuth) || stored.Failure == "" {
			t.Fatal(err, stored.Failure)
		}
		to, err := s.cloud.ConnectURL("asha", "")
		if err != nil {
			t.Fatal(err)
		}
		all, q := &calendar.Calendars{Sync: sync, Cloud: s.cloud}, s.visit(t, to)
		if _, err := all.Complete(t.Context(), q.Get("state"), q.Get("code"), ""); err != nil || stored.Failure != "" {
			t.Error(err, stored.Failure)
		}
	})
	both(t, "the consent is kept encrypted", func(t *testing.T, s *stage) {
		s.connect(t)
		for k, v := range s.links.all {
			if strings.Contains(v, "refresh-") || strings.Contains(k, "token") && !strings.HasPrefix(v, "v1.") {
				t.Error(k, v)
			}
		}
	})
	both(t, "a state works once, for a quarter of an hour, and cannot be made up", func(t *testing.T, s *stage) {
		to, err := s.cloud.ConnectURL("asha", "")
		if err != nil {
			t.Fatal(err)
		}
		q := s.visit(t, to)
		for name, spoil := range map[string]func(url.Values){
			"none":     func(q url.Values) { q.Del("state") },
			"another":  func(q url.Values) { q.Set("state", "e30."+strings.Repeat("A", 43)) },
			"longer":   func(q url.Values) { q.Set("state", q.Get("state")+"A") },
			"unsigned": func(q url.Values) { q.Set("state", strings.Split(q.Get("state"), ".")[0]) },
		} {
			bad := maps.Clone(q)
			spoil(bad)
			if _, err := s.complete(t, bad); !errors.Is(err, calendar.ErrState) {
				t.Error(name, err)
			}
		}
		s.now = s.now.Add(16 * time.Minute)
		if _, err := s.complete(t, q); !errors.Is(err, calendar.ErrState) {
			t.Error("late", err)
		}
		s.now = s.now.Add(-16 * time.Minute)
		if _, err := s.complete(t, q); err != nil {
			t.Error(err)
		}
		if _, err := s.complete(t, q); !errors.Is(err, calendar.ErrState) {
			t.Error("twice", err)
		}
	})
	both(t, "a code that somebody else's browser got cannot be traded with another state", func(t *testing.T, s *stage) {
		first, _ := s.cloud.ConnectURL("asha", "")
		second, _ := s.cloud.ConnectURL("asha", "")
		stolen, own := s.visit(t, first), s.visit(t, second)
		own.Set("code", stolen.Get("code"))
		if _, err := s.complete(t, own); err == nil {
			t.Error("PKCE did not hold")
		}
	})
	both(t, "who does not consent is told so, and may try again", func(t *testing.T, s *stage) {
		s.Refuse("access_denied")
		to, _ := s.cloud.ConnectURL("asha", "")
		if _, err := s.complete(t, s.visit(t, to)); !errors.Is(err, calendar.ErrConsent) || !strings.Contains(err.Error(), "access_denied") {
			t.Error(err)
		}
		if _, err := s.cloud.Complete(t.Context(), s.visit(t, to).Get("state"), "", "<script>"); !errors.Is(err, calendar.ErrConsent) || strings.Contains(err.Error(), "<") {
			t.Error(err)
		}
	})
	t.Run("a box that was not ticked is named", func(t *testing.T) {
		s := newStage(t, calendar.Google)
		s.provider.(*calendarfake.Google).Untick("https://www.googleapis.com/auth/calendar.events")
		to, _ := s.cloud.ConnectURL("asha", "")
		if _, err := s.complete(t, s.visit(t, to)); !errors.Is(err, calendar.ErrConsent) || !strings.Contains(err.Error(), "calendar.events") {
			t.Error(err)
		}
	})
	both(t, "another account than the rep's is refused, and nothing is kept of it", func(t *testing.T, s *stage) {
		s.AddCalendar("eve@gmail.example", calendarfake.Calendar{ID: "eve@gmail.example", Title: "Eve", Primary: true})
		s.SignInAs("eve@gmail.example")
		to, _ := s.cloud.ConnectURL("asha", "")
		if _, err := s.complete(t, s.visit(t, to)); !errors.Is(err, calendar.ErrStranger) {
			t.Error(err)
		}
		if ok, err := s.cloud.Consented(t.Context(), "asha", calendar.Connectable(s.rep)[0]); ok || err != nil {
			t.Error(ok, err)
		}
	})
	both(t, "without a key, a client or a calendar there is nothing to connect, and the reason is said", func(t *testing.T, s *stage) {
		for want, change := range map[string]func(){
			"USHER_SECRET_KEY is not set": func() { s.cloud.Settings.SecretKey = "" },
			"_CLIENT and USHER_":          func() { s.cloud.Settings.GoogleClient, s.cloud.Settings.MicrosoftClient = "", "" },
			"team.yaml":                   func() { s.rep.Calendars = []flows.Calendar{{File: "asha.ics"}} },
			"nobody in the team":          func() { s.rep = &flows.Rep{ID: "ben"} },
		} {
			settings, rep, calendars := s.cloud.Settings, s.rep, s.rep.Calendars
			change()
			if _, err := s.cloud.ConnectURL("asha", ""); !errors.Is(err, calendar.ErrConnect) || !strings.Contains(err.Error(), want) {
				t.Error(want, err)
			}
			s.cloud.Settings, s.rep = settings, rep
			s.rep.Calendars = calendars
		}
	})
}

func TestConsent(t *testing.T) {
	both(t, "a consent that was withdrawn fails closed and says how to connect again; connecting again mends it", func(t *testing.T, s *stage) {
		s.consentOnly()
		s.connect(t)
		s.add("one", day(24, 10))
		s.read(t)
		s.Revoke(asha)
		_, err := s.book.Read(t.Context(), s.query())
		if !errors.Is(err, calendar.ErrAuth) || !strings.Contains(err.Error(), "usher calendar connect asha") {
			t.Error(err)
		}
		s.connect(t)
		if got := s.read(t); got != "one 24T10:00-24T11:00" {
			t.Error(got)
		}
	})
	both(t, "an access token that has run out is renewed without anybody noticing, again and again", func(t *testing.T, s *stage) {
		s.consentOnly()
		s.connect(t)
		for range 3 {
			s.ExpireAccess()
			s.read(t)
		}
	})
	both(t, "the rep's own consent goes before the operator's key", func(t *testing.T, s *stage) {
		s.connect(t)
		s.cloud.Settings.GoogleKey, s.cloud.Settings.MicrosoftTenant = "broken", "elsewhere"
		s.open()
		s.read(t)
	})
	both(t, "a sign-in that is busy is no refusal", func(t *testing.T, s *stage) {
		s.Fail(1, http.StatusServiceUnavailable, 7)
		_, err := s.book.Read(t.Context(), s.query())
		var again *bot.RetryError
		if !errors.As(err, &again) || again.After != 7*time.Second || errors.Is(err, calendar.ErrAuth) {
			t.Error(err)
		}
	})
	both(t, "another secret key is recognised, and so is a consent put in another rep's place", func(t *testing.T, s *stage) {
		s.consentOnly()
		s.connect(t)
		s.cloud.Settings.SecretKey = "a new secret of the operator, just as long"
		s.open()
		if _, err := s.book.Read(t.Context(), s.query()); !errors.Is(err, calendar.ErrAuth) || !errors.Is(err, vault.ErrOtherKey) {
			t.Error(err)
		}
		s.cloud.Settings.SecretKey = secret
		for k, v := range s.links.all {
			s.links.all[strings.Replace(k, "asha/", "ben/", 1)] = v
		}
		s.rep.ID = "ben"
		s.open()
		if _, err := s.book.Read(t.Context(), s.query()); !errors.Is(err, calendar.ErrAuth) || !strings.Contains(err.Error(), "connect the calendar again") {
			t.Error(err)
		}
		for k := range s.links.all {
			s.links.all[k] = "v1.nonsense"
		}
		if _, err := s.book.Read(t.Context(), s.query()); !errors.Is(err, calendar.ErrAuth) {
			t.Error(err)
		}
	})
	t.Run("two nodes that renew the same consent both go on", func(t *testing.T) {
		s := newStage(t, calendar.Microsoft)
		s.consentOnly()
		s.connect(t)
		node := *s
		node.cloud = &calendar.Cloud{Settings: s.cloud.Settings, Links: s.links, Now: s.cloud.Now, Client: s.cloud.Client, Wait: s.cloud.Wait}
		node.open()
		for range 3 {
			s.read(t)
			s.ExpireAccess()
			node.read(t)
			s.ExpireAccess()
		}
	})
}

func TestTheOperatorsKeys(t *testing.T) {
	t.Run("a service account that may not act for the rep is told what to allow", func(t *testing.T) {
		s := newStage(t, calendar.Google)
		s.provider.(*calendarfake.Google).Allowed = func(string) bool { return false }
		if _, err := s.book.Read(t.Context(), s.query()); !errors.Is(err, calendar.ErrAuth) || !strings.Contains(err.Error(), "domain-wide delegation") {
			t.Error(err)
		}
	})
	t.Run("an app without the rep's mailbox is told so", func(t *testing.T) {
		s := newStage(t, calendar.Microsoft)
		s.provider.(*calendarfake.Graph).Granted = func(string) bool { return false }
		if _, err := s.book.Read(t.Context(), s.query()); !errors.Is(err, calendar.ErrAuth) || !strings.Contains(err.Error(), "ErrorAccessDenied") {
			t.Error(err)
		}
	})
	both(t, "a client's secret that ran out is said to be it", func(t *testing.T, s *stage) {
		s.consentOnly()
		s.connect(t)
		s.cloud.Settings.GoogleSecret, s.cloud.Settings.MicrosoftSecret = "old", "old"
		if _, err := s.book.Read(t.Context(), s.query()); !errors.Is(err, calendar.ErrAuth) || !strings.Contains(err.Error(), "secret") {
			t.Error(err)
		}
	})
	both(t, "one sign-in serves all that is asked", func(t *testing.T, s *stage) {
		for range 3 {
			s.open()
			s.read(t)
		}
		tokens := slices.DeleteFunc(s.Calls(), func(c string) bool { return !strings.HasSuffix(c, "/token") })
		if len(tokens) != 1 {
			t.Error(tokens)
		}
	})
}

func TestSettingsOfCalendars(t *testing.T) {
	good := calendar.Settings{
		GoogleKey: keyFile(), GoogleClient: "id", GoogleSecret: "s", MicrosoftTenant: "acme.example", MicrosoftClient: "id", MicrosoftSecret: "s",
		SecretKey: secret, Allow: []string{"10.1.0.0/16", " 127.0.0.1", "fd00::/8", ""},
	}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	if err := (calendar.Settings{}).Check(); err != nil {
		t.Error(err)
	}
	nets, err := good.Allowed()
	if err != nil || len(nets) != 3 || nets[1].String() != "127.0.0.1/32" {
		t.Error(nets, err)
	}
	for _, shown := range []string{good.Shown(), (calendar.Settings{}).Shown()} {
		if strings.Contains(shown, secret) || !strings.HasPrefix(shown, "files, feeds") {
			t.Error(shown)
		}
	}
	for want, change := range map[string]func(*calendar.Settings){
		"USHER_GOOGLE_KEY: it is not the JSON":  func(s *calendar.Settings) { s.GoogleKey = "/etc/key.json" },
		"has to be service_account":             func(s *calendar.Settings) { s.GoogleKey = `{"web":{}}` },
		"no client_email or no private_key":     func(s *calendar.Settings) { s.GoogleKey = `{"type":"service_account"}` },
		"USHER_GOOGLE_SECRET belong together":   func(s *calendar.Settings) { s.GoogleSecret = "" },
		"USHER_MICROSOFT_SECRET belong":         func(s *calendar.Settings) { s.MicrosoftSecret = "" },
		"USHER_MICROSOFT_TENANT is of no use":   func(s *calendar.Settings) { s.MicrosoftClient, s.MicrosoftSecret = "", "" },
		"not an address":                        func(s *calendar.Settings) { s.MicrosoftTenant = "https://login.example/acme" },
		"has 5 characters and needs 32":         func(s *calendar.Settings) { s.SecretKey = "short" },
		`"10.0.0.300" is no address or range`:   func(s *calendar.Settings) { s.Allow = []string{"10.0.0.300"} },
		"USHER_GOOGLE_CLIENT and USHER_GOOGLE_": func(s *calendar.Settings) { s.GoogleClient = "" },
	} {
		s := good
		change(&s)
		if err := s.Check(); !errors.Is(err, calendar.ErrSettings) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), secret) {
			t.Error(want, err)
		}
	}
}

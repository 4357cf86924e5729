package calendar

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"usher/adapters/guard"
	"usher/bot"
	"usher/flows"
)

// feed is a source for what a handler serves.
func feed(t *testing.T, handler http.HandlerFunc) Source {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	a := &Accounts{Client: loopback()}
	s, err := a.Open(nil, rep("asha"), flows.Calendar{URL: server.URL + "/private-0123456789/basic.ics"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// loopback is a client that may dial this machine alone.
func loopback() *http.Client {
	return guard.Client([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")})
}

func november() Query { return query("2026-11-01", "2026-12-01") }

var oneMeeting = file(event("UID:a|DTSTART:20261102T090000Z|DTEND:20261102T093000Z"))

func TestAFeedIsFetchedAgainOnlyWhenItChanged(t *testing.T) {
	var requests []*http.Request
	body, version := oneMeeting, `"1"`
	s := feed(t, func(w http.ResponseWriter, r *http.Request) {
		requests = append(requests, r)
		w.Header().Set("ETag", version)
		w.Header().Set("Last-Modified", "Sun, 01 Nov 2026 09:00:00 GMT")
		if r.Header.Get("If-None-Match") == version {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Write(body) //nolint:errcheck // the test sees what came
	})
	read := func(want string) {
		t.Helper()
		r, err := s.Read(t.Context(), november())
		if err != nil || starts(r.Events) != want {
			t.Fatalf("%v %v", starts(r.Events), err)
		}
	}
	read("1102T0900-0930")
	read("1102T0900-0930")
	if r := requests[1]; r.Header.Get("If-Modified-Since") != "Sun, 01 Nov 2026 09:00:00 GMT" || !strings.HasPrefix(r.UserAgent(), "Usher") {
		t.Errorf("%v", r.Header)
	}
	body, version = file(event("UID:b|DTSTART:20261103T090000Z|DURATION:PT1H")), `"2"`
	read("1103T0900-1000")
}

func TestWhatAFeedMayAnswer(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	says := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, text) } //nolint:errcheck // as above
	}
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		want    error
		words   string
	}{
		{"a password is asked for", status(401), ErrAuth, "401"},
		{"it is forbidden", status(403), ErrAuth, "403"},
		{"it is not there", status(404), ErrNotThere, "404"},
		{"it is gone", status(410), ErrNotThere, "410"},
		{"it was never changed, but was never read", status(304), nil, "304"},
		{"the server has a fault", status(500), nil, "500"},
		{"a page to sign in", says("<!DOCTYPE html>\n<html><body>Sign in</body></html>"), ErrNotCalendar, "web page"},
		{"something else", says(`{"error":"no"}`), ErrNotCalendar, ""},
		{"nothing", says(""), ErrNotCalendar, ""},
		{"the first half", says(string(oneMeeting[:len(oneMeeting)-20])), ErrTruncated, "END:VCALENDAR"},
		{"the second of two calendars is cut off", says(string(oneMeeting) + "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"), ErrTruncated, ""},
		{"less than was promised", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(oneMeeting)+100))
			w.Write(oneMeeting) //nolint:errcheck // as above
		}, ErrTruncated, ""},
		{"packed, and cut off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			packed := pack(oneMeeting)
			w.Write(packed[:len(packed)-9]) //nolint:errcheck // as above
		}, ErrTruncated, ""},
		{"the connection breaks", func(w http.ResponseWriter, _ *http.Request) {
			w.Write(oneMeeting)      //nolint:errcheck // as above
			w.(http.Flusher).Flush() //nolint:forcetypeassert // the test server's can
			panic(http.ErrAbortHandler)
		}, ErrTruncated, ""},
		{"more than a calendar may have", endless([]byte("X-A:" + strings.Repeat("x", 1000) + "\r\n")), nil, "larger than 10 MiB"},
		{"a hundred thousand events", says(string(file(strings.Repeat(event("DTSTART:20261102T090000Z"), 100_000)))), nil, "more than 5000 events"},
		{"a parcel that grows without end", bomb, nil, "larger than 10 MiB"},
		{"it leads into the house", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://10.0.0.1/admin", http.StatusFound)
		}, guard.ErrPrivate, "10.0.0.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := feed(t, c.handler).Read(t.Context(), november())
			if err == nil || c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.words) {
				t.Fatalf("%v", err)
			}
			if strings.Contains(err.Error(), "private-0123") {
				t.Errorf("the secret address is in the error: %v", err)
			}
			if Advice(err) == "" {
				t.Error("no advice")
			}
		})
	}
}

func pack(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(data) //nolint:errcheck // a buffer takes all
	z.Close()     //nolint:errcheck // as above
	return b.Bytes()
}

// endless never stops to talk, until nobody listens.
func endless(line []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "BEGIN:VCALENDAR\r\n") //nolint:errcheck // as above
		for r.Context().Err() == nil {
			if _, err := w.Write(line); err != nil {
				return
			}
		}
	}
}

// bomb is a few packed kilobytes that would be a gigabyte.
func bomb(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	zeros := make([]byte, 1<<20)
	for i := 0; i < 1024 && r.Context().Err() == nil; i++ {
		if _, err := z.Write(zeros); err != nil {
			return
		}
	}
}

func TestAServerThatDripsIsNotWaitedFor(t *testing.T) {
	s := feed(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "BEGIN:VCALENDAR\r\n") //nolint:errcheck // as above
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for r.Context().Err() == nil {
			<-tick.C
			io.WriteString(w, "X") //nolint:errcheck // as above
			w.(http.Flusher).Flush()
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.Read(ctx, november()); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestAFeedsServerAsksForPatience(t *testing.T) {
	for _, code := range []int{429, 503} {
		_, err := feed(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "600")
			w.WriteHeader(code)
		}).Read(t.Context(), november())
		var retry *bot.RetryError
		if !errors.As(err, &retry) || retry.After != 10*time.Minute {
			t.Errorf("%d: %v", code, err)
		}
	}
}

func TestAFeedThatFailsAndComesBackIsWhole(t *testing.T) {
	n := 0
	s := feed(t, func(w http.ResponseWriter, r *http.Request) {
		n++
		w.Header().Set("ETag", `"1"`)
		switch {
		case n == 2:
			w.Header().Set("ETag", `"2"`)
			w.Write(oneMeeting[:40]) //nolint:errcheck // as above
		case r.Header.Get("If-None-Match") == `"1"`:
			w.WriteHeader(http.StatusNotModified)
		default:
			w.Write(oneMeeting) //nolint:errcheck // as above
		}
	})
	for i, fails := range []bool{false, true, false} {
		r, err := s.Read(t.Context(), november())
		if fails != (err != nil) || !fails && len(r.Events) != 1 {
			t.Errorf("reading %d: %v, %d events", i, err, len(r.Events))
		}
	}
}

func TestAddressesOfFeeds(t *testing.T) {
	for in, want := range map[string]string{
		"webcal://acme.example/a.ics": "https://acme.example/a.ics", "https://acme.example/a.ics": "https://acme.example/a.ics",
	} {
		if got := feedAddress(in); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
	t.Setenv("ASHA_FEED", "secret")
	s, err := new(Accounts).Open(nil, rep("asha"), flows.Calendar{URL: "webcal://acme.example/${ASHA_FEED}.ics"})
	if err != nil || s.(*feedSource).address != "https://acme.example/secret.ics" {
		t.Errorf("%v %v", s, err)
	}
	if _, err := new(Accounts).Open(nil, rep("asha"), flows.Calendar{URL: "${BEN_FEED}"}); !errors.Is(err, ErrAuth) || !strings.Contains(err.Error(), "BEN_FEED") {
		t.Error(err)
	}
	for _, address := range []string{"http://acme.example/a.ics", "file:///etc/passwd", "acme.example/a.ics", "https://", "://"} {
		t.Setenv("ASHA_FEED", address)
		if _, err := new(Accounts).Open(nil, rep("asha"), flows.Calendar{URL: "${ASHA_FEED}"}); !errors.Is(err, ErrNotThere) || strings.Contains(err.Error(), "acme") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if name := SourceName(flows.Calendar{URL: "${ASHA_FEED}"}); name != "feed:${ASHA_FEED}" {
		t.Error(name)
	}
	if name := SourceName(flows.Calendar{URL: "https://acme.example/secret.ics"}); strings.Contains(name, "secret") {
		t.Error(name)
	}
}

func TestFetch(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, "%s", oneMeeting) }))
	defer server.Close()
	data, err := Fetch(t.Context(), loopback(), server.URL)
	if err != nil || !bytes.Equal(data, oneMeeting) {
		t.Error(err)
	}
	if _, err := Fetch(t.Context(), guard.Client(nil), server.URL); !errors.Is(err, guard.ErrPrivate) {
		t.Error(err)
	}
}

func TestFetchOfATypedAddress(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "http://10.255.255.1/secret.ics", http.StatusFound)
			return
		}
		w.Write(oneMeeting)
	}))
	defer server.Close()
	if data, err := (Settings{}).Fetch(t.Context(), server.URL); err != nil || !bytes.Equal(data, oneMeeting) {
		t.Error("this machine, named by its number, is meant:", err)
	}
	if _, err := (Settings{}).Fetch(t.Context(), server.URL+"/away"); !errors.Is(err, guard.ErrPrivate) || strings.Contains(err.Error(), "secret") {
		t.Error("a redirect into a private network was followed, or its address shown:", err)
	}
	if _, err := (Settings{Allow: []string{"next door"}}).Fetch(t.Context(), server.URL); err == nil {
		t.Error("settings that mean nothing were taken")
	}
}

func TestAWorkspaceCannotHaveTheServersOwnSecretsSentSomewhere(t *testing.T) {
	for _, name := range []string{"USHER_KEY", "usher_secret_key", "DATABASE_URL"} {
		t.Setenv(name, "hush")
		if text, err := revealed("https://evil.example/?k=${" + name + "}"); !errors.Is(err, ErrAuth) || strings.Contains(text+err.Error(), "hush") {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	t.Setenv("ASHA_FEED", "key")
	if text, err := revealed("https://acme.example/${ASHA_FEED}.ics"); err != nil || text != "https://acme.example/key.ics" {
		t.Error(text, err)
	}
}

package calendar

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-ical"
	"github.com/emersion/go-webdav"
	"github.com/emersion/go-webdav/caldav"

	"usher/flows"
)

// davServer is a real CalDAV server of one user with a proxy in front of it that breaks what the test wants broken.
type davServer struct {
	t    *testing.T
	kind string
	own  string // address of the server itself
	home string // path of the user's calendars
	user string

	mu    sync.Mutex
	fault func(*http.Request) fault
	log   []string // method and path of what came through the proxy
	proxy *httptest.Server
}

// fault is what the proxy does with a request.
type fault int

const (
	noFault  fault = iota
	severed        // the connection is closed before the server hears of it
	mute           // the server does it, and the answer is lost
	broken         // 500
	refuse         // 403
	full           // 507
	later          // 503 with Retry-After
	untagged       // no ETag in the answer
	weakened       // a weak ETag in the answer
)

const davPassword = "sesame"

// servers are the real ones that the tests run against.
var servers = map[string]func(*testing.T) *davServer{"radicale": radicale, "xandikos": xandikos}

// onServers runs a test against each real server.
func onServers(t *testing.T, test func(*testing.T, *davServer)) {
	for name, start := range servers {
		t.Run(name, func(t *testing.T) { test(t, start(t)) })
	}
}

func radicale(t *testing.T) *davServer {
	dir, port := t.TempDir(), freePort(t)
	config := filepath.Join(dir, "config")
	users := filepath.Join(dir, "users")
	text := fmt.Sprintf("[server]\nhosts = 127.0.0.1:%d\n[auth]\ntype = htpasswd\nhtpasswd_filename = %s\nhtpasswd_encryption = plain\ndelay = 0\n[storage]\nfilesystem_folder = %s\n[logging]\nlevel = error\n", port, users, filepath.Join(dir, "data"))
	for name, data := range map[string]string{config: text, users: "asha:" + davPassword + "\n"} {
		if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := &davServer{t: t, kind: "radicale", home: "/asha/", user: "asha"}
	s.start(port, "radicale", "--config", config)
	s.make("work", "Work")
	return s
}

func xandikos(t *testing.T) *davServer {
	port := freePort(t)
	s := &davServer{t: t, kind: "xandikos", home: "/asha/calendars/", user: "asha"}
	s.start(port, "xandikos", "-d", t.TempDir(), "--current-user-principal", "/asha/", "--defaults", "-l", "127.0.0.1", "-p", fmt.Sprint(port))
	s.make("work", "Work")
	return s
}

func freePort(t *testing.T) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// start runs the program until the test ends and waits until it listens.
func (s *davServer) start(port int, program string, args ...string) {
	s.t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		s.t.Fatalf("%s is missing: apt-get install %s", program, program)
	}
	var out bytes.Buffer
	cmd := exec.Command(path, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	s.t.Cleanup(func() {
		if err := cmd.Process.Kill(); err == nil {
			<-ended
		}
	})
	s.own = fmt.Sprintf("http://127.0.0.1:%d", port)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); <-tick.C {
		if resp, err := http.Get(s.own + "/"); err == nil {
			resp.Body.Close()
			s.serve()
			return
		}
		select {
		case err := <-ended:
			ended <- err
			s.t.Fatalf("%s ended: %v\n%s", program, err, out.String())
		default:
		}
	}
	s.t.Fatalf("%s does not answer\n%s", program, out.String())
}

// serve starts the proxy.
func (s *davServer) serve() {
	target, err := url.Parse(s.own)
	if err != nil {
		s.t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(target)
	forward.ModifyResponse = s.answered
	s.proxy = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch s.meets(r) {
		case severed:
			panic(http.ErrAbortHandler)
		case mute:
			forward.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		case broken:
			http.Error(w, "oops", http.StatusInternalServerError)
		case refuse:
			http.Error(w, "no", http.StatusForbidden)
		case full:
			http.Error(w, "full", http.StatusInsufficientStorage)
		case later:
			w.Header().Set("Retry-After", "90")
			http.Error(w, "later", http.StatusServiceUnavailable)
		default:
			forward.ServeHTTP(w, r)
		}
	}))
	s.t.Cleanup(s.proxy.Close)
}

func (s *davServer) meets(r *http.Request) fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, r.Method+" "+r.URL.Path)
	if s.fault == nil {
		return noFault
	}
	f := s.fault(r)
	if f == untagged || f == weakened {
		r.Header.Set("X-Test-Fault", fmt.Sprint(int(f)))
	}
	return f
}

func (s *davServer) answered(resp *http.Response) error {
	switch etag := resp.Header.Get("ETag"); resp.Request.Header.Get("X-Test-Fault") {
	case fmt.Sprint(int(untagged)):
		resp.Header.Del("ETag")
	case fmt.Sprint(int(weakened)):
		resp.Header.Set("ETag", "W/"+strings.TrimPrefix(etag, "W/"))
	}
	return nil
}

// breaks has the proxy do this to requests with the method from now on; none ends it.
func (s *davServer) breaks(method string, f fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = func(r *http.Request) fault {
		if method == "" || r.Method == method {
			return f
		}
		return noFault
	}
}

// once breaks the next request with the method alone.
func (s *davServer) once(method string, f fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	done := false
	s.fault = func(r *http.Request) fault {
		if done || r.Method != method {
			return noFault
		}
		done = true
		return f
	}
}

// requests is what came through the proxy since the last time.
func (s *davServer) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.log
	s.log = nil
	return out
}

// plain asks the server itself as another client would, and wants success.
func (s *davServer) plain(method, path, body string, header ...string) (int, string) {
	s.t.Helper()
	req, err := http.NewRequest(method, s.own+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.SetBasicAuth(s.user, davPassword)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(data)
}

// make makes a calendar.
func (s *davServer) make(id, name string) {
	s.t.Helper()
	body := `<C:mkcalendar` + namespaces + `><set><prop><displayname>` + name + `</displayname><C:supported-calendar-component-set><C:comp name="VEVENT"/></C:supported-calendar-component-set></prop></set></C:mkcalendar>`
	if code, text := s.plain("MKCALENDAR", s.home+id+"/", body, "Content-Type", "application/xml"); code != http.StatusCreated {
		s.t.Fatalf("make calendar %s: %d %s", id, code, text)
	}
}

// put lets the rep write an event into a calendar by hand.
func (s *davServer) put(calendar, name string, data []byte) {
	s.t.Helper()
	if code, text := s.plain(http.MethodPut, s.home+calendar+"/"+name, string(data), "Content-Type", "text/calendar"); code/100 != 2 {
		s.t.Fatalf("put %s: %d %s", name, code, text)
	}
}

// account is the calendars of the user through the proxy.
func (s *davServer) account(names string) flows.Calendar {
	return flows.Calendar{CalDAV: s.proxy.URL + "/", User: s.user, Password: davPassword, Names: names}
}

// open opens an account.
func open(t *testing.T, c flows.Calendar) *calDAV {
	t.Helper()
	source, err := CalDAVs{Client: &http.Client{Timeout: 5 * time.Second}, Now: func() time.Time { return noon }}.Open(&flows.Rep{Name: asha.Name, Email: asha.Email}, c)
	if err != nil {
		t.Fatal(err)
	}
	return source.(*calDAV)
}

// stands is what another client sees in a calendar.
func (s *davServer) stands(calendar string) []*ical.Component {
	s.t.Helper()
	client, err := caldav.NewClient(webdav.HTTPClientWithBasicAuth(nil, s.user, davPassword), s.own)
	if err != nil {
		s.t.Fatal(err)
	}
	list, err := client.QueryCalendar(s.t.Context(), s.home+calendar+"/", &caldav.CalendarQuery{
		CompRequest: caldav.CalendarCompRequest{
			Name: "VCALENDAR", AllProps: true, Comps: []caldav.CalendarCompRequest{{Name: "VEVENT", AllProps: true, AllComps: true}},
		},
		CompFilter: caldav.CompFilter{Name: "VCALENDAR", Comps: []caldav.CompFilter{{Name: "VEVENT"}}},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	var out []*ical.Component
	for _, o := range list {
		for _, c := range o.Data.Children {
			if c.Name == "VEVENT" {
				out = append(out, c)
			}
		}
	}
	return out
}

// text is one property of an event.
func text(c *ical.Component, name string) string {
	if p := c.Props.Get(name); p != nil {
		return p.Value
	}
	return ""
}

func newScriptedDAV(t *testing.T, answer func(r *http.Request) (int, string)) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		code, body := answer(r)
		w.WriteHeader(code)
		io.WriteString(w, body) //nolint:errcheck // the client sees it
	}))
	t.Cleanup(s.Close)
	return s
}

func readBody(r *http.Request) string {
	data, _ := io.ReadAll(r.Body) // of a test's own request
	return string(data)
}

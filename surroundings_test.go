package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"usher/adapters/hooks/hubspotfake"
	"usher/adapters/slack/slackfake"
	"usher/bot"
)

// surroundings is everything around a server: a workspace of Slack, a mail server, a calendar, a CRM, and webhooks' receivers.
type surroundings struct {
	slack    *slackfake.Fake
	rep      string
	channels []string
	mail     *postOffice
	calendar *calendarServer
	crm      *hubspotfake.Fake
	receiver *httptest.Server // /takes takes everything, /fails fails, /gone wants no more
}

func newSurroundings(t *testing.T) *surroundings {
	o := &surroundings{slack: slackfake.New(slackfake.Options{Unlimited: true, Scale: 0.05}), mail: newPostOffice(t), calendar: newCalendarServer(t)}
	t.Cleanup(o.slack.Close)
	o.rep = o.slack.User(slackfake.User{ID: "U0ASHA01", RealName: "Asha Rao"})
	o.channels = []string{o.slack.Channel("C0SALES1", "sales"), o.slack.Channel("C0LEADS1", "leads"), o.slack.DM(o.rep)}
	o.crm = hubspotfake.New("pat-secret", time.Now, hubspotfake.Owner{ID: "1", Email: "asha@acme.example"})
	t.Cleanup(o.crm.Close)
	o.receiver = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(map[string]int{"/takes": http.StatusNoContent, "/fails": http.StatusInternalServerError, "/gone": http.StatusGone}[r.URL.Path])
	}))
	t.Cleanup(o.receiver.Close)
	return o
}

// reach lets servers and commands reach surroundings, which are all on this machine.
func reach(t *testing.T) {
	t.Setenv("USHER_CALENDAR_ALLOW", "127.0.0.1")
	t.Setenv("USHER_HOOKS_ALLOW", "127.0.0.1")
	t.Setenv("ACME_HOOK", bot.NewSecret())
	t.Setenv("ASHA_CALDAV", calendarPassword)
}

// args are the settings by which a server works with all of it.
func (o *surroundings) args() []string {
	return append(slackArgs(o.slack), "--hubspot-token", "pat-secret", "--hubspot-url", o.crm.URL, "--smtp", "smtp://"+o.mail.address, "--mail-from", "Acme <meet@acme.example>")
}

// postOffice is a real mail server in this process that takes all letters.
type postOffice struct {
	address string

	mu      sync.Mutex
	letters []string // as they came, behind whom they are to
}

func newPostOffice(t *testing.T) *postOffice {
	o := &postOffice{}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &mailing{office: o}, nil }))
	server.Domain, server.EnableSMTPUTF8, server.ErrorLog = "mail.acme.example", true, log.New(io.Discard, "", 0)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	o.address = l.Addr().String()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l) // ends when the test closes it
	}()
	t.Cleanup(func() {
		l.Close()
		server.Close()
		<-done
	})
	return o
}

// has says whether a letter to somebody has the words in its head.
func (o *postOffice) has(to, words string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.ContainsFunc(o.letters, func(l string) bool { return strings.HasPrefix(l, to+"\n") && strings.Contains(l, words) })
}

// mailing is one connection.
type mailing struct {
	office *postOffice
	to     string
}

func (*mailing) Mail(string, *smtp.MailOptions) error { return nil }

func (m *mailing) Rcpt(to string, _ *smtp.RcptOptions) error {
	m.to = to
	return nil
}

func (m *mailing) Data(r io.Reader) error {
	letter, err := io.ReadAll(r)
	m.office.mu.Lock()
	defer m.office.mu.Unlock()
	m.office.letters = append(m.office.letters, m.to+"\n"+string(letter))
	return err
}

func (*mailing) Reset()        {}
func (*mailing) Logout() error { return nil }

// calendarServer is a real CalDAV server with a calendar of Asha's.
type calendarServer struct{ url string }

const calendarPassword = "sesame"

func newCalendarServer(t *testing.T) *calendarServer {
	t.Helper()
	dir, at := t.TempDir(), freeAddress(t)
	users := filepath.Join(dir, "users")
	must(t, os.WriteFile(users, []byte("asha:"+calendarPassword+"\n"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "config"), fmt.Appendf(nil,
		"[server]\nhosts = %s\n[auth]\ntype = htpasswd\nhtpasswd_filename = %s\nhtpasswd_encryption = plain\ndelay = 0\n[storage]\nfilesystem_folder = %s\n[logging]\nlevel = error\n",
		at, users, filepath.Join(dir, "data")), 0o600))
	cmd := exec.Command("radicale", "--config", filepath.Join(dir, "config"))
	must(t, cmd.Start())
	t.Cleanup(func() {
		cmd.Process.Kill() // it may have ended already
		cmd.Wait()
	})
	s := &calendarServer{"http://" + at}
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		if _, err := s.ask(http.MethodGet, "/", ""); err == nil {
			break
		} else if time.Now().After(end) {
			t.Fatal(err)
		}
	}
	_, err := s.ask("MKCALENDAR", "/asha/work/", `<C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop><displayname>Work</displayname><C:supported-calendar-component-set><C:comp name="VEVENT"/></C:supported-calendar-component-set></prop></set></C:mkcalendar>`)
	must(t, err)
	return s
}

func (s *calendarServer) ask(method, path, body string) (string, error) {
	req, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	req.SetBasicAuth("asha", calendarPassword)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return string(text), err
}

// shows is all that stands in the calendar.
func (s *calendarServer) shows(t *testing.T) string {
	t.Helper()
	text, err := s.ask(http.MethodGet, "/asha/work/", "")
	must(t, err)
	if !strings.Contains(text, "VCALENDAR") {
		t.Fatalf("the calendar shows %q", text)
	}
	return text
}

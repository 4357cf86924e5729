package mail_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"usher/adapters/mail"
	"usher/bot"
	"usher/flows"
)

var (
	acme  = netmail.Address{Name: "Acme", Address: "meet@acme.example"}
	quiet = slog.New(slog.NewTextHandler(io.Discard, nil))
	noon  = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
)

// house is what letters need of the house: meetings, links, and reps.
type house struct {
	mu       sync.Mutex
	meetings map[string]bot.Meeting
	links    map[string]string
	broken   error // of SaveLink
	alerts   []bot.Job
}

func (h *house) Meeting(_ context.Context, uid string) (bot.Meeting, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	m, ok := h.meetings[uid]
	if !ok {
		return m, bot.ErrNotFound
	}
	return m, nil
}

func (h *house) Workspace() *flows.Workspace {
	return &flows.Workspace{Roster: &flows.Roster{Reps: []*flows.Rep{
		{ID: "asha", Name: "Asha Rao", Email: "asha@acme.example", Timezone: "Asia/Kolkata"},
		{ID: "ben", Name: "Ben Cole", Email: "ben@acme.example", Timezone: "Europe/London"},
	}}}
}

func (h *house) Link(_ context.Context, kind, key string) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	v, ok := h.links[kind+"\x00"+key]
	if !ok {
		return "", bot.ErrNotFound
	}
	return v, nil
}

func (h *house) SaveLink(_ context.Context, kind, key, value string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.broken != nil {
		return h.broken
	}
	h.links[kind+"\x00"+key] = value
	return nil
}

func (h *house) Enqueue(_ context.Context, jobs ...bot.Job) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, j := range jobs {
		known := false
		for _, old := range h.alerts {
			known = known || old.ID == j.ID
		}
		if !known {
			h.alerts = append(h.alerts, j)
		}
	}
	return nil
}

// change edits the meeting as the house would.
func (h *house) change(by func(*bot.Meeting)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	m := h.meetings["m1"]
	by(&m)
	h.meetings["m1"] = m
}

// desk is a post with its house, its server and a clock.
type desk struct {
	*mail.Post
	*office
	house *house
	at    time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{office: newOffice(t, "smtps"), at: noon, house: &house{links: map[string]string{}, meetings: map[string]bot.Meeting{"m1": {
		UID: "m1", Conversation: "c1", Rep: "asha", Start: noon.Add(48 * time.Hour), End: noon.Add(48*time.Hour + 30*time.Minute), Status: bot.Confirmed,
		Title: "Acme for BigCo", Place: "https://meet.acme.example/asha", Attendee: "priya@bigco.example", Name: "Priya Sharma",
		Timezone: "Asia/Kolkata", Language: "en", Phone: "+919812345678", CreatedAt: noon,
	}}}}
	d.Post = &mail.Post{
		Host: d.house, Links: d.house, Jobs: d.house, Server: d.client("smtps"), Log: quiet, Now: func() time.Time { return d.at },
		Invitation: func(m bot.Meeting, method string) ([]byte, error) {
			return []byte(fmt.Sprintf("BEGIN:VCALENDAR\r\nMETHOD:%s\r\nBEGIN:VEVENT\r\nUID:%s\r\nSEQUENCE:%d\r\nSTATUS:%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
				method, m.UID, m.Sequence, strings.ToUpper(m.Status))), nil
		},
		MeetingLink:    func(uid string) string { return "https://usher.acme.example/m/" + uid + "?s=v1.abc" },
		RepMeetingLink: func(uid string) string { return "https://usher.acme.example/r/" + uid + "?s=v1.def" },
	}
	d.Server.Now = d.Post.Now
	return d
}

// job is a letter's, as the bot stores it.
func job(id, event, to string, more ...string) bot.Job {
	e := bot.Event{Conversation: "c1", Event: event, Meeting: "m1", To: to}
	if to == bot.ToRep {
		e.Rep = "asha"
	}
	if len(more) > 0 {
		e.Detail = more[0]
	}
	if len(more) > 1 {
		e.Rep = more[1]
	}
	payload, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	return bot.Job{ID: id, Kind: bot.JobMail, Payload: payload, Attempts: 1}
}

func (d *desk) carry(j bot.Job) error { return d.Carry(d.t.Context(), j) }

// letters are those that arrived, read as a mail program reads them.
func (d *desk) letters() (all []*message) {
	for _, m := range d.mailbox() {
		all = append(all, read(d.t, m.data))
	}
	return all
}

// only is the one letter that arrived.
func (d *desk) only() *message {
	d.t.Helper()
	all := d.letters()
	if len(all) != 1 {
		d.t.Fatalf("%d letters arrived", len(all))
	}
	return all[0]
}

func TestInvitation(t *testing.T) {
	t.Run("the visitor gets one that mail programs and calendars understand", func(t *testing.T) {
		d := newDesk(t)
		must(t, d.carry(job("c1-3-0", bot.MailInvitation, bot.ToVisitor)))
		m := d.only()
		got := d.mailbox()[0]
		if got.from != "meet@acme.example" || got.to != "priya@bigco.example" || got.user != "meet@acme.example" || got.utf8 {
			t.Errorf("envelope %+v", got)
		}
		m.is(t, "From", `"Acme" <meet@acme.example>`)
		m.is(t, "To", `"Priya Sharma" <priya@bigco.example>`)
		m.is(t, "Reply-To", `"Asha Rao" <asha@acme.example>`)
		m.is(t, "Auto-Submitted", "auto-generated")
		m.is(t, "Date", "Mon, 23 Nov 2026 12:00:00 +0000")
		m.is(t, "Content-Language", "en")
		m.is(t, "Subject", "Invitation: Acme for BigCo · Wednesday, 25 November 2026, 17:30 (UTC+05:30)")
		m.is(t, "In-Reply-To", "")
		if want := "multipart/mixed(multipart/alternative(text/plain text/html text/calendar) application/ics)"; m.shape != want {
			t.Errorf("%s", m.shape)
		}
		c := m.part("text/calendar")
		if c.params["method"] != "REQUEST" || !strings.EqualFold(c.params["charset"], "utf-8") || !strings.Contains(c.text, "METHOD:REQUEST\r\n") {
			t.Errorf("%+v", c)
		}
		if file := m.part("application/ics"); file.file != "invite.ics" || file.text != c.text {
			t.Errorf("%+v", file)
		}
		for _, part := range []string{"text/plain", "text/html"} {
			for _, want := range []string{"Priya Sharma", "Asha Rao", "Wednesday, 25 November 2026", "17:30 – 18:00", "30 minutes", "https://meet.acme.example/asha", "https://usher.acme.example/m/m1?s=v1.abc"} {
				if !strings.Contains(strings.ReplaceAll(m.part(part).text, "&#43;", "+"), want) {
					t.Errorf("%s lacks %q:\n%s", part, want, m.part(part).text)
				}
			}
		}
	})

	t.Run("the rep gets one only where the calendar is not written", func(t *testing.T) {
		d := newDesk(t)
		written := true
		d.Writable = func(string) bool { return written }
		must(t, d.carry(job("c1-3-1", bot.MailInvitation, bot.ToRep)))
		if n := len(d.mailbox()); n != 0 {
			t.Fatalf("%d letters", n)
		}
		written = false
		must(t, d.carry(job("c1-3-1", bot.MailInvitation, bot.ToRep)))
		m := d.only()
		m.is(t, "To", `"Asha Rao" <asha@acme.example>`)
		m.is(t, "Reply-To", `"Priya Sharma" <priya@bigco.example>`)
		plain := m.part("text/plain").text
		if !strings.Contains(plain, "+919812345678") || !strings.Contains(plain, "https://usher.acme.example/r/m1") || m.shape != "multipart/mixed(multipart/alternative(text/plain text/html) application/ics)" {
			t.Errorf("%s", plain)
		}
	})

	t.Run("later letters are answers to it, and the same job makes the same Message-ID", func(t *testing.T) {
		d := newDesk(t)
		must(t, d.carry(job("c1-3-0", bot.MailInvitation, bot.ToVisitor)))
		d.house.change(func(m *bot.Meeting) { m.Start, m.End, m.Sequence = m.Start.Add(time.Hour), m.End.Add(time.Hour), 1 })
		must(t, d.carry(job("c1-5-0", bot.MailUpdate, bot.ToVisitor)))
		d.house.change(func(m *bot.Meeting) { m.Status, m.Sequence, m.Because = bot.Cancelled, 2, "my plans have changed" })
		must(t, d.carry(job("c1-6-0", bot.MailCancel, bot.ToVisitor)))
		all := d.letters()
		if len(all) != 3 {
			t.Fatalf("%d letters", len(all))
		}
		first := all[0].Header.Get("Message-Id")
		for _, m := range all[1:] {
			m.is(t, "In-Reply-To", first)
			m.is(t, "References", first)
			if m.Header.Get("Message-Id") == first {
				t.Error("two letters have one Message-ID")
			}
		}
		cancel := all[2].part("text/calendar")
		if cancel.params["method"] != "CANCEL" || !strings.Contains(all[2].part("text/plain").text, "my plans have changed") {
			t.Errorf("%+v", all[2])
		}
		other := newDesk(t)
		must(t, other.carry(job("c1-3-0", bot.MailInvitation, bot.ToVisitor)))
		other.only().is(t, "Message-Id", first)
	})
}

func TestOnlyWhatIsTrueIsSent(t *testing.T) {
	moved := func(m *bot.Meeting) { m.Start, m.End, m.Sequence = m.Start.Add(time.Hour), m.End.Add(time.Hour), 1 }
	off := func(m *bot.Meeting) { m.Status, m.Sequence = bot.Cancelled, 1 }
	for _, c := range []struct {
		name   string
		change func(*bot.Meeting)
		wait   time.Duration
		job    bot.Job
		want   int
	}{
		{"an invitation to a meeting that is cancelled is not", off, 0, job("j", bot.MailInvitation, bot.ToVisitor), 0},
		{"an invitation to a meeting that has passed is not", nil, 49 * time.Hour, job("j", bot.MailInvitation, bot.ToVisitor), 0},
		{"a meeting that does not exist has none", func(m *bot.Meeting) { m.UID = "" }, 0, bot.Job{ID: "j", Payload: []byte(`{"event":"invitation","to":"visitor","meeting":"m2"}`)}, 0},
		{"a cancellation of a meeting that takes place is not", nil, 0, job("j", bot.MailCancel, bot.ToVisitor), 0},
		{"a cancellation is", off, 0, job("j", bot.MailCancel, bot.ToVisitor, "sorry"), 1},
		{"a clash is", func(m *bot.Meeting) { off(m); m.Clashed = true }, 0, job("j", bot.MailClash, bot.ToVisitor), 1},
		{"a clash after another time was chosen is not", moved, 0, job("j", bot.MailClash, bot.ToVisitor), 0},
		{"a clash of a meeting that was cancelled meanwhile is not", off, 0, job("j", bot.MailClash, bot.ToVisitor), 0},
		{"a reminder in time is", nil, 24 * time.Hour, job("j", bot.MailReminder, bot.ToVisitor, "24h0m0s"), 1},
		{"a reminder an hour late is, the day before", nil, 25 * time.Hour, job("j", bot.MailReminder, bot.ToVisitor, "24h0m0s"), 1},
		{"a reminder half an hour late is not, the hour before", nil, 47*time.Hour + 31*time.Minute, job("j", bot.MailReminder, bot.ToVisitor, "1h0m0s"), 0},
		{"a reminder of a meeting that was moved to later is not yet", moved, 24 * time.Hour, job("j", bot.MailReminder, bot.ToVisitor, "24h0m0s"), 0},
		{"a reminder of a meeting that is cancelled is not", off, 24 * time.Hour, job("j", bot.MailReminder, bot.ToVisitor, "24h0m0s"), 0},
		{"a reminder to who has declined is not", func(m *bot.Meeting) { m.Answer = bot.AnswerDeclined }, 24 * time.Hour, job("j", bot.MailReminder, bot.ToVisitor, "24h0m0s"), 0},
		{"a rep who has the meeting no more is told that it is off", func(m *bot.Meeting) { m.Rep = "ben" }, 0, job("j", bot.MailCancel, bot.ToRep), 1},
		{"a rep who has the meeting no more is not told of a new time", func(m *bot.Meeting) { m.Rep = "ben" }, 0, job("j", bot.MailUpdate, bot.ToRep), 0},
		{"a rep who comes too is", func(m *bot.Meeting) { m.Rep, m.With = "ben", "cora asha" }, 0, job("j", bot.MailInvitation, bot.ToRep), 1},
		{"a visitor without an address is not written to", func(m *bot.Meeting) { m.Attendee = "" }, 0, job("j", bot.MailInvitation, bot.ToVisitor), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			if c.change != nil {
				d.house.change(c.change)
			}
			d.at = d.at.Add(c.wait)
			must(t, d.carry(c.job))
			if n := len(d.mailbox()); n != c.want {
				t.Errorf("%d letters", n)
			}
		})
	}

	t.Run("an invitation that waited tells the time as it is, and its update says nothing twice", func(t *testing.T) {
		d := newDesk(t)
		d.house.change(moved)
		must(t, d.carry(job("c1-3-0", bot.MailInvitation, bot.ToVisitor)))
		must(t, d.carry(job("c1-5-0", bot.MailUpdate, bot.ToVisitor)))
		if m := d.only(); !strings.Contains(m.part("text/plain").text, "18:30") {
			t.Error(m.part("text/plain").text)
		}
	})

	t.Run("an update to who was never written to is an invitation", func(t *testing.T) {
		d := newDesk(t)
		d.house.change(moved)
		must(t, d.carry(job("c1-5-0", bot.MailUpdate, bot.ToVisitor)))
		if m := d.only(); !strings.HasPrefix(m.header("Subject"), "Invitation: ") {
			t.Error(m.header("Subject"))
		}
	})
}

func TestALetterIsSentOnce(t *testing.T) {
	t.Run("the same job again sends nothing", func(t *testing.T) {
		d := newDesk(t)
		must(t, d.carry(job("c1-3-0", bot.MailReminder, bot.ToVisitor, "48h0m0s")))
		must(t, d.carry(job("c1-3-0", bot.MailReminder, bot.ToVisitor, "48h0m0s")))
		d.only()
	})

	t.Run("also where the store was away when it was to be remembered", func(t *testing.T) {
		d := newDesk(t)
		d.house.broken = bot.ErrBusy
		if err := d.carry(job("c1-3-0", bot.MailInvitation, bot.ToVisitor)); !errors.Is(err, bot.ErrBusy) {
			t.Fatal(err)
		}
		d.house.broken = nil
		must(t, d.carry(job("c1-3-0", bot.MailInvitation, bot.ToVisitor)))
		d.only()
	})

	t.Run("where the answer to a letter is lost it comes again as the same one", func(t *testing.T) {
		d := newDesk(t)
		d.does(script{lose: true})
		after := retryOf(t, d.carry(job("c1-3-0", bot.MailInvitation, bot.ToVisitor)))
		if after.Never || after.After > time.Minute {
			t.Errorf("%+v", after)
		}
		d.does(script{})
		must(t, d.carry(job("c1-3-0", bot.MailInvitation, bot.ToVisitor)))
		all := d.letters()
		if len(all) != 2 || all[0].Header.Get("Message-Id") != all[1].Header.Get("Message-Id") {
			t.Errorf("%d letters", len(all))
		}
	})
}

func retryOf(t *testing.T, err error) *bot.RetryError {
	t.Helper()
	var retry *bot.RetryError
	if !errors.As(err, &retry) {
		t.Fatalf("%v", err)
	}
	return retry
}

package mail_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"log"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"usher/adapters/mail"
	"usher/bot"
)

// inbox is a real IMAP server with one mailbox.
type inbox struct {
	t    *testing.T
	user *imapmemserver.User
	at   string
}

func newInbox(t *testing.T, caps imap.CapSet) *inbox {
	t.Helper()
	i := &inbox{t: t, user: imapmemserver.NewUser("meet@acme.example", "open sesame")}
	must(t, i.user.Create("INBOX", nil))
	memory := imapmemserver.New()
	memory.AddUser(i.user)
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return memory.NewSession(), nil, nil
		},
		Caps: caps, Logger: log.New(io.Discard, "", 0),
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	i.at = l.Addr().String()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(tls.NewListener(l, authority(t).server)) // ends when the test closes it
	}()
	t.Cleanup(func() {
		l.Close() // Serve may not have begun
		server.Close()
		<-done
	})
	return i
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// comes is a message that somebody sends.
func (i *inbox) comes(text string) {
	i.t.Helper()
	text = strings.ReplaceAll(text, "\n", "\r\n")
	_, err := i.user.Append("INBOX", literal{bytes.NewReader([]byte(text))}, &imap.AppendOptions{})
	must(i.t, err)
}

func (i *inbox) unread() uint32 {
	s, err := i.user.Status("INBOX", &imap.StatusOptions{NumUnseen: true})
	must(i.t, err)
	return *s.NumUnseen
}

// box is our side of it, for the desk.
func (i *inbox) box(d *desk) *mail.Mailbox {
	u, err := url.Parse("imaps://meet%40acme.example@" + i.at)
	must(i.t, err)
	return &mail.Mailbox{Address: u, Password: "open sesame", TLS: &tls.Config{RootCAs: authority(i.t).pool}, Links: d.house, Log: quiet, Took: d.Take}
}

// reads runs the mailbox's reader until the test, or what is given back, ends it.
func reads(t *testing.T, b *mail.Mailbox) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.Run(ctx)
	}()
	stop = func() {
		cancel()
		<-done
	}
	t.Cleanup(stop)
	return stop
}

type reply struct {
	uid, attendee, answer string
	sequence              int
}

// answered lets the desk take answers, and gives them.
func (d *desk) answered() <-chan reply {
	all := make(chan reply, 20)
	d.Reply = func(text []byte) (string, string, string, int, error) {
		if !bytes.Contains(text, []byte("METHOD:REPLY")) {
			return "", "", "", 0, errors.New("no REPLY")
		}
		return "m1", "priya@bigco.example", bot.AnswerAccepted, 2, nil
	}
	d.Replied = func(_ context.Context, uid, attendee, answer string, sequence int) error {
		all <- reply{uid, attendee, answer, sequence}
		return nil
	}
	return all
}

const answer = `From: Priya <priya@bigco.example>
To: Acme <meet@acme.example>
Subject: Accepted: Acme for BigCo
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=UTF-8

Priya has accepted.
--inner
Content-Type: text/calendar; charset=UTF-8; method=REPLY
Content-Transfer-Encoding: base64

QkVHSU46VkNBTEVOREFSDQpNRVRIT0Q6UkVQTFkNCkVORDpWQ0FMRU5EQVINCg==
--inner--
--outer--
`

const human = `From: Priya <priya@bigco.example>
To: Acme <meet@acme.example>
Subject: A question
Content-Type: text/plain

Can my colleague come too?
`

func soon(t *testing.T, all <-chan reply) reply {
	t.Helper()
	select {
	case r := <-all:
		return r
	case <-time.After(time.Minute):
		t.Fatal("no answer came")
		return reply{}
	}
}

func TestMailbox(t *testing.T) {
	t.Run("calendars' answers are passed on, all else stays as it is, and each is read once", func(t *testing.T) {
		d, i := newDesk(t), newInbox(t, imap.CapSet{imap.CapIMAP4rev1: {}})
		all := d.answered()
		i.comes(human)
		i.comes(answer)
		i.comes(strings.ReplaceAll(answer, "method=REPLY", "method=COUNTER"))
		stop := reads(t, i.box(d))
		if r := soon(t, all); r != (reply{"m1", "priya@bigco.example", bot.AnswerAccepted, 2}) {
			t.Errorf("%+v", r)
		}
		eventually(t, "the position is kept", func() bool {
			v, err := d.house.Link(t.Context(), "mail.read", "meet@acme.example@"+i.at)
			return err == nil && strings.HasSuffix(v, " 3")
		})
		if n := i.unread(); n != 3 {
			t.Errorf("%d of 3 are unread", n)
		}
		stop()
		i.comes(answer)
		reads(t, i.box(d))
		soon(t, all)
		eventually(t, "the position is kept", func() bool {
			v, err := d.house.Link(t.Context(), "mail.read", "meet@acme.example@"+i.at)
			return err == nil && strings.HasSuffix(v, " 4")
		})
		if len(all) != 0 {
			t.Errorf("%d answers came twice", len(all))
		}
	})

	t.Run("one that comes while we wait is told at once where the server tells", func(t *testing.T) {
		d, i := newDesk(t), newInbox(t, imap.CapSet{imap.CapIMAP4rev2: {}, imap.CapIdle: {}})
		all := d.answered()
		i.comes(answer)
		reads(t, i.box(d))
		soon(t, all)
		eventually(t, "one is told", func() bool { // the server of the test tells nothing of one that comes before it has begun to wait
			i.comes(answer)
			select {
			case <-all:
				return true
			case <-time.After(500 * time.Millisecond):
				return false
			}
		})
	})

	t.Run("an answer that the house could not take comes again", func(t *testing.T) {
		d, i := newDesk(t), newInbox(t, imap.CapSet{imap.CapIMAP4rev1: {}})
		all := d.answered()
		replied, failed := d.Replied, make(chan struct{})
		d.Replied = func(context.Context, string, string, string, int) error {
			close(failed)
			return bot.ErrBusy
		}
		i.comes(answer)
		stop := reads(t, i.box(d))
		<-failed
		stop()
		d.Replied = replied
		reads(t, i.box(d))
		soon(t, all)
	})

	t.Run("an answer that can never be taken is passed over, and those after it are not lost", func(t *testing.T) {
		d, i := newDesk(t), newInbox(t, imap.CapSet{imap.CapIMAP4rev1: {}})
		all, failed, log := d.answered(), make(chan struct{}, 20), &bytes.Buffer{}
		box := i.box(d)
		box.Log = slog.New(slog.NewTextHandler(log, nil))
		box.Took = func(ctx context.Context, raw []byte) error {
			if bytes.Contains(raw, []byte("Subject: Odd")) {
				failed <- struct{}{}
				return bot.ErrBusy
			}
			return d.Take(ctx, raw)
		}
		i.comes(strings.Replace(answer, "Subject: Accepted", "Subject: Odd", 1))
		i.comes(answer)
		for range 5 { // each anew, so as not to wait for the pauses
			stop := reads(t, box)
			<-failed
			stop()
		}
		if len(all) > 0 {
			t.Fatal("it was passed over too soon")
		}
		stop := reads(t, box)
		soon(t, all)
		stop()
		if !strings.Contains(log.String(), "an answer is passed over") || strings.Contains(log.String(), "bigco") {
			t.Error(log)
		}
	})

	t.Run("a password that is not taken is an alarm", func(t *testing.T) {
		d, i := newDesk(t), newInbox(t, imap.CapSet{imap.CapIMAP4rev1: {}})
		d.Box = i.box(d)
		d.Box.Password = "wrong"
		reads(t, d.Box)
		eventually(t, "the alarm", func() bool {
			return strings.Contains(strings.Join(d.Problems(), ""), "the mailbox cannot be read: sign in")
		})
	})
}

// bounce is a server's report about a letter.
func bounce(id, action, status string) string {
	return `From: MAILER-DAEMON@mail.bigco.example
To: meet@acme.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.bigco.example

Final-Recipient: rfc822; priya@bigco.example
Action: ` + action + `
Status: ` + status + `
Diagnostic-Code: smtp; 550 5.1.1 <priya@bigco.example>: user unknown
--b
Content-Type: text/rfc822-headers

Message-ID: ` + id + `
Subject: Invitation
--b--
`
}

func TestALetterThatComesBack(t *testing.T) {
	d := newDesk(t)
	must(t, d.carry(job("c1-3-0", bot.MailInvitation, bot.ToVisitor)))
	id := d.only().Header.Get("Message-Id")
	comes := func(text string) {
		t.Helper()
		must(t, d.Take(t.Context(), []byte(strings.ReplaceAll(text, "\n", "\r\n"))))
	}
	comes(bounce("<"+strings.Repeat("0", 24)+".bTE@acme.example>", "failed", "5.1.1")) // one that we did not send
	comes(bounce("<x@elsewhere.example>", "failed", "5.1.1"))
	comes(bounce(id, "delayed", "4.2.0"))
	if len(d.house.alerts) != 0 {
		t.Fatalf("%+v", d.house.alerts)
	}
	comes(bounce(id, "failed", "5.1.1"))
	comes(bounce(id, "failed", "5.1.1"))
	if len(d.house.alerts) != 1 {
		t.Fatalf("%d alerts", len(d.house.alerts))
	}
	var e bot.Event
	must(t, json.Unmarshal(d.house.alerts[0].Payload, &e))
	if e.Event != bot.AlertMail || e.Rep != "asha" || e.Meeting != "m1" || e.Conversation != "c1" || e.Detail != "5.1.1 550 5.1.1 <the address>: user unknown" {
		t.Errorf("%+v", e)
	}
}

func FuzzTake(f *testing.F) {
	f.Add([]byte(strings.ReplaceAll(answer, "\n", "\r\n")))
	f.Add([]byte(strings.ReplaceAll(bounce("<a.bTE@acme.example>", "failed", "5.0.0"), "\n", "\r\n")))
	f.Add([]byte(human))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d := &mail.Post{
			Host: &house{}, Links: &house{links: map[string]string{}}, Jobs: &house{}, Log: quiet,
			Reply: func([]byte) (string, string, string, int, error) { return "", "", "", 0, os.ErrInvalid },
			Replied: func(context.Context, string, string, string, int) error {
				t.Error("nothing was answered")
				return nil
			},
		}
		must(t, d.Take(t.Context(), raw))
	})
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !is(); {
		if time.Now().After(end) {
			t.Fatalf("not in time: %s", what)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

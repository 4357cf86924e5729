package mail_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"usher/bot"
)

func says(code int, words string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: words}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name        string
		script      script
		never       bool
		least, most time.Duration // until the next try
		alarm       string
	}{
		{"an address that does not exist is given up", script{rcpt: says(550, "no such user")}, true, 0, 0, ""},
		{"a letter that is not wanted is given up", script{data: says(554, "spam")}, true, 0, 0, ""},
		{"a server that puts strangers off is asked again within minutes", script{rcpt: says(451, "greylisted")}, false, 20 * time.Second, 5 * time.Minute, ""},
		{"a server that cannot take the letter now is asked again", script{data: says(452, "disk full")}, false, 20 * time.Second, 5 * time.Minute, ""},
		{"a password that is refused is the operator's", script{auth: says(535, "wrong password")}, false, time.Second, 5 * time.Minute, "does not let us sign in: 5.1.1 wrong password"},
		{"a server that wants a password is the operator's", script{rcpt: says(530, "authentication required")}, false, time.Second, 5 * time.Minute, "does not let us sign in"},
		{"a sender that is refused is the operator's", script{mail: says(553, "not your address")}, false, time.Second, 5 * time.Minute, "does not take letters from us"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			d.does(c.script)
			retry := retryOf(t, d.carry(job("j", bot.MailInvitation, bot.ToVisitor)))
			if retry.Never != c.never || retry.After < c.least || retry.After > c.most {
				t.Errorf("%+v", retry)
			}
			if all := strings.Join(d.Problems(), ""); (all == "") != (c.alarm == "") || !strings.Contains(all, c.alarm) {
				t.Errorf("alarms: %q", all)
			}
			d.does(script{})
			must(t, d.carry(job("j", bot.MailInvitation, bot.ToVisitor)))
			d.only()
			if all := d.Problems(); len(all) != 0 {
				t.Errorf("alarms that are over: %q", all)
			}
		})
	}

	t.Run("the server's words are told without the address and without what they could do to a terminal", func(t *testing.T) {
		d := newDesk(t)
		d.does(script{rcpt: says(550, "<Priya@BigCo.example> \x1b[31munknown here")})
		if err := d.carry(job("j", bot.MailInvitation, bot.ToVisitor)); err == nil || err.Error() != "the mail server answered 550 5.1.1 <the address> [31munknown here" {
			t.Errorf("%q", err)
		}
	})

	t.Run("one recipient's refusal is nobody else's", func(t *testing.T) {
		d := newDesk(t)
		d.does(script{rcpt: says(550, "no such user")})
		retryOf(t, d.carry(job("j0", bot.MailInvitation, bot.ToVisitor)))
		d.does(script{})
		must(t, d.carry(job("j1", bot.MailInvitation, bot.ToRep)))
		d.only().is(t, "To", `"Asha Rao" <asha@acme.example>`)
	})

	t.Run("twenty tries are about a day", func(t *testing.T) {
		d := newDesk(t)
		d.stop()
		var all time.Duration
		for n := 1; n < bot.MaxAttempts; n++ {
			j := job("j", bot.MailInvitation, bot.ToVisitor)
			j.Attempts = n
			all += retryOf(t, d.carry(j)).After
		}
		if all < 24*time.Hour || all > 36*time.Hour {
			t.Error(all)
		}
		if all := strings.Join(d.Problems(), ""); !strings.Contains(all, "cannot be used") || !strings.Contains(all, "2026-11-23T12:00:00Z") {
			t.Error(all)
		}
	})

	t.Run("a letter to an address in another script is sent as one", func(t *testing.T) {
		d := newDesk(t)
		d.house.change(func(m *bot.Meeting) { m.Attendee = "प्रिया@bigco.example" })
		d.carry(job("j", bot.MailInvitation, bot.ToVisitor))
		if got := d.mailbox(); len(got) != 1 || !got[0].utf8 || got[0].to != "प्रिया@bigco.example" {
			t.Errorf("%+v", got)
		}
	})
}

func TestTLS(t *testing.T) {
	t.Run("smtp:// speaks STARTTLS", func(t *testing.T) {
		o := newOffice(t, "smtp")
		must(t, o.client("smtp").Check(t.Context()))
	})

	t.Run("no password is sent without it", func(t *testing.T) {
		o := newOffice(t, "bare")
		o.server.AllowInsecureAuth = true
		if err := o.client("smtp").Check(t.Context()); err == nil || !strings.Contains(err.Error(), "not encrypted") {
			t.Error(err)
		}
	})

	t.Run("a certificate that nobody vouches for is not believed", func(t *testing.T) {
		for _, scheme := range []string{"smtp", "smtps"} {
			o := newOffice(t, scheme)
			s := o.client(scheme)
			s.TLS = nil
			if err := s.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "certificate") {
				t.Error(err)
			}
		}
	})

	t.Run("a server elsewhere that offers none gets nothing", func(t *testing.T) {
		o := newOffice(t, "bare")
		s := o.client("smtp")
		s.Address.User = nil
		must(t, s.Check(t.Context())) // this machine
		s = o.client("smtp")
		s.Address.User, s.Address.Host = nil, "0.0.0.0:"+o.port // no loopback by name, and this machine all the same
		if err := s.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "STARTTLS") {
			t.Error(err)
		}
	})
}

func TestASlowServerHasAnEnd(t *testing.T) {
	d := newDesk(t)
	hang := make(chan struct{})
	d.does(script{hang: hang})
	busy := make(chan error, 3)
	for range cap(busy) {
		go func() {
			busy <- d.Carry(context.WithoutCancel(t.Context()), job("j", bot.MailReminder, bot.ToVisitor, "48h0m0s"))
		}()
	}
	eventually(t, "all lanes are taken", func() bool {
		d.office.mu.Lock()
		defer d.office.mu.Unlock()
		return d.tries == cap(busy)
	})
	retry := retryOf(t, d.carry(job("other", bot.MailInvitation, bot.ToVisitor)))
	if retry.Never || !strings.Contains(retry.Error(), "as many letters") || len(d.Problems()) != 0 {
		t.Errorf("%+v %q", retry, d.Problems())
	}
	d.does(script{})
	close(hang)
	for range cap(busy) {
		must(t, <-busy)
	}
}

package mail_test

import (
	"strings"
	"testing"

	"usher/adapters/mail"
	"usher/bot"
)

func TestSettings(t *testing.T) {
	good := mail.Settings{SMTP: "smtp://meet@acme.example@mail.acme.example:587", Password: "open sesame", From: "Acme <meet@acme.example>"}
	for _, c := range []struct {
		name   string
		change func(*mail.Settings)
		want   string // part of the error; "" = none
	}{
		{"what the guide says is good", func(*mail.Settings) {}, ""},
		{"a server without a user is good", func(s *mail.Settings) { s.SMTP, s.Password = "smtp://localhost:25", "" }, ""},
		{"nothing at all is good", func(s *mail.Settings) { *s = mail.Settings{} }, ""},
		{"a name in another script is good", func(s *mail.Settings) { s.From = "एक्मे <meet@acme.example>" }, ""},
		{"a mailbox is good", func(s *mail.Settings) { s.IMAP, s.IMAPPassword = "imaps://meet%40acme.example@mail.acme.example", "x" }, ""},
		{"a password in the address is not shown", func(s *mail.Settings) { s.SMTP = "smtps://meet:geheim@mail.acme.example" }, "USHER_SMTP holds a password; put it into USHER_SMTP_PASSWORD"},
		{"another kind of address", func(s *mail.Settings) { s.SMTP = "https://mail.acme.example" }, "write it like smtps://user@mail.example.com"},
		{"a bare host", func(s *mail.Settings) { s.SMTP = "mail.acme.example:587" }, "write it like"},
		{"an impossible port", func(s *mail.Settings) { s.SMTP = "smtps://meet@mail.acme.example:99999" }, "no possible port"},
		{"a path", func(s *mail.Settings) { s.SMTP += "/send" }, "something after the host"},
		{"a user without a password", func(s *mail.Settings) { s.Password = "" }, "USHER_SMTP_PASSWORD is not set"},
		{"a password without a user", func(s *mail.Settings) { s.SMTP = "smtps://mail.acme.example" }, "names no user"},
		{"nobody who sends", func(s *mail.Settings) { s.From = "" }, "USHER_MAIL_FROM"},
		{"a sender without an address", func(s *mail.Settings) { s.From = "Acme" }, "write it like Acme <meet@acme.example>"},
		{"two senders", func(s *mail.Settings) { s.From = "a@b.example, c@d.example" }, "USHER_MAIL_FROM"},
		{"a mailbox without a server", func(s *mail.Settings) { *s = mail.Settings{IMAP: "imaps://a@b.example"} }, "USHER_IMAP without USHER_SMTP"},
		{"a mailbox of nobody", func(s *mail.Settings) { s.IMAP = "imaps://mail.acme.example" }, "USHER_IMAP names no user"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := good
			c.change(&s)
			err := s.Validate()
			if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "geheim")) {
				t.Error(err)
			}
		})
	}

	t.Run("without a server there is no post, and what is asked of it is harmless", func(t *testing.T) {
		b := &bot.Bot{Log: quiet}
		p, err := mail.Settings{}.Join(b)
		if p != nil || err != nil || b.Carriers[bot.JobMail] != nil || p.Problems() != nil {
			t.Error(p, err)
		}
		p.Run(t.Context())
	})

	t.Run("invitations are from the mailbox only where it is read", func(t *testing.T) {
		s := good
		if got := s.Organizer(); got != "" {
			t.Error(got)
		}
		s.IMAP = "imaps://meet@mail.acme.example"
		if got := s.Organizer(); got != "meet@acme.example" {
			t.Error(got)
		}
	})
}

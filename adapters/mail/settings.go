package mail

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"net/url"
	"strconv"
	"strings"

	"usher/bot"
)

// Settings are what an operator says about mail; the tags are flags and variables of the server. Without a mail server no
// letters are sent.
type Settings struct {
	SMTP         string `help:"Mail server that takes letters: smtps:// with TLS from the start, smtp:// with STARTTLS. Without it no letters are sent." name:"smtp" env:"USHER_SMTP" placeholder:"smtp://user@host:587"`
	Password     string `help:"Password of the mail server's user." name:"smtp-password" env:"USHER_SMTP_PASSWORD" placeholder:"SECRET"`
	From         string `help:"Who letters are from." name:"mail-from" env:"USHER_MAIL_FROM" placeholder:"Acme <meet@acme.example>"`
	IMAP         string `help:"Mailbox of that address, where calendars' answers are read: imaps:// with TLS from the start, imap:// with STARTTLS." name:"imap" env:"USHER_IMAP" placeholder:"imaps://user@host:993"`
	IMAPPassword string `help:"Password of the mailbox." name:"imap-password" env:"USHER_IMAP_PASSWORD" placeholder:"SECRET"`
}

// Validate refuses settings that cannot be meant.
func (s Settings) Validate() error {
	switch {
	case s.SMTP == "" && s.IMAP != "":
		return errors.New("USHER_IMAP without USHER_SMTP: answers come to letters; name the mail server that sends them")
	case s.SMTP == "":
		return nil
	}
	if _, err := address("USHER_SMTP", s.SMTP, s.Password, "smtp", "smtps"); err != nil {
		return err
	}
	if _, err := s.from(); err != nil {
		return err
	}
	if s.IMAP == "" {
		return nil
	}
	u, err := address("USHER_IMAP", s.IMAP, s.IMAPPassword, "imap", "imaps")
	if err == nil && u.User.Username() == "" {
		err = errors.New("USHER_IMAP names no user; write it like imaps://user@mail.example.com")
	}
	return err
}

// from is the sender, whose name may be in any script and whose address has a domain that all servers know.
func (s Settings) from() (mail.Address, error) {
	a, err := mail.ParseAddress(s.From)
	if s.From == "" || err != nil || !strings.Contains(a.Address, "@") || !ascii(a.Address) {
		return mail.Address{}, fmt.Errorf("USHER_MAIL_FROM %q is not an address; write it like Acme <meet@acme.example>", s.From)
	}
	return *a, nil
}

// address reads a server's; its errors show no password.
func address(name, text, password string, schemes ...string) (*url.URL, error) {
	example := fmt.Sprintf("%s://user@mail.example.com", schemes[1])
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s is not an address; write it like %s", name, example)
	}
	_, secret := u.User.Password()
	n, wrong := strconv.Atoi(cmp.Or(u.Port(), "1"))
	switch {
	case secret:
		return nil, fmt.Errorf("%s holds a password; put it into %s_PASSWORD", name, name)
	case u.Scheme != schemes[0] && u.Scheme != schemes[1] || u.Hostname() == "":
		return nil, fmt.Errorf("%s %q is not an address; write it like %s", name, text, example)
	case wrong != nil || n < 1 || n > 65535:
		return nil, fmt.Errorf("%s %q has no possible port", name, text)
	case schemes[0] == "smtp" && strings.Trim(u.Path, "/") != "", u.RawQuery != "", u.Fragment != "":
		return nil, fmt.Errorf("%s %q has something after the host; write it like %s", name, text, example)
	case u.User.Username() != "" && password == "":
		return nil, fmt.Errorf("%s names the user %s and %s_PASSWORD is not set", name, u.User.Username(), name)
	case u.User.Username() == "" && password != "":
		return nil, fmt.Errorf("%s_PASSWORD is set and %s names no user; write it like %s", name, name, example)
	}
	return u, nil
}

// Organizer is the address that invitations are from, so that calendars' answers (RFC 5546 REPLY) come where they are
// read: a calendar answers the ORGANIZER, and neither From nor Reply-To. It is "" without a mailbox; then it is the rep's
// own. A person's answer goes to Reply-To, which is the rep's address in any case.
func (s Settings) Organizer() string {
	from, err := s.from()
	if s.SMTP == "" || s.IMAP == "" || err != nil {
		return ""
	}
	return from.Address
}

// Join makes the post and gives the bot its letters, and its alerts where nobody has them yet; nil where no letters are sent.
// The settings are valid.
func (s Settings) Join(b *bot.Bot) (*Post, error) {
	if s.SMTP == "" {
		cmp.Or(b.Log, slog.Default()).Info("mail: letters are off; set USHER_SMTP and USHER_MAIL_FROM")
		return nil, nil
	}
	if err := s.Validate(); err != nil {
		return nil, err
	}
	p := &Post{Host: b, Links: b.Store, Jobs: carried{b}, Log: b.Log, Now: b.Now}
	from, err := s.from()
	if err != nil {
		return nil, err
	}
	u, err := address("USHER_SMTP", s.SMTP, s.Password, "smtp", "smtps")
	if err != nil {
		return nil, err
	}
	p.Server = &Server{Address: u, Password: s.Password, From: from, Log: b.Log, Now: b.Now}
	if s.IMAP != "" {
		u, err := address("USHER_IMAP", s.IMAP, s.IMAPPassword, "imap", "imaps")
		if err != nil {
			return nil, err
		}
		p.Box = &Mailbox{Address: u, Password: s.IMAPPassword, Links: b.Store, Log: b.Log, Now: b.Now}
		p.Box.Took = p.Take
	}
	if b.Carriers == nil {
		b.Carriers = map[string]bot.Carrier{}
	}
	b.Carriers[bot.JobMail] = p.Carry
	if b.Carriers[bot.JobAlert] == nil { // Slack tells reps where it is on
		b.Carriers[bot.JobAlert] = p.Alert
	}
	return p, nil
}

// carried makes jobs of alerts where somebody carries them out.
type carried struct{ *bot.Bot }

// Enqueue stores the jobs that have a carrier.
func (c carried) Enqueue(ctx context.Context, jobs ...bot.Job) error {
	var out []bot.Job
	for _, j := range jobs {
		if c.Carriers[j.Kind] != nil {
			out = append(out, j)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return c.Bot.Enqueue(ctx, out...)
}

// Run says whether the mail server can be used, and reads the mailbox where there is one, until ctx ends.
func (p *Post) Run(ctx context.Context) {
	if p == nil {
		return
	}
	if err := p.Server.Check(ctx); err == nil {
		p.log().Info("mail: letters are on", "server", p.Server.Address.Host)
	}
	if p.Box != nil {
		p.Box.Run(ctx)
	}
}

// Shown is the settings as they may be printed: secrets say only that they are set.
func (s Settings) Shown() string {
	switch {
	case s.SMTP == "":
		return "off"
	case s.IMAP == "":
		return "on"
	}
	return "on, answers are read"
}

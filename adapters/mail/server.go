package mail

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// Server is the mail server that takes our letters. Its exported fields are set before the first use and not changed after.
type Server struct {
	Address  *url.URL // smtps://user@host:465, or smtp://user@host:587, where STARTTLS is asked of all but loopback
	Password string
	From     mail.Address
	TLS      *tls.Config // nil = the machine's own authorities
	Log      *slog.Logger
	Now      func() time.Time // nil = time.Now

	once   sync.Once
	lanes  chan struct{}
	alarms alarms
}

// Bounds of a connection. Each letter has its own: a server that drops idle ones, or restarts, then costs no letter a try.
const (
	dialFor  = 15 * time.Second // to connect, speak TLS and sign in
	sendFor  = 25 * time.Second // from there to the answer: together less than a job may take
	quitFor  = 2 * time.Second  // to say goodbye, once the letter is taken
	atOnce   = 3                // letters at once: Exchange Online takes three connections of a sender
	laneWait = 2 * time.Second  // until a lane is free; then others' jobs go first
)

// Send hands one letter to the server. *Refusal says whose fault a failure is; nil means that the server has taken it.
func (s *Server) Send(ctx context.Context, l Letter) error {
	data, err := l.Bytes()
	if err != nil {
		return &Refusal{Final: true, Err: err}
	}
	if err := s.lane(ctx); err != nil {
		return err
	}
	defer func() { <-s.lanes }()
	c, err := s.dial(ctx)
	if err != nil {
		return s.alarm(err)
	}
	defer c.Close() // what was to be said is said; see quit
	if err := s.hand(c, l, data); err != nil {
		return s.alarm(err)
	}
	s.alarms.clear()
	quit(c)
	return nil
}

// Check connects and signs in, and says what is wrong.
func (s *Server) Check(ctx context.Context) error {
	c, err := s.dial(ctx)
	if err != nil {
		return s.alarm(err)
	}
	defer c.Close() // see quit
	s.alarms.clear()
	quit(c)
	return nil
}

// lane waits for one of the few connections.
func (s *Server) lane(ctx context.Context) error {
	s.once.Do(func() { s.lanes = make(chan struct{}, atOnce) })
	wait := time.NewTimer(laneWait)
	defer wait.Stop()
	select {
	case s.lanes <- struct{}{}:
		return nil
	case <-ctx.Done():
	case <-wait.C:
	}
	return &Refusal{phase: phaseLane, Err: errLanes}
}

// dial connects as far as signing in.
func (s *Server) dial(ctx context.Context) (*smtp.Client, error) {
	begun := &signIn{user: s.Address.User.Username(), password: s.Password, host: s.Address.Hostname()}
	client, err := gomail.NewClient(s.Address.Hostname(), s.options(begun)...)
	if err != nil {
		return nil, &Refusal{phase: phaseDial, Err: err}
	}
	c, err := client.DialToSMTPClientWithContext(ctx)
	switch {
	case err != nil && begun.begun:
		return nil, &Refusal{phase: phaseSignIn, Code: code(err), Err: err}
	case err != nil:
		return nil, &Refusal{phase: phaseDial, Code: code(err), Err: err}
	}
	return c, nil
}

func (s *Server) options(auth *signIn) []gomail.Option {
	o := []gomail.Option{
		gomail.WithPort(port(s.Address)), gomail.WithTimeout(dialFor), gomail.WithHELO(s.hello()), gomail.WithTLSPolicy(gomail.TLSMandatory),
		gomail.WithTLSConfig(s.tls()),
	}
	switch {
	case s.Address.Scheme == "smtps":
		o = append(o, gomail.WithSSL())
	case loopback(s.Address.Hostname()):
		o = append(o, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	}
	if auth.user != "" {
		o = append(o, gomail.WithSMTPAuthCustom(auth))
	}
	return o
}

func (s *Server) tls() *tls.Config {
	c := &tls.Config{}
	if s.TLS != nil {
		c = s.TLS.Clone()
	}
	c.ServerName, c.MinVersion = s.Address.Hostname(), tls.VersionTLS12
	return c
}

// hello is the name we give: the machine's, where it is one that others could know, else the sender's domain.
func (s *Server) hello() string {
	if name, err := os.Hostname(); err == nil && strings.Contains(name, ".") {
		return name
	}
	return domain(s.From.Address)
}

// hand is MAIL, RCPT, DATA (RFC 5321 3.3). After an error the connection is of no more use.
func (s *Server) hand(c *smtp.Client, l Letter, data []byte) error {
	if err := c.UpdateDeadline(sendFor); err != nil {
		return &Refusal{phase: phaseDial, Err: err}
	}
	if err := addresses(c, l); err != nil {
		return err
	}
	if err := c.Mail("<" + l.From.Address + ">"); err != nil {
		return senderRefusal(l, err)
	}
	if err := c.Rcpt("<" + l.To.Address + ">"); err != nil {
		return refusal(phaseLetter, l, err)
	}
	w, err := c.Data()
	if err != nil {
		return refusal(phaseLetter, l, err)
	}
	if _, err := w.Write(data); err != nil {
		return refusal(phaseLetter, l, err)
	}
	if err := w.Close(); err != nil {
		return refusal(phaseLetter, l, err)
	}
	return nil
}

// addresses asks for SMTPUTF8 (RFC 6531) only where an address needs it: a relay behind may not know it.
func addresses(c *smtp.Client, l Letter) error {
	plain := ascii(l.To.Address) && ascii(l.From.Address)
	c.SkipSMTPUTF8(plain)
	if knows, _ := c.Extension("SMTPUTF8"); !plain && !knows {
		return &Refusal{Final: true, phase: phaseLetter, Err: errScript}
	}
	return nil
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > 126 }) < 0
}

// quit says goodbye; that the letter was taken stands whatever comes of it.
func quit(c *smtp.Client) {
	if c.UpdateDeadline(quitFor) == nil {
		_ = c.Quit() // the server may have gone first
	}
}

// port is the address's, or the usual one of its kind (RFC 8314).
func port(u *url.URL) int {
	if n, err := strconv.Atoi(u.Port()); err == nil {
		return n
	}
	switch u.Scheme {
	case "smtps":
		return 465
	case "imaps":
		return 993
	case "imap":
		return 143
	}
	return 587
}

// loopback says whether a host is this machine, where nobody listens in between.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// signIn proves who we are, over TLS alone, with the best of the ways that the server knows.
type signIn struct {
	user, password, host string
	begun                bool
	smtp.Auth
}

// Start chooses the way.
func (a *signIn) Start(server *smtp.ServerInfo) (string, []byte, error) {
	a.begun = true
	if !server.TLS {
		return "", nil, errPlain
	}
	for _, way := range server.Auth {
		switch strings.ToUpper(way) {
		case "SCRAM-SHA-256":
			a.Auth = smtp.ScramSHA256Auth(a.user, a.password)
		case "PLAIN":
			a.Auth = smtp.PlainAuth("", a.user, a.password, a.host, false)
		case "LOGIN":
			a.Auth = smtp.LoginAuth(a.user, a.password, a.host, false)
		default:
			continue
		}
		return a.Auth.Start(server)
	}
	return "", nil, fmt.Errorf("%w: it knows %s", errNoWay, strings.Join(server.Auth, ", "))
}

package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"usher/adapters/mail"
)

// office is a real mail server in this process, whose answers a test scripts.
type office struct {
	t      *testing.T
	server *smtp.Server
	port   string
	stop   func() // takes the server away

	mu     sync.Mutex
	taken  []taken
	script script
	tries  int // messages that came as far as MAIL
}

// taken is a message as it stands in somebody's mailbox.
type taken struct {
	from, to, user string
	utf8           bool
	data           []byte
}

// script is what the server does instead of taking letters; the zero value takes all.
type script struct {
	auth, mail, rcpt, data error
	hang                   chan struct{} // the answer to RCPT waits for it
	lose                   bool          // the letter is taken and the connection lost before the answer
}

// newOffice serves smtps, or smtp with STARTTLS; on a port that asks nobody's leave.
func newOffice(t *testing.T, scheme string) *office {
	t.Helper()
	o := &office{t: t}
	o.listen(scheme, "127.0.0.1:0")
	return o
}

func (o *office) listen(scheme, at string) {
	o.t.Helper()
	o.server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{office: o, conn: c}, nil }))
	o.server.Domain, o.server.EnableSMTPUTF8 = "mail.acme.example", true
	o.server.ErrorLog = log.New(io.Discard, "", 0)
	l, err := net.Listen("tcp", at)
	must(o.t, err)
	_, o.port, err = net.SplitHostPort(l.Addr().String())
	must(o.t, err)
	switch scheme {
	case "smtps":
		l = tls.NewListener(l, authority(o.t).server)
	case "smtp":
		o.server.TLSConfig = authority(o.t).server
	}
	server, done := o.server, make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l) // ends when the test closes it
	}()
	o.stop = func() {
		l.Close() // Serve may not have begun: then the server does not know it
		server.Close()
		<-done
	}
	o.t.Cleanup(o.stop)
}

func (o *office) does(s script) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.script = s
}

func (o *office) now() script {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.script
}

func (o *office) mailbox() []taken {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.taken)
}

// client is our side of it.
func (o *office) client(scheme string) *mail.Server {
	u, err := url.Parse(scheme + "://meet%40acme.example@127.0.0.1:" + o.port)
	must(o.t, err)
	return &mail.Server{Address: u, Password: "open sesame", From: acme, TLS: &tls.Config{RootCAs: authority(o.t).pool}, Log: quiet}
}

// session is one connection.
type session struct {
	office *office
	conn   *smtp.Conn
	m      taken
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if err := s.office.now().auth; err != nil {
			return err
		}
		if user != "meet@acme.example" || password != "open sesame" {
			return smtp.ErrAuthFailed
		}
		s.m.user = user
		return nil
	}), nil
}

func (s *session) Mail(from string, o *smtp.MailOptions) error {
	s.office.mu.Lock()
	s.office.tries++
	s.office.mu.Unlock()
	s.m.from, s.m.utf8 = from, o.UTF8
	return s.office.now().mail
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.m.to = to
	now := s.office.now()
	if now.hang != nil {
		<-now.hang
	}
	return now.rcpt
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	now := s.office.now()
	if now.data != nil {
		return now.data
	}
	s.m.data = data
	s.office.mu.Lock()
	s.office.taken = append(s.office.taken, s.m)
	s.office.mu.Unlock()
	if now.lose {
		s.conn.Conn().Close()
	}
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// ca is an authority of the tests' own.
type ca struct {
	pool   *x509.CertPool
	server *tls.Config
}

var (
	caOnce sync.Once
	caOnly ca
)

func authority(t *testing.T) ca {
	t.Helper()
	caOnce.Do(func() {
		root, rootKey := certificate(t, &x509.Certificate{
			SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Tests"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		}, nil, nil)
		leaf, leafKey := certificate(t, &x509.Certificate{
			SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "mail"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
		}, root, rootKey)
		caOnly.pool = x509.NewCertPool()
		caOnly.pool.AddCert(root)
		caOnly.server = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{leaf.Raw}, PrivateKey: leafKey}}}
	})
	return caOnly
}

func certificate(t *testing.T, of, parent *x509.Certificate, by *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	of.NotBefore, of.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	if parent == nil {
		parent, by = of, key
	}
	der, err := x509.CreateCertificate(rand.Reader, of, parent, &key.PublicKey, by)
	must(t, err)
	made, err := x509.ParseCertificate(der)
	must(t, err)
	return made, key
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

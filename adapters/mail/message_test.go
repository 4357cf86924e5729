package mail_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/textproto"
	"strings"
	"testing"
)

// message is a letter as a mail program reads it.
type message struct {
	*netmail.Message
	shape string // multipart/mixed(text/plain …)
	parts []part
}

type part struct {
	kind   string
	params map[string]string
	file   string
	text   string
}

// read parses a letter and refuses one that breaks the rules of the wire: lines end with CRLF and have at most 78 octets,
// unless a word is longer; nothing but ASCII.
func read(t *testing.T, data []byte) *message {
	t.Helper()
	for i, l := range strings.Split(strings.TrimSuffix(string(data), "\r\n"), "\r\n") {
		if len(l) > 78 && len(strings.Fields(l)) > 1 || strings.ContainsAny(l, "\r\n") || strings.ContainsFunc(l, func(r rune) bool { return r > 126 }) {
			t.Errorf("line %d: %q", i+1, l)
		}
	}
	parsed, err := netmail.ReadMessage(bytes.NewReader(data))
	must(t, err)
	m := &message{Message: parsed}
	m.shape = m.walk(t, textproto.MIMEHeader(parsed.Header), parsed.Body)
	return m
}

func (m *message) walk(t *testing.T, h textproto.MIMEHeader, body io.Reader) string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	must(t, err)
	if !strings.HasPrefix(kind, "multipart/") {
		m.leaf(t, h, body)
		return kind
	}
	var inner []string
	for r := multipart.NewReader(body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return kind + "(" + strings.Join(inner, " ") + ")"
		}
		must(t, err)
		inner = append(inner, m.walk(t, p.Header, p))
	}
}

func (m *message) leaf(t *testing.T, h textproto.MIMEHeader, body io.Reader) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	must(t, err)
	switch h.Get("Content-Transfer-Encoding") {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	default:
		t.Errorf("%s in %q", kind, h.Get("Content-Transfer-Encoding"))
	}
	text, err := io.ReadAll(body)
	must(t, err)
	p := part{kind: kind, params: params, text: string(text)}
	if _, disposition, err := mime.ParseMediaType(h.Get("Content-Disposition")); err == nil {
		p.file = disposition["filename"]
	}
	m.parts = append(m.parts, p)
}

func (m *message) part(kind string) part {
	for _, p := range m.parts {
		if p.kind == kind {
			return p
		}
	}
	return part{}
}

// header is a field with its words decoded.
func (m *message) header(name string) string {
	text, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get(name))
	if err != nil {
		return err.Error()
	}
	return text
}

func (m *message) is(t *testing.T, name, want string) {
	t.Helper()
	if got := m.header(name); got != want {
		t.Errorf("%s: %q, not %q", name, got, want)
	}
	if n := len(m.Header[textproto.CanonicalMIMEHeaderKey(name)]); n > 1 {
		t.Errorf("%d fields %s", n, name)
	}
}

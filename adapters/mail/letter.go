package mail

import (
	"bytes"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"
)

// Letter is one message to one person.
type Letter struct {
	ID      string // Message-ID, without brackets; the same for every try
	Thread  string // Message-ID of the letter it follows, "" = it is the first
	From    mail.Address
	To      mail.Address
	ReplyTo mail.Address // zero = From
	// ReplyAlso gets answers too; zero = nobody.
	ReplyAlso mail.Address
	// Unsubscribe is the address at which one POST ends such letters (RFC 8058); "" = it is no such letter.
	Unsubscribe string
	Subject     string
	Plain       string
	HTML        string
	// Language is a BCP 47 tag.
	Language string
	// Calendar is iCalendar, nil = none. With a Method it is a message between calendars (RFC 6047), without a file to save.
	Calendar []byte
	Method   string
	At       time.Time
}

// Bounds of a letter's head: what is longer is cut, for no mail program shows it.
const (
	maxSubject = 200 // characters
	maxName    = 100
)

// Bytes is the letter as it travels (RFC 5322). The alternatives stand from the plainest to the richest, so that a mail program
// that knows calendars takes the last, text/calendar with its METHOD, and shows an invitation to answer (RFC 6047 2.4;
// Gmail and Outlook want it there and not as an attachment alone); the same text is attached as invite.ics for all others,
// under a type of its own so that it is not taken for a second invitation.
func (l Letter) Bytes() ([]byte, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingB64)) // of header words; each part says its own
	l.head(m)
	m.SetBodyString(gomail.TypeTextPlain, crlf(l.Plain), gomail.WithPartEncoding(encoding(l.Plain)))
	if l.HTML != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, crlf(l.HTML), gomail.WithPartEncoding(encoding(l.HTML)))
	}
	if len(l.Calendar) > 0 {
		if l.Method != "" {
			m.AddAlternativeString(gomail.ContentType("text/calendar; method="+l.Method), string(l.Calendar), gomail.WithPartEncoding(gomail.EncodingB64))
		}
		err := m.AttachReader("invite.ics", bytes.NewReader(l.Calendar), gomail.WithFileContentType("application/ics"))
		if err != nil {
			return nil, fmt.Errorf("attach invitation: %w", err)
		}
	}
	var out bytes.Buffer
	if _, err := m.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("write letter: %w", err)
	}
	return out.Bytes(), nil
}

// head writes the header. Everything that people wrote becomes one line of text before it comes here, and is encoded
// (RFC 2047) here: it cannot begin a field of its own.
func (l Letter) head(m *gomail.Msg) {
	from, to, reply := named(l.From), named(l.To), named(l.ReplyTo)
	m.FromMailAddress(&from)
	m.ToMailAddress(&to)
	switch also := named(l.ReplyAlso); {
	case reply.Address == "" || reply.Address == from.Address:
	case also.Address != "":
		m.SetGenHeader(gomail.Header(gomail.HeaderReplyTo), reply.String()+", "+also.String())
	default:
		m.ReplyToMailAddress(&reply)
	}
	if l.Unsubscribe != "" {
		m.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+l.Unsubscribe+">")
		m.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	m.Subject(short(l.Subject, maxSubject))
	m.SetDateWithValue(l.At)
	m.SetMessageIDWithValue(l.ID)
	if l.Thread != "" && l.Thread != l.ID {
		m.SetGenHeader(gomail.HeaderInReplyTo, "<"+l.Thread+">")
		m.SetGenHeader(gomail.HeaderReferences, "<"+l.Thread+">")
	}
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no automatic answers, please
	if l.Language != "" {
		m.SetGenHeader(gomail.HeaderContentLang, l.Language)
	}
}

func named(a mail.Address) mail.Address {
	return mail.Address{Name: short(a.Name, maxName), Address: a.Address}
}

// encoding leaves a text readable where it is mostly ASCII; any other takes half the room in base64.
func encoding(text string) gomail.Encoding {
	foreign := 0
	for i := range len(text) {
		if text[i] >= 0x80 {
			foreign++
		}
	}
	if foreign > len(text)/6 {
		return gomail.EncodingB64
	}
	return gomail.EncodingQP
}

// crlf ends lines as mail does.
func crlf(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
}

// line makes of what somebody wrote one line of text: no control characters, and none that turn the direction of what
// follows (U+202A to U+202E, U+2066 to U+2069). Joiners stay; Indic and Persian words need them.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.ReplaceAll(s, "=?", "= ?") // no encoded words but ours (RFC 2047 2)
	return strings.Join(strings.Fields(s), " ")
}

// short is one line of at most n characters.
func short(s string, n int) string {
	s = line(s)
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n-1])) + "…"
	}
	return s
}

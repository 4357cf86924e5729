package mail

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"

	"usher/bot"
)

// Take works on a message that may be an answer. What cannot be read is nobody's answer: an error here is the house's.
func (p *Post) Take(ctx context.Context, raw []byte) error {
	m := opened(raw)
	for _, text := range m.replies {
		if err := p.answer(ctx, text); err != nil {
			return err
		}
	}
	if m.status == nil {
		return p.wrote(ctx, m)
	}
	return p.cameBack(ctx, m)
}

// answer passes on what a calendar answered. That it is of the invited person, of this meeting and not older than what is
// known, the bot asks.
func (p *Post) answer(ctx context.Context, text []byte) error {
	if p.Reply == nil || p.Replied == nil {
		return nil
	}
	uid, attendee, answer, sequence, err := p.Reply(text)
	if err != nil {
		p.log().Warn("a calendar's answer cannot be read", "err", err)
		return nil
	}
	switch err := p.Replied(ctx, uid, attendee, answer, sequence); {
	case errors.Is(err, bot.ErrNotFound):
		return nil // of another invitation
	case err != nil:
		return err
	}
	p.log().Info("calendar answered", "meeting", uid, "answer", answer)
	return nil
}

// incoming is what matters of a message.
type incoming struct {
	replies [][]byte // iCalendar texts with METHOD REPLY
	status  []byte   // a delivery status (RFC 3464), nil = none
	auto    bool     // a machine wrote it (RFC 3834)
	about   []string // Message-IDs of letters that the message is about
}

// maxDepth is how deep parts may lie in each other: an answer has three levels.
const maxDepth = 6

// maxParts is how many of them are looked at.
const maxParts = 40

// opened reads a message as far as it can be.
func opened(raw []byte) *incoming {
	m := &incoming{}
	parsed, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return m
	}
	m.mentions(textproto.MIMEHeader(parsed.Header), "In-Reply-To", "References")
	auto := strings.ToLower(strings.TrimSpace(parsed.Header.Get("Auto-Submitted")))
	m.auto = auto != "" && auto != "no"
	left := maxParts
	m.walk(textproto.MIMEHeader(parsed.Header), parsed.Body, maxDepth, &left)
	return m
}

func (m *incoming) walk(h textproto.MIMEHeader, body io.Reader, depth int, left *int) {
	if *left--; depth == 0 || *left < 0 {
		return
	}
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return
	}
	body = decoded(h, body)
	switch {
	case strings.HasPrefix(kind, "multipart/"):
		for r := multipart.NewReader(body, params["boundary"]); ; {
			part, err := r.NextRawPart()
			if err != nil { // the end, or as far as it can be read
				return
			}
			m.walk(part.Header, part, depth-1, left)
		}
	case kind == "text/calendar" && strings.EqualFold(params["method"], "REPLY"):
		if text, err := io.ReadAll(body); err == nil {
			m.replies = append(m.replies, text)
		}
	case kind == "message/delivery-status" && m.status == nil:
		if text, err := io.ReadAll(body); err == nil {
			m.status = append([]byte{}, text...)
		}
	case kind == "message/rfc822", kind == "text/rfc822-headers":
		m.original(body)
	}
}

// original reads which letter a report is about.
func (m *incoming) original(body io.Reader) {
	text, err := io.ReadAll(body)
	if err != nil {
		return
	}
	if inner, err := mail.ReadMessage(bytes.NewReader(append(text, "\r\n\r\n"...))); err == nil {
		m.mentions(textproto.MIMEHeader(inner.Header), "Message-Id")
	}
}

func (m *incoming) mentions(h textproto.MIMEHeader, fields ...string) {
	for _, f := range fields {
		for _, id := range strings.Fields(strings.ReplaceAll(h.Get(f), "><", "> <")) {
			m.about = append(m.about, strings.Trim(id, "<>"))
		}
	}
}

func decoded(h textproto.MIMEHeader, body io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(h.Get("Content-Transfer-Encoding"))) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}

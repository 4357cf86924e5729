package calendar

import (
	"errors"
	"net/mail"
	"net/url"
	"strconv"
	"strings"

	"usher/bot"
)

// ErrNotReply says that a file is no answer to an invitation that means something: no METHOD:REPLY, no UID, nobody who
// answers, or an answer that is none, as NEEDS-ACTION.
var ErrNotReply = errors.New("this is not an answer to an invitation")

// maxComment bounds what somebody may write beside an answer, in bytes: a note to a rep is shorter.
const maxComment = 1000

// Reply is what an attendee's calendar answered to an invitation (RFC 5546 3.2.3).
type Reply struct {
	UID      string
	Attendee string // e-mail address in lower case
	Answer   string // bot.AnswerAccepted …
	Sequence int    // of the invitation that is answered
	Comment  string // what the attendee wrote beside it
}

// ParseReply reads an answer as mail programs write it, with all that the calendar reader forgives.
func ParseReply(data []byte) (Reply, error) {
	root, _ := decode(data)
	if root == nil {
		return Reply{}, ErrNotReply
	}
	for _, cal := range root.children {
		if cal.name != "VCALENDAR" || !strings.EqualFold(cal.text("METHOD"), "REPLY") {
			continue
		}
		for _, event := range cal.children {
			if r, ok := replyOf(event); ok {
				return r, nil
			}
		}
	}
	return Reply{}, ErrNotReply
}

func replyOf(c *component) (Reply, bool) {
	r := Reply{UID: unescape(c.text("UID")), Comment: comment(c)}
	if c.name != "VEVENT" || r.UID == "" {
		return r, false
	}
	r.Sequence, _ = strconv.Atoi(c.text("SEQUENCE")) // absent or unreadable is 0, the first
	for i := range c.props {
		p := &c.props[i]
		if p.name != "ATTENDEE" {
			continue
		}
		r.Attendee, r.Answer = addressOf(p), answerOf(p.param("PARTSTAT"))
		if r.Attendee != "" && r.Answer != "" {
			return r, true
		}
	}
	return r, false
}

// addressOf is the mail address of an attendee: mostly mailto:, with some calendars the EMAIL parameter beside an
// address of their own.
func addressOf(p *prop) string {
	value := strings.TrimSpace(p.value)
	if scheme, rest, ok := strings.Cut(value, ":"); ok && strings.EqualFold(scheme, "mailto") {
		value = rest
	} else if e := p.param("EMAIL"); e != "" {
		value = e
	}
	if plain, err := url.PathUnescape(value); err == nil { // mailto: is a URI (RFC 6068)
		value = plain
	}
	parsed, err := mail.ParseAddress(strings.TrimSpace(value))
	if err != nil {
		return ""
	}
	return strings.ToLower(parsed.Address)
}

func answerOf(partStat string) string {
	switch strings.ToUpper(partStat) {
	case "ACCEPTED":
		return bot.AnswerAccepted
	case "DECLINED":
		return bot.AnswerDeclined
	case "TENTATIVE":
		return bot.AnswerTentative
	}
	return ""
}

func comment(c *component) string {
	text := strings.TrimSpace(clean(unescape(c.text("COMMENT"))))
	if len(text) > maxComment {
		text = strings.ToValidUTF8(text[:maxComment], "")
	}
	return text
}

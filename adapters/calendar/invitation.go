package calendar

import (
	"bytes"
	"errors"
	"fmt"
	"net/mail"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-ical"

	"usher/bot"
)

// Organizer is who invites: the rep.
type Organizer struct {
	Name  string
	Email string
}

const productID = "-//Usher//Usher//EN"

var errMeeting = errors.New("the meeting cannot be written as iCalendar")

// Invitation writes a meeting as an iCalendar file for a calendar program to open: no METHOD, so that saving it
// answers nobody. Times are UTC, lines are folded at 75 octets (RFC 5545 3.1), and the same meeting gives the same
// bytes. What a visitor wrote stands in it as text and can be nothing else.
func Invitation(m bot.Meeting, o Organizer) ([]byte, error) {
	event, err := newEvent(m, o, m.CreatedAt)
	if err != nil {
		return nil, err
	}
	if err := event.invite(attendee{Organizer: visitorOf(m), answer: "ACCEPTED"}); err != nil { // whoever books has said yes
		return nil, err
	}
	return event.encode("")
}

// Request writes the calendar part of an invitation's letter, or of a later one with a greater SEQUENCE: RFC 5546 3.2.2.
// The visitor is asked to answer; the reps who come too have no need to. About is plain text for the description.
func Request(m bot.Meeting, o Organizer, others []Organizer, about string, now time.Time) ([]byte, error) {
	event, err := newEvent(m, o, now)
	if err != nil {
		return nil, err
	}
	event.text(ical.PropDescription, about)
	if err := event.inviteAll(m, others, attendee{answer: partStat(m.Answer), asked: true}); err != nil {
		return nil, err
	}
	return event.encode("REQUEST")
}

// Cancellation writes the calendar part of the letter that says that a meeting does not take place: RFC 5546 3.2.5. The
// meeting's SEQUENCE has to be greater than that of the request before.
func Cancellation(m bot.Meeting, o Organizer, others []Organizer, because string, now time.Time) ([]byte, error) {
	m.Status = bot.Cancelled
	event, err := newEvent(m, o, now)
	if err != nil {
		return nil, err
	}
	event.text(ical.PropComment, because)
	if err := event.inviteAll(m, others, attendee{answer: partStat(m.Answer)}); err != nil {
		return nil, err
	}
	return event.encode("CANCEL")
}

// eventOut is a VEVENT as it is written.
type eventOut struct{ *ical.Component }

// newEvent writes what every copy of a meeting that people are asked to says, at the moment of its stamp.
func newEvent(m bot.Meeting, o Organizer, stamp time.Time) (eventOut, error) {
	e, err := plainEvent(m, stamp)
	if err != nil {
		return e, err
	}
	organizer, err := person(ical.PropOrganizer, o.Name, o.Email)
	if err != nil {
		return e, err
	}
	e.Props.Set(organizer)
	return e, nil
}

// plainEvent writes the meeting without the people.
func plainEvent(m bot.Meeting, stamp time.Time) (eventOut, error) {
	e := eventOut{ical.NewComponent(ical.CompEvent)}
	if m.UID == "" || m.Start.IsZero() || !m.Start.Before(m.End) {
		return e, fmt.Errorf("%w: it has no UID or no time", errMeeting)
	}
	e.Props.SetText(ical.PropUID, clean(m.UID))
	e.Props.SetDateTime(ical.PropDateTimeStamp, stamp.UTC().Truncate(time.Second))
	e.Props.SetDateTime(ical.PropDateTimeStart, m.Start.UTC())
	e.Props.SetDateTime(ical.PropDateTimeEnd, m.End.UTC())
	e.Props.SetText(ical.PropSummary, clean(m.Title))
	e.Props.SetText(ical.PropStatus, status(m))
	sequence := ical.NewProp(ical.PropSequence)
	sequence.Value = strconv.Itoa(m.Sequence)
	e.Props.Set(sequence)
	e.text(ical.PropLocation, m.Place)
	return e, nil
}

// text writes what is not empty.
func (e eventOut) text(name, text string) {
	if text != "" {
		e.Props.SetText(name, clean(text))
	}
}

// attendee is somebody who comes.
type attendee struct {
	Organizer
	answer string // PARTSTAT
	asked  bool   // RSVP
}

func visitorOf(m bot.Meeting) Organizer { return Organizer{Name: m.Name, Email: m.Attendee} }

// inviteAll writes the visitor as told and then the reps who come too.
func (e eventOut) inviteAll(m bot.Meeting, others []Organizer, visitor attendee) error {
	visitor.Organizer = visitorOf(m)
	if err := e.invite(visitor); err != nil {
		return err
	}
	for _, o := range others {
		if err := e.invite(attendee{Organizer: o, answer: "ACCEPTED"}); err != nil {
			return err
		}
	}
	return nil
}

// invite adds an attendee; one without an address cannot be one.
func (e eventOut) invite(a attendee) error {
	if a.Email == "" {
		return nil
	}
	p, err := person(ical.PropAttendee, a.Name, a.Email)
	if err != nil {
		return err
	}
	p.Params.Set("ROLE", "REQ-PARTICIPANT")
	p.Params.Set("PARTSTAT", a.answer)
	if a.asked {
		p.Params.Set("RSVP", "TRUE")
	}
	e.Props.Add(p)
	return nil
}

// partStat is an answer as RFC 5545 3.2.12 writes it.
func partStat(answer string) string {
	switch answer {
	case bot.AnswerAccepted:
		return "ACCEPTED"
	case bot.AnswerDeclined:
		return "DECLINED"
	case bot.AnswerTentative:
		return "TENTATIVE"
	}
	return "NEEDS-ACTION"
}

// encode writes the calendar around the event; a method makes it a message to somebody.
func (e eventOut) encode(method string) ([]byte, error) {
	cal := newCalendar()
	if method != "" {
		cal.Props.SetText(ical.PropMethod, method)
	}
	cal.Children = []*ical.Component{e.Component}
	return written(cal)
}

func newCalendar() *ical.Calendar {
	cal := ical.NewCalendar()
	cal.Props.SetText(ical.PropVersion, "2.0")
	cal.Props.SetText(ical.PropProductID, productID)
	return cal
}

func written(cal *ical.Calendar) ([]byte, error) {
	var out bytes.Buffer
	if err := ical.NewEncoder(&out).Encode(cal); err != nil {
		return nil, fmt.Errorf("%w: %w", errMeeting, err)
	}
	return fold(out.Bytes()), nil
}

func status(m bot.Meeting) string {
	switch m.Status {
	case bot.Cancelled, bot.Dropped:
		return "CANCELLED"
	case bot.Held:
		return "TENTATIVE"
	}
	return "CONFIRMED"
}

// person writes ORGANIZER or ATTENDEE.
func person(name, common, address string) (*ical.Prop, error) {
	parsed, err := mail.ParseAddress(address)
	if err != nil || strings.ContainsFunc(parsed.Address, unicode.IsControl) {
		return nil, fmt.Errorf("%w: %s has no mail address", errMeeting, strings.ToLower(name))
	}
	p := ical.NewProp(name)
	p.Value = "mailto:" + parsed.Address
	if common = paramText(common); common != "" {
		p.Params.Set("CN", common)
	}
	return p, nil
}

// clean drops control characters but line breaks, which become the \n of TEXT.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}

// paramText makes text fit for a parameter, which cannot hold quotes or line breaks (RFC 5545 3.2).
func paramText(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(clean(s), `"`, "'")), " ")
}

const lineOctets = 75

// fold breaks lines of more than 75 octets between characters.
func fold(data []byte) []byte {
	var out bytes.Buffer
	for line := range bytes.SplitSeq(bytes.TrimSuffix(data, []byte("\r\n")), []byte("\r\n")) {
		for room := lineOctets; len(line) > room; room = lineOctets - 1 {
			n := room
			for n > 0 && !utf8.RuneStart(line[n]) {
				n--
			}
			out.Write(line[:n])
			out.WriteString("\r\n ")
			line = line[n:]
		}
		out.Write(line)
		out.WriteString("\r\n")
	}
	return out.Bytes()
}

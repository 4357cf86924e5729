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
	if m.UID == "" || m.Start.IsZero() || !m.Start.Before(m.End) {
		return nil, fmt.Errorf("%w: it has no UID or no time", errMeeting)
	}
	organizer, err := person(ical.PropOrganizer, o.Name, o.Email)
	if err != nil {
		return nil, err
	}
	event := ical.NewComponent(ical.CompEvent)
	event.Props.SetText(ical.PropUID, clean(m.UID))
	event.Props.SetDateTime(ical.PropDateTimeStamp, m.CreatedAt.UTC().Truncate(time.Second))
	event.Props.SetDateTime(ical.PropDateTimeStart, m.Start.UTC())
	event.Props.SetDateTime(ical.PropDateTimeEnd, m.End.UTC())
	event.Props.SetText(ical.PropSummary, clean(m.Title))
	event.Props.SetText(ical.PropStatus, status(m))
	sequence := ical.NewProp(ical.PropSequence)
	sequence.Value = strconv.Itoa(m.Sequence)
	event.Props.Set(sequence)
	event.Props.Set(organizer)
	if m.Place != "" {
		event.Props.SetText(ical.PropLocation, clean(m.Place))
	}
	if m.Attendee != "" {
		attendee, err := person(ical.PropAttendee, m.Name, m.Attendee)
		if err != nil {
			return nil, err
		}
		attendee.Params.Set("ROLE", "REQ-PARTICIPANT")
		attendee.Params.Set("PARTSTAT", "ACCEPTED") // whoever books has said yes
		event.Props.Set(attendee)
	}
	return encode(event)
}

func encode(event *ical.Component) ([]byte, error) {
	cal := ical.NewCalendar()
	cal.Props.SetText(ical.PropVersion, "2.0")
	cal.Props.SetText(ical.PropProductID, productID)
	cal.Children = []*ical.Component{event}
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

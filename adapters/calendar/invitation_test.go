package calendar

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"
	"pgregory.net/rapid"

	"usher/bot"
)

var meeting = bot.Meeting{
	UID: "m1@acme.example", Rep: "asha", Status: bot.Confirmed, Sequence: 2,
	Start: time.Date(2026, 11, 23, 6, 30, 0, 0, time.UTC), End: time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC),
	Title: "BigCo × Acme", Place: "https://meet.acme.example/asha", Attendee: "priya@bigco.example", Name: "Priya Sen",
	CreatedAt: time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC),
}

var asha = Organizer{Name: "Asha Rao", Email: "asha@acme.example"}

func TestInvitationIsWhatCalendarsRead(t *testing.T) {
	got, err := Invitation(meeting, asha)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
PRODID:-//Usher//Usher//EN
VERSION:2.0
BEGIN:VEVENT
ATTENDEE;CN=Priya Sen;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT:mailto:priya@b
 igco.example
DTEND:20261123T070000Z
DTSTAMP:20261121T100000Z
DTSTART:20261123T063000Z
LOCATION:https://meet.acme.example/asha
ORGANIZER;CN=Asha Rao:mailto:asha@acme.example
SEQUENCE:2
STATUS:CONFIRMED
SUMMARY:BigCo × Acme
UID:m1@acme.example
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

var (
	ben   = Organizer{Name: "Ben Okri", Email: "ben@acme.example"}
	noon  = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	about = "Priya Sen, BigCo; 250 people.\nhttps://usher.acme.example/m/1"
)

func TestRequestIsAnRFC5546Request(t *testing.T) {
	got, err := Request(meeting, asha, []Organizer{ben}, about, noon)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
METHOD:REQUEST
PRODID:-//Usher//Usher//EN
VERSION:2.0
BEGIN:VEVENT
ATTENDEE;CN=Priya Sen;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE:
 mailto:priya@bigco.example
ATTENDEE;CN=Ben Okri;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT:mailto:ben@acme
 .example
DESCRIPTION:Priya Sen\, BigCo\; 250 people.\nhttps://usher.acme.example/m/1
DTEND:20261123T070000Z
DTSTAMP:20261122T120000Z
DTSTART:20261123T063000Z
LOCATION:https://meet.acme.example/asha
ORGANIZER;CN=Asha Rao:mailto:asha@acme.example
SEQUENCE:2
STATUS:CONFIRMED
SUMMARY:BigCo × Acme
UID:m1@acme.example
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCancellationTakesBackWhatWasRequested(t *testing.T) {
	m := meeting
	m.Sequence, m.Because = 3, "no time"
	got, err := Cancellation(m, asha, []Organizer{ben}, "no time,\nsorry", noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:3", "UID:m1@acme.example", `COMMENT:no time\,\nsorry`,
		"ORGANIZER;CN=Asha Rao:mailto:asha@acme.example", "DTSTAMP:20261122T120000Z",
	} {
		if strings.Count(string(got), line+"\r\n") != 1 {
			t.Errorf("no %s in\n%s", line, got)
		}
	}
	if strings.Contains(string(got), "RSVP") || strings.Count(string(got), "ATTENDEE") != 2 {
		t.Errorf("everybody is told and nobody is asked:\n%s", got)
	}
}

func TestALaterRequestKeepsWhatWasAnswered(t *testing.T) {
	for answer, want := range map[string]string{
		"": "NEEDS-ACTION", bot.AnswerAccepted: "ACCEPTED", bot.AnswerDeclined: "DECLINED", bot.AnswerTentative: "TENTATIVE",
	} {
		m := meeting
		m.Answer = answer
		got, err := Request(m, asha, nil, "", noon)
		if err != nil || !strings.Contains(string(got), "PARTSTAT="+want) || strings.Contains(string(got), "DESCRIPTION") {
			t.Errorf("%q: %v\n%s", answer, err, got)
		}
	}
}

func TestInvitationNeedsATimeAndAddresses(t *testing.T) {
	for name, change := range map[string]func(*bot.Meeting, *Organizer){
		"no UID":               func(m *bot.Meeting, _ *Organizer) { m.UID = "" },
		"no length":            func(m *bot.Meeting, _ *Organizer) { m.End = m.Start },
		"no organizer":         func(_ *bot.Meeting, o *Organizer) { o.Email = "" },
		"an address of lines":  func(m *bot.Meeting, _ *Organizer) { m.Attendee = "a@b.example\r\nATTENDEE:mailto:x@y.example" },
		"a header, not a mail": func(m *bot.Meeting, _ *Organizer) { m.Attendee = "nobody" },
	} {
		m, o := meeting, asha
		change(&m, &o)
		if _, err := Invitation(m, o); !errors.Is(err, errMeeting) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := Request(m, o, nil, "", noon); !errors.Is(err, errMeeting) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := Cancellation(m, o, nil, "", noon); !errors.Is(err, errMeeting) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestInvitationHoldsWhatVisitorsWrite says that words stay words: whatever is written, the file has its fixed
// properties once each, short lines, and the words come back.
func TestInvitationHoldsWhatVisitorsWrite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := meeting
		m.Title = rapid.String().Draw(t, "title") + rapid.SampledFrom([]string{"", "\r\nEND:VEVENT", ";,\\n", strings.Repeat("é", 90)}).Draw(t, "tail")
		m.Name = rapid.String().Draw(t, "name") + rapid.SampledFrom([]string{"", `":mailto:x`, "\nATTENDEE:mailto:x@y.example"}).Draw(t, "name tail")
		data, err := Invitation(m, asha)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(string(data), "\r\n") {
			if len(line) > lineOctets {
				t.Fatalf("%d octets: %s", len(line), line)
			}
		}
		cal, err := ical.NewDecoder(bytes.NewReader(data)).Decode()
		if err != nil {
			t.Fatal(err)
		}
		event := cal.Children[0]
		for _, name := range []string{"UID", "DTSTAMP", "DTSTART", "DTEND", "ATTENDEE", "ORGANIZER", "SEQUENCE"} {
			if len(event.Props[name]) != 1 {
				t.Fatalf("%d of %s", len(event.Props[name]), name)
			}
		}
		if got, err := event.Props.Text("SUMMARY"); err != nil || got != clean(m.Title) {
			t.Fatalf("%q %v, want %q", got, err, clean(m.Title))
		}
	})
}

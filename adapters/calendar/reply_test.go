package calendar

import (
	"errors"
	"strings"
	"testing"

	"usher/bot"
)

// replyFile is an answer with these lines in its event.
func replyFile(lines ...string) []byte {
	return []byte("BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
}

func TestParseReplyReadsWhatCalendarsAnswer(t *testing.T) {
	plain := Reply{UID: "m1", Attendee: "priya@bigco.example", Answer: bot.AnswerAccepted, Sequence: 2}
	for name, c := range map[string]struct {
		data []byte
		want Reply
	}{
		"accepted": {replyFile("UID:m1", "SEQUENCE:2", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:priya@bigco.example"), plain},
		"capitals of an address do not matter": {
			replyFile("UID:m1", "SEQUENCE:2", "ATTENDEE;CN=\"Sen, Priya\";PARTSTAT=accepted:MAILTO:Priya@BigCo.example"), plain,
		},
		"an address written as URI": {
			replyFile("UID:m1", "SEQUENCE:2", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:priya%40bigco.example"), plain,
		},
		"the address is beside the calendar's own": {
			replyFile("UID:m1", "SEQUENCE:2", "ATTENDEE;EMAIL=priya@bigco.example;PARTSTAT=ACCEPTED:urn:uuid:7"), plain,
		},
		"declined with a word, folded": {
			replyFile("UID:m1", "ATTENDEE;PARTSTAT=DECLI\r\n NED:mailto:priya@bigco.example", `COMMENT:I am ill\, sorry`),
			Reply{UID: "m1", Attendee: "priya@bigco.example", Answer: bot.AnswerDeclined, Comment: "I am ill, sorry"},
		},
		"tentative, after a mark of byte order and with bare line ends": {
			[]byte("\xef\xbb\xbf" + strings.ReplaceAll(string(replyFile("UID:m1", "ATTENDEE;PARTSTAT=TENTATIVE:mailto:priya@bigco.example")), "\r\n", "\n")),
			Reply{UID: "m1", Attendee: "priya@bigco.example", Answer: bot.AnswerTentative},
		},
		"who did not answer stands beside who did": {
			replyFile("UID:m1", "SEQUENCE:2", "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:x@y.example", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:priya@bigco.example"), plain,
		},
	} {
		if got, err := ParseReply(c.data); err != nil || got != c.want {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

func TestParseReplyRefusesWhatIsNoAnswer(t *testing.T) {
	request, err := Request(meeting, asha, nil, "", noon)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"nothing":          nil,
		"a letter":         []byte("Thank you, I will come."),
		"our own request":  request,
		"no UID":           replyFile("ATTENDEE;PARTSTAT=ACCEPTED:mailto:priya@bigco.example"),
		"nobody":           replyFile("UID:m1"),
		"no answer":        replyFile("UID:m1", "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:priya@bigco.example"),
		"handed on":        replyFile("UID:m1", "ATTENDEE;PARTSTAT=DELEGATED:mailto:priya@bigco.example"),
		"no address":       replyFile("UID:m1", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:"),
		"a counter offer":  []byte(strings.Replace(string(replyFile("UID:m1", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example")), "REPLY", "COUNTER", 1)),
		"an answered task": []byte(strings.ReplaceAll(string(replyFile("UID:m1", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example")), "VEVENT", "VTODO")),
	} {
		if got, err := ParseReply(data); !errors.Is(err, ErrNotReply) {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

func FuzzParseReply(f *testing.F) {
	f.Add(replyFile("UID:m1", "SEQUENCE:2", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:priya@bigco.example", "COMMENT:yes"))
	f.Add([]byte("BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:x\nATTENDEE;EMAIL=\"a@b.c\";PARTSTAT=DECLINED:urn:x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := ParseReply(data)
		switch {
		case err != nil && !errors.Is(err, ErrNotReply):
			t.Fatal(err)
		case err == nil && (r.UID == "" || r.Answer == "" || !strings.Contains(r.Attendee, "@") || len(r.Comment) > maxComment):
			t.Fatalf("%+v", r)
		}
	})
}

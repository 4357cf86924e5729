package calendar

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"usher/bot"
)

func TestFeedIsReadBackAsTheRepsMeetings(t *testing.T) {
	cancelled, broken, wordy := meeting, meeting, meeting
	cancelled.UID, cancelled.Status = "m2", bot.Cancelled
	broken.UID, broken.End = "m3", broken.Start
	wordy.UID, wordy.Title, wordy.Start, wordy.End = "m4", "A\r\nEND:VEVENT; "+strings.Repeat("é", 60), wordy.Start.Add(time.Hour), wordy.End.Add(time.Hour)
	of := func(all ...bot.Meeting) (out []FeedMeeting) {
		for _, m := range all {
			out = append(out, FeedMeeting{Meeting: m, About: "Priya Sen, priya@bigco.example", Page: "https://usher.example/m/" + m.UID + "?s=v2.1.x"})
		}
		return out
	}
	data, err := Feed("Asha’s meetings, all", of(meeting, cancelled, broken, wordy))
	if err != nil {
		t.Fatal(err)
	}
	again, err := Feed("Asha’s meetings, all", of(meeting, cancelled, broken, wordy))
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("the same meetings give other bytes: %v", err)
	}
	for _, want := range []string{"X-WR-CALNAME:Asha’s meetings\\, all\r\n", "REFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n", "STATUS:CANCELLED\r\n", "URL:https://usher.example/m/m2?s=v2.1.x\r\n"} {
		if !strings.Contains(string(data), want) {
			t.Errorf("%q is not in\n%s", want, data)
		}
	}
	if strings.Contains(string(data), "METHOD") || strings.Contains(string(data), "ATTENDEE") {
		t.Errorf("somebody is asked to something:\n%s", data)
	}
	events, problems := Events(data, Query{From: meeting.Start.Add(-time.Hour), To: meeting.Start.Add(24 * time.Hour), Zone: time.UTC})
	if len(problems) != 0 || len(events) < 2 {
		t.Fatalf("%d events, %v", len(events), problems)
	}
	if last := events[len(events)-1]; last.UID != "m4" || !strings.HasPrefix(last.Summary, "A\nEND:VEVENT") {
		t.Errorf("%+v", last)
	}
}

func TestAFeedOfNothingIsACalendar(t *testing.T) {
	data, err := Feed("Asha; nothing", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, problems := Events(data, Query{From: meeting.Start, To: meeting.End, Zone: time.UTC}); len(problems) != 0 || !strings.Contains(string(data), `Asha\; nothing`) {
		t.Errorf("%v\n%s", problems, data)
	}
}

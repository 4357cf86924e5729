package slack

import (
	"strings"
	"testing"
	"time"

	"usher/bot"
)

func TestWarning(t *testing.T) {
	at := when(noon.Add(24 * time.Hour))
	for _, c := range []struct {
		e    bot.Event
		want string
	}{
		{bot.Event{Event: bot.AlertMoved, Detail: "ben"}, "<@U1> has the meeting with *Priya Sharma, BigCo* now, " + at + "; it was Ben Vogel's."},
		{bot.Event{Event: bot.AlertLeft, Detail: "zoe"}, "<@U1> *Priya Sharma, BigCo* is yours now: zoe, who had the lead, is not in the team any more."},
		{bot.Event{Event: bot.AlertTime, Detail: bot.FromVisitor}, "<@U1> the meeting with *Priya Sharma, BigCo* is at another time now, " + at + "; the visitor chose it."},
		{bot.Event{Event: bot.AlertTime, Detail: bot.FromRep}, "is at another time now, " + at + "."},
		{bot.Event{Event: bot.AlertStays, Detail: noon.Add(48 * time.Hour).Format(time.RFC3339)}, "stays where it was, " + at + ": it was put to " + when(noon.Add(48*time.Hour)) + " in the calendar, where there is another meeting."},
		{bot.Event{Event: bot.AlertStays, Detail: "<!channel>"}, "stays where it was, " + at + ": it was put in the calendar, where"},
		{bot.Event{Event: bot.AlertClash, Detail: "a <!channel>"}, "cannot take place, and they are asked for another time: a &lt;!channel&gt;."},
		{bot.Event{Event: bot.AlertAnswer, Detail: bot.AnswerDeclined}, "*Priya Sharma, BigCo* declined the meeting, " + at + "."},
		{bot.Event{Event: bot.AlertNoShow}, "*Priya Sharma, BigCo* did not come to the meeting, " + at + "."},
		{bot.Event{Event: bot.AlertMail, Detail: "550 no such user"}, "a letter about the meeting with *Priya Sharma, BigCo* cannot be delivered: 550 no such user."},
		{bot.Event{Event: bot.AlertCalendar, Detail: "403"}, "the meeting with *Priya Sharma, BigCo* cannot be written to the calendar: 403."},
		{bot.Event{Event: bot.AlertCancelled}, "the meeting with *Priya Sharma, BigCo* is cancelled."},
	} {
		t.Run(c.e.Event+" "+c.e.Detail, func(t *testing.T) {
			if got := warning(card(priya()), c.e); !strings.Contains(got, c.want) {
				t.Errorf("%q, not %q", got, c.want)
			}
		})
	}
}

func TestWhatBecameOfAMeetingIsOnItsCard(t *testing.T) {
	c := priya()
	c.Meeting.With, c.Meeting.Answer, c.Meeting.NoShow = "ben cora", bot.AnswerAccepted, noon
	for _, want := range []string{"<@U2> comes too", "Cora &lt;Diaz&gt; comes too", "(accepted)", "(did not come)"} {
		if got := card(c).meeting(); !strings.Contains(got, want) {
			t.Errorf("%q does not tell %q", got, want)
		}
	}
}

package rehearse_test

import (
	"slices"
	"testing"
	"testing/fstest"

	"usher/bot/rehearse"
	"usher/flows"
)

const severalYAML = `
flow: book
title: Book
languages: [en]
steps:
  - { id: mail, ask: email, say: Which address? }
  - { id: meet, book: { minutes: 30, offer: 3, with: [engineers], pooled: true, seats: 1, place: The lobby }, say: When?, next: [{ if: booked, to: done }] }
  - { id: small, end: nurture, say: We will write. }
  - { id: done, end: qualified, say: "See you {{ meeting.place }}!" }
`

const severalTeam = `
timezone: UTC
hours:
  office: { mon-fri: "09:00-17:00" }
  late:   { mon-fri: "15:00-17:00" }
reps:
  - { id: asha, name: Asha Rao, email: asha@acme.example, hours: late }
  - { id: ben, name: Ben Ode, email: ben@acme.example, hours: office }
  - { id: dora, name: Dora Eng, email: dora@acme.example, hours: office }
teams:
  - { id: sales, reps: [asha, ben], assign: in_order }
  - { id: engineers, reps: [dora] }
meeting: { buffer: 0m, notice: 2h, horizon: 7d, every: 30m }
routes: [{ to: sales }]
`

func several(t *testing.T) *rehearse.World {
	t.Helper()
	w, problems := flows.Load(fstest.MapFS{"team.yaml": {Data: []byte(severalTeam)}, "book.yaml": {Data: []byte(severalYAML)}})
	if w == nil {
		t.Fatal(problems)
	}
	return &rehearse.World{Workspace: w}
}

func TestMeetingsOfSeveral(t *testing.T) {
	w := several(t)
	s := begin(t, w, "priya@bigco.example")
	c := s.Conversation
	if c.Assigned.Rep != "asha" || c.Offers[0].Rep != "ben" || c.Offers[0].With != "dora" {
		t.Fatalf("%+v, %+v", c.Assigned, c.Offers)
	}
	t.Run("whose time is chosen from the team's has the lead, and who must comes too", func(t *testing.T) {
		say(t, s, "", "1")
		m := s.Conversation.Meeting
		if m == nil || m.Rep != "ben" || m.With != "dora" || s.Conversation.Assigned.Rep != "ben" || m.Place != "The lobby" {
			t.Fatalf("%+v", s.Conversation)
		}
	})
	t.Run("a day whose seats are taken is offered to nobody else", func(t *testing.T) {
		other := begin(t, w, "lena@bigco.example")
		for _, o := range other.Conversation.Offers {
			if o.Start.YearDay() == s.Conversation.Meeting.Start.YearDay() {
				t.Errorf("%+v", o)
			}
		}
	})
	t.Run("the meeting that is moved in words gives its seat and everybody's time back, and the line tells the new time", func(t *testing.T) {
		was := *s.Conversation.Meeting
		say(t, s, "", "can we move it?")
		before := s.Conversation
		effects := say(t, s, "", "2")
		m := s.Conversation.Meeting
		if m.UID != was.UID || m.Start.Equal(was.Start) || m.With != "dora" || s.Conversation.End != flows.Qualified {
			t.Fatalf("%+v", s.Conversation)
		}
		lines := s.Facts(before, effects)
		if !slices.ContainsFunc(lines, func(l rehearse.Line) bool {
			told, ok := l.(rehearse.MeetingLine)
			return ok && told.Start.Equal(m.Start) && told.UID == m.UID && slices.Equal(told.With, []string{"dora"})
		}) {
			t.Errorf("%+v", lines)
		}
	})
	t.Run("a meeting that is called off is free for others", func(t *testing.T) {
		first := begin(t, several(t), "lena@bigco.example").Conversation.Offers[0]
		say(t, s, "", "cancel the meeting")
		if o := begin(t, w, "lena@bigco.example").Conversation.Offers; s.Conversation.Meeting != nil || o[0] != first {
			t.Errorf("%+v, not %+v", o, first)
		}
	})
}

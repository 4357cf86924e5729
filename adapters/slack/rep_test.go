package slack

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"usher/adapters/slack/slackfake"
	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
)

// floor is a workspace with three reps who work in Slack.
var floor = fstest.MapFS{
	"talk.yaml": {Data: []byte(`
flow: talk
title: Talk
languages: [en]
fields:
  seats: { type: number, min: 1, label: Seats }
steps:
  - { id: size, ask: seats, say: How many? }
  - { id: mail, ask: email, say: Which address? }
  - { id: meet, book: { minutes: 30 }, say: Which time?, next: [ { if: booked, to: done }, { to: help } ] }
  - { id: help, handoff: { team: sales, wait: 3m }, say: I am calling somebody., next: [ { to: done } ] }
  - { id: done, end: qualified, say: "{{ booked ? 'See you ' + meeting.starts : 'Thank you' }}" }
score:
  - { if: seats >= 100, points: 60, because: 100 seats or more, part: need }
grades: { hot: 60, cold: 0 }
`)},
	"team.yaml": {Data: []byte(`
timezone: UTC
hours:
  all: { mon-sun: "00:00-24:00" }
reps:
  - { id: asha, name: Asha Rao, email: asha@acme.example, hours: all, slack: U1, picture: "https://acme.example/asha.png" }
  - { id: ben, name: Ben Vogel, email: ben@acme.example, hours: all, slack: U2 }
  - { id: cora, name: Cora Diaz, email: cora@acme.example, hours: all, slack: U3 }
teams:
  - { id: sales, reps: [asha, ben, cora], assign: fair, slack: C1, claim: 5m }
meeting: { buffer: 0m, notice: 1h, horizon: 7d, every: 30m }
fallback: { slack: C9 }
routes:
  - { to: sales }
`)},
	"replies.yaml": {Data: []byte("price: 20 dollars a seat.\n")},
}

// shift is a house with reps, where nothing runs yet.
func shift(t *testing.T, files fstest.MapFS) *house {
	t.Helper()
	s := build(t, slackfake.Options{Unlimited: true}, files)
	for id, name := range map[string]string{"U1": "Asha Rao", "U2": "Ben Vogel", "U3": "Cora Diaz", "U7": "Somebody Else"} {
		s.fake.User(slackfake.User{ID: id, RealName: name})
	}
	s.fake.Channel("C1", "sales")
	s.fake.Channel("C9", "nobody-took-it")
	return s
}

func work(t *testing.T) *house {
	t.Helper()
	s := shift(t, floor)
	s.run(s.bot.Run)
	return s
}

// visitor is somebody on the website.
type visitor struct {
	s *house
	bot.Arrived
	n int
}

func (s *house) visitor() *visitor {
	s.t.Helper()
	a, err := s.bot.Arrive(s.t.Context(), bot.Arrival{Site: "acme.example", Visit: flows.Visit{Page: "/pricing", Language: "en", Timezone: "UTC", Channel: "web"}})
	s.must(err)
	return &visitor{s: s, Arrived: a}
}

func (v *visitor) say(words ...string) {
	v.s.t.Helper()
	for _, text := range words {
		v.n++
		v.s.must(v.s.bot.Say(v.s.t.Context(), v.Conversation.ID, v.Visitor.ID, dialogue.Said{ID: fmt.Sprint(v.n), Text: text}))
	}
}

// last is what was said to the visitor last.
func (v *visitor) last() bot.Message {
	v.s.t.Helper()
	all := v.all()
	return all[len(all)-1]
}

func (v *visitor) all() []bot.Message {
	v.s.t.Helper()
	all, err := v.s.bot.Transcript(v.s.t.Context(), v.Conversation.ID, 0, 1000)
	v.s.must(err)
	return all
}

func (v *visitor) state() dialogue.Conversation {
	v.s.t.Helper()
	c, err := v.s.bot.Conversation(v.s.t.Context(), v.Conversation.ID, "")
	v.s.must(err)
	return c.State
}

// card waits for the lead's card to show the words.
func (v *visitor) card(words string) slackfake.Message {
	v.s.t.Helper()
	return v.s.find("C1", func(m slackfake.Message) bool {
		return (m.Thread == "" || m.Thread == m.TS) && strings.Contains(string(m.Blocks), v.Conversation.ID) && strings.Contains(m.Words(), words)
	}, "card with "+words)
}

// whispered waits for words that only one user sees.
func (s *house) whispered(channel, user, words string) {
	s.t.Helper()
	s.find(channel, func(m slackfake.Message) bool { return m.Ephemeral == user && strings.Contains(m.Words(), words) }, "whisper "+words)
}

// inThread waits for words below a card.
func (s *house) inThread(card slackfake.Message, words string) slackfake.Message {
	s.t.Helper()
	return s.find(card.Channel, func(m slackfake.Message) bool {
		return m.Thread == card.TS && m.TS != card.TS && m.Ephemeral == "" && strings.Contains(m.Words(), words)
	}, "answer "+words)
}

func (s *house) click(user string, m slackfake.Message, action string) {
	s.t.Helper()
	s.must(s.fake.Click(user, m, action))
}

// heard waits until the visitor's last message is these words.
func (v *visitor) heard(words string) bot.Message {
	v.s.t.Helper()
	v.s.eventually(fmt.Sprintf("the visitor hears %q", words), func() bool { return v.last().Text == words })
	return v.last()
}

func TestHandoff(t *testing.T) {
	s := work(t)
	v := s.visitor()
	v.say("250", "can I talk to a person?")
	if got := v.last().Text; got != "I am calling somebody." {
		t.Fatalf("the bot said %q", got)
	}
	card := v.card("Not claimed yet")
	s.inThread(card, "asks for a person")

	// Two claim at once: one has it, the other is told who.
	var both sync.WaitGroup
	for _, user := range []string{"U1", "U2"} {
		both.Go(func() { s.click(user, card, actionClaim) })
	}
	both.Wait()
	card = v.card("has it since")
	holder := v.state().Claimed
	winner, loser := "U1", "U2"
	if holder == "ben" {
		winner, loser = "U2", "U1"
	}
	name := s.bot.Workspace().Roster.Rep(holder).Name
	s.whispered("C1", loser, name+" has this lead already")

	// Join: the bot is silent, and the thread is live.
	s.click(winner, card, actionJoin)
	s.inThread(card, "This thread is live")
	s.inThread(card, "can I talk to a person?")
	card = v.card("talks with the visitor")
	if p := v.state().Joined; p == nil || p.Name != name {
		t.Fatalf("joined: %+v", p)
	}

	// Words both ways.
	ts := s.fake.Say(winner, "C1", card.TS, "Hello, <@"+winner+"> here. A & B?")
	if m := v.heard("Hello, " + name + " here. A & B?"); m.From != bot.FromRep || m.Name != name {
		t.Errorf("the visitor sees %+v", m)
	}
	began := time.Now()
	v.say("Great, <!channel>!")
	s.inThread(card, "Great, &lt;!channel&gt;!")
	t.Logf("to the thread in %s", time.Since(began))

	// What is internal stays so.
	s.fake.Say(winner, "C1", card.TS, "// looks serious")
	s.fake.Say(loser, "C1", card.TS, "shall I help?")
	s.fake.Say("U7", "C1", card.TS, "me too")
	s.fake.Say(winner, "C1", card.TS, "first\n// not this\nsecond #price")
	v.heard("first\nsecond 20 dollars a seat.")
	s.fake.Say(winner, "C1", card.TS, "#discount")
	s.whispered("C1", winner, "There is no reply")
	s.fake.Edit("C1", ts, "Goodbye")
	s.inThread(card, "as it was before the edit")
	s.fake.Delete("C1", ts)
	s.inThread(card, "that was deleted here")

	// Leave: the bot asks again what was open.
	s.click(winner, card, actionLeave)
	v.heard("Which address?")
	s.inThread(card, "left, the bot goes on")
	s.fake.Say(winner, "C1", card.TS, "she was nice")
	v.say("priya@bigco.example", "1")
	card = v.card("*Meeting*")
	s.click("U1", card, actionTranscript)
	s.inThread(card, "I am calling somebody.")

	for _, m := range v.all() {
		for _, word := range []string{"serious", "shall I help", "me too", "not this", "discount", "Goodbye", "nice"} {
			if strings.Contains(m.Text, word) {
				t.Errorf("the visitor got %q", m.Text)
			}
		}
	}
	if c := v.state(); c.Meeting == nil || c.End != flows.Qualified {
		t.Errorf("ended %q, meeting %v", c.End, c.Meeting)
	}
	if n := s.cards(v); n != 1 {
		t.Errorf("%d cards", n)
	}
}

// cards counts the cards of a lead.
func (s *house) cards(v *visitor) (n int) {
	for _, channel := range []string{"C1", "C9", "U1", "U2", "U3"} {
		for _, m := range s.fake.Messages(channel) {
			if (m.Thread == "" || m.Thread == m.TS) && strings.Contains(string(m.Blocks), v.Conversation.ID) {
				n++
			}
		}
	}
	return n
}

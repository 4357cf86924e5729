package mail_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"usher/adapters/mail"
	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
	"usher/store"
	"usher/store/fresh"
)

// workspace has a rep who is free all day, and reminders a day and an hour before.
var workspace = fstest.MapFS{
	"talk.yaml": {Data: []byte(`
flow: talk
languages: [en]
steps:
  - { id: mail, ask: email, say: Which address? }
  - { id: meet, book: { minutes: 30 }, say: Which time? }
  - { id: done, end: qualified, say: Bye }
`)},
	"team.yaml": {Data: []byte(`
timezone: UTC
hours:
  all: { mon-sun: "00:00-24:00" }
reps:
  - { id: asha, name: Asha Rao, email: asha@acme.example, hours: all }
teams:
  - { id: sales, reps: [asha], assign: fair }
meeting: { buffer: 0m, notice: 5h, horizon: 7d, every: 30m, remind: [2h, 1h] }
routes:
  - { to: sales }
`)},
}

// stage is a bot on SQLite whose letters go to a real mail server, with a clock that the test moves.
type stage struct {
	*bot.Bot
	*office
	mu sync.Mutex
	at time.Time
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{office: newOffice(t, "smtps"), at: noon}
	memory, err := store.Open(t.Context(), fresh.SQLite(t), store.Options{Log: quiet})
	must(t, err)
	t.Cleanup(func() { must(t, memory.Close()) })
	s.Bot = &bot.Bot{Store: memory, Log: quiet, Now: s.clock}
	w, problems := flows.Load(workspace)
	if w == nil {
		t.Fatal(problems)
	}
	must(t, s.Use(t.Context(), w))
	post, err := mail.Settings{SMTP: "smtps://meet@acme.example@127.0.0.1:" + s.port, Password: "open sesame", From: "Acme <meet@acme.example>"}.Join(s.Bot)
	must(t, err)
	post.Server.TLS = s.client("smtps").TLS
	post.Writable = func(string) bool { return true }
	post.Invitation = func(m bot.Meeting, method string) ([]byte, error) {
		return []byte("BEGIN:VCALENDAR\r\nMETHOD:" + method + "\r\nEND:VCALENDAR\r\n"), nil
	}
	post.MeetingLink = func(uid string) string { return "https://usher.acme.example/m/" + url.PathEscape(uid) }
	return s
}

func (s *stage) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

func (s *stage) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = s.at.Add(d)
}

// run starts a node; what is given back stops it.
func (s *stage) run() (stop func()) {
	ctx, cancel := context.WithCancel(s.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Run(ctx)
	}()
	stop = func() {
		cancel()
		<-done
	}
	s.t.Cleanup(stop)
	return stop
}

// book is a visitor who books the first free time, and its meeting.
func (s *stage) book() bot.Meeting {
	s.t.Helper()
	ctx := s.t.Context()
	a, err := s.Arrive(ctx, bot.Arrival{Site: "acme.example", Visit: flows.Visit{Page: "/", Language: "en", Timezone: "Asia/Kolkata"}})
	must(s.t, err)
	say := func(text string) {
		must(s.t, s.Say(ctx, a.Conversation.ID, a.Visitor.ID, dialogue.Said{ID: text, Text: text}))
	}
	say("priya@bigco.example")
	said, err := s.Transcript(ctx, a.Conversation.ID, 0, 100)
	must(s.t, err)
	o := said[len(said)-1].Ask.Options[0]
	say(o.Day + " " + o.Label)
	c, err := s.Bot.Conversation(ctx, a.Conversation.ID, "")
	must(s.t, err)
	if c.State.Meeting == nil {
		s.t.Fatalf("%+v", c.State)
	}
	m, err := s.Meeting(ctx, c.State.Meeting.UID)
	must(s.t, err)
	return m
}

// subjects are those of the visitors' letters that arrived, by their first words.
func (s *stage) subjects() []string { return s.subjectsTo("priya@bigco.example") }

func (s *stage) subjectsTo(to string) (all []string) {
	for _, m := range s.mailbox() {
		if m.to != to {
			continue
		}
		subject, _, _ := strings.Cut(read(s.t, m.data).header("Subject"), ":")
		all = append(all, subject)
	}
	return all
}

func (s *stage) arrive(want ...string) {
	s.t.Helper()
	eventually(s.t, fmt.Sprint(want), func() bool { return len(s.subjects()) >= len(want) })
	if got := s.subjects(); strings.Join(got, ", ") != strings.Join(want, ", ") {
		s.t.Fatalf("%q", got)
	}
}

// jobs counts those in a state.
func (s *stage) jobs(state string) int {
	counts, err := s.Store.JobCounts(s.t.Context())
	must(s.t, err)
	return counts[state]
}

func TestTheWholePath(t *testing.T) {
	t.Run("invitation, reminders, and what became of it", func(t *testing.T) {
		s := newStage(t)
		s.run()
		m := s.book()
		s.arrive("Invitation")
		s.pass(m.Start.Add(-2 * time.Hour).Sub(s.clock()))
		s.arrive("Invitation", "Reminder")
		must(t, s.Cancel(t.Context(), m.UID, "no time"))
		s.arrive("Invitation", "Reminder", "Cancelled")
		s.pass(time.Hour)
		eventually(t, "the last reminder is settled", func() bool { return s.jobs(bot.JobReady)+s.jobs(bot.JobRunning) == 0 })
		s.arrive("Invitation", "Reminder", "Cancelled")
		if s.jobs(bot.JobDead) != 0 {
			t.Error("jobs were given up")
		}
	})

	t.Run("a mail server that is away for an hour costs no letter and sends none twice, also with two nodes", func(t *testing.T) {
		s := newStage(t)
		at := "127.0.0.1:" + s.port
		s.stop()
		one, two := s.run(), s.run()
		m := s.book()
		for range 6 {
			s.pass(10 * time.Minute)
			eventually(t, "it is tried", func() bool { return s.jobs(bot.JobReady) > 0 && s.jobs(bot.JobRunning) == 0 })
		}
		one() // a clock that jumps while a job runs takes its lease away: no node is at work then
		two()
		if n := len(s.mailbox()); n != 0 {
			t.Fatalf("%d letters", n)
		}
		s.listen("smtps", at)
		s.pass(time.Hour)
		s.run()
		s.run()
		s.arrive("Invitation")
		eventually(t, "the job is done", func() bool { return s.jobs(bot.JobRunning) == 0 })
		s.pass(m.Start.Add(-20 * time.Minute).Sub(s.clock())) // the reminders come too late now
		eventually(t, "all is settled", func() bool { return s.jobs(bot.JobReady)+s.jobs(bot.JobRunning) == 0 })
		s.arrive("Invitation")
	})

	t.Run("without Slack a letter tells the rep what becomes of the meeting in the calendar", func(t *testing.T) {
		s := newStage(t)
		s.run()
		m := s.book()
		s.arrive("Invitation")
		must(t, s.Replied(t.Context(), m.UID, "priya@bigco.example", bot.AnswerAccepted, 0))
		eventually(t, "the answer is told", func() bool { return len(s.subjectsTo("asha@acme.example")) == 1 })
		must(t, s.Cancel(t.Context(), m.UID, "no time"))
		eventually(t, "the cancellation is told", func() bool { return len(s.subjectsTo("asha@acme.example")) == 2 })
		if got := strings.Join(s.subjectsTo("asha@acme.example"), ", "); got != "Invitation accepted, Meeting cancelled" {
			t.Error(got)
		}
	})

	t.Run("a refused address is told to the rep", func(t *testing.T) {
		s := newStage(t)
		told := make(chan bot.Job, 9)
		s.Carriers[bot.JobAlert] = func(_ context.Context, j bot.Job) error {
			told <- j
			return nil
		}
		s.does(script{rcpt: says(550, "no such user")})
		s.run()
		s.book()
		select {
		case j := <-told:
			if text := string(j.Payload); !strings.Contains(text, bot.AlertMail) || !strings.Contains(text, "no such user") || strings.Contains(text, "priya@") {
				t.Error(text)
			}
		case <-time.After(time.Minute):
			t.Fatal("nobody is told")
		}
	})
}

package mail_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"usher/adapters/mail"
	"usher/bot"
)

func TestAlert(t *testing.T) {
	writable := func(string) bool { return true }
	cancelled := func(m *bot.Meeting) { m.Status = bot.Cancelled }
	clashed := func(m *bot.Meeting) { m.Status, m.Clashed = bot.Cancelled, true }
	for event, c := range map[string]struct {
		detail, subject, says string
		change                func(*bot.Meeting)
	}{
		bot.AlertMail:      {"550 no such user", "A letter was refused", "550 no such user", nil},
		bot.AlertCalendar:  {"403 forbidden", "Your calendar refuses a meeting", "403 forbidden", nil},
		bot.AlertClash:     {"Dentist", "Your calendar has something else", "Dentist", clashed},
		bot.AlertTime:      {bot.FromVisitor, "Meeting at another time", "17:30 – 18:00", nil},
		bot.AlertStays:     {"2026-11-25T10:00:00Z", "Meeting stays where it was", "17:30 – 18:00", nil},
		bot.AlertCancelled: {"no budget", "Meeting cancelled", "no budget", cancelled},
		bot.AlertMoved:     {"ben", "A meeting is yours now", "has passed to you", nil},
		bot.AlertAnswer:    {bot.AnswerDeclined, "Invitation declined", "Priya Sharma has declined", func(m *bot.Meeting) { m.Answer = bot.AnswerDeclined }},
	} {
		t.Run("the rep is told of "+event+" once", func(t *testing.T) {
			d := newDesk(t)
			d.Writable = writable
			if c.change != nil {
				d.house.change(c.change)
			}
			j := job("c1-3-1", event, "", c.detail)
			must(t, d.Alert(t.Context(), j))
			must(t, d.Alert(t.Context(), j))
			m := d.only()
			m.is(t, "To", `"Asha Rao" <asha@acme.example>`)
			m.is(t, "Subject", c.subject+": Acme for BigCo")
			for _, part := range []string{"text/plain", "text/html"} {
				for _, want := range []string{c.says, "Priya Sharma", "https://usher.acme.example/r/m1?s=v1.def"} {
					if !strings.Contains(m.part(part).text, want) {
						t.Errorf("%s lacks %q:\n%s", part, want, m.part(part).text)
					}
				}
			}
		})
	}
	for name, c := range map[string]struct {
		event  string
		change func(*desk)
	}{
		"a rep without an address":                 {bot.AlertMail, func(d *desk) { d.house.change(func(m *bot.Meeting) { m.Rep = "cora" }) }},
		"a rep who has the meeting's own letter":   {bot.AlertTime, func(d *desk) { d.Writable = nil }},
		"a cancellation that is not true any more": {bot.AlertCancelled, func(*desk) {}},
		"a clash that was mended":                  {bot.AlertClash, func(*desk) {}},
		"another time of a meeting that is off":    {bot.AlertTime, func(d *desk) { d.house.change(cancelled) }},
		"an answer that was changed":               {bot.AlertAnswer, func(*desk) {}},
		"a meeting that has passed":                {bot.AlertMail, func(d *desk) { d.at = d.at.Add(72 * time.Hour) }},
		"what is of no meeting":                    {bot.AlertWatched, func(*desk) {}},
	} {
		t.Run("no letter: "+name, func(t *testing.T) {
			d := newDesk(t)
			d.Writable = writable
			c.change(d)
			must(t, d.Alert(t.Context(), job("c1-3-1", c.event, "", bot.AnswerAccepted)))
			if n := len(d.letters()); n != 0 {
				t.Errorf("%d letters", n)
			}
		})
	}
	t.Run("one that comes back makes no alert of its own", func(t *testing.T) {
		d := newDesk(t)
		must(t, d.Alert(t.Context(), job("c1-3-1", bot.AlertMail, "", "550")))
		id := d.only().header("Message-ID")
		if uid := mail.MeetingOf(strings.Trim(id, "<>")); uid != "" {
			t.Errorf("%s names the meeting %s", id, uid)
		}
	})
	t.Run("where Slack carries alerts it goes on to", func(t *testing.T) {
		slack := 0
		b := &bot.Bot{Log: quiet, Carriers: map[string]bot.Carrier{bot.JobAlert: func(context.Context, bot.Job) error { slack++; return nil }}}
		if _, err := (mail.Settings{SMTP: "smtp://mail.acme.example", From: "meet@acme.example"}).Join(b); err != nil {
			t.Fatal(err)
		}
		if must(t, b.Carriers[bot.JobAlert](t.Context(), bot.Job{})); slack != 1 {
			t.Error("the letters have taken it")
		}
	})
}

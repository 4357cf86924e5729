package mail_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"usher/bot"
)

// writer is who has the letters to those who are not ready.
type writer struct {
	letter  bot.FollowUpLetter
	err     error
	bounced []string
	refused []string
	wrote   []string
}

func (w *writer) Letter(context.Context, bot.Event) (bot.FollowUpLetter, error) {
	return w.letter, w.err
}

func (w *writer) Bounced(_ context.Context, job bot.Event, why string) error {
	w.bounced = append(w.bounced, job.Detail+" "+why)
	return nil
}

func (w *writer) Refused(_ context.Context, job bot.Event, why string) error {
	w.refused = append(w.refused, job.Detail+" "+why)
	return nil
}

func (w *writer) Wrote(_ context.Context, job bot.Event) error {
	w.wrote = append(w.wrote, job.Detail)
	return nil
}

// sequel is a desk that sends such letters, and the job of one.
func sequel(t *testing.T) (*desk, *writer, bot.Job) {
	t.Helper()
	d, w := newDesk(t), &writer{letter: bot.FollowUpLetter{
		Conversation: "c1", Recipient: "h1", Address: "priya@bigco.example", Name: "Priya", Language: "fa", Rep: "asha",
		Subject: "ادامه دهیم؟", Text: "Hello <Priya>.\n\nSee https://acme.example/film.", Imprint: "Acme GmbH, Berlin",
	}}
	d.FollowUp(&bot.Bot{Carriers: map[string]bot.Carrier{}}, w, func(id string) string { return "https://usher.acme.example/c/" + id + "?s=v2.1.x" },
		func(hash, language string) string {
			return "https://usher.acme.example/u/" + hash + "?s=v2.0.y&l=" + language
		})
	payload, err := json.Marshal(bot.Event{Conversation: "c1", Event: bot.JobLetter, Detail: "h1/five", Seq: 1, Change: 1})
	must(t, err)
	return d, w, bot.Job{ID: "letter-h1/five-1-1", Kind: bot.JobLetter, Payload: payload, Attempts: 1}
}

func TestALetterToSomebodyWhoIsNotReady(t *testing.T) {
	d, _, j := sequel(t)
	for range 2 { // a second try sends nothing
		must(t, d.CarryLetter(t.Context(), j))
	}
	m := d.only()
	m.is(t, "Subject", "ادامه دهیم؟")
	m.is(t, "To", `"Priya" <priya@bigco.example>`)
	m.is(t, "List-Unsubscribe", "<https://usher.acme.example/u/h1?s=v2.0.y&l=fa>")
	m.is(t, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	m.is(t, "Content-Language", "fa")
	raw := string(d.mailbox()[0].data)
	if strings.Contains(raw, "text/calendar") {
		t.Error("it has a calendar's part")
	}
	plain, page := m.part("text/plain").text, m.part("text/html").text
	for _, want := range []string{"Hello <Priya>.", "https://acme.example/film.", "https://usher.acme.example/c/c1?s=v2.1.x", "https://usher.acme.example/u/h1", "Acme GmbH, Berlin"} {
		if !strings.Contains(plain, want) {
			t.Errorf("%q is not in\n%s", want, plain)
		}
	}
	for _, want := range []string{"Hello &lt;Priya&gt;.", `href="https://acme.example/film"`, `href="https://usher.acme.example/c/c1?s=v2.1.x"`, `dir="rtl"`} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not in\n%s", want, page)
		}
	}
}

func TestALetterThatIsNotToBeSentAnyMore(t *testing.T) {
	d, w, j := sequel(t)
	w.err = &bot.LetterOffError{Because: "answer"}
	must(t, d.CarryLetter(t.Context(), j))
	w.err = nil
	d.UnsubscribeLink = func(string, string) string { return "" }
	must(t, d.CarryLetter(t.Context(), j))
	if n := len(d.letters()); n != 0 {
		t.Errorf("%d letters", n)
	}
}

func TestWhatComesBackOfALetterEndsTheSequence(t *testing.T) {
	d, w, j := sequel(t)
	must(t, d.CarryLetter(t.Context(), j))
	id := d.only().Header.Get("Message-Id")
	comes := func(text string) {
		t.Helper()
		must(t, d.Take(t.Context(), []byte(strings.ReplaceAll(text, "\n", "\r\n"))))
	}
	comes("From: priya@bigco.example\nIn-Reply-To: " + id + "\nAuto-Submitted: auto-replied\n\nI am away.\n")
	comes("From: priya@bigco.example\nIn-Reply-To: <x@elsewhere.example>\n\nHello.\n")
	comes(bounce(id, "delayed", "4.2.0"))
	if len(w.wrote)+len(w.bounced) > 0 {
		t.Fatalf("%q %q", w.wrote, w.bounced)
	}
	comes("From: priya@bigco.example\nIn-Reply-To: " + id + "\n\nYes, please.\n")
	comes(bounce(id, "failed", "5.1.1"))
	if len(w.wrote) != 1 || w.wrote[0] != "h1/five" || len(w.bounced) != 1 || !strings.HasPrefix(w.bounced[0], "h1/five 5.1.1") {
		t.Errorf("%q %q", w.wrote, w.bounced)
	}
	if strings.Contains(w.bounced[0], "priya") {
		t.Error("the address is in what is told of it")
	}
}

func TestWhatBecomesOfALetterThatIsRefused(t *testing.T) {
	answer := func(code int, words string, status ...int) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode(status), Message: words}
	}
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		script           script
		attempts         int
		bounced, refused bool
		never            bool
		least, most      time.Duration // until the next try; 0 = there is none
		alarm            string
	}{
		"nobody is there":                       {script{rcpt: answer(550, "no such user", 5, 1, 1)}, 1, true, true, false, 0, 0, ""},
		"nobody is there any more":              {script{rcpt: answer(554, "disabled", 5, 2, 1)}, 1, true, true, false, 0, 0, ""},
		"a full mailbox":                        {script{rcpt: answer(552, "full", 5, 2, 2)}, 1, false, false, false, time.Hour, day, ""},
		"a full mailbox, told once more":        {script{data: answer(550, "quota exceeded", 5, 2, 2)}, 7, false, false, false, time.Hour, day, ""},
		"a mailbox that stays full":             {script{rcpt: answer(552, "full", 5, 2, 2)}, 8, false, true, true, 0, 0, ""},
		"a policy":                              {script{rcpt: answer(550, "blocked", 5, 7, 1)}, 1, false, true, true, 0, 0, "letters of ours are refused: the mail server answered 550 5.7.1 blocked"},
		"a policy about what it says":           {script{data: answer(554, "spam", 5, 7, 0)}, 1, false, true, true, 0, 0, "letters of ours are refused"},
		"a letter that is too large":            {script{data: answer(552, "too large", 5, 3, 4)}, 1, false, true, true, 0, 0, "letters of ours are refused"},
		"a server that says later":              {script{rcpt: answer(451, "later", 4, 7, 1)}, 1, false, false, false, time.Second, time.Hour, ""},
		"a server that has said later for long": {script{rcpt: answer(451, "later", 4, 7, 1)}, bot.MaxAttempts, false, true, false, time.Second, day, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d, w, j := sequel(t)
			d.does(c.script)
			j.Attempts = c.attempts
			err := d.CarryLetter(t.Context(), j)
			if len(w.bounced) > 0 != c.bounced || len(w.refused) > 0 != c.refused {
				t.Errorf("bounced %q, refused %q", w.bounced, w.refused)
			}
			if strings.Contains(strings.Join(append(w.bounced, w.refused...), ""), "priya") {
				t.Error("the address is in what is told of it")
			}
			if all := strings.Join(d.Problems(), ""); !strings.Contains(all, c.alarm) || (all == "") != (c.alarm == "") {
				t.Errorf("the operator is told %q", all)
			}
			if c.bounced {
				must(t, err)
				return
			}
			if retry := retryOf(t, err); retry.Never != c.never || retry.After < c.least || retry.After > c.most {
				t.Errorf("%+v", retry)
			}
		})
	}
}

func TestWhatComesBackIsReadForWhatItIs(t *testing.T) {
	for report, bounced := range map[string]bool{
		"5.1.1": true, "5.2.1": true, "5.0.0": true, "5.4.4": true,
		"5.2.2": false, "5.7.1": false, "5.3.4": false,
	} {
		d, w, j := sequel(t)
		must(t, d.CarryLetter(t.Context(), j))
		must(t, d.Take(t.Context(), []byte(strings.ReplaceAll(bounce(d.only().Header.Get("Message-Id"), "failed", report), "\n", "\r\n"))))
		if len(w.bounced) > 0 != bounced {
			t.Errorf("%s: %q", report, w.bounced)
		}
	}
}

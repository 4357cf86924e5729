package mail_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/quick"
	"time"
	"unicode"

	"usher/bot"
)

var update = flag.Bool("update", false, "write the golden texts anew")

// events are all letters to a visitor in the order of a meeting that goes wrong in every way.
var events = []struct {
	event, detail string
	change        func(*bot.Meeting)
}{
	{bot.MailInvitation, "", func(*bot.Meeting) {}},
	{bot.MailUpdate, "", func(m *bot.Meeting) {
		m.Start, m.End, m.Sequence = m.Start.Add(72*time.Hour), m.End.Add(73*time.Hour), 1
		m.Place, m.With = "phone", "ben"
	}},
	{bot.MailReminder, "120h0m0s", func(*bot.Meeting) {}},
	{bot.MailClash, "", func(m *bot.Meeting) { m.Status, m.Sequence, m.Clashed = bot.Cancelled, 2, true }},
	{bot.MailCancel, "Our plans have changed.", func(m *bot.Meeting) { m.Sequence = 3 }},
}

// written is everything that a visitor of that language reads.
func written(t *testing.T, language, zone string) (texts string, pages []string) {
	t.Helper()
	d := newDesk(t)
	d.house.change(func(m *bot.Meeting) { m.Language, m.Timezone = language, zone })
	for i, e := range events {
		d.house.change(e.change)
		must(t, d.carry(job(fmt.Sprint("j", i), e.event, bot.ToVisitor, e.detail)))
	}
	all := d.letters()
	if len(all) != len(events) {
		t.Fatalf("%d letters", len(all))
	}
	var b strings.Builder
	for i, m := range all {
		fmt.Fprintf(&b, "== %s\n%s\n\n%s\n", events[i].event, m.header("Subject"), strings.ReplaceAll(m.part("text/plain").text, "\r\n", "\n"))
		pages = append(pages, strings.ReplaceAll(m.part("text/html").text, "\r\n", "\n"))
	}
	return b.String(), pages
}

func TestTexts(t *testing.T) {
	for _, c := range []struct{ language, zone string }{{"en", "Europe/London"}, {"hi-IN", "Asia/Kolkata"}, {"bn_BD", "Asia/Dhaka"}, {"fa", "Asia/Tehran"}} {
		t.Run("the letters in "+c.language, func(t *testing.T) {
			texts, pages := written(t, c.language, c.zone)
			golden(t, c.language[:2]+".txt", texts)
			golden(t, c.language[:2]+".html", pages[0])
			for _, p := range pages {
				if strings.Contains(p, "<img") || strings.Contains(p, "url(") || strings.Contains(p, "<script") {
					t.Error("a page loads something")
				}
			}
		})
	}

	t.Run("a language without words is English, a zone that is not known UTC", func(t *testing.T) {
		texts, _ := written(t, "de", "Mars/Olympus")
		if !strings.Contains(texts, "Your meeting with Asha Rao is booked.") || !strings.Contains(texts, "12:00 – 12:30, UTC") {
			t.Error(texts)
		}
	})
}

func TestAMeetingGivenUpInTheCalendarIsOffInTheVisitorsLanguage(t *testing.T) {
	for language, want := range map[string]string{"en": "the host's calendar", "hi": "मेज़बान के कैलेंडर", "bn": "আয়োজকের ক্যালেন্ডারে", "fa": "در تقویم میزبان"} {
		for _, because := range []string{bot.TookOut, bot.CalledOff} {
			d := newDesk(t)
			d.house.change(func(m *bot.Meeting) { m.Language, m.Status, m.Because = language, bot.Cancelled, because })
			must(t, d.carry(job("j", bot.MailCancel, bot.ToVisitor, because)))
			if text := d.letters()[0].part("text/plain").text; !strings.Contains(text, want) || strings.Contains(text, because) {
				t.Errorf("%s: %s", language, text)
			}
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if *update {
		must(t, os.MkdirAll("testdata", 0o755))
		must(t, os.WriteFile(name, []byte(got), 0o644))
	}
	want, err := os.ReadFile(name)
	must(t, err)
	if string(want) != got {
		t.Errorf("%s (-update writes it anew):\n%s", name, got)
	}
}

// fields are those of a letter; a visitor's words never add one.
var fields = []string{"Auto-Submitted", "Content-Language", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Reply-To", "Subject", "To"}

// harmless says what of the visitor's words became more than text.
func harmless(t *testing.T, name, title, reason, place string) {
	d := newDesk(t)
	d.house.change(func(m *bot.Meeting) {
		m.Name, m.Title, m.Place, m.Status = name, title, place, bot.Cancelled
	})
	must(t, d.carry(job("j", bot.MailCancel, bot.ToVisitor, reason)))
	m := d.only()
	if len(m.Header) != len(fields) {
		t.Errorf("fields %v", m.Header)
	}
	for _, f := range fields {
		if len(m.Header[f]) != 1 {
			t.Errorf("%s: %q", f, m.Header[f])
		}
	}
	if got := d.mailbox()[0]; got.to != "priya@bigco.example" || m.shape != "multipart/mixed(multipart/alternative(text/plain text/html text/calendar) application/ics)" {
		t.Errorf("%s %s", got.to, m.shape)
	}
	if s := m.header("Subject") + m.header("To"); strings.ContainsFunc(s, unicode.IsControl) {
		t.Errorf("%q", s)
	}
	if page := m.part("text/html").text; strings.Contains(page, "<b>") || strings.Contains(page, "javascript:") && strings.Contains(page, `href="javascript`) {
		t.Error(page)
	}
}

func TestAVisitorsWordsStayText(t *testing.T) {
	for _, words := range []string{
		"Priya\r\nBcc: all@bigco.example", "Priya\nBcc: all@bigco.example\n\nbody", "=?UTF-8?Q?a=0D=0ABcc:x@y.example?=", `"<evil@x.example>, "`,
		"<b>bold</b>", `"><script>alert(1)</script>`, "javascript:alert(1)", "\x00\x1b[31m", strings.Repeat("नमस्ते ", 200), "\u202egnitirw", "a\u2028Bcc: b", "\xff\xfe",
		strings.Repeat("x", 5000), "\r\n.\r\nMAIL FROM:<x@y.example>\r\n", "--boundary\r\nContent-Type: text/html",
	} {
		harmless(t, words, words, words, words)
	}
	must(t, quick.Check(func(name, title, reason, place string) bool {
		harmless(t, name, title, reason, place)
		return !t.Failed()
	}, &quick.Config{MaxCount: 30}))
	t.Run("an advertisement in place of a name greets nobody", func(t *testing.T) {
		d := newDesk(t)
		d.house.change(func(m *bot.Meeting) { m.Name = "Win a prize at https://evil.example" })
		must(t, d.carry(job("j", bot.MailInvitation, bot.ToVisitor)))
		if text := d.only().part("text/plain").text; !strings.HasPrefix(text, "Hello,\r\n") {
			t.Error(text)
		}
	})
}

func FuzzWords(f *testing.F) {
	f.Add("Priya\r\nBcc: all@bigco.example", "title", "reason", "https://place.example")
	f.Fuzz(func(t *testing.T, name, title, reason, place string) { harmless(t, name, title, reason, place) })
}

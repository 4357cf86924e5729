package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/adapters/slack/slackfake"
)

// marked asks for everything, calls a person, and books; later, who is not ready gets letters.
func marked(o *surroundings) map[string]string {
	return map[string]string{
		"talk.yaml": `
flow: talk
title: Talk
languages: [en]
fields:
  campaign: { type: text, from: utm.campaign }
  note: { type: text, label: Note }
  ok: { type: consent, label: Consent, wording: May we write to you? }
steps:
  - { id: name, ask: name, say: Who are you? }
  - { id: mail, ask: email, say: Which address? }
  - { id: phone, ask: phone, say: Which number? }
  - { id: company, ask: company, say: Which company? }
  - { id: note, ask: note, say: What is it about? }
  - { id: ok, ask: ok, say: May we write to you? }
  - { id: meet, book: { minutes: 30, offer: 1, team: sales, title: "Talk with {{ name }}" }, say: Take it. }
  - { id: done, end: qualified, say: "{{ booked ? 'See you, ' + name : 'Bye' }}" }
`,
		"later.yaml": `
flow: later
title: Later
languages: [en]
steps:
  - { id: mail, ask: email, say: Which address? }
  - { id: name, ask: name, say: Who are you? }
  - { id: done, end: nurture, say: Bye }
`,
		"followups.yaml": `
quiet: never
imprint: Acme, 1 Street, Town
sequences:
  - id: later
    on: { end: nurture }
    flow: later
    stop: [unsubscribe]
    letters:
      - { after: 0d, subject: "Once more, {{ name }}", say: "Hello {{ name }}" }
      - { after: 3d, subject: "And again, {{ name }}", say: "Hello {{ name }}" }
`,
		"team.yaml": `
timezone: UTC
hours:
  all: { mon-sun: "00:00-24:00" }
reps:
  - { id: asha, name: Asha Rao, email: asha@acme.example, hours: all, slack: U0ASHA01, calendar: { caldav: "` + o.calendar.url + `/", user: asha, password: "${ASHA_CALDAV}", names: [Work] } }
teams:
  - { id: sales, reps: [asha], assign: fair, slack: C0SALES1 }
meeting: { buffer: 0m, notice: 1h, horizon: 7d, every: 30m }
routes:
  - { to: sales }
fallback: { slack: C0LEADS1 }
`,
		"hooks.yaml": `
webhooks:
  - { url: "` + o.receiver.URL + `/takes", secret: "${ACME_HOOK}" }
  - { url: "` + o.receiver.URL + `/fails", secret: "${ACME_HOOK}" }
`,
		"faq.yaml":     "- ask: [How much does it cost?]\n  say: 20 dollars a seat.\n",
		"privacy.yaml": "controller: Acme\nretention: { conversations: 400d, jobs: 30d }\n",
	}
}

func TestNothingOfAnErasedPersonIsLeft(t *testing.T) {
	reach(t)
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // most of the time is spent waiting for seconds of Slack's
			o := newSurroundings(t)
			url, workspace := database(t), writeWorkspace(t, marked(o))
			n := startNode(t, url, append(o.args(), "--workspace", workspace)...)
			o.slack.Deliver("http://" + n.address)
			data := n.args[slices.Index(n.args, "--data")+1]
			at := []string{"--data", data, "--database", url}
			tell(t, n, o, at)
			list(t, workspace, at)
			converse(t, n, o.slack, o.rep)
			says(t, n, "later", "mira@zanzibarqux.example", mark+" Smith")
			exported := o.settled(t, at)
			for _, words := range []string{`"type":"message"`, `"type":"meeting"`, `"type":"elsewhere"`, "May we write to you?", mark + " note"} {
				if !strings.Contains(exported, words) {
					t.Errorf("the export has no %s", words)
				}
			}
			told := usher(t, append([]string{"erase", "mira@zanzibarqux.example", "--yes", "--wait", "90s"}, at...)...)
			for _, words := range []string{"messages of others", "letters about 1 meeting, 1 letter of sequences", " took ", " may have taken "} {
				if !strings.Contains(told, words) {
					t.Errorf("told without %q:\n%s", words, told)
				}
			}
			if strings.Contains(told, "waiting") || hasMark(told) {
				t.Errorf("told:\n%s", told)
			}
			nothingIsLeft(t, o, n, url, data)
			usher(t, append([]string{"audit", "--verify"}, at...)...)
			if told := usher(t, append([]string{"erase", "mira@zanzibarqux.example"}, at...)...); !strings.Contains(told, "Erased on") {
				t.Error(told)
			}
		})
	}
}

// tell has another system make a webhook and the person's lead.
func tell(t *testing.T, n *node, o *surroundings, at []string) {
	t.Helper()
	key := strings.TrimSpace(usher(t, append([]string{"key", "new", "warehouse", "--scope", "leads:write,webhooks:write"}, at[2:]...)...))
	for path, body := range map[string]string{
		"webhooks": fmt.Sprintf(`{"url":%q}`, o.receiver.URL+"/gone"),
		"leads":    fmt.Sprintf(`{"email":"mira@zanzibarqux.example","phone":"+49 30 901820","name":"%[1]s Smith","company":"%[1]s Inc","stage":"nurture","because":"%[1]s said so","source":{"page":"/%[1]s"}}`, mark),
	} {
		req, err := http.NewRequest(http.MethodPost, "http://"+n.address+"/v1/"+path, bytes.NewReader([]byte(body)))
		must(t, err)
		req.Header.Set("Authorization", "Bearer "+key)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", mark)
		res, err := http.DefaultClient.Do(req)
		must(t, err)
		res.Body.Close()
		if res.StatusCode/100 != 2 {
			t.Fatalf("%s: %d", path, res.StatusCode)
		}
	}
}

// list brings the person in from a table.
func list(t *testing.T, workspace string, at []string) {
	t.Helper()
	table := filepath.Join(t.TempDir(), "leads.csv")
	must(t, os.WriteFile(table, []byte("Mail,Name,Note\nmira@zanzibarqux.example,"+mark+" Smith,"+mark+" in a list\n"), 0o600))
	usher(t, append([]string{"import", table, "--map", "email=Mail,name=Name,note=Note", "--source", "fair", "--workspace", workspace}, at...)...)
}

// settled is the export once all that was to be sent is sent.
func (o *surroundings) settled(t *testing.T, at []string) (exported string) {
	t.Helper()
	var lacks []string
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		exported = usher(t, append([]string{"export", "mira@zanzibarqux.example", "--json"}, at...)...)
		if lacks = o.lacks(t, exported); len(lacks) == 0 {
			return exported
		}
	}
	t.Fatalf("not settled: %s\n%s", strings.Join(lacks, ", "), exported)
	return ""
}

// lacks says where the person has not come to yet, and what is still to be done for them now.
func (o *surroundings) lacks(t *testing.T, exported string) (lacks []string) {
	t.Helper()
	there := map[string]bool{
		"the CRM":                len(o.crm.Objects("contacts")) == 1 && len(o.crm.Objects("meetings")) == 1,
		"the calendar":           hasMark(o.calendar.shows(t)),
		"a letter of a sequence": o.mail.has("mira@zanzibarqux.example", "Once more"),
		"an invitation":          o.mail.has("mira@zanzibarqux.example", "text/calendar"),
	}
	states := map[string]int{}
	for line := range strings.Lines(exported) {
		for _, table := range []string{"job", "delivery", "enrolment"} {
			if _, rest, of := strings.Cut(line, `"state":"`); of && strings.Contains(line, `"table":"`+table+`"`) {
				state, _, _ := strings.Cut(rest, `"`)
				if table == "delivery" && !strings.Contains(line, `"attempts":"0"`) {
					state += " and tried"
				}
				states[table+" "+state]++
			}
		}
		if strings.Contains(line, `"table":"job"`) && strings.Contains(line, `"state":"ready"`) && strings.Contains(line, `"kind":"slack.`) {
			states["for Slack"]++
		}
	}
	for _, state := range []string{"delivery sent and tried", "delivery queued and tried", "delivery dead and tried", "enrolment running"} {
		there[state] = states[state] > 0
	}
	there["nothing at work"] = states["job running"]+states["for Slack"] == 0
	for what, is := range there {
		if !is {
			lacks = append(lacks, what)
		}
	}
	return lacks
}

// converse tells everything there is to tell, talks with a person in between, and books.
func converse(t *testing.T, n *node, fake *slackfake.Fake, rep string) {
	t.Helper()
	v := visitor{flow: "talk"}
	must(t, v.connect(n.address))
	defer v.close()
	say := func(what, words string) frame {
		t.Helper()
		id := fmt.Sprint("m", v.after, len(words))
		must(t, v.send(id, what, words))
		f, err := v.until(func(f frame) bool {
			return f.From == "bot" && f.Ask != nil || f.From == "bot" && strings.HasPrefix(f.Text, "See you")
		})
		must(t, err)
		return f
	}
	must(t, v.socket.WriteJSON(map[string]any{"type": "visit", "page": map[string]string{"url": "http://" + site + "/" + mark, "title": mark}}))
	say("text", mark+" Smith")
	say("text", "mira@zanzibarqux.example")
	say("text", "+49 30 901820")
	say("text", mark+" Inc")
	must(t, v.send("person", "text", "I want to talk to a person"))
	card := awaitSlack(t, fake, "C0SALES1", mark)
	must(t, fake.Click(rep, card, "lead.join"))
	awaitSlack(t, fake, "C0SALES1", "This thread is live")
	fake.Say(rep, "C0SALES1", card.TS, "Hello "+mark+", how can I help?")
	_, err := v.until(func(f frame) bool { return f.From == "rep" })
	must(t, err)
	must(t, v.send("thanks", "text", "thanks, says "+mark))
	must(t, v.acknowledged("thanks"))
	awaitSlack(t, fake, "C0SALES1", "thanks, says")
	live := awaitSlack(t, fake, "C0SALES1", "This thread is live")
	must(t, fake.Click(rep, live, "lead.leave"))
	_, err = v.until(func(f frame) bool { return f.From == "bot" && f.Ask != nil })
	must(t, err)
	say("text", mark+" note")
	offer := say("text", "yes")
	for end := time.Now().Add(patience); offer.Ask.Type != "slot" && len(offer.Ask.Options) == 0 && time.Now().Before(end); {
		offer, err = v.until(func(f frame) bool { return f.From == "bot" && f.Ask != nil })
		must(t, err)
	}
	must(t, v.send("take", "value", offer.Ask.Options[0].Value))
	_, err = v.until(func(f frame) bool { return strings.HasPrefix(f.Text, "See you") })
	must(t, err)
}

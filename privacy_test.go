package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/adapters/slack/slackfake"
)

// mark is a word that stands nowhere but in what one person told.
const mark = "Zanzibarqux"

// marked asks for everything, calls a person, and books.
var marked = map[string]string{
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
	"team.yaml": `
timezone: UTC
hours:
  all: { mon-sun: "00:00-24:00" }
reps:
  - { id: asha, name: Asha Rao, email: asha@acme.example, hours: all, slack: U0ASHA01 }
teams:
  - { id: sales, reps: [asha], assign: fair, slack: C0SALES1 }
meeting: { buffer: 0m, notice: 1h, horizon: 7d, every: 30m }
routes:
  - { to: sales }
fallback: { slack: C0LEADS1 }
`,
	"faq.yaml":     "- ask: [How much does it cost?]\n  say: 20 dollars a seat.\n",
	"privacy.yaml": "controller: Acme\nretention: { conversations: 400d, jobs: 30d }\n",
}

func TestNothingOfAnErasedPersonIsLeft(t *testing.T) {
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			fake := slackfake.New(slackfake.Options{Unlimited: true, Scale: 0.05})
			t.Cleanup(fake.Close)
			rep := fake.User(slackfake.User{ID: "U0ASHA01", RealName: "Asha Rao"})
			channels := []string{fake.Channel("C0SALES1", "sales"), fake.Channel("C0LEADS1", "leads"), fake.DM(rep)}
			url := database(t)
			n := startNode(t, url, append(slackArgs(fake), "--workspace", writeWorkspace(t, marked))...)
			fake.Deliver("http://" + n.address)
			data := n.args[slices.Index(n.args, "--data")+1]
			at := []string{"--data", data, "--database", url}
			converse(t, n, fake, rep)
			exported := settled(t, at)
			for _, words := range []string{`"type":"message"`, `"type":"meeting"`, `"type":"elsewhere"`, "May we write to you?", mark + " note"} {
				if !strings.Contains(exported, words) {
					t.Errorf("the export has no %s", words)
				}
			}
			told := usher(t, append([]string{"erase", "mira@zanzibarqux.example", "--yes", "--wait", "60s"}, at...)...)
			if strings.Contains(told, "waiting") || !strings.Contains(told, "messages of others") || strings.Contains(strings.ToLower(told), strings.ToLower(mark)) {
				t.Errorf("told:\n%s", told)
			}
			for table, column := range everyColumn(t, url) {
				t.Errorf("%s has it in %s", table, column)
			}
			for _, c := range channels {
				for _, m := range fake.Messages(c) {
					if m.Bot && m.Ephemeral == "" && strings.Contains(strings.ToLower(m.Words()), strings.ToLower(mark)) {
						t.Errorf("in %s: %s", c, m.Words())
					}
				}
			}
			folders := []string{data}
			if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
				folders = append(folders, filepath.Dir(file))
			}
			for _, file := range filesWithMark(t, folders) {
				t.Errorf("%s has it", file)
			}
			if strings.Contains(strings.ToLower(n.log.tail()), strings.ToLower(mark)) {
				t.Error("the log has it")
			}
			usher(t, append([]string{"audit", "--verify"}, at...)...)
			if told := usher(t, append([]string{"erase", "mira@zanzibarqux.example"}, at...)...); !strings.Contains(told, "Erased on") {
				t.Error(told)
			}
		})
	}
}

// settled is the export once all that was to be sent is sent.
func settled(t *testing.T, at []string) (exported string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		exported = usher(t, append([]string{"export", "mira@zanzibarqux.example", "--json"}, at...)...)
		busy := false
		for line := range strings.Lines(exported) {
			due := strings.Contains(line, `"state":"running"`) || strings.Contains(line, `"state":"ready"`) && strings.Contains(line, `"kind":"slack.`)
			busy = busy || strings.Contains(line, `"table":"job"`) && due
		}
		if !busy {
			return exported
		}
	}
	t.Fatal("jobs are left")
	return ""
}

// converse tells everything there is to tell, talks with a person in between, and books.
func converse(t *testing.T, n *node, fake *slackfake.Fake, rep string) {
	t.Helper()
	v := visitor{}
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
	for end := time.Now().Add(20 * time.Second); offer.Ask.Type != "slot" && len(offer.Ask.Options) == 0 && time.Now().Before(end); {
		offer, err = v.until(func(f frame) bool { return f.From == "bot" && f.Ask != nil })
		must(t, err)
	}
	must(t, v.send("take", "value", offer.Ask.Options[0].Value))
	_, err = v.until(func(f frame) bool { return strings.HasPrefix(f.Text, "See you") })
	must(t, err)
}

// everyColumn searches every column of every table, also of those that come tomorrow.
func everyColumn(t *testing.T, url string) map[string]string {
	t.Helper()
	driver, at := "pgx", url
	columns := "select table_name, column_name from information_schema.columns where table_schema = current_schema()"
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		driver, at = "sqlite", file
		columns = "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'"
	}
	db, err := sql.Open(driver, at)
	must(t, err)
	defer db.Close()
	rows, err := db.Query(columns)
	must(t, err)
	var all [][2]string
	for rows.Next() {
		var c [2]string
		must(t, rows.Scan(&c[0], &c[1]))
		all = append(all, c)
	}
	must(t, rows.Err())
	rows.Close()
	found := map[string]string{}
	for _, c := range all {
		if c[0] == "revision" { // the flow's own words, before anybody came
			continue
		}
		var n int
		must(t, db.QueryRow(fmt.Sprintf(`select count(*) from %s where lower(cast("%s" as text)) like '%%%s%%' or lower(cast("%[2]s" as text)) like '%%30901820%%'`, c[0], c[1], strings.ToLower(mark))).Scan(&n))
		if n > 0 {
			found[c[0]] = c[1]
		}
	}
	if len(all) < 50 {
		t.Fatalf("%d columns", len(all))
	}
	return found
}

// filesWithMark searches the bytes of every file.
func filesWithMark(t *testing.T, folders []string) (found []string) {
	t.Helper()
	for _, folder := range folders {
		must(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			if bytes.Contains(bytes.ToLower(text), bytes.ToLower([]byte(mark))) {
				found = append(found, path)
			}
			return err
		}))
	}
	return found
}

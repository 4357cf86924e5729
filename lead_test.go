package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"usher/bot"
)

// lead is what these tests read of `usher lead --json`.
type lead struct {
	ID, Email, Domain, Stage, Reason, Grade, Owner string
	First                                          struct{ Channel string }
	Trail                                          []struct{ Kind, From, To, By, Because string }
	Conversations                                  []struct{ ID, Flow, Channel string }
	Meetings                                       []struct{ Rep, Status string }
}

// says has a new visitor of a flow answer its questions.
func says(t *testing.T, n *node, flow string, words ...string) {
	t.Helper()
	v := visitor{flow: flow}
	must(t, v.connect(n.address))
	defer v.close()
	for i, text := range words {
		id := fmt.Sprint("m", i)
		must(t, v.send(id, "text", text))
		must(t, v.acknowledged(id))
	}
}

// shown is the lead once it is as it should be.
func shown(t *testing.T, database, data, who string, is func(lead) bool) (l lead) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		out, err := exec.Command(usherBin, "lead", who, "--json", "--database", database, "--data", data).Output()
		if err == nil {
			l = lead{}
			must(t, json.Unmarshal(out, &l))
			if is(l) {
				return l
			}
		}
	}
	t.Fatalf("%s is not as it should be: %+v", who, l)
	return l
}

func TestALeadIsShownListedAndMoved(t *testing.T) {
	for name, fresh := range databases {
		t.Run(name, func(t *testing.T) {
			database := fresh(t)
			n := startNode(t, database, "--workspace", writeWorkspace(t, oneSlot(2)))
			data := n.args[4]
			says(t, n, "race-0", "Ada@co.example", "ready")
			says(t, n, "race-1", "ada@CO.example")
			l := shown(t, database, data, "ADA@co.example", func(l lead) bool { return len(l.Conversations) == 2 && l.Owner != "" })
			if l.Domain != "co.example" || l.First.Channel != "web" || len(l.Trail) == 0 {
				t.Errorf("%+v", l)
			}
			at := []string{"--database", database, "--data", data}
			usher(t, append([]string{"stage", "ada@co.example", "lost", "--because", "no budget this year", "--by", "ann"}, at...)...)
			l = shown(t, database, data, l.ID, func(l lead) bool { return l.Stage == "lost" })
			if last := l.Trail[len(l.Trail)-1]; last.By != "ann" || last.Because != "no budget this year" || l.Reason != last.Because {
				t.Errorf("%+v", last)
			}
			if out := usher(t, append([]string{"stage", "ada@co.example", "lost", "--because", "again"}, at...)...); out != "ada@co.example is at lost already; nothing is written down.\n" {
				t.Errorf("%q", out)
			}
			if out := usher(t, append([]string{"leads", "--stage", "lost", "--json"}, at...)...); strings.Count(out, "\n") != 1 || !strings.Contains(out, l.ID) {
				t.Errorf("%q", out)
			}
			if out := usher(t, append([]string{"leads", "--stage", "won"}, at...)...); out != "There are no such leads.\n" {
				t.Errorf("%q", out)
			}
			if out := usher(t, append([]string{"lead", "ada@co.example"}, at...)...); !strings.Contains(out, "lost: no budget this year") {
				t.Errorf("%s", out)
			}
			for want, args := range map[int][]string{
				1: {"lead", "nobody@co.example"}, 2: {"stage", "ada@co.example", "customer", "--because", "x"}, -2: {"stage", "ada@co.example", "won"}, -1: {"stage", "nobody@co.example", "won", "--because", "x"},
			} {
				var exit *exec.ExitError
				if err := exec.Command(usherBin, append(args, at...)...).Run(); !errors.As(err, &exit) || exit.ExitCode() != max(want, -want) {
					t.Errorf("%q: %v", args, err)
				}
			}
		})
	}
}

func TestOtherSystemsHearWhatACommandDoesToALead(t *testing.T) {
	told := make(chan string, 16)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var m struct {
			Type string
			Data struct {
				Lead   struct{ Email string }
				Change struct{ To string }
			}
		}
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
			t.Error(err)
		}
		told <- m.Type + " " + m.Data.Lead.Email + " " + m.Data.Change.To
	}))
	t.Cleanup(receiver.Close)
	t.Setenv("USHER_HOOKS_ALLOW", "127.0.0.1")
	t.Setenv("ACME_HOOK", bot.NewSecret())
	files := oneSlot(1)
	files["hooks.yaml"] = "webhooks:\n  - { url: \"" + receiver.URL + "\", secret: \"${ACME_HOOK}\" }\n"
	dir := writeWorkspace(t, files)
	n := startNode(t, databases["sqlite"](t), "--workspace", dir)
	at := []string{"--database", n.args[6], "--data", n.args[4]}
	table := filepath.Join(t.TempDir(), "leads.csv")
	must(t, os.WriteFile(table, []byte("Mail\nada@co.example\n"), 0o600))
	usher(t, append([]string{"import", table, "--map", "email=Mail", "--workspace", dir}, at...)...)
	usher(t, append([]string{"stage", "ada@co.example", "won", "--because", "signed"}, at...)...)
	for _, want := range []string{"lead.created ada@co.example ", "lead.owner_changed ada@co.example waiting import", "lead.stage_changed ada@co.example won"} {
		select {
		case got := <-told:
			if got != want {
				t.Errorf("told %q instead of %q", got, want)
			}
		case <-time.After(patience):
			t.Fatalf("nobody is told %q", want)
		}
	}
}

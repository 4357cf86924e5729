package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/adapters/slack/slackfake"
)

// slackArgs are the settings by which a node works with a workspace of Slack.
func slackArgs(fake *slackfake.Fake) []string {
	return []string{"--slack-token", fake.BotToken(), "--slack-signing-secret", fake.SigningSecret(), "--slack-url", fake.URL()}
}

func awaitSlack(t *testing.T, fake *slackfake.Fake, channel, words string) slackfake.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	m, err := fake.Await(ctx, channel, func(m slackfake.Message) bool { return m.Bot && strings.Contains(m.Words(), words) })
	if err != nil {
		t.Fatalf("no %q: %v\n%+v", words, err, fake.Messages(channel))
	}
	return m
}

// idle waits until the node has no job to do.
func (n *node) idle(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		r, err := http.Get("http://" + n.address + "/metrics")
		must(t, err)
		body, err := io.ReadAll(r.Body)
		must(t, err)
		r.Body.Close()
		if !busyJobs.Match(body) {
			return
		}
	}
	t.Fatal("jobs are left")
}

// busyJobs are jobs in the metrics that are not over.
var busyJobs = regexp.MustCompile(`(?m)^usher_jobs\{state="(ready|running)"\} [1-9]`)

func TestSlack(t *testing.T) {
	for name, database := range databases {
		t.Run("a word that was acknowledged before the process was killed is answered after it, once, on "+name, func(t *testing.T) {
			fake := slackfake.New(slackfake.Options{Unlimited: true, Scale: 0.05})
			t.Cleanup(fake.Close)
			user := fake.User(slackfake.User{ID: "U0PRIYA", RealName: "Priya Iyer", Email: "priya@bigco.example", Timezone: "Asia/Kolkata", Locale: "en-IN"})
			dm := fake.DM(user)
			workspace := writeWorkspace(t, oneSlot(1))
			n := startNode(t, database(t), append(slackArgs(fake), "--workspace", workspace)...)
			fake.Deliver("http://" + n.address)
			must(t, fake.Verify(t.Context()))
			fake.OpenHome(user, "messages")
			awaitSlack(t, fake, dm, "Ready?") // the address is known
			n.idle(t)                         // what is sent but not noted down is looked for when its lease is over, a minute later
			fake.Say(user, dm, "", "ready")
			must(t, fake.Settle(t.Context()))
			n.kill()
			n.start()
			awaitSlack(t, fake, dm, "Take it.")
			count := 0
			for _, m := range fake.Messages(dm) {
				if m.Bot && strings.Contains(m.Words(), "Take it.") {
					count++
				}
			}
			if count != 1 {
				t.Errorf("answered %d times", count)
			}
		})
	}

	t.Run("what Slack refuses stands in /readyz", func(t *testing.T) {
		fake := slackfake.New(slackfake.Options{})
		t.Cleanup(fake.Close)
		fake.Revoke("token_revoked")
		n := startNode(t, databases["sqlite"](t), slackArgs(fake)...)
		var ready struct{ Alarms []string }
		for end := time.Now().Add(patience); len(ready.Alarms) == 0 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			r, err := http.Get("http://" + n.address + "/readyz")
			must(t, err)
			must(t, json.NewDecoder(r.Body).Decode(&ready))
			r.Body.Close()
		}
		if !slices.ContainsFunc(ready.Alarms, func(a string) bool { return strings.Contains(a, "token_revoked") }) {
			t.Errorf("alarms: %q", ready.Alarms)
		}
		if strings.Contains(n.log.tail(), fake.BotToken()) || strings.Contains(n.log.tail(), fake.SigningSecret()) {
			t.Error("a secret stands in the log")
		}
	})
}

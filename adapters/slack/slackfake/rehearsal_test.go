package slackfake_test

import (
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"usher/adapters/slack/slackfake"
	"usher/flows"
)

func TestRehearsal(t *testing.T) {
	ws, problems := flows.Load(flows.Example())
	if ws == nil {
		t.Fatal(problems)
	}
	rehearse := func(t *testing.T, listen, file string) (*slackfake.Rehearsal, error) {
		t.Helper()
		return slackfake.Rehearse(ws.Roster, listen, file, slog.New(slog.DiscardHandler))
	}
	t.Run("the example's reps and channels are all there, and a prospect", func(t *testing.T) {
		f := slackfake.New(slackfake.Options{})
		defer f.Close()
		if missing := f.Cast(ws.Roster); len(missing) > 0 {
			t.Errorf("without a Slack id: %v", missing)
		}
		if n := len(f.Users()); n != len(ws.Roster.Reps)+1 {
			t.Errorf("%d members", n)
		}
		var names []string
		for _, c := range shown(t, open(t, f), slackfake.Prospect).Channels {
			names = append(names, c.Name)
		}
		if got := strings.Join(names, " "); got != "bigco-shelfwise Usher" {
			t.Errorf("the prospect sees %s", got)
		}
	})
	t.Run("what was said is there after a restart, and time goes on", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "slack.json")
		r, err := rehearse(t, "127.0.0.1:0", file)
		must(t, err)
		channel, rep := ws.Roster.Teams[0].Slack, ws.Roster.Reps[0].Slack
		before := r.Say(rep, channel, "", "remember this")
		r.Say(rep, "", "", "and this")
		r.Close()
		r, err = rehearse(t, "127.0.0.1:0", file)
		must(t, err)
		defer r.Close()
		if m := r.Messages(channel); len(m) != 1 || m[0].Text != "remember this" || len(r.Messages(rep)) != 1 {
			t.Errorf("%v", m)
		}
		if after := r.Say(rep, channel, "", "more"); after <= before {
			t.Errorf("%s after %s", after, before)
		}
	})
	t.Run("the page is refused on an address that others reach", func(t *testing.T) {
		if r, err := rehearse(t, "0.0.0.0:0", ""); err == nil {
			r.Close()
			t.Error("it was served to the world")
		} else if !strings.Contains(err.Error(), "no sign-in") {
			t.Error(err)
		}
	})
	t.Run("the end does not wait for open pages", func(t *testing.T) {
		r, err := rehearse(t, "127.0.0.1:0", "")
		must(t, err)
		res, err := http.Get(r.Address + "/live")
		must(t, err)
		defer res.Body.Close()
		r.Close()
	})
	t.Run("the page stands beside the server, or anywhere free", func(t *testing.T) {
		for listen, want := range map[string]string{"127.0.0.1:0": "127.0.0.1:0", "nonsense": "127.0.0.1:0", ":65535": "127.0.0.1:0"} {
			if got := slackfake.Beside(listen); got != want {
				t.Errorf("%s: %s, not %s", listen, got, want)
			}
		}
		r, err := rehearse(t, "127.0.0.1:0", "")
		must(t, err)
		defer r.Close()
		address := strings.TrimPrefix(r.Address, "http://")
		if got := slackfake.Beside(address); got == address {
			t.Errorf("%s is taken", got)
		}
	})
}

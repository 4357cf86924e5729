package main

import (
	"context"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// served runs a command that serves until both of its addresses are told, and gives them.
func served(t *testing.T, stop func(*exec.Cmd), args ...string) (site, page string) {
	t.Helper()
	cmd := exec.Command(usherBin, args...)
	cmd.Env = append(cmd.Environ(), "USHER_SLACK_TOKEN=")
	out := &logBuffer{}
	cmd.Stdout, cmd.Stderr = out, out
	must(t, cmd.Start())
	t.Cleanup(func() { stop(cmd) })
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for ctx.Err() == nil {
		if all := address.FindAllString(out.tail(), -1); strings.Contains(out.tail(), "own Slack: http") && len(all) >= 2 {
			return all[len(all)-2], all[len(all)-1]
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("the addresses were not told:\n%s", out.tail())
	return "", ""
}

func gently(cmd *exec.Cmd)  { cmd.Process.Signal(syscall.SIGTERM); cmd.Wait() }
func roughly(cmd *exec.Cmd) { cmd.Process.Kill(); cmd.Wait() }

func TestRehearse(t *testing.T) {
	read := func(t *testing.T, address string) string {
		t.Helper()
		r, err := http.Get(address)
		must(t, err)
		defer r.Body.Close()
		data, err := io.ReadAll(r.Body)
		must(t, err)
		return string(data)
	}
	t.Run("usher alone tells where the reps' Slack is, and so does a rehearsal", func(t *testing.T) {
		for _, args := range [][]string{{"--listen", "127.0.0.1:0"}, {"slack", "rehearse", "--listen", "127.0.0.1:0"}} {
			site, page := served(t, gently, append(args, "--data", t.TempDir())...)
			if !strings.Contains(read(t, site), "widget.js") || !strings.Contains(read(t, page), "Slack rehearsal") {
				t.Errorf("%v: %s and %s are not the site and the page", args, site, page)
			}
		}
	})
	t.Run("usher serve has the page when it is given an address", func(t *testing.T) {
		for _, of := range [][]string{nil, {"--workspace", writeWorkspace(t, oneSlot(1))}} {
			_, page := served(t, gently, append([]string{"serve", "--listen", "127.0.0.1:0", "--slack-page", "127.0.0.1:0", "--data", t.TempDir()}, of...)...)
			if !strings.Contains(read(t, page), "Slack rehearsal") {
				t.Errorf("%v: there is none", of)
			}
		}
	})
	t.Run("a rehearsal that was killed comes back", func(t *testing.T) {
		args := []string{"slack", "rehearse", "--listen", "127.0.0.1:0", "--data", t.TempDir()}
		t.Run("first", func(t *testing.T) { served(t, roughly, args...) })
		t.Run("again", func(t *testing.T) { served(t, gently, args...) })
	})
	t.Run("a rehearsal is for this machine alone", func(t *testing.T) {
		workspace := writeWorkspace(t, oneSlot(1))
		for _, args := range [][]string{
			{"slack", "rehearse", "--listen", "0.0.0.0:0"},
			{"slack", "rehearse", "--listen", "127.0.0.1:0", "--slack-page", "0.0.0.0:0"},
			{"serve", "--workspace", workspace, "--listen", "127.0.0.1:0", "--slack-page", "0.0.0.0:0"},
		} {
			out, err := exec.Command(usherBin, append(args, "--data", t.TempDir())...).CombinedOutput()
			if err == nil || !strings.Contains(string(out), "this machine alone") {
				t.Errorf("%v: %v %s", args, err, out)
			}
		}
	})
}

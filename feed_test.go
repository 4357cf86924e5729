package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// feed is a rep's calendar on a web server that counts how often it is read.
type feed struct {
	*httptest.Server
	reads atomic.Int32
}

func serveFeed(t *testing.T) *feed {
	f := &feed{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		f.reads.Add(1)
		fmt.Fprintf(w, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:%s\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
			time.Now().UTC().Format("20060102T150405Z"))
	}))
	t.Cleanup(f.Close)
	return f
}

// read waits until the calendar was read so often.
func (f *feed) read(t *testing.T, times int32) {
	t.Helper()
	for deadline := time.Now().Add(patience); f.reads.Load() < times; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("read %d times, not %d", f.reads.Load(), times)
		}
	}
}

// withFeed is a workspace whose first rep has the calendar.
func withFeed(t *testing.T, f *feed) string {
	t.Helper()
	files := oneSlot(1)
	files["team.yaml"] = strings.Replace(files["team.yaml"], "hours: noon }", "hours: noon, calendar: \""+f.URL+"/rep.ics\" }", 1)
	return writeWorkspace(t, files)
}

func TestOneNodeReadsACalendarAndAnotherFollowsWhenItDies(t *testing.T) {
	f := serveFeed(t)
	url, workspace := databases["postgresql"](t), withFeed(t, f)
	a := startNode(t, url, "--workspace", workspace, "--calendar-allow", "127.0.0.1")
	f.read(t, 1)
	startNode(t, url, "--workspace", workspace, "--calendar-allow", "127.0.0.1")
	if n := f.reads.Load(); n != 1 {
		t.Errorf("both nodes read it: %d times", n)
	}
	a.kill()
	f.read(t, 2)
}

func TestAnInnerAddressIsNotReadUnlessItIsNamed(t *testing.T) {
	f := serveFeed(t)
	n := startNode(t, "sqlite:"+filepath.Join(t.TempDir(), "usher.db"), "--workspace", withFeed(t, f))
	for deadline := time.Now().Add(patience); !strings.Contains(ready(t, n), "USHER_CALENDAR_ALLOW"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the operator is not told: %s", ready(t, n))
		}
	}
	if f.reads.Load() != 0 {
		t.Error("it was read")
	}
	if log := n.log.tail(); strings.Contains(log, "/rep.ics") || !strings.Contains(log, "rep=rep-0") {
		t.Error("the log says which rep, and no address of a feed")
	}
}

func TestSlotsSeeWhatTheServerSees(t *testing.T) {
	f := serveFeed(t)
	day := func(days int) string { return time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly) }
	cmd := exec.CommandContext(t.Context(), usherBin, "slots", withFeed(t, f), "--team", "team-0", "--from", day(1), "--to", day(2), "--json")
	cmd.Env = append(cmd.Environ(), "USHER_CALENDAR_ALLOW=127.0.0.1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), `"reps":["rep-0"]`) || f.reads.Load() != 1 {
		t.Errorf("%v, read %d times\n%s", err, f.reads.Load(), out)
	}
}

func TestRehearsalsDialNobody(t *testing.T) {
	f := serveFeed(t)
	workspace := withFeed(t, f)
	must(t, os.Mkdir(filepath.Join(workspace, "stories"), 0o700))
	story := "story: one\nflow: race-0\nnow: 2026-11-23T09:00:00Z\nturns:\n  - visitor: a@bigco.example\n  - visitor: ready\n  - visitor: 1\n  - expect: { end: qualified, rep: rep-0 }\n"
	must(t, os.WriteFile(filepath.Join(workspace, "stories", "one.yaml"), []byte(story), 0o600))
	for _, args := range [][]string{
		{"stories", workspace}, {"simulate", workspace, "--visitors", "20"}, {"chat", workspace, "--flow", "race-0"},
	} {
		cmd := exec.CommandContext(t.Context(), usherBin, args...)
		cmd.Env = append(cmd.Environ(), "USHER_CALENDAR_ALLOW=127.0.0.1")
		cmd.Stdin = strings.NewReader("a@bigco.example\nready\nfirst\n")
		out, err := cmd.CombinedOutput()
		if said := "count as free: rep-0\n"; err != nil || f.reads.Load() != 0 || strings.Count(string(out), said) != 1 {
			t.Errorf("%v: %v, read %d times, or not said once: %q\n%s", args[0], err, f.reads.Load(), said, out)
		}
	}
}

// ready is what the node says of itself.
func ready(t *testing.T, n *node) string {
	t.Helper()
	r, err := http.Get("http://" + n.address + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var b strings.Builder
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAChangedCalendarFileIsSeenAfterAKill(t *testing.T) {
	files := oneSlot(1)
	files["team.yaml"] = strings.Replace(files["team.yaml"], "hours: noon }", "hours: noon, calendar: rep.ics }", 1)
	files["rep.ics"] = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
	workspace := writeWorkspace(t, files)
	n := startNode(t, "sqlite:"+filepath.Join(t.TempDir(), "usher.db"), "--workspace", workspace)
	n.kill()
	n.start()
	if err := os.WriteFile(filepath.Join(workspace, "rep.ics"), []byte("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); !strings.Contains(ready(t, n), "ends in the middle"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it is not seen: %s", ready(t, n))
		}
	}
}

func TestALinkIsSignedWithTheServersKeyOrNotMade(t *testing.T) {
	files := oneSlot(1)
	files["team.yaml"] = strings.Replace(files["team.yaml"], "hours: noon }", "hours: noon, calendar: { google: rep@acme.example } }", 1)
	workspace, folder := writeWorkspace(t, files), filepath.Join(t.TempDir(), "data")
	for _, command := range []string{"feed", "connect"} {
		link := func() (string, error) {
			cmd := exec.Command(usherBin, "calendar", command, "rep-0", "--workspace", workspace, "--data", folder)
			cmd.Env = append(os.Environ(), "USHER_KEY=")
			out, err := cmd.CombinedOutput()
			return string(out), err
		}
		if out, err := link(); err == nil || !strings.Contains(out, "there is no key in "+folder+"; ") {
			t.Errorf("%s: %v\n%s", command, err, out)
		}
		if _, err := os.Stat(folder); err == nil {
			t.Fatalf("%s has made the folder", command)
		}
		must(t, os.Mkdir(folder, 0o700))
		must(t, os.WriteFile(filepath.Join(folder, "key"), []byte(strings.Repeat("k", 32)), 0o600))
		if out, err := link(); err != nil || !strings.Contains(out, "http") {
			t.Errorf("%s beside a key: %v\n%s", command, err, out)
		}
		must(t, os.RemoveAll(folder))
	}
}

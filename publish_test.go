package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// question is a workspace that asks one thing.
func question(words string) map[string]string {
	files := oneSlot(1)
	files["race-0.yaml"] = strings.Replace(files["race-0.yaml"], "Which address?", words, 1)
	return files
}

// rewrite replaces the files of a workspace by rename, as editors do.
func rewrite(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		must(t, os.WriteFile(filepath.Join(dir, "."+name), []byte(text), 0o644))
		must(t, os.Rename(filepath.Join(dir, "."+name), filepath.Join(dir, name)))
	}
}

// usher runs a command and gives what it printed.
func usher(t *testing.T, args ...string) string {
	t.Helper()
	var out, complaint bytes.Buffer
	cmd := exec.Command(usherBin, args...)
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		t.Fatalf("usher %v: %v\n%s%s", args, err, out.String(), complaint.String())
	}
	return out.String()
}

// asked is what a new visitor of the node is asked first.
func asked(t *testing.T, n *node) string {
	t.Helper()
	v := visitor{flow: "race-0"}
	if err := v.connect(n.address); err != nil {
		return err.Error()
	}
	defer v.close()
	f, err := v.until(func(f frame) bool { return f.From == "bot" })
	if err != nil {
		return err.Error()
	}
	return f.Text
}

// ask waits until new visitors of every node are asked so, and gives how long that took.
func ask(t *testing.T, words string, nodes ...*node) time.Duration {
	t.Helper()
	began := time.Now()
	for _, n := range nodes {
		for got := ""; got != words; got = asked(t, n) {
			if time.Since(began) > patience {
				t.Fatalf("%s asks %q, not %q", n.address, asked(t, n), words)
			}
		}
	}
	return time.Since(began)
}

// revisionOf is what /readyz says is served.
func revisionOf(t *testing.T, n *node) string {
	t.Helper()
	r, err := http.Get("http://" + n.address + "/readyz")
	must(t, err)
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	must(t, err)
	var ready struct{ Revision string }
	must(t, json.Unmarshal(data, &ready))
	return ready.Revision
}

func TestPublishing(t *testing.T) {
	for name, database := range databases {
		t.Run("a server without a folder serves what is published, and goes back, on "+name, func(t *testing.T) {
			url := database(t)
			usher(t, "publish", writeWorkspace(t, question("One?")), "--database", url)
			n := startNode(t, url)
			ask(t, "One?", n)
			talker := visitor{flow: "race-0"}
			must(t, talker.connect(n.address))
			defer talker.close()
			usher(t, "publish", writeWorkspace(t, question("Two?")), "--database", url, "--note", "second")
			t.Logf("it took %s", ask(t, "Two?", n))
			must(t, talker.send("mail", "text", "someone@bigco.example"))
			if _, err := talker.until(func(f frame) bool { return f.Text == "Ready?" }); err != nil {
				t.Errorf("the conversation in progress does not go on: %v", err)
			}
			usher(t, "rollback", "--database", url)
			ask(t, "One?", n)
			n.kill()
			n.start()
			ask(t, "One?", n)
			lines := strings.Split(strings.TrimSpace(usher(t, "revisions", "--json", "--database", url)), "\n")
			if len(lines) != 3 || !strings.Contains(lines[1], `"note":"second"`) || !strings.Contains(lines[0], `"kind":"rollback"`) || !strings.Contains(lines[0], `"current":true`) {
				t.Errorf("%q", lines)
			}
		})
	}
	t.Run("several nodes switch together, and none flaps when it is killed and comes back", func(t *testing.T) {
		url := databases["postgresql"](t)
		shared, old := writeWorkspace(t, question("One?")), writeWorkspace(t, question("One?"))
		a := startNode(t, url, "--workspace", shared)
		b := startNode(t, url, "--workspace", shared)
		late := startNode(t, url, "--workspace", old) // its folder is never brought up to date
		bare := startNode(t, url)
		all := []*node{a, b, late, bare}
		ask(t, "One?", all...)

		rewrite(t, shared, question("Two?"))
		t.Logf("a change of the folder took %s", ask(t, "Two?", all...))
		usher(t, "publish", writeWorkspace(t, question("Three?")), "--database", url)
		t.Logf("a command took %s", ask(t, "Three?", all...))
		for round := range 3 {
			for _, n := range all {
				n.kill()
			}
			for _, n := range all {
				n.start()
			}
			want := fmt.Sprintf("Round %d?", round)
			ask(t, "Three?", all...)
			rewrite(t, shared, question(want))
			a.kill() // perhaps between its publication and its own switch
			a.start()
			ask(t, want, all...)
			usher(t, "rollback", "--database", url, "--note", want)
			ask(t, "Three?", all...)
		}
		revision := revisionOf(t, a)
		for _, n := range all {
			if got := revisionOf(t, n); got != revision {
				t.Errorf("%s serves %s, not %s", n.address, got, revision)
			}
		}
		// One?, Two?, Three?, and in each round the change and the way back.
		if got := strings.Count(usher(t, "revisions", "--json", "--limit", "100", "--database", url), "\n"); got != 3+2*3 {
			t.Errorf("%d publications:\n%s", got, usher(t, "revisions", "--database", url))
		}
		if !strings.Contains(late.log.tail(), "to publish the folder: usher publish DIR") {
			t.Error("the node with the old folder did not say so")
		}
	})
	t.Run("a broken folder stops a publish, and a broken edit leaves the server as it is", func(t *testing.T) {
		url := databases["sqlite"](t)
		dir := writeWorkspace(t, question("One?"))
		n := startNode(t, url, "--workspace", dir)
		rewrite(t, dir, map[string]string{"race-0.yaml": "flow: race-0\nsteps: [{ id: a, aks: name }]\n"})
		out, err := exec.Command(usherBin, "publish", dir, "--database", url).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "race-0.yaml:2:18") || !strings.Contains(string(out), "nothing was published") {
			t.Errorf("%v: %s", err, out)
		}
		ask(t, "One?", n)
		n.kill()
		n.start()
		ask(t, "One?", n)
	})
}

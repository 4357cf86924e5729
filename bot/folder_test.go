package bot_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"usher/bot"
	"usher/flows"
	"usher/store"
)

// office is a bot that was started with a folder on the disk and follows it.
type office struct {
	*stage
	dir     string
	folder  *bot.Folder
	watched *watched // nil = the folder is followed by the machine's clock
}

// watched counts how often the folder is looked at.
type watched struct {
	fs.FS
	looks atomic.Int64
}

func (w *watched) Open(name string) (fs.File, error) {
	if name == "." {
		w.looks.Add(1)
	}
	return w.FS.Open(name)
}

// still is an office whose folder is followed by the stage's clock, which stands until the test moves it.
func still(t *testing.T) *office {
	t.Helper()
	o := &office{stage: unopened(t, file(t)), dir: t.TempDir()}
	o.watched = &watched{FS: os.DirFS(o.dir)}
	for name, f := range workspace {
		o.write(name, string(f.Data))
	}
	o.open()
	return o
}

// looked waits until what is in the folder now was looked at.
func (o *office) looked() {
	o.t.Helper()
	before := o.watched.looks.Load()
	eventually(o.t, "the folder is looked at", func() bool { return o.watched.looks.Load() > before+3 }) // a look takes up to two
}

// elapse lets time pass after the folder was looked at, and has it looked at again.
func (o *office) elapse(d time.Duration) {
	o.t.Helper()
	o.looked()
	o.pass(d)
	o.looked()
}

// settle is longer than a good change takes to be taken.
const settle = 2500 * time.Millisecond

func newOffice(t *testing.T) *office { return newOfficeIn(t, t.TempDir()) }

// newOfficeIn starts with the workspace in a folder under root.
func newOfficeIn(t *testing.T, root string) *office {
	t.Helper()
	o := &office{stage: unopened(t, file(t)), dir: root}
	for name, f := range workspace {
		o.write(name, string(f.Data))
	}
	o.open()
	return o
}

// unopened is a bot that serves nothing yet.
func unopened(t *testing.T, url string) *stage {
	t.Helper()
	memory, err := store.Open(t.Context(), url, store.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, memory.Close()) })
	s := &stage{t: t, at: time.Now().UTC()}
	s.Bot = &bot.Bot{Store: memory, Now: s.now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Carriers: map[string]bot.Carrier{}}
	return s
}

// open starts with the folder and follows it.
func (o *office) open() {
	o.t.Helper()
	o.folder = &bot.Folder{Files: os.DirFS(o.dir), Who: "here:" + o.dir}
	if o.watched != nil {
		o.folder.Files, o.folder.Now = o.watched, o.now
	}
	must(o.t, o.Start(o.t.Context(), o.folder))
	o.background(func(ctx context.Context) { o.Follow(ctx, o.folder) })
}

func (o *office) path(name string) string { return filepath.Join(o.dir, name) }

func (o *office) write(name, text string) {
	o.t.Helper()
	must(o.t, os.MkdirAll(filepath.Dir(o.path(name)), 0o755))
	must(o.t, os.WriteFile(o.path(name), []byte(text), 0o644))
}

// asks is the flow with another first question.
func asks(question string) string {
	return strings.Replace(string(workspace["talk.yaml"].Data), "How many?", question, 1)
}

// serves waits until new visitors are asked so.
func (o *office) serves(question string) {
	o.t.Helper()
	eventually(o.t, "the flow asks "+question, func() bool { return o.question() == question })
}

func (o *office) question() string {
	f := o.Workspace().Flow("talk")
	if f == nil {
		return ""
	}
	return f.Step("size").Say.Written("en")
}

// revisions are what was published, the oldest first.
func (o *office) revisions() (all []string) {
	o.t.Helper()
	published, err := o.Store.Publications(o.t.Context(), 100)
	must(o.t, err)
	for _, p := range slices.Backward(published) {
		all = append(all, p.Revision)
	}
	return all
}

func TestFollow(t *testing.T) {
	t.Parallel()
	for sentence, body := range map[string]func(t *testing.T){
		"a file that is written over is taken":                    writtenOver,
		"a file that an editor writes by rename is taken":         byRename,
		"a folder that is swapped by a link is taken":             bySwap,
		"files that are links to a folder that is swapped":        byData,
		"half of a set of files is not taken":                     halfASet,
		"a file that vanishes for a moment is not missed":         aMoment,
		"a file that is taken away stays away":                    takenAway,
		"a change that keeps size and time is found all the same": hiddenChange,
		"a file that is only touched publishes nothing":           touched,
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			body(t)
		})
	}
}

func writtenOver(t *testing.T) {
	o := newOffice(t)
	o.write("talk.yaml", asks("How many then?"))
	o.serves("How many then?")
	if n := len(o.revisions()); n != 2 {
		t.Errorf("%d publications", n)
	}
}

func byRename(t *testing.T) {
	o := newOffice(t)
	o.write(".talk.yaml.swp", asks("Half of"))
	o.write("talk.yaml~", asks("Old"))
	must(t, os.Rename(o.path(".talk.yaml.swp"), o.path("talk.yaml")))
	o.serves("Half of")
}

func bySwap(t *testing.T) {
	root := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(root, "v1"), 0o755))
	must(t, os.Symlink("v1", filepath.Join(root, "current")))
	o := newOfficeIn(t, filepath.Join(root, "current"))
	v2 := &office{stage: o.stage, dir: filepath.Join(root, "v2")}
	v2.write("team.yaml", string(workspace["team.yaml"].Data))
	v2.write("talk.yaml", asks("And now?"))
	must(t, os.Symlink("v2", filepath.Join(root, "next")))
	must(t, os.Rename(filepath.Join(root, "next"), filepath.Join(root, "current")))
	o.serves("And now?")
}

// byData is how Kubernetes mounts a ConfigMap: each file is a link into ..data, itself a link that is swapped.
func byData(t *testing.T) {
	root := t.TempDir()
	v1 := &office{stage: unopened(t, file(t)), dir: filepath.Join(root, "..2026_1")}
	v1.write("team.yaml", string(workspace["team.yaml"].Data))
	v1.write("talk.yaml", asks("How many?"))
	must(t, os.Symlink("..2026_1", filepath.Join(root, "..data")))
	for _, name := range []string{"talk.yaml", "team.yaml"} {
		must(t, os.Symlink("..data/"+name, filepath.Join(root, name)))
	}
	o := &office{stage: v1.stage, dir: root}
	o.open()
	v2 := &office{stage: o.stage, dir: filepath.Join(root, "..2026_2")}
	v2.write("team.yaml", string(workspace["team.yaml"].Data))
	v2.write("talk.yaml", asks("How many now?"))
	must(t, os.Symlink("..2026_2", filepath.Join(root, "..data_tmp")))
	must(t, os.Rename(filepath.Join(root, "..data_tmp"), filepath.Join(root, "..data")))
	must(t, os.RemoveAll(filepath.Join(root, "..2026_1")))
	o.serves("How many now?")
	if n := len(o.revisions()); n != 2 {
		t.Errorf("%d publications of one swap", n)
	}
}

// halfASet writes files one after the other, slower than the folder is looked at; each state between is good by itself.
func halfASet(t *testing.T) {
	o := still(t)
	for _, question := range []string{"one", "two", "three"} {
		o.write("talk.yaml", asks(question))
		o.write("more-"+question+".yaml", "flow: more-"+question+"\nshow: { pages: [/more] }\nsteps: [{ id: bye, end: nurture, say: Bye. }]\n")
		o.elapse(900 * time.Millisecond)
	}
	o.pass(settle)
	o.serves("three")
	if n := len(o.revisions()); n != 2 || len(o.Workspace().Flows) != 4 {
		t.Errorf("%d publications, %d flows", n, len(o.Workspace().Flows))
	}
}

func aMoment(t *testing.T) {
	o := still(t)
	o.write("more.yaml", "flow: more\nshow: { pages: [/more] }\nsteps: [{ id: bye, end: nurture, say: Bye. }]\n")
	o.elapse(settle)
	eventually(t, "both flows are served", func() bool { return len(o.Workspace().Flows) == 2 })
	must(t, os.Rename(o.path("more.yaml"), o.path("more.away")))
	o.elapse(settle)
	if len(o.Workspace().Flows) != 2 || len(o.Problems()) > 0 {
		t.Fatal("the vanished file was missed at once")
	}
	must(t, os.Rename(o.path("more.away"), o.path("more.yaml")))
	o.write("talk.yaml", asks("Later?"))
	o.elapse(settle)
	o.serves("Later?")
	if n := len(o.revisions()); n != 3 {
		t.Errorf("%d publications", n)
	}
}

func takenAway(t *testing.T) {
	o := newOffice(t)
	o.write("more.yaml", "flow: more\nshow: { pages: [/more] }\nsteps: [{ id: bye, end: nurture, say: Bye. }]\n")
	eventually(t, "both flows are served", func() bool { return len(o.Workspace().Flows) == 2 })
	must(t, os.Remove(o.path("more.yaml")))
	eventually(t, "the flow is gone", func() bool { return len(o.Workspace().Flows) == 1 })
}

func hiddenChange(t *testing.T) {
	o := &office{stage: unopened(t, file(t)), dir: t.TempDir()}
	o.write("team.yaml", string(workspace["team.yaml"].Data))
	o.write("talk.yaml", asks("How many?"))
	o.write("talk.new", asks("Any more?"))
	at := time.Now().Add(-time.Hour)
	for _, name := range []string{"talk.yaml", "talk.new"} {
		must(t, os.Chtimes(o.path(name), at, at))
	}
	o.open()
	must(t, os.Rename(o.path("talk.new"), o.path("talk.yaml")))
	for end := time.Now().Add(time.Minute); o.question() != "Any more?"; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it was not found")
		}
	}
}

func touched(t *testing.T) {
	o := newOffice(t)
	now := time.Now().Add(time.Minute)
	must(t, os.Chtimes(o.path("talk.yaml"), now, now))
	o.write("more.yml", "flow: more\nsteps: [{ id: bye, end: nurture, say: Bye. }]\n")
	eventually(t, "both flows are served", func() bool { return len(o.Workspace().Flows) == 2 })
	if n := len(o.revisions()); n != 2 {
		t.Errorf("%d publications", n)
	}
}

func TestStart(t *testing.T) {
	at := func(text string) map[string]time.Time {
		return map[string]time.Time{"talk.yaml": instant(t, text), "team.yaml": instant(t, text), ".": instant(t, text)}
	}
	const revisionOf = "How many?"
	for _, c := range []struct {
		sentence string
		before   []start // what other folders and people did before
		changed  string  // when the folder changed last
		want     string  // the question that is asked
	}{
		{"nothing is published: the folder is", nil, "10:00", revisionOf},
		{"the folder is what is published", []start{{"10:00", bot.ByCommand, revisionOf}}, "09:00", revisionOf},
		{"the folder is older than what another folder published", []start{{"10:00", bot.ByFolder, revisionOf}, {"11:00", bot.ByFolder, "Newer?"}}, "12:00", "Newer?"},
		{"the folder is new here, after another folder", []start{{"10:00", bot.ByFolder, "Newer?"}}, "09:00", revisionOf},
		{"the folder is new here, and did not change since a command", []start{{"10:00", bot.ByCommand, "Newer?"}}, "09:00", "Newer?"},
		{"the folder is new here, and changed after a command", []start{{"10:00", bot.ByCommand, "Older?"}}, "11:00", revisionOf},
		{"somebody went back since the folder was published", []start{{"09:00", bot.ByFolder, "Older?"}, {"10:00", bot.ByFolder, revisionOf}, {"11:00", bot.ByRollback, "Older?"}}, "09:59", "Older?"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			o := &office{stage: unopened(t, file(t)), dir: t.TempDir()}
			for _, b := range c.before {
				b.do(t, o.Store)
			}
			o.write("team.yaml", string(workspace["team.yaml"].Data))
			o.write("talk.yaml", asks(revisionOf))
			for name, when := range at(c.changed) {
				must(t, os.Chtimes(o.path(name), when, when))
			}
			o.folder = &bot.Folder{Files: os.DirFS(o.dir), Who: "here:" + o.dir}
			must(t, o.Start(t.Context(), o.folder))
			if got := o.question(); got != c.want {
				t.Errorf("it asks %q", got)
			}
		})
	}
	t.Run("a folder that changed back while its node was down is served", func(t *testing.T) {
		o := &office{stage: unopened(t, file(t)), dir: t.TempDir()}
		o.write("team.yaml", string(workspace["team.yaml"].Data))
		for _, question := range []string{"How many?", "How many then?", "How many?"} {
			o.write("talk.yaml", asks(question))
			node := &bot.Bot{Store: o.Store, Now: time.Now, Log: o.Log}
			later := time.Now().Add(time.Minute)
			must(t, os.Chtimes(o.path("talk.yaml"), later, later))
			must(t, node.Start(t.Context(), &bot.Folder{Files: os.DirFS(o.dir), Who: "here:" + o.dir}))
			o.Bot = node
			if got := o.question(); got != question {
				t.Errorf("it asks %q, not %q", got, question)
			}
		}
	})
	t.Run("a broken folder starts where something is published, and says where it is broken", func(t *testing.T) {
		o := &office{stage: unopened(t, file(t)), dir: t.TempDir()}
		o.write("talk.yaml", "flow: talk\nsteps: [{ id: a, ask: nothing }]\n")
		f := &bot.Folder{Files: os.DirFS(o.dir), Who: "here:" + o.dir}
		var problems flows.Problems
		if err := o.Start(t.Context(), f); !errors.As(err, &problems) {
			t.Fatalf("nothing is published, and it started: %v", err)
		}
		start{"10:00", bot.ByCommand, "Sound?"}.do(t, o.Store)
		must(t, o.Start(t.Context(), f))
		if o.question() != "Sound?" || len(o.Problems()) == 0 || o.Problems()[0].File != "talk.yaml" {
			t.Errorf("it asks %q; problems %v", o.question(), o.Problems())
		}
	})
	t.Run("without a folder what is published is served, or there is nothing to serve", func(t *testing.T) {
		s := unopened(t, file(t))
		if err := s.Resume(t.Context()); !errors.Is(err, bot.ErrNotFound) {
			t.Fatal(err)
		}
		start{"10:00", bot.ByCommand, "Stored?"}.do(t, s.Store)
		must(t, s.Resume(t.Context()))
		if got := (&office{stage: s}).question(); got != "Stored?" {
			t.Errorf("it asks %q", got)
		}
	})
}

// start is something that was published before.
type start struct{ at, kind, question string }

func (s start) do(t *testing.T, to bot.Store) {
	t.Helper()
	w := load(t, fstest.MapFS{"team.yaml": workspace["team.yaml"], "talk.yaml": {Data: []byte(asks(s.question))}})
	_, err := bot.Publish(t.Context(), to, bot.Publication{Revision: w.Revision, At: instant(t, s.at), Who: "elsewhere", Kind: s.kind}, w.Sources)
	must(t, err)
}

// instant is a time of the day before yesterday.
func instant(t *testing.T, clock string) time.Time {
	t.Helper()
	at, err := time.Parse("15:04", clock)
	must(t, err)
	return time.Now().UTC().Truncate(24 * time.Hour).Add(-48*time.Hour + time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute)
}

func TestNodesFollowWhatIsPublished(t *testing.T) {
	t.Parallel() // most of it is waiting
	t.Run("a node serves what another publishes, and its folder comes again only when it changes", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		o.background(o.Run)
		start{"10:00", bot.ByCommand, "By command?"}.do(t, o.Store)
		o.serves("By command?")
		o.write("talk.yaml", asks("By folder?"))
		o.serves("By folder?")
		if _, err := bot.Rollback(t.Context(), o.Store, "", bot.Publication{At: o.now(), Who: "mira"}, func(string) error { return nil }); err != nil {
			t.Fatal(err)
		}
		o.serves("By command?")
		o.write("talk.yaml", "flow: talk\nsteps: [{ id: a, ask: nothing }]\n")
		eventually(t, "the problem is told", func() bool { return len(o.Problems()) > 0 })
		o.write("talk.yaml", asks("By folder?"))
		eventually(t, "it is over", func() bool { return len(o.Problems()) == 0 })
		if o.question() != "By command?" || len(o.revisions()) != 4 {
			t.Errorf("a folder that is as it was came before what is published: %q, %d publications", o.question(), len(o.revisions()))
		}
	})
	t.Run("of two nodes with one folder one publishes a change, and none brings back what was replaced since", func(t *testing.T) {
		t.Parallel()
		first := newOffice(t)
		first.background(first.Run)
		kept := t.TempDir()
		must(t, os.CopyFS(kept, os.DirFS(first.dir)))
		slow := &lagging{FS: os.DirFS(first.dir), now: os.DirFS(kept)}
		second := &bot.Bot{Store: first.Store, Now: first.now, Log: first.Log}
		f := &bot.Folder{Files: slow, Who: "there:" + first.dir}
		must(t, second.Start(t.Context(), f))
		first.background(func(ctx context.Context) { second.Follow(ctx, f) })
		first.background(second.Run)

		first.write("talk.yaml", asks("Two?"))
		first.serves("Two?")
		start{"10:00", bot.ByCommand, "Three?"}.do(t, first.Store)
		first.serves("Three?")
		slow.catchUp()
		for began := time.Now(); time.Since(began) < settle; time.Sleep(10 * time.Millisecond) {
			if q := first.question(); q != "Three?" {
				t.Fatalf("it asks %q again", q)
			}
		}
		first.write("more.yaml", "flow: more\nshow: { pages: [/more] }\nsteps: [{ id: bye, end: nurture, say: Bye. }]\n")
		eventually(t, "both serve the next change", func() bool {
			return len(first.Workspace().Flows) == 2 && second.Workspace().Revision == first.Workspace().Revision
		})
		if n := len(first.revisions()); n != 4 {
			t.Errorf("%d publications", n)
		}
	})
	t.Run("a publication that this program cannot read leaves the last good one", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		o.background(o.Run)
		_, err := bot.Publish(t.Context(), o.Store, bot.Publication{Revision: "newer", At: o.now(), Who: "x", Kind: bot.ByCommand}, map[string]string{"talk.yaml": "flow: talk\nsteps: [{ id: a, aks: name }]\n"})
		must(t, err)
		eventually(t, "the problem is told", func() bool { return len(o.Problems()) > 0 })
		if o.question() != "How many?" {
			t.Errorf("it asks %q", o.question())
		}
		start{"10:00", bot.ByCommand, "Mended?"}.do(t, o.Store)
		o.serves("Mended?")
		if len(o.Problems()) > 0 {
			t.Error(o.Problems())
		}
	})
}

// lagging is a folder on a network file system whose changes are seen late.
type lagging struct {
	fs.FS
	mu  sync.Mutex
	now fs.FS
}

func (l *lagging) Open(name string) (fs.File, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now.Open(name)
}

func (l *lagging) catchUp() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = l.FS
}

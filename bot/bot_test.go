package bot_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
	"usher/store"
	"usher/store/fresh"
)

// workspace is a small one: a question, an address, a meeting with one rep who works all day.
var workspace = fstest.MapFS{
	"talk.yaml": {Data: []byte(`
flow: talk
title: Talk
languages: [en]
fields:
  seats: { type: number, min: 1, label: Seats }
steps:
  - { id: size, ask: seats, say: How many? }
  - { id: mail, ask: email, say: Which address? }
  - { id: meet, book: { minutes: 30 }, say: Which time? }
  - { id: done, end: qualified, say: "{{ booked ? 'See you ' + meeting.starts : 'No time' }}" }
score:
  - { if: seats >= 100, points: 60, because: 100 seats or more }
grades: { hot: 60, cold: 0 }
`)},
	"team.yaml": {Data: []byte(`
timezone: UTC
hours:
  all: { mon-sun: "00:00-24:00" }
reps:
  - { id: asha, name: Asha Rao, email: asha@acme.example, hours: all }
teams:
  - { id: sales, reps: [asha], assign: fair }
meeting: { buffer: 0m, notice: 1h, horizon: 7d, every: 30m }
routes:
  - { to: sales }
`)},
}

// stage is a bot on a real store with a clock that tests move.
type stage struct {
	*bot.Bot
	t  *testing.T
	mu sync.Mutex
	at time.Time
}

func newStage(t *testing.T) *stage { return newStageOn(t, file(t), workspace) }

// file is the address of an empty database.
func file(t *testing.T) string { return fresh.SQLite(t) }

func newStageOn(t *testing.T, url string, files fs.FS) *stage {
	t.Helper()
	memory, err := store.Open(t.Context(), url, store.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, memory.Close()) })
	s := &stage{t: t, at: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	s.Bot = &bot.Bot{Store: memory, Now: s.now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Carriers: map[string]bot.Carrier{}}
	must(t, s.Use(t.Context(), load(t, files)))
	return s
}

func load(t *testing.T, files fs.FS) *flows.Workspace {
	t.Helper()
	w, problems := flows.Load(files)
	if w == nil {
		t.Fatal(problems)
	}
	return w
}

func (s *stage) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

func (s *stage) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = s.at.Add(d)
}

// run lets the bot's background parts run until the test ends.
func (s *stage) run() { s.background(s.Run) }

func (s *stage) background(part func(context.Context)) {
	ctx, cancel := context.WithCancel(s.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		part(ctx)
	}()
	s.t.Cleanup(func() {
		cancel()
		<-done
	})
}

func (s *stage) arrive(token string) bot.Arrived {
	s.t.Helper()
	a, err := s.Arrive(s.t.Context(), bot.Arrival{Token: token, Site: "acme.example", Visit: flows.Visit{Page: "/", Language: "en", Timezone: "UTC"}})
	must(s.t, err)
	return a
}

// say says something under its own text as id, and gives what the bot answered.
func (s *stage) say(a bot.Arrived, text string) string {
	s.t.Helper()
	before := s.transcript(a)
	must(s.t, s.Say(s.t.Context(), a.Conversation.ID, a.Visitor.ID, dialogue.Said{ID: fmt.Sprint(len(before), text), Text: text}))
	var said []string
	for _, m := range s.transcript(a)[len(before):] {
		if m.From == bot.FromBot {
			said = append(said, m.Text)
		}
	}
	return strings.Join(said, "\n")
}

func (s *stage) transcript(a bot.Arrived) []bot.Message {
	s.t.Helper()
	all, err := s.Transcript(s.t.Context(), a.Conversation.ID, 0, 1000)
	must(s.t, err)
	return all
}

func (s *stage) state(a bot.Arrived) dialogue.Conversation {
	s.t.Helper()
	c, err := s.Store.Load(s.t.Context(), a.Conversation.ID)
	must(s.t, err)
	return c.State
}

// replays fails the test unless the journal gives the conversation that is stored.
func (s *stage) replays(a bot.Arrived) {
	s.t.Helper()
	w := s.Workspace()
	m, err := dialogue.Compile(w, w.Flow("talk"))
	must(s.t, err)
	journal, err := s.Store.Journal(s.t.Context(), a.Conversation.ID)
	must(s.t, err)
	replayed, err := m.Replay(journal)
	must(s.t, err)
	if stored := s.state(a); !reflect.DeepEqual(replayed, stored) {
		s.t.Errorf("replayed\n%+v\nstored\n%+v", replayed, stored)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// patience is how long a test waits for what must come, on a machine that has other things to do. It costs nothing where all
// is well.
const patience = time.Minute

// eventually waits for something that another goroutine brings about.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if is() {
			return
		}
	}
	t.Fatalf("not in time: %s", what)
}

func TestTurn(t *testing.T) {
	t.Run("a visitor is scored, routed and booked, and the meeting stands in the store", func(t *testing.T) {
		s := newStage(t)
		a := s.arrive("")
		s.say(a, "250")
		s.say(a, "priya@bigco.example")
		s.say(a, "1")
		c := s.state(a)
		if c.End != flows.Qualified || c.Score.Grade != "hot" || c.Meeting == nil {
			t.Fatalf("ended %q, grade %q, meeting %v", c.End, c.Score.Grade, c.Meeting)
		}
		m, err := s.Meeting(t.Context(), c.Meeting.UID)
		must(t, err)
		if m.Status != bot.Confirmed || m.Rep != "asha" || m.Attendee != "priya@bigco.example" || !m.Start.Equal(s.now().Add(time.Hour)) {
			t.Errorf("stored meeting: %+v", m)
		}
		all := s.transcript(a)
		if last := all[len(all)-1]; last.Meeting != m.UID || last.End != flows.Qualified {
			t.Errorf("the last words tell of meeting %q and end %q", last.Meeting, last.End)
		}
	})

	t.Run("a cancelled meeting gives its time back, once, and visitor and reps are told", func(t *testing.T) {
		s := newStage(t)
		var mu sync.Mutex
		var told []string
		s.Carriers[bot.JobAlert] = func(_ context.Context, j bot.Job) error {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, string(j.Payload))
			return nil
		}
		s.run()
		a := s.arrive("")
		for _, words := range []string{"250", "priya@bigco.example", "1"} {
			s.say(a, words)
		}
		booked := *s.state(a).Meeting
		for range 2 {
			must(t, s.Cancel(t.Context(), booked.UID, "I am ill"))
		}
		m, err := s.Meeting(t.Context(), booked.UID)
		must(t, err)
		if m.Status != bot.Cancelled || m.Sequence != 1 || s.state(a).Meeting != nil {
			t.Errorf("status %s, sequence %d, conversation's %v", m.Status, m.Sequence, s.state(a).Meeting)
		}
		all := s.transcript(a)
		if last := all[len(all)-1]; last.From != bot.FromBot || !strings.Contains(last.Text, "cancelled") {
			t.Errorf("the visitor was told %q", last.Text)
		}
		eventually(t, "reps are told", func() bool {
			mu.Lock()
			defer mu.Unlock()
			return len(told) == 1 && strings.Contains(told[0], bot.AlertCancelled) && strings.Contains(told[0], "I am ill")
		})
		b := s.arrive("")
		for _, words := range []string{"250", "ben@bigco.example"} {
			s.say(b, words)
		}
		if first := s.state(b).Offers[0]; !first.Start.Equal(booked.Start) {
			t.Errorf("the time is not offered again: %v", first.Start)
		}
		s.replays(a)
	})

	t.Run("a meeting that has begun, and one that is not there, cannot be cancelled", func(t *testing.T) {
		s := newStage(t)
		a := s.arrive("")
		for _, words := range []string{"250", "priya@bigco.example", "1"} {
			s.say(a, words)
		}
		s.pass(2 * time.Hour)
		if err := s.Cancel(t.Context(), s.state(a).Meeting.UID, ""); !errors.Is(err, bot.ErrBegun) {
			t.Errorf("begun: %v", err)
		}
		if err := s.Cancel(t.Context(), "nothing", ""); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("not there: %v", err)
		}
	})

	t.Run("the journal replays to the stored conversation", func(t *testing.T) {
		s := newStage(t)
		a := s.arrive("")
		for _, words := range []string{"many", "250", "back", "20", "priya@bigco.example", "none of these", "1"} {
			s.say(a, words)
		}
		s.replays(a)
	})

	t.Run("a message sent twice is stored and answered once", func(t *testing.T) {
		s := newStage(t)
		a := s.arrive("")
		for range 2 {
			must(t, s.Say(t.Context(), a.Conversation.ID, a.Visitor.ID, dialogue.Said{ID: "once", Text: "250"}))
		}
		n := 0
		for _, m := range s.transcript(a) {
			if m.ID == "once" {
				n++
			}
		}
		if n != 1 || s.state(a).State != "mail" {
			t.Errorf("stored %d times, at %s", n, s.state(a).State)
		}
	})

	t.Run("many messages at once are all taken, one after the other", func(t *testing.T) {
		s := newStage(t)
		a := s.arrive("")
		var all sync.WaitGroup
		for i := range 16 {
			all.Go(func() {
				if err := s.Say(t.Context(), a.Conversation.ID, a.Visitor.ID, dialogue.Said{ID: fmt.Sprint(i), Text: "what?"}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		seen := map[string]int{}
		for i, m := range s.transcript(a) {
			if m.Seq != int64(i+1) {
				t.Errorf("message %d has seq %d", i+1, m.Seq)
			}
			seen[m.ID]++
		}
		for i := range 16 {
			if seen[fmt.Sprint(i)] != 1 {
				t.Errorf("message %d stands %d times", i, seen[fmt.Sprint(i)])
			}
		}
	})

	t.Run("somebody else's conversation is not found", func(t *testing.T) {
		s := newStage(t)
		a, b := s.arrive(""), s.arrive("")
		err := s.Say(t.Context(), a.Conversation.ID, b.Visitor.ID, dialogue.Said{ID: "x", Text: "250"})
		if !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	})

	t.Run("a time that is lost at the commit brings new ones", func(t *testing.T) {
		s := newStage(t)
		first, second := s.arrive(""), s.arrive("")
		for _, a := range []bot.Arrived{first, second} {
			s.say(a, "250")
			s.say(a, "someone@bigco.example")
		}
		offered := s.state(second).Offers[0]
		s.say(first, "1")
		s.say(second, "1")
		c := s.state(second)
		if c.Meeting != nil || len(c.Offers) == 0 {
			t.Fatalf("meeting %v, offers %v", c.Meeting, c.Offers)
		}
		for _, o := range c.Offers {
			if o.Start.Equal(offered.Start) {
				t.Errorf("the lost time %v is offered again", o.Start)
			}
		}
	})
}

// commitsOnly saves no visitor outside of a turn.
type commitsOnly struct {
	bot.Store
	t *testing.T
}

func (c commitsOnly) SaveVisitor(context.Context, bot.Visitor) error {
	c.t.Error("a second commit")
	return nil
}

func TestArrive(t *testing.T) {
	t.Run("an unknown token makes a new visitor with a token of its own", func(t *testing.T) {
		s := newStage(t)
		a := s.arrive("forged")
		if a.Token == "forged" || len(a.Token) < 32 {
			t.Errorf("token %q", a.Token)
		}
	})

	t.Run("somebody new comes with the conversation in one commit", func(t *testing.T) {
		s := newStage(t)
		s.Store = commitsOnly{Store: s.Store, t: t}
		a := s.arrive("")
		if v, err := s.Who(t.Context(), a.Token, "acme.example"); err != nil || v.ID != a.Visitor.ID || v.Data.Visits != 1 {
			t.Errorf("the token is known as %+v, %v", v, err)
		}
	})

	t.Run("a token goes on with the open conversation, on its own site alone", func(t *testing.T) {
		s := newStage(t)
		a := s.arrive("")
		s.say(a, "250")
		if again := s.arrive(a.Token); again.Conversation.ID != a.Conversation.ID || again.Token != a.Token {
			t.Errorf("conversation %s, then %s", a.Conversation.ID, again.Conversation.ID)
		}
		other, err := s.Arrive(t.Context(), bot.Arrival{Token: a.Token, Site: "evil.example"})
		must(t, err)
		if other.Visitor.ID == a.Visitor.ID {
			t.Error("the token was good on another site")
		}
	})

	t.Run("tabs that open at once begin one conversation", func(t *testing.T) {
		s := newStage(t)
		visitor := s.arrive("")
		s.say(visitor, "stop")
		s.pass(2 * bot.SameVisit)
		ids := make([]string, 8)
		var all sync.WaitGroup
		for i := range ids {
			all.Go(func() { ids[i] = s.arrive(visitor.Token).Conversation.ID })
		}
		all.Wait()
		for _, id := range ids {
			if id != ids[0] || id == visitor.Conversation.ID {
				t.Errorf("began %s, %s and had %s", ids[0], id, visitor.Conversation.ID)
			}
		}
	})

	t.Run("an ended conversation is shown in the same visit and a new one begins in the next", func(t *testing.T) {
		s := newStage(t)
		a := s.arrive("")
		for _, words := range []string{"250", "priya@bigco.example", "1"} {
			s.say(a, words)
		}
		s.pass(time.Minute)
		if again := s.arrive(a.Token); again.Conversation.ID != a.Conversation.ID {
			t.Error("a reload began a new conversation")
		}
		s.pass(2 * bot.SameVisit)
		if later := s.arrive(a.Token); later.Conversation.ID == a.Conversation.ID {
			t.Error("the next visit shows the old end")
		}
	})

	t.Run("visits are counted by their pauses and pages are bounded", func(t *testing.T) {
		s := newStage(t)
		a := s.arrive("")
		for range dialogue.MaxPages {
			a = s.arrive(a.Token)
		}
		s.pass(2 * bot.SameVisit)
		a = s.arrive(a.Token)
		if a.Visitor.Data.Visits != 2 || len(a.Visitor.Data.Pages) != dialogue.MaxPages {
			t.Errorf("%d visits, %d pages", a.Visitor.Data.Visits, len(a.Visitor.Data.Pages))
		}
	})

	t.Run("what a page knows of its visitor is not asked, and what does not fit is left out", func(t *testing.T) {
		s := newStage(t)
		a := s.arrive("")
		known := map[string]string{"email": "priya@bigco.example", "seats": "lots", "shoe_size": "44"}
		must(t, s.Identify(t.Context(), a.Conversation.ID, a.Visitor.ID, known))
		s.say(a, "250")
		if c := s.state(a); len(c.Offers) == 0 {
			t.Errorf("after the number, at %s without offers", c.State)
		}
	})
}

func TestRevision(t *testing.T) {
	t.Parallel() // most of it is waiting
	t.Run("a conversation stays on the revision it began with", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		a := s.arrive("")
		edited := fstest.MapFS{"team.yaml": workspace["team.yaml"], "talk.yaml": {
			Data: []byte(strings.Replace(string(workspace["talk.yaml"].Data), "Which address?", "Where to?", 1)),
		}}
		must(t, s.Use(t.Context(), load(t, edited)))
		if said := s.say(a, "250"); !strings.Contains(said, "Which address?") {
			t.Errorf("the old conversation said %q", said)
		}
		if said := s.say(s.arrive(""), "250"); !strings.Contains(said, "Where to?") {
			t.Errorf("a new conversation said %q", said)
		}
	})

	t.Run("a broken edit leaves the last good revision running and says where", func(t *testing.T) {
		t.Parallel()
		s, files := newStage(t), &folder{files: workspace}
		s.follow(files)
		good := s.Workspace().Revision
		files.set("talk.yaml", "flow: talk\nsteps: [{ id: a, ask: nothing }]\n")
		eventually(t, "the problem is told", func() bool { return len(s.Problems()) > 0 })
		if p := s.Problems()[0]; p.File != "talk.yaml" || p.Line == 0 || s.Workspace().Revision != good {
			t.Errorf("problem %+v, revision %s", p, s.Workspace().Revision)
		}
		files.set("talk.yaml", strings.Replace(string(workspace["talk.yaml"].Data), "How many?", "How many seats?", 1))
		eventually(t, "the mended one runs", func() bool { return s.Workspace().Revision != good && len(s.Problems()) == 0 })
	})

	t.Run("a folder that cannot be read is a problem, and none once it can", func(t *testing.T) {
		t.Parallel()
		s, files := newStage(t), &folder{files: workspace}
		s.follow(files)
		files.away(true)
		eventually(t, "the problem is told", func() bool { return len(s.Problems()) > 0 })
		files.away(false)
		eventually(t, "it is over", func() bool { return len(s.Problems()) == 0 })
	})

	t.Run("an edit that the store could not take is tried again", func(t *testing.T) {
		t.Parallel()
		s, files := newStage(t), &folder{files: workspace}
		busy := &busyOnce{Store: s.Store}
		s.Bot.Store = busy
		s.follow(files)
		files.set("more.yml", "flow: more\ntitle: More\nlanguages: [en]\nsteps: [{ id: bye, end: nurture, say: Bye. }]\n")
		eventually(t, "the new flow runs", func() bool { return s.Workspace().Flow("more") != nil })
		if busy.calls.Load() < 2 {
			t.Error("the store was never busy: the test proves nothing")
		}
	})
}

func TestARevisionThatDoesNotLoadAnyMore(t *testing.T) {
	t.Run("its visitor begins anew", func(t *testing.T) {
		s := newStage(t)
		before := s.arrive("")
		later := &bot.Bot{Store: forgetful{s.Store}, Now: s.now, Log: slog.New(slog.DiscardHandler)}
		edited := fstest.MapFS{"team.yaml": workspace["team.yaml"], "talk.yaml": {
			Data: []byte(strings.Replace(string(workspace["talk.yaml"].Data), "How many?", "How many then?", 1)),
		}}
		must(t, later.Use(t.Context(), load(t, edited)))
		s.Bot = later
		after := s.arrive(before.Token)
		if after.Visitor.ID != before.Visitor.ID || after.Conversation.ID == before.Conversation.ID {
			t.Errorf("visitor %s in %s became %s in %s", before.Visitor.ID, before.Conversation.ID, after.Visitor.ID, after.Conversation.ID)
		}
		if all := s.transcript(after); len(all) == 0 || all[len(all)-1].Text != "How many then?" {
			t.Errorf("%+v", all)
		}
	})
}

// forgetful is a store whose revisions an older program wrote.
type forgetful struct{ bot.Store }

func (forgetful) Revision(context.Context, string) (map[string]string, error) {
	return map[string]string{"talk.yaml": "flow: talk\nsteps: [{ id: a, aks: name }]\n"}, nil
}

// busyOnce is a store that cannot take the first publication.
type busyOnce struct {
	bot.Store
	calls atomic.Int32
}

func (b *busyOnce) Publish(ctx context.Context, p bot.Publication, sources map[string]string) error {
	if b.calls.Add(1) == 1 {
		return bot.ErrBusy
	}
	return b.Store.Publish(ctx, p, sources)
}

// follow lets the bot follow a folder until the test ends.
func (s *stage) follow(files fs.FS) {
	s.background(func(ctx context.Context) { s.Follow(ctx, &bot.Folder{Files: files, Who: "here:workspace"}) })
}

// folder is a workspace that somebody edits.
type folder struct {
	mu    sync.Mutex
	files fstest.MapFS
	gone  bool
}

func (f *folder) Open(name string) (fs.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.gone {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return f.files.Open(name)
}

func (f *folder) away(gone bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gone = gone
}

func (f *folder) set(name, text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	next := fstest.MapFS{}
	for n, file := range f.files {
		next[n] = file
	}
	next[name] = &fstest.MapFile{Data: []byte(text), ModTime: time.Now()}
	f.files = next
}

func TestSilence(t *testing.T) {
	t.Run("a silent conversation lapses, keeps its answers and goes on with the next word", func(t *testing.T) {
		s := newStage(t)
		s.run()
		a := s.arrive("")
		s.say(a, "250")
		s.pass(flows.DefaultExpiry + time.Minute)
		eventually(t, "the conversation lapses", func() bool { return s.state(a).End == dialogue.Expired })
		if n := len(s.state(a).Answers); n == 0 {
			t.Error("the answers are gone")
		}
		s.say(a, "priya@bigco.example")
		if c := s.state(a); len(c.Offers) == 0 {
			t.Errorf("after the lapse, at %s without offers", c.State)
		}
	})

	t.Run("a watcher is woken by what is committed", func(t *testing.T) {
		s := newStage(t)
		s.run()
		a := s.arrive("")
		woken := make(chan struct{}, 100)
		stop := s.Watch(a.Conversation.ID, func() { woken <- struct{}{} })
		defer stop()
		s.say(a, "250")
		select {
		case <-woken:
		case <-time.After(patience):
			t.Error("nobody woke the watcher")
		}
	})
}

func TestJob(t *testing.T) {
	t.Run("a job runs after its turn, again after a failure, and with the same id", func(t *testing.T) {
		s := newStage(t)
		var mu sync.Mutex
		tries := map[string]int{}
		s.Carriers[bot.JobNotify] = func(_ context.Context, j bot.Job) error {
			mu.Lock()
			defer mu.Unlock()
			tries[j.ID]++
			if tries[j.ID] == 1 {
				return &bot.RetryError{After: time.Millisecond, Err: errors.New("not now")}
			}
			return nil
		}
		s.run()
		a := s.arrive("")
		for _, words := range []string{"250", "priya@bigco.example", "1"} {
			s.say(a, words)
		}
		eventually(t, "every job ran twice and is done", func() bool {
			counts, err := s.Store.JobCounts(t.Context())
			if err == nil && counts[bot.JobReady] > 0 && counts[bot.JobRunning] == 0 {
				s.pass(time.Second) // no further than a job's lease while one runs
			}
			return err == nil && counts[bot.JobDone] > 0 && counts[bot.JobReady]+counts[bot.JobRunning] == 0
		})
		mu.Lock()
		defer mu.Unlock()
		for id, n := range tries {
			if n != 2 {
				t.Errorf("job %s ran %d times", id, n)
			}
		}
	})

	t.Run("a job that can never work, or panics for ever, is given up and kept", func(t *testing.T) {
		s := newStage(t)
		s.Carriers[bot.JobNotify] = func(context.Context, bot.Job) error {
			return &bot.RetryError{Never: true, Err: errors.New("no such channel")}
		}
		s.run()
		a := s.arrive("")
		for _, words := range []string{"250", "priya@bigco.example", "1"} {
			s.say(a, words)
		}
		eventually(t, "the jobs are dead", func() bool {
			counts, err := s.Store.JobCounts(t.Context())
			return err == nil && counts[bot.JobDead] > 0
		})
	})
}

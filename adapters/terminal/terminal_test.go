package terminal_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"usher/adapters/calendar"
	"usher/adapters/terminal"
	"usher/bot"
	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/bot/rehearse"
	"usher/bot/slots"
	"usher/flows"
)

var update = flag.Bool("update", false, "write what the commands print into the scripts")

// now is a Monday morning in the example's first story.
var now = time.Date(2026, 11, 23, 4, 30, 0, 0, time.UTC)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"usher": func() {
		var grammar struct{ terminal.Commands }
		os.Exit(terminal.Run(context.Background(), &grammar, world(), os.Args[1:]))
	}})
}

func TestCommands(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(answer))
	t.Cleanup(server.Close)
	testscript.Run(t, testscript.Params{Dir: "testdata/script", UpdateScripts: *update, Setup: func(e *testscript.Env) error {
		e.Setenv("SERVER", server.URL)
		return nil
	}})
}

// answer is a server that is ready, or not, and has a calendar.
func answer(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/readyz":
		fmt.Fprintln(w, "ready")
	case "/team.ics":
		fmt.Fprint(w, "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:feed\r\nDTSTART:20261123T150000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
	default:
		http.Error(w, "the database is away", http.StatusServiceUnavailable)
	}
}

// world is wired as main wires it, with the clock standing still and one conversation in memory.
func world() *terminal.World {
	return &terminal.World{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Now: func() time.Time { return now }, Version: "1.2.3",
		Workspace: func(dir string) (*flows.Workspace, flows.Problems) {
			if dir == "" {
				return flows.Load(flows.Example())
			}
			return flows.Load(os.DirFS(dir))
		},
		Prove: func(dir string) (*flows.Workspace, []flows.Survey, flows.Problems) {
			if dir == "" {
				return flows.Prove(flows.Example())
			}
			return flows.Prove(os.DirFS(dir))
		},
		OpenPublisher: openPublisher, Who: "mira@office", OpenHouse: openHouse, OpenHooks: openHooks, PingHook: pingHook,
		OpenMemory: func(_ context.Context, url string) (terminal.Memory, error) { return remember(url) },
		RepBusy:    repBusy,
		FiledBusy:  filedBusy,
		Events: func(data []byte, from, to time.Time, zone *time.Location) (out []terminal.Event, _ []terminal.CalendarProblem) {
			events, problems := calendar.Events(data, calendar.Query{From: from, To: to, Zone: zone})
			for _, e := range events {
				out = append(out, terminal.Event(e))
			}
			return out, told(problems)
		},
		Busy: func(files [][]byte, from, to time.Time, zone *time.Location) ([]slots.Interval, []terminal.CalendarProblem) {
			spans, problems := calendar.Busy(calendar.Query{From: from, To: to, Zone: zone}, files...)
			return spans, told(problems)
		},
		Fetch:       calendar.Settings{}.Fetch,
		Doctor:      examine,
		ConnectLink: func(l terminal.Link) (string, error) { return connect(l) },
		FeedLink:    func(l terminal.Link) (string, error) { return l.URL + "/r/" + l.Rep + ".ics", nil },
		LoadTest: func(_ context.Context, server string, l terminal.Load) (any, error) {
			return struct {
				Visitors int     `json:"visitors"`
				P99      float64 `json:"p99_ms"`
			}{l.Visitors, 3.5}, nil
		},
	}
}

func repBusy(w *flows.Workspace, rep *flows.Rep, from, to time.Time) ([]slots.Interval, error) {
	spans, _, err := new(calendar.Accounts).Busy(context.Background(), w.Files, rep, calendar.Query{From: from, To: to})
	return spans, err
}

func filedBusy(w *flows.Workspace, rep *flows.Rep, from, to time.Time) ([]slots.Interval, error) {
	spans, _, err := calendar.FiledBusy(w.Files, rep, from, to)
	return spans, err
}

// examine finds what is written as the calendar's name.
func examine(_ context.Context, _ *flows.Workspace, rep *flows.Rep, database string) (out []terminal.Finding, _ error) {
	if database == "sqlite:none" {
		return nil, errors.New("there is no database")
	}
	for _, c := range rep.Calendars {
		switch {
		case c.File != "":
			out = append(out, terminal.Finding{Source: c.File, Check: "find", OK: true, Said: "it is there"}, terminal.Finding{Source: c.File, Check: "read", OK: true, Said: "12 events"})
		default:
			out = append(out, terminal.Finding{Source: c.Google, Check: "read", Said: "the server refuses the sign-in", Do: "connect the calendar again"})
		}
	}
	return out, nil
}

func connect(l terminal.Link) (string, error) {
	if l.Key == "short" {
		return "", errors.New("the key is too short")
	}
	return l.URL + "/connect/" + l.Rep + "?" + l.Data, nil
}

func told(problems []calendar.Problem) (out []terminal.CalendarProblem) {
	for _, p := range problems {
		out = append(out, terminal.CalendarProblem{Message: p.Error(), Fatal: p.Fatal, NoZone: p.Code == calendar.NoZone})
	}
	return out
}

// memory holds one conversation, talked through once.
type memory struct {
	session *rehearse.Session
	changed bool
}

// remember talks to the example; a database "sqlite:changed" holds a conversation that somebody changed by hand,
// "sqlite:early" one that has only begun, and "sqlite:waiting" one while everybody of its route is on leave.
func remember(url string) (*memory, error) {
	if url == "sqlite:none" {
		return nil, errors.New("there is no database")
	}
	example := flows.Example()
	if url == "sqlite:waiting" {
		example = onLeave(example)
	}
	ws, problems := flows.Load(example)
	if ws == nil {
		return nil, problems
	}
	w := &rehearse.World{Workspace: ws, Busy: func(rep *flows.Rep, from, to time.Time) ([]slots.Interval, error) {
		return repBusy(ws, rep, from, to)
	}}
	s, err := w.Open("book-a-demo", now)
	if err != nil {
		return nil, err
	}
	visit := flows.Visit{Page: "/pricing", Timezone: "Asia/Kolkata", Language: "en"}
	if _, err := s.Input(dialogue.Started{Visit: visit}); err != nil {
		return nil, err
	}
	words := []string{"demo", "about 250", "this month", "skip", "BigCo", "priya@bigco.example", "1"}
	switch url {
	case "sqlite:early":
		words = words[:1]
	case "sqlite:waiting":
		words = words[:6]
	}
	for i, text := range words {
		if _, err := s.Input(dialogue.Said{ID: fmt.Sprint(i), Text: text}); err != nil {
			return nil, err
		}
	}
	return &memory{s, url == "sqlite:changed"}, nil
}

// onLeave is the example with a route whose people are on leave and whose leads wait, and a flow that ends then.
func onLeave(example fs.FS) fs.FS {
	changed := fstest.MapFS{}
	for name, r := range map[string]*strings.Replacer{
		"team.yaml": strings.NewReplacer("to: enterprise, within: 5d", "to: enterprise, wait: 4h",
			"languages: [en, hi]\n    weight", "away: [2026-11-20/2026-12-31]\n    weight", "languages: [en, de]\n", "away: [2026-11-20/2026-12-31]\n"),
		"book-a-demo.yaml": strings.NewReplacer("to: done }\n      - { to: help }", "to: done }\n      - { to: nurture }"),
	} {
		text, err := fs.ReadFile(example, name)
		if err != nil {
			panic(err) // embedded
		}
		changed[name] = &fstest.MapFile{Data: []byte(r.Replace(string(text)))}
	}
	return over{example, changed}
}

// over is a folder with some files in place of its own.
type over struct {
	fs.FS
	files fstest.MapFS
}

func (o over) Open(name string) (fs.File, error) {
	if o.files[name] != nil {
		return o.files.Open(name)
	}
	return o.FS.Open(name)
}

func (m *memory) Load(_ context.Context, id string) (bot.Conversation, error) {
	if id != "c1" {
		return bot.Conversation{}, bot.ErrNotFound
	}
	c := bot.Conversation{ID: id, State: m.session.Conversation}
	if m.changed {
		c.State.State = "goal"
	}
	return c, nil
}

// Began has the conversation three times on Monday, the second on a page of its own.
func (m *memory) Began(_ context.Context, p bot.Period) (out []bot.Past, _ error) {
	for i, id := range []string{"c1", "c2", "c3"} {
		began := now.Add(time.Duration(i) * time.Minute)
		if !began.Before(p.From) && !began.After(p.To) && id > p.After.ID && len(out) < 2 {
			out = append(out, bot.Past{Conversation: bot.Conversation{ID: id, State: m.session.Conversation}, Began: began})
		}
	}
	return out, nil
}

func (m *memory) Journal(context.Context, string) ([]dialogue.Entry, error) {
	return m.session.Journal, nil
}

func (m *memory) Published(context.Context) (bot.Publication, error) {
	return bot.Publication{}, bot.ErrNotFound
}

func (m *memory) Revision(_ context.Context, revision string) (map[string]string, error) {
	w := m.session.World.Workspace
	if revision != w.Revision {
		return nil, bot.ErrNotFound
	}
	return w.Sources, nil
}

// Agenda has a meeting of asha on Tuesday at ten in Kolkata; ben's calendar was read two hours ago, cora's never, and
// every seat of Wednesday is taken.
func (m *memory) Agenda(_ context.Context, q bot.AgendaQuery) (desk.Agenda, error) {
	tuesday := time.Date(2026, 11, 24, 4, 30, 0, 0, time.UTC)
	a := desk.Agenda{Read: map[string]time.Time{"asha": q.Now, "ben": q.Now.Add(-2 * time.Hour)}}
	a.Blocked = map[string][]slots.Interval{"asha": {{Start: tuesday.Add(-10 * time.Minute), End: tuesday.Add(40 * time.Minute)}}}
	if q.Kind == "demo/meet" {
		a.Seats = map[string]map[string]int{q.Kind: {"2026-11-25": 2}}
	}
	return a, nil
}

func (m *memory) Waiting(_ context.Context, q bot.WaitingQuery) (out []bot.Waiting, _ error) {
	for i, place := range []string{"enterprise", "support"} {
		if q.Place == "" || q.Place == place {
			out = append(out, bot.Waiting{Conversation: fmt.Sprint("c", i+1), Place: place, Since: now, Until: now.Add(4 * time.Hour)})
		}
	}
	return out, nil
}

func (m *memory) Ledger(_ context.Context, q bot.LedgerQuery) (lines []bot.LedgerLine, _ error) {
	for i, e := range m.session.Ledger {
		if int64(i) >= q.After && !e.At.Before(q.Since) && (q.Conversation == "" || q.Conversation == "c1") {
			lines = append(lines, bot.LedgerLine{ID: int64(i + 1), Conversation: "c1", Entry: e})
		}
	}
	return lines, nil
}

func (m *memory) Shares(context.Context) (desk.Shares, error) {
	return desk.Enter(nil, m.session.Ledger...), nil
}

func (m *memory) FindLead(_ context.Context, text string) (bot.Lead, error) {
	if text != "priya" {
		return bot.Lead{}, bot.ErrNotFound
	}
	return bot.Lead{Conversation: "c1"}, nil
}

func (m *memory) FindPerson(_ context.Context, text string) (bot.Person, error) {
	if text != "priya@bigco.example" {
		return bot.Person{}, bot.ErrNotFound
	}
	return bot.Person{ID: "p1"}, nil
}

func (m *memory) ConversationsOf(context.Context, string) ([]bot.Past, error) {
	c, _ := m.Load(context.Background(), "c1")
	return []bot.Past{{Conversation: c}, {Conversation: bot.Conversation{ID: "c2"}}}, nil
}

func (m *memory) Close() error { return nil }

func TestEveryCommandTeaches(t *testing.T) {
	for _, args := range [][]string{{"check"}, {"chat"}, {"stories"}, {"diff"}, {"backtest"}, {"record"}, {"graph"}, {"fmt"}, {"lsp"}, {"new"}, {"slots"}, {"calendar"}, {"calendar", "doctor"}, {"calendar", "connect"}, {"calendar", "feed"}, {"read"}, {"replay"}, {"why"}, {"ledger"}, {"waiting"}, {"publish"}, {"revisions"}, {"rollback"}, {"split"}, {"load"}, {"health"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			var grammar struct{ terminal.Commands }
			var out, complaint strings.Builder
			w := world()
			w.Stdout, w.Stderr = &out, &complaint
			code := terminal.Run(t.Context(), &grammar, w, append(args, "--help"))
			if code != 0 || complaint.Len() > 0 || !strings.Contains(out.String(), "    usher "+strings.Join(args, " ")) && !strings.Contains(out.String(), "| usher "+args[0]) {
				t.Errorf("exit %d, no example:\n%s%s", code, out.String(), complaint.String())
			}
		})
	}
}

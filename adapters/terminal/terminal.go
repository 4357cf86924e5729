// Package terminal owns the commands a person types: talking to a flow, proving a workspace, looking into a calendar
// or a conversation. Everything a command needs of the house stands in its World, so that a test can be the house.
package terminal

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"usher/bot"
	"usher/bot/slots"
	"usher/flows"
)

// Commands is the part of the grammar that needs no server; main embeds it beside its own.
type Commands struct {
	Check    CheckCommand    `cmd:"" help:"Show every problem of a workspace."`
	Chat     ChatCommand     `cmd:"" help:"Talk to a flow, here in the terminal."`
	Stories  StoriesCommand  `cmd:"" help:"Run the stories of a workspace."`
	Record   RecordCommand   `cmd:"" help:"Make a story of a stored conversation, without the person's data."`
	Backtest BacktestCommand `cmd:"" help:"Run stored conversations through another version of the workspace."`
	Diff     DiffCommand     `cmd:"" help:"Say in plain words what two versions of a workspace differ in."`
	Simulate SimulateCommand `cmd:"" help:"Let a month of visitors come, and show what comes out."`
	Explore  ExploreCommand  `cmd:"" help:"Walk every path of the flows and prove what is to hold."`
	Graph    GraphCommand    `cmd:"" help:"Draw the flows, as Mermaid or SVG."`
	LSP      LSPCommand      `cmd:"" name:"lsp" help:"The checker for editors: a language server."`
	New      NewCommand      `cmd:"" help:"Make a flow from a template."`
	Fmt      FmtCommand      `cmd:"" help:"Lay the files of a workspace out in the one way that all have."`
	Slots    SlotsCommand    `cmd:"" help:"Show when a team can be met."`
	Calendar CalendarCommand `cmd:"" help:"Show what is read in a calendar; try and connect reps' calendars."`
	Read     ReadCommand     `cmd:"" help:"Read words as a typed answer."`
	Replay   ReplayCommand   `cmd:"" help:"Run a stored conversation's journal again."`
	Why      WhyCommand      `cmd:"" help:"Say why a lead has this score and this rep."`
	Ledger   LedgerCommand   `cmd:"" help:"Show what each rep got, gave and missed, and what was due."`
	Hooks    HooksCommand    `cmd:"" help:"Show what other systems are told, send it again, try it."`
	Waiting  WaitingCommand  `cmd:"" help:"List the leads that wait for somebody who can take them."`
	Publishing
	PersonCommands
	PrivacyCommands
	Followups FollowupsCommand `cmd:"" help:"Show who gets which letters, when the next goes, and why one stopped."`
	Suppress  SuppressCommand  `cmd:"" help:"Let no more letters of sequences go to an address."`
	Import    ImportCommand    `cmd:"" help:"Bring leads in from a table saved as CSV."`
	Key       KeyCommand       `cmd:"" help:"Keys that let other systems in, to the JSON API."`
	Load      LoadCommand      `cmd:"" help:"Send a running server a load of visitors."`
	Health    HealthCommand    `cmd:"" help:"Ask a running server whether it is ready."`
	Version   VersionCommand   `cmd:"" help:"Show which usher this is."`
}

// World is what the commands need; every member a command uses must be set.
type World struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Now            func() time.Time
	Version        string
	Who            string // person@machine, for what is written down about who did it

	// Workspace loads a folder, or the example when dir is "". A workspace with mistakes is nil and has problems.
	Workspace func(dir string) (*flows.Workspace, flows.Problems)
	// Prove loads it too, and reasons about it.
	Prove func(dir string) (*flows.Workspace, []flows.Survey, flows.Problems)
	// OpenMemory opens a database for reading; "" is the one `serve` uses by default.
	OpenMemory func(ctx context.Context, url string) (Memory, error)
	// OpenPublisher opens a database to publish to it, or only to look; "" is the one `serve` uses by default.
	OpenPublisher func(ctx context.Context, url string, writes bool) (Publisher, error)
	// OpenHouse opens the bot beside a server, for what concerns persons; its Store is to be closed.
	OpenHouse func(ctx context.Context, at House) (*bot.Bot, error)
	// OpenHooks opens what tells other systems, beside a server.
	OpenHooks func(ctx context.Context, at HooksPlace) (Hooks, error)
	// PingHook sends a signed ping: bot.ErrWebhook where the address or the secret is none. "" draws a secret.
	PingHook func(ctx context.Context, url, secret string) (HookPing, error)
	// Recipients are where personal data goes, as the server is wired by its environment and its database. Where there is no
	// database they are told without what stands there, and the error is fs.ErrNotExist.
	Recipients func(ctx context.Context, ws *flows.Workspace, at House) ([]Recipient, error)
	// RepBusy reads a rep's calendars as the server does, also those on other servers.
	RepBusy func(ws *flows.Workspace, rep *flows.Rep, from, to time.Time) ([]slots.Interval, error)
	// FiledBusy reads a rep's calendars for rehearsals: the workspace's files alone, so that the same workspace comes out
	// the same everywhere.
	FiledBusy func(ws *flows.Workspace, rep *flows.Rep, from, to time.Time) ([]slots.Interval, error)
	// Events and Busy read calendar files. A nil zone means that only the calendar itself can say in which zone
	// floating times are.
	Events func(data []byte, from, to time.Time, zone *time.Location) ([]Event, []CalendarProblem)
	Busy   func(files [][]byte, from, to time.Time, zone *time.Location) ([]slots.Interval, []CalendarProblem)
	// Fetch reads the calendar at an https, http or webcal address. Its errors name no more of the address than the host:
	// who knows the rest can read the calendar.
	Fetch func(ctx context.Context, address string) ([]byte, error)
	// Doctor tries the calendars of a rep as the server reads and writes them; it leaves nothing behind. The database is
	// where connected accounts are kept, "" the one `serve` uses by default. The error means that nothing could be tried.
	Doctor func(ctx context.Context, ws *flows.Workspace, rep *flows.Rep, database string) ([]Finding, error)
	// ConnectLink is the signed page at which a rep connects a calendar; nil where nothing can be connected.
	ConnectLink func(l Link) (string, error)
	// FeedLink is the signed address of a rep's feed of all meetings; nil where there are none.
	FeedLink func(l Link) (string, error)
	// LoadTest runs visitors against a server and gives the figures, a struct that encoding/json writes.
	LoadTest func(ctx context.Context, server string, l Load) (any, error)
}

// Event is one instance in a calendar, as `calendar events --json` prints it.
type Event struct {
	UID     string    `json:"uid"`
	Start   time.Time `json:"start"`
	End     time.Time `json:"end"`
	AllDay  bool      `json:"all_day"`
	Busy    bool      `json:"busy"`
	Summary string    `json:"summary"`
}

// CalendarProblem is something in a calendar that was not read as written.
type CalendarProblem struct {
	Message string
	Fatal   bool // nothing was read
	NoZone  bool // floating times had no zone
}

// Load is what a load of visitors may be told.
type Load struct {
	Visitors int           // at once
	For      time.Duration // how long
	Pause    time.Duration // between a question and the answer
	Flow     string        // "" = the server picks
	Anywhere bool          // a server on another machine may be loaded
	Progress func(done time.Duration, turns int)
}

// ErrNo is the answer no: exit code 1 without further words, for the command has said why.
var ErrNo error = noError{}

type noError struct{}

func (noError) Error() string { return "" }

// ExitCode is 1: the answer is no.
func (noError) ExitCode() int { return 1 }

// UseError is a command used wrongly.
type UseError struct{ Message string }

func (e *UseError) Error() string { return e.Message }

// ExitCode is 2: wrong use.
func (e *UseError) ExitCode() int { return 2 }

func misuse(format string, args ...any) error { return &UseError{fmt.Sprintf(format, args...)} }

// isTerminal says whether a person sits at the stream.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// load loads a usable workspace or says on stderr what is wrong with it.
func (w *World) load(dir string) (*flows.Workspace, error) {
	ws, problems, err := w.open(dir)
	if err != nil {
		return nil, err
	}
	if ws == nil {
		printProblems(w.Stderr, problems, styleOf(w.Stderr))
		return nil, ErrNo
	}
	return ws, nil
}

// open loads a folder that is there.
func (w *World) open(dir string) (*flows.Workspace, flows.Problems, error) {
	if err := isFolder(dir); err != nil {
		return nil, nil, err
	}
	ws, problems := w.Workspace(dir)
	return ws, problems, nil
}

// isFolder reports what is none; "" is the example.
func isFolder(dir string) error {
	if info, err := os.Stat(dir); dir != "" && (err != nil || !info.IsDir()) {
		return misuse("%s is not a folder", dir)
	}
	return nil
}

// place finds a zone by name; "" is UTC.
func place(name string) (*time.Location, error) {
	if name == "" {
		return time.UTC, nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, misuse("--timezone %s is not known; write it like Asia/Kolkata", name)
	}
	return loc, nil
}

// instant reads a time of a flag: RFC 3339, or a date or minute in the zone.
func instant(flag, text string, zone *time.Location) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, misuse("--%s %s is not a time; write it like 2026-11-23T10:00:00+05:30 or 2026-11-23", flag, text)
}

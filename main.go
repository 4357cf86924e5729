// Usher is the software that meets a buyer at the door. This file ties the knot: it reads the settings, opens the store,
// and joins the bot with the adapters that carry its words.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
	_ "time/tzdata" // a static binary in an empty container knows the zones too

	"github.com/alecthomas/kong"

	"usher/adapters/api"
	"usher/adapters/calendar"
	"usher/adapters/hooks"
	"usher/adapters/mail"
	"usher/adapters/slack"
	"usher/adapters/slack/slackfake"
	"usher/adapters/terminal"
	"usher/adapters/web"
	"usher/bot"
	"usher/bot/slots"
	"usher/flows"
	"usher/store"
)

// program is the command line.
type program struct {
	Serve serve         `cmd:"" default:"withargs" help:"Serve visitors; without settings, the demo with the example workspace."`
	Slack slackCommands `cmd:"" help:"What Slack needs to know of usher."`
	terminal.Commands
}

// slackCommands are for setting Slack up.
type slackCommands struct {
	Manifest slackManifest `cmd:"" help:"Print the manifest from which Slack makes the app."`
	Rehearse rehearse      `cmd:"" help:"Try a handoff without a Slack account: the demo, and a Slack of its own on a page beside it."`
}

type slackManifest struct{ slack.ManifestOptions }

// Run prints the manifest.
func (m *slackManifest) Run(w *terminal.World) error { return m.Write(w.Stdout) }

// rehearse holds the settings of a rehearsal. It has a database of its own: what is tried is no visitor's.
type rehearse struct {
	Workspace string `help:"Folder with flows, team.yaml, faq.yaml; without it the built-in example." type:"existingdir" env:"USHER_WORKSPACE" placeholder:"DIR"`
	Data      string `help:"Folder for what is said in rehearsals." default:"data/rehearsal" placeholder:"DIR"`
	Listen    string `help:"Address of the website, on this machine." default:"127.0.0.1:8080"`
	SlackPage string `help:"Address of the Slack page, on this machine; auto is the port after the website's." default:"auto" placeholder:"ADDRESS"`
	LogLevel  string `help:"debug, info, warn or error." enum:"debug,info,warn,error" default:"warn"`
}

// Validate refuses addresses that others reach: in a rehearsal everybody is everybody.
func (r *rehearse) Validate() error {
	host, port, err := net.SplitHostPort(r.Listen)
	if ip := net.ParseIP(host); err != nil || port == "" || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("--listen %q is not an address of this machine alone; write it like 127.0.0.1:8080", r.Listen)
	}
	return nil
}

// Run serves the website and the Slack page.
func (r *rehearse) Run() error {
	s := serve{Workspace: r.Workspace, Data: r.Data, Settings: web.Settings{Listen: r.Listen}, SlackPage: r.SlackPage, Alone: true, Demo: "on", LogLevel: r.LogLevel, LogFormat: "text"}
	return s.Run()
}

// serve holds the settings of the server; each is a flag and a USHER_ variable.
type serve struct {
	Workspace string `help:"Folder with flows, team.yaml, faq.yaml, which is followed; without it what was published to the database, or else the built-in example." type:"existingdir" env:"USHER_WORKSPACE" placeholder:"DIR"`
	Data      string `help:"Folder for the database file and the key." default:"data" env:"USHER_DATA" placeholder:"DIR"`
	Database  string `help:"sqlite:FILE, or postgres://… for several nodes; without it a file in the data folder." env:"USHER_DATABASE,DATABASE_URL" placeholder:"URL"`
	web.Settings
	Demo      string `help:"Show the demo page at /: auto means only with the example workspace." enum:"auto,on,off" default:"auto" env:"USHER_DEMO"`
	LogLevel  string `help:"debug, info, warn or error." enum:"debug,info,warn,error" default:"info" env:"USHER_LOG_LEVEL"`
	LogFormat string `help:"text or json." enum:"text,json" default:"text" env:"USHER_LOG_FORMAT"`

	Calendars calendar.Settings `embed:""`
	Mail      mail.Settings     `embed:""`
	Hooks     hooks.Settings    `embed:""`
	Slack     slack.Settings    `embed:""`
	SlackPage string            `help:"Address of a page that plays Slack, on this machine, with any workspace: auto is the port after the server's when usher is started without a command, off is none." default:"auto" env:"USHER_SLACK_PAGE" placeholder:"ADDRESS"`
	Alone     bool              `kong:"-"` // usher was started without a command
	published bool              // what is served was published
}

// Times of the server's life.
const (
	graceful   = 20 * time.Second // for running turns at the end: longer than any turn, shorter than an orchestrator's patience
	headersIn  = 10 * time.Second // a client that sends its headers slower than this is not a browser
	idleHTTP   = 2 * time.Minute
	maxHeaders = 16 << 10
)

func main() {
	os.Exit(run(os.Args[1:]))
}

// run gives the exit code: 0 fine, 1 the answer is no, 2 wrong use.
func run(args []string) int {
	return terminal.Run(context.Background(), &program{Serve: serve{Alone: !slices.Contains(args, "serve")}}, world(), args)
}

// version is set when a release is built: -ldflags "-X main.version=1.2.3".
var version string

// world is what the commands need of the house.
func world() *terminal.World {
	return &terminal.World{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Now: time.Now, Version: version,
		Workspace: func(dir string) (*flows.Workspace, flows.Problems) { return flows.Load(folder(dir)) },
		Prove: func(dir string) (*flows.Workspace, []flows.Survey, flows.Problems) {
			return flows.Prove(folder(dir))
		},
		Who:           who(),
		OpenMemory:    openMemory,
		OpenPublisher: openPublisher,
		Recipients:    recipients,
		OpenHouse:     openHouse,
		OpenHooks:     openHooks,
		PingHook:      pingHook,
		RepBusy:       repBusy,
		FiledBusy:     filedBusy,
		Events:        events,
		Busy:          busy,
		Fetch:         fetch,
		Doctor:        doctor,
		ConnectLink:   signed((*web.Server).ConnectLink),
		FeedLink:      signed((*web.Server).FeedLink),
		LoadTest: func(ctx context.Context, server string, l terminal.Load) (any, error) {
			return web.Load(ctx, server, web.LoadOptions(l))
		},
	}
}

// folder is a workspace's files: the built-in example's when none is named.
func folder(dir string) fs.FS {
	if dir == "" {
		return flows.Example()
	}
	return os.DirFS(dir)
}

func openMemory(ctx context.Context, url string) (terminal.Memory, error) { return openStore(ctx, url) }

// openHouse opens the bot beside a server.
func openHouse(ctx context.Context, at terminal.House) (*bot.Bot, error) {
	s, err := environment()
	if err != nil {
		return nil, err
	}
	s.Data, s.Key = cmp.Or(at.Data, s.Data), cmp.Or(at.Key, s.Key)
	if at.Database == "" {
		at.Database = s.database()
	}
	key, err := s.KeptKey(s.Data)
	if err != nil {
		return nil, err
	}
	memory, err := openStore(ctx, at.Database)
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.DiscardHandler)
	return &bot.Bot{Store: memory, Log: log, Secret: key, Vault: store.Vault{Folder: s.Data, Key: key}, Erasers: erasers()}, nil
}

// recipients are where personal data goes, as the environment wires the server.
func recipients(w *flows.Workspace) ([]terminal.Recipient, error) {
	s, err := environment()
	if err != nil {
		return nil, err
	}
	writes := slices.ContainsFunc(w.Roster.Reps, calendar.Writable)
	out := []terminal.Recipient{
		{Name: "Slack", What: "cards of leads, what is said while a rep talks, and prospects' own conversations", On: s.Slack.Token != ""},
		{Name: "calendars of reps", What: "name, address and phone number of who is met, and what they want", On: writes},
		{Name: "mail server", What: "invitations, reminders and letters", On: s.Mail.Shown() != "off"},
	}
	if w.Hooks != nil {
		out = append(out, terminal.Recipient{Name: "HubSpot", What: "contacts, companies and meetings", On: s.Hooks.HubSpotToken != ""})
		for _, h := range w.Hooks.Endpoints {
			out = append(out, terminal.Recipient{Name: "webhook " + h.URL, What: cmp.Or(strings.Join(h.Events, ", "), "all events"), On: true})
		}
	}
	return out, nil
}

// erasers say what lies elsewhere, also where nothing is connected that could reach it.
func erasers() map[string]bot.Eraser {
	return map[string]bot.Eraser{slack.Place: slack.Eraser{}, calendar.Place: calendar.Eraser{}, hooks.Place: hooks.Eraser{}}
}

// hooksBeside is what tells other systems, beside a server.
type hooksBeside struct {
	*hooks.Hooks
	house *bot.Bot
}

func openHooks(ctx context.Context, at terminal.HooksPlace) (terminal.Hooks, error) {
	b, err := openHouse(ctx, at.House)
	if err != nil {
		return nil, err
	}
	s, err := environment()
	if err != nil {
		return nil, errors.Join(err, b.Store.Close())
	}
	w, err := servedBeside(ctx, b, at.Workspace)
	if err != nil {
		return nil, errors.Join(err, b.Store.Close())
	}
	h, err := s.Hooks.Open(hooks.Beside{Bot: b, Served: w}, b.Store, hooks.Keys{Secret: s.Calendars.SecretKey, Signing: b.Secret})
	if err != nil {
		return nil, errors.Join(err, b.Store.Close())
	}
	return hooksBeside{h, b}, nil
}

func (h hooksBeside) Statuses(ctx context.Context) (out []terminal.HookStatus, err error) {
	all, err := h.Hooks.Statuses(ctx)
	for _, s := range all {
		out = append(out, terminal.HookStatus(s))
	}
	return out, err
}

func (h hooksBeside) Replay(ctx context.Context, a terminal.HookReplay) (int, error) {
	return h.Hooks.Replay(ctx, hooks.Again(a))
}

func (h hooksBeside) Close() error { return h.house.Store.Close() }

// pingHook sends a ping as the server would send a message.
func pingHook(ctx context.Context, url, secret string) (terminal.HookPing, error) {
	s, err := environment()
	if err != nil {
		return terminal.HookPing{}, err
	}
	p, err := s.Hooks.Try(ctx, url, secret)
	return terminal.HookPing(p), err
}

// servedBeside is the workspace that a server with this folder serves: the folder, what is published, or the example.
func servedBeside(ctx context.Context, b *bot.Bot, dir string) (*flows.Workspace, error) {
	files := folder(dir)
	if dir == "" {
		p, err := b.Store.Published(ctx)
		if err == nil {
			var sources map[string]string
			sources, err = b.Store.Revision(ctx, p.Revision)
			files = flows.SourceFS(sources)
		}
		if err != nil && !errors.Is(err, bot.ErrNotFound) {
			return nil, err
		}
	}
	w, problems := flows.Load(files)
	if w == nil {
		return nil, problems
	}
	return w, nil
}

// who is the person at the terminal, as publications name them.
func who() string {
	name := "somebody"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return name + "@" + machine()
}

// openPublisher opens a database that a server may have open. Only who writes may make it or bring it up to date, and
// that only while no server has it.
func openPublisher(ctx context.Context, url string, writes bool) (terminal.Publisher, error) {
	s, err := openStore(ctx, url)
	if err == nil {
		return s, nil
	}
	if !writes || strings.HasPrefix(url, "postgres") {
		return nil, err
	}
	url = cmp.Or(url, (&serve{Data: cmp.Or(os.Getenv("USHER_DATA"), "data")}).database())
	made, second := store.Open(ctx, url, store.Options{Log: slog.New(slog.DiscardHandler)})
	switch {
	case errors.Is(second, store.ErrShared):
		return nil, err // the server has it: what is wrong is why it could not be opened beside
	case second != nil:
		return nil, second
	}
	return made, nil
}

// openStore opens a database that is there; looking into one must not make it.
func openStore(ctx context.Context, url string) (*store.DB, error) {
	url = cmp.Or(url, (&serve{Data: cmp.Or(os.Getenv("USHER_DATA"), "data")}).database())
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		if _, err := os.Stat(file); err != nil {
			return nil, fmt.Errorf("open the database: %w", err)
		}
	}
	return store.Open(ctx, url, store.Options{Beside: true, Log: slog.New(slog.DiscardHandler)})
}

func events(data []byte, from, to time.Time, zone *time.Location) (out []terminal.Event, problems []terminal.CalendarProblem) {
	found, ps := calendar.Events(data, calendar.Query{From: from, To: to, Zone: zone})
	for _, e := range found {
		out = append(out, terminal.Event(e))
	}
	return out, told(ps)
}

func busy(files [][]byte, from, to time.Time, zone *time.Location) ([]slots.Interval, []terminal.CalendarProblem) {
	spans, ps := calendar.Busy(calendar.Query{From: from, To: to, Zone: zone}, files...)
	return spans, told(ps)
}

// repBusy reads a rep's calendars as the server would, but for accounts that reps have connected: those it knows alone.
func repBusy(w *flows.Workspace, rep *flows.Rep, from, to time.Time) ([]slots.Interval, error) {
	s, err := environment()
	if err != nil {
		return nil, err
	}
	accounts, _, err := s.Calendars.Accounts(nil, w.Roster.Rep)
	if err != nil {
		return nil, err
	}
	spans, _, err := accounts.Busy(context.Background(), w.Files, rep, calendar.Query{From: from, To: to})
	return spans, err
}

// filedBusy reads what of a rep's calendars stands in the workspace, and dials nobody.
func filedBusy(w *flows.Workspace, rep *flows.Rep, from, to time.Time) ([]slots.Interval, error) {
	spans, _, err := calendar.FiledBusy(w.Files, rep, from, to)
	return spans, err
}

// fetch reads a calendar where the server could read it.
func fetch(ctx context.Context, address string) ([]byte, error) {
	s, err := environment()
	if err != nil {
		return nil, err
	}
	return s.Calendars.Fetch(ctx, address)
}

// environment is the settings of the server as the environment gives them, for commands that look at what it looks at.
func environment() (*serve, error) {
	s := &serve{}
	parser, err := kong.New(s, kong.Exit(func(int) {}))
	if err == nil {
		_, err = parser.Parse(nil)
	}
	return s, err
}

// doctor tries the calendars of a rep over the days that are offered, as the server would. Without a database there are no
// connected accounts.
func doctor(ctx context.Context, w *flows.Workspace, rep *flows.Rep, database string) (out []terminal.Finding, err error) {
	s, err := environment()
	if err != nil {
		return nil, err
	}
	var consents calendar.Links
	if memory, err := openStore(ctx, database); err == nil {
		defer memory.Close()
		consents = memory
	} else if database != "" || !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	accounts, _, err := s.Calendars.Accounts(consents, w.Roster.Rep)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	for _, f := range accounts.Doctor(ctx, w.Files, rep, calendar.Query{From: now, To: now.Add(w.Horizon())}) {
		out = append(out, terminal.Finding{Rep: rep.ID, Source: f.Source, Check: f.Check, OK: f.OK, Said: f.Said, Do: f.Do})
	}
	return out, nil
}

// signed makes a rep's links with the key of the server.
func signed(link func(*web.Server, string) string) func(terminal.Link) (string, error) {
	return func(l terminal.Link) (string, error) {
		s, err := environment()
		if err != nil {
			return "", err
		}
		s.URL, s.Data, s.Key = cmp.Or(l.URL, s.URL), cmp.Or(l.Data, s.Data), cmp.Or(l.Key, s.Key)
		key, err := s.KeptKey(s.Data)
		if err != nil {
			return "", err
		}
		return link(&web.Server{Key: key, URL: s.Address()}, l.Rep), nil
	}
}

func told(ps []calendar.Problem) (out []terminal.CalendarProblem) {
	for _, p := range ps {
		out = append(out, terminal.CalendarProblem{Message: p.Error(), Fatal: p.Fatal, NoZone: p.Code == calendar.NoZone})
	}
	return out
}

// Validate refuses settings that cannot be meant: an address that is none, half a mail server or calendar account.
func (s *serve) Validate() error {
	return errors.Join(s.Settings.Validate(), s.Calendars.Check(), s.Mail.Validate(), s.Hooks.Validate())
}

// Run serves until the process is asked to stop, then lets running turns finish.
func (s *serve) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	log := s.logger()
	key, err := s.SigningKey(s.Data)
	if err != nil {
		return err
	}
	memory, err := store.Open(ctx, s.database(), store.Options{Log: log})
	if err != nil {
		return err
	}
	defer memory.Close()
	b := &bot.Bot{Store: memory, Log: log, Carriers: carriers(log), Secret: key, Vault: store.Vault{Folder: s.Data, Key: key}, Erasers: erasers()}
	b.Carriers[bot.JobPerson] = b.FoldPerson
	b.Carriers[bot.JobTier] = b.NextTier
	b.Carriers[bot.JobSettle] = b.Settle
	followed, err := s.open(ctx, b)
	if err != nil {
		return err
	}
	log.Info("configuration", s.shown()...)
	if s.Plain() {
		log.Warn("what visitors say crosses the network unencrypted: put a proxy with https in front and name its address with --url", "listen", s.Listen)
	}
	return s.live(ctx, b, key, followed)
}

// open makes the bot serve the workspace folder, which is then followed, or what is published, or else the example.
func (s *serve) open(ctx context.Context, b *bot.Bot) (*bot.Folder, error) {
	if s.Workspace != "" {
		f := &bot.Folder{Files: os.DirFS(s.Workspace), Who: machine() + ":" + s.Workspace}
		err := b.Start(ctx, f)
		if problems := flows.Problems(nil); errors.As(err, &problems) {
			err = fmt.Errorf("the workspace has mistakes; nothing was started\n%w", problems)
		}
		return f, err
	}
	if err := b.Resume(ctx); !errors.Is(err, bot.ErrNotFound) {
		s.published = err == nil
		return nil, err
	}
	w, problems := flows.Load(flows.Example())
	if w == nil {
		return nil, problems
	}
	return nil, b.Use(ctx, w)
}

// machine is the name of the computer, as publications name it.
func machine() string {
	name, err := os.Hostname()
	if err != nil {
		return "somewhere"
	}
	return name
}

// live runs the parts of the server together: when one ends or the process is asked to stop, all end.
func (s *serve) live(ctx context.Context, b *bot.Bot, key []byte, followed *bot.Folder) error {
	calendars, err := s.Calendars.Join(b)
	if err != nil {
		return err
	}
	outside, err := s.Hooks.Join(b, hooks.Keys{Secret: s.Calendars.SecretKey, Signing: key})
	if err != nil {
		return err
	}
	calendars.Sync.Files(ctx)
	l, err := net.Listen("tcp", s.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("something serves on %s already; take another address with --listen: %w", s.Listen, err)
	}
	if err != nil {
		return err
	}
	s.Listen = l.Addr().String() // port 0 has become a number: links are made with it
	stage, err := s.stage(b)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer stage.Close()
	channel, app := s.channel(b, key, calendars), s.Slack.Join(b)
	if app != nil {
		app.MeetingURL = channel.MeetingLink
	}
	post, err := s.post(b, channel, calendars)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	channel.Alarms = func() []string {
		return slices.Concat(app.Problems(), calendars.Sync.Problems(), post.Problems(), outside.Problems())
	}
	others := api.Join(b)
	others.Webhooks = hooks.Book{Hooks: outside}
	others.URL = s.Address()
	server := &http.Server{Handler: app.Beside(others.Beside(channel.Handler())), ReadHeaderTimeout: headersIn, IdleTimeout: idleHTTP, MaxHeaderBytes: maxHeaders}
	background, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	var parts sync.WaitGroup
	defer parts.Wait()
	defer end()
	parts.Go(func() { b.Run(background) })
	parts.Go(func() { calendars.Sync.Run(background) })
	parts.Go(func() { post.Run(background) })
	parts.Go(func() { outside.Run(background) })
	parts.Go(func() { app.Run(background) })
	if followed != nil {
		parts.Go(func() { b.Follow(background, followed) })
	}
	failed := make(chan error, 1)
	parts.Go(func() { failed <- server.Serve(l) })
	s.greet(l.Addr(), stage)
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	b.Log.Info("stopping: running turns finish, visitors come back elsewhere")
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceful)
	defer cancel()
	return errors.Join(channel.Shutdown(patience), server.Shutdown(patience))
}

func (s *serve) demo() bool {
	return s.Demo == "on" || s.Demo == "auto" && s.Workspace == "" && !s.published
}

// stage is a Slack of the server's own, on which the reps are played: the demo's, or one that is asked for by an address of
// this machine. It is nil where there is a real one, or several nodes.
func (s *serve) stage(b *bot.Bot) (*slackfake.Rehearsal, error) {
	at := s.SlackPage
	if at == "off" || at == "auto" && !(s.Alone && s.demo()) || s.Slack.Token != "" || s.Database != "" {
		return nil, nil
	}
	if at == "auto" {
		at = slackfake.Beside(s.Listen)
	}
	stage, err := slackfake.Rehearse(b.Workspace().Roster, at, filepath.Join(s.Data, "slack.json"), b.Log)
	if err != nil {
		return nil, err
	}
	s.Slack = slack.Settings{Token: stage.BotToken(), AppToken: stage.AppToken(), URL: stage.URL()}
	return stage, nil
}

// channel is the website channel with what it needs of the other adapters.
func (s *serve) channel(b *bot.Bot, key []byte, calendars *calendar.Calendars) *web.Server {
	calendars.Cloud.Redirect = s.Address() + "/calendar/callback"
	channel := &web.Server{
		Host: b, Log: b.Log, Origins: s.Origins, TrustedProxies: s.Proxies, Key: key, URL: s.Address(), Problems: b.Problems,
		Counts: b.Counts, Jobs: b.Store.JobCounts, Waiting: b.Store.WaitingPlaces, CalendarAges: calendars.Sync.Ages,
		Demo:          s.demo(),
		Invitation:    calendars.Invitation,
		Feed:          calendars.Feed,
		Connector:     connector{calendars},
		Subscriptions: &bot.FollowUps{Bot: b, Key: key},
	}
	calendars.Page = channel.RepLinkTo
	return channel
}

// connector shows the website which calendars are to be connected.
type connector struct{ *calendar.Calendars }

func (c connector) Connectable(rep string) (out []web.Connectable) {
	for _, of := range c.Calendars.Connectable(rep) {
		out = append(out, web.Connectable(of))
	}
	return out
}

func (c connector) ConnectURL(rep, provider string) (string, error) {
	return c.Cloud.ConnectURL(rep, provider)
}

func (c connector) Complete(ctx context.Context, state, code, refused string) (web.Connectable, error) {
	done, err := c.Calendars.Complete(ctx, state, code, refused)
	return web.Connectable(done), err
}

// post sends letters about meetings; nil where there is no mail server.
func (s *serve) post(b *bot.Bot, channel *web.Server, calendars *calendar.Calendars) (*mail.Post, error) {
	post, err := s.Mail.Join(b)
	if post != nil {
		calendars.AnswersTo = s.Mail.Organizer()
		post.Invitation = calendars.Letter
		post.Writable = func(rep string) bool { return calendar.Writable(b.Workspace().Roster.Rep(rep)) }
		post.MeetingLink, post.RepMeetingLink = channel.MeetingLink, channel.RepMeetingLink
		post.Reply, post.Replied = reply, b.Replied
		post.FollowUp(b, b.FollowUps(channel.Key), channel.ResumeLink, channel.UnsubscribeLink)
	}
	return post, err
}

// reply reads what a calendar answered.
func reply(text []byte) (uid, attendee, answer string, sequence int, err error) {
	r, err := calendar.ParseReply(text)
	return r.UID, r.Attendee, r.Answer, r.Sequence, err
}

// carriers carry out the jobs: until reps are told elsewhere, the operator's log tells them.
func carriers(log *slog.Logger) map[string]bot.Carrier {
	tell := func(_ context.Context, j bot.Job) error {
		log.Info("event", "job", j.ID, "kind", j.Kind, "what", string(j.Payload))
		return nil
	}
	return map[string]bot.Carrier{bot.JobNotify: tell, bot.JobCall: tell}
}

func (s *serve) database() string {
	if s.Database != "" {
		return s.Database
	}
	return "sqlite:" + filepath.Join(s.Data, "usher.db")
}

func (s *serve) logger() *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		panic(err) // kong let only the four levels through
	}
	o := &slog.HandlerOptions{Level: level}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o))
}

// shown is the configuration as it may be printed: secrets say only that they are set.
func (s *serve) shown() []any {
	key := "kept in the data folder"
	if s.Key != "" {
		key = "set"
	}
	return []any{
		"workspace", s.source(), "database", redact(s.database()), "data", s.Data, "listen", s.Listen,
		"url", s.Address(), "origins", s.Origins, "trusted_proxies", s.Proxies, "key", key, "demo", s.Demo, "slack", s.Slack.Shown(),
		"calendars", s.Calendars.Shown(), "mail", s.Mail.Shown(), "others", s.Hooks.Shown(),
	}
}

// source is where the workspace comes from.
func (s *serve) source() string {
	if s.published {
		return "published in the database"
	}
	return cmp.Or(s.Workspace, "built-in example")
}

// redact hides the password of a database address.
func redact(database string) string {
	u, err := url.Parse(database)
	if err != nil {
		return "(not shown: not an address)"
	}
	return u.Redacted()
}

// greet tells a person at a terminal where to click.
func (s *serve) greet(at net.Addr, stage *slackfake.Rehearsal) {
	if s.demo() {
		fmt.Printf("Usher is ready. Open http://%s and book a meeting.\n", at)
	} else {
		fmt.Printf("Usher serves on http://%s\n", at)
	}
	if stage != nil {
		fmt.Printf("Ask for a person there, and answer as a rep in the server's own Slack: %s\n", stage.Address)
	}
}

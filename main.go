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
	Serve serve `cmd:"" default:"withargs" help:"Serve visitors; without settings, the demo with the example workspace."`
	Slack struct {
		Manifest slack.ManifestOptions `cmd:"" help:"Print the manifest from which Slack makes the app."`
		Rehearse rehearse              `cmd:"" help:"Try a handoff without a Slack account: the demo, and a Slack of its own on a page beside it."`
	} `cmd:"" help:"What Slack needs to know of usher."`
	terminal.Commands
}

// rehearse is a server with a Slack of its own and a database of its own: what is tried is no visitor's.
type rehearse struct{ slackfake.Settings }

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
	foldAfter  = 4 * time.Second // the record follows within five; a visitor answers once or twice in it
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

// memory is the database that a command means: "" is the one in the data folder.
func memory(url string) string {
	return cmp.Or(url, store.In(cmp.Or(os.Getenv("USHER_DATA"), "data")))
}

func openMemory(ctx context.Context, url string) (terminal.Memory, error) {
	return store.OpenBeside(ctx, memory(url))
}

func openPublisher(ctx context.Context, url string, writes bool) (terminal.Publisher, error) {
	if writes {
		return store.OpenToWrite(ctx, memory(url))
	}
	return store.OpenBeside(ctx, memory(url))
}

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
	erasers, err := s.erasers(key)
	if err != nil {
		return nil, err
	}
	kept, err := store.OpenBeside(ctx, at.Database)
	if err != nil {
		return nil, err
	}
	return &bot.Bot{Store: kept, Log: slog.New(slog.DiscardHandler), Secret: key, Vault: store.Vault{Folder: s.Data, Key: key}, Erasers: erasers}, nil
}

// recipients are where personal data goes, as the environment wires the server, with the webhooks that its database knows.
func recipients(ctx context.Context, w *flows.Workspace, at terminal.House) ([]terminal.Recipient, error) {
	s, err := environment()
	if err != nil {
		return nil, err
	}
	writes := slices.ContainsFunc(w.Roster.Reps, calendar.Writable)
	out := []terminal.Recipient{
		{Name: "Slack", What: "cards of leads, what is said while a rep talks, and prospects' own conversations", On: s.Slack.Token != ""},
		{Name: "calendars of reps", What: "name, address and phone number of who is met, and what they want", On: writes},
		{Name: "mail server", What: "invitations, reminders and letters", On: s.Mail.Shown() != "off"},
		{Name: "HubSpot", What: "contacts, companies and meetings", On: s.Hooks.HubSpotToken != ""},
	}
	hook := func(url string, events []string) {
		out = append(out, terminal.Recipient{Name: "webhook " + url, What: cmp.Or(strings.Join(events, ", "), "all events"), On: true})
	}
	if w.Hooks != nil {
		for _, h := range w.Hooks.Endpoints {
			hook(h.URL, h.Events)
		}
	}
	s.Data = cmp.Or(at.Data, s.Data)
	kept, err := store.OpenBeside(ctx, cmp.Or(at.Database, s.database()))
	if err != nil {
		return out, err
	}
	made, err := kept.Webhooks(ctx)
	for _, h := range made {
		hook(h.URL, h.Events)
	}
	return out, errors.Join(err, kept.Close())
}

// erasers say what lies elsewhere, also where nothing is connected that could reach it.
func (s *serve) erasers(key []byte) (map[string]bot.Eraser, error) {
	crm, err := hooks.Unconnected(hooks.Keys{Secret: s.Calendars.SecretKey, Signing: key})
	return map[string]bot.Eraser{
		slack.Place: slack.Eraser{}, calendar.Place: calendar.Eraser{}, hooks.Place: crm, hooks.PlaceWebhook: hooks.Receivers{}, mail.Place: mail.Eraser{},
	}, err
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
	w, err := b.Served(ctx, folder(at.Workspace), at.Workspace != "")
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

// who is the person at the terminal, as publications name them.
func who() string {
	name := "somebody"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return name + "@" + machine()
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
	if kept, err := store.OpenBeside(ctx, memory(database)); err == nil {
		defer kept.Close()
		consents = kept
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
	erasers, err := s.erasers(key)
	if err != nil {
		return err
	}
	kept, err := store.Open(ctx, s.database(), store.Options{Log: log})
	if err != nil {
		return err
	}
	defer kept.Close()
	b := &bot.Bot{Store: kept, Log: log, Carriers: bot.Logged(log, bot.JobNotify, bot.JobCall), Secret: key, Vault: store.Vault{Folder: s.Data, Key: key}, Erasers: erasers}
	b.Carriers[bot.JobPerson], b.FoldAfter = b.FoldPerson, foldAfter
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

// parts are the adapters around the bot.
type parts struct {
	calendars *calendar.Calendars
	outside   *hooks.Hooks
	stage     *slackfake.Rehearsal
	app       *slack.App
	post      *mail.Post
	channel   *web.Server
	others    *api.Server
}

// join joins the adapters with the bot and with each other. The caller closes the stage.
func (s *serve) join(b *bot.Bot, key []byte) (p parts, err error) {
	if p.calendars, err = s.Calendars.Join(b); err != nil {
		return p, err
	}
	if p.outside, err = s.Hooks.Join(b, hooks.Keys{Secret: s.Calendars.SecretKey, Signing: key}); err != nil {
		return p, err
	}
	if p.stage, err = s.stage(b); err != nil {
		return p, err
	}
	p.channel, p.app = s.channel(b, key, p.calendars), s.Slack.Join(b)
	if p.app != nil {
		p.app.MeetingURL = p.channel.MeetingLink
	}
	if p.post, err = s.post(b, p.channel, p.calendars); err != nil {
		return p, err
	}
	p.channel.Alarms = func() []string {
		return slices.Concat(p.app.Problems(), p.calendars.Sync.Problems(), p.post.Problems(), p.outside.Problems())
	}
	p.others = api.Join(b)
	p.others.Webhooks = hooks.Book{Hooks: p.outside}
	p.others.URL = s.Address()
	return p, nil
}

// handler serves all that is served over HTTP.
func (p parts) handler() http.Handler {
	return p.app.Beside(p.others.Beside(p.channel.Handler()))
}

// run is what the parts do of themselves until ctx ends.
func (p parts) run(ctx context.Context, b *bot.Bot) (waiting *sync.WaitGroup) {
	waiting = &sync.WaitGroup{}
	for _, run := range []func(context.Context){b.Run, p.calendars.Sync.Run, p.post.Run, p.outside.Run, p.app.Run} {
		waiting.Go(func() { run(ctx) })
	}
	return waiting
}

// listen takes the address that is served on.
func (s *serve) listen() (net.Listener, error) {
	l, err := net.Listen("tcp", s.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("something serves on %s already; take another address with --listen: %w", s.Listen, err)
	}
	if err != nil {
		return nil, err
	}
	s.Listen = l.Addr().String() // port 0 has become a number: links are made with it
	return l, nil
}

// live runs the parts of the server together: when one ends or the process is asked to stop, all end.
func (s *serve) live(ctx context.Context, b *bot.Bot, key []byte, followed *bot.Folder) error {
	l, err := s.listen()
	if err != nil {
		return err
	}
	p, err := s.join(b, key)
	if err != nil {
		p.stage.Close()
		return errors.Join(err, l.Close())
	}
	defer p.stage.Close()
	p.calendars.Sync.Files(ctx)
	server := &http.Server{Handler: p.handler(), ReadHeaderTimeout: headersIn, IdleTimeout: idleHTTP, MaxHeaderBytes: maxHeaders}
	background, end := context.WithCancel(context.WithoutCancel(ctx))
	running := p.run(background, b)
	defer running.Wait()
	defer end()
	if followed != nil {
		running.Go(func() { b.Follow(background, followed) })
	}
	failed := make(chan error, 1)
	running.Go(func() { failed <- server.Serve(l) })
	s.greet(l.Addr(), p.stage)
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	b.Log.Info("stopping: running turns finish, visitors come back elsewhere")
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceful)
	defer cancel()
	return errors.Join(p.channel.Shutdown(patience), server.Shutdown(patience))
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
	letters := b.FollowUps(channel.Key)
	if post != nil {
		calendars.AnswersTo = s.Mail.Organizer()
		post.Invitation = calendars.Letter
		post.Writable = func(rep string) bool { return calendar.Writable(b.Workspace().Roster.Rep(rep)) }
		post.MeetingLink, post.RepMeetingLink = channel.MeetingLink, channel.RepMeetingLink
		post.Reply, post.Replied = reply, b.Replied
		post.FollowUp(b, letters, channel.ResumeLink, channel.UnsubscribeLink)
	}
	letters.Announce()
	return post, err
}

// reply reads what a calendar answered.
func reply(text []byte) (uid, attendee, answer string, sequence int, err error) {
	r, err := calendar.ParseReply(text)
	return r.UID, r.Attendee, r.Answer, r.Sequence, err
}

func (s *serve) database() string { return cmp.Or(s.Database, store.In(s.Data)) }

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
		"workspace", s.source(), "database", store.Redacted(s.database()), "data", s.Data, "listen", s.Listen,
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

// Package slackfake owns a Slack workspace for tests and rehearsals: an HTTP and Socket Mode server that behaves as
// Slack's public documents say, scripted through Go, with a record of every call, and with a small web page on which
// people can play the workspace's members. Nothing of it serves visitors.
package slackfake

import (
	"cmp"
	"context"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options say what the workspace is like. The zero value is a good workspace.
type Options struct {
	SigningSecret string // signs what is sent to the app over HTTP
	BotToken      string // xoxb-…
	AppToken      string // xapp-…, for Socket Mode
	TeamID        string
	TeamName      string
	AppID         string
	Socket        bool // events, clicks and commands go over Socket Mode instead of HTTP

	// Scale multiplies Slack's waits: three seconds for an acknowledgement, a minute and five until a retry, the
	// windows of the rate limits. 0 means 1; 0.01 makes a retry after a minute one after 600 ms.
	Scale float64
	// Within is how long the app has for an acknowledgement; 0 means three seconds, scaled, and 200 ms at least.
	Within time.Duration
	// Unlimited switches the rate limits off.
	Unlimited bool
	// Burst is how many messages a channel takes at once before the limit of one a second holds; 0 means 4.
	Burst int
	// Refresh ends each Socket Mode connection after this time with a warning, as Slack does every few hours; 0 never.
	Refresh time.Duration
	// Now is the clock of the workspace's timestamps; nil means time.Now.
	Now func() time.Time
	Log *slog.Logger // nil discards
}

// Times and sizes as Slack documents them; the times are multiplied by Options.Scale.
const (
	ackWithin       = 3 * time.Second // for events, clicks and commands
	leastAck        = 200 * time.Millisecond
	warningTime     = 10 * time.Second
	pingEvery       = 10 * time.Second
	ticketLife      = 30 * time.Second
	mostConnections = 10
	responseLife    = 30 * time.Minute
	responseUses    = 5
)

// retryAfter are the pauses before the second, third and last attempt at an event.
var retryAfter = []time.Duration{0, time.Minute, 5 * time.Minute}

// Fake is one workspace with one app installed. Its methods may be called from any goroutine.
type Fake struct {
	options Options
	server  *http.Server
	base    string // http://127.0.0.1:…
	client  *http.Client
	done    context.Context
	end     context.CancelFunc
	work    sync.WaitGroup // everything the fake started

	mu        sync.Mutex
	news      chan struct{} // closed and replaced whenever something changes
	target    target
	users     map[string]*User
	channels  map[string]*channel
	order     []string // ids of channels as they were made
	last      time.Time
	numbers   int64 // for ids
	calls     []Call
	faults    map[string][]*Fault
	rates     map[string]*bucket
	revoked   string // the error every token gets, "" while they hold
	views     map[string]View
	homes     map[string]View // by user
	files     map[string]File
	triggers  map[string]trigger
	responses map[string]*response

	lanes      map[string][]*Event // by channel: waits for its first attempt
	holding    bool
	held       []*Event
	copies     int           // extra deliveries of each event
	late       time.Duration // before each first attempt
	pending    int           // events not yet acknowledged or given up
	deliveries []Delivery

	links   []*link
	tickets map[string]time.Time
	turn    int // of the connections
}

// New starts a workspace on a free port of the loopback; Close ends it.
func New(o Options) *Fake {
	f := &Fake{
		options: o.filled(), news: make(chan struct{}), users: map[string]*User{}, channels: map[string]*channel{},
		faults: map[string][]*Fault{}, rates: map[string]*bucket{}, views: map[string]View{}, homes: map[string]View{},
		files: map[string]File{}, triggers: map[string]trigger{}, responses: map[string]*response{},
		lanes: map[string][]*Event{}, tickets: map[string]time.Time{}, numbers: 1000,
	}
	f.done, f.end = context.WithCancel(context.Background())
	f.client = &http.Client{CheckRedirect: twoRedirects, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	f.users[f.Bot()] = &User{ID: f.Bot(), Name: "usher", RealName: "Usher", Bot: true}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err) // a machine without a loopback
	}
	f.base = "http://" + l.Addr().String()
	f.server = &http.Server{Handler: f.routes(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(f.options.Log.Handler(), slog.LevelDebug)}
	f.work.Go(func() { f.server.Serve(l) }) // it ends with Close
	return f
}

// filled gives what was left out.
func (o Options) filled() Options {
	o.SigningSecret = cmp.Or(o.SigningSecret, "8f742231b10e8888abcd99yyyzzz85a5")
	o.BotToken = cmp.Or(o.BotToken, "xoxb-fake-bot")
	o.AppToken = cmp.Or(o.AppToken, "xapp-fake-app")
	o.TeamID = cmp.Or(o.TeamID, "T0000FAKE")
	o.TeamName = cmp.Or(o.TeamName, "Shelfwise")
	o.AppID = cmp.Or(o.AppID, "A0000USHER")
	o.Scale = cmp.Or(o.Scale, 1)
	o.Burst = cmp.Or(o.Burst, 4)
	if o.Within == 0 {
		o.Within = max(time.Duration(float64(ackWithin)*o.Scale), leastAck)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Close ends the workspace: connections are cut, waiting attempts are dropped.
func (f *Fake) Close() {
	f.end()
	f.Cut()
	f.server.Close() // an error means that it is closed
	f.work.Wait()
	f.client.CloseIdleConnections()
}

// URL is the base of the Web API, to be given instead of https://slack.com/api/; it ends with a slash.
func (f *Fake) URL() string { return f.base + "/api/" }

// SigningSecret is what the app checks the workspace's requests with.
func (f *Fake) SigningSecret() string { return f.options.SigningSecret }

// BotToken is the app's xoxb token.
func (f *Fake) BotToken() string { return f.options.BotToken }

// AppToken is the app's xapp token, for Socket Mode.
func (f *Fake) AppToken() string { return f.options.AppToken }

// TeamID is the workspace's id.
func (f *Fake) TeamID() string { return f.options.TeamID }

// AppID is the app's id.
func (f *Fake) AppID() string { return f.options.AppID }

// Bot is the id of the app's bot user.
func (f *Fake) Bot() string { return "U0000USHER" }

// BotID is the id under which the app posts.
func (f *Fake) BotID() string { return "B0000USHER" }

// scaled is one of Slack's waits in this workspace.
func (f *Fake) scaled(d time.Duration) time.Duration {
	return time.Duration(float64(d) * f.options.Scale)
}

// changed wakes who waits for something; the lock is held.
func (f *Fake) changed() {
	close(f.news)
	f.news = make(chan struct{})
}

// until waits for a condition, which is asked with the lock held.
func (f *Fake) until(ctx context.Context, ok func() bool) error {
	for {
		f.mu.Lock()
		fine, news := ok(), f.news
		f.mu.Unlock()
		if fine {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-f.done.Done():
			return context.Canceled
		case <-news:
		}
	}
}

// id makes an id of Slack's look; the lock is held.
func (f *Fake) id(prefix string) string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
	out := []byte(prefix)
	for range 4 {
		out = append(out, letters[rand.IntN(len(letters))])
	}
	f.numbers++
	return string(out) + pad(f.numbers, 6)
}

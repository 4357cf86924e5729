package slackfake

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strings"
	"time"
)

//go:embed page
var pageFiles embed.FS

// pagePolicy lets the page load what its server serves and talk to it, and nothing else.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Limits of the page.
const (
	shownMessages = 500 // of a channel, the last ones
	maxRequest    = 64 << 10
	together      = 30 * time.Millisecond // changes within this time are shown at once
	heartbeat     = 15 * time.Second
)

// Page is the workspace as a small web page on which one person plays all of its members. It has no sign-in, so it
// answers only under a loopback address.
func (f *Fake) Page() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", asset("index.html", "text/html; charset=utf-8"))
	mux.HandleFunc("GET /page.css", asset("page.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET /page.js", asset("page.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET /mrkdwn.js", asset("mrkdwn.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET /blocks.js", asset("blocks.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET /icon.svg", asset("icon.svg", "image/svg+xml"))
	mux.HandleFunc("GET /live", f.live)
	mux.HandleFunc("POST /say", f.pageSay)
	mux.HandleFunc("POST /act", f.pageAct)
	mux.HandleFunc("POST /submit", f.pageSubmit)
	mux.HandleFunc("POST /home", f.pageHome)
	return loopbackOnly(http.NewCrossOriginProtection().Handler(mux))
}

func asset(name, kind string) http.HandlerFunc {
	data, err := pageFiles.ReadFile("page/" + name)
	if err != nil {
		panic(err) // the file is embedded
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", kind)
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		w.Write(data) // an error here is the client gone
	}
}

// loopbackOnly refuses requests under a name that somebody else's page could have pointed here.
func loopbackOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if at, err := netip.ParseAddr(strings.Trim(host, "[]")); host != "localhost" && (err != nil || !at.IsLoopback()) {
			http.Error(w, "this page is for this machine alone", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// scene is all that one member sees.
type scene struct {
	Team     string               `json:"team"`
	Me       string               `json:"me"`
	Users    []person             `json:"users"`
	Channels []room               `json:"channels"`
	Messages map[string][]Message `json:"messages"`
	Views    []map[string]any     `json:"views"`
	Home     map[string]any       `json:"home,omitempty"`
	Bot      string               `json:"bot"`
}

type person struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Title string `json:"title,omitempty"`
	Image string `json:"image,omitempty"`
}

type room struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// scene is what a member sees; somebody who is no member sees as the first one does. The lock is held.
func (f *Fake) scene(me string) scene {
	s := scene{Team: f.options.TeamName, Bot: f.Bot(), Users: []person{}, Channels: []room{}, Messages: map[string][]Message{}, Views: []map[string]any{}}
	for _, u := range f.people() {
		s.Users = append(s.Users, person{u.ID, u.display(), u.Title, u.Image})
	}
	if u := f.users[me]; (u == nil || u.Bot) && len(s.Users) > 0 {
		me = s.Users[0].ID
	}
	s.Me = me
	if f.users[me] != nil {
		f.dm(me)
	}
	for _, id := range f.order {
		c := f.channels[id]
		if !c.opens(f.users[me]) {
			continue
		}
		r := room{c.id, c.name, c.kind}
		if c.kind == "im" {
			r.Name = "Usher"
		}
		s.Channels = append(s.Channels, r)
		s.Messages[id] = c.seenBy(me)
	}
	for _, v := range f.views {
		if v.User == me {
			s.Views = append(s.Views, v.wire(f))
		}
	}
	if home, ok := f.homes[me]; ok {
		s.Home = home.wire(f)
	}
	return s
}

// opens says whether a member sees a channel.
func (c *channel) opens(u *User) bool {
	switch {
	case u == nil:
		return c.kind != "im"
	case c.kind == "im":
		return c.user == u.ID
	}
	return c.shared || !u.Guest
}

// seenBy gives what a member sees of a channel.
func (c *channel) seenBy(user string) []Message {
	out := []Message{}
	for _, m := range c.messages[max(0, len(c.messages)-shownMessages):] {
		if m.Ephemeral == "" || m.Ephemeral == user {
			out = append(out, *m)
		}
	}
	return out
}

// live sends the scene whenever it changes, as server-sent events.
func (f *Fake) live(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	for {
		f.mu.Lock()
		data, err := json.Marshal(f.scene(r.URL.Query().Get("me")))
		news := f.news
		f.mu.Unlock()
		if err != nil {
			f.options.Log.Error("a scene cannot be written", "error", err)
			return
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", data); err != nil || out.Flush() != nil {
			return
		}
		if !f.awaitNews(r, w, news) || !f.pause(together) {
			return
		}
	}
}

// awaitNews waits for a change and keeps the connection warm; false when it ended.
func (f *Fake) awaitNews(r *http.Request, w http.ResponseWriter, news <-chan struct{}) bool {
	warm := time.NewTicker(heartbeat)
	defer warm.Stop()
	for {
		select {
		case <-news:
			return true
		case <-r.Context().Done():
			return false
		case <-f.done.Done():
			return false
		case <-warm.C:
			if _, err := fmt.Fprint(w, ":\n\n"); err != nil || http.NewResponseController(w).Flush() != nil {
				return false
			}
		}
	}
}

// deed is what somebody does on the page.
type deed struct {
	Me      string                               `json:"me"`
	Channel string                               `json:"channel"`
	Thread  string                               `json:"thread"`
	Text    string                               `json:"text"`
	TS      string                               `json:"ts"`
	Action  string                               `json:"action"`
	Block   string                               `json:"block"`
	Option  string                               `json:"option"`
	View    string                               `json:"view"`
	Values  map[string]map[string]map[string]any `json:"values"`
}

// perform reads a deed, does it, and answers.
func (f *Fake) perform(w http.ResponseWriter, r *http.Request, do func(deed) (any, error)) {
	var d deed
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRequest)).Decode(&d); err != nil {
		f.answer(w, http.StatusBadRequest, failed("not understood: "+err.Error()))
		return
	}
	f.mu.Lock()
	me, c := f.users[d.Me], f.channels[d.Channel]
	fine := me != nil && (d.Channel == "" || c != nil && c.opens(me))
	f.mu.Unlock()
	if !fine {
		f.answer(w, http.StatusNotFound, failed("no such member or channel"))
		return
	}
	out, err := do(d)
	if err != nil {
		f.answer(w, http.StatusBadGateway, failed(err.Error()))
		return
	}
	f.answer(w, http.StatusOK, reply{"ok": true, "answer": out})
}

// atUsher is how a person on the page names the app.
var atUsher = regexp.MustCompile(`(?i)@usher\b`)

func (f *Fake) pageSay(w http.ResponseWriter, r *http.Request) {
	f.perform(w, r, func(d deed) (any, error) {
		text := strings.TrimSpace(d.Text)
		switch {
		case text == "":
			return nil, errors.New("nothing was written")
		case strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "//"):
			_, err := f.Command(d.Me, d.Channel, text)
			return nil, err
		}
		if _, ok := f.Message(d.Channel, d.Thread); d.Thread != "" && !ok {
			return nil, errors.New("the thread is gone")
		}
		return f.Say(d.Me, d.Channel, d.Thread, atUsher.ReplaceAllString(text, "<@"+f.Bot()+">")), nil
	})
}

func (f *Fake) pageAct(w http.ResponseWriter, r *http.Request) {
	f.perform(w, r, func(d deed) (any, error) {
		m, ok := f.Message(d.Channel, d.TS)
		if !ok {
			return nil, errors.New("the message is gone")
		}
		return nil, f.use(d, m)
	})
}

func (f *Fake) pageSubmit(w http.ResponseWriter, r *http.Request) {
	f.perform(w, r, func(d deed) (any, error) {
		values := map[string]map[string]any{}
		for block, actions := range d.Values {
			values[block] = map[string]any{}
			for action, v := range actions {
				values[block][action] = v
			}
		}
		if d.Action == "close" {
			f.mu.Lock()
			defer f.mu.Unlock()
			delete(f.views, d.View)
			f.changed()
			return nil, nil
		}
		return f.Submit(d.Me, d.View, values)
	})
}

func (f *Fake) pageHome(w http.ResponseWriter, r *http.Request) {
	f.perform(w, r, func(d deed) (any, error) {
		f.OpenHome(d.Me, "messages")
		return nil, nil
	})
}

// use presses a button or picks an option of the element at a place.
func (f *Fake) use(d deed, m Message) error {
	return f.act(d.Me, m, func(e placed) (map[string]any, bool) {
		if e.block != d.Block || e.element["action_id"] != d.Action {
			return nil, false
		}
		if d.Option == "" {
			return e.element.pressed(), true
		}
		return e.element.picked(d.Option)
	}, d.Action)
}

package slackfake

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// most bytes of a request; files are not uploaded here.
const maxBody = 1 << 20

// reply is the JSON object that a method answers with.
type reply map[string]any

func failed(name string) reply { return reply{"ok": false, "error": name} }

// call is one request to the Web API in work.
type call struct {
	method string
	token  string
	args   map[string]string // nested values as JSON text
	echo   []func()          // events that follow once the method is done
}

// method is one method of the Web API.
type method struct {
	do     func(*Fake, *call) reply
	tier   int  // a minute: 1, 20, 50, 100; special: 0, limited by channel
	app    bool // wants the app-level token
	anyone bool // takes either token
}

// methods are all that this workspace knows; others get unknown_method.
var methods = map[string]method{
	"api.test":                              {do: func(*Fake, *call) reply { return reply{"ok": true} }, tier: 100, anyone: true},
	"auth.test":                             {do: (*Fake).authTest, tier: 600, anyone: true},
	"apps.connections.open":                 {do: (*Fake).connectionsOpen, tier: 20, app: true},
	"bots.info":                             {do: (*Fake).botsInfo, tier: 50},
	"chat.postMessage":                      {do: (*Fake).postMessage},
	"chat.postEphemeral":                    {do: (*Fake).postEphemeral, tier: 100},
	"chat.update":                           {do: (*Fake).update, tier: 50},
	"chat.delete":                           {do: (*Fake).remove, tier: 50},
	"chat.getPermalink":                     {do: (*Fake).permalink, tier: 600},
	"conversations.history":                 {do: (*Fake).history, tier: 50},
	"conversations.replies":                 {do: (*Fake).threadHistory, tier: 50},
	"conversations.info":                    {do: (*Fake).conversationsInfo, tier: 50},
	"conversations.list":                    {do: (*Fake).conversationsList, tier: 20},
	"conversations.open":                    {do: (*Fake).conversationsOpen, tier: 50},
	"conversations.join":                    {do: (*Fake).conversationsJoin, tier: 50},
	"files.info":                            {do: (*Fake).filesInfo, tier: 100},
	"users.info":                            {do: (*Fake).usersInfo, tier: 100},
	"users.list":                            {do: (*Fake).usersList, tier: 20},
	"users.lookupByEmail":                   {do: (*Fake).usersLookup, tier: 50},
	"views.open":                            {do: (*Fake).viewsOpen, tier: 100},
	"views.publish":                         {do: (*Fake).viewsPublish, tier: 100},
	"views.update":                          {do: (*Fake).viewsUpdate, tier: 100},
	"assistant.threads.setStatus":           {do: (*Fake).assistant, tier: 600},
	"assistant.threads.setTitle":            {do: (*Fake).assistant, tier: 100},
	"assistant.threads.setSuggestedPrompts": {do: (*Fake).assistant, tier: 100},
}

// routes is everything the workspace answers.
func (f *Fake) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", f.api)
	mux.HandleFunc("GET /link", f.dial)
	mux.HandleFunc("POST /actions/{id}", f.respond)
	mux.HandleFunc("POST /commands/{id}", f.respond)
	mux.HandleFunc("GET /files-pri/{id}", f.download)
	return mux
}

// api answers one call: the record, then faults that a test ordered, then the limits, then the method.
func (f *Fake) api(w http.ResponseWriter, r *http.Request) {
	c, err := read(w, r)
	if err != nil {
		f.answer(w, http.StatusOK, failed("invalid_json"))
		return
	}
	f.mu.Lock()
	n := f.record(c)
	fault := f.fault(c)
	var out reply
	status, wait := http.StatusOK, 0
	switch {
	case fault != nil && !fault.Apply:
		out, status, wait = fault.reply()
	default:
		out, status, wait = f.carry(c)
	}
	f.calls[n].Status, f.calls[n].Fault = status, fault != nil
	f.calls[n].Error, _ = out["error"].(string)
	f.calls[n].TS, _ = out["ts"].(string)
	for _, echo := range c.echo {
		echo()
	}
	f.changed()
	f.mu.Unlock()
	if fault != nil && fault.strike(w, r, f.done) {
		return
	}
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(wait))
	}
	f.answer(w, status, out)
}

// carry does what is asked, when the token and the limits allow it; the lock is held.
func (f *Fake) carry(c *call) (out reply, status, wait int) {
	m, ok := methods[c.method]
	if !ok {
		return reply{"ok": false, "error": "unknown_method", "req_method": c.method}, http.StatusOK, 0
	}
	if refusal := f.refuse(m, c.token); refusal != "" {
		return failed(refusal), http.StatusOK, 0
	}
	if wait := f.limited(m, c); wait > 0 {
		return failed("ratelimited"), http.StatusTooManyRequests, wait
	}
	return m.do(f, c), http.StatusOK, 0
}

// refuse says why a token does not do.
func (f *Fake) refuse(m method, token string) string {
	known := token == f.options.BotToken || token == f.options.AppToken
	switch {
	case token == "":
		return "not_authed"
	case !known:
		return "invalid_auth"
	case f.revoked != "":
		return f.revoked
	case m.anyone:
		return ""
	case m.app != (token == f.options.AppToken):
		return "not_allowed_token_type"
	}
	return ""
}

// Revoke lets every token fail with an error from now on: token_revoked, account_inactive, invalid_auth; "" ends it.
func (f *Fake) Revoke(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.revoked = name
}

func (f *Fake) answer(w http.ResponseWriter, status int, out any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(out); err != nil {
		f.options.Log.Debug("an answer was not taken", "error", err)
	}
}

// read takes a call's arguments from the query, a form or JSON, and its token from the header or the arguments.
func read(w http.ResponseWriter, r *http.Request) (*call, error) {
	c := &call{method: r.PathValue("method"), args: map[string]string{}}
	flat(c.args, r.URL.Query())
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	switch kind {
	case "application/json":
		if err := readJSON(c.args, r.Body); err != nil {
			return nil, err
		}
	case "multipart/form-data":
		if err := r.ParseMultipartForm(maxBody); err != nil {
			return nil, err
		}
		flat(c.args, r.MultipartForm.Value)
	default:
		if err := r.ParseForm(); err != nil {
			return nil, err
		}
		flat(c.args, r.PostForm)
	}
	c.token = c.args["token"]
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		c.token = bearer
	}
	delete(c.args, "token")
	return c, nil
}

func flat(into map[string]string, values url.Values) {
	for key, v := range values {
		if len(v) > 0 {
			into[key] = v[0]
		}
	}
}

func readJSON(into map[string]string, body io.Reader) error {
	var object map[string]json.RawMessage
	if err := json.NewDecoder(body).Decode(&object); err != nil && !errors.Is(err, io.EOF) {
		return err // no body at all is no arguments
	}
	for key, raw := range object {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		if text != "null" {
			into[key] = text
		}
	}
	return nil
}

// Call is one request to the Web API, as the record keeps it.
type Call struct {
	Method string
	Args   map[string]string // nested values as JSON text; no token
	At     time.Time
	Status int
	Error  string // as Slack names it; "" when it went well
	TS     string // of the message that was made or changed
	Fault  bool   // a test had ordered this call to go wrong
}

// record notes a call and gives its place; the lock is held.
func (f *Fake) record(c *call) int {
	f.calls = append(f.calls, Call{Method: c.method, Args: c.args, At: time.Now()})
	return len(f.calls) - 1
}

// Calls gives every call to the Web API so far, in order; named methods alone when some are named.
func (f *Fake) Calls(named ...string) (out []Call) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.calls {
		if len(named) == 0 || slices.Contains(named, c.Method) {
			out = append(out, c)
		}
	}
	return out
}

package hooks_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"usher/adapters/hooks"
)

// receiver is another system. What it answers is given by its test; nil = it takes everything.
type receiver struct {
	*httptest.Server
	answers func(w http.ResponseWriter, r *http.Request, m hooks.Message) bool // true = it took the message

	mu    sync.Mutex
	took  []taken
	tried int
}

// taken is a message that was taken, as it came.
type taken struct {
	hooks.Message
	id     string
	body   string
	header http.Header
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(r.serve))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) serve(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	var m hooks.Message
	if err != nil || json.Unmarshal(body, &m) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	r.tried++
	answers := r.answers
	r.mu.Unlock()
	if answers != nil && !answers(w, req, m) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.took = append(r.took, taken{m, req.Header.Get(hooks.HeaderID), string(body), req.Header})
}

// becomes changes how it answers.
func (r *receiver) becomes(answers func(w http.ResponseWriter, r *http.Request, m hooks.Message) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answers = answers
}

// refuses answers a status.
func refuses(status int, header ...string) func(w http.ResponseWriter, r *http.Request, m hooks.Message) bool {
	return func(w http.ResponseWriter, _ *http.Request, _ hooks.Message) bool {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		return false
	}
}

func (r *receiver) all() []taken {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.took)
}

// types are those of what was taken, in the order it came.
func (r *receiver) types() (out []string) {
	for _, m := range r.all() {
		out = append(out, m.Type)
	}
	return out
}

func (r *receiver) tries() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tried
}

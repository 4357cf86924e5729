package web

import (
	"net/http"
	"runtime/debug"
)

// routes are all paths of the website channel.
func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()

	mux.HandleFunc("GET /v1/chat", s.public(s.chat))
	mux.HandleFunc("POST /v1/chat", s.public(s.post))
	mux.HandleFunc("GET /v1/chat/events", s.public(s.events))
	mux.HandleFunc("OPTIONS /v1/chat", s.public(s.preflight))
	mux.HandleFunc("OPTIONS /v1/chat/events", s.public(s.preflight))

	mux.HandleFunc("GET /widget.js", s.widget)
	mux.HandleFunc("GET /widget/{file}", s.asset)

	mux.HandleFunc("GET /m/{uid}", s.meeting)
	mux.HandleFunc("GET /m/{uid}/times", s.times)
	mux.HandleFunc("POST /m/{uid}/reschedule", s.reschedule)
	mux.HandleFunc("GET /m/{uid}/cancel", s.askCancel)
	mux.HandleFunc("POST /m/{uid}/cancel", s.cancelMeeting)
	mux.HandleFunc("POST /m/{uid}/no-show", s.noShow)
	mux.HandleFunc("GET /c/{conversation}", s.resume)
	mux.HandleFunc("GET /u/{recipient}", s.askUnsubscribe)
	mux.HandleFunc("POST /u/{recipient}", s.unsubscribe)
	mux.HandleFunc("GET /r/{file}", s.feed)
	mux.HandleFunc("GET /calendar/connect/{rep}", s.connect)
	mux.HandleFunc("POST /calendar/connect/{rep}", s.beginConnect)
	mux.HandleFunc("GET /calendar/callback", s.connected)
	mux.HandleFunc("GET /assets/{file}", s.pageFile)

	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.Handle("GET /metrics", s.metrics.handler())

	if s.Demo {
		mux.HandleFunc("GET /{$}", s.demo)
		mux.HandleFunc("GET /{page}", s.demo)
	}
	return mux
}

// public guards what pages of other hosts may use: the server must be staying, and the page allowed.
func (s *Server) public(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !s.allowed(r) {
			w.Header().Add("Vary", "Origin")
			s.refuse(w, faultOrigin, "")
			return
		}
		cors(w, r)
		if s.stopping() {
			s.refuse(w, faultStopping, "")
			return
		}
		next(w, r)
	}
}

// guard sets what every answer has and turns a panic into an answer.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler {
				panic(v)
			}
			s.log().Error("panic in a handler", "path", r.URL.Path, "panic", v, "stack", string(debug.Stack()))
			s.refuse(w, faultInternal, "")
		}()
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		next.ServeHTTP(w, r)
	})
}

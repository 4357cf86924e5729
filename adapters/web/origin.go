package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// allowed says whether the page that sends the request may talk to this server: its origin is listed exactly, or,
// where none is listed, it is the host's own. A request without an origin comes from no page.
func (s *Server) allowed(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	if (len(s.Origins) == 0 || s.Demo) && sameHost(origin, r.Host) {
		return true
	}
	return slices.ContainsFunc(s.Origins, func(o string) bool {
		return strings.EqualFold(strings.TrimSuffix(o, "/"), origin)
	})
}

func sameHost(origin, host string) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") && strings.EqualFold(u.Host, host)
}

// site is the host of the page a request comes from: what a token is bound to.
func site(r *http.Request) string {
	host := r.Host
	if u, err := url.Parse(r.Header.Get("Origin")); err == nil && u.Host != "" {
		host = u.Host
	}
	return strings.ToLower(strings.Clone(host))
}

// cors lets the request's own origin, which is allowed, read the answer.
func cors(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Add("Vary", "Origin")
	if origin := r.Header.Get("Origin"); origin != "" {
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Expose-Headers", "Retry-After")
	}
}

// preflight answers what a browser asks before a request across origins.
func (s *Server) preflight(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Add("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers")
	h.Set("Access-Control-Allow-Methods", "GET, POST")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID")
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
}

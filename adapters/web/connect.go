package web

import (
	"context"
	"net/http"
	"strings"
)

// Connector connects reps' calendars at providers where the rep gives a consent (RFC 6749 4.1). Its errors are words for
// the rep.
type Connector interface {
	// Connectable are the rep's calendars at such providers.
	Connectable(rep string) []Connectable
	// ConnectURL is the provider's page of consent, which leads back to /calendar/callback.
	ConnectURL(rep, provider string) (string, error)
	// Complete takes what the provider's page gave; refused is its error parameter. It works once for a state.
	Complete(ctx context.Context, state, code, refused string) (Connectable, error)
}

// Connectable is a calendar that a rep connects.
type Connectable struct {
	Rep      string
	Provider string // google, microsoft
	Account  string // as the roster or the provider names it
}

// Name is the provider as people know it.
func (c Connectable) Name() string {
	switch c.Provider {
	case "google":
		return "Google Calendar"
	case "microsoft":
		return "Microsoft 365"
	}
	return c.Provider
}

// connectPage shows a rep what can be connected, or what came of it.
type connectPage struct {
	Rep, Title, Text string
	Send             string
	Ways             []Connectable
}

// connectPolicy lets the form of that page go on to the provider's.
var connectPolicy = strings.Replace(pagePolicy, "form-action 'self'", "form-action *", 1)

// connect serves the page on which a rep begins.
func (s *Server) connect(w http.ResponseWriter, r *http.Request) {
	rep, ok := s.connecting(w, r)
	if !ok {
		return
	}
	p := connectPage{
		Rep: s.contactName(rep), Title: "Connect your calendar", Send: "?s=" + r.URL.Query().Get("s"), Ways: s.Connector.Connectable(rep),
		Text: "Usher then offers visitors only times at which you are free, and writes the meetings they book into your calendar. You can take it back in your account at any time.",
	}
	if len(p.Ways) == 0 {
		p.Title, p.Text = "There is nothing to connect", "Your team has no calendar of yours at Google or Microsoft. Ask whoever keeps team.yaml to write one to your name."
	}
	s.pageWith(w, http.StatusOK, "connect.html", p, connectPolicy)
}

// beginConnect sends the rep to the provider's page.
func (s *Server) beginConnect(w http.ResponseWriter, r *http.Request) {
	if s.foreign(r) {
		s.refuse(w, faultOrigin, "")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	rep, ok := s.connecting(w, r)
	if !ok {
		return
	}
	to, err := s.Connector.ConnectURL(rep, r.PostFormValue("provider"))
	if err != nil {
		s.log().Warn("a calendar cannot be connected", "rep", rep, "err", err)
		s.page(w, http.StatusConflict, "connect.html", connectPage{Rep: s.contactName(rep), Title: "This cannot be connected yet", Text: sentence(err)})
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// connecting lets in whoever has a rep's link to connect a calendar, and answers everybody else.
func (s *Server) connecting(w http.ResponseWriter, r *http.Request) (string, bool) {
	private(w)
	rep := r.PathValue("rep")
	_, worth := s.opens(rep, r.URL.Query().Get("s"), forConnect)
	switch {
	case worth == forged, s.Connector == nil, s.rep(rep) == nil:
		s.missing(w)
	case worth == expired:
		s.page(w, http.StatusGone, "connect.html", connectPage{
			Title: "This link has run out", Text: "Links to connect a calendar work for seven days. Ask for a new one: usher calendar connect " + rep + " prints it.",
		})
	case !s.rates.sends("c:"+rep, s.address(r), s.now()):
		s.refuse(w, faultRate, "")
	default:
		return rep, true
	}
	return "", false
}

// connected takes the rep back from the provider's page and says what came of it.
func (s *Server) connected(w http.ResponseWriter, r *http.Request) {
	private(w)
	if s.Connector == nil {
		s.missing(w)
		return
	}
	if !s.rates.knocks(s.address(r), s.now()) {
		s.refuse(w, faultRate, "")
		return
	}
	q := r.URL.Query()
	done, err := s.Connector.Complete(r.Context(), q.Get("state"), q.Get("code"), q.Get("error"))
	if err != nil {
		s.log().Warn("a calendar was not connected", "rep", done.Rep, "provider", done.Provider, "err", err)
		s.page(w, http.StatusBadRequest, "connect.html", connectPage{Rep: s.contactName(done.Rep), Title: "Your calendar is not connected", Text: sentence(err)})
		return
	}
	s.log().Info("a calendar is connected", "rep", done.Rep, "provider", done.Provider)
	s.page(w, http.StatusOK, "connect.html", connectPage{
		Rep: s.contactName(done.Rep), Title: "Your calendar is connected",
		Text: done.Name() + " (" + done.Account + ") tells from now on when you are free. You may close this page.",
	})
}

// contactName is what a rep is called.
func (s *Server) contactName(id string) string {
	if rep := s.rep(id); rep != nil && rep.Name != "" {
		return rep.Name
	}
	return id
}

// sentence makes of an error what a page can say.
func sentence(err error) string {
	text := []rune(err.Error())
	return strings.ToUpper(string(text[:1])) + strings.TrimSuffix(string(text[1:]), ".") + "."
}

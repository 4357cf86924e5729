package web

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Subscriptions is where somebody says that they want no more letters; *bot.FollowUps is one.
type Subscriptions interface {
	// Unsubscribe takes that; doing it again changes nothing.
	Unsubscribe(ctx context.Context, recipient string) error
	// Unsubscribed says whether it was said.
	Unsubscribed(ctx context.Context, recipient string) (bool, error)
}

// UnsubscribeLink is the address at which one POST ends all letters to a recipient, and a GET shows a page that asks
// (RFC 8058). It does not run out: whoever finds an old letter may want no more. It is "" without a Key.
func (s *Server) UnsubscribeLink(recipient, language string) string {
	link := s.link("/u/"+url.PathEscape(recipient), forUnsubscribe, recipient, time.Time{})
	if link == "" {
		return ""
	}
	return link + "&l=" + url.QueryEscape(language)
}

// unsubscribePage asks whether, or says that it is done.
type unsubscribePage struct {
	W    *words
	Done bool
	Send string
}

// askUnsubscribe serves the page that asks. It changes nothing: mail programs look at links before people do.
func (s *Server) askUnsubscribe(w http.ResponseWriter, r *http.Request) {
	recipient, ok := s.openSubscription(w, r)
	if !ok {
		return
	}
	done, err := s.Subscriptions.Unsubscribed(r.Context(), recipient)
	if err != nil {
		s.refuse(w, s.faultOf(err, "subscription", ""), "")
		return
	}
	s.unsubscribePage(w, r, done)
}

// unsubscribe takes the page's button, and the POST that a mail program makes on its own: no page, no cookie and no further
// question (RFC 8058 3.2).
func (s *Server) unsubscribe(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	recipient, ok := s.openSubscription(w, r)
	if !ok {
		return
	}
	if err := s.Subscriptions.Unsubscribe(r.Context(), recipient); err != nil {
		s.refuse(w, s.faultOf(err, "unsubscribe", ""), "")
		return
	}
	s.unsubscribePage(w, r, true)
}

func (s *Server) unsubscribePage(w http.ResponseWriter, r *http.Request, done bool) {
	q := r.URL.Query()
	send := "?s=" + url.QueryEscape(q.Get("s")) + "&l=" + url.QueryEscape(q.Get("l"))
	s.page(w, http.StatusOK, "unsubscribe.html", unsubscribePage{W: wordsIn(q.Get("l")), Done: done, Send: send})
}

// openSubscription reads whose letters the link is about.
func (s *Server) openSubscription(w http.ResponseWriter, r *http.Request) (recipient string, ok bool) {
	private(w)
	recipient = r.PathValue("recipient")
	_, worth := s.opens(recipient, r.URL.Query().Get("s"), forUnsubscribe)
	if worth != good || s.Subscriptions == nil {
		s.missing(w)
		return "", false
	}
	if !s.rates.sends("u:"+recipient, s.address(r), s.now()) {
		s.refuse(w, faultRate, "")
		return "", false
	}
	return recipient, true
}

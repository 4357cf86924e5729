package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"usher/bot"
)

// resumeLinkLasts is how long the link of a letter leads back to its conversation: for as long as anybody goes through old mail.
const resumeLinkLasts = 90 * 24 * time.Hour

// ResumeLink is the address at which a conversation goes on at its open question, in any browser. It is signed, opens nothing
// else and runs out after 90 days. It is "" without a Key.
func (s *Server) ResumeLink(conversation string) string {
	return s.link("/c/"+url.PathEscape(conversation), forResume, conversation, s.now().Add(resumeLinkLasts))
}

// resumePage is the page on which a conversation goes on.
type resumePage struct {
	W      *words
	Name   string
	Resume string // for the widget
}

// resume serves GET /c/{conversation}: a page with the widget, which comes back with what the link is signed by. The page itself
// changes nothing: mail programs look at links before people do.
func (s *Server) resume(w http.ResponseWriter, r *http.Request) {
	private(w)
	id, signature := r.PathValue("conversation"), r.URL.Query().Get("s")
	_, worth := s.opens(id, signature, forResume)
	c, err := bot.Conversation{}, error(nil)
	if worth != forged {
		c, err = s.Host.Conversation(r.Context(), id, "")
	}
	switch {
	case worth == forged, errors.Is(err, bot.ErrNotFound):
		s.missing(w)
		return
	case err != nil:
		s.refuse(w, s.faultOf(err, "resume", id), "")
		return
	}
	words := wordsIn(c.State.Language)
	if worth == expired {
		s.page(w, http.StatusGone, "lapsed.html", resumePage{W: words})
		return
	}
	p := resumePage{W: words, Resume: id + " " + signature}
	if f := s.Host.Workspace().Flow(c.State.Flow); f != nil {
		p.Name = f.Theme.Name
	}
	s.page(w, http.StatusOK, "resume.html", p)
}

// returns gives the conversation that a hello asks for with what a letter's link is signed by; false where it does not.
func (s *Server) returns(ctx context.Context, a bot.Arrival, f frame) (bot.Arrived, bool, error) {
	id, signature, _ := strings.Cut(f.Resume, " ")
	if _, worth := s.opens(id, signature, forResume); id == "" || worth != good {
		return bot.Arrived{}, false, nil
	}
	in, err := s.Host.Return(ctx, a, id)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Arrived{}, false, nil
	}
	return in, true, err
}

package web

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"usher/bot"
	"usher/flows"
)

// guest is a visitor in one conversation, over whatever carries the frames. It holds no more than must be kept while
// nobody talks.
type guest struct {
	server       *Server
	from         netip.Addr
	site         string
	visitor      string
	conversation string
	private      bool // Global Privacy Control: pages are not taken
}

// arrive takes the hello and gives the welcome.
func (s *Server) arrive(ctx context.Context, g *guest, f frame) (welcome, *fault) {
	if !s.rates.arrives(g.from, s.now()) || !s.rates.comes(g.from, g.site, s.newcomer(ctx, g, f), s.now()) {
		return welcome{}, faultRate
	}
	g.private = g.private || f.GPC
	f.GPC = g.private
	a := bot.Arrival{Token: f.Token, Site: g.site, Flow: f.Flow, Visit: f.visit(), Address: g.from.String()}
	began := time.Now()
	in, back, err := s.returns(ctx, a, f)
	if !back {
		in, err = s.Host.Arrive(ctx, a)
	}
	s.metrics.turn(typeHello, time.Since(began))
	if err != nil {
		return welcome{}, s.faultOf(err, "arrive", "")
	}
	c := in.Conversation
	g.visitor, g.conversation = c.Visitor, c.ID
	w := welcome{Type: "welcome", Token: in.Token, Conversation: c.ID, After: position(f, c), Language: c.State.Language, Texts: s.texts(in.Flow, c.State.Language)}
	if in.Flow != nil {
		w.Theme = in.Flow.Theme
	}
	return w, nil
}

// newcomer says whether the hello would make a new visitor: it has no token, or one that nobody was given.
func (s *Server) newcomer(ctx context.Context, g *guest, f frame) bool {
	if f.Token == "" || g.from.IsLoopback() {
		return true
	}
	_, err := s.Host.Who(ctx, f.Token, g.site)
	return errors.Is(err, bot.ErrNotFound)
}

// position is where the client goes on reading: where it was, if that was in this conversation. A conversation that
// has only begun is sent whole, for the client may speak of an older one.
func position(f frame, c bot.Conversation) int64 {
	if f.After <= 0 || f.After > c.Last || c.Seq <= 1 || f.Conversation != "" && f.Conversation != c.ID {
		return 0
	}
	return f.After
}

// take carries one frame after hello to the house.
func (g *guest) take(ctx context.Context, f frame) *fault {
	began := time.Now()
	h := g.server.Host
	var err error
	switch f.Type {
	case typeHello:
		return faultOrder
	case typeSay:
		err = h.Say(ctx, g.conversation, g.visitor, f.said())
	case typeVisit:
		if g.private {
			break
		}
		err = h.See(ctx, g.conversation, g.visitor, f.visited())
	case typeIdentify:
		err = h.Identify(ctx, g.conversation, g.visitor, f.Known)
	}
	g.server.metrics.turn(f.Type, time.Since(began))
	return g.server.faultOf(err, f.Type, g.conversation)
}

// stored writes the message frame of the visitor's message with that id, if the transcript has it after that seq.
func (g *guest) stored(ctx context.Context, after int64, id string, b *bytes.Buffer) (bool, error) {
	for {
		page, err := g.server.Host.Transcript(ctx, g.conversation, after, pageSize)
		if err != nil {
			return false, err
		}
		for i := range page {
			if page[i].ID == id && page[i].From == bot.FromVisitor {
				return true, g.server.appendMessage(ctx, b, &page[i])
			}
			after = page[i].Seq
		}
		if len(page) < pageSize {
			return false, nil
		}
	}
}

// guestOf is who sends a request over HTTP, within the rates, in the conversation it names or, when it names none, the
// newest. What belongs to somebody else is not there.
func (s *Server) guestOf(r *http.Request, f frame) (*guest, bot.Conversation, *fault) {
	g := &guest{server: s, from: s.address(r), site: site(r), private: gpc(r)}
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		token = f.Token
	}
	if token == "" {
		return nil, bot.Conversation{}, faultToken
	}
	if !s.rates.knocks(g.from, s.now()) {
		return nil, bot.Conversation{}, faultRate
	}
	v, err := s.Host.Who(r.Context(), token, g.site)
	if errors.Is(err, bot.ErrNotFound) {
		return nil, bot.Conversation{}, faultToken
	}
	if bad := s.faultOf(err, "recognise", ""); bad != nil {
		return nil, bot.Conversation{}, bad
	}
	if !s.rates.visitors.allow(v.ID, s.now(), 1) {
		return nil, bot.Conversation{}, faultRate
	}
	c, err := s.Host.Conversation(r.Context(), cmp.Or(f.Conversation, r.URL.Query().Get("conversation")), v.ID)
	if bad := s.faultOf(err, "find conversation", ""); bad != nil {
		return nil, bot.Conversation{}, bad
	}
	g.visitor, g.conversation = v.ID, c.ID
	return g, c, nil
}

// texts is what the widget needs to say on its own, as far as the flow has words for it.
func (s *Server) texts(f *flows.Flow, language string) map[string]string {
	texts := map[string]string{}
	if f == nil {
		return texts
	}
	for name, t := range map[string]*flows.Text{"title": &f.Title, "teaser": &f.Theme.Teaser} {
		if said, err := t.In(language, &flows.Scope{Language: language, Channel: Channel, Now: s.now()}); err == nil && said != "" {
			texts[name] = said
		}
	}
	if w := wordsIn(language); w != &english {
		texts["meeting"], texts["save"], texts["change"], texts["old"] = w.CardOpen, w.Save, w.CardChange, w.CardOld
	}
	return texts
}

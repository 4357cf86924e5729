package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"

	"usher/bot"
)

// post takes one frame over plain HTTP, for networks that block sockets: hello is answered by the welcome, say by the
// message as it is stored, everything else by nothing.
func (s *Server) post(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	f, bad := s.body(w, r)
	if bad != nil {
		s.refuse(w, bad, cut(f.ID, MaxID))
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), turnWait)
	defer cancel()
	r = r.WithContext(ctx)
	var answer bytes.Buffer
	if f.Type == typeHello {
		bad = s.postHello(r, f, &answer)
	} else {
		bad = s.postFrame(r, f, &answer)
	}
	switch {
	case bad != nil:
		s.refuse(w, bad, f.ID)
	case answer.Len() == 0:
		w.WriteHeader(http.StatusNoContent)
	default:
		writeJSON(w, http.StatusOK, answer.Bytes())
	}
}

func (s *Server) body(w http.ResponseWriter, r *http.Request) (frame, *fault) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxFrame))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return frame{}, faultLarge
	case err != nil:
		return frame{}, faultJSON
	}
	return parse(data)
}

func (s *Server) postHello(r *http.Request, f frame, answer *bytes.Buffer) *fault {
	welcome, bad := s.arrive(r.Context(), &guest{server: s, from: s.address(r), site: site(r), private: gpc(r)}, f)
	if bad != nil {
		return bad
	}
	if err := encode(answer, welcome); err != nil {
		return s.faultOf(err, "welcome", welcome.Conversation)
	}
	return nil
}

func (s *Server) postFrame(r *http.Request, f frame, answer *bytes.Buffer) *fault {
	g, c, bad := s.guestOf(r, f)
	if bad != nil {
		return bad
	}
	if bad := g.take(r.Context(), f); bad != nil || f.Type != typeSay {
		return bad
	}
	return g.acknowledge(r.Context(), c, f.ID, answer)
}

// acknowledge finds the message as it is stored: after all that was there before, or, sent a second time, among it.
func (g *guest) acknowledge(ctx context.Context, before bot.Conversation, id string, answer *bytes.Buffer) *fault {
	for _, after := range []int64{before.Last, 0} {
		found, err := g.stored(ctx, after, id, answer)
		if err != nil {
			return g.server.faultOf(err, "acknowledge", g.conversation)
		}
		if found {
			return nil
		}
	}
	return faultOver
}

package api

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"usher/bot"
)

// once does the work of a request that has a name (draft-ietf-httpapi-idempotency-key-header) once, however often it is
// sent. Of the name, which may hold an address, only a digest is remembered, and of the answer only whom it was about: nothing about
// a person lies around for it.
func (s *Server) once(ctx context.Context, in *newLeadIn, work func() (*leadOut, error)) (*leadOut, error) {
	asked, err := json.Marshal(in.Body)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(asked)
	name := sha256.Sum256([]byte(in.Key))
	r := bot.Request{Key: keyOf(ctx).ID, ID: hex.EncodeToString(name[:]), Digest: sum[:], At: s.now()}
	stands, ours, err := s.Requests.ClaimRequest(ctx, r)
	switch {
	case err != nil:
		return nil, err
	case !ours:
		return s.again(ctx, r, stands)
	}
	out, err := work()
	if err == nil {
		r.Made, r.Status = out.Body.ID, out.Status
	}
	if lost := s.Requests.FinishRequest(context.WithoutCancel(ctx), r); lost != nil {
		s.log().Warn("api: a request is not remembered, and is done again when it comes again", "key", keyOf(ctx).Name, "err", lost)
	}
	return out, err
}

// again answers a request that came before.
func (s *Server) again(ctx context.Context, r, stands bot.Request) (*leadOut, error) {
	switch {
	case subtle.ConstantTimeCompare(r.Digest, stands.Digest) == 0:
		return nil, wrong("header.Idempotency-Key", "named another request within the last day", nil)
	case stands.Made == "":
		return nil, huma.ErrorWithHeaders(huma.Error409Conflict("The same request is still at work."), http.Header{"Retry-After": {strconv.Itoa(retryAfter)}})
	}
	out, err := s.answerLead(ctx, stands.Made, stands.Status)
	if out != nil {
		out.Replayed = "true"
	}
	return out, err
}

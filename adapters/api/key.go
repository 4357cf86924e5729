package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"usher/bot"
)

// usedEvery is how exactly it is known when a key was used last: a write for each request would cost more than it tells.
const usedEvery = time.Minute

// keyContext is where a request's key is.
type keyContext struct{}

// keyOf is the key that a request came with.
func keyOf(ctx context.Context) bot.APIKey {
	k, _ := ctx.Value(keyContext{}).(bot.APIKey)
	return k
}

// by is who asks, as trails and the audit name it.
func by(ctx context.Context) string { return "api " + keyOf(ctx).Name }

// limitWork ends a request that the store lets wait.
func (s *Server) limitWork(c huma.Context, next func(huma.Context)) {
	ctx, cancel := context.WithTimeout(c.Context(), workTime)
	defer cancel()
	next(huma.WithContext(c, ctx))
}

// authenticate lets through who has a good key with the scope that the operation wants, as often as is fair.
func (s *Server) authenticate(api huma.API) func(huma.Context, func(huma.Context)) {
	budgets := newBudgets(s.Rate)
	refuse := func(c huma.Context, status int, detail string) {
		huma.WriteErr(api, c, status, detail) // an error here is the client gone
	}
	return func(c huma.Context, next func(huma.Context)) {
		k, err := s.key(c)
		switch {
		case errors.Is(err, bot.ErrNotFound):
			c.SetHeader("WWW-Authenticate", `Bearer realm="usher"`)
			refuse(c, http.StatusUnauthorized, "A good key is wanted, as Authorization: Bearer usk_….")
			return
		case err != nil:
			s.log().Error("api: a key could not be looked up", "err", err)
			c.SetHeader("Retry-After", "2")
			refuse(c, http.StatusServiceUnavailable, "This cannot be taken now. Please try again in a moment.")
			return
		}
		if wait := budgets.take(k.ID, s.now(), c.SetHeader); wait {
			refuse(c, http.StatusTooManyRequests, "This key asks too often. Please wait as long as Retry-After says.")
			return
		}
		if scope := c.Operation().Security[0][keyScheme][0]; !k.May(scope) {
			refuse(c, http.StatusForbidden, "This key has not the scope "+scope+".")
			return
		}
		s.used(c.Context(), k)
		next(huma.WithValue(c, keyContext{}, k))
	}
}

// key is the request's key, or bot.ErrNotFound for none that is good.
func (s *Server) key(c huma.Context) (bot.APIKey, error) {
	scheme, secret, _ := strings.Cut(c.Header("Authorization"), " ")
	secret = strings.TrimSpace(secret)
	id := bot.KeyID(secret)
	if id == "" || !strings.EqualFold(scheme, "Bearer") {
		return bot.APIKey{}, bot.ErrNotFound
	}
	k, err := s.Keys.APIKey(c.Context(), id)
	if err == nil && !k.Opens(secret, s.now()) {
		err = bot.ErrNotFound
	}
	return k, err
}

// used remembers that the key was used; that this fails costs nobody the request.
func (s *Server) used(ctx context.Context, k bot.APIKey) {
	if now := s.now(); now.Sub(k.UsedAt) >= usedEvery {
		if err := s.Keys.UsedAPIKey(ctx, k.ID, now); err != nil {
			s.log().Warn("api: the use of a key is not remembered", "key", k.Name, "err", err)
		}
	}
}

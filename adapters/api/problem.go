package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"usher/bot"
)

// retryAfter is when a client that found the store busy comes again, in seconds.
const retryAfter = 2

// problem is the answer (RFC 9457) that an error of the house stands for; only the operator's errors are logged.
func (s *Server) problem(ctx context.Context, operation string, err error) error {
	var said huma.StatusError
	switch {
	case errors.As(err, &said):
		return err
	case errors.Is(err, bot.ErrNotFound):
		return huma.Error404NotFound("There is nothing of that id.")
	case errors.Is(err, bot.ErrBegun):
		return huma.Error409Conflict("The meeting has begun.")
	case errors.Is(err, bot.ErrNotBegun):
		return huma.Error409Conflict("The meeting has not begun; a no-show is known only then.")
	case errors.Is(err, bot.ErrStale):
		return huma.Error409Conflict("It was changed meanwhile by somebody else. Read it again and decide anew.")
	case errors.Is(err, bot.ErrBusy), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		s.log().Warn("api: a client is asked to wait", "operation", operation, "key", keyOf(ctx).Name, "err", err)
		return huma.ErrorWithHeaders(huma.Error503ServiceUnavailable("This cannot be taken now. Please try again in a moment."),
			http.Header{"Retry-After": {strconv.Itoa(retryAfter)}})
	}
	s.log().Error("api: a request came to nothing", "operation", operation, "key", keyOf(ctx).Name, "err", err)
	return huma.Error500InternalServerError("Something went wrong on our side.")
}

// wrong is a problem with one place of the request: query.since, body.stage.
func wrong(place, message string, value any) error {
	return huma.Error422UnprocessableEntity("validation failed", &huma.ErrorDetail{Location: place, Message: message, Value: value})
}

// refuse answers outside of any operation.
func refuse(w http.ResponseWriter, status int, detail string) {
	body, err := json.Marshal(huma.NewError(status, detail))
	if err != nil {
		panic(err) // strings always marshal
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	w.Write(body) // an error here is the client gone
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
			s.log().Error("panic in the API", "path", r.URL.Path, "panic", v, "stack", string(debug.Stack()))
			refuse(w, http.StatusInternalServerError, "Something went wrong on our side.")
		}()
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// nowhere answers what no operation takes: a path that is none, or a method that is none of its path.
func (s *Server) nowhere(mux *http.ServeMux) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var allowed []string
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete} {
			other := r.Clone(r.Context())
			other.Method = method
			if _, pattern := mux.Handler(other); pattern != "/" {
				allowed = append(allowed, method)
			}
		}
		if len(allowed) == 0 {
			refuse(w, http.StatusNotFound, "There is no such path; /v1/docs lists what there is.")
			return
		}
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		refuse(w, http.StatusMethodNotAllowed, "This path takes "+strings.Join(allowed, ", ")+".")
	}
}

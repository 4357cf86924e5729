package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/gorilla/websocket"

	"usher/bot"
	"usher/bot/dialogue"
)

// fault is what is wrong with a frame or a request: a stable code, the close code where it broke the protocol (0 = the
// socket stays open), and the status over HTTP.
type fault struct {
	Code   string
	Text   string
	Close  int
	Status int
}

// The faults of the wire (RFC 6455 7.4.1 for the close codes).
var (
	faultJSON     = &fault{"bad_json", "The frame is not a JSON object of the wire.", websocket.CloseInvalidFramePayloadData, http.StatusBadRequest}
	faultUTF8     = &fault{"bad_utf8", "The frame is not UTF-8.", websocket.CloseInvalidFramePayloadData, http.StatusBadRequest}
	faultBinary   = &fault{"binary", "Frames are text.", websocket.CloseUnsupportedData, http.StatusUnsupportedMediaType}
	faultLarge    = &fault{"too_large", "The frame is larger than 16 KiB.", websocket.CloseMessageTooBig, http.StatusRequestEntityTooLarge}
	faultOrder    = &fault{"out_of_order", "The first frame is hello, and only the first.", websocket.CloseProtocolError, http.StatusConflict}
	faultSilent   = &fault{"timeout", "There was no hello in time.", websocket.ClosePolicyViolation, http.StatusRequestTimeout}
	faultType     = &fault{"unknown_type", "There is no frame of this type.", 0, http.StatusBadRequest}
	faultFrame    = &fault{"bad_frame", "The frame lacks what its type needs.", 0, http.StatusBadRequest}
	faultRate     = &fault{"rate", "Too fast. Please wait a moment.", 0, http.StatusTooManyRequests}
	faultCrowd    = &fault{"rate", "Too many at once. Please try again in a moment.", websocket.CloseTryAgainLater, http.StatusTooManyRequests}
	faultFlood    = &fault{"rate", "Too fast for too long.", websocket.ClosePolicyViolation, http.StatusTooManyRequests}
	faultToken    = &fault{"unauthorized", "The token is not known here.", websocket.ClosePolicyViolation, http.StatusUnauthorized}
	faultNotFound = &fault{"not_found", "There is no such conversation.", websocket.ClosePolicyViolation, http.StatusNotFound}
	faultOrigin   = &fault{"origin", "This page may not talk to this server.", websocket.ClosePolicyViolation, http.StatusForbidden}
	faultProtocol = &fault{"subprotocol", "The subprotocol is usher.v1.", websocket.CloseProtocolError, http.StatusBadRequest}
	faultUpgrade  = &fault{"upgrade", "This is a WebSocket; POST frames here where sockets are blocked.", 0, http.StatusUpgradeRequired}
	faultLong     = &fault{"too_long", "The message is too long. Please say it in fewer words.", 0, http.StatusRequestEntityTooLarge}
	faultOver     = &fault{"ended", "The conversation takes no more messages.", 0, http.StatusConflict}
	faultGone     = &fault{"gone", "The peer does not read.", websocket.CloseAbnormalClosure, http.StatusRequestTimeout}
	faultBusy     = &fault{"busy", "We cannot take this now. Please try again in a moment.", 0, http.StatusServiceUnavailable}
	faultUnready  = &fault{"busy", "We cannot take this now. Please try again in a moment.", websocket.CloseTryAgainLater, http.StatusServiceUnavailable}
	faultFull     = &fault{"busy", "All places are taken. Please try again in a moment.", websocket.CloseTryAgainLater, http.StatusServiceUnavailable}
	faultStopping = &fault{"stopping", "This server is stopping. Please come again at once.", websocket.CloseGoingAway, http.StatusServiceUnavailable}
	faultInternal = &fault{"internal", "Something went wrong on our side.", websocket.CloseInternalServerErr, http.StatusInternalServerError}
	faultRequest  = &fault{"bad_request", "The request lacks a number or an id where one belongs.", 0, http.StatusBadRequest}
)

// faultOf is the fault an error of the house stands for; only the operator's errors are logged.
func (s *Server) faultOf(err error, doing, conversation string) *fault {
	switch {
	case err == nil, errors.Is(err, bot.ErrDuplicate):
		return nil
	case errors.Is(err, bot.ErrNotFound):
		return faultNotFound
	case errors.Is(err, dialogue.ErrTooLong):
		return faultLong
	case errors.Is(err, dialogue.ErrFull):
		return faultOver
	case errors.Is(err, bot.ErrBusy), errors.Is(err, bot.ErrStale), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		s.log().Warn("a visitor is asked to wait", "doing", doing, "conversation", conversation, "err", err)
		return faultBusy
	}
	s.log().Error("a visitor's frame came to nothing", "doing", doing, "conversation", conversation, "err", err)
	return faultInternal
}

// frame is the error frame; id names the message it is about, if one.
func (f *fault) frame(id string) []byte {
	b, err := json.Marshal(struct {
		Type string `json:"type"`
		Code string `json:"code"`
		Text string `json:"text"`
		ID   string `json:"id,omitempty"`
	}{"error", f.Code, f.Text, id})
	if err != nil {
		panic(err) // strings always marshal
	}
	return b
}

// refuse answers a request with the fault.
func (s *Server) refuse(w http.ResponseWriter, f *fault, id string) {
	s.metrics.refused.WithLabelValues(f.Code).Inc()
	h := w.Header()
	switch f.Status {
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		h.Set("Retry-After", strconv.Itoa(retryAfter))
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", "Bearer")
	case http.StatusUpgradeRequired:
		h.Set("Upgrade", "websocket")
		h.Set("Connection", "Upgrade")
	}
	h.Set("Cache-Control", "no-store")
	writeJSON(w, f.Status, f.frame(id))
}

func writeJSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(body) // an error here is the client gone
}

// closing is the fault where there is no going on: one that would leave the socket open asks to come back later.
func (f *fault) closing() *fault {
	switch {
	case f == faultBusy:
		return faultUnready
	case f == faultRate:
		return faultCrowd
	}
	return f
}

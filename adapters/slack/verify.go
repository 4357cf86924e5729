package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// window is how old a signature may be, or how far ahead of our clock: Slack's signing page asks for five minutes.
const window = 5 * time.Minute

var (
	errUnsigned = errors.New("the request is not signed by Slack")
	errOld      = errors.New("the signature is older than five minutes, or from the future")
)

// verify says whether Slack signed the body, as it came over the wire, within the window
// (docs.slack.dev/authentication/verifying-requests-from-slack).
func (a *App) verify(h http.Header, body []byte) error {
	stamp := h.Get("X-Slack-Request-Timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || a.SigningSecret == "" {
		return errUnsigned
	}
	sum, ok := strings.CutPrefix(h.Get("X-Slack-Signature"), "v0=")
	given, err := hex.DecodeString(sum)
	if !ok || err != nil {
		return errUnsigned
	}
	mac := hmac.New(sha256.New, []byte(a.SigningSecret))
	mac.Write([]byte("v0:" + stamp + ":")) // a hash takes everything
	mac.Write(body)
	if !hmac.Equal(mac.Sum(nil), given) {
		return errUnsigned
	}
	if a.now().Sub(time.Unix(seconds, 0)).Abs() > window {
		return errOld
	}
	return nil
}

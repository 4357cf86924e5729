package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"
)

// linkVersion begins every signature, so that the way of signing can change while old links go on.
const linkVersion = "v1."

// MeetingLink is the address of a meeting's page, for letters and invitations; "" without a Key. Whoever has it may
// see the meeting: it is signed, and does not run out, for neither does the appointment in a calendar.
func (s *Server) MeetingLink(uid string) string {
	if len(s.Key) == 0 {
		return ""
	}
	return strings.TrimSuffix(s.URL, "/") + "/m/" + url.PathEscape(uid) + "?s=" + s.sign(uid)
}

func (s *Server) sign(uid string) string {
	mac := hmac.New(sha256.New, s.Key)
	mac.Write([]byte("usher meeting v1\x00" + uid)) // never an error
	return linkVersion + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// signed says whether the signature is the meeting's, in the same time whatever is wrong with it.
func (s *Server) signed(uid, signature string) bool {
	return len(s.Key) > 0 && hmac.Equal([]byte(signature), []byte(s.sign(uid)))
}

package bot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// Tombstone is what stays of somebody who was erased: nothing that tells who they were to whoever does not know already.
type Tombstone struct {
	ID     string    `json:"id"`
	At     time.Time `json:"at"`
	Who    string    `json:"who"`    // erased them: person@machine, "api NAME", …
	Hashes []string  `json:"hashes"` // of what they were known by: see KeyHash
}

// Kinds of what a tombstone knows besides the kinds of a PersonKey. They are random numbers of ours.
const (
	ByConversation = "conversation"
	ByPerson       = "person"
	ByMeeting      = "meeting"
)

// KeyHash is what is kept of something that a person was known by. Addresses and phones are hashed with the secret of the
// house, for they can be guessed; our own random numbers cannot, and are hashed so that the store can tell them too.
func KeyHash(secret []byte, kind, value string) string {
	if kind == ByEmail || kind == ByPhone {
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte("usher erased " + kind + "\x00" + strings.ToLower(strings.TrimSpace(value))))
		return hex.EncodeToString(mac.Sum(nil))
	}
	sum := sha256.Sum256([]byte("usher erased " + kind + "\x00" + value))
	return hex.EncodeToString(sum[:])
}

package bot

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"slices"
	"strings"
	"time"
)

// APIKey lets another system in.
type APIKey struct {
	ID        string // stands in the key, for all to see
	Name      string // of the system
	Digest    []byte // SHA-256 of the key, which is told once and kept nowhere
	Scopes    []string
	Who       string // person@machine who made it
	CreatedAt time.Time
	ExpiresAt time.Time // zero = never
	RevokedAt time.Time // zero = not
	UsedAt    time.Time // to some minutes; zero = never
}

// Scopes of an APIKey: what it may do.
const (
	ScopeReadLeads         = "leads:read"
	ScopeWriteLeads        = "leads:write"
	ScopeReadConversations = "conversations:read"
	ScopeReadMeetings      = "meetings:read"
	ScopeWriteMeetings     = "meetings:write"
	ScopeReadReports       = "reports:read"
	ScopeWriteWebhooks     = "webhooks:write"
)

// Scopes are all there are.
var Scopes = []string{
	ScopeReadLeads, ScopeWriteLeads, ScopeReadConversations, ScopeReadMeetings, ScopeWriteMeetings, ScopeReadReports, ScopeWriteWebhooks,
}

// ErrNameTaken says that a key of that name is good already.
var ErrNameTaken = errors.New("there is a key of that name")

// APIKeys remembers keys.
type APIKeys interface {
	// SaveAPIKey stores a new key, or ErrNameTaken where one that was not revoked has the name.
	SaveAPIKey(ctx context.Context, k APIKey) error
	// APIKey reads by id, or ErrNotFound.
	APIKey(ctx context.Context, id string) (APIKey, error)
	// ListAPIKeys lists all, the newest first.
	ListAPIKeys(ctx context.Context) ([]APIKey, error)
	// RevokeAPIKey ends the key with that id, or ErrNotFound where it was revoked or is none.
	RevokeAPIKey(ctx context.Context, id, who string, at time.Time) error
	// UsedAPIKey remembers when the key was used last.
	UsedAPIKey(ctx context.Context, id string, at time.Time) error
}

// FindAPIKey is the key of that id or name that was not revoked.
func FindAPIKey(all []APIKey, name string) (APIKey, bool) {
	for _, is := range []func(APIKey) string{func(k APIKey) string { return k.ID }, func(k APIKey) string { return k.Name }} {
		for _, k := range all {
			if is(k) == name && k.RevokedAt.IsZero() {
				return k, true
			}
		}
	}
	return APIKey{}, false
}

// Request is what another system asked once: sent again, it does nothing more.
type Request struct {
	Key    string // id of the APIKey
	ID     string // what tells it from the key's others: a digest of what the other system calls it
	Digest []byte // SHA-256 of what was asked
	Made   string // id of what it made or changed; "" = it is still at work
	Status int    // of the answer
	At     time.Time
}

// Bounds of requests that are remembered.
const (
	KeepRequests = 24 * time.Hour
	RequestWait  = time.Minute // that is at work for longer was cut off: it may be asked again
)

// Requests remembers requests.
type Requests interface {
	// ClaimRequest stores a request, under any race, and says which one stands and whether it is ours to do. One that stands
	// for longer than KeepRequests is forgotten; one with the same digest that was at work for RequestWait is ours.
	ClaimRequest(ctx context.Context, r Request) (stands Request, ours bool, err error)
	// FinishRequest remembers what came of a request; with Made "" it is forgotten and may be asked again.
	FinishRequest(ctx context.Context, r Request) error
}

// keyMark begins every key, so that a key in a file or a log is known for one.
const keyMark = "usk_"

// keyIDs is how many characters the id of a key has: 40 bits, enough to tell keys apart.
const keyIDs = 8

// MintAPIKey makes the secret of a key, 130 random bits, and gives it with the key that remembers it.
func MintAPIKey(k APIKey) (secret string, minted APIKey) {
	k.ID = strings.ToLower(rand.Text()[:keyIDs])
	secret = keyMark + k.ID + "_" + rand.Text()
	k.Digest = keyDigest(secret)
	return secret, k
}

// KeyID is the id that a secret names; "" where it is no secret of ours.
func KeyID(secret string) string {
	rest, ours := strings.CutPrefix(secret, keyMark)
	id, random, parted := strings.Cut(rest, "_")
	if !ours || !parted || len(id) != keyIDs || len(random) < 26 || len(random) > 64 {
		return ""
	}
	return id
}

// Opens says whether the secret is the key's and the key is good now.
func (k APIKey) Opens(secret string, now time.Time) bool {
	return subtle.ConstantTimeCompare(keyDigest(secret), k.Digest) == 1 && k.RevokedAt.IsZero() && !k.Expired(now)
}

// Expired says whether the key's time is over.
func (k APIKey) Expired(now time.Time) bool { return !k.ExpiresAt.IsZero() && !now.Before(k.ExpiresAt) }

// May says whether the key has the scope.
func (k APIKey) May(scope string) bool { return slices.Contains(k.Scopes, scope) }

func keyDigest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

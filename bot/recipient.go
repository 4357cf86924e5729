package bot

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"usher/flows"
)

// Acts about letters that are written down; Whom is the recipient's hash.
const (
	AuditSuppress   = "letters.suppress"
	AuditUnsuppress = "letters.unsuppress"
)

// RecipientOf is the hash by which an address is known in the list of those who want no letters: nobody without the key can
// tell from it whose it is, or try addresses.
func RecipientOf(key []byte, address string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("usher recipient v1\x00" + strings.ToLower(strings.TrimSpace(address)))) // never an error
	return hex.EncodeToString(mac.Sum(nil))
}

// Unsubscribe takes that somebody wants no letters any more, of any sequence.
func (f *FollowUps) Unsubscribe(ctx context.Context, recipient string) error {
	return f.suppress(ctx, recipient, flows.StopUnsubscribe)
}

// Unsubscribed says whether no letters go to somebody.
func (f *FollowUps) Unsubscribed(ctx context.Context, recipient string) (bool, error) {
	r, err := f.Bot.Store.Recipient(ctx, recipient)
	return !r.Suppressed.IsZero(), err
}

func (f *FollowUps) suppress(ctx context.Context, recipient, because string) error {
	err := f.Bot.Store.Suppress(ctx, Recipient{Hash: recipient, Suppressed: f.Bot.now(), Because: because})
	if err == nil {
		f.Bot.log().Info("no more letters", "because", because)
	}
	return err
}

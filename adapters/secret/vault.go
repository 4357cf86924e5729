// Package secret owns what nobody else may read: a vault that encrypts what is kept, and the secrets that a workspace names
// without writing them out.
package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// Errors of what is kept encrypted.
var (
	ErrNoKey    = errors.New("USHER_SECRET_KEY is not set")
	ErrShortKey = errors.New("USHER_SECRET_KEY is too short")
	ErrOtherKey = errors.New("it was kept under another USHER_SECRET_KEY")
	ErrSealed   = errors.New("it cannot be read any more")
)

// Vault encrypts and signs with keys derived from the operator's secret (RFC 5869), each for one purpose.
type Vault struct {
	id      string // names the secret without telling it, so that a changed one is recognised
	seal    cipher.AEAD
	signing []byte
}

// KeyLength is the least length of an operator's secret in bytes: as many as the AES-256 key that is derived from it has.
const KeyLength = 32

// NewVault is the vault of one owner, such as "calendar": what it locks no other owner's vault opens. ErrNoKey, ErrShortKey.
func NewVault(owner, secret string) (*Vault, error) {
	if secret == "" {
		return nil, ErrNoKey
	}
	if len(secret) < KeyLength {
		return nil, fmt.Errorf("%w: %d characters are the least", ErrShortKey, KeyLength)
	}
	var keys [3][]byte
	for i, info := range []string{" key id", " token", " state"} {
		key, err := hkdf.Key(sha256.New, []byte(secret), nil, "usher "+owner+info, 32)
		if err != nil {
			return nil, err
		}
		keys[i] = key
	}
	block, err := aes.NewCipher(keys[1])
	if err != nil {
		return nil, err
	}
	seal, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Vault{hex.EncodeToString(keys[0][:4]), seal, keys[2]}, nil
}

const sealVersion = "v1"

// Lock encrypts with AES-256-GCM. The bound words are not kept: Open wants the same ones, so that one record cannot be put
// in the place of another.
func (v *Vault) Lock(plain, bound string) string {
	nonce := make([]byte, v.seal.NonceSize())
	rand.Read(nonce)
	data := v.seal.Seal(nonce, nonce, []byte(plain), []byte(sealVersion+"\x00"+bound))
	return strings.Join([]string{sealVersion, v.id, base64.RawURLEncoding.EncodeToString(data)}, ".")
}

// Open gives back what was locked: ErrOtherKey when it was locked with another secret, ErrSealed when it is damaged or was
// bound to other words.
func (v *Vault) Open(record, bound string) (string, error) {
	parts := strings.Split(record, ".")
	if len(parts) != 3 || parts[0] != sealVersion {
		return "", ErrSealed
	}
	if parts[1] != v.id {
		return "", ErrOtherKey
	}
	data, err := base64.RawURLEncoding.DecodeString(parts[2])
	n := v.seal.NonceSize()
	if err != nil || len(data) < n {
		return "", ErrSealed
	}
	plain, err := v.seal.Open(nil, data[:n], data[n:], []byte(sealVersion+"\x00"+bound))
	if err != nil {
		return "", ErrSealed
	}
	return string(plain), nil
}

// MAC signs words for one purpose.
func (v *Vault) MAC(purpose, words string) []byte {
	h := hmac.New(sha256.New, v.signing)
	h.Write([]byte(purpose + "\x00" + words))
	return h.Sum(nil)
}

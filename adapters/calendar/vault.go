package calendar

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
	ErrNoKey    = errors.New("USHER_SECRET_KEY is not set, so that no consent can be kept")
	ErrOtherKey = errors.New("the consent was kept under another USHER_SECRET_KEY: set that one again, or connect the calendar again")
	errSealed   = errors.New("the consent that is kept cannot be read: connect the calendar again")
)

// vault encrypts and signs with keys derived from the operator's secret (RFC 5869), each for one purpose.
type vault struct {
	id      string // names the secret without telling it, so that a changed one is recognised
	seal    cipher.AEAD
	signing []byte
}

func newVault(secret string) (*vault, error) {
	if secret == "" {
		return nil, ErrNoKey
	}
	if len(secret) < SecretKeyLength {
		return nil, fmt.Errorf("%w: USHER_SECRET_KEY is shorter than %d characters", ErrSettings, SecretKeyLength)
	}
	var keys [3][]byte
	for i, info := range []string{"usher calendar key id", "usher calendar token", "usher calendar state"} {
		key, err := hkdf.Key(sha256.New, []byte(secret), nil, info, 32)
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
	return &vault{hex.EncodeToString(keys[0][:4]), seal, keys[2]}, nil
}

const sealVersion = "v1"

// lock encrypts with AES-256-GCM. The bound words are not kept: open wants the same ones, so that one rep's consent
// cannot be put in the place of another's.
func (v *vault) lock(plain, bound string) string {
	nonce := make([]byte, v.seal.NonceSize())
	rand.Read(nonce)
	data := v.seal.Seal(nonce, nonce, []byte(plain), []byte(sealVersion+"\x00"+bound))
	return strings.Join([]string{sealVersion, v.id, base64.RawURLEncoding.EncodeToString(data)}, ".")
}

// open gives back what was locked: ErrOtherKey when it was locked with another secret.
func (v *vault) open(record, bound string) (string, error) {
	parts := strings.Split(record, ".")
	if len(parts) != 3 || parts[0] != sealVersion {
		return "", errSealed
	}
	if parts[1] != v.id {
		return "", ErrOtherKey
	}
	data, err := base64.RawURLEncoding.DecodeString(parts[2])
	n := v.seal.NonceSize()
	if err != nil || len(data) < n {
		return "", errSealed
	}
	plain, err := v.seal.Open(nil, data[:n], data[n:], []byte(sealVersion+"\x00"+bound))
	if err != nil {
		return "", errSealed
	}
	return string(plain), nil
}

// mac signs words for one purpose.
func (v *vault) mac(purpose, words string) []byte {
	h := hmac.New(sha256.New, v.signing)
	h.Write([]byte(purpose + "\x00" + words))
	return h.Sum(nil)
}

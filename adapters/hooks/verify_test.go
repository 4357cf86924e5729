package hooks_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"usher/adapters/hooks"
	"usher/bot"
	"usher/flows"
)

// TestTheDocsSayHowToVerify: what docs/webhooks.md shows is what is tested here.
func TestTheDocsSayHowToVerify(t *testing.T) {
	docs, err := os.ReadFile("../../docs/webhooks.md")
	must(t, err)
	own, err := os.ReadFile("verify_test.go")
	must(t, err)
	_, code, _ := strings.Cut(string(own), "\nfunc verified(")
	code, _, _ = strings.Cut(code, "\n}\n")
	if !strings.Contains(string(docs), "```go\nfunc verified("+code+"\n}\n```\n") {
		t.Error("docs/webhooks.md shows another function")
	}
	for _, event := range flows.HookEvents {
		if !strings.Contains(string(docs), "`"+event+"`") {
			t.Errorf("docs/webhooks.md does not tell of %s", event)
		}
	}
}

// verified is what a receiver does, as docs/webhooks.md shows it.
func verified(secret string, h http.Header, body []byte, now time.Time) bool {
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	at, err := strconv.ParseInt(h.Get("webhook-timestamp"), 10, 64)
	if err != nil || now.Sub(time.Unix(at, 0)).Abs() > 5*time.Minute {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(h.Get("webhook-id") + "." + h.Get("webhook-timestamp") + "." + string(body)))
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for _, signature := range strings.Fields(h.Get("webhook-signature")) {
		if hmac.Equal([]byte(signature), []byte(want)) {
			return true
		}
	}
	return false
}

// The example of the specification's own tests.
const (
	exampleID        = "msg_p5jXN8AQM9LWM0D4loKWxJek"
	exampleBody      = `{"test": 2432232314}`
	exampleSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
)

var exampleTime = time.Unix(1614265330, 0)

func TestASignatureIsThatOfTheSpecification(t *testing.T) {
	h := http.Header{}
	must(t, hooks.Sign(h, exampleID, exampleTime, []byte(exampleBody), secretText))
	if got := h.Get(hooks.HeaderSignature); got != exampleSignature {
		t.Error(got)
	}
	if h.Get("webhook-id") != exampleID || h.Get("webhook-timestamp") != "1614265330" {
		t.Error(h)
	}
}

func TestTwoSecretsSignWhileOneIsExchanged(t *testing.T) {
	old, new := bot.NewSecret(), bot.NewSecret()
	h := http.Header{}
	must(t, hooks.Sign(h, exampleID, exampleTime, []byte(exampleBody), new, old))
	for _, secret := range []string{old, new} {
		if !verified(secret, h, []byte(exampleBody), exampleTime) {
			t.Error(h)
		}
	}
	if verified(secretText, h, []byte(exampleBody), exampleTime) || verified(old, h, []byte(exampleBody), exampleTime.Add(6*time.Minute)) {
		t.Error("another one, or an old one, is taken")
	}
}

func TestASecretThatIsNone(t *testing.T) {
	for _, secret := range []string{"", "hush", "whsec_", "whsec_!!!", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"} {
		if err := hooks.Sign(http.Header{}, exampleID, exampleTime, nil, secret); !errors.Is(err, bot.ErrWebhook) {
			t.Errorf("%q: %v", secret, err)
		}
	}
}

// FuzzVerified: whatever is signed is known as ours, and nothing else is; no header makes a receiver fail.
func FuzzVerified(f *testing.F) {
	f.Add(exampleID, "1614265330", exampleSignature, []byte(exampleBody))
	f.Add("", "", "v1, v1a,x ,,", []byte{})
	f.Add("a.b", "-9223372036854775808", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1,", []byte("\x00"))
	f.Fuzz(func(t *testing.T, id, stamp, signature string, body []byte) {
		h := http.Header{"Webhook-Id": {id}, "Webhook-Timestamp": {stamp}, "Webhook-Signature": {signature}}
		ours := http.Header{}
		must(t, hooks.Sign(ours, id, exampleTime, body, secretText))
		if !verified(secretText, ours, body, exampleTime) {
			t.Error("what is signed is not known")
		}
		if verified(secretText, h, body, exampleTime) && !strings.Contains(signature, strings.TrimPrefix(ours.Get("webhook-signature"), "v1,")) && stamp == "1614265330" {
			t.Error("what is not signed is taken")
		}
	})
}

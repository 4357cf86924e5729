package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"usher/adapters/api"
	"usher/bot"
)

func TestKeys(t *testing.T) {
	t.Run("no key, another's, a cut, an expired and a revoked one are all 401, and nobody says which", func(t *testing.T) {
		o := open(t)
		good := o.secret
		texts := map[string]bool{}
		for _, header := range []string{"", "Bearer", "Bearer " + good[:len(good)-1], "Bearer " + good[:len(good)-1] + "é", "Basic " + good, good, "Bearer usk_aaaaaaaa_" + strings.Repeat("A", 26), "Bearer usk_"} {
			a := o.ask("GET", "/v1/meetings", "", "Authorization: "+header)
			o.refused(a, http.StatusUnauthorized)
			if a.header.Get("WWW-Authenticate") == "" {
				t.Error("no WWW-Authenticate")
			}
			texts[a.text] = true
		}
		if len(texts) != 1 {
			t.Errorf("%v", texts)
		}
		secret, k := bot.MintAPIKey(bot.APIKey{Name: "short", Scopes: bot.Scopes, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour)})
		if err := o.SaveAPIKey(t.Context(), k); err != nil {
			t.Fatal(err)
		}
		if a := o.ask("GET", "/v1/meetings", "", "Authorization: bearer "+secret); a.status != 200 {
			t.Error(a)
		}
		o.clock = noon.Add(time.Hour)
		o.refused(o.ask("GET", "/v1/meetings", "", "Authorization: Bearer "+secret), http.StatusUnauthorized)
		if err := o.RevokeAPIKey(t.Context(), bot.KeyID(good), "mira@office", noon); err != nil {
			t.Fatal(err)
		}
		o.refused(o.ask("GET", "/v1/meetings", ""), http.StatusUnauthorized)
	})
	t.Run("a key does what its scopes say and nothing else", func(t *testing.T) {
		o := open(t)
		o.begun("c1", noon, meeting("m1", "asha", noon))
		o.secret = o.key(bot.ScopeReadMeetings)
		if a := o.ask("GET", "/v1/meetings", ""); a.status != 200 {
			t.Error(a)
		}
		o.refused(o.ask("GET", "/v1/conversations", ""), http.StatusForbidden, "conversations:read")
		o.refused(o.ask("POST", "/v1/meetings/m1/cancel", "{}"), http.StatusForbidden, "meetings:write")
		if len(o.changes.done) > 0 {
			t.Error(o.changes.done)
		}
	})
	t.Run("it is known to a minute when a key was used last", func(t *testing.T) {
		o := open(t)
		used := func() time.Time {
			k, err := o.APIKey(t.Context(), bot.KeyID(o.secret))
			if err != nil {
				t.Fatal(err)
			}
			return k.UsedAt
		}
		for _, at := range []time.Time{noon, noon.Add(59 * time.Second)} {
			o.clock = at
			o.ask("GET", "/v1/meetings", "")
			if !used().Equal(noon) {
				t.Error(used())
			}
		}
		o.clock = noon.Add(time.Minute)
		o.ask("GET", "/v1/meetings", "")
		if !used().Equal(o.clock) {
			t.Error(used())
		}
	})
	t.Run("who asks too often is told when to come again, and another key is not held up", func(t *testing.T) {
		o := open(t, func(s *api.Server) { s.Rate = api.Rate{Burst: 3, PerSecond: 0.5} })
		other := o.key(bot.ScopeReadMeetings)
		for range 3 {
			if a := o.ask("GET", "/v1/meetings", ""); a.status != 200 || !strings.Contains(a.header.Get("RateLimit-Policy"), "q=3;w=6") {
				t.Error(a)
			}
		}
		slow := o.ask("GET", "/v1/meetings", "")
		o.refused(slow, http.StatusTooManyRequests)
		if slow.header.Get("Retry-After") != "2" || !strings.Contains(slow.header.Get("RateLimit"), "r=0;") {
			t.Error(slow.header)
		}
		if a := o.ask("GET", "/v1/meetings", "", "Authorization: Bearer "+other); a.status != 200 {
			t.Error(a)
		}
		o.clock = noon.Add(2 * time.Second)
		if a := o.ask("GET", "/v1/meetings", ""); a.status != 200 {
			t.Error(a)
		}
	})
	t.Run("neither the key nor what it asked for is in the log", func(t *testing.T) {
		o := open(t)
		o.begun("c1", noon, meeting("m1", "asha", noon))
		o.ask("GET", "/v1/meetings", "")
		o.ask("POST", "/v1/meetings/m1/cancel", `{"because":"Ana is ill"}`)
		for _, secret := range []string{o.secret, "usk_", "ana@acme.example", "Ana is ill"} {
			if strings.Contains(o.log.String(), secret) {
				t.Errorf("%s is in the log: %s", secret, o.log.String())
			}
		}
		if !strings.Contains(o.log.String(), `key="warehouse 7" operation=cancel-meeting`) {
			t.Errorf("nobody knows who did it: %s", o.log.String())
		}
	})
}

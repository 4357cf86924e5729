package calendarfake

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Client is an OAuth client as it is registered.
type Client struct{ ID, Secret string }

// oauth is the authorization server of a provider.
type oauth struct {
	Client  Client
	Account string                    // of Google's service account: its address
	Key     *rsa.PublicKey            // of the service account
	Allowed func(address string) bool // whom the service account may act for; nil = everybody

	omu     sync.Mutex
	serial  int
	codes   map[string]grant
	refresh map[string]string // token → person
	access  map[string]grant
	rotates bool   // a new refresh token each time, and the old one is void
	refuses string // what the page of consent answers instead of a code
	as      string // who signs in there; "" = whom the hint names
	unticks string // a right whose box is not ticked there
}

// grant is what a code or an access token stands for.
type grant struct {
	person    string // "" = the app itself
	challenge string
	redirect  string
	scope     string
	until     time.Time
}

// Refuse makes the page of consent answer with an error, such as access_denied; "" = consent is given.
func (o *oauth) Refuse(with string) {
	o.omu.Lock()
	defer o.omu.Unlock()
	o.refuses = with
}

// SignInAs makes somebody else sign in at the page of consent than the one who is expected.
func (o *oauth) SignInAs(person string) {
	o.omu.Lock()
	defer o.omu.Unlock()
	o.as = person
}

// Untick makes the page of consent leave out a right that is asked for.
func (o *oauth) Untick(scope string) {
	o.omu.Lock()
	defer o.omu.Unlock()
	o.unticks = scope
}

// Revoke voids a person's consent: its refresh tokens and access tokens.
func (o *oauth) Revoke(person string) {
	o.omu.Lock()
	defer o.omu.Unlock()
	for token, of := range o.refresh {
		if of == person {
			delete(o.refresh, token)
		}
	}
	for token, g := range o.access {
		if g.person == person {
			delete(o.access, token)
		}
	}
}

// ExpireAccess voids all access tokens; what gave them still gives new ones.
func (o *oauth) ExpireAccess() {
	o.omu.Lock()
	defer o.omu.Unlock()
	clear(o.access)
}

// Bearer is a working access token of a person.
func (o *oauth) Bearer(person string) string {
	o.omu.Lock()
	defer o.omu.Unlock()
	return o.bearer(person)
}

func (o *oauth) bearer(person string) string {
	if o.access == nil {
		o.access = map[string]grant{}
	}
	o.serial++
	token := fmt.Sprintf("access-%d", o.serial)
	o.access[token] = grant{person: person, until: time.Now().Add(time.Hour)}
	return token
}

// caller is whose token a request has.
func (o *oauth) caller(r *http.Request) (person string, ok bool) {
	o.omu.Lock()
	defer o.omu.Unlock()
	g, ok := o.access[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	return g.person, ok && time.Now().Before(g.until)
}

// authorize is the page of consent, where consent is given at once (RFC 6749 4.1.1, RFC 7636 4.3).
func (o *oauth) authorize(w http.ResponseWriter, r *http.Request) {
	o.omu.Lock()
	defer o.omu.Unlock()
	q := r.URL.Query()
	if q.Get("client_id") != o.Client.ID || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("scope") == "" {
		http.Error(w, "invalid_request", http.StatusBadRequest)
		return
	}
	back := url.Values{"state": {q.Get("state")}}
	if o.refuses != "" {
		back.Set("error", o.refuses)
	} else {
		person := o.as
		if person == "" {
			person = q.Get("login_hint")
		}
		o.serial++
		code := fmt.Sprintf("code-%d", o.serial)
		if o.codes == nil {
			o.codes = map[string]grant{}
		}
		o.codes[code] = grant{person: person, challenge: q.Get("code_challenge"), redirect: q.Get("redirect_uri"), scope: o.ticked(q.Get("scope"))}
		back.Set("code", code)
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

func (o *oauth) ticked(scope string) string {
	given := slices.DeleteFunc(strings.Fields(scope), func(s string) bool { return s == o.unticks || s == "offline_access" })
	return strings.Join(given, " ")
}

// token is the token endpoint.
func (o *oauth) token(w http.ResponseWriter, r *http.Request) {
	o.omu.Lock()
	defer o.omu.Unlock()
	if r.ParseForm() != nil {
		refuse(w, "invalid_request")
		return
	}
	kind := r.PostForm.Get("grant_type")
	if kind == "urn:ietf:params:oauth:grant-type:jwt-bearer" {
		o.assertion(w, r)
		return
	}
	if r.PostForm.Get("client_id") != o.Client.ID || r.PostForm.Get("client_secret") != o.Client.Secret {
		refuse(w, "invalid_client")
		return
	}
	switch kind {
	case "authorization_code":
		o.code(w, r.PostForm)
	case "refresh_token":
		o.renew(w, r.PostForm.Get("refresh_token"))
	case "client_credentials":
		answer(w, 200, map[string]any{"access_token": o.bearer(""), "token_type": "Bearer", "expires_in": 3599})
	default:
		refuse(w, "unsupported_grant_type")
	}
}

// code trades a code once, for whoever has the verifier (RFC 7636 4.6).
func (o *oauth) code(w http.ResponseWriter, form url.Values) {
	g, ok := o.codes[form.Get("code")]
	delete(o.codes, form.Get("code"))
	sum := sha256.Sum256([]byte(form.Get("code_verifier")))
	if !ok || base64.RawURLEncoding.EncodeToString(sum[:]) != g.challenge || form.Get("redirect_uri") != g.redirect {
		refuse(w, "invalid_grant")
		return
	}
	answer(w, 200, map[string]any{"access_token": o.bearer(g.person), "token_type": "Bearer", "expires_in": 3599, "refresh_token": o.consent(g.person), "scope": g.scope})
}

func (o *oauth) consent(person string) string {
	if o.refresh == nil {
		o.refresh = map[string]string{}
	}
	o.serial++
	token := fmt.Sprintf("refresh-%d", o.serial)
	o.refresh[token] = person
	return token
}

func (o *oauth) renew(w http.ResponseWriter, refresh string) {
	person, ok := o.refresh[refresh]
	if !ok {
		refuse(w, "invalid_grant")
		return
	}
	out := map[string]any{"access_token": o.bearer(person), "token_type": "Bearer", "expires_in": 3599}
	if o.rotates {
		delete(o.refresh, refresh)
		out["refresh_token"] = o.consent(person)
	}
	answer(w, 200, out)
}

// assertion takes a service account's signed wish to act for somebody (RFC 7523).
func (o *oauth) assertion(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(r.PostForm.Get("assertion"), ".")
	if len(parts) != 3 || o.Key == nil {
		refuse(w, "invalid_grant")
		return
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err != nil || rsa.VerifyPKCS1v15(o.Key, crypto.SHA256, sum[:], signature) != nil {
		refuse(w, "invalid_grant")
		return
	}
	var claims struct {
		Iss, Sub, Scope, Aud string
		Exp                  int64
	}
	data, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || json.Unmarshal(data, &claims) != nil {
		refuse(w, "invalid_grant")
		return
	}
	scopes := strings.Fields(claims.Scope)
	switch {
	case claims.Iss != o.Account || claims.Exp < time.Now().Unix() || !strings.HasSuffix(claims.Aud, r.URL.Path):
		refuse(w, "invalid_grant")
	case o.Allowed != nil && !o.Allowed(claims.Sub):
		refuse(w, "unauthorized_client")
	case !slices.Contains(scopes, "https://www.googleapis.com/auth/calendar.events"):
		refuse(w, "invalid_scope")
	default:
		answer(w, 200, map[string]any{"access_token": o.bearer(claims.Sub), "token_type": "Bearer", "expires_in": 3599})
	}
}

// refuse answers as RFC 6749 5.2 says.
func refuse(w http.ResponseWriter, code string) {
	status := http.StatusBadRequest
	if code == "invalid_client" || code == "unauthorized_client" {
		status = http.StatusUnauthorized
	}
	answer(w, status, map[string]any{"error": code, "error_description": "as the fake was told"})
}

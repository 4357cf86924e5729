package calendar

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"usher/adapters/guard"
	"usher/adapters/secret"
)

// ErrSettings says that what the operator set about calendars cannot work.
var ErrSettings = errors.New("settings of the calendars")

// Settings are what an operator says about calendars; the tags are flags and variables of the server. Files, feeds and
// CalDAV need none of them.
type Settings struct {
	GoogleKey       string   `help:"Key of a Google service account that may act for the reps (domain-wide delegation): the JSON as Google gave it." name:"google-key" env:"USHER_GOOGLE_KEY" placeholder:"JSON"`
	GoogleClient    string   `help:"Google's OAuth client id, with which reps connect their calendars themselves." name:"google-client" env:"USHER_GOOGLE_CLIENT" placeholder:"ID"`
	GoogleSecret    string   `help:"Secret of Google's OAuth client." name:"google-secret" env:"USHER_GOOGLE_SECRET" placeholder:"SECRET"`
	MicrosoftTenant string   `help:"Directory (tenant) of Microsoft Entra in which the app is registered." name:"microsoft-tenant" env:"USHER_MICROSOFT_TENANT" placeholder:"ID"`
	MicrosoftClient string   `help:"Application (client) id of the app registered at Microsoft." name:"microsoft-client" env:"USHER_MICROSOFT_CLIENT" placeholder:"ID"`
	MicrosoftSecret string   `help:"Client secret of the app registered at Microsoft." name:"microsoft-secret" env:"USHER_MICROSOFT_SECRET" placeholder:"SECRET"`
	SecretKey       string   `help:"Encrypts the consents of reps who connect their calendars: 32 characters or more, the same on all nodes; openssl rand -base64 32 makes one." name:"secret-key" env:"USHER_SECRET_KEY" placeholder:"KEY"`
	Allow           []string `help:"Private addresses at which calendars may be read, such as 10.1.0.0/16 or 127.0.0.1; without it public ones alone." name:"calendar-allow" env:"USHER_CALENDAR_ALLOW" placeholder:"NET,…"`

	GoogleURL         string `help:"Base of Google's Calendar API, for rehearsals." name:"google-url" env:"USHER_GOOGLE_URL" hidden:"" default:"https://www.googleapis.com/calendar/v3"`
	GoogleAuthURL     string `help:"Google's page of consent, for rehearsals." name:"google-auth-url" env:"USHER_GOOGLE_AUTH_URL" hidden:"" default:"https://accounts.google.com/o/oauth2/v2/auth"`
	GoogleTokenURL    string `help:"Google's token endpoint, for rehearsals." name:"google-token-url" env:"USHER_GOOGLE_TOKEN_URL" hidden:"" default:"https://oauth2.googleapis.com/token"`
	MicrosoftURL      string `help:"Base of Microsoft Graph, for rehearsals." name:"microsoft-url" env:"USHER_MICROSOFT_URL" hidden:"" default:"https://graph.microsoft.com/v1.0"`
	MicrosoftLoginURL string `help:"Base of Microsoft's sign-in, for rehearsals." name:"microsoft-login-url" env:"USHER_MICROSOFT_LOGIN_URL" hidden:"" default:"https://login.microsoftonline.com"`
}

// Check says what cannot work, all of it at once: ErrSettings.
func (s Settings) Check() error {
	var wrong []error
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	if s.GoogleKey != "" {
		if _, err := s.serviceAccount(); err != nil {
			say("USHER_GOOGLE_KEY: %w", err)
		}
	}
	if (s.GoogleClient == "") != (s.GoogleSecret == "") {
		say("USHER_GOOGLE_CLIENT and USHER_GOOGLE_SECRET belong together: one of them is missing")
	}
	if (s.MicrosoftClient == "") != (s.MicrosoftSecret == "") {
		say("USHER_MICROSOFT_CLIENT and USHER_MICROSOFT_SECRET belong together: one of them is missing")
	}
	if s.MicrosoftClient == "" && s.MicrosoftTenant != "" {
		say("USHER_MICROSOFT_TENANT is of no use without USHER_MICROSOFT_CLIENT and USHER_MICROSOFT_SECRET")
	}
	if strings.ContainsAny(s.MicrosoftTenant, "/?#% ") {
		say("USHER_MICROSOFT_TENANT is the directory's id or one of its domains, not an address")
	}
	if s.SecretKey != "" && len(s.SecretKey) < secret.KeyLength {
		say("USHER_SECRET_KEY has %d characters and needs %d: openssl rand -base64 32 makes one", len(s.SecretKey), secret.KeyLength)
	}
	if _, err := s.Allowed(); err != nil {
		wrong = append(wrong, err)
	}
	if len(wrong) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrSettings, errors.Join(wrong...))
}

// Allowed are the private ranges at which calendars may be read; a single address is a range of one.
func (s Settings) Allowed() ([]netip.Prefix, error) {
	return guard.Ranges("USHER_CALENDAR_ALLOW", s.Allow)
}

// Shown is the settings as they may be printed: secrets say only that they are set.
func (s Settings) Shown() string {
	var on []string
	if s.GoogleKey != "" {
		on = append(on, "Google by service account")
	}
	if s.GoogleClient != "" && s.SecretKey != "" {
		on = append(on, "Google by the reps' consent")
	}
	if s.MicrosoftClient != "" && s.MicrosoftTenant != "" {
		on = append(on, "Microsoft by the app")
	}
	if s.MicrosoftClient != "" && s.SecretKey != "" {
		on = append(on, "Microsoft by the reps' consent")
	}
	if len(on) == 0 {
		return "files, feeds and CalDAV"
	}
	return "files, feeds, CalDAV, " + strings.Join(on, ", ")
}

// serviceAccount is what is needed of the key that Google gives as JSON.
type serviceAccount struct {
	Type  string `json:"type"`
	Email string `json:"client_email"`
	ID    string `json:"client_id"`
	KeyID string `json:"private_key_id"`
	Key   string `json:"private_key"`
}

func (s Settings) serviceAccount() (serviceAccount, error) {
	var a serviceAccount
	if json.Unmarshal([]byte(s.GoogleKey), &a) != nil {
		return a, errors.New("it is not the JSON that Google gives for a service account's key (USHER_GOOGLE_KEY_FILE reads it from a file)")
	}
	if a.Type != "service_account" {
		return a, fmt.Errorf("its type is %q and has to be service_account: a client for reps' consent goes into USHER_GOOGLE_CLIENT", a.Type)
	}
	if a.Email == "" || !strings.Contains(a.Key, "PRIVATE KEY") {
		return a, errors.New("it has no client_email or no private_key")
	}
	return a, nil
}

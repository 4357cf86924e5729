package calendar

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"

	"usher/flows"
)

// ErrSource says that a rep's calendar is of a kind that this program was not told how to read.
var ErrSource = errors.New("calendars of this kind are not set up here")

// Opener makes the Source of a rep's calendar on a server. It does not dial: what can be told without, as a password that
// is not set, is an error.
type Opener func(rep *flows.Rep, c flows.Calendar) (Source, error)

// Accounts opens reps' calendars. The zero Accounts opens files and feeds; calendars behind an account need their opener,
// and without it fail with ErrSource.
type Accounts struct {
	CalDAV    Opener
	Google    Opener
	Microsoft Opener
	Client    *http.Client // fetches feeds; nil = Guarded without exceptions
}

// Open makes the Source of one of a rep's calendars.
func (a *Accounts) Open(files fs.FS, rep *flows.Rep, c flows.Calendar) (Source, error) {
	var open Opener
	switch {
	case c.File != "":
		return &fileSource{files: files, name: c.File}, nil
	case c.URL != "":
		return a.feed(c)
	case c.CalDAV != "":
		open = a.CalDAV
	case c.Google != "":
		open = a.Google
	case c.Microsoft != "":
		open = a.Microsoft
	}
	if open == nil {
		return nil, ErrSource
	}
	return open(rep, c)
}

// SourceName names a calendar for logs and in a Ref: stable while the calendar is the same, without anything secret.
func SourceName(c flows.Calendar) string {
	switch {
	case c.File != "":
		return "file:" + c.File
	case c.URL != "":
		if reference.MatchString(c.URL) {
			return "feed:" + c.URL // names the secret, and does not hold it
		}
		return "feed:" + host(c.URL)
	case c.CalDAV != "":
		return "caldav:" + c.User + "@" + withoutUser(c.CalDAV)
	case c.Google != "":
		return "google:" + c.Google
	case c.Microsoft != "":
		return "microsoft:" + c.Microsoft
	}
	return "unknown"
}

// host is all that may be shown of a feed's address: who knows the rest can read the calendar.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "?"
	}
	return u.Host
}

func withoutUser(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "?"
	}
	u.User = nil
	return u.String()
}

// reference is where a secret is named, alone or within an address.
var reference = regexp.MustCompile(`\$\{[A-Za-z_][A-Za-z0-9_]*\}`)

// Secret puts in place of each ${NAME} the environment variable of that name, or what stands in the file that NAME_FILE
// names. One that is not set is ErrAuth.
func Secret(written string) (string, error) {
	var missing error
	text := reference.ReplaceAllStringFunc(written, func(ref string) string {
		value, err := variable(ref[2 : len(ref)-1])
		missing = errors.Join(missing, err)
		return value
	})
	if missing != nil {
		return "", missing
	}
	return text, nil
}

// variable reads a secret that the workspace names. The server's own settings are none of the workspace's: whoever writes
// an address there would be sent them.
func variable(name string) (string, error) {
	if upper := strings.ToUpper(name); strings.HasPrefix(upper, "USHER_") || upper == "DATABASE_URL" {
		return "", fmt.Errorf("%w: %s is a setting of the server; give the calendar's secret a name of its own", ErrAuth, name)
	}
	if value := os.Getenv(name); value != "" {
		return value, nil
	}
	file := os.Getenv(name + "_FILE")
	if file == "" {
		return "", fmt.Errorf("%w: the environment has neither %s nor %s_FILE", ErrAuth, name, name)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("%w: %s_FILE: %w", ErrAuth, name, err)
	}
	return strings.TrimSpace(string(data)), nil
}

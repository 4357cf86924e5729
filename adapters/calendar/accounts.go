package calendar

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"

	"usher/adapters/secret"
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
	Client    *http.Client // fetches feeds; nil = guard.Client without exceptions
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
		if secret.Names(c.URL) {
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

// revealed puts in place of each ${NAME} the secret of that name. One that is not set is ErrAuth.
func revealed(written string) (string, error) {
	text, err := secret.Named(written)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrAuth, err)
	}
	return text, nil
}

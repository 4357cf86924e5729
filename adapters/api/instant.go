package api

import (
	"errors"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Instant is a time in a query: RFC 3339, with its zone.
type Instant struct{ time.Time }

var errInstant = errors.New("is no time of RFC 3339 with a zone; write it like 2026-11-23T10:00:00+05:30 (as %2B05:30 in an address) or 2026-11-23T04:30:00Z")

// UnmarshalText reads it.
func (i *Instant) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.RFC3339, string(text))
	if err != nil || t.Year() < 1970 {
		return errInstant
	}
	i.Time = t.UTC()
	return nil
}

// Schema says that it is a time.
func (Instant) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time"}
}

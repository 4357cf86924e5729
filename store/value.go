package store

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// micros is an instant as it is stored: microseconds since 1970 in UTC, 0 for the zero time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// instant reads what micros wrote.
func instant(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

// flag is a truth as it is stored.
func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// clean makes text storable in both databases: PostgreSQL takes neither a NUL nor broken UTF-8, so neither is kept.
func clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "\uFFFD")
	}
	return s
}

// cleaned cleans every text among a statement's values.
func cleaned(args []any) []any {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = clean(s)
		}
	}
	return args
}

// toJSON writes a value as text; "" for nil pointers is the caller's business.
func toJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// lower is text in small letters, in every script: SQLite's own lower knows ASCII alone.
func lower(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// dialled is text as a phone number is kept, without what people write between the digits.
func dialled(s string) string {
	return strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "", "/", "").Replace(s)
}

// alternatives joins n conditions of which one must hold.
func alternatives(n int, condition func(i int) string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = condition(i)
	}
	return strings.Join(all, "\n\t    or ")
}

// sortedKeys is a map's keys in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

package api

import (
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
	"strconv"
	"time"
)

// cursor is the place in a list after which the next page begins. It names the last item of the page before by what the
// list is ordered by, so that what comes or goes elsewhere moves nothing.
type cursor struct {
	List string    `json:"l"` // which list, with its filters
	At   time.Time `json:"t"`
	ID   string    `json:"i"`
}

// maxCursor is how long a cursor is at most: ids are short.
const maxCursor = 512

// String is the cursor as a client carries it.
func (c cursor) String() string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // times of the store and strings always marshal
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// after reads a cursor of the list; "" is the beginning.
func after(text, list string) (c cursor, err error) {
	if text == "" {
		return cursor{}, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err == nil && len(text) <= maxCursor {
		err = json.Unmarshal(b, &c)
	}
	switch {
	case err != nil || c.ID == "" || c.At.Year() > 9999 || c.At.Year() < 1970:
		return cursor{}, wrong("query.cursor", "is no cursor of this API", text)
	case c.List != list:
		return cursor{}, wrong("query.cursor", "is of another list, or of other filters; a list is read to its end with the filters it was begun with", text)
	}
	return c, nil
}

// listOf names a list with its filters.
func listOf(name string, filters ...any) string {
	h := fnv.New64a()
	for _, f := range filters {
		b, err := json.Marshal(f)
		if err != nil {
			panic(err) // filters are strings and times
		}
		h.Write(b)
		h.Write([]byte{0})
	}
	return name + "." + strconv.FormatUint(h.Sum64(), 36)
}

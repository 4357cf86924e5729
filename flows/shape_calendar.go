package flows

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// calendarShape is a rep's calendars: one, or a list of them.
type calendarShape struct {
	item
	list []sourceShape
}

// sourceShape is a file, an https feed, or an account.
type sourceShape struct {
	item
	address   word
	caldav    caldavShape
	google    googleShape
	microsoft microsoftShape
}

// caldavShape is a CalDAV account with who signs in.
type caldavShape struct {
	item
	// The address of the server, or of the calendar.
	CalDAV word `json:"caldav"`
	// Who signs in.
	User word `json:"user,omitempty"`
	// The password, as ${NAME}: read from the environment or from the file in NAME_FILE.
	Password word `json:"password,omitempty"`
	// Of several calendars, those that are read; meetings go to the first. Default: all.
	Names []word `json:"names,omitempty"`
}

// googleShape is a Google Calendar.
type googleShape struct {
	item
	// The calendar's id: mostly the rep's address, or primary.
	Google word `json:"google"`
	// Of several calendars, those that are read; meetings go to the first. Default: all.
	Names []word `json:"names,omitempty"`
}

// microsoftShape is a calendar of Microsoft 365.
type microsoftShape struct {
	item
	// Who signs in there: mostly the rep's address.
	Microsoft word `json:"microsoft"`
	// Of several calendars, those that are read; meetings go to the first. Default: all.
	Names []word `json:"names,omitempty"`
}

func (c *calendarShape) read(v item) {
	c.keep(v)
	if v.node.Kind == yaml.SequenceNode {
		v.into(reflectOf(&c.list))
		return
	}
	c.list = make([]sourceShape, 1)
	c.list[0].read(v)
}

func (s *sourceShape) read(v item) {
	s.keep(v)
	if v.node.Kind != yaml.MappingNode {
		s.address.read(v)
		return
	}
	switch {
	case v.has("google"):
		v.into(reflectOf(&s.google))
	case v.has("microsoft"):
		v.into(reflectOf(&s.microsoft))
	case v.has("caldav"):
		v.into(reflectOf(&s.caldav))
	default:
		v.wrong("missing-key", s.meant(), "this calendar is neither caldav, google nor microsoft")
	}
}

// has says whether the mapping has the key.
func (v item) has(key string) bool { return v.key(key).node != v.node }

// meant is a hint at the kind of account that a misspelt key means.
func (s *sourceShape) meant() string {
	kinds := []string{"caldav", "google", "microsoft"}
	for i := 0; i+1 < len(s.node.Content); i += 2 {
		if best := closest(s.node.Content[i].Value, kinds); best != "" {
			return didYouMean(s.node.Content[i].Value, kinds)
		}
	}
	return "write one of " + strings.Join(kinds, ", ")
}

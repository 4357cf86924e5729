package bot

import (
	"context"
	"time"
)

// MeetingQuery is a page of meetings, confirmed and cancelled, by their start.
type MeetingQuery struct {
	Rep      string    // whose they are, also as a guest; "" = anybody's
	From, To time.Time // that touch [From, To); zero = no bound
	After    Meeting   // the last of the page before; zero = the first page
	Limit    int
}

// LeadQuery is a page of leads: persons whom somebody can write to or should talk to, by when they came.
type LeadQuery struct {
	Stage, Owner string    // "" = any
	Since        time.Time // changed since then; zero = any
	Text         string    // that the name, the address or the company has in it, whatever its capitals; "" = any
	After        Person    // the last of the page before; zero = the first page
	Limit        int
}

// Listings gives whole lists page by page. What was there from the beginning comes once, whatever happens between two
// pages, as long as it stays where it is.
type Listings interface {
	ListLeads(ctx context.Context, q LeadQuery) ([]Person, error)
	ListMeetings(ctx context.Context, q MeetingQuery) ([]Meeting, error)
}

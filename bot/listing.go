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

// Listings gives whole lists page by page. What was there from the beginning comes once, whatever happens between two
// pages, as long as it stays where it is.
type Listings interface {
	ListMeetings(ctx context.Context, q MeetingQuery) ([]Meeting, error)
}

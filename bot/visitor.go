package bot

import "usher/flows"

// VisitorData is what a visitor's browser told us over its visits.
type VisitorData struct {
	Visits int                    `json:"visits"`
	Pages  []flows.PageView       `json:"pages,omitempty"` // newest MaxPages
	Known  map[string]flows.Value `json:"known,omitempty"`
}

// MaxPages is how many page views are kept per visitor: enough for scoring, small enough to load every turn.
const MaxPages = 50

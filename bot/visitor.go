package bot

import "usher/flows"

// VisitorData is what a visitor's browser told us over its visits.
type VisitorData struct {
	Visits int                    `json:"visits"`
	Pages  []flows.PageView       `json:"pages,omitempty"` // the newest dialogue.MaxPages
	Known  map[string]flows.Value `json:"known,omitempty"`
}

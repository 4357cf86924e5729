package flows

import "time"

// Privacy is what privacy.yaml says: what a record of processing (GDPR Art. 30) needs beside the flows, and how long what is
// kept.
type Privacy struct {
	Controller string
	Contact    string
	Officer    string
	Purposes   []string
	Basis      []string
	Processors []string
	Transfers  []string
	Retention  Retention
	Place      Place
}

// Retention is how long what is kept, since it changed last; 0 = until it is erased by hand.
type Retention struct {
	Conversations time.Duration
	Visitors      time.Duration            // without a conversation
	Leads         map[string]time.Duration // by stage
	Letters       time.Duration
	Jobs          time.Duration // that were given up
	Audit         time.Duration
}

// Keep is what a workspace says about how long things are kept; nothing where it has no privacy.yaml.
func (w *Workspace) Keep() Retention {
	if w == nil || w.Privacy == nil {
		return Retention{}
	}
	return w.Privacy.Retention
}

// Package flows owns the flow language: it parses, type-checks and compiles what a marketer writes, and says what is
// wrong with it at file:line:col. It knows words and types; what a conversation does with them is decided elsewhere.
package flows

import "io/fs"

// Workspace is one folder of flows, reps, routes, FAQ and stories, checked and compiled. It is never changed after
// Load, so any number of conversations may use it at once.
type Workspace struct {
	// Revision is the hash of Sources: the same text has the same revision wherever it is loaded.
	Revision string
	// Flows stand by falling priority, then by file name.
	Flows []*Flow
	// Roster is what team.yaml says: reps, teams, hours, meeting rules, routes.
	Roster *Roster
	// FAQ holds the questions answered in between.
	FAQ []*FAQ
	// Replies are the texts reps give often, by the name that stands behind # in a live thread.
	Replies map[string]Text
	// Followups are the letters to those who are not ready yet; nil where there is no followups.yaml.
	Followups *Followups
	// Hooks are the other systems that are told what happens; nil where there is no hooks.yaml.
	Hooks *Hooks
	// Privacy is why and how long personal data is kept; nil where there is no privacy.yaml.
	Privacy *Privacy
	// Stories are the conversations that must come out as written.
	Stories []*Story
	// Sources are the texts that make the revision (flows, team.yaml, faq.yaml, replies.yaml, followups.yaml, hooks.yaml, privacy.yaml; neither stories nor
	// calendars), by slash-separated file name. Load(SourceFS(Sources)) gives an equal workspace, on any node, for as long as a
	// conversation is pinned to it.
	Sources map[string]string
	// Files is the folder it came from, for what is read later (a rep's calendar file).
	Files fs.FS
}

// FAQ is one question visitors ask in between, in several wordings, with its answer.
type FAQ struct {
	Ask   map[string][]string // wordings by language
	Say   Text
	Place Place
}

package bot

import (
	"context"
	"slices"
)

// Subject is all that one human being is known by here: whatever has one of these is theirs.
type Subject struct {
	Persons       []string
	Conversations []string
	Visitors      []string
	Meetings      []string // UIDs
	Emails        []string // in lower case
	Phones        []string // as E.164, and as they were stored
	Recipients    []string // RecipientOf the addresses
	// Words are what else tells that a link or a job is theirs: what channels call them and their messages.
	Words []string
}

// Empty says that nobody is known by it.
func (s Subject) Empty() bool {
	return len(s.Persons)+len(s.Conversations)+len(s.Visitors)+len(s.Meetings) == 0
}

// IDs are our own names of what is theirs.
func (s Subject) IDs() []string {
	return slices.Concat(s.Persons, s.Conversations, s.Visitors, s.Meetings)
}

// Hashes are what a tombstone keeps of it.
func (s Subject) Hashes(secret []byte) (out []string) {
	for kind, values := range s.known() {
		for _, v := range values {
			out = append(out, KeyHash(secret, kind, v))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (s Subject) known() map[string][]string {
	return map[string][]string{
		ByPerson: s.Persons, ByConversation: s.Conversations, ByVisitor: s.Visitors, ByMeeting: s.Meetings, ByEmail: s.Emails, ByPhone: s.Phones,
	}
}

// Main is the one id that the audit log calls them by.
func (s Subject) Main() string {
	for _, ids := range [][]string{s.Persons, s.Conversations, s.Visitors, s.Meetings} {
		if len(ids) > 0 {
			return ids[0]
		}
	}
	return ""
}

// Record is one row of a table of the database, as text by column.
type Record struct {
	Table  string
	Values map[string]string
}

// Privacy is what a Store does for the rights of persons.
type Privacy interface {
	Audits
	Subjects
	Erasures
	Retentions
}

// Subjects finds what is known of a human being.
type Subjects interface {
	// Subject collects all that is one human being's, who is named by the id of a person, conversation, visitor or meeting, an
	// e-mail address or a phone number. It is Empty where there is nobody. What another person has for their own is left out,
	// also where both used one browser.
	Subject(ctx context.Context, who string) (Subject, error)
	// Records reads every row that is the subject's, of whatever table, in an order that stays.
	Records(ctx context.Context, s Subject) ([]Record, error)
	// Known calls each for everything that anybody is known by, as KeyHash wants it, until it gives an error.
	Known(ctx context.Context, each func(kind, value string) error) error
}

package bot

import (
	"context"
	"time"
)

// Publication makes a revision the one that new conversations begin on, from At until the next publication.
type Publication struct {
	N        int64 // from 1, without a gap; the last is the current one
	Revision string
	At       time.Time
	Who      string // person@machine, or machine:folder
	Kind     string // ByFolder, ByCommand or ByRollback
	Note     string
}

// How a revision came to be published.
const (
	ByFolder   = "folder"   // a node saw its workspace folder change
	ByCommand  = "command"  // somebody published a folder
	ByRollback = "rollback" // somebody went back
)

// SignalPublished is what Listen hears, in place of a conversation's id, when a revision was published.
const SignalPublished = "*published"

// Publications remembers which revision is current.
type Publications interface {
	// Publish makes a revision the current one, and stores its sources in the same transaction where they are given.
	// p.N is one more than that of the publication this was decided on: ErrStale when that is not the current one any more.
	Publish(ctx context.Context, p Publication, sources map[string]string) error
	// Published is the current publication, or ErrNotFound.
	Published(ctx context.Context) (Publication, error)
	// Publications lists them, the newest first, at most limit.
	Publications(ctx context.Context, limit int) ([]Publication, error)
	// OpenConversations counts the conversations that are still talked in, by the revision they stay on.
	OpenConversations(ctx context.Context) (map[string]int, error)
}

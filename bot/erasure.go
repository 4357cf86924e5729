package bot

import (
	"context"
	"encoding/json"
	"time"
)

// Erasure is one erasing of a human being: what is removed here at once, and what has to be reached elsewhere.
type Erasure struct {
	Tombstone
	Subject Subject  // not kept
	Seen    []Record // the subject's rows that it was decided on; not kept
	Rows    int      // that were removed here; set by the store
	Tables  map[string]int
	Parts   []ErasurePart
	Jobs    []Job
}

// ErasurePart is something of an erasure that lies elsewhere.
type ErasurePart struct {
	N      int
	Place  string          // slack, calendar, …
	Target json.RawMessage // for the place's Eraser; empty once it is done with
	State  string          // PartWaiting …
	Said   string          // what was done, or why it cannot be
	At     time.Time
}

// States of a part.
const (
	PartWaiting = "waiting"
	PartDone    = "done"
	PartLeft    = "left" // it cannot be reached: somebody else has to
)

// JobErase is the kind of job that erases a part elsewhere. Its payload is an ErasureEvent.
const JobErase = "erase"

// ErasureEvent says which part of which erasure.
type ErasureEvent struct {
	Erasure string `json:"erasure"`
	Part    int    `json:"part"`
}

// Eraser reaches what somebody left in one place outside of the database.
type Eraser interface {
	// Trace says what the subject's rows tell of something in this place. It asks nobody.
	Trace(s Subject, rows []Record) Traced
	// Erase erases one target; done twice it does no harm. left says what only somebody else can erase, in a sentence for
	// people. The error is as a Carrier's.
	Erase(ctx context.Context, target json.RawMessage) (left string, err error)
}

// Traced is what somebody left in one place.
type Traced struct {
	Targets []json.RawMessage // for Erase
	Words   []string          // what else the place calls the subject or their messages by in links and jobs; they are not in a target
	Left    string            // what only somebody else can erase, in a sentence for people
}

// Erasures removes human beings, and remembers that they were.
type Erasures interface {
	// Erase removes every row of the subject in one transaction, with the tombstone, the parts, the jobs and the line of the
	// audit log. Lines of ledgers stay without whom they were about. It tells the erasure how many rows there were. It is ErrStale,
	// and nothing is removed, where the subject has a link, or a job in a state, that is not among those seen.
	Erase(ctx context.Context, e *Erasure, line AuditLine) error
	// Erasures lists them, the newest first, with their parts.
	Erasures(ctx context.Context, limit int) ([]Erasure, error)
	// Erasure reads one with its parts, or ErrNotFound.
	Erasure(ctx context.Context, id string) (Erasure, error)
	// ErasedBy is the erasure of whoever had one of the hashes, or ErrNotFound.
	ErasedBy(ctx context.Context, hashes ...string) (Erasure, error)
	// Part reads a part, or ErrNotFound.
	Part(ctx context.Context, erasure string, n int) (ErasurePart, error)
	// SavePart changes a part.
	SavePart(ctx context.Context, erasure string, p ErasurePart) error
	// Bury stores the tombstone of an erasure that this database does not know, for one that was restored from a backup.
	Bury(ctx context.Context, t Tombstone) error
	// Scrub overwrites what removed rows left in the files of the database. said is what of it is somebody else's to do.
	Scrub(ctx context.Context) (said string, err error)
}

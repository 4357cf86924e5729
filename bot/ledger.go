package bot

import (
	"context"
	"time"

	"usher/bot/desk"
)

// Ledgers reads what each rep got, gave and missed. Turns write it, and lines are only ever added.
type Ledgers interface {
	// Ledger lists lines, the oldest first.
	Ledger(ctx context.Context, q LedgerQuery) ([]LedgerLine, error)
	// Shares is what all lines together have come to.
	Shares(ctx context.Context) (desk.Shares, error)
	// Enter adds lines about a conversation outside of its turns.
	Enter(ctx context.Context, conversation string, lines []desk.Entry) error
}

// LedgerLine is a line with its place in the ledger.
type LedgerLine struct {
	ID           int64
	Conversation string
	desk.Entry
}

// LedgerQuery is a page of the ledger; what is zero does not narrow it.
type LedgerQuery struct {
	Conversation string
	Since        time.Time
	After        int64 // ID of the last line of the page before
	Limit        int   // 0 = all
}

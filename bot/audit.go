package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// AuditLine is one act that somebody answers for. Lines are chained: each has a hash over itself and the hash of the line
// before, so that one which is changed or taken out later shows.
type AuditLine struct {
	N      int64     // from 1, without a gap; set by the store
	At     time.Time // zero = when it is written
	Who    string    // person@machine, "api NAME", rep id, or HouseKeeping
	What   string    // AuditPublish …
	Whom   string    // what it was done to: an id or a keyed hash, never a name, an address or somebody's words
	Detail map[string]string
	Prev   string // hash of the line before, "" = it is the first
	Hash   string
}

// Acts that are written down; the first word says what they are about.
const (
	AuditPublish  = "publish"
	AuditRollback = "rollback"
	AuditExport   = "person.export"
	AuditErase    = "person.erase"
	AuditStage    = "person.stage"
	AuditOwner    = "person.owner"
	AuditConsent  = "person.consent"
	AuditImport   = "import"
	AuditKeyMade  = "key.new"
	AuditKeyGone  = "key.revoke"
	AuditKept     = "retention" // what was removed because its time was over
	AuditTrimmed  = "audit.trimmed"
	AuditRestored = "audit.restored" // a backup was put in place of the database
)

// HouseKeeping is who does what nobody asked for: what is removed because its time is over.
const HouseKeeping = "usher"

// Audits remembers who did what. Acts that change the database write their line in the same transaction.
type Audits interface {
	// Audit adds a line at the end of the chain, under any race without a fork.
	Audit(ctx context.Context, l AuditLine) error
	// AuditLines reads the chain, the oldest first.
	AuditLines(ctx context.Context, q AuditQuery) ([]AuditLine, error)
	// AuditHead is the last line, or ErrNotFound.
	AuditHead(ctx context.Context) (AuditLine, error)
}

// AuditQuery is a page of the chain.
type AuditQuery struct {
	After int64     // N of the last line of the page before
	Since time.Time // zero = from the first
	Whom  string    // "" = anybody
	Limit int
}

// Audit writes down that somebody did something.
func (b *Bot) Audit(ctx context.Context, l AuditLine) error {
	if l.At.IsZero() {
		l.At = b.now()
	}
	if err := b.Store.Audit(ctx, l); err != nil {
		return fmt.Errorf("audit %s: %w", l.What, err)
	}
	return nil
}

// Text is what of the line the hash is over, besides its number and the line before.
func (l AuditLine) Text() string {
	detail := l.Detail
	if detail == nil {
		detail = map[string]string{}
	}
	text, _ := json.Marshal([]any{l.At.UnixMicro(), l.Who, l.What, l.Whom, detail}) // a number and strings always marshal
	return string(text)
}

// Sum is the hash that the line is to have.
func (l AuditLine) Sum() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %s", l.Prev, l.N, l.Text()))
	return hex.EncodeToString(sum[:])
}

// ByHand says that who changed something is a person or a program that acts for one: not a flow, and not what the house does
// on its own.
func ByHand(who string) bool {
	return who != "" && who != "import" && who != "crm" && who != HouseKeeping && !strings.HasPrefix(who, "flow ")
}

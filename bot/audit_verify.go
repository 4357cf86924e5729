package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// AuditHead is the end of the chain as it was once, kept where who can change the database cannot change it.
type AuditHead struct {
	N    int64
	Hash string
}

func (h AuditHead) String() string { return fmt.Sprintf("%d:%s", h.N, h.Hash) }

// AuditFault is the first place where the chain is not as it was written.
type AuditFault struct {
	N    int64
	Said string
}

func (f *AuditFault) Error() string { return fmt.Sprintf("line %d: %s", f.N, f.Said) }

// auditPage is how many lines are read at once.
const auditPage = 1000

// VerifyAudit reads the whole chain and says how many lines it has; the error is an *AuditFault where a line was changed, taken
// out of the middle, or cut off the end that one of the heads knew.
func VerifyAudit(ctx context.Context, from Audits, heads []AuditHead) (lines int, err error) {
	v := verifying{heads: map[int64][]string{}, trimmed: map[int64]string{}}
	for _, h := range heads {
		v.heads[h.N] = append(v.heads[h.N], h.Hash)
	}
	for {
		page, err := from.AuditLines(ctx, AuditQuery{After: v.last.N, Limit: auditPage})
		if err != nil {
			return v.lines, fmt.Errorf("read the audit log: %w", err)
		}
		for _, l := range page {
			if fault := v.next(l); fault != nil {
				return v.lines, fault
			}
		}
		if len(page) < auditPage {
			break
		}
	}
	if fault := v.end(heads); fault != nil {
		return v.lines, fault
	}
	return v.lines, nil
}

// verifying is a walk along the chain.
type verifying struct {
	first, last AuditLine
	lines       int
	heads       map[int64][]string // of one line several, where the chain was cut off and grew again
	trimmed     map[int64]string   // ends of what was removed because its time was over: N to hash
}

func (v *verifying) next(l AuditLine) *AuditFault {
	switch {
	case v.lines == 0:
		v.first = l
	case l.N != v.last.N+1:
		return &AuditFault{v.last.N + 1, fmt.Sprintf("it is missing; the next one is line %d", l.N)}
	case l.Prev != v.last.Hash:
		return &AuditFault{l.N, "it does not follow the line before: one of the two was changed"}
	}
	if l.Sum() != l.Hash {
		return &AuditFault{l.N, "it was changed after it was written"}
	}
	if slices.ContainsFunc(v.heads[l.N], func(known string) bool { return known != l.Hash }) {
		return &AuditFault{l.N, "it is another line than the one that was kept beside the database: the chain was written anew"}
	}
	if l.What == AuditTrimmed {
		if n, err := strconv.ParseInt(l.Detail["through"], 10, 64); err == nil {
			v.trimmed[n] = l.Detail["hash"]
		}
	}
	v.last = l
	v.lines++
	return nil
}

// end looks at both ends.
func (v *verifying) end(heads []AuditHead) *AuditFault {
	for _, h := range heads {
		if h.N > v.last.N {
			return &AuditFault{v.last.N + 1, fmt.Sprintf("it and all that follow were cut off: line %d was kept beside the database", h.N)}
		}
	}
	if v.lines == 0 || v.first.N == 1 && v.first.Prev == "" {
		return nil
	}
	if hash, ok := v.trimmed[v.first.N-1]; ok && hash == v.first.Prev {
		return nil
	}
	return &AuditFault{1, fmt.Sprintf("the lines before %d were removed, and no line says so", v.first.N)}
}

// VerifyAudit proves the chain against the ends that were kept in the vault, and those given.
func (b *Bot) VerifyAudit(ctx context.Context, more ...AuditHead) (lines int, err error) {
	if b.Vault != nil {
		kept, err := b.Vault.Heads()
		if err != nil {
			return 0, fmt.Errorf("read the kept ends of the audit log: %w", err)
		}
		more = append(more, kept...)
	}
	return VerifyAudit(ctx, b.Store, more)
}

// KeepAuditHead keeps the end of the chain beside the database. One that is no longer the chain's is the operator's to see:
// verifying tells of it.
func (b *Bot) KeepAuditHead(ctx context.Context) error {
	if b.Vault == nil {
		return nil
	}
	l, err := b.Store.AuditHead(ctx)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return b.Vault.KeepHead(AuditHead{l.N, l.Hash})
}

package bot

import (
	"cmp"
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
	// Restored says that a backup was put in place of the database: ends that were kept before may be of lines that are lost.
	Restored bool `json:",omitempty"`
}

func (h AuditHead) String() string { return fmt.Sprintf("%d:%s", h.N, h.Hash) }

// AuditFault is the first place where the chain is not as it was written.
type AuditFault struct {
	N    int64
	Said string
	Kept bool // the chain holds up to there, and is not the one that an end was kept of: so it is after a backup was restored, too
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
		return &AuditFault{N: v.last.N + 1, Said: fmt.Sprintf("it is missing; the next one is line %d", l.N)}
	case l.Prev != v.last.Hash:
		return &AuditFault{N: l.N, Said: "it does not follow the line before: one of the two was changed"}
	}
	if l.Sum() != l.Hash {
		return &AuditFault{N: l.N, Said: "it was changed after it was written"}
	}
	if slices.ContainsFunc(v.heads[l.N], func(known string) bool { return known != l.Hash }) {
		return &AuditFault{l.N, "it is another line than the one that was kept beside the database: the chain was written anew", true}
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
			return &AuditFault{v.last.N + 1, fmt.Sprintf("it and all that follow were cut off: line %d was kept beside the database", h.N), true}
		}
	}
	if v.lines == 0 || v.first.N == 1 && v.first.Prev == "" {
		return nil
	}
	if hash, ok := v.trimmed[v.first.N-1]; ok && hash == v.first.Prev {
		return nil
	}
	return &AuditFault{N: 1, Said: fmt.Sprintf("the lines before %d were removed, and no line says so", v.first.N)}
}

// VerifyAudit proves the chain against the ends that were kept in the vault, and those given.
func (b *Bot) VerifyAudit(ctx context.Context, more ...AuditHead) (lines int, err error) {
	kept, err := b.keptHeads()
	if err != nil {
		return 0, err
	}
	return VerifyAudit(ctx, b.Store, append(kept, more...))
}

// keptHeads are the ends in the vault since a backup was restored the last time: the first of them vouches for all lines before.
func (b *Bot) keptHeads() ([]AuditHead, error) {
	if b.Vault == nil {
		return nil, nil
	}
	kept, err := b.Vault.Heads()
	if err != nil {
		return nil, fmt.Errorf("read the kept ends of the audit log: %w", err)
	}
	for i, h := range slices.Backward(kept) {
		if h.Restored {
			return slices.Clone(kept[i:]), nil
		}
	}
	return slices.Clone(kept), nil
}

// Restored takes that a backup was put in place of the database, and gives the ends that were kept of lines which are lost since:
// proving asks for them no more. The log has a line about it. Where none is lost nothing is done, and where the log does not hold
// in itself, which no backup explains, it is an *AuditFault.
func (b *Bot) Restored(ctx context.Context, who string) (lost []AuditHead, err error) {
	kept, err := b.keptHeads()
	if err != nil {
		return nil, err
	}
	if _, err := VerifyAudit(ctx, b.Store, nil); err != nil {
		return nil, err
	}
	for _, h := range kept {
		is, err := b.Store.AuditLines(ctx, AuditQuery{After: h.N - 1, Limit: 1})
		if err != nil {
			return nil, err
		}
		if len(is) == 0 || is[0].N != h.N || is[0].Hash != h.Hash {
			lost = append(lost, h)
		}
	}
	if len(lost) == 0 {
		return nil, nil
	}
	last := slices.MaxFunc(lost, func(a, b AuditHead) int { return cmp.Compare(a.N, b.N) })
	if err := b.Audit(ctx, AuditLine{Who: who, What: AuditRestored, Detail: map[string]string{"lost": last.String()}}); err != nil {
		return nil, err
	}
	l, err := b.Store.AuditHead(ctx)
	if err != nil {
		return nil, err
	}
	return lost, b.Vault.KeepHead(AuditHead{N: l.N, Hash: l.Hash, Restored: true})
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
	return b.Vault.KeepHead(AuditHead{N: l.N, Hash: l.Hash})
}

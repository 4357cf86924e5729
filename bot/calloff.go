package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// ErasedBecause is why a meeting of somebody who is erased does not take place, as they and their rep read it.
const ErasedBecause = "their data is erased at their request"

// CallOff cancels the subject's meetings ahead; they and the reps are told, as always. It says which.
func (b *Bot) CallOff(ctx context.Context, s Subject) (uids []string, err error) {
	for _, uid := range s.Meetings {
		m, err := b.Store.Meeting(ctx, uid)
		if errors.Is(err, ErrNotFound) || err == nil && (m.Of != "" || m.Status != Confirmed || !m.Start.After(b.now())) {
			continue
		}
		if err == nil {
			err = b.Cancel(ctx, uid, ErasedBecause)
		}
		if err != nil {
			return uids, fmt.Errorf("call off the meetings of a person: %w", err)
		}
		uids = append(uids, uid)
	}
	return uids, nil
}

// tellers are the kinds of jobs that tell people of a meeting.
var tellers = []string{JobMail, JobAlert, "slack.send"}

// Untold counts what the subject and their reps are still to be told and has not been tried yet.
func (b *Bot) Untold(ctx context.Context, s Subject) (n int, err error) {
	records, err := b.Store.Records(ctx, s)
	if err != nil {
		return 0, err
	}
	soon := fmt.Sprint(b.now().UnixMicro())
	for _, r := range records {
		v := r.Values
		fresh := v["state"] == JobReady && v["attempts"] == "0" || v["state"] == JobRunning && v["attempts"] == "1"
		if r.Table == "job" && fresh && slices.Contains(tellers, v["kind"]) && len(v["run_at"]) <= len(soon) && v["run_at"] <= soon {
			n++
		}
	}
	return n, nil
}

// Busy says whether a node is at work on a job of the subject's.
func (b *Bot) Busy(ctx context.Context, s Subject) (bool, error) {
	records, err := b.Store.Records(ctx, s)
	e := Erasure{Seen: records}
	return e.busyUntil().After(b.now()), err
}

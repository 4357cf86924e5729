package bot

import (
	"context"
	"time"
)

// FollowUp is an enrolment as a team reads it, with what is true now.
type FollowUp struct {
	Enrolment
	Name    string
	Address string // "" = erased
	Of      int    // letters the sequence has
}

// List shows who is in which sequence, the newest first, at most limit. What a running one stops by when its next letter is due
// is told at once.
func (f *FollowUps) List(ctx context.Context, limit int) ([]FollowUp, error) {
	all, err := f.Bot.Store.Enrolments(ctx, limit)
	if err != nil {
		return nil, err
	}
	out := make([]FollowUp, len(all))
	for i, e := range all {
		q, t, because, err := f.look(ctx, e)
		if err != nil {
			return nil, err
		}
		if e.State == EnrolmentRunning && because != "" {
			e.State, e.Because, e.NextAt = EnrolmentStopped, because, time.Time{}
		}
		out[i] = FollowUp{Enrolment: e, Address: t.address, Name: answered(t.conversation.State, "name")}
		if q != nil {
			out[i].Of = len(q.Letters)
		}
	}
	return out, nil
}

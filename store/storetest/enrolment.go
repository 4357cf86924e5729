package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"usher/bot"
	"usher/flows"
)

func enrolments(t *testing.T, fresh Database) {
	enrolled := func(sequence string) bot.Enrolment {
		return bot.Enrolment{
			ID: bot.EnrolmentID("h1", sequence), Recipient: "h1", Sequence: sequence, Conversation: "c1", Run: 1, BeganAt: noon,
			NextAt: noon.Add(time.Hour), State: bot.EnrolmentRunning,
		}
	}
	begin := func(w world, sequence string, version int64) bot.EnrolmentTurn {
		t := bot.EnrolmentTurn{Recipient: bot.Recipient{Hash: "h1", Version: version}, Enrolment: enrolled(sequence), Now: noon}
		t.Jobs = []bot.Job{{ID: "next-" + sequence, Kind: bot.JobFollowUp, Payload: []byte("{}"), RunAt: noon}}
		return t
	}
	tell(t, fresh, "an enrolment is read as it was committed, with its letter and its jobs", func(w world) {
		w.must(w.CommitEnrolment(w.ctx, begin(w, "a", 0)))
		e := enrolled("a")
		e.Letters, e.LastAt = 1, noon
		w.must(w.CommitEnrolment(w.ctx, bot.EnrolmentTurn{Recipient: bot.Recipient{Hash: "h1", Version: 1}, Enrolment: e, Letter: 1, Now: noon}))
		got, err := w.Enrolment(w.ctx, e.ID)
		w.must(err)
		e.Sent = 1
		w.same(got, e)
		all, err := w.Enrolments(w.ctx, 10)
		w.must(err)
		w.same(all, []bot.Enrolment{e})
		sent, err := w.LettersTo(w.ctx, "h1", noon)
		w.must(err)
		w.same(sent, []time.Time{noon})
		sent, err = w.LettersTo(w.ctx, "h1", noon.Add(time.Second))
		w.must(err)
		w.same(len(sent), 0)
		jobs, err := w.Claim(w.ctx, noon, time.Minute, 10)
		w.must(err)
		w.same(len(jobs), 1)
		_, err = w.Enrolment(w.ctx, "h2/a")
		w.same(errors.Is(err, bot.ErrNotFound), true)
	})
	tell(t, fresh, "a letter that was refused counts for nothing", func(w world) {
		e := enrolled("a")
		e.Letters = 2
		for i, turn := range []bot.EnrolmentTurn{{Letter: 1}, {Letter: 2}, {Refused: 2}} {
			turn.Recipient, turn.Enrolment, turn.Now = bot.Recipient{Hash: "h1", Version: int64(i)}, e, noon.Add(time.Duration(i)*time.Hour)
			w.must(w.CommitEnrolment(w.ctx, turn))
		}
		sent, err := w.LettersTo(w.ctx, "h1", noon)
		w.must(err)
		w.same(sent, []time.Time{noon})
		got, err := w.Enrolment(w.ctx, e.ID)
		w.must(err)
		w.same([]int{got.Letters, got.Sent}, []int{2, 1})
	})
	tell(t, fresh, "of many who send a letter to one person at once, for whatever sequence, one does", func(w world) {
		const many = 8
		w.must(w.CommitEnrolment(w.ctx, begin(w, "a", 0)))
		var all sync.WaitGroup
		won := make([]bool, many)
		for i := range many {
			all.Go(func() {
				turn := begin(w, fmt.Sprint("s", i), 1)
				turn.Letter = 1
				err := w.CommitEnrolment(w.ctx, turn)
				if won[i] = err == nil; err != nil && !errors.Is(err, bot.ErrStale) {
					w.Error(err)
				}
			})
		}
		all.Wait()
		winners := 0
		for _, ok := range won {
			if ok {
				winners++
			}
		}
		sent, err := w.LettersTo(w.ctx, "h1", noon)
		w.must(err)
		w.same([]int{winners, len(sent)}, []int{1, 1})
	})
	tell(t, fresh, "whoever wants no letters stops what runs, and is left so until it is taken back", func(w world) {
		w.must(w.CommitEnrolment(w.ctx, begin(w, "a", 0)))
		wants := bot.Recipient{Hash: "h1", Suppressed: noon, Because: flows.StopUnsubscribe}
		w.must(w.Suppress(w.ctx, wants))
		w.must(w.Suppress(w.ctx, bot.Recipient{Hash: "h1", Suppressed: noon.Add(time.Hour), Because: flows.StopBounce}))
		r, err := w.Recipient(w.ctx, "h1")
		w.must(err)
		w.same([]any{r.Suppressed, r.Because, r.Version}, []any{noon, flows.StopUnsubscribe, 2})
		e, err := w.Enrolment(w.ctx, "h1/a")
		w.must(err)
		w.same([]any{e.State, e.Because, e.NextAt.IsZero()}, []any{bot.EnrolmentStopped, flows.StopUnsubscribe, true})
		w.same(errors.Is(w.CommitEnrolment(w.ctx, begin(w, "a", 1)), bot.ErrStale), true)
		w.must(w.Unsuppress(w.ctx, "h1"))
		w.same(errors.Is(w.Unsuppress(w.ctx, "h1"), bot.ErrNotFound), true)
		r, err = w.Recipient(w.ctx, "h1")
		w.must(err)
		w.same(r.Suppressed.IsZero(), true)
		r, err = w.Recipient(w.ctx, "h2")
		w.must(err)
		w.same(r, bot.Recipient{Hash: "h2"})
	})
	tell(t, fresh, "when a visitor was last heard is told over all of their conversations", func(w world) {
		for i, c := range []string{"c1", "c2", "other"} {
			first := turn(c, 0)
			if first.Conversation.Visitor = "v1"; c == "other" {
				first.Conversation.Visitor = "v2"
			}
			first.Messages = []bot.Message{{From: bot.FromVisitor, ID: "m", Text: "x", At: noon.Add(time.Duration(i) * time.Hour)}, {From: bot.FromBot, Text: "y", At: noon.Add(9 * time.Hour)}}
			w.commits(first)
		}
		for c, want := range map[string]time.Time{"c1": noon.Add(time.Hour), "c2": noon.Add(time.Hour), "other": noon.Add(2 * time.Hour), "none": {}} {
			at, err := w.LastHeard(w.ctx, c)
			w.must(err)
			w.same(at, want)
		}
	})
	tell(t, fresh, "a further token knows the visitor and leaves the first one good", func(w world) {
		ada := bot.Visitor{ID: "v1", Site: "acme", TokenHash: []byte{1}, CreatedAt: noon, SeenAt: noon}
		w.must(w.SaveVisitor(w.ctx, ada))
		w.must(w.AddToken(w.ctx, "v1", []byte{2}, noon))
		w.must(w.AddToken(w.ctx, "v1", []byte{2}, noon))
		second, err := w.Visitor(w.ctx, []byte{2})
		w.must(err)
		w.same(second, ada)
		w.must(w.SaveVisitor(w.ctx, second))
		first, err := w.Visitor(w.ctx, []byte{1})
		w.must(err)
		w.same(first.ID, "v1")
	})
}

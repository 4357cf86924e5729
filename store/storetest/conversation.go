package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/dialogue"
)

func conversations(t *testing.T, fresh Database) {
	tell(t, fresh, "a conversation comes back as it was committed", func(w world) {
		t := turn("c1", 0)
		t.Conversation.State.Answers = []dialogue.Answer{{Field: "goal", Said: "démo \x00 \"x\"", At: noon}}
		t.Messages = []bot.Message{{From: "bot", Text: "hello", At: noon}}
		w.commits(t)
		got, err := w.Load(w.ctx, "c1")
		w.must(err)
		if want := t.Conversation; !reflect.DeepEqual(got, want) {
			w.Errorf("got  %+v\nwant %+v", got, want)
		}
		w.same([]int64{got.Seq, got.Last}, []int64{1, 1})
	})
	tell(t, fresh, "an unknown conversation is not found", func(w world) {
		if _, err := w.Load(w.ctx, "nobody's"); !errors.Is(err, bot.ErrNotFound) {
			w.Error(err)
		}
	})
	tell(t, fresh, "the journal comes back in order", func(w world) {
		first, second := turn("c1", 0), turn("c1", 1)
		first.Journal = []dialogue.Entry{{Input: dialogue.Started{}, At: noon}, {Input: dialogue.Said{ID: "a", Text: "hi"}, At: noon}}
		second.Journal = []dialogue.Entry{{Input: dialogue.Said{ID: "b", Value: "demo"}, At: noon.Add(time.Second)}}
		w.commits(first)
		w.commits(second)
		got, err := w.Journal(w.ctx, "c1")
		w.must(err)
		if want := append(first.Journal, second.Journal...); !reflect.DeepEqual(got, want) {
			w.Errorf("got  %+v\nwant %+v", got, want)
		}
	})
	tell(t, fresh, "the latest conversation of a visitor is the one that began last", func(w world) {
		old, young := turn("z-old", 0), turn("a-young", 0)
		young.Conversation.Visitor = old.Conversation.Visitor
		young.Now = noon.Add(time.Second)
		w.commits(old)
		w.commits(young)
		got, err := w.Latest(w.ctx, old.Conversation.Visitor)
		w.must(err)
		w.same(got, "a-young")
		if _, err := w.Latest(w.ctx, "somebody else"); !errors.Is(err, bot.ErrNotFound) {
			w.Error(err)
		}
	})
	tell(t, fresh, "conversations of a time are listed in pages, the oldest first", func(w world) {
		for id, after := range map[string]time.Duration{"d": time.Minute, "b": 0, "a": 0, "c": time.Second, "early": -time.Microsecond, "late": time.Hour} {
			t := turn(id, 0)
			t.Now = noon.Add(after)
			t.Conversation.State.Answers = []dialogue.Answer{{Field: "goal", Said: id, At: noon}}
			w.commits(t)
		}
		again := turn("a", 1)
		again.Now = noon.Add(2 * time.Hour)
		w.commits(again)
		p := bot.Period{From: noon, To: noon.Add(time.Hour), Limit: 3}
		for _, want := range []string{"[a b c]", "[d]", "[]"} {
			page, err := w.Began(w.ctx, p)
			w.must(err)
			ids := []string{}
			for _, c := range page {
				ids, p.After = append(ids, c.ID), c
			}
			w.same(ids, want)
		}
		whole, err := w.Load(w.ctx, "d")
		w.must(err)
		if !reflect.DeepEqual(p.After, bot.Past{Conversation: whole, Began: noon.Add(time.Minute)}) {
			w.Errorf("got  %+v\nwant %+v", p.After, whole)
		}
	})
	tell(t, fresh, "due are those whose time has come, longest first, until they are woken", func(w world) {
		for id, after := range map[string]time.Duration{"late": -time.Minute, "now": 0, "soon": time.Microsecond, "latest": -time.Hour} {
			t := turn(id, 0)
			t.Conversation.State.WakeAt = noon.Add(after)
			w.commits(t)
		}
		w.commits(turn("never", 0))
		got, err := w.Due(w.ctx, noon, 10)
		w.must(err)
		w.same(got, []string{"latest", "late", "now"})
		w.commits(turn("latest", 1))
		got, err = w.Due(w.ctx, noon, 1)
		w.must(err)
		w.same(got, []string{"late"})
	})
	tell(t, fresh, "who is put off comes later, unless a turn came between", func(w world) {
		for id, after := range map[string]time.Duration{"stuck": -time.Hour, "late": -time.Minute, "soon": time.Minute} {
			t := turn(id, 0)
			t.Conversation.State.WakeAt = noon.Add(after)
			w.commits(t)
		}
		w.commits(turn("done", 0))
		for _, id := range []string{"stuck", "soon", "done", "nobody"} {
			w.must(w.PutOff(w.ctx, id, noon, noon.Add(5*time.Minute)))
		}
		for after, want := range map[time.Duration][]string{0: {"late"}, time.Minute: {"late", "soon"}, 5 * time.Minute: {"late", "soon", "stuck"}} {
			got, err := w.Due(w.ctx, noon.Add(after), 10)
			w.must(err)
			w.same(got, want)
		}
		c, err := w.Load(w.ctx, "stuck")
		w.must(err)
		w.same(c.State.WakeAt, noon.Add(-time.Hour))
	})
}

func transcripts(t *testing.T, fresh Database) {
	tell(t, fresh, "messages are numbered from one without a gap, and read after a number", func(w world) {
		first, second := turn("c1", 0), turn("c1", 1)
		ask := &dialogue.Ask{Field: "goal"}
		first.Messages = []bot.Message{{From: "bot", Text: "one", Ask: ask, At: noon}, {From: "bot", Text: "two", Meeting: "uid", End: "qualified", At: noon}}
		second.Messages = []bot.Message{{ID: "m", From: "visitor", Text: "three", At: noon}, {From: "rep", Name: "Asha", Text: "four", At: noon}}
		w.commits(first)
		w.commits(second)
		w.same([]int64{first.Messages[0].Seq, second.Messages[1].Seq}, []int64{1, 4})
		all := append(first.Messages, second.Messages...)
		for after, want := range map[int64][]bot.Message{0: all, 1: all[1:], 4: nil} {
			got, err := w.Messages(w.ctx, "c1", after, 10)
			w.must(err)
			if !reflect.DeepEqual(got, want) {
				w.Errorf("after %d: got  %+v\nwant %+v", after, got, want)
			}
		}
		got, err := w.Messages(w.ctx, "c1", 1, 2)
		w.must(err)
		w.same(len(got), 2)
	})
	tell(t, fresh, "a conversation does not see another's messages", func(w world) {
		t := turn("c1", 0)
		t.Messages = []bot.Message{{ID: "same", From: "visitor", Text: "mine"}}
		w.commits(t)
		u := turn("c2", 0)
		u.Messages = []bot.Message{{ID: "same", From: "visitor", Text: "yours"}}
		w.commits(u)
		got, err := w.Messages(w.ctx, "c2", 0, 10)
		w.must(err)
		w.same([]any{len(got), got[0].Text, got[0].Seq}, []any{1, "yours", 1})
	})
	tell(t, fresh, "what no database can keep in words is replaced, and the rest is kept", func(w world) {
		t := turn("c1", 0)
		t.Messages = []bot.Message{{ID: "a\x00", From: "visitor", Text: "nul \x00 broken \xff नमस्ते 👍"}}
		w.commits(t)
		got, err := w.Messages(w.ctx, "c1", 0, 1)
		w.must(err)
		w.same(got[0].Text, "nul \uFFFD broken \uFFFD नमस्ते 👍")
	})
}

func refusedTurns(t *testing.T, fresh Database) {
	tell(t, fresh, "a turn decided on an older state is stale and leaves nothing", func(w world) {
		w.commits(turn("c1", 0))
		for _, seq := range []int64{0, 2, 7} {
			t := everything("c1", seq)
			if err := w.Commit(w.ctx, t); !errors.Is(err, bot.ErrStale) {
				w.Errorf("on seq %d: %v", seq, err)
			}
		}
		w.nothingOf("c1", 1)
	})
	tell(t, fresh, "a turn of a conversation that is not there is stale", func(w world) {
		if err := w.Commit(w.ctx, turn("nobody's", 3)); !errors.Is(err, bot.ErrStale) {
			w.Error(err)
		}
	})
	tell(t, fresh, "a message that is stored is a duplicate and its turn leaves nothing", func(w world) {
		t := turn("c1", 0)
		t.Messages = []bot.Message{{ID: "m1", From: "visitor", Text: "hi"}}
		w.commits(t)
		again := everything("c1", 1)
		again.Messages = append(again.Messages, bot.Message{ID: "m1", From: "visitor", Text: "hi"})
		if err := w.Commit(w.ctx, again); !errors.Is(err, bot.ErrDuplicate) {
			w.Error(err)
		}
		w.nothingOf("c1", 1)
	})
	tell(t, fresh, "a turn whose time is taken leaves nothing", func(w world) {
		w.commits(with(turn("c1", 0), meeting("m1", "asha", noon)))
		w.commits(turn("c2", 0))
		t := with(everything("c2", 1), meeting("m2", "asha", noon))
		var taken *bot.TakenError
		if err := w.Commit(w.ctx, t); !errors.As(err, &taken) {
			w.Fatal(err)
		}
		w.same(taken.Slot, dialogue.Slot{Rep: "asha", Start: noon, End: noon.Add(30 * time.Minute)})
		w.nothingOf("c2", 1)
	})
	tell(t, fresh, "of many who decide on the same state one commits", func(w world) {
		w.commits(turn("c1", 0))
		const n = 16
		won := make(chan int, n)
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() {
				t := turn("c1", 1)
				t.Messages = []bot.Message{{ID: fmt.Sprint(i), From: "visitor", Text: "hi"}}
				switch err := w.Commit(w.ctx, t); {
				case err == nil:
					won <- i
				case !errors.Is(err, bot.ErrStale):
					w.Error(err)
				}
			})
		}
		all.Wait()
		w.same(len(won), 1)
		c, err := w.Load(w.ctx, "c1")
		w.must(err)
		w.same([]int64{c.Seq, c.Last}, []int64{2, 1})
	})
	tell(t, fresh, "a turn of a caller who has left is not committed", func(w world) {
		ctx, leave := context.WithCancel(w.ctx)
		leave()
		if err := w.Commit(ctx, turn("c1", 0)); !errors.Is(err, context.Canceled) {
			w.Error(err)
		}
		if _, err := w.Load(w.ctx, "c1"); !errors.Is(err, bot.ErrNotFound) {
			w.Error(err)
		}
	})
}

// everything is a turn that would leave a trace in every table.
func everything(conversation string, seq int64) *bot.Turn {
	t := with(turn(conversation, seq), hold("trace", "trace", noon))
	t.Messages = []bot.Message{{ID: "trace", From: "visitor", Text: "trace"}, {From: "bot", Text: "trace"}}
	t.Journal = []dialogue.Entry{{Input: dialogue.Said{ID: "trace"}, At: noon}}
	t.Ledger = []desk.Entry{{Team: "trace", Rep: "trace", Kind: desk.AssignedLead, At: noon}}
	t.Lead = &bot.Lead{ID: "trace", Conversation: conversation}
	t.Jobs = []bot.Job{{ID: "trace", Kind: "trace", Payload: []byte(`{}`), RunAt: noon}}
	return t
}

// nothingOf fails the test if anything of everything is there, or the conversation moved from seq.
func (w world) nothingOf(conversation string, seq int64) {
	w.Helper()
	c, err := w.Load(w.ctx, conversation)
	w.must(err)
	w.same(c.Seq, seq)
	ms, err := w.Messages(w.ctx, conversation, c.Last, 10)
	w.must(err)
	journal, err := w.Journal(w.ctx, conversation)
	w.must(err)
	jobs, err := w.JobCounts(w.ctx)
	w.must(err)
	a, err := w.Agenda(w.ctx, bot.AgendaQuery{Reps: []string{"trace"}, From: noon.Add(-time.Hour), To: noon.Add(time.Hour), Now: noon})
	w.must(err)
	w.same([]int{len(ms), len(journal), len(jobs), len(a.Blocked), len(a.Shares)}, []int{0, 0, 0, 0, 0})
	if _, err := w.Meeting(w.ctx, "trace"); !errors.Is(err, bot.ErrNotFound) {
		w.Error(err)
	}
}

package storetest

import (
	"fmt"
	"testing"
	"time"

	"usher/bot"
	"usher/flows"
)

// given is the first turn of a conversation whose flow a split gave.
func given(id, visitor, flow string) *bot.Turn {
	t := turn(id, 0)
	t.Conversation.Visitor, t.Conversation.Split, t.Conversation.State.Flow = visitor, "demo", flow
	return t
}

func splits(t *testing.T, fresh Database) {
	tell(t, fresh, "a conversation keeps the split that gave it its flow", func(w world) {
		w.commits(given("c1", "v1", "short"))
		c, err := w.Load(w.ctx, "c1")
		w.must(err)
		w.same([]string{c.Split, c.State.Flow}, []string{"demo", "short"})
		next := &bot.Turn{Conversation: c, Now: noon}
		next.Conversation.Split = "other"
		w.commits(next)
		w.must(w.Commit(w.ctx, turn("plain", 0)))
		counts, err := w.SplitCounts(w.ctx, noon)
		w.must(err)
		w.same(counts, []bot.SplitCount{{Split: "demo", Flow: "short", Visitors: 1, Conversations: 1}})
	})
	tell(t, fresh, "a split counts visitors, conversations, ends and meetings, each once", func(w world) {
		later := noon.Add(24 * time.Hour)
		for i, c := range []struct {
			visitor, flow, end string
			meetings           []bot.Meeting
		}{
			{"v1", "demo", flows.Qualified, []bot.Meeting{meeting("held", "asha", noon)}},
			{"v1", "demo", flows.Qualified, []bot.Meeting{meeting("again", "ben", noon)}},
			{"v2", "demo", flows.Qualified, []bot.Meeting{missed("missed", "cleo", noon)}},
			{"v3", "demo", "", nil},
			{"v4", "short", flows.Qualified, []bot.Meeting{cancelled("gone", "asha", noon.Add(3*time.Hour)), meeting("coming", "asha", later)}},
			{"v5", "short", flows.Nurture, []bot.Meeting{hold("hold", "asha", noon.Add(2*time.Hour))}},
			{"v6", "short", flows.Qualified, []bot.Meeting{attended("guests", "dev", noon, "eve fay")}},
		} {
			next := given(fmt.Sprint("c", i), c.visitor, c.flow)
			next.Conversation.State.End = c.end
			w.commits(with(next, c.meetings...))
		}
		w.commits(with(turn("plain", 0), meeting("plain", "gus", noon)))
		got, err := w.SplitCounts(w.ctx, noon.Add(30*time.Minute))
		w.must(err)
		w.same(got, []bot.SplitCount{
			{Split: "demo", Flow: "demo", Visitors: 3, Conversations: 4, Qualified: 3, Booked: 3, Held: 2, Met: 1},
			{Split: "demo", Flow: "short", Visitors: 3, Conversations: 3, Qualified: 2, Booked: 3, Held: 1, Coming: 1, Met: 1},
		})
		early, err := w.SplitCounts(w.ctx, noon.Add(30*time.Minute-time.Microsecond))
		w.must(err)
		w.same([]int{early[0].Held, early[0].Coming, early[1].Held, early[1].Coming}, []int{0, 3, 0, 2})
	})
}

func missed(uid, rep string, start time.Time) bot.Meeting {
	m := meeting(uid, rep, start)
	m.NoShow = start.Add(20 * time.Minute)
	return m
}

func cancelled(uid, rep string, start time.Time) bot.Meeting {
	m := meeting(uid, rep, start)
	m.Status = bot.Cancelled
	return m
}

func attended(uid, rep string, start time.Time, guests string) bot.Meeting {
	m := meeting(uid, rep, start)
	m.With = guests
	return m
}

package storetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/bot"
	"usher/bot/slots"
)

// books tells that meetings come out as in a book kept by hand, whatever is done in whatever order.
func books(t *testing.T, fresh Database) {
	t.Run("any turns end as the book says", func(t *testing.T) {
		s := fresh(t)()
		round := 0
		rapid.Check(t, func(t *rapid.T) {
			round++
			b := &book{store: s, round: round, now: noon, rows: map[string]bot.Meeting{}, seq: map[string]int64{}}
			for range rapid.IntRange(1, 14).Draw(t, "turns") {
				b.turn(t)
			}
			b.agrees(t)
		})
	})
}

// book is what a person with a pencil would know: every meeting by UID.
type book struct {
	store bot.Store
	round int // names what belongs to this round
	now   time.Time
	rows  map[string]bot.Meeting
	seq   map[string]int64
}

// turn writes one meeting into the store and into the book, and expects both to take it or both to refuse it.
func (b *book) turn(t *rapid.T) {
	b.now = b.now.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "minutes pass")) * time.Minute)
	name := func(kind string, n int) string {
		return fmt.Sprintf("%s%d-%d", kind, b.round, rapid.IntRange(1, n).Draw(t, kind))
	}
	m := bot.Meeting{UID: name("meeting", 6), Conversation: name("conversation", 3), Rep: name("rep", 2), CreatedAt: b.now}
	m.Visitor = m.Conversation
	m.Start = noon.Add(time.Duration(rapid.IntRange(0, 8).Draw(t, "start")) * 15 * time.Minute)
	m.End = m.Start.Add(time.Duration(rapid.IntRange(1, 4).Draw(t, "long")) * 15 * time.Minute)
	m.Buffer = time.Duration(rapid.IntRange(0, 1).Draw(t, "buffer")) * 10 * time.Minute
	m.Status = rapid.SampledFrom([]string{bot.Held, bot.Held, bot.Confirmed, bot.Cancelled, bot.Dropped}).Draw(t, "status")
	if m.Status == bot.Held {
		m.Expires = b.now.Add(heldFor)
	}
	c := bot.Conversation{ID: m.Conversation, Visitor: m.Visitor, Seq: b.seq[m.Conversation]}
	err := b.store.Commit(context.Background(), &bot.Turn{Conversation: c, Now: b.now, Meetings: []bot.Meeting{m}})
	rows, taken := b.with(m)
	var refused *bot.TakenError
	if taken != errors.As(err, &refused) || !taken && err != nil {
		t.Fatalf("the book says taken: %t, the store says %v, of %+v", taken, err, m)
	}
	if !taken {
		b.rows = rows
		b.seq[m.Conversation]++
	}
}

// with is the book with one more meeting, unless its time is taken.
func (b *book) with(m bot.Meeting) (rows map[string]bot.Meeting, taken bool) {
	rows = maps.Clone(b.rows)
	if rows[m.UID].Conversation == m.Conversation {
		delete(rows, m.UID)
	}
	if m.Status == bot.Held || m.Status == bot.Confirmed {
		maps.DeleteFunc(rows, func(_ string, r bot.Meeting) bool {
			return r.Rep == m.Rep && r.Status == bot.Held && (!r.Expires.After(b.now) || r.Conversation == m.Conversation && overlap(r, m))
		})
		if m.Status == bot.Held {
			b.dropOldest(rows, m.Visitor)
		}
		for _, r := range rows {
			if r.Rep == m.Rep && (r.Status == bot.Held || r.Status == bot.Confirmed) && overlap(r, m) {
				return nil, true
			}
		}
	}
	if _, another := rows[m.UID]; another {
		return nil, true
	}
	rows[m.UID] = m
	return rows, false
}

// dropOldest makes room for one more live hold of the visitor.
func (b *book) dropOldest(rows map[string]bot.Meeting, visitor string) {
	var live []bot.Meeting
	for _, r := range rows {
		if r.Visitor == visitor && r.Status == bot.Held && r.Expires.After(b.now) {
			live = append(live, r)
		}
	}
	slices.SortFunc(live, func(x, y bot.Meeting) int { return cmp.Or(y.CreatedAt.Compare(x.CreatedAt), cmp.Compare(y.UID, x.UID)) })
	for _, r := range live[min(len(live), bot.MaxHolds-1):] {
		r.Status = bot.Dropped
		rows[r.UID] = r
	}
}

func overlap(a, b bot.Meeting) bool {
	return a.Start.Add(-a.Buffer).Before(b.End.Add(b.Buffer)) && b.Start.Add(-b.Buffer).Before(a.End.Add(a.Buffer))
}

// agrees compares every row and both reps' agendas with the book.
func (b *book) agrees(t *rapid.T) {
	for n := range 6 {
		uid := fmt.Sprintf("meeting%d-%d", b.round, n+1)
		got, err := b.store.Meeting(context.Background(), uid)
		want, ok := b.rows[uid]
		if ok != (err == nil) || ok && fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%s: got %+v, %v\nthe book says %+v", uid, got, err, want)
		}
	}
	reps := []string{fmt.Sprintf("rep%d-1", b.round), fmt.Sprintf("rep%d-2", b.round)}
	asks := fmt.Sprintf("conversation%d-1", b.round)
	q := bot.AgendaQuery{Reps: reps, From: noon.Add(-time.Hour), To: noon.Add(24 * time.Hour), Now: b.now, Except: asks}
	a, err := b.store.Agenda(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]slots.Interval{}
	for _, r := range slices.SortedFunc(maps.Values(b.rows), func(x, y bot.Meeting) int { return x.Start.Compare(y.Start) }) {
		if r.Status == bot.Confirmed || r.Status == bot.Held && r.Expires.After(b.now) && r.Conversation != asks {
			want[r.Rep] = append(want[r.Rep], slots.Interval{Start: r.Start.Add(-r.Buffer), End: r.End.Add(r.Buffer)})
		}
	}
	if fmt.Sprint(a.Blocked) != fmt.Sprint(want) {
		t.Fatalf("blocked are %v\nthe book says %v", a.Blocked, want)
	}
}

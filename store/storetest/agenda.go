package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/routing"
	"usher/bot/slots"
)

// day is the query of the suite: the day around noon, as conversation c1 asks.
func day(reps ...string) bot.AgendaQuery {
	return bot.AgendaQuery{Reps: reps, From: noon.Add(-12 * time.Hour), To: noon.Add(12 * time.Hour), Now: noon, Except: "c1"}
}

func (w world) agenda(q bot.AgendaQuery) desk.Agenda {
	w.Helper()
	a, err := w.Agenda(w.ctx, q)
	w.must(err)
	return a
}

func agendas(t *testing.T, fresh Database) {
	tell(t, fresh, "more agendas at once than there are connections, on a store just opened, are all answered", func(w world) {
		ctx, cancel := context.WithTimeout(w.ctx, 20*time.Second)
		defer cancel()
		begin := make(chan struct{})
		var all sync.WaitGroup
		for range 200 {
			all.Go(func() {
				<-begin
				if _, err := w.Agenda(ctx, day("asha")); err != nil {
					w.Error(err)
				}
			})
		}
		close(begin)
		all.Wait()
	})
	tell(t, fresh, "meetings block with their buffers, and their starts are booked", func(w world) {
		m := meeting("m1", "asha", noon)
		m.Buffer = 10 * time.Minute
		w.commits(with(turn("c2", 0), m, meeting("m2", "ben", noon)))
		a := w.agenda(day("asha"))
		w.same(a.Blocked, map[string][]slots.Interval{"asha": {{Start: noon.Add(-10 * time.Minute), End: noon.Add(40 * time.Minute)}}})
		w.same(a.Booked, map[string][]time.Time{"asha": {noon}})
	})
	tell(t, fresh, "the asking conversation's meeting blocks, its hold does not", func(w world) {
		w.commits(with(turn("c1", 0), hold("m1", "asha", noon), meeting("m2", "asha", noon.Add(time.Hour))))
		w.same(len(w.agenda(day("asha")).Blocked["asha"]), 1)
		q := day("asha")
		q.Except = "c2"
		w.same(len(w.agenda(q).Blocked["asha"]), 2)
	})
	tell(t, fresh, "a hold blocks until it expires, given-back and cancelled times do not", func(w world) {
		gone, off := meeting("m2", "asha", noon.Add(time.Hour)), meeting("m3", "asha", noon.Add(2*time.Hour))
		gone.Status, off.Status = bot.Dropped, bot.Cancelled
		w.commits(with(turn("c2", 0), hold("m1", "asha", noon), gone, off))
		q := day("asha")
		q.Now = noon.Add(heldFor - time.Microsecond)
		w.same(len(w.agenda(q).Blocked["asha"]), 1)
		q.Now = noon.Add(heldFor)
		w.same(len(w.agenda(q).Blocked["asha"]), 0)
	})
	tell(t, fresh, "only what touches the asked time is told", func(w world) {
		q := day("asha")
		w.commits(with(turn("c2", 0),
			meeting("before", "asha", q.From.Add(-30*time.Minute)), meeting("in", "asha", q.From), meeting("after", "asha", q.To)))
		w.same(w.agenda(q).Blocked["asha"], []slots.Interval{{Start: q.From, End: q.From.Add(30 * time.Minute)}})
	})
	tell(t, fresh, "nobody asked for is nothing told", func(w world) {
		w.same(len(w.agenda(day()).Blocked), 0)
	})
	tell(t, fresh, "teams of every size are told", func(w world) {
		for n := range 9 {
			id := fmt.Sprint("rep", n)
			w.commits(with(turn(id, 0), meeting(id, id, noon)))
		}
		var reps []string
		for n := range 9 {
			w.same(len(w.agenda(day(reps...)).Blocked), n)
			reps = append(reps, fmt.Sprint("rep", n))
		}
	})
	tell(t, fresh, "what was free in the agenda can be booked at once", func(w world) {
		w.commits(with(turn("c2", 0), meeting("m1", "asha", noon)))
		end := w.agenda(day("asha")).Blocked["asha"][0].End
		w.commits(with(turn("c1", 0), meeting("m2", "asha", end)))
	})
}

func calendars(t *testing.T, fresh Database) {
	span := func(after, long time.Duration) slots.Interval {
		return slots.Interval{Start: noon.Add(after), End: noon.Add(after + long)}
	}
	tell(t, fresh, "a calendar that was never read has no time of reading", func(w world) {
		_, read := w.agenda(day("asha")).Read["asha"]
		w.same(read, false)
	})
	tell(t, fresh, "busy times are those of the last reading", func(w world) {
		w.must(w.SaveBusy(w.ctx, bot.Busy{Rep: "asha", ReadAt: noon.Add(-time.Hour), Until: noon.AddDate(0, 1, 0), Spans: []slots.Interval{span(time.Hour, time.Hour)}}))
		w.must(w.SaveBusy(w.ctx, bot.Busy{Rep: "ben", ReadAt: noon, Until: noon.AddDate(0, 1, 0)}))
		b := bot.Busy{Rep: "asha", ReadAt: noon, Until: noon.AddDate(0, 1, 0), Spans: []slots.Interval{span(2*time.Hour, time.Hour), span(0, time.Minute), span(0, time.Minute), span(48*time.Hour, time.Hour)}}
		w.must(w.SaveBusy(w.ctx, b))
		a := w.agenda(day("asha", "ben"))
		w.same(a.Busy, map[string][]slots.Interval{"asha": {{Start: noon, End: noon.Add(time.Minute)}, {Start: noon.Add(2 * time.Hour), End: noon.Add(3 * time.Hour)}}})
		w.same(a.Read, map[string]time.Time{"asha": noon, "ben": noon})
	})
	tell(t, fresh, "a calendar of any size is kept", func(w world) {
		for _, n := range []int{1, 2, 3, 511, 512, 513, 1500} {
			b := bot.Busy{Rep: "asha", ReadAt: noon, Until: noon.AddDate(0, 1, 0)}
			for i := range n {
				b.Spans = append(b.Spans, span(time.Duration(i)*20*time.Second, time.Second))
			}
			w.must(w.SaveBusy(w.ctx, b))
			w.same(len(w.agenda(day("asha")).Busy["asha"]), n)
		}
	})
	tell(t, fresh, "a calendar that cannot be read is not offered until it can be", func(w world) {
		b := bot.Busy{Rep: "asha", ReadAt: noon, Until: noon.AddDate(0, 1, 0), Spans: []slots.Interval{span(0, time.Hour)}}
		w.must(w.SaveBusy(w.ctx, b))
		w.must(w.SaveBusy(w.ctx, bot.Busy{Rep: "asha", ReadAt: noon.Add(time.Hour), Failure: "no route to host"}))
		a := w.agenda(day("asha"))
		w.same(len(a.Busy["asha"]), 1)
		w.same(len(a.Read), 0)
		w.must(w.SaveBusy(w.ctx, b))
		w.same(w.agenda(day("asha")).Read["asha"], noon)
	})
	tell(t, fresh, "what lies beyond the known time is busy", func(w world) {
		w.must(w.SaveBusy(w.ctx, bot.Busy{Rep: "asha", ReadAt: noon, Until: noon.Add(time.Hour)}))
		w.same(w.agenda(day("asha")).Busy["asha"], []slots.Interval{{Start: noon.Add(time.Hour), End: noon.Add(12 * time.Hour)}})
	})
	tell(t, fresh, "two readers of one calendar leave one reading", func(w world) {
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				b := bot.Busy{Rep: "asha", ReadAt: noon, Until: noon.AddDate(0, 1, 0)}
				for k := range 10 {
					b.Spans = append(b.Spans, span(time.Duration(10*i+k)*2*time.Minute, time.Minute))
				}
				if err := w.SaveBusy(w.ctx, b); err != nil {
					w.Error(err)
				}
			})
		}
		all.Wait()
		w.same(len(w.agenda(day("asha")).Busy["asha"]), 10)
	})
}

func shares(t *testing.T, fresh Database) {
	line := func(team, rep, kind string, at time.Time) desk.Entry {
		e := desk.Entry{Team: team, Rep: rep, Kind: kind, Because: "fair", At: at}
		if kind == desk.AssignedLead {
			e.Leads = 1
		}
		return e
	}
	tell(t, fresh, "a share counts a team's assigned leads and knows the last", func(w world) {
		first, second := turn("c1", 0), turn("c1", 1)
		first.Ledger = []desk.Entry{line("sales", "asha", desk.AssignedLead, noon.Add(time.Hour)), line("sales", "asha", desk.BookedLead, noon.Add(9*time.Hour)), line("sales", "ben", "passed", noon)}
		second.Ledger = []desk.Entry{line("sales", "asha", desk.AssignedLead, noon), line("support", "asha", "assigned", noon)}
		w.commits(first)
		w.commits(second)
		a := w.agenda(day("asha", "ben"))
		w.same(len(a.Shares), 2)
		w.same(a.Shares[routing.Queue{Team: "sales"}]["asha"].Count, 2.0)
		w.same(a.Shares[routing.Queue{Team: "sales"}]["asha"].Last, noon.Add(time.Hour))
		w.same(a.Shares[routing.Queue{Team: "support"}]["asha"].Count, 1.0)
		w.same(w.agenda(day("ben")).Shares, desk.Shares{{Team: "sales"}: {"ben": {Gave: 1}}})
	})
	tell(t, fresh, "no share is lost or waits when many are given at once, in any order", func(w world) {
		const n = 40
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() {
				t := turn(fmt.Sprint("c", i), 0)
				t.Ledger = []desk.Entry{line("sales", "asha", desk.AssignedLead, noon), line("sales", "ben", "assigned", noon)}
				if i%2 == 0 {
					t.Ledger[0], t.Ledger[1] = t.Ledger[1], t.Ledger[0]
				}
				w.commitsOrFails(t)
			})
		}
		all.Wait()
		a := w.agenda(day("asha", "ben"))
		w.same([]int64{a.Shares[routing.Queue{Team: "sales"}]["asha"].Count, a.Shares[routing.Queue{Team: "sales"}]["ben"].Count}, []int64{n, n})
	})
}

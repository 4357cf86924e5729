package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"usher/bot"
)

// guested is a meeting to which others come too.
func guested(m bot.Meeting, with string) bot.Meeting {
	m.With = with
	return m
}

func guests(t *testing.T, fresh Database) {
	tell(t, fresh, "a guest is blocked as the rep is, by a row that names the meeting", func(w world) {
		m := guested(meeting("m1", "asha", noon), "ben cleo")
		m.Buffer, m.Title = 10*time.Minute, "Beta × Acme"
		w.commits(with(turn("c1", 0), m))
		for _, rep := range []string{"asha", "ben", "cleo"} {
			w.taken(with(turn("c2", 0), meeting("m2", rep, noon.Add(30*time.Minute))))
			w.same(len(w.agenda(day(rep)).Blocked[rep]), 1)
		}
		rows, err := w.MeetingsOf(w.ctx, "ben", noon, noon.Add(time.Minute))
		w.must(err)
		if len(rows) != 1 || rows[0].Of != "m1" || rows[0].Title != m.Title || rows[0].With != m.With || rows[0].Rep != "ben" {
			w.Errorf("%+v", rows)
		}
	})
	tell(t, fresh, "where one guest is not free nobody's time is taken", func(w world) {
		w.commits(with(turn("c2", 0), meeting("m2", "cleo", noon)))
		w.taken(with(turn("c1", 0), guested(meeting("m1", "asha", noon), "ben cleo")))
		w.commits(with(turn("c3", 0), meeting("m3", "asha", noon), meeting("m4", "ben", noon)))
	})
	tell(t, fresh, "a hold blocks its guests until it expires, and becomes a meeting with other ones", func(w world) {
		w.commits(with(turn("c1", 0), guested(hold("m1", "asha", noon), "ben")))
		w.taken(with(turn("c2", 0), meeting("m2", "ben", noon)))
		w.commits(with(turn("c1", 1), guested(meeting("m1", "asha", noon), "cleo")))
		w.commits(with(turn("c2", 0), meeting("m2", "ben", noon)))
		w.taken(with(turn("c3", 0), meeting("m3", "cleo", noon)))
		w.commits(with(turn("c4", 0), guested(hold("m4", "dan", noon), "eve")))
		late := with(turn("c5", 0), meeting("m5", "eve", noon))
		late.Now = noon.Add(heldFor)
		w.commits(late)
	})
	for _, status := range []string{bot.Cancelled, bot.Dropped} {
		tell(t, fresh, "a meeting that is "+status+" frees its guests, whether it names them or not", func(w world) {
			for i, with2 := range []string{"ben", ""} {
				at := noon.Add(time.Duration(i) * time.Hour)
				uid := fmt.Sprint("m", i)
				w.commits(with(turn(uid, 0), guested(meeting(uid, "asha", at), "ben")))
				gone := guested(meeting(uid, "asha", at), with2)
				gone.Status = status
				w.commits(with(turn(uid, 1), gone))
				w.commits(with(turn("other"+uid, 0), meeting("other"+uid, "ben", at)))
			}
		})
	}
	tell(t, fresh, "the guests of a hold that is pushed out are free", func(w world) {
		for i := range 3 {
			t := with(turn("c1", int64(i)), guested(hold(fmt.Sprint("m", i), "asha", noon.Add(time.Duration(i)*time.Hour)), "ben"))
			t.Now = noon.Add(time.Duration(i) * time.Second)
			w.commits(t)
		}
		w.status("m0", bot.Dropped)
		w.status("m1", bot.Held)
		w.commits(with(turn("c2", 0), meeting("m3", "ben", noon)))
		w.taken(with(turn("c2", 1), meeting("m4", "ben", noon.Add(time.Hour))))
	})
	tell(t, fresh, "meetings that want each other's reps in every order do not wait for each other", func(w world) {
		reps := []string{"asha", "ben", "cleo", "dan"}
		var all sync.WaitGroup
		began := time.Now()
		for i := range 48 {
			all.Go(func() {
				at := noon.Add(time.Duration(i%3) * 15 * time.Minute)
				m := guested(meeting(fmt.Sprint("m", i), reps[i%4], at), reps[(i+1)%4]+" "+reps[(i+2+i%2)%4])
				w.wonOrTaken(with(turn(fmt.Sprint("c", i), 0), m))
			})
		}
		all.Wait()
		if took := time.Since(began); took > 10*time.Second {
			w.Errorf("they took %v", took)
		}
		w.apart(reps...)
	})
	tell(t, fresh, "of many pairs of a rep and a guest for one time as many win as there are guests", func(w world) {
		var all sync.WaitGroup
		won := make(chan int, 64)
		for i := range cap(won) {
			all.Go(func() {
				for g := range 2 {
					m := guested(meeting(fmt.Sprint("m", i), fmt.Sprint("rep", i%8), noon), fmt.Sprint("guest", (i+g)%2))
					if w.wonOrTaken(with(turn(fmt.Sprint("c", i), 0), m)) {
						won <- i
						return
					}
				}
			})
		}
		all.Wait()
		w.same(len(won), 2)
	})
}

// apart fails the test if two blocking rows of a rep overlap.
func (w world) apart(reps ...string) {
	w.Helper()
	for rep, blocked := range w.agenda(day(reps...)).Blocked {
		for i := 1; i < len(blocked); i++ {
			if blocked[i].Start.Before(blocked[i-1].End) {
				w.Errorf("%s is to be at two meetings at once: %v", rep, blocked)
			}
		}
	}
}

func rescheduled(t *testing.T, fresh Database) {
	at := func(hours int) time.Time { return noon.Add(time.Duration(hours) * time.Hour) }
	moved := func(uid, rep string, start time.Time) bot.Meeting {
		m := meeting(uid, rep, start)
		m.Sequence = 1
		return m
	}
	tell(t, fresh, "the old time of a meeting and of its guests is free once it has another", func(w world) {
		w.commits(with(turn("c1", 0), guested(meeting("m1", "asha", noon), "ben cleo")))
		w.commits(with(turn("c1", 1), guested(moved("m1", "asha", at(2)), "cleo dan")))
		w.commits(with(turn("c2", 0), meeting("m2", "asha", noon), meeting("m3", "ben", noon), meeting("m4", "cleo", noon), meeting("m5", "ben", at(2))))
		for _, rep := range []string{"asha", "cleo", "dan"} {
			w.taken(with(turn("c3", 0), meeting("m6", rep, at(2))))
		}
		got, err := w.Meeting(w.ctx, "m1")
		w.must(err)
		w.same([]any{got.Start, got.Sequence, got.With}, []any{at(2), 1, "cleo dan"})
	})
	tell(t, fresh, "a meeting is not in its own way, nor are its guests, whoever is the guest then", func(w world) {
		w.commits(with(turn("c1", 0), guested(meeting("m1", "asha", noon), "ben")))
		w.commits(with(turn("c1", 1), guested(moved("m1", "ben", noon.Add(15*time.Minute)), "asha")))
	})
	tell(t, fresh, "an agenda leaves the meeting out that is to be at another time, for its rep and its guests", func(w world) {
		w.commits(with(turn("c1", 0), guested(meeting("m1", "asha", noon), "ben"), meeting("m2", "asha", at(1)), meeting("m3", "ben", at(1))))
		q := day("asha", "ben")
		q.Instead = "m1"
		a := w.agenda(q)
		w.same(a.Booked, map[string][]time.Time{"asha": {at(1)}, "ben": {at(1)}})
		w.same(len(a.Blocked["asha"])+len(a.Blocked["ben"]), 2)
	})
	tell(t, fresh, "where the other time is taken the meeting stays where it was", func(w world) {
		w.commits(with(turn("c1", 0), guested(meeting("m1", "asha", noon), "ben")))
		w.commits(with(turn("c2", 0), meeting("m2", "ben", at(2))))
		w.taken(with(turn("c1", 1), guested(moved("m1", "asha", at(2)), "ben")))
		w.taken(with(turn("c3", 0), meeting("m3", "asha", noon)))
		w.taken(with(turn("c3", 0), meeting("m3", "ben", noon)))
	})
	tell(t, fresh, "of a meeting that moves to a time and visitors who book it one wins", func(w world) {
		for round := range 8 {
			from, to := at(3*round), at(3*round+1)
			uid := fmt.Sprint("old", round)
			w.commits(with(turn(uid, 0), guested(meeting(uid, "asha", from), "ben")))
			won := make(chan string, 16)
			var all sync.WaitGroup
			all.Go(func() {
				if w.wonOrTaken(with(turn(uid, 1), guested(moved(uid, "asha", to), "ben"))) {
					won <- uid
				}
			})
			for i := range cap(won) - 1 {
				all.Go(func() {
					id := fmt.Sprintf("new%d-%d", round, i)
					if w.wonOrTaken(with(turn(id, 0), meeting(id, []string{"asha", "ben"}[i%2], to))) {
						won <- id
					}
				})
			}
			all.Wait()
			first := <-won
			if got, err := w.Meeting(w.ctx, uid); err != nil || got.Start.Equal(to) != (first == uid) {
				w.Errorf("%s won, and the meeting is at %v, %v", first, got.Start, err)
			}
			w.same(len(won) == 0 || first != uid, true)
		}
		w.apart("asha", "ben")
	})
	tell(t, fresh, "meetings that change places do not wait for each other", func(w world) {
		began := time.Now()
		for round := range 6 {
			reps := []string{"asha", "ben"}
			uids := []string{fmt.Sprint("x", round), fmt.Sprint("y", round)}
			for i, uid := range uids {
				w.commits(with(turn(uid, 0), meeting(uid, reps[i], at(round))))
			}
			var all sync.WaitGroup
			for i, uid := range uids {
				all.Go(func() { w.wonOrTaken(with(turn(uid, 1), moved(uid, reps[1-i], at(round)))) })
			}
			all.Wait()
		}
		if took := time.Since(began); took > 5*time.Second {
			w.Errorf("they took %v", took)
		}
	})
}

func meetingsOf(t *testing.T, fresh Database) {
	tell(t, fresh, "confirmed and cancelled ones are told by their start, also where the rep is a guest", func(w world) {
		off, gone := meeting("off", "asha", noon.Add(time.Hour)), meeting("gone", "asha", noon.Add(2*time.Hour))
		off.Status, gone.Status = bot.Cancelled, bot.Dropped
		w.commits(with(turn("c1", 0), hold("hold", "asha", noon.Add(3*time.Hour)), off, gone, meeting("m1", "asha", noon)))
		w.commits(with(turn("c2", 0), guested(meeting("m2", "ben", noon.Add(4*time.Hour)), "asha"), meeting("other", "ben", noon)))
		got, err := w.MeetingsOf(w.ctx, "asha", noon.Add(-time.Hour), noon.Add(5*time.Hour))
		w.must(err)
		var told []string
		for _, m := range got {
			told = append(told, m.Status+" "+m.UID+m.Of)
		}
		w.same(told, []string{"confirmed m1", "cancelled off", "confirmed m2.asham2"})
	})
	tell(t, fresh, "only what touches the asked time is told, half open", func(w world) {
		w.commits(with(turn("c1", 0), meeting("m1", "asha", noon)))
		for _, c := range []struct {
			from, to time.Duration
			n        int
		}{{-time.Hour, 0, 0}, {-time.Hour, time.Microsecond, 1}, {29 * time.Minute, time.Hour, 1}, {30 * time.Minute, time.Hour, 0}} {
			got, err := w.MeetingsOf(w.ctx, "asha", noon.Add(c.from), noon.Add(c.to))
			if err != nil || len(got) != c.n {
				w.Errorf("%v to %v: %+v, %v", c.from, c.to, got, err)
			}
		}
	})
	tell(t, fresh, "nobody has no meetings", func(w world) {
		got, err := w.MeetingsOf(w.ctx, "asha", noon, noon.Add(time.Hour))
		if len(got) != 0 || errors.Is(err, bot.ErrNotFound) {
			w.Error(got, err)
		}
	})
}

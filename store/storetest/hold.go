package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"usher/bot"
)

func holds(t *testing.T, fresh Database) {
	tell(t, fresh, "a second visitor cannot take a held slot", func(w world) {
		w.commits(with(turn("c1", 0), hold("m1", "asha", noon)))
		w.taken(with(turn("c2", 0), hold("m2", "asha", noon)))
		w.taken(with(turn("c2", 0), meeting("m2", "asha", noon)))
	})
	tell(t, fresh, "a hold becomes the meeting of its own conversation", func(w world) {
		w.commits(with(turn("c1", 0), hold("m1", "asha", noon)))
		w.commits(with(turn("c1", 1), meeting("m1", "asha", noon)))
		got, err := w.Meeting(w.ctx, "m1")
		w.must(err)
		w.same(got.Status, bot.Confirmed)
	})
	tell(t, fresh, "a conversation's own hold is not in the way of another time it chooses", func(w world) {
		w.commits(with(turn("c1", 0), hold("m1", "asha", noon)))
		w.commits(with(turn("c1", 1), meeting("m2", "asha", noon.Add(15*time.Minute))))
		w.commits(with(turn("c2", 0), meeting("m3", "asha", noon.Add(-15*time.Minute))))
	})
	tell(t, fresh, "a conversation's own hold elsewhere stays when it chooses another time", func(w world) {
		w.commits(with(turn("c1", 0), hold("m1", "asha", noon), hold("m2", "ben", noon)))
		w.commits(with(turn("c1", 1), meeting("m3", "asha", noon.Add(30*time.Minute))))
		w.status("m1", bot.Held)
		w.status("m2", bot.Held)
	})
	tell(t, fresh, "an expired hold does not block, to the microsecond", func(w world) {
		w.commits(with(turn("c1", 0), hold("m1", "asha", noon)))
		early, late := with(turn("c2", 0), meeting("m2", "asha", noon)), with(turn("c2", 0), meeting("m2", "asha", noon))
		early.Now = noon.Add(heldFor - time.Microsecond)
		w.taken(early)
		late.Now = noon.Add(heldFor)
		w.commits(late)
	})
	tell(t, fresh, "an expired hold still becomes a meeting when nobody took the time", func(w world) {
		w.commits(with(turn("c1", 0), hold("m1", "asha", noon)))
		t := with(turn("c1", 1), meeting("m1", "asha", noon))
		t.Now = noon.Add(time.Hour)
		w.commits(t)
	})
	tell(t, fresh, "an expired hold is taken when somebody took the time", func(w world) {
		w.commits(with(turn("c1", 0), hold("m1", "asha", noon)))
		other, late := with(turn("c2", 0), meeting("m2", "asha", noon)), with(turn("c1", 1), meeting("m1", "asha", noon))
		other.Now, late.Now = noon.Add(time.Hour), noon.Add(time.Hour)
		w.commits(other)
		w.taken(late)
	})
	tell(t, fresh, "a third hold drops the visitor's oldest", func(w world) {
		for i := range 3 {
			t := with(turn("c1", int64(i)), hold(fmt.Sprint("m", i), "asha", noon.Add(time.Duration(i)*time.Hour)))
			t.Now = noon.Add(time.Duration(i) * time.Second)
			w.commits(t)
		}
		w.status("m0", bot.Dropped)
		w.status("m1", bot.Held)
		w.status("m2", bot.Held)
		w.commits(with(turn("c2", 0), meeting("m3", "asha", noon)))
	})
	tell(t, fresh, "a hold that is renewed pushes nothing out", func(w world) {
		w.commits(with(turn("c1", 0), hold("m1", "asha", noon), hold("m2", "ben", noon)))
		w.commits(with(turn("c1", 1), hold("m2", "ben", noon)))
		w.status("m1", bot.Held)
	})
	tell(t, fresh, "meetings, expired holds and others' holds do not count as the visitor's", func(w world) {
		w.commits(with(turn("c1", 0), meeting("m1", "asha", noon), meeting("m2", "asha", noon.Add(time.Hour)), hold("m3", "ben", noon)))
		w.commits(with(turn("c2", 0), hold("m4", "cleo", noon)))
		expired := with(turn("c1", 1), hold("m5", "ben", noon.Add(time.Hour)))
		expired.Meetings[0].Expires = noon
		w.commits(expired)
		w.commits(with(turn("c1", 2), hold("m6", "ben", noon.Add(2*time.Hour))))
		w.status("m3", bot.Held)
		w.status("m4", bot.Held)
		w.status("m1", bot.Confirmed)
	})
	tell(t, fresh, "a turn that is refused drops no hold", func(w world) {
		w.commits(with(turn("c1", 0), hold("m1", "asha", noon), hold("m2", "ben", noon)))
		w.commits(with(turn("c2", 0), meeting("m3", "cleo", noon)))
		w.taken(with(turn("c1", 1), hold("m4", "cleo", noon)))
		w.status("m1", bot.Held)
	})
	tell(t, fresh, "a visitor with many tabs has two live holds at most", func(w world) {
		const tabs = 12
		var all sync.WaitGroup
		for i := range tabs {
			all.Go(func() {
				t := turn(fmt.Sprint("tab", i), 0)
				t.Conversation.Visitor = "one"
				w.commitsOrFails(with(t, hold(fmt.Sprint("m", i), "asha", noon.Add(time.Duration(i)*time.Hour))))
			})
		}
		all.Wait()
		live := 0
		for i := range tabs {
			m, err := w.Meeting(w.ctx, fmt.Sprint("m", i))
			w.must(err)
			if m.Status == bot.Held {
				live++
			}
		}
		w.same(live, bot.MaxHolds)
	})
}

// commitsOrFails is commits for a goroutine that is not the test's.
func (w world) commitsOrFails(t *bot.Turn) {
	if err := w.Commit(w.ctx, t); err != nil {
		w.Error(err)
	}
}

func (w world) status(uid, want string) {
	w.Helper()
	m, err := w.Meeting(w.ctx, uid)
	w.must(err)
	w.same(m.Status, want)
}

// races tells what happens when many want one time.
func races(t *testing.T, fresh Database) {
	for _, race := range []struct{ clients, reps int }{{64, 1}, {48, 5}} {
		tell(t, fresh, fmt.Sprintf("of %d clients for one slot of %d reps exactly %d win", race.clients, race.reps, race.reps), func(w world) {
			for round := range 4 {
				w.same(w.race(round, race.clients, race.reps), race.reps)
			}
		})
	}
	tell(t, fresh, "clients who want each other's times in opposite order do not wait for each other", func(w world) {
		var all sync.WaitGroup
		for i := range 24 {
			all.Go(func() {
				t := turn(fmt.Sprint("c", i), 0)
				reps := []string{"asha", "ben"}
				first, second := reps[i%2], reps[1-i%2]
				with(t, meeting(fmt.Sprint("a", i), first, noon), meeting(fmt.Sprint("b", i), second, noon))
				w.wonOrTaken(t)
			})
		}
		all.Wait()
	})
	tell(t, fresh, "a dead hold in the way of many is won by one", func(w world) {
		w.commits(with(turn("dead", 0), hold("dead", "asha", noon)))
		won := make(chan bool, 32)
		var all sync.WaitGroup
		for i := range cap(won) {
			all.Go(func() {
				t := with(turn(fmt.Sprint("c", i), 0), meeting(fmt.Sprint("m", i), "asha", noon))
				t.Now = noon.Add(time.Hour)
				if w.wonOrTaken(t) {
					won <- true
				}
			})
		}
		all.Wait()
		w.same(len(won), 1)
	})
}

// race lets every client try one rep after the other until it wins one or all are taken; it counts the winners.
func (w world) race(round, clients, reps int) int {
	won := make(chan int, clients)
	start := make(chan struct{})
	at := noon.Add(time.Duration(round) * time.Hour)
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			<-start
			for r := range reps {
				id := fmt.Sprintf("%d-%d", round, i)
				if w.wonOrTaken(with(turn(id, 0), meeting(id, fmt.Sprint("rep", (r+i)%reps), at))) {
					won <- i
					return
				}
			}
		})
	}
	close(start)
	all.Wait()
	return len(won)
}

// wonOrTaken commits a turn that may lose its time, and nothing else.
func (w world) wonOrTaken(t *bot.Turn) bool {
	err := w.Commit(w.ctx, t)
	var taken *bot.TakenError
	if err != nil && !errors.As(err, &taken) {
		w.Error(err)
	}
	return err == nil
}

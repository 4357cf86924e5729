package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"usher/bot"
)

// seated is a meeting of a kind that is had so many times on its day.
func seated(m bot.Meeting, seats int) bot.Meeting {
	m.Kind, m.Day, m.Seats = "demo/meet", m.Start.Format(time.DateOnly), seats
	return m
}

func seats(t *testing.T, fresh Database) {
	at := func(hours int) time.Time { return noon.Add(time.Duration(hours) * time.Hour) }
	tell(t, fresh, "a day has so many meetings of a kind and no more, whoever has them", func(w world) {
		w.commits(with(turn("c1", 0), seated(meeting("m1", "asha", noon), 2)))
		w.commits(with(turn("c2", 0), seated(hold("m2", "ben", at(1)), 2)))
		w.taken(with(turn("c3", 0), seated(meeting("m3", "cleo", at(2)), 2)))
		w.taken(with(turn("c3", 0), seated(hold("m3", "cleo", at(2)), 2)))
		w.commits(with(turn("c3", 0), seated(meeting("m3", "cleo", at(24)), 2)))
		other := seated(meeting("m4", "cleo", at(2)), 2)
		other.Kind = "demo/other"
		w.commits(with(turn("c4", 0), other))
		w.commits(with(turn("c5", 0), meeting("m5", "dan", at(2))))
	})
	tell(t, fresh, "the bound is the one of the meeting that is written", func(w world) {
		w.commits(with(turn("c1", 0), seated(meeting("m1", "asha", noon), 9), seated(meeting("m2", "ben", noon), 9)))
		w.taken(with(turn("c2", 0), seated(meeting("m3", "cleo", noon), 2)))
		w.commits(with(turn("c2", 0), seated(meeting("m3", "cleo", noon), 3)))
	})
	tell(t, fresh, "what is given back, cancelled, moved to another day or expired has no seat", func(w world) {
		w.commits(with(turn("c1", 0), seated(meeting("m1", "asha", noon), 1)))
		gone := seated(meeting("m1", "asha", noon), 1)
		gone.Status = bot.Cancelled
		w.commits(with(turn("c1", 1), gone))
		w.commits(with(turn("c2", 0), seated(meeting("m2", "ben", noon), 1)))
		moved := seated(meeting("m2", "ben", at(24)), 1)
		moved.Sequence = 1
		w.commits(with(turn("c2", 1), moved))
		w.commits(with(turn("c3", 0), seated(hold("m3", "cleo", noon), 1)))
		late := with(turn("c4", 0), seated(meeting("m4", "dan", noon), 1))
		w.taken(late)
		late.Now = noon.Add(heldFor)
		w.commits(late)
	})
	tell(t, fresh, "a meeting keeps its seat at another time of its day, and so does what a hold becomes", func(w world) {
		w.commits(with(turn("c1", 0), seated(hold("m1", "asha", noon), 1)))
		w.commits(with(turn("c1", 1), seated(meeting("m1", "asha", noon), 1)))
		moved := seated(meeting("m1", "ben", at(1)), 1)
		moved.Sequence = 1
		w.commits(with(turn("c1", 2), moved))
	})
	tell(t, fresh, "a conversation's own hold is not in the way of another seat, its meeting is", func(w world) {
		w.commits(with(turn("c1", 0), seated(hold("m1", "asha", noon), 1)))
		w.commits(with(turn("c1", 1), seated(meeting("m2", "asha", at(1)), 1)))
		w.taken(with(turn("c1", 2), seated(meeting("m1", "asha", noon), 1)))
	})
	tell(t, fresh, "an agenda counts the seats of its kind by day, as the turn that takes one does", func(w world) {
		gone := seated(meeting("m5", "eve", noon), 9)
		gone.Status = bot.Cancelled
		w.commits(with(turn("c1", 0), seated(hold("m1", "asha", noon), 9), seated(meeting("m2", "asha", at(1)), 9)))
		w.commits(with(turn("c2", 0), guested(seated(meeting("m3", "ben", noon), 9), "cleo"), seated(hold("m4", "dan", noon), 9), gone, seated(meeting("m6", "ben", at(24)), 9)))
		q := day()
		q.Kind = "demo/meet"
		w.same(w.agenda(q).Seats, map[string]map[string]int{q.Kind: {"2026-11-23": 3, "2026-11-24": 1}})
		q.Except, q.Instead, q.Reps = "", "m3", []string{"asha"}
		a := w.agenda(q)
		w.same(a.Seats[q.Kind]["2026-11-23"], 3)
		w.same(len(a.Blocked["asha"]), 2)
		q.Now = noon.Add(heldFor)
		w.same(w.agenda(q).Seats[q.Kind]["2026-11-23"], 1)
		q.Kind = "another/kind"
		w.same(w.agenda(q).Seats, map[string]map[string]int{q.Kind: {}})
	})
	tell(t, fresh, "guests take no seat of their own", func(w world) {
		w.commits(with(turn("c1", 0), guested(seated(meeting("m1", "asha", noon), 2), "ben cleo")))
		w.commits(with(turn("c2", 0), guested(seated(meeting("m2", "dan", noon), 2), "eve")))
		w.taken(with(turn("c3", 0), seated(meeting("m3", "fay", noon), 2)))
	})
	for _, c := range []struct{ clients, reps, seats int }{{64, 64, 1}, {64, 7, 5}, {48, 3, 9}} {
		tell(t, fresh, fmt.Sprintf("of %d clients for %d seats of a day with %d reps exactly %d win", c.clients, c.seats, c.reps, c.seats), func(w world) {
			w.same(w.rush(c.clients, c.reps, c.seats), c.seats)
		})
	}
	tell(t, fresh, "of clients for a day's seats, some of whom hold and some of whom come from another day, as many win", func(w world) {
		const clients, k = 36, 4
		for i := range clients {
			id := fmt.Sprint("c", i)
			switch i % 3 {
			case 0:
				w.commits(with(turn(id, 0), seated(meeting(id, fmt.Sprint("rep", i), at(24)), clients)))
			case 1:
				w.commits(with(turn(id, 0), hold(id, fmt.Sprint("rep", i), noon)))
			default:
				w.commits(turn(id, 0))
			}
		}
		won := make(chan bool, clients)
		var all sync.WaitGroup
		for i := range clients {
			all.Go(func() {
				id := fmt.Sprint("c", i)
				m := seated(meeting(id, fmt.Sprint("rep", i), noon), k)
				m.Sequence = (i%3 + 2) % 3 / 2
				if w.wonOrTaken(with(turn(id, 1), m)) {
					won <- true
				}
			})
		}
		all.Wait()
		w.same(len(won), k)
	})
}

// rush lets clients try one rep and time of a day after the other until they have a seat or the day is full.
func (w world) rush(clients, reps, seats int) int {
	won := make(chan int, clients)
	start := make(chan struct{})
	day := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			<-start
			id := fmt.Sprint("c", i)
			for try := range 12 {
				at := day.Add(time.Duration((i/reps+try)%12) * time.Hour)
				if w.wonOrTaken(with(turn(id, 0), seated(meeting(id, fmt.Sprint("rep", i%reps), at), seats))) {
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

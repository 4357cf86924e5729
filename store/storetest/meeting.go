package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"usher/bot"
)

func meetings(t *testing.T, fresh Database) {
	tell(t, fresh, "a meeting comes back as it was committed", func(w world) {
		m := meeting("m1", "asha", noon)
		m.Buffer, m.Sequence, m.Title, m.Place = 5*time.Minute, 2, "Beta × Acme", "https://meet.example"
		m.Attendee, m.Name, m.Timezone, m.CreatedAt = "ada@beta.example", "Ada", "Europe/London", noon.Add(-time.Second)
		m.Language, m.Phone, m.Kind, m.Seats, m.Day = "en-GB", "+442079460018", "demo/meet", 5, "2026-11-23"
		m.With, m.Made, m.Because, m.Clashed = "ben cleo", "google_meet", "it rained", true
		m.Answer, m.NoShow = bot.AnswerTentative, noon.Add(time.Hour)
		w.commits(with(turn("c1", 0), m))
		got, err := w.Meeting(w.ctx, "m1")
		w.must(err)
		m.Conversation, m.Visitor = "c1", "visitor of c1"
		if !reflect.DeepEqual(got, m) {
			w.Errorf("got  %+v\nwant %+v", got, m)
		}
		if _, err := w.Meeting(w.ctx, "m2"); !errors.Is(err, bot.ErrNotFound) {
			w.Error(err)
		}
	})
	overlaps(t, fresh)
	tell(t, fresh, "another rep is free at the same time", func(w world) {
		w.commits(with(turn("c1", 0), meeting("m1", "asha", noon), meeting("m2", "ben", noon)))
	})
	tell(t, fresh, "a turn cannot take one time twice", func(w world) {
		w.taken(with(turn("c1", 0), meeting("m1", "asha", noon), meeting("m2", "asha", noon)))
	})
	for _, status := range []string{bot.Cancelled, bot.Dropped} {
		tell(t, fresh, "a time that is "+status+" can be taken", func(w world) {
			w.commits(with(turn("c1", 0), meeting("m1", "asha", noon)))
			gone := meeting("m1", "asha", noon)
			gone.Status, gone.Sequence = status, 1
			w.commits(with(turn("c1", 1), gone))
			w.commits(with(turn("c2", 0), meeting("m2", "asha", noon)))
			got, err := w.Meeting(w.ctx, "m1")
			w.must(err)
			w.same([]any{got.Status, got.Sequence}, []any{status, 1})
			w.taken(with(turn("c1", 2), meeting("m1", "asha", noon)))
		})
	}
	tell(t, fresh, "a turn may give a time back and take it again", func(w world) {
		w.commits(with(turn("c1", 0), hold("m1", "asha", noon)))
		gone := hold("m1", "asha", noon)
		gone.Status = bot.Dropped
		w.commits(with(turn("c1", 1), meeting("m2", "asha", noon), gone))
	})
	tell(t, fresh, "a meeting may move over its own time, not over another's", func(w world) {
		w.commits(with(turn("c1", 0), meeting("m1", "asha", noon)))
		w.commits(with(turn("c2", 0), meeting("m2", "asha", noon.Add(time.Hour))))
		w.commits(with(turn("c1", 1), meeting("m1", "asha", noon.Add(10*time.Minute))))
		w.taken(with(turn("c1", 2), meeting("m1", "asha", noon.Add(50*time.Minute))))
		got, err := w.Meeting(w.ctx, "m1")
		w.must(err)
		w.same(got.Start, noon.Add(10*time.Minute))
	})
	tell(t, fresh, "a conversation cannot take over another's meeting by its UID", func(w world) {
		w.commits(with(turn("c1", 0), meeting("m1", "asha", noon)))
		w.taken(with(turn("c2", 0), meeting("m1", "asha", noon.Add(5*time.Hour))))
		got, err := w.Meeting(w.ctx, "m1")
		w.must(err)
		w.same(got.Conversation, "c1")
	})
	tell(t, fresh, "a meeting that ends before it starts is refused", func(w world) {
		m := meeting("m1", "asha", noon)
		m.End = m.Start
		if err := w.Commit(w.ctx, with(turn("c1", 0), m)); err == nil {
			w.Error("it was committed")
		}
	})
}

// overlaps walks a second meeting over a first of 30 minutes, each with its buffer, from before to after.
func overlaps(t *testing.T, fresh Database) {
	for _, buffer := range []time.Duration{0, 10 * time.Minute} {
		tell(t, fresh, fmt.Sprintf("times block each other exactly where they overlap, with buffers of %s", buffer), func(w world) {
			first := meeting("first", "asha", noon)
			first.Buffer = buffer
			w.commits(with(turn("first", 0), first))
			for i, shift := range []time.Duration{-60, -51, -50, -49, -31, -30, -29, 0, 29, 30, 31, 49, 50, 51, 60} {
				shift *= time.Minute
				m := meeting(fmt.Sprint(i), "asha", noon.Add(shift))
				m.Buffer = buffer
				c := turn(fmt.Sprint(i), 0)
				if shift.Abs() < 30*time.Minute+2*buffer {
					w.taken(with(c, m))
					continue
				}
				w.commits(with(c, m))
				gone := m
				gone.Status = bot.Cancelled
				w.commits(with(turn(fmt.Sprint(i), 1), gone))
			}
		})
	}
}

// taken fails the test unless the turn loses its time.
func (w world) taken(t *bot.Turn) {
	w.Helper()
	var taken *bot.TakenError
	if err := w.Commit(w.ctx, t); !errors.As(err, &taken) {
		w.Errorf("want a taken time, got %v", err)
	}
}

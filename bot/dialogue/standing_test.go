package dialogue_test

import (
	"testing"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

func TestAStandingIsTheScoreAndThenFades(t *testing.T) {
	m := load(t, map[string]string{"f.yaml": `
flow: f
title: F
languages: [en]
fields:
  seats: { type: number }
steps:
  - { id: size, ask: seats, say: How many? }
  - { id: done, end: nurture, say: Bye. }
score:
  - { if: seats > 10, points: 40, because: large, part: need }
  - { if: visited("/pricing*"), points: 30, because: price page, part: need, halves: 10d }
  - { if: seats > 10, points: -5, because: large, part: need }
  - { if: visited("/jobs"), points: -20, because: wants a job, halves: 1d }
caps: { need: 60 }
grades: { hot: 35, warm: 20, cold: 0 }
`}, "f")
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	c := dialogue.Conversation{}
	for _, in := range []dialogue.Input{
		dialogue.Started{Visit: flows.Visit{Page: "/pricing"}}, dialogue.Visited{Page: "/jobs"}, dialogue.Said{ID: "1", Text: "50"},
	} {
		var err error
		if c, _, err = m.Advance(c, in, at); err != nil {
			t.Fatal(err)
		}
		s := m.Standing(c)
		if r := s.At(at); r.Score != c.Score.Score || r.Grade != c.Score.Grade || len(r.Reasons) != len(c.Score.Reasons) {
			t.Fatalf("%+v stands, %+v is the score", r, c.Score)
		}
		at = at.Add(time.Hour)
	}
	s, then := m.Standing(c), at.Add(-time.Hour)
	for days, want := range map[int]float64{0: c.Score.Score, 10: c.Score.Score - 10, 1000: c.Score.Score - 25} {
		r := s.At(then.Add(time.Duration(days) * 24 * time.Hour))
		if d := r.Score - want; d > 0.2 || d < -0.2 {
			t.Errorf("%g after %d days, not %g", r.Score, days, want)
		}
	}
	if !s.Lowest("cold") || !s.Lowest("") || s.Lowest("warm") {
		t.Error("cold is the lowest grade")
	}
}

package dialogue_test

import (
	"math"
	"testing"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// addsUp says whether a receipt is one: its reasons make the score and its parts, and no part is above its cap.
func addsUp(t interface {
	Helper()
	Fatalf(string, ...any)
}, r dialogue.Receipt,
) {
	t.Helper()
	cents := func(f float64) int64 { return int64(math.Round(f * 100)) }
	var total int64
	parts := map[string]int64{}
	for _, reason := range r.Reasons {
		if float64(cents(reason.Points))/100 != reason.Points {
			t.Fatalf("points %v are not in hundredths", reason.Points)
		}
		total += cents(reason.Points)
		if reason.Part != "" {
			parts[reason.Part] += cents(reason.Points)
		}
	}
	if total != cents(r.Score) || float64(total)/100 != r.Score {
		t.Fatalf("reasons add up to %d, the score is %v: %+v", total, r.Score, r.Reasons)
	}
	if len(parts) != len(r.Parts) {
		t.Fatalf("parts %v, not %v", r.Parts, parts)
	}
	for part, sum := range parts {
		if cents(r.Parts[part]) != sum {
			t.Fatalf("part %s is %v, its reasons bring %d", part, r.Parts[part], sum)
		}
	}
}

func TestScore(t *testing.T) {
	m := func(t *testing.T) *dialogue.Machine { return load(t, acme, "book-a-demo") }
	t.Run("every rule that holds stands in the receipt, and the receipt adds up", func(t *testing.T) {
		c := begin(t, m(t), dialogue.Started{Visit: flows.Visit{Page: "/pricing", UTM: map[string]string{"source": "google"}}})
		c.choose("demo").say("250").say("$6000")
		r := c.c.Score
		addsUp(t, r)
		if r.Score != 85 || r.Grade != "hot" || len(r.Reasons) != 4 || r.Parts["need"] != 40 || r.Parts["budget"] != 30 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("nothing is added twice", func(t *testing.T) {
		c := begin(t, m(t), dialogue.Started{Visit: flows.Visit{Page: "/pricing"}})
		c.input(dialogue.Visited{Page: "/pricing"}).input(dialogue.Visited{Page: "/pricing"})
		if c.c.Score.Score != 10 {
			t.Fatalf("%+v", c.c.Score)
		}
	})
	t.Run("a part brings no more than its cap, and the receipt still adds up", func(t *testing.T) {
		c := begin(t, m(t), dialogue.Started{Visit: flows.Visit{Page: "/pricing"}}).input(dialogue.Visited{Page: "/docs/start"})
		r := c.c.Score
		addsUp(t, r)
		if r.Parts["interest"] != 20 || r.Reasons[0].Points != 10 || r.Reasons[1].Points != 10 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("points halve over the time since the latest matching view", func(t *testing.T) {
		pages := []flows.PageView{{Path: "/pricing", At: monday.Add(-60 * 24 * time.Hour)}, {Path: "/pricing/big", At: monday.Add(-14 * 24 * time.Hour)}}
		c := begin(t, m(t), dialogue.Started{Visit: flows.Visit{Pages: pages}})
		if c.c.Score.Score != 5 {
			t.Fatalf("%+v", c.c.Score)
		}
		c.wait(14 * 24 * time.Hour).input(dialogue.Visited{Page: "/"})
		if c.c.Score.Score != 2.5 {
			t.Fatalf("%+v", c.c.Score)
		}
		c.input(dialogue.Visited{Page: "/pricing"})
		if c.c.Score.Score != 10 {
			t.Fatalf("%+v", c.c.Score)
		}
	})
	t.Run("points halve over the time since the answer", func(t *testing.T) {
		c := begin(t, load(t, parts, "parts"), dialogue.Started{Known: map[string]flows.Value{"goal": {Type: flows.TypeChoice, Text: "demo"}}})
		if c.c.Score.Score != 20 {
			t.Fatalf("%+v", c.c.Score)
		}
		c.wait(2 * time.Hour).input(dialogue.Visited{Page: "/"})
		if c.c.Score.Score != 5 {
			t.Fatalf("%+v", c.c.Score)
		}
	})
}

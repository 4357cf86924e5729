package bot_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/bot"
	"usher/flows"
)

// zones are all that visitors' browsers name.
func zones(t *testing.T) (names []string) {
	t.Helper()
	text, err := os.ReadFile("dialogue/zones.txt")
	must(t, err)
	for line := range strings.Lines(string(text)) {
		if name := strings.Fields(line); len(name) > 0 && !strings.HasPrefix(name[0], "#") {
			names = append(names, name[0])
		}
	}
	if len(names) < 300 {
		t.Fatalf("%d zones", len(names))
	}
	return names
}

func TestNoLetterIsInTheQuietOrAboveTheLimit(t *testing.T) {
	names := zones(t)
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(names).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		from := rapid.IntRange(0, 1439).Draw(t, "from")
		quiet := flows.Span{From: from, To: (from + rapid.IntRange(0, flows.MaxQuiet).Draw(t, "length")) % 1440}
		limit := flows.LetterLimit{Letters: rapid.IntRange(1, 3).Draw(t, "limit"), Within: 7 * 24 * time.Hour}
		now := time.Date(rapid.IntRange(2024, 2030).Draw(t, "year"), 1, 1, 0, rapid.IntRange(0, 525_600).Draw(t, "minute"), 0, 0, time.UTC)
		sequences := make([]*bot.LetterPlan, rapid.IntRange(1, 3).Draw(t, "sequences"))
		for i := range sequences {
			sequences[i] = &bot.LetterPlan{Limit: limit, Quiet: quiet, Zone: zone, Began: now}
			for range rapid.IntRange(1, 6).Draw(t, "letters") {
				after := time.Duration(rapid.IntRange(0, 8*24*60).Draw(t, "after")) * time.Minute
				sequences[i].Letters = append(sequences[i].Letters, &flows.Letter{After: after})
			}
		}
		var sent []time.Time
		for {
			p, at := earliest(sequences, sent, now)
			if p == nil {
				break
			}
			now = at
			if rapid.IntRange(0, 9).Draw(t, "late") == 0 { // the server was away, and is there again at some hour
				now = now.Add(time.Duration(rapid.IntRange(0, 30*24*60).Draw(t, "away")) * time.Minute)
				continue
			}
			local := now.In(zone)
			if minute := local.Hour()*60 + local.Minute(); quietAt(quiet, minute) {
				t.Fatalf("a letter at %s, in the quiet %v", local, quiet)
			}
			sent = append(sent, now)
			p.Sent, p.SentAt = p.Sent+1, now
			if n := within(sent, now, limit.Within); n > limit.Letters {
				t.Fatalf("%d letters within %s up to %s", n, limit.Within, now)
			}
		}
	})
}

// earliest is the sequence whose letter is next, and when.
func earliest(all []*bot.LetterPlan, sent []time.Time, now time.Time) (first *bot.LetterPlan, at time.Time) {
	for _, p := range all {
		p.Received = sent
		if due, ok := p.Next(now); ok && (first == nil || due.Before(at)) {
			first, at = p, due
		}
	}
	return first, at
}

func quietAt(q flows.Span, minute int) bool {
	if q.From <= q.To {
		return q.From <= minute && minute < q.To
	}
	return minute >= q.From || minute < q.To
}

func within(sent []time.Time, now time.Time, d time.Duration) int {
	return len(slices.DeleteFunc(slices.Clone(sent), func(t time.Time) bool { return !t.After(now.Add(-d)) }))
}

func TestLettersKeepTheirHourWhenTheClocksChange(t *testing.T) {
	for _, c := range []struct{ zone, began, want string }{
		{"Europe/Berlin", "2026-10-24T10:00:00+02:00", "2026-10-26T10:00:00+01:00"},
		{"Europe/Berlin", "2026-03-28T10:00:00+01:00", "2026-03-30T10:00:00+02:00"},
		{"America/New_York", "2026-10-31T20:59:00-04:00", "2026-11-02T20:59:00-05:00"},
		{"America/New_York", "2026-10-31T21:00:00-04:00", "2026-11-03T08:00:00-05:00"},
		{"Asia/Kolkata", "2026-11-23T03:00:00+05:30", "2026-11-25T08:00:00+05:30"},
		{"Australia/Lord_Howe", "2026-04-04T12:15:00+11:00", "2026-04-06T12:15:00+10:30"},
	} {
		zone, err := time.LoadLocation(c.zone)
		must(t, err)
		began, err := time.Parse(time.RFC3339, c.began)
		must(t, err)
		p := bot.LetterPlan{
			Letters: []*flows.Letter{{After: 48 * time.Hour}}, Limit: flows.DefaultLetterLimit, Quiet: flows.DefaultQuiet, Zone: zone, Began: began,
		}
		if at, ok := p.Next(began); !ok || at.In(zone).Format(time.RFC3339) != c.want {
			t.Errorf("%s %s: %s, want %s", c.zone, c.began, at.In(zone), c.want)
		}
	}
}

func TestAMissedLetterGoesOnceAndTheNextKeepsItsDistance(t *testing.T) {
	began := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	p := bot.LetterPlan{Limit: flows.LetterLimit{Letters: 5, Within: time.Hour}, Zone: time.UTC, Began: began}
	for range 5 {
		p.Letters = append(p.Letters, &flows.Letter{After: 48 * time.Hour})
	}
	back := began.Add(30 * 24 * time.Hour)
	at, _ := p.Next(back)
	p.Sent, p.SentAt = 1, at
	second, _ := p.Next(back)
	if !at.Equal(back) || !second.Equal(back.Add(48*time.Hour)) {
		t.Errorf("the first at %s, the second at %s", at, second)
	}
}

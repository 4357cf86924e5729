package slots_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/bot/slots"
)

func TestThreeOffersDiffer(t *testing.T) {
	r := monday(t)
	l := zone(t, "Asia/Kolkata")
	r.Now = at(t, "2026-11-23T07:00:00+05:30")
	got := starts(slots.Offer(slots.Free(r, 0), slots.Choice{N: 3, Location: l}), l)
	if len(got) != 3 || got[0] != "Mon 09:30" || got[1] != "Mon 12:00" || got[2] != "Tue 09:30" {
		t.Errorf("%v: want the soonest, another part of the day, another day", got)
	}
}

func TestPartsOfTheDayAreTheVisitors(t *testing.T) {
	r := monday(t)
	l := zone(t, "Europe/London")
	r.Now = at(t, "2026-11-23T07:00:00+05:30")
	got := starts(slots.Offer(slots.Free(r, 0), slots.Choice{N: 3, Location: l}), l)
	// 09:30 to 17:30 in Kolkata is 04:00 to 12:00 in London.
	if len(got) != 3 || got[0] != "Mon 04:00" || got[1] != "Mon 12:00" || got[2] != "Tue 04:00" {
		t.Errorf("%v", got)
	}
}

func TestRefusedTimesAreNotOfferedAgain(t *testing.T) {
	free := slots.Free(monday(t), 0)
	first := slots.Offer(free, slots.Choice{N: 3})
	second := slots.Offer(free, slots.Choice{N: 3, Not: first})
	for _, a := range first {
		for _, b := range second {
			if a.Start.Equal(b.Start) {
				t.Errorf("%v is offered again", a.Start)
			}
		}
	}
	if len(second) != 3 {
		t.Errorf("%d offers are left", len(second))
	}
}

func TestAWishNarrows(t *testing.T) {
	l := zone(t, "Asia/Kolkata")
	got := starts(slots.Offer(slots.Free(monday(t), 0), slots.Choice{N: 3, Location: l, Fits: func(start time.Time) bool {
		return start.In(l).Weekday() == time.Tuesday && start.In(l).Hour() >= 15
	}}), l)
	// The third is on the Tuesday after.
	if len(got) != 3 || got[0] != "Tue 15:00" || got[1] != "Tue 17:00" || got[2] != "Tue 15:00" {
		t.Errorf("%v", got)
	}
	none := slots.Offer(slots.Free(monday(t), 0), slots.Choice{N: 3, Fits: func(time.Time) bool { return false }})
	if len(none) != 0 {
		t.Errorf("%v fits a wish that nothing fits", none)
	}
}

func TestOffersAreFreeDistinctAndInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		free := slots.Free(anyRequest(t), 0)
		n := rapid.IntRange(0, 6).Draw(t, "n")
		offer := slots.Offer(free, slots.Choice{N: n, Location: time.UTC})
		if len(offer) != min(n, len(free)) {
			t.Fatalf("%d offers of %d free times for %d", len(offer), len(free), n)
		}
		known := map[time.Time]bool{}
		for _, s := range free {
			known[s.Start] = true
		}
		for i, s := range offer {
			if !known[s.Start] || i > 0 && !s.Start.After(offer[i-1].Start) {
				t.Fatalf("%v of %v", s, offer)
			}
		}
		if n > 0 && len(free) > 0 && !offer[0].Start.Equal(free[0].Start) {
			t.Fatalf("the soonest %v is not offered", free[0])
		}
	})
}

package slots_test

import (
	"slices"
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
	// 09:30 to 17:30 in Kolkata is 04:00 to 12:00 in London, where nobody is up at four.
	if len(got) != 3 || got[0] != "Mon 08:00" || got[1] != "Mon 12:00" || got[2] != "Tue 08:00" {
		t.Errorf("%v", got)
	}
}

func TestNightsAreTheLastResort(t *testing.T) {
	l := zone(t, "America/New_York")
	r := monday(t)
	r.Now = at(t, "2026-11-23T07:00:00+05:30")
	// 09:30 to 17:30 in Kolkata is 23:00 to 07:00 in New York.
	if got := starts(slots.Offer(slots.Free(r, 0), slots.Choice{N: 3, Location: l}), l); len(got) != 3 || got[0] != "Sun 23:00" {
		t.Errorf("%v: want times at night where there are no others", got)
	}
}

func TestOtherTimesDifferFromTheRefusedOnes(t *testing.T) {
	r := monday(t)
	l := zone(t, "Asia/Kolkata")
	r.Now = at(t, "2026-11-23T07:00:00+05:30")
	free := slots.Free(r, 0)
	first := slots.Offer(free, slots.Choice{N: 3, Location: l})
	second := starts(slots.Offer(free, slots.Choice{N: 3, Location: l, Not: first}), l)
	if len(second) != 3 || second[0] != "Mon 17:00" {
		t.Errorf("%v after %v: want another part of the day, not half an hour later", second, starts(first, l))
	}
	for _, s := range second {
		if s == "Mon 10:00" || s == "Mon 12:30" || s == "Tue 10:00" {
			t.Errorf("%s is next to a refused time", s)
		}
	}
}

func TestPartsOfTheDayComeAgainWhenAllWereRefused(t *testing.T) {
	r := monday(t)
	l := zone(t, "Asia/Kolkata")
	r.Now = at(t, "2026-11-23T10:00:00+05:30")
	free := slots.Free(r, 0)
	first := slots.Offer(free, slots.Choice{N: 3, Location: l})
	if got := starts(first, l); len(got) != 3 || got[0] != "Mon 12:00" || got[1] != "Mon 17:00" || got[2] != "Tue 09:30" {
		t.Fatalf("%v", got)
	}
	second := starts(slots.Offer(free, slots.Choice{N: 3, Location: l, Not: first}), l)
	if len(second) != 3 || second[0] != "Tue 12:00" || second[1] != "Tue 17:00" || second[2] != "Sat 10:00" {
		t.Errorf("%v after %v: want the soonest that is new, another part of the day, another day", second, starts(first, l))
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
		var soonest []slots.Slot // by day, where there is such a time
		for _, s := range free {
			known[s.Start] = true
			if h := s.Start.UTC().Hour(); len(soonest) == 0 && h >= 8 && h < 21 {
				soonest = []slots.Slot{s}
			}
		}
		soonest = append(soonest, free...)
		for i, s := range offer {
			if !known[s.Start] || i > 0 && !s.Start.After(offer[i-1].Start) {
				t.Fatalf("%v of %v", s, offer)
			}
		}
		if n > 0 && len(free) > 0 && !slices.ContainsFunc(offer, func(s slots.Slot) bool { return s.Start.Equal(soonest[0].Start) }) {
			t.Fatalf("the soonest %v is not offered", soonest[0])
		}
	})
}

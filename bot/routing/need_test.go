package routing_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/bot/routing"
	"usher/flows"
)

func TestAVerdictSaysWhatWouldHaveToDiffer(t *testing.T) {
	had := func(n int64) routing.Share { return routing.Share{Count: n, Due: 2 * routing.Lead} }
	for want, c := range map[string]struct {
		change func(r *flows.Roster, q *routing.Request, s *routing.State)
	}{
		"3 leads fewer": {func(_ *flows.Roster, _ *routing.Request, s *routing.State) {
			s.Shares = map[routing.Queue]map[string]routing.Share{{Team: "crew"}: {"rep0": had(3), "rep1": had(1)}}
		}},
		"to be back": {func(_ *flows.Roster, _ *routing.Request, s *routing.State) { s.Away = map[string]bool{"rep0": true} }},
		"to be back from leave": {func(r *flows.Roster, _ *routing.Request, _ *routing.State) {
			day := flows.Date{Year: now.Year(), Month: now.Month(), Day: now.Day()}
			r.Reps[0].Away = []flows.DateRange{{From: day, To: day}}
		}},
		"a day that is no holiday": {func(r *flows.Roster, _ *routing.Request, _ *routing.State) {
			day := flows.Date{Year: now.Year(), Month: now.Month(), Day: now.Day()}
			r.Holidays = []flows.Date{day} // which the other works on
			r.Reps[1].Dates = []flows.DayHours{{DateRange: flows.DateRange{From: day, To: day}, Spans: []flows.Span{{From: 0, To: 1440}}}}
		}},
		"not to have passed this lead on": {func(_ *flows.Roster, q *routing.Request, _ *routing.State) { q.Not = []string{"rep0"} }},
		"2 open leads fewer": {func(r *flows.Roster, _ *routing.Request, s *routing.State) {
			r.Reps[0].Limits.Open, s.Open = 1, map[string]int{"rep0": 2}
		}},
		"a meeting fewer, or a higher limit": {func(r *flows.Roster, _ *routing.Request, s *routing.State) {
			r.Reps[0].Limits.Day, s.Booked = 1, map[string][]time.Time{"rep0": {now}}
		}},
		"a free time before Mon 23 Nov 07:30": {func(r *flows.Roster, q *routing.Request, s *routing.State) {
			r.Teams[0].Assign, q.Meet, s.Soonest = flows.AssignFirstFree, true, free(map[string]int{"rep0": 9, "rep1": 3})
		}},
		"2 meetings fewer": {func(r *flows.Roster, _ *routing.Request, s *routing.State) {
			r.Teams[0].Assign, s.Load = flows.AssignLeastBusy, map[string]int{"rep0": 3, "rep1": 1}
		}},
		"to stand before Rep1 in the team": {func(r *flows.Roster, _ *routing.Request, _ *routing.State) {
			r.Teams[0].Assign, r.Teams[0].Reps = flows.AssignInOrder, []*flows.Rep{r.Reps[1], r.Reps[0]}
		}},
		"a free time": {func(_ *flows.Roster, q *routing.Request, s *routing.State) {
			q.Meet, s.Soonest = true, free(map[string]int{"rep1": 3})
			s.Shares = map[routing.Queue]map[string]routing.Share{{Team: "crew"}: {"rep0": had(0), "rep1": had(4)}}
		}},
	} {
		t.Run(want, func(t *testing.T) {
			r, q, s := crew(1, 1), routing.Request{Key: "k", Now: now}, routing.State{}
			c.change(r, &q, &s)
			got := choose(t, r, q, s)
			if got.Rep != "rep1" {
				t.Fatalf("%+v", got)
			}
			for _, v := range got.Trace {
				if v.Rep == "rep0" && v.Need != want {
					t.Errorf("%s: needs %q", v.Because, v.Need)
				}
			}
		})
	}
}

func TestTheLeadsThatARepWouldNeedFewerMakeItTheirTurn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := crew(rapid.SliceOfN(rapid.IntRange(1, 5), 2, 6).Draw(t, "weights")...)
		l := ledger{}
		for i := range rapid.IntRange(0, 20).Draw(t, "leads") {
			l.give(t, r, fmt.Sprint("lead", i))
		}
		for _, v := range decide(t, r, l).Trace {
			if v.Taken {
				continue
			}
			var fewer int
			if v.Need == "another lead: ties go by the lead itself" {
				continue
			}
			if _, err := fmt.Sscanf(v.Need, "%d lead", &fewer); err != nil {
				if _, err := fmt.Sscanf(v.Need, "to be %d lead", &fewer); err != nil || int64(fewer) <= l[v.Rep].Count {
					t.Fatalf("%s with %d leads needs %q", v.Rep, l[v.Rep].Count, v.Need)
				}
			} else if int64(fewer) > l[v.Rep].Count {
				t.Fatalf("%s with %d leads needs %q", v.Rep, l[v.Rep].Count, v.Need)
			}
			for n, turn := range map[int]bool{fewer: true, fewer - 1: false} {
				other := maps.Clone(l)
				share := other[v.Rep]
				share.Count -= int64(n)
				other[v.Rep] = share
				if got := decide(t, r, other).Rep; (got == v.Rep) != turn {
					t.Fatalf("%s needs %q, with %d fewer %s has it: %+v", v.Rep, v.Need, n, got, l)
				}
			}
		}
	})
}

// decide says who gets a lead, and writes nothing down.
func decide(t interface{ Fatal(...any) }, r *flows.Roster, l ledger) routing.Choice {
	return maps.Clone(l).choose(t, r, "k")
}

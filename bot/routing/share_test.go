package routing_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"usher/bot/routing"
	"usher/flows"
)

// worst is the most that anybody is from what was due.
func (l ledger) worst() float64 {
	worst := 0.0
	for _, s := range l {
		worst = math.Max(worst, math.Abs(s.Behind()))
	}
	return worst
}

func TestWhoIsAwayMissesTurnsAndIsNotFloodedAfterwards(t *testing.T) {
	r, l := crew(1, 1, 1), ledger{}
	for n := range 99 {
		l.give(t, r, fmt.Sprint(n))
	}
	r.Reps[2].Away = []flows.DateRange{{From: flows.Date{Year: 2026, Month: 11, Day: 20}, To: flows.Date{Year: 2026, Month: 12, Day: 1}}}
	missed := 0
	for n := range 60 {
		c := l.choose(t, r, fmt.Sprint("away", n))
		for _, v := range c.Shared.Missed {
			if missed++; v.Rep != "rep2" || v.Because != "is away today" {
				t.Errorf("%+v", v)
			}
		}
	}
	if had := l["rep2"]; had.Count != 33 || math.Abs(had.Behind()) > 1e-6 || had.Missed/routing.Lead < 19 || missed != int(had.Missed/routing.Lead) {
		t.Fatalf("%+v, told of %d", had, missed)
	}
	r.Reps[2].Away = nil
	for n := range 30 {
		l.give(t, r, fmt.Sprint("back", n))
		if l.worst() > 1 {
			t.Fatalf("%d leads later: %+v", n, l)
		}
	}
	if had := l["rep2"].Count - 33; had != 10 {
		t.Errorf("who came back had %d of 30 leads", had)
	}
}

func TestANewRepIsNotFlooded(t *testing.T) {
	r, l := crew(2, 1), ledger{}
	for n := range 300 {
		l.give(t, r, fmt.Sprint(n))
	}
	more := crew(2, 1, 3)
	for n := range 60 {
		l.give(t, more, fmt.Sprint("later", n))
		if l.worst() > 1 {
			t.Fatalf("%d leads later: %+v", n, l)
		}
	}
	if had := l["rep2"].Count; had != 30 {
		t.Errorf("the new rep has half of the weight and had %d of 60 leads", had)
	}
}

// While who can serve changes with every lead, no rule that does not know the future keeps everybody within one lead.
// Within two is what this one is held to, by trying.
func TestSharesFollowWhatIsDueWhoeverCanServe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, l := crew(rapid.SliceOfN(rapid.IntRange(1, 5), 2, 8).Draw(t, "weights")...), ledger{}
		for n := range rapid.IntRange(1, 150).Draw(t, "leads") {
			away := rapid.SliceOfN(rapid.IntRange(0, len(r.Reps)-1), 0, len(r.Reps)-1).Draw(t, "away")
			l.give(t, r, fmt.Sprint(n), names(away)...)
			if l.worst() > 2 {
				t.Fatalf("after %d leads: %+v", n, l)
			}
		}
	})
}

func names(reps []int) (ids []string) {
	for _, i := range reps {
		ids = append(ids, fmt.Sprint("rep", i))
	}
	return ids
}

func TestEqualsOfAFirstFreeTeamAreSharedFairly(t *testing.T) {
	r, l := crew(2, 1, 1), ledger{}
	r.Teams[0].Assign = flows.AssignFirstFree
	s := routing.State{Soonest: free(map[string]int{"rep0": 3, "rep1": 3, "rep2": 5}), Shares: map[routing.Queue]map[string]routing.Share{{Team: "crew"}: l}}
	for n := range 90 {
		c := choose(t, r, routing.Request{Key: fmt.Sprint(n), Meet: true}, s)
		l.enter(c)
		if l.worst() > 1 {
			t.Fatalf("%+v", l)
		}
	}
	if l["rep0"].Count != 60 || l["rep1"].Count != 30 || l["rep2"].Count != 0 || l["rep2"].Due != 0 {
		t.Errorf("%+v", l)
	}
}

func TestAQueueIsOfOneRouteWhereTheTeamSaysSo(t *testing.T) {
	r := loaded(t)
	scope := &flows.Scope{Values: map[string]flows.Value{"country": {Type: flows.TypeCountry, Text: "IN"}, "team_size": {Type: flows.TypeNumber, Number: 250}}, Roster: r}
	for _, c := range []struct{ queue, named, want string }{
		{flows.QueueTeam, "", ""},
		{flows.QueueRoute, "", `country in ["IN", "BD"] and team_size >= 200`},
		{flows.QueueRoute, "enterprise", "a step"},
	} {
		r.Team("enterprise").Queue = c.queue
		got := choose(t, r, routing.Request{Key: "k", Team: c.named, Scope: scope}, routing.State{})
		if got.Shared.Queue != (routing.Queue{Team: "enterprise", Name: c.want}) {
			t.Errorf("%+v: %+v", c, got.Shared)
		}
	}
	r.Team("field-sales").Queue = flows.QueueRoute
	if q := routing.QueueOf(r, r.Team("field-sales"), len(r.Routes)-1); q.Name != "everything else" {
		t.Errorf("%+v", q)
	}
}

func TestALeadOfItsOwnerCountsWhereTheTeamSaysSo(t *testing.T) {
	r := crew(1, 1, 1)
	r.Routes = []*flows.Route{{To: flows.Owner}, {To: "crew"}}
	q := routing.Request{Key: "k", Scope: &flows.Scope{Owner: "rep1", Roster: r}}
	if got := choose(t, r, q, routing.State{}); got.Rep != "rep1" || got.Shared.Team != "" {
		t.Errorf("%+v", got)
	}
	r.Teams[0].OwnerCounts = true
	got := choose(t, r, q, routing.State{Away: map[string]bool{"rep2": true}})
	if got.Rep != "rep1" || got.Shared.Team != "crew" || fmt.Sprint(got.Shared.Among) != "map[rep0:1 rep1:1]" {
		t.Errorf("%+v", got)
	}
}

package routing_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"usher/bot/routing"
	"usher/flows"
)

var now = time.Date(2026, 11, 23, 4, 30, 0, 0, time.UTC) // a Monday, 10:00 in Kolkata

// house is a roster of asha and ben (enterprise) and cora (support).
func house() *flows.Roster {
	kolkata := time.FixedZone("IST", 5*3600+1800)
	asha := &flows.Rep{ID: "asha", Name: "Asha Rao", Location: kolkata, Weight: 2}
	ben := &flows.Rep{ID: "ben", Name: "Ben Ode", Location: time.UTC, Weight: 1}
	cora := &flows.Rep{ID: "cora", Name: "Cora Diaz", Location: time.UTC, Weight: 1}
	return &flows.Roster{
		Location: kolkata,
		Reps:     []*flows.Rep{asha, ben, cora},
		Teams: []*flows.Team{
			{ID: "enterprise", Reps: []*flows.Rep{asha, ben}, Assign: flows.AssignFair},
			{ID: "support", Reps: []*flows.Rep{cora}, Assign: flows.AssignFair},
		},
		Routes: []*flows.Route{{To: "enterprise"}, {To: "support"}},
	}
}

func choose(t *testing.T, r *flows.Roster, q routing.Request, s routing.State) routing.Choice {
	t.Helper()
	if q.Now.IsZero() {
		q.Now = now
	}
	c, err := routing.Choose(r, q, s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// free makes Soonest from the hours after which a rep is free; a rep who is not named has no time.
func free(hours map[string]int) func(string) (time.Time, bool) {
	return func(rep string) (time.Time, bool) {
		h, ok := hours[rep]
		return now.Add(time.Duration(h) * time.Hour), ok
	}
}

func want(t *testing.T, c routing.Choice, team, rep, because string) {
	t.Helper()
	if c.Team != team || c.Rep != rep || !strings.Contains(c.Because, because) {
		t.Errorf("%s/%s: %q, want %s/%s: %q", c.Team, c.Rep, c.Because, team, rep, because)
	}
}

func TestAFairShareIsToldInOneSentence(t *testing.T) {
	s := routing.State{Shares: map[routing.Queue]map[string]routing.Share{{Team: "enterprise"}: {"asha": {Count: 3}, "ben": {Count: 4}}}}
	c := choose(t, house(), routing.Request{Key: "k"}, s)
	want(t, c, "enterprise", "asha", "Enterprise team: takes what no other route does; Asha is next by fair share (3 of 7 leads, weight 2)")
	if c.Route != 0 {
		t.Errorf("route %d", c.Route)
	}
}

func TestTheOwnerGetsTheLeadIfFreeSoonEnough(t *testing.T) {
	r := house()
	r.Routes = append([]*flows.Route{{To: flows.Owner, Within: 48 * time.Hour}}, r.Routes...)
	q := routing.Request{Key: "k", Meet: true, Scope: &flows.Scope{Owner: "ben"}}
	c := choose(t, r, q, routing.State{Soonest: free(map[string]int{"asha": 2, "ben": 48, "cora": 2})})
	want(t, c, "", "ben", "Ben Ode: already has this lead")
	c = choose(t, r, q, routing.State{Soonest: free(map[string]int{"asha": 2, "ben": 49, "cora": 2})})
	want(t, c, "enterprise", "asha", "Asha")
	if !strings.Contains(c.Trace[0].Because, "later than the route waits") {
		t.Errorf("%+v", c.Trace[0])
	}
	q.Scope.Owner = "gone"
	c = choose(t, r, q, routing.State{Soonest: free(map[string]int{"asha": 2})})
	want(t, c, "enterprise", "asha", "Asha")
	q.Scope.Owner = ""
	c = choose(t, r, q, routing.State{Soonest: free(map[string]int{"asha": 2})})
	want(t, c, "enterprise", "asha", "Asha")
}

func TestARouteThatCannotServeGivesWayToTheNext(t *testing.T) {
	c := choose(t, house(), routing.Request{Key: "k", Meet: true}, routing.State{Soonest: free(map[string]int{"cora": 5})})
	want(t, c, "support", "cora", "Cora is the only one in the team")
	c = choose(t, house(), routing.Request{Key: "k", Not: []string{"asha", "ben"}}, routing.State{})
	want(t, c, "support", "cora", "")
	c = choose(t, house(), routing.Request{Key: "k"}, routing.State{Away: map[string]bool{"asha": true, "ben": true}})
	want(t, c, "support", "cora", "")
}

func TestARouteMayNameARep(t *testing.T) {
	r := house()
	r.Routes = []*flows.Route{{To: "ben"}, {To: "support"}}
	want(t, choose(t, r, routing.Request{}, routing.State{}), "", "ben", "the lead goes to Ben directly")
}

func TestAStepMayNameItsTeam(t *testing.T) {
	c := choose(t, house(), routing.Request{Key: "k", Team: "support"}, routing.State{})
	want(t, c, "support", "cora", "Support team: named by the step")
	if c.Route != -1 {
		t.Errorf("route %d", c.Route)
	}
	want(t, choose(t, house(), routing.Request{Team: "ben"}, routing.State{}), "", "ben", "named by the step")
	want(t, choose(t, house(), routing.Request{Team: "nobody"}, routing.State{}), "support", "cora", "fallback")
	c = choose(t, house(), routing.Request{Team: "enterprise", Meet: true}, routing.State{Soonest: free(map[string]int{"cora": 1})})
	want(t, c, "support", "cora", "fallback, as no route could serve")
}

func TestNoLeadIsLeftWithoutARep(t *testing.T) {
	none := routing.State{Soonest: free(nil)}
	c := choose(t, house(), routing.Request{Key: "k", Meet: true}, none)
	want(t, c, "support", "cora", "although nobody there has a free time")
	c = choose(t, house(), routing.Request{Key: "k", Meet: true, Team: "enterprise", Not: []string{"asha"}}, none)
	want(t, c, "enterprise", "ben", "although nobody there has a free time")
	c = choose(t, house(), routing.Request{Not: []string{"asha", "ben", "cora"}}, routing.State{})
	want(t, c, "support", "cora", "although nobody there takes leads now")
	r := house()
	r.Routes = nil
	want(t, choose(t, r, routing.Request{}, routing.State{}), "", "asha", "fallback")
	r.Routes = []*flows.Route{{To: flows.Owner}}
	want(t, choose(t, r, routing.Request{Not: []string{"asha"}}, routing.State{}), "", "ben", "fallback")
	if _, err := routing.Choose(&flows.Roster{}, routing.Request{}, routing.State{}); !errors.Is(err, routing.ErrNobody) {
		t.Errorf("an empty roster: %v", err)
	}
}

func TestWhoIsAwayOrFullTodayIsPassedOver(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*flows.Rep, *routing.State)
		reason string
	}{
		"announced": {func(_ *flows.Rep, s *routing.State) { s.Away = map[string]bool{"asha": true} }, "is away now"},
		"written": {func(r *flows.Rep, _ *routing.State) {
			r.Away = []flows.DateRange{{From: flows.Date{Year: 2026, Month: 11, Day: 20}, To: flows.Date{Year: 2026, Month: 11, Day: 23}}}
		}, "is away today"},
		"day limit": {func(r *flows.Rep, s *routing.State) {
			r.Limits.Day = 1
			s.Booked = map[string][]time.Time{"asha": {now.Add(5 * time.Hour)}}
		}, "has 1 of 1 meetings of the day"},
		"week limit": {func(r *flows.Rep, s *routing.State) {
			r.Limits.Week = 2
			s.Booked = map[string][]time.Time{"asha": {now.Add(25 * time.Hour), now.Add(6 * 24 * time.Hour)}}
		}, "has 2 of 2 meetings of the week"},
	} {
		t.Run(name, func(t *testing.T) {
			r := house()
			s := routing.State{Soonest: free(map[string]int{"asha": 1, "ben": 2, "cora": 3})}
			c.change(r.Reps[0], &s)
			got := choose(t, r, routing.Request{Meet: true}, s)
			want(t, got, "enterprise", "ben", "")
			r.Teams[0].Reps = r.Teams[0].Reps[:1]
			got = choose(t, r, routing.Request{Meet: true}, s)
			want(t, got, "enterprise", "asha", c.reason+", but has a free time")
			got = choose(t, r, routing.Request{}, s)
			want(t, got, "support", "cora", "")
		})
	}
}

func TestALimitOfAnotherWeekDoesNotCount(t *testing.T) {
	r := house()
	r.Reps[0].Limits = flows.Limits{Day: 1, Week: 1}
	s := routing.State{Booked: map[string][]time.Time{"asha": {now.Add(-24 * time.Hour), now.Add(7 * 24 * time.Hour)}}}
	want(t, choose(t, r, routing.Request{}, s), "enterprise", "asha", "")
}

func TestFirstFreeIsTheSoonest(t *testing.T) {
	r := house()
	r.Teams[0].Assign = flows.AssignFirstFree
	s := routing.State{Soonest: free(map[string]int{"asha": 4, "ben": 3})}
	want(t, choose(t, r, routing.Request{Meet: true}, s), "enterprise", "ben", "Ben is free soonest, Mon 23 Nov 07:30")
	s.Soonest = free(map[string]int{"asha": 3, "ben": 3})
	s.Shares = map[routing.Queue]map[string]routing.Share{{Team: "enterprise"}: {"asha": {Count: 9}, "ben": {Count: 1}}}
	want(t, choose(t, r, routing.Request{Meet: true}, s), "enterprise", "ben", "free soonest")
	s.Shares[routing.Queue{Team: "enterprise"}]["ben"] = routing.Share{Count: 9}
	want(t, choose(t, r, routing.Request{Meet: true}, s), "enterprise", "asha", "free soonest")
}

func TestLeastBusyHasTheFewestMeetingsAhead(t *testing.T) {
	r := house()
	r.Teams[0].Assign = flows.AssignLeastBusy
	s := routing.State{Load: map[string]int{"asha": 3, "ben": 2}}
	want(t, choose(t, r, routing.Request{}, s), "enterprise", "ben", "Ben has the fewest meetings ahead (2)")
}

func TestInOrderIsTheFirstWhoCan(t *testing.T) {
	r := house()
	r.Teams[0].Assign = flows.AssignInOrder
	s := routing.State{Shares: map[routing.Queue]map[string]routing.Share{{Team: "enterprise"}: {"asha": {Count: 99}}}}
	want(t, choose(t, r, routing.Request{}, s), "enterprise", "asha", "Asha is first in order")
	s.Soonest = free(map[string]int{"ben": 3})
	want(t, choose(t, r, routing.Request{Meet: true}, s), "enterprise", "ben", "")
}

func TestALeadThatComesAgainKeepsItsRep(t *testing.T) {
	s := routing.State{Shares: map[routing.Queue]map[string]routing.Share{{Team: "enterprise"}: {"asha": {Count: 0}, "ben": {Count: 9}}}}
	want(t, choose(t, house(), routing.Request{Keep: "ben"}, s), "enterprise", "ben", "Ben keeps the lead")
	want(t, choose(t, house(), routing.Request{Keep: "cora"}, s), "enterprise", "asha", "fair share")
	want(t, choose(t, house(), routing.Request{Keep: "ben", Not: []string{"ben"}}, s), "enterprise", "asha", "fair share")
}

func TestTimesAreAskedOnlyWhereTheChoiceDependsOnThem(t *testing.T) {
	asked := map[string]int{}
	s := routing.State{Soonest: func(rep string) (time.Time, bool) { asked[rep]++; return now, true }}
	choose(t, house(), routing.Request{Key: "k", Meet: true}, s)
	if asked["asha"]+asked["ben"] != 1 || asked["cora"] != 0 {
		t.Errorf("asked %v for a fair team", asked)
	}
	clear(asked)
	choose(t, house(), routing.Request{Key: "k"}, s)
	if len(asked) != 0 {
		t.Errorf("asked %v although no meeting follows", asked)
	}
	clear(asked)
	r := house()
	r.Teams[0].Assign = flows.AssignFirstFree
	choose(t, r, routing.Request{Key: "k", Meet: true}, s)
	if asked["asha"] != 1 || asked["ben"] != 1 {
		t.Errorf("asked %v for a team that gives to the first free", asked)
	}
}

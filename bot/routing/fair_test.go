package routing_test

import (
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/bot/routing"
	"usher/flows"
)

// crew is a roster of one fair team with these weights.
func crew(weights ...int) *flows.Roster {
	r := &flows.Roster{Location: time.UTC}
	for i, w := range weights {
		r.Reps = append(r.Reps, &flows.Rep{ID: fmt.Sprint("rep", i), Name: fmt.Sprint("Rep", i), Weight: w, Location: time.UTC})
	}
	r.Teams = []*flows.Team{{ID: "crew", Reps: r.Reps, Assign: flows.AssignFair}}
	r.Routes = []*flows.Route{{To: "crew"}}
	return r
}

// ledger gives leads one after the other as the house would write them down.
type ledger map[string]routing.Share

func (l ledger) give(t interface{ Fatal(...any) }, r *flows.Roster, key string, not ...string) string {
	return l.choose(t, r, key, not...).Rep
}

func (l ledger) choose(t interface{ Fatal(...any) }, r *flows.Roster, key string, not ...string) routing.Choice {
	c, err := routing.Choose(r, routing.Request{Key: key, Now: now, Not: not}, routing.State{Shares: map[routing.Queue]map[string]routing.Share{{Team: "crew"}: l}})
	if err != nil {
		t.Fatal(err)
	}
	l.enter(c)
	return c
}

func (l ledger) enter(c routing.Choice) {
	for rep, part := range routing.Parts(c.Shared.Among) {
		share := l[rep]
		share.Due += part
		if rep == c.Rep {
			share.Count++
		}
		l[rep] = share
	}
	for rep, part := range c.Shared.Missing() {
		share := l[rep]
		share.Missed += part
		l[rep] = share
	}
}

func TestFairSharesStayWithinOneLeadOfWhatIsDue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.IntRange(0, 12), 1, 12).Draw(t, "weights")
		r, l, total := crew(weights...), ledger{}, 0.0
		for _, rep := range r.Reps {
			total += math.Max(1, float64(rep.Weight))
		}
		seed := rapid.String().Draw(t, "seed")
		for n := 1; n <= 200; n++ {
			l.give(t, r, fmt.Sprint(seed, n))
			for _, rep := range r.Reps {
				due := float64(n) * math.Max(1, float64(rep.Weight)) / total
				if had := float64(l[rep.ID].Count); math.Abs(had-due) > 1 {
					t.Fatalf("after %d leads %s had %v, due are %v of weights %v", n, rep.ID, had, due, weights)
				}
			}
		}
	})
}

func TestANewRepStartsLevel(t *testing.T) {
	r, l := crew(1, 1, 1), ledger{}
	for n := range 100 {
		l.give(t, r, fmt.Sprint(n), "rep2")
	}
	if l["rep2"].Count != 0 {
		t.Fatal(l)
	}
	had := 0
	for n := range 30 {
		if l.give(t, r, fmt.Sprint("later", n)) == "rep2" {
			had++
		}
	}
	if had < 9 || had > 11 {
		t.Errorf("the new rep had %d of 30 leads", had)
	}
}

func TestTiesAreUnbiasedAndRepeatable(t *testing.T) {
	r, had := crew(1, 1, 1, 1), map[string]int{}
	for n := range 4000 {
		key := fmt.Sprintf("conversation-%d", n)
		rep := ledger{}.give(t, r, key)
		if again := (ledger{}).give(t, r, key); again != rep {
			t.Fatalf("%s: %s, then %s", key, rep, again)
		}
		had[rep]++
	}
	for rep, n := range had {
		if n < 850 || n > 1150 {
			t.Errorf("%s won %d of 4000 ties", rep, n)
		}
	}
}

// Whatever the house is like, somebody gets the lead, the same one each time, and the trace says who was taken.
func TestEveryLeadHasARep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, q, s := anyHouse(t)
		c, err := routing.Choose(r, q, s)
		if err != nil {
			t.Fatal(err)
		}
		if c.Rep == "" || c.Because == "" {
			t.Fatalf("%+v", c)
		}
		taken := 0
		for _, v := range c.Trace {
			if v.Because == "" {
				t.Fatalf("%+v has no reason", v)
			}
			if v.Taken {
				taken++
				if v.Rep != c.Rep || v.Team != c.Team || v.Route != c.Route {
					t.Fatalf("%+v was taken, but the choice is %+v", v, c)
				}
			}
		}
		if taken != 1 {
			t.Fatalf("%d reps were taken: %+v", taken, c.Trace)
		}
		if again, _ := routing.Choose(r, q, s); !reflect.DeepEqual(c, again) {
			t.Fatalf("%+v, then %+v", c, again)
		}
	})
}

func anyHouse(t *rapid.T) (*flows.Roster, routing.Request, routing.State) {
	r := crew(rapid.SliceOfN(rapid.IntRange(0, 3), 1, 5).Draw(t, "weights")...)
	ids := []string{"crew", "other", "ghost", flows.Owner}
	hours, away, booked := map[string]int{}, map[string]bool{}, map[string][]time.Time{}
	for _, rep := range r.Reps {
		ids = append(ids, rep.ID)
		rep.Limits.Day = rapid.IntRange(0, 1).Draw(t, "limit")
		away[rep.ID] = rapid.Bool().Draw(t, "away")
		if rapid.Bool().Draw(t, "free") {
			hours[rep.ID] = rapid.IntRange(0, 100).Draw(t, "hours")
		}
		if rapid.Bool().Draw(t, "booked") {
			booked[rep.ID] = []time.Time{now}
		}
	}
	assign := rapid.SampledFrom([]string{flows.AssignFair, flows.AssignFirstFree, flows.AssignInOrder, flows.AssignLeastBusy})
	r.Teams[0].Assign = assign.Draw(t, "assign")
	r.Teams = append(r.Teams, &flows.Team{ID: "other", Reps: r.Reps[:rapid.IntRange(0, len(r.Reps)).Draw(t, "size")], Assign: assign.Draw(t, "assign")})
	id := rapid.SampledFrom(ids)
	r.Routes = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) *flows.Route {
		return &flows.Route{To: id.Draw(t, "to"), Within: time.Duration(rapid.IntRange(0, 80).Draw(t, "within")) * time.Hour}
	}), 0, 4).Draw(t, "routes")
	q := routing.Request{
		Key: rapid.String().Draw(t, "key"), Now: now, Meet: rapid.Bool().Draw(t, "meet"),
		Not: rapid.SliceOfN(id, 0, 4).Draw(t, "not"), Scope: &flows.Scope{Owner: id.Draw(t, "owner")},
	}
	if rapid.Bool().Draw(t, "named") {
		q.Team = id.Draw(t, "team")
	}
	s := routing.State{Away: away, Booked: booked, Load: map[string]int{"rep0": 2}}
	if rapid.Bool().Draw(t, "times are known") {
		s.Soonest = free(hours)
	}
	return r, q, s
}

package routing_test

import (
	"fmt"
	"testing"

	"usher/bot/routing"
	"usher/flows"
)

func TestRepsAreRankedByTheTeamsWayOfSharing(t *testing.T) {
	asha, ben, cora := &flows.Rep{ID: "asha"}, &flows.Rep{ID: "ben", Weight: 2}, &flows.Rep{ID: "cora"}
	reps := []*flows.Rep{asha, ben, cora}
	s := routing.State{
		Shares: map[routing.Queue]map[string]routing.Share{{Team: "sales"}: {"asha": {Count: 1}, "ben": {Count: 6}, "cora": {Count: 2}}},
		Load:   map[string]int{"asha": 2, "ben": 1, "cora": 2},
	}
	for _, c := range []struct{ assign, keep, want string }{
		{flows.AssignInOrder, "", "asha ben cora"},
		{flows.AssignInOrder, "cora", "cora asha ben"},
		{flows.AssignFair, "", "asha cora ben"},
		{flows.AssignFair, "ben", "ben asha cora"},
		{flows.AssignFirstFree, "", "asha cora ben"},
		{flows.AssignLeastBusy, "", "ben asha cora"},
		{flows.AssignFair, "nobody", "asha cora ben"},
	} {
		team := &flows.Team{ID: "sales", Reps: reps, Assign: c.assign}
		got := ""
		for _, rep := range routing.Ranked(routing.Request{Key: "c", Keep: c.keep}, s, team, reps) {
			got += " " + rep.ID
		}
		if got[1:] != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	none := &flows.Team{ID: "new", Reps: reps, Assign: flows.AssignFair}
	first := map[string]bool{}
	for i := range 40 {
		first[routing.Ranked(routing.Request{Key: fmt.Sprint(i)}, s, none, reps)[0].ID] = true
	}
	if len(first) != 1 || !first["ben"] {
		t.Errorf("of nobody's leads the first is due to %v, who has twice the weight", first)
	}
}

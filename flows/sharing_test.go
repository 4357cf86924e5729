package flows_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"usher/flows"
)

func TestATeamSaysWhatCounts(t *testing.T) {
	team := func(keys string) (*flows.Workspace, flows.Problems) {
		return flows.Load(fstest.MapFS{
			"bye.yaml":  {Data: []byte("flow: bye\ntitle: Bye\nlanguages: [en]\nsteps: [{ id: bye, end: nurture, say: Bye. }]\n")},
			"team.yaml": {Data: []byte("timezone: UTC\nreps: [{ id: asha, name: Asha }]\nteams: [{ id: sales, reps: [asha]" + keys + " }]\nroutes: [{ to: sales }]\n")},
		})
	}
	for keys, want := range map[string]string{
		"":                               "assigned [passed] false team",
		", counts: held, credit: []":     "held [] false team",
		", credit: [no_show, cancelled]": "assigned [no_show cancelled] false team",
		", owner_counts: yes":            "assigned [passed] true team",
		", owner_counts: true":           "assigned [passed] true team",
		", owner_counts: no":             "assigned [passed] false team",
		", counts: booked, queue: route": "booked [passed] false route",
	} {
		w, problems := team(keys)
		if w == nil {
			t.Errorf("%s: %v", keys, problems)
			continue
		}
		got := w.Roster.Teams[0]
		if said := fmt.Sprintf("%s %v %v %s", got.Counts, got.Credit, got.OwnerCounts, got.Queue); said != want {
			t.Errorf("%s: %s, want %s", keys, said, want)
		}
	}
	for keys, want := range map[string]string{
		", counts: hold":         `there is no counts "hold" (did you mean "held"?)`,
		", credit: [noshow]":     `there is no credit "noshow" (did you mean "no_show"?)`,
		", owner_counts: always": "yes or no",
		", queue: rout":          `there is no queue "rout" (did you mean "route"?)`,
	} {
		if w, problems := team(keys); w != nil || !strings.Contains(fmt.Sprint(problems), want) {
			t.Errorf("%s: %v", keys, problems)
		}
	}
}

package flows_test

import (
	"testing"
	"time"

	"usher/flows"
)

func TestVisitScope(t *testing.T) {
	t.Run("a visit is asked about on the visitor's clock, with the pages and hours there are", func(t *testing.T) {
		w, problems := flows.Load(flows.Example())
		if w == nil {
			t.Fatal(problems)
		}
		now := time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)
		s := flows.Visit{Page: "/pricing", Timezone: "Asia/Kolkata", Pages: []flows.PageView{{Path: "/"}, {Path: "/pricing"}}}.Scope(w.Roster, now)
		if s.Now.Hour() != 1 || s.Now.Weekday() != time.Tuesday || len(s.Pages) != 2 || s.Roster == nil {
			t.Errorf("%+v", s)
		}
		if s := (flows.Visit{Timezone: "Nowhere/Land"}).Scope(w.Roster, now); !s.Now.Equal(now) {
			t.Errorf("now is %v", s.Now)
		}
	})
}

func TestTheHorizonIsTheLongestOfAll(t *testing.T) {
	day := 24 * time.Hour
	w := &flows.Workspace{
		Roster: &flows.Roster{Meeting: flows.MeetingRules{Horizon: 14 * day}},
		Flows:  []*flows.Flow{{Steps: []*flows.Step{{}, {Book: &flows.Book{Rules: flows.MeetingRules{Horizon: 60 * day}}}}}},
	}
	if got := w.Horizon(); got != 60*day {
		t.Error(got)
	}
}

package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/bot/routing"
	"usher/bot/slots"
)

// house is a town without appointments, all of whose calendars were just read.
func house(t *testing.T) *town {
	t.Helper()
	h := &town{work: many(t), kind: map[string]string{}, base: desk.Agenda{Busy: map[string][]slots.Interval{}, Read: map[string]time.Time{}}}
	for _, rep := range h.work.Roster.Reps {
		h.base.Read[rep.ID] = now
	}
	return h
}

func (h *town) find(with ...string) dialogue.Find {
	return dialogue.Find{Rep: "asha", Minutes: 30, Offer: 500, Rules: h.work.Roster.Meeting, Terms: dialogue.Terms{With: with, Kind: "book/meet"}}
}

func (h *town) busy(rep string, hour, minute, minutes int) {
	s := slot(rep, hour, minute)
	h.base.Busy[rep] = append(h.base.Busy[rep], slots.Interval{Start: s.Start, End: s.Start.Add(time.Duration(minutes) * time.Minute)})
}

func TestOneOfEachTeamComesToo(t *testing.T) {
	t.Run("whoever is free then, named in the slot", func(t *testing.T) {
		h := house(t)
		h.busy("cora", 9, 0, 180)
		h.busy("dan", 9, 0, 480)
		h.busy("eve", 13, 0, 60)
		found := ask(t, h.desk(0), dialogue.Conversation{}, h.find("experts")).(dialogue.Found)
		for _, s := range found.Slots {
			if s.Start.Day() != 23 {
				continue
			}
			switch hour := s.Start.Hour(); {
			case hour < 12 && s.With != "eve", hour == 13 && s.With != "cora", s.With == "dan", s.With == "":
				t.Errorf("%+v", s)
			}
		}
	})
	t.Run("nobody comes for two teams, and not the host", func(t *testing.T) {
		h := house(t)
		for _, rep := range []string{"cora", "dan"} {
			h.busy(rep, 0, 0, 7*24*60)
		}
		if found := ask(t, h.desk(0), dialogue.Conversation{}, h.find("experts", "legal")).(dialogue.Found); len(found.Slots) > 0 {
			t.Errorf("%+v", found.Slots[0])
		}
		reason, err := h.desk(0).Why(slot("asha", 13, 0), h.work.Roster.Meeting, dialogue.Terms{With: []string{"experts", "legal"}})
		if err != nil || reason.Code != desk.Guest || !strings.Contains(reason.Say, "two teams") {
			t.Errorf("%+v, %v", reason, err)
		}
	})
	t.Run("the one with the fewest meetings ahead first, and so all of them in turn", func(t *testing.T) {
		h := house(t)
		h.work.Roster.Reps[2].Limits.Day = 0
		came := map[string]int{}
		for n := range 9 {
			found := ask(t, h.desk(n), dialogue.Conversation{}, h.find("experts")).(dialogue.Found)
			s := found.Slots[len(found.Slots)-1-n/3]
			h.kept = append(h.kept, dialogue.Meeting{UID: fmt.Sprint(n), Slot: s})
			came[s.With]++
		}
		if came["cora"] != 3 || came["dan"] != 3 || came["eve"] != 3 {
			t.Errorf("%v", came)
		}
	})
	t.Run("who cannot is told, each with why", func(t *testing.T) {
		h := house(t)
		h.busy("cora", 13, 0, 60)
		h.base.Read["dan"] = now.Add(-time.Hour)
		h.base.Away = map[string][]slots.Interval{"eve": {{Start: now, End: now.AddDate(0, 0, 2)}}}
		reason, err := h.desk(0).Why(slot("asha", 13, 0), h.work.Roster.Meeting, dialogue.Terms{With: []string{"experts"}})
		for _, part := range []string{"Nobody of experts", "Cora Diaz is busy", "Dan Lee", "1h ago", "Eve Poe is away"} {
			if err != nil || reason.Code != desk.Guest || !strings.Contains(reason.Say, part) {
				t.Errorf("%q is missing: %+v, %v", part, reason, err)
			}
		}
	})
	t.Run("a chosen time is theirs who were named, or nobody's", func(t *testing.T) {
		h := house(t)
		terms := dialogue.Terms{With: []string{"experts"}}
		for with, can := range map[string]bool{"dan": true, "eve": true, "": true, "cora": false, "ben": false, "dan eve": false, "nobody": false} {
			h.base.Busy["cora"] = nil
			h.busy("cora", 13, 0, 60)
			s := slot("asha", 13, 0)
			s.With = with
			in := ask(t, h.desk(0), dialogue.Conversation{}, dialogue.Book{Slot: s, Rules: h.work.Roster.Meeting, Terms: terms})
			if booked, ok := in.(dialogue.Booked); ok != can || ok && booked.With == "" {
				t.Errorf("with %q: %+v", with, in)
			}
		}
	})
	t.Run("a guest is written into the ledger and counts for no share", func(t *testing.T) {
		h := house(t)
		d := h.desk(0)
		s := slot("asha", 13, 0)
		s.With = "dan"
		ask(t, d, dialogue.Conversation{}, dialogue.Book{Slot: s, Rules: h.work.Roster.Meeting, Terms: dialogue.Terms{With: []string{"experts"}}})
		if len(d.Ledger) != 2 || d.Ledger[1].Rep != "dan" || d.Ledger[1].Team != "experts" || d.Ledger[1].Leads != 0 {
			t.Errorf("%+v", d.Ledger)
		}
	})
	t.Run("a team that is not known lets nothing through", func(t *testing.T) {
		h := house(t)
		if found := ask(t, h.desk(0), dialogue.Conversation{}, h.find("ghosts")).(dialogue.Found); len(found.Slots) > 0 {
			t.Errorf("%+v", found)
		}
	})
}

func TestATeamsTimesArePooled(t *testing.T) {
	pooled := func(h *town) dialogue.Find {
		e := h.find()
		e.Team = "sales"
		return e
	}
	t.Run("whoever has the lead has the times that several could, the others the rest", func(t *testing.T) {
		h := house(t)
		h.busy("asha", 9, 0, 180)
		found := ask(t, h.desk(0), dialogue.Conversation{}, pooled(h)).(dialogue.Found)
		reps := map[string]bool{}
		for i, s := range found.Slots {
			reps[s.Rep] = true
			if i > 0 && !s.Start.After(found.Slots[i-1].Start) {
				t.Errorf("%+v after %+v", s, found.Slots[i-1])
			}
			if morning := s.Start.Day() == 23 && s.Start.Hour() < 12; morning == (s.Rep == "asha") && s.Start.Hour() > 9 && s.Start.Hour() < 17 && s.Start.Day() == 23 {
				t.Errorf("%+v", s)
			}
		}
		if !reps["asha"] || len(reps) < 2 {
			t.Errorf("%v", reps)
		}
	})
	t.Run("next comes whose share is due", func(t *testing.T) {
		h := house(t)
		e := pooled(h)
		e.Rep = ""
		d := h.desk(0)
		read := d.Agenda
		d.Agenda = func(q desk.Query) (desk.Agenda, error) {
			a, err := read(q)
			a.Shares = map[routing.Queue]map[string]routing.Share{{Team: "sales"}: {"asha": {Count: 3}, "ben": {Count: 3}, "cora": {Count: 1}}}
			return a, err
		}
		found := ask(t, d, dialogue.Conversation{}, e).(dialogue.Found)
		if i := slices.IndexFunc(found.Slots, func(s dialogue.Slot) bool { return s.Start.Equal(slot("", 11, 0).Start) }); i < 0 || found.Slots[i].Rep != "cora" {
			t.Errorf("%+v", found.Slots)
		}
	})
	t.Run("who passed the lead has none of them, nor whose calendar is not known", func(t *testing.T) {
		h := house(t)
		delete(h.base.Read, "ben")
		for _, s := range ask(t, h.desk(0), dialogue.Conversation{Passed: []string{"asha"}}, pooled(h)).(dialogue.Found).Slots {
			if s.Rep != "cora" {
				t.Fatalf("%+v", s)
			}
		}
	})
	t.Run("the lead goes to whose time is held or booked, once", func(t *testing.T) {
		h := house(t)
		c := dialogue.Conversation{Assigned: &dialogue.Assignment{Team: "sales", Rep: "asha", Route: 0}}
		d := h.desk(0)
		s := slot("cora", 11, 0)
		ask(t, d, c, dialogue.Hold{Slot: s, Until: now.Add(time.Minute), Rules: h.work.Roster.Meeting})
		c.Assigned = &dialogue.Assignment{Team: "sales", Rep: "cora", Route: 0}
		ask(t, d, c, dialogue.Book{Slot: s, Rules: h.work.Roster.Meeting})
		var lines []string
		for _, e := range d.Ledger {
			lines = append(lines, fmt.Sprint(e.Kind, " ", e.Rep, " ", e.Leads))
		}
		if !slices.Equal(lines, []string{"passed asha -1", "received cora 1", "booked cora 0"}) {
			t.Errorf("%v", lines)
		}
	})
}

func TestSeatsAreCountedByTheDayOfTheHouse(t *testing.T) {
	h := house(t)
	zone, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	h.work.Roster.Location = zone
	late := time.Date(2026, 11, 24, 20, 0, 0, 0, time.UTC) // the 25th in Kolkata
	h.kept = []dialogue.Meeting{{UID: "other", Slot: dialogue.Slot{Rep: "eve", Start: late, End: late.Add(time.Hour)}}}
	h.kind["other"] = "book/meet"
	terms := dialogue.Terms{Kind: "book/meet", Seats: 1}
	for day, code := range map[int]string{24: "", 25: slots.Seats} {
		s := slot("asha", 11, 0)
		s.Start, s.End = s.Start.AddDate(0, 0, day-23), s.End.AddDate(0, 0, day-23)
		reason, err := h.desk(0).Why(s, h.work.Roster.Meeting, terms)
		if err != nil || reason.Code != code || (reason.Say != "") != (code != "") {
			t.Errorf("on the %dth: %+v, %v", day, reason, err)
		}
	}
}

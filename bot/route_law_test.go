package bot_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
)

// rosters are the revisions that a history goes through: reps come and go, limits bite, routes wait and fall through.
func rosters(t *testing.T) (all []*flows.Workspace) {
	people := map[string]string{
		"asha": "  - { id: asha, name: Asha Rao, hours: all, limits: { open: 1 } }\n",
		"ben":  "  - { id: ben, name: Ben Ode, hours: all, limits: { open: 2 } }\n",
		"cora": "  - { id: cora, name: Cora Diaz, hours: all }\n",
	}
	for _, c := range []struct{ reps, teams, routes string }{
		{"asha ben cora", "{ id: top, reps: [asha] }, { id: mid, reps: [ben] }, { id: help, reps: [cora] }", "{ if: seats >= 100, to: [top, mid], after: 15m, wait: 2h, else: help }, { to: help }"},
		{"ben cora", "{ id: top, reps: [ben] }, { id: help, reps: [cora] }", "{ if: seats >= 100, to: top, wait: 3h }, { to: help }"},
		{"asha ben", "{ id: top, reps: [asha, ben] }", "{ if: known(owner), to: owner, for: 90d }, { to: top, wait: 1h }"},
		{"cora asha", "{ id: help, reps: [cora, asha], claim: 5m }", "{ if: seats >= 100, to: asha, after: 15m, else: help }, { to: help }"},
	} {
		text := "reps:\n"
		for _, rep := range strings.Fields(c.reps) {
			text += people[rep]
		}
		all = append(all, load(t, sales(text+"teams: ["+c.teams+"]\nroutes: ["+c.routes+"]\n")))
	}
	return all
}

// carryOut carries out what is due: the ends of tiers' times, and what persons are told.
func (s *stage) carryOut() error {
	for {
		jobs, err := s.Store.Claim(s.t.Context(), s.now(), time.Minute, 100)
		if err != nil || len(jobs) == 0 {
			return err
		}
		for _, j := range jobs {
			err = errors.Join(err, s.Carriers[j.Kind](s.t.Context(), j))
			j.State = bot.JobDone
			err = errors.Join(err, s.Store.Finish(s.t.Context(), j))
		}
		if err != nil {
			return err
		}
	}
}

// annals are what came of a run of deeds.
type annals struct {
	leads  []bot.Arrived
	people []bot.Person // of whom another system told
}

// deed is one thing that somebody does, or that time brings.
func (s *stage) deed(r *rapid.T, all []*flows.Workspace, h *annals) error {
	ctx := s.t.Context()
	rep := rapid.SampledFrom([]string{"asha", "ben", "cora"}).Draw(r, "rep")
	if len(h.leads) == 0 || rapid.IntRange(0, 3).Draw(r, "comes") == 0 {
		h.leads = append(h.leads, s.lead(fmt.Sprintf("p%d@shop%d.example", len(h.leads), rapid.IntRange(0, 9).Draw(r, "company"))))
		return nil
	}
	a := rapid.SampledFrom(h.leads).Draw(r, "lead")
	c := s.state(a)
	switch rapid.IntRange(0, 10).Draw(r, "deed") {
	case 0:
		_, err := s.Claim(ctx, a.Conversation.ID, rep)
		return err
	case 1:
		if c.Assigned == nil {
			return nil
		}
		_, err := s.Pass(ctx, a.Conversation.ID, c.Assigned.Rep, "")
		return err
	case 2:
		if len(c.Offers) == 0 {
			return nil
		}
		return s.Say(ctx, a.Conversation.ID, a.Visitor.ID, dialogue.Said{ID: fmt.Sprint(c.Turns), Value: c.Offers[0].Start.Format(time.RFC3339)})
	case 3:
		return s.Say(ctx, a.Conversation.ID, a.Visitor.ID, dialogue.Said{ID: fmt.Sprint(c.Turns), Text: rapid.SampledFrom([]string{"stop", "start over", "none of these"}).Draw(r, "says")})
	case 4:
		return s.SetAway(ctx, rep, s.now().Add(time.Duration(rapid.IntRange(1, 300).Draw(r, "minutes"))*time.Minute))
	case 5:
		return s.Back(ctx, rep)
	case 6:
		return s.Use(ctx, rapid.SampledFrom(all).Draw(r, "revision"))
	case 7:
		s.pass(time.Duration(rapid.IntRange(1, 200).Draw(r, "minutes")) * time.Minute)
		return s.carryOut()
	case 8:
		if err := s.carryOut(); err != nil {
			return err
		}
		p, err := s.Store.PersonOf(ctx, a.Conversation.ID)
		if err != nil {
			return err
		}
		return s.SetOwner(ctx, p.ID, rep, "by hand", "api crm")
	case 9:
		p := s.heardOf(fmt.Sprintf("h%d@shop%d.example", len(h.people), rapid.IntRange(0, 9).Draw(r, "company")), float64(rapid.IntRange(1, 200).Draw(r, "seats")))
		h.people = append(h.people, p)
		_, err := s.RoutePerson(ctx, p.ID, "api crm")
		return err
	}
	s.Rehome(ctx)
	s.Drain(ctx)
	return nil
}

// TestEveryLeadHasAnOwnerOrAPlace is the law of the routes, over whole histories of absences, limits, passes and revisions.
func TestEveryLeadHasAnOwnerOrAPlace(t *testing.T) {
	s := newStageOn(t, file(t), sales(three+"teams: [{ id: top, reps: [asha] }]\nroutes: [{ to: top }]\n"))
	s.folding()
	s.Carriers[bot.JobTier] = s.NextTier
	all := rosters(t)
	var h annals
	rapid.Check(t, func(r *rapid.T) {
		h.leads = h.leads[max(0, len(h.leads)-3):]
		for range rapid.IntRange(1, 10).Draw(r, "deeds") {
			err := s.deed(r, all, &h)
			if err != nil && !errors.Is(err, bot.ErrNobody) && !errors.Is(err, bot.ErrNotFree) && !errors.Is(err, bot.ErrNoRep) {
				r.Fatal(err)
			}
			s.placed(r, h)
		}
		s.Rehome(t.Context())
		for _, a := range h.leads {
			c := s.state(a)
			if c.Open() && c.Assigned != nil && s.Workspace().Roster.Rep(c.Assigned.Rep) == nil {
				r.Errorf("%s has the lead and is not there any more", c.Assigned.Rep)
			}
		}
		s.pass(4 * time.Hour)
		s.Drain(t.Context())
		if err := s.carryOut(); err != nil {
			r.Fatal(err)
		}
		s.recorded(r, h)
		if places, err := s.Store.WaitingPlaces(t.Context()); err != nil || len(places) > 0 {
			r.Errorf("they wait for ever: %v, %v", places, err)
		}
	})
}

// placed fails the test unless each lead has a rep or a place, and is listed where it waits.
func (s *stage) placed(r *rapid.T, h annals) {
	waits, err := s.Store.Waiting(s.t.Context(), bot.WaitingQuery{Limit: 1000})
	if err != nil {
		r.Fatal(err)
	}
	for _, a := range h.leads {
		c := s.state(a)
		if (c.Assigned == nil || c.Assigned.Rep == "") && (c.Waiting == nil || c.Waiting.Place == "") {
			r.Fatalf("nobody has the lead: %+v", c)
		}
		if listed := slices.ContainsFunc(waits, func(w bot.Waiting) bool { return w.Conversation == a.Conversation.ID }); listed != (c.Waiting != nil) {
			r.Fatalf("it waits: %+v, listed: %v", c.Waiting, listed)
		}
		if c.Waiting != nil && c.Assigned != nil {
			r.Fatalf("%s has it and it waits", c.Assigned.Rep)
		}
	}
}

// recorded fails the test unless each person's record says who has them, as their newest conversation does, or where they wait.
func (s *stage) recorded(r *rapid.T, h annals) {
	all := h.people[max(0, len(h.people)-3):]
	for _, a := range h.leads {
		p, err := s.Store.PersonOf(s.t.Context(), a.Conversation.ID)
		if err != nil {
			r.Fatal(err)
		}
		all = append(all, p)
	}
	for _, p := range all {
		p, err := s.Store.Person(s.t.Context(), p.ID)
		if err != nil {
			r.Fatal(err)
		}
		if p.Owner == "" && p.Waiting == "" {
			r.Errorf("the record of %s names nobody and no place: %+v", p.Email, p)
		}
	}
}

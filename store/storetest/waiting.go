package storetest

import (
	"fmt"
	"testing"
	"time"

	"usher/bot"
)

func waitings(t *testing.T, fresh Database) {
	waits := func(w world, id, place string, since time.Time) {
		t := turn(id, 0)
		t.Waiting = &bot.Waiting{Conversation: id, Place: place, Since: since, Until: since.Add(4 * time.Hour)}
		w.commits(t)
	}
	listed := func(w world, q bot.WaitingQuery) (ids []string) {
		q.Limit = max(q.Limit, 1)
		all, err := w.Waiting(w.ctx, q)
		w.must(err)
		for _, one := range all {
			ids = append(ids, one.Conversation)
		}
		return ids
	}
	tell(t, fresh, "leads that wait come with the one that has waited longest first, until somebody has them", func(w world) {
		waits(w, "c1", "sales", noon.Add(time.Minute))
		waits(w, "c2", "sales", noon)
		waits(w, "c3", "help", noon.Add(time.Hour))
		w.same(listed(w, bot.WaitingQuery{Limit: 9}), []string{"c2", "c1", "c3"})
		w.same(listed(w, bot.WaitingQuery{Place: "sales", Limit: 1}), []string{"c2"})
		w.same(listed(w, bot.WaitingQuery{Over: noon.Add(4 * time.Hour), Limit: 9}), []string{"c2"})
		all, err := w.Waiting(w.ctx, bot.WaitingQuery{Place: "help", Limit: 9})
		w.must(err)
		w.same(all, []bot.Waiting{{Conversation: "c3", Place: "help", Since: noon.Add(time.Hour), Until: noon.Add(5 * time.Hour)}})
		next := turn("c2", 1)
		next.Waiting = &bot.Waiting{Conversation: "c2"}
		w.commits(next)
		w.commits(turn("c1", 1))
		places, err := w.WaitingPlaces(w.ctx)
		w.must(err)
		w.same(places, map[string]int{"sales": 1, "help": 1})
	})
	tell(t, fresh, "the conversations of leads that wait are read, of each place those who have waited longest", func(w world) {
		for i, place := range []string{"sales", "help", "sales", "sales"} {
			waits(w, fmt.Sprint("c", i), place, noon.Add(-time.Duration(i)*time.Minute))
		}
		all, err := w.Waiters(w.ctx, 2)
		w.must(err)
		var ids []string
		for _, c := range all {
			ids = append(ids, c.ID)
			kept, err := w.Load(w.ctx, c.ID)
			w.must(err)
			w.same(c, kept)
		}
		w.same(ids, []string{"c3", "c2", "c1"})
	})
	tell(t, fresh, "leads of reps who are not there are found while they are open or have a meeting ahead", func(w world) {
		for i, l := range []bot.Lead{
			{Rep: "asha", Stage: bot.StageOpen},
			{Rep: "ben", Stage: bot.StageOpen},
			{Rep: "ben", Stage: "qualified"},
			{Rep: "ben", Stage: "nurture"},
			{Stage: bot.StageOpen},
			{Rep: "ben", Stage: bot.StageBooked},
			{Rep: "ben", Stage: bot.StageBooked},
		} {
			t := turn(fmt.Sprint("c", i), 0)
			l.ID, l.Conversation = t.Conversation.ID, t.Conversation.ID
			t.Lead = &l
			if i >= 5 {
				with(t, meeting(fmt.Sprint("m", i), "ben", noon.Add(time.Duration(i-6)*2*time.Hour)))
			}
			w.commits(t)
		}
		left, err := w.Orphans(w.ctx, []string{"asha", "cora", "dev"}, noon)
		w.must(err)
		w.same(left, []bot.Orphan{{Conversation: "c1", Rep: "ben"}, {Conversation: "c2", Rep: "ben"}, {Conversation: "c6", Rep: "ben"}})
	})
	tell(t, fresh, "open leads are counted, but the asking one, those that ended and those whose person is closed", func(w world) {
		for i, stage := range []string{bot.StageOpen, "qualified", "nurture", bot.StageBooked, bot.StageOpen} {
			t := turn(fmt.Sprint("c", i), 0)
			t.Lead = &bot.Lead{ID: t.Conversation.ID, Conversation: t.Conversation.ID, Rep: "asha", Stage: stage}
			w.commits(t)
		}
		lost := bot.Person{ID: "p", Stage: bot.StageLost, CreatedAt: noon, UpdatedAt: noon}
		w.must(w.CommitPerson(w.ctx, bot.PersonTurn{Person: lost, Folded: []bot.Folded{{Conversation: "c4", Person: "p"}}}))
		q := day("asha", "ben")
		w.same(w.agenda(q).Open, map[string]int(nil))
		q.Open, q.Except = []string{"asha"}, "c0"
		w.same(w.agenda(q).Open, map[string]int{"asha": 1})
	})
}

package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
)

// person is one with every member set that a store keeps.
func person(id string) bot.Person {
	return bot.Person{
		ID: id, Name: "Priya Nair", Email: "Priya@bigco.example", Phone: "+919812345678", Company: "BigCo", Domain: "bigco.example",
		Country: "IN", Language: "hi", Timezone: "Asia/Kolkata",
		Fields: map[string]flows.Value{"team_size": {Type: flows.TypeNumber, Number: 250}},
		Learnt: map[string]time.Time{"team_size": noon},
		Score:  60.5, Grade: "hot", ScoredAt: noon,
		Standings: []bot.Standing{{Conversation: "c1", At: noon, Standing: dialogue.Standing{
			Lines: []dialogue.Line{{Reason: dialogue.Reason{Points: 60.5, Because: "large"}, Since: noon, Halves: time.Hour}},
			Caps:  map[string]float64{"need": 40}, Grades: []flows.Grade{{Name: "hot", From: 60}},
		}}},
		Stage: bot.StageWaitlist, Reason: "no budget yet", Revisit: noon.Add(time.Hour), Owner: "asha", Team: "sales", Waiting: "desk", OwnedAt: noon,
		First:     bot.Source{UTM: map[string]string{"source": "google"}, Referrer: "https://search.example", Page: "/pricing", Channel: "web", At: noon},
		Last:      bot.Source{Channel: "import", Outbound: true, At: noon.Add(time.Minute)},
		Consents:  []bot.Consent{{Field: "ok", Wording: "You may write to me.", Language: "en", Given: true, At: noon, Conversation: "c1"}},
		Handing:   bot.Handing{Rep: "ben", By: "api crm", Because: "territory"},
		CreatedAt: noon, UpdatedAt: noon.Add(time.Second),
	}
}

func byEmail(address string) bot.PersonKey { return bot.PersonKey{Kind: bot.ByEmail, Value: address} }

// saves commits a change of a person and gives the person as read again.
func (w world) saves(t bot.PersonTurn) bot.Person {
	w.Helper()
	w.must(w.CommitPerson(w.ctx, t))
	p, err := w.Person(w.ctx, t.Person.ID)
	w.must(err)
	return p
}

// talks begins a conversation that has a lead.
func (w world) talks(ids ...string) {
	w.Helper()
	for _, id := range ids {
		t := turn(id, 0)
		t.Lead = &bot.Lead{ID: id, Conversation: id, UpdatedAt: noon}
		w.commits(t)
	}
}

func people(t *testing.T, fresh Database) {
	tell(t, fresh, "a person is read as written, with a version and a count of changes more", func(w world) {
		want := person("p1")
		got := w.saves(bot.PersonTurn{Person: want, Changes: []bot.Change{{Kind: bot.ChangedStage, At: noon}}})
		want.Version, want.Changes = 1, 1
		w.same(got, want)
		want.Name = "Priya"
		got = w.saves(bot.PersonTurn{Person: want})
		want.Version = 2
		w.same(got, want)
		_, err := w.Person(w.ctx, "p2")
		w.is(err, bot.ErrNotFound)
	})
	tell(t, fresh, "a change that was decided on an older state is refused, and leaves nothing", func(w world) {
		p := w.saves(bot.PersonTurn{Person: person("p1")})
		w.saves(bot.PersonTurn{Person: p})
		late := bot.PersonTurn{
			Person: p, Keys: []bot.PersonKey{byEmail("late@a.example")}, Changes: []bot.Change{{Kind: bot.ChangedStage}}, Jobs: []bot.Job{job("late", "", 0)},
		}
		w.is(w.CommitPerson(w.ctx, late), bot.ErrStale)
		w.is(w.CommitPerson(w.ctx, bot.PersonTurn{Person: person("p1")}), bot.ErrStale)
		trail, err := w.Trail(w.ctx, "p1")
		w.must(err)
		found, err := w.PeopleBy(w.ctx, byEmail("late@a.example"))
		w.must(err)
		ids, _ := w.claim(0, 10)
		w.same([]any{trail, found, ids}, []any{[]bot.Change(nil), []bot.Person(nil), []string{}})
	})
	tell(t, fresh, "a key belongs to one person: a second one is refused it", func(w world) {
		p := w.saves(bot.PersonTurn{Person: person("p1"), Keys: []bot.PersonKey{byEmail("a@x.example"), {Kind: bot.ByPhone, Value: "+1"}}})
		w.saves(bot.PersonTurn{Person: p, Keys: []bot.PersonKey{byEmail("a@x.example")}})
		w.is(w.CommitPerson(w.ctx, bot.PersonTurn{Person: person("p2"), Keys: []bot.PersonKey{byEmail("a@x.example")}}), bot.ErrStale)
		found, err := w.PeopleBy(w.ctx, byEmail("a@x.example"), bot.PersonKey{Kind: bot.ByPhone, Value: "+1"}, byEmail("b@x.example"))
		w.must(err)
		w.same(idsOf(found), []string{"p1"})
		none, err := w.PeopleBy(w.ctx)
		w.must(err)
		w.same(len(none), 0)
	})
	tell(t, fresh, "a change's jobs and trail are written with it, and the trail is numbered without a gap", func(w world) {
		p := w.saves(bot.PersonTurn{Person: person("p1"), Jobs: []bot.Job{job("a", "", 0)}, Changes: []bot.Change{
			{Kind: bot.ChangedStage, From: "visitor", To: "mql", By: "flow talk", Because: "grade hot", Conversation: "c1", At: noon}, {Kind: bot.ChangedGrade, At: noon},
		}})
		w.saves(bot.PersonTurn{Person: p, Changes: []bot.Change{{Kind: bot.ChangedOwner, At: noon.Add(time.Hour)}}})
		trail, err := w.Trail(w.ctx, "p1")
		w.must(err)
		w.same(trail[0], bot.Change{Person: "p1", N: 1, Kind: bot.ChangedStage, From: "visitor", To: "mql", By: "flow talk", Because: "grade hot", Conversation: "c1", At: noon})
		w.same([]int64{trail[1].N, trail[2].N}, []int64{2, 3})
		ids, _ := w.claim(0, 10)
		w.same(ids, []string{"a"})
	})
	tell(t, fresh, "a conversation is unfolded until a person has it, and a later turn leaves it theirs", func(w world) {
		w.talks("c1", "c2")
		left, err := w.Unfolded(w.ctx, "", 10)
		w.must(err)
		w.same(left, []string{"c1", "c2"})
		w.saves(bot.PersonTurn{Person: person("p1"), Folded: []bot.Folded{{Conversation: "c1", Facts: []string{"graded", "owner asha"}}}})
		next := turn("c1", 1)
		next.Lead = &bot.Lead{ID: "c1", Conversation: "c1", Rep: "asha", UpdatedAt: noon.Add(time.Hour)}
		w.commits(next)
		f, err := w.Folded(w.ctx, "c1")
		w.must(err)
		w.same(f, bot.Folded{Conversation: "c1", Person: "p1", Facts: []string{"graded", "owner asha"}, At: noon.Add(time.Hour)})
		p, err := w.PersonOf(w.ctx, "c1")
		w.must(err)
		of, err := w.ConversationsOf(w.ctx, "p1")
		w.must(err)
		l, err := w.FindLead(w.ctx, "c1")
		w.must(err)
		left, err = w.Unfolded(w.ctx, "c1", 10)
		w.must(err)
		w.same([]any{p.ID, len(of), of[0].ID, l.Person, left}, []any{"p1", 1, "c1", "p1", []string{"c2"}})
		_, err = w.PersonOf(w.ctx, "c2")
		w.is(err, bot.ErrNotFound)
		_, err = w.Folded(w.ctx, "c3")
		w.is(err, bot.ErrNotFound)
	})
	tell(t, fresh, "many who learn one key at once: one has it, and the others are told that they are late", func(w world) {
		const racers = 16
		won := make(chan string, racers)
		var all sync.WaitGroup
		for i := range racers {
			all.Go(func() {
				p := person(fmt.Sprint("p", i))
				err := w.CommitPerson(w.ctx, bot.PersonTurn{Person: p, Keys: []bot.PersonKey{byEmail("a@x.example"), {Kind: bot.ByVisitor, Value: p.ID}}})
				switch {
				case err == nil:
					won <- p.ID
				case !errors.Is(err, bot.ErrStale):
					w.Error(err)
				}
			})
		}
		all.Wait()
		close(won)
		found, err := w.PeopleBy(w.ctx, byEmail("a@x.example"))
		w.must(err)
		w.same([]any{len(won), idsOf(found)}, []any{1, []string{<-won}})
	})
}

func idsOf(people []bot.Person) []string {
	ids := []string{}
	for _, p := range people {
		ids = append(ids, p.ID)
	}
	return ids
}

// is fails the test unless the error is that one.
func (w world) is(err, want error) {
	w.Helper()
	if !errors.Is(err, want) {
		w.Errorf("%v instead of %v", err, want)
	}
}

func merged(t *testing.T, fresh Database) {
	// three are one: p1 is the oldest.
	three := func(w world) {
		w.talks("c1", "c2", "c3")
		for i, id := range []string{"p1", "p2", "p3"} {
			p := person(id)
			p.CreatedAt = noon.Add(time.Duration(i) * time.Minute)
			w.saves(bot.PersonTurn{
				Person: p, Keys: []bot.PersonKey{byEmail(id + "@x.example"), {Kind: bot.ByVisitor, Value: id}},
				Folded: []bot.Folded{{Conversation: fmt.Sprint("c", i+1)}}, Changes: []bot.Change{{Kind: bot.ChangedStage, To: id, At: noon}},
			})
		}
	}
	merge := func(w world, into, id string) {
		a, err := w.Person(w.ctx, into)
		w.must(err)
		b, err := w.Person(w.ctx, id)
		w.must(err)
		w.saves(bot.PersonTurn{Person: a, Merged: []bot.Person{b}, Changes: []bot.Change{{Kind: bot.ChangedMerge, From: id, At: noon.Add(time.Hour)}}})
	}
	tell(t, fresh, "keys, conversations and trail of somebody merged are the person's, and the old id still finds them", func(w world) {
		three(w)
		merge(w, "p2", "p3")
		merge(w, "p1", "p2")
		for _, id := range []string{"p1", "p2", "p3"} {
			p, err := w.Person(w.ctx, id)
			w.must(err)
			by, err := w.PeopleBy(w.ctx, byEmail(id+"@x.example"), bot.PersonKey{Kind: bot.ByVisitor, Value: id})
			w.must(err)
			of, err := w.ConversationsOf(w.ctx, id)
			w.must(err)
			found, err := w.FindPerson(w.ctx, id)
			w.must(err)
			w.same([]any{p.ID, idsOf(by), len(of), found.ID}, []any{"p1", []string{"p1"}, 3, "p1"})
		}
		trail, err := w.Trail(w.ctx, "p3")
		w.must(err)
		var lines []string
		for _, c := range trail {
			lines = append(lines, fmt.Sprint(c.Person, c.N, c.Kind, c.From+c.To))
		}
		w.same(lines, []string{"p11stagep1", "p21stagep2", "p31stagep3", "p12mergedp2", "p22mergedp3"})
		all, err := w.ListPeople(w.ctx, bot.PeopleQuery{Limit: 10})
		w.must(err)
		w.same(idsOf(all), []string{"p1"})
	})
	tell(t, fresh, "meetings and browsers of all who were merged are the person's, held times and guests' rows are not", func(w world) {
		three(w)
		merge(w, "p1", "p2")
		for i, id := range []string{"c1", "c2", "c3"} {
			at := noon.Add(time.Duration(4-i) * time.Hour)
			w.commits(with(turn(id, 1), meeting("m"+id, "rep of "+id, at), hold("h"+id, "rep of "+id, at.Add(30*time.Minute))))
			w.must(w.SaveVisitor(w.ctx, bot.Visitor{ID: fmt.Sprint("p", i+1), CreatedAt: at}))
		}
		meetings, err := w.MeetingsBy(w.ctx, "p2")
		w.must(err)
		var uids, browsers []string
		for _, m := range meetings {
			uids = append(uids, m.UID)
		}
		visitors, err := w.VisitorsOf(w.ctx, "p2")
		w.must(err)
		for _, v := range visitors {
			browsers = append(browsers, v.ID)
		}
		w.same([]any{uids, browsers}, []any{[]string{"mc2", "mc1"}, []string{"p2", "p1"}})
	})
	tell(t, fresh, "what is done by hand stands in the audit log, and what a flow does not", func(w world) {
		p := w.saves(bot.PersonTurn{Person: person("p1"), Changes: []bot.Change{
			{Kind: bot.ChangedStage, From: "visitor", To: "mql", By: "flow talk", At: noon},
			{Kind: bot.ChangedContact, By: "api crm", At: noon},
			{Kind: bot.ChangedStage, From: "mql", To: "won", By: "ann@desk", Because: "Priya signed", At: noon},
		}})
		w.saves(bot.PersonTurn{Person: p, Changes: []bot.Change{{Kind: bot.ChangedOwner, From: "asha", To: "ben", By: "api crm", At: noon}}})
		lines, err := w.AuditLines(w.ctx, bot.AuditQuery{Limit: 10})
		w.must(err)
		var told []string
		for _, l := range lines {
			told = append(told, fmt.Sprint(l.Who, " ", l.What, " ", l.Whom, " ", l.Detail))
		}
		w.same(told, []string{"ann@desk person.stage p1 map[from:mql to:won]", "api crm person.owner p1 map[from:asha to:ben]"})
	})
	tell(t, fresh, "whoever was merged meanwhile cannot be changed or merged again", func(w world) {
		three(w)
		stale, err := w.Person(w.ctx, "p3")
		w.must(err)
		merge(w, "p2", "p3")
		p1, err := w.Person(w.ctx, "p1")
		w.must(err)
		w.is(w.CommitPerson(w.ctx, bot.PersonTurn{Person: stale}), bot.ErrStale)
		w.is(w.CommitPerson(w.ctx, bot.PersonTurn{Person: p1, Merged: []bot.Person{stale}}), bot.ErrStale)
		stale.Version++
		w.is(w.CommitPerson(w.ctx, bot.PersonTurn{Person: stale}), bot.ErrStale)
	})
	tell(t, fresh, "two who merge each other at once end as one person", func(w world) {
		three(w)
		people, err := w.PeopleBy(w.ctx, byEmail("p1@x.example"), byEmail("p2@x.example"))
		w.must(err)
		var all sync.WaitGroup
		errs := make([]error, 2)
		for i := range 2 {
			all.Go(func() {
				errs[i] = w.CommitPerson(w.ctx, bot.PersonTurn{Person: people[i], Merged: []bot.Person{people[1-i]}})
			})
		}
		all.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), bot.ErrStale) {
			w.Error(errs)
		}
		left, err := w.PeopleBy(w.ctx, byEmail("p1@x.example"), byEmail("p2@x.example"))
		w.must(err)
		w.same(len(left), 1)
	})
}

func listedPeople(t *testing.T, fresh Database) {
	save := func(w world, id, name, stage string, after time.Duration) {
		p := person(id)
		p.Name, p.Stage, p.Owner, p.Waiting, p.Domain, p.UpdatedAt = name, stage, "rep of "+id, "", id+".example", noon.Add(after)
		w.saves(bot.PersonTurn{Person: p, Keys: []bot.PersonKey{byEmail(id + "@x.example"), {Kind: bot.ByPhone, Value: "+91" + id}}})
	}
	list := func(w world, q bot.PeopleQuery) []string {
		w.Helper()
		q.Limit = max(q.Limit, 1)
		all, err := w.ListPeople(w.ctx, q)
		w.must(err)
		return idsOf(all)
	}
	tell(t, fresh, "people come with the one that changed last first, page by page, and by what is asked", func(w world) {
		save(w, "1", "Priya Nair", bot.StageMQL, 0)
		save(w, "2", "Omar", bot.StageSQL, time.Hour)
		save(w, "3", "Lena", bot.StageMQL, time.Hour)
		w.same(list(w, bot.PeopleQuery{Limit: 10}), []string{"3", "2", "1"})
		page, err := w.ListPeople(w.ctx, bot.PeopleQuery{Limit: 1})
		w.must(err)
		w.same(list(w, bot.PeopleQuery{Limit: 10, After: &page[0]}), []string{"2", "1"})
		w.same(list(w, bot.PeopleQuery{Limit: 10, Stage: bot.StageMQL}), []string{"3", "1"})
		w.same(list(w, bot.PeopleQuery{Limit: 10, Stage: bot.StageMQL, Owner: "rep of 1"}), []string{"1"})
		w.same(list(w, bot.PeopleQuery{Limit: 10, Domain: "2.example"}), []string{"2"})
		w.same(list(w, bot.PeopleQuery{Limit: 10, Since: noon.Add(time.Minute)}), []string{"3", "2"})
		w.same(list(w, bot.PeopleQuery{Limit: 10, Waiting: "desk"}), []string{})
	})
	tell(t, fresh, "a person is found by id, address, phone or how the name begins, capitals or not", func(w world) {
		save(w, "1", "ŞULE Öz", bot.StageMQL, time.Hour)
		save(w, "2", "Omar", bot.StageSQL, 0)
		for text, want := range map[string]string{"1": "1", "2@X.example": "2", "+91 (1)": "1", "şule": "1", "OMA": "2"} {
			p, err := w.FindPerson(w.ctx, text)
			if err != nil || p.ID != want {
				w.Errorf("%q: %q, %v", text, p.ID, err)
			}
		}
		for _, text := range []string{"", " ", "nobody", "%", "ule"} {
			_, err := w.FindPerson(w.ctx, text)
			w.is(err, bot.ErrNotFound)
		}
	})
}

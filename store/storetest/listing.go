package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"usher/bot"
)

func listings(t *testing.T, fresh Database) {
	listedLeads(t, fresh)
	uids := func(w world, q bot.MeetingQuery) (out []string) {
		all, err := w.ListMeetings(w.ctx, q)
		w.must(err)
		for _, m := range all {
			out = append(out, m.UID)
		}
		return out
	}
	tell(t, fresh, "meetings come by their start, confirmed and cancelled, each once, also those a rep comes to", func(w world) {
		for i, m := range []bot.Meeting{
			attended("b", "asha", noon.Add(time.Hour), "ben cleo"), meeting("a", "ben", noon), cancelled("c", "ben", noon.Add(time.Hour)),
			hold("held", "cleo", noon), meeting("d", "cleo", noon.Add(2*time.Hour)),
		} {
			w.commits(with(turn(fmt.Sprint("c", i), 0), m))
		}
		w.same(uids(w, bot.MeetingQuery{Limit: 9}), []string{"a", "b", "c", "d"})
		w.same(uids(w, bot.MeetingQuery{Rep: "ben", Limit: 9}), []string{"a", "b", "c"})
		w.same(uids(w, bot.MeetingQuery{Rep: "asha", Limit: 9}), []string{"b"})
		w.same(uids(w, bot.MeetingQuery{From: noon.Add(30 * time.Minute), To: noon.Add(2 * time.Hour), Limit: 9}), []string{"b", "c"})
	})
	tell(t, fresh, "page by page, what was there from the beginning comes once, whatever is booked meanwhile", func(w world) {
		for i := range 7 { // two begin at one time
			w.commits(with(turn(fmt.Sprint("c", i), 0), meeting(fmt.Sprint("m", i), fmt.Sprint("r", i), noon.Add(time.Duration(i/2)*time.Hour))))
		}
		var got []string
		q := bot.MeetingQuery{Limit: 2}
		for n := 0; ; n++ {
			page, err := w.ListMeetings(w.ctx, q)
			w.must(err)
			if len(page) == 0 {
				break
			}
			for _, m := range page {
				if m.UID[0] == 'm' {
					got = append(got, m.UID)
				}
			}
			q.After = page[len(page)-1]
			w.commits(with(turn(fmt.Sprint("x", n), 0), meeting(fmt.Sprint("x", n), fmt.Sprint("s", n), noon.Add(time.Duration(n%4)*time.Hour))))
		}
		w.same(got, []string{"m0", "m1", "m2", "m3", "m4", "m5", "m6"})
	})
}

// lead is somebody new who came so many minutes after noon.
func lead(id string, minutes int, change func(*bot.Person)) bot.PersonTurn {
	at := noon.Add(time.Duration(minutes) * time.Minute)
	p := bot.Person{ID: id, Email: id + "@acme.example", Stage: bot.StageMQL, CreatedAt: at, UpdatedAt: at}
	if change != nil {
		change(&p)
	}
	return bot.PersonTurn{Person: p}
}

func listedLeads(t *testing.T, fresh Database) {
	tell(t, fresh, "leads are found by stage, owner, change and words; a browser is none", func(w world) {
		for _, t := range []bot.PersonTurn{
			lead("p1", 0, func(p *bot.Person) { p.Name, p.Owner = "Ørjan 100%", "asha" }),
			lead("p2", 1, func(p *bot.Person) { p.Stage, p.Company = bot.StageWon, "Big_Co" }),
			lead("p3", 2, func(p *bot.Person) { p.Stage, p.Email = bot.StageVisitor, "" }),
			lead("p4", 3, func(p *bot.Person) { p.Stage, p.Email, p.Phone = bot.StageVisitor, "", "+4915112345678" }),
		} {
			w.must(w.CommitPerson(w.ctx, t))
		}
		for _, c := range []struct {
			q    bot.LeadQuery
			want string
		}{
			{bot.LeadQuery{}, "p1 p2 p4"},
			{bot.LeadQuery{Stage: bot.StageWon}, "p2"},
			{bot.LeadQuery{Owner: "asha"}, "p1"},
			{bot.LeadQuery{Since: noon.Add(time.Minute)}, "p2 p4"},
			{bot.LeadQuery{Text: "øRJAN 100%"}, "p1"},
			{bot.LeadQuery{Text: "g_c"}, "p2"},
			{bot.LeadQuery{Text: "P1@ACME"}, "p1"},
			{bot.LeadQuery{Text: "%"}, "p1"},
			{bot.LeadQuery{Text: "1__%"}, ""},
		} {
			c.q.Limit = 9
			found, err := w.ListLeads(w.ctx, c.q)
			w.must(err)
			var ids []string
			for _, p := range found {
				ids = append(ids, p.ID)
			}
			if got := strings.Join(ids, " "); got != c.want {
				w.Errorf("%+v: %s, not %s", c.q, got, c.want)
			}
		}
	})
	tell(t, fresh, "page by page, every lead that was there from the beginning comes once, whoever comes and changes meanwhile", func(w world) {
		var want, got []string
		for i := range 9 {
			id := fmt.Sprint("p", i)
			w.must(w.CommitPerson(w.ctx, lead(id, i/2, nil)))
			want = append(want, id)
		}
		q := bot.LeadQuery{Limit: 2}
		for n := 0; ; n++ {
			page, err := w.ListLeads(w.ctx, q)
			w.must(err)
			if len(page) == 0 {
				break
			}
			for _, p := range page {
				if p.ID[0] == 'p' {
					got = append(got, p.ID)
				}
			}
			q.After = page[len(page)-1]
			changed, err := w.Person(w.ctx, want[(5*n+3)%len(want)])
			w.must(err)
			changed.UpdatedAt, changed.Stage = noon.Add(time.Duration(n)*time.Hour), bot.Stages[n%len(bot.Stages)]
			w.must(w.CommitPerson(w.ctx, bot.PersonTurn{Person: changed}))
			w.must(w.CommitPerson(w.ctx, lead(fmt.Sprint("x", n), n%5, nil)))
		}
		w.same(got, want)
	})
}

package storetest

import (
	"testing"
	"time"

	"usher/bot"
)

func owners(t *testing.T, fresh Database) {
	lead := func(w world, id, email, rep string, at time.Time) {
		t := turn(id, 0)
		t.Lead = &bot.Lead{ID: id, Conversation: id, Email: email, Rep: rep, UpdatedAt: at}
		w.commits(t)
	}
	tell(t, fresh, "who comes back has the rep of the newest lead, told by the visitor or the address, or else a colleague's", func(w world) {
		lead(w, "c1", "Priya@bigco.example", "asha", noon)
		lead(w, "c2", "priya@bigco.example", "ben", noon.Add(time.Hour))
		lead(w, "c3", "", "cora", noon)
		lead(w, "c4", "lena@bigco.example", "", noon.Add(2*time.Hour))
		lead(w, "c5", "omar@BIGCO.example", "dev", noon.Add(3*time.Hour))
		for _, c := range []struct {
			q    bot.OwnerQuery
			want bot.Owned
		}{
			{bot.OwnerQuery{Visitor: "new", Email: "priya@BIGCO.example"}, bot.Owned{Rep: "ben", At: noon.Add(time.Hour)}},
			{bot.OwnerQuery{Visitor: "new", Email: "priya@bigco.example", Except: "c2"}, bot.Owned{Rep: "asha", At: noon}},
			{bot.OwnerQuery{Visitor: "new", Email: "priya@bigco.example", Domain: "bigco.example"}, bot.Owned{Rep: "ben", At: noon.Add(time.Hour)}},
			{bot.OwnerQuery{Visitor: "new", Email: "lena@bigco.example"}, bot.Owned{}},
			{bot.OwnerQuery{Visitor: "new", Email: "lena@bigco.example", Domain: "BIGCO.example"}, bot.Owned{Rep: "dev", At: noon.Add(3 * time.Hour), Company: true}},
			{bot.OwnerQuery{Visitor: "new", Domain: "co.example"}, bot.Owned{}},
			{bot.OwnerQuery{Visitor: "new"}, bot.Owned{}},
			{bot.OwnerQuery{Visitor: "visitor of c3", Email: "new@bigco.example"}, bot.Owned{Rep: "cora", At: noon}},
			{bot.OwnerQuery{Visitor: "visitor of c3", Except: "c3"}, bot.Owned{}},
		} {
			owned, err := w.Owner(w.ctx, c.q)
			if err != nil || owned.Rep != c.want.Rep || !owned.At.Equal(c.want.At) || owned.Company != c.want.Company {
				w.Errorf("%+v: %+v, %v, want %+v", c.q, owned, err, c.want)
			}
		}
	})
}

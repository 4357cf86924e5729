package api_test

import (
	"flag"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/adapters/api"
	"usher/bot"
)

const omar = `{"email":"Omar@SmallCo.example","name":"Omar","phone":"98123 45678","country":"India","stage":"nurture","because":"asked at the fair",
  "fields":{"team_size":250},"source":{"utm":{"source":"fair"}},"consents":[{"field":"news","wording":"News by mail?","given":true}]}`

func TestLeads(t *testing.T) {
	t.Run("a lead is made, read with its trail, and told again it changes nothing", func(t *testing.T) {
		o := open(t)
		made := o.ask("POST", "/v1/leads", omar)
		var l api.LeadDetail
		o.read(made, &l)
		if made.status != http.StatusCreated || l.Email != "Omar@smallco.example" || l.Phone != "+919812345678" || l.Stage != "nurture" || l.Waiting != "api" ||
			l.Fields["team_size"] != 250.0 || l.First.UTM["source"] != "fair" || l.First.Channel != "api" || !l.Consents[0].Given {
			t.Errorf("%d %+v", made.status, l)
		}
		read := o.ask("GET", made.header.Get("Location"), "")
		o.read(read, &l)
		if read.header.Get("ETag") != made.header.Get("ETag") || len(l.Trail) < 3 || l.Trail[0].By != "api warehouse 7" {
			t.Errorf("%s %s %+v", read.header.Get("ETag"), made.header.Get("ETag"), l.Trail)
		}
		for _, tag := range []string{read.header.Get("ETag"), "W/" + read.header.Get("ETag"), `"old", ` + read.header.Get("ETag"), "*"} {
			if same := o.ask("GET", made.header.Get("Location"), "", "If-None-Match: "+tag); same.status != http.StatusNotModified || same.text != "" || same.header.Get("ETag") != read.header.Get("ETag") {
				t.Errorf("%s: %+v", tag, same)
			}
		}
		if other := o.ask("GET", made.header.Get("Location"), "", `If-None-Match: "1"`); other.status != http.StatusOK {
			t.Errorf("%+v", other)
		}
		o.clock = noon.Add(time.Hour)
		again := o.ask("POST", "/v1/leads", strings.Replace(omar, `"source":{"utm":{"source":"fair"}},`, "", 1))
		if again.status != http.StatusOK || again.header.Get("Location") != made.header.Get("Location") {
			t.Errorf("%+v", again)
		}
	})
	t.Run("one that is to be routed has a rep at once, as a visitor would have", func(t *testing.T) {
		o := open(t)
		body := `{"email":"priya@bigco.example","fields":{"team_size":250},"route":true}`
		for _, status := range []int{http.StatusCreated, http.StatusOK} {
			made := o.ask("POST", "/v1/leads", body)
			var l api.LeadDetail
			o.read(made, &l)
			o.read(o.ask("GET", made.header.Get("Location"), ""), &l)
			last := l.Trail[len(l.Trail)-1]
			if made.status != status || l.Owner == "" || l.Waiting != "" || last.To != l.Owner || last.By != "api warehouse 7" || !strings.Contains(last.Because, "team: ") {
				t.Errorf("%d %+v", made.status, l)
			}
		}
	})
	t.Run("what cannot be is told with its place, and nothing is kept of it", func(t *testing.T) {
		o := open(t)
		for place, body := range map[string]string{
			`"body.email"`: `{"email":"omar@"}`, `"body.phone"`: `{"phone":"12","country":"IN"}`, `"body"`: `{"name":"Omar"}`, `"body.owner"`: `{"email":"a@b.example","owner":"zoe"}`,
			`"body.stage"`: `{"email":"a@b.example","stage":"customer"}`, `"body.country"`: `{"email":"a@b.example","country":"Atlantis"}`,
			`"body.timezone"`: `{"email":"a@b.example","timezone":"Mars/Base"}`, `"body.fields.shoe_size"`: `{"email":"a@b.example","fields":{"shoe_size":43}}`,
			`"body.fields.team_size"`: `{"email":"a@b.example","fields":{"team_size":"many, I think"}}`, `"body.fields.goal"`: `{"email":"a@b.example","fields":{"goal":{}}}`,
			`"body.mail"`: `{"mail":"a@b.example"}`, `"body.consents[0].wording"`: `{"email":"a@b.example","consents":[{"field":"x","wording":"","given":true}]}`,
		} {
			o.refused(o.ask("POST", "/v1/leads", body), http.StatusUnprocessableEntity, `"location":`+place)
		}
		if all := list[api.Lead](o, "/v1/leads?limit=9", func() {}); len(all) > 0 {
			t.Errorf("%+v", all)
		}
	})
	t.Run("somebody who was erased is refused until it is said that they came back", func(t *testing.T) {
		o := open(t)
		o.ask("POST", "/v1/leads", omar)
		house := o.server.LeadChanges.(*bot.Bot)
		theirs, err := house.Subject(t.Context(), "omar@smallco.example")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := house.Erase(t.Context(), theirs, "mira@office"); err != nil {
			t.Fatal(err)
		}
		o.refused(o.ask("POST", "/v1/leads", omar), http.StatusConflict, "was erased on 2026-11-23", "again: true", `"location":"body.email"`)
		o.refused(o.ask("POST", "/v1/leads", `{"email":"other@smallco.example","phone":"+919812345678"}`), http.StatusConflict, `"location":"body.phone"`)
		if all := list[api.Lead](o, "/v1/leads?limit=9", func() {}); len(all) > 0 {
			t.Errorf("%+v", all)
		}
		back := strings.Replace(omar, "{", `{"again":true,`, 1)
		if made := o.ask("POST", "/v1/leads", back); made.status != http.StatusCreated {
			t.Errorf("%+v", made)
		}
		if known := o.ask("POST", "/v1/leads", omar); known.status != http.StatusOK {
			t.Errorf("who is known again: %+v", known)
		}
	})
	t.Run("a stage is changed with a reason on the version that was read, and the trail and the audit say by whom", func(t *testing.T) {
		o := open(t)
		made := o.ask("POST", "/v1/leads", omar)
		at, version := made.header.Get("Location"), made.header.Get("ETag")
		o.refused(o.ask("PATCH", at, `{"stage":"won"}`), http.StatusUnprocessableEntity, "body.because")
		o.refused(o.ask("PATCH", at, `{}`), http.StatusUnprocessableEntity, "changes nothing")
		o.refused(o.ask("PATCH", at, `{"owner":"zoe"}`, "If-Match: "+version), http.StatusUnprocessableEntity, "body.owner")
		if still := o.ask("GET", at, "", "If-None-Match: "+version); still.status != http.StatusNotModified {
			t.Errorf("%+v", still)
		}
		won := o.ask("PATCH", at, `{"stage":"won","because":"signed","owner":"asha"}`, "If-Match: "+version)
		var l api.LeadDetail
		o.read(won, &l)
		if changed := o.ask("GET", at, "", "If-None-Match: "+version); changed.status != http.StatusOK {
			t.Errorf("%+v", changed)
		}
		if l.Stage != "won" || l.Owner != "asha" || l.Waiting != "" || won.header.Get("ETag") == version {
			t.Errorf("%+v", l)
		}
		o.refused(o.ask("PATCH", at, `{"stage":"lost","because":"x"}`, "If-Match: "+version), http.StatusPreconditionFailed)
		o.refused(o.ask("PATCH", "/v1/leads/nobody", `{"stage":"lost","because":"x"}`), http.StatusNotFound)
		o.read(o.ask("GET", at, ""), &l)
		last := l.Trail[len(l.Trail)-1]
		if l.Stage != "won" || last.Kind != "stage" || last.By != "api warehouse 7" || last.Because != "signed" {
			t.Errorf("%s %+v", l.Stage, last)
		}
		lines, err := o.AuditLines(t.Context(), bot.AuditQuery{Whom: l.ID, Limit: 9})
		acts := ""
		for _, line := range lines {
			acts += line.Who + " " + line.What + ","
		}
		if err != nil || strings.ReplaceAll(acts, "api warehouse 7 ", "") != "person.stage,person.owner,api.create-lead,person.owner,person.stage," {
			t.Errorf("%v %s", err, acts)
		}
	})
	t.Run("of those who change one version at once, one does", func(t *testing.T) {
		o := open(t)
		made := o.ask("POST", "/v1/leads", omar)
		var all sync.WaitGroup
		statuses := make(chan int, 8)
		for i := range 8 {
			all.Go(func() {
				statuses <- o.ask("PATCH", made.header.Get("Location"), fmt.Sprintf(`{"stage":"sal","because":"reason %d"}`, i), "If-Match: "+made.header.Get("ETag")).status
			})
		}
		all.Wait()
		close(statuses)
		counts := map[int]int{}
		for s := range statuses {
			counts[s]++
		}
		if counts[http.StatusOK] != 1 || counts[http.StatusPreconditionFailed] != 7 {
			t.Errorf("%v", counts)
		}
	})
	t.Run("a request with a name is done once, whenever it comes again, and its name is no other's", func(t *testing.T) {
		o := open(t)
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() { o.ask("POST", "/v1/leads", omar, "Idempotency-Key: r1") })
		}
		all.Wait()
		again := o.ask("POST", "/v1/leads", omar, "Idempotency-Key: r1")
		if again.status != http.StatusCreated || again.header.Get("Idempotency-Replayed") != "true" {
			t.Errorf("%+v", again)
		}
		lines, err := o.AuditLines(t.Context(), bot.AuditQuery{Limit: 99})
		made := slices.DeleteFunc(lines, func(l bot.AuditLine) bool { return l.What != "api.create-lead" })
		if err != nil || len(made) != 1 {
			t.Errorf("%v %+v: what was done once is written down once", err, made)
		}
		o.refused(o.ask("POST", "/v1/leads", `{"email":"other@x.example"}`, "Idempotency-Key: r1"), http.StatusUnprocessableEntity, "Idempotency-Key")
		o.refused(o.ask("POST", "/v1/leads", `{"email":"other@"}`, "Idempotency-Key: r2"), http.StatusUnprocessableEntity, "body.email")
		if a := o.ask("POST", "/v1/leads", `{"email":"other@x.example"}`, "Idempotency-Key: r2"); a.status != http.StatusCreated {
			t.Errorf("a name that came to nothing is used up: %+v", a)
		}
		if all := list[api.Lead](o, "/v1/leads?limit=9", func() {}); len(all) != 2 {
			t.Errorf("%+v", all)
		}
		o.secret = o.key(bot.ScopeWriteLeads, bot.ScopeReadLeads)
		if a := o.ask("POST", "/v1/leads", `{"email":"third@x.example"}`, "Idempotency-Key: r1"); a.status != http.StatusCreated {
			t.Errorf("another system's name is in the way: %+v", a)
		}
	})
	t.Run("leads are filtered by stage, owner, words and change", func(t *testing.T) {
		o := open(t)
		o.ask("POST", "/v1/leads", omar)
		o.clock = noon.Add(time.Hour)
		o.ask("POST", "/v1/leads", `{"email":"zeynep@big.example","company":"Big A.Ş.","owner":"asha","stage":"sql","because":"x"}`)
		for query, want := range map[string]string{
			"stage=nurture": "Omar@smallco.example", "owner=asha": "zeynep@big.example", "q=big+a": "zeynep@big.example", "q=OMAR": "Omar@smallco.example",
			"since=2026-11-23T12:30:00Z": "zeynep@big.example", "stage=sql&owner=asha&q=zey": "zeynep@big.example", "q=nobody": "",
		} {
			got := ""
			for _, l := range list[api.Lead](o, "/v1/leads?limit=9&"+query, func() {}) {
				got += l.Email
			}
			if got != want {
				t.Errorf("%s: %s, not %s", query, got, want)
			}
		}
		o.refused(o.ask("GET", "/v1/leads?stage=customer", ""), http.StatusUnprocessableEntity, "query.stage")
	})
}

func TestPagesOfAChangingList(t *testing.T) {
	if err := flag.Set("rapid.checks", "12"); err != nil { // each has some dozens of requests
		t.Fatal(err)
	}
	o := open(t, func(s *api.Server) { s.Rate = api.Rate{Burst: 1 << 30, PerSecond: 1e9} })
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		o.clock = noon.Add(time.Duration(run) * 24 * time.Hour)
		mark := fmt.Sprintf("run%d", run)
		add := func(kind string, n int) string {
			email := fmt.Sprintf("%s%d@%s.example", kind, n, mark)
			if a := o.ask("POST", "/v1/leads", `{"email":"`+email+`"}`); a.status != http.StatusCreated {
				rt.Fatal(a)
			}
			return email
		}
		want := map[string]int{}
		var ids []string
		for n := range rapid.IntRange(1, 7).Draw(rt, "leads") {
			want[add("old", n)] = 0
			if rapid.Bool().Draw(rt, "later") {
				o.clock = o.clock.Add(time.Second)
			}
		}
		for _, l := range list[api.Lead](o, "/v1/leads?limit=200&q="+mark, func() {}) {
			ids = append(ids, l.ID)
		}
		news := 0
		path := fmt.Sprintf("/v1/leads?q=%s&limit=%d", mark, rapid.IntRange(1, 3).Draw(rt, "limit"))
		for _, l := range list[api.Lead](o, path, func() {
			o.clock = o.clock.Add(time.Duration(rapid.IntRange(0, 1).Draw(rt, "pass")) * time.Second)
			if rapid.Bool().Draw(rt, "comes") && news < 6 {
				add("new", news)
				news++
			}
			id, stage := rapid.SampledFrom(ids).Draw(rt, "changes"), rapid.SampledFrom(bot.Stages).Draw(rt, "stage")
			if a := o.ask("PATCH", "/v1/leads/"+id, `{"stage":"`+stage+`","because":"x"}`); a.status != http.StatusOK {
				rt.Fatal(a)
			}
		}) {
			if strings.HasPrefix(l.Email, "old") {
				want[l.Email]++
			}
		}
		for email, times := range want {
			if times != 1 {
				rt.Fatalf("%s came %d times", email, times)
			}
		}
	})
}

package flows_test

import (
	"testing"

	"usher/flows"
)

func TestALeadIsOfTheAccountThatItsAnswersName(t *testing.T) {
	r := &flows.Roster{Accounts: []*flows.Account{
		{Domains: []string{"bigco.example"}, To: "asha"},
		{Domains: []string{"eu.bigco.example"}, To: "ben"},
		{Company: "Big  Shop", To: "cora"},
	}}
	email := func(s string) map[string]flows.Value {
		return map[string]flows.Value{"email": {Type: flows.TypeEmail, Text: s}}
	}
	company := func(s string) map[string]flows.Value {
		return map[string]flows.Value{"company": {Type: flows.TypeText, Text: s}}
	}
	for name, c := range map[string]struct {
		values map[string]flows.Value
		want   string
	}{
		"an address at the domain":        {email("priya@BigCo.example"), "asha"},
		"an address below it":             {email("priya@in.bigco.example"), "asha"},
		"the longest domain counts":       {email("priya@de.eu.bigco.example"), "ben"},
		"a domain that ends alike":        {email("priya@notbigco.example"), ""},
		"free mail":                       {email("bigco.example@gmail.com"), ""},
		"the name, whatever its spelling": {company("BIG shop"), "cora"},
		"a part of the name":              {company("Big"), ""},
		"the company's site":              {map[string]flows.Value{"site": {Type: flows.TypeURL, Text: "https://www.bigco.example/a"}}, "asha"},
		"a domain before a name":          {map[string]flows.Value{"email": {Type: flows.TypeEmail, Text: "p@bigco.example"}, "company": {Text: "Big Shop"}}, "asha"},
		"nothing":                         {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			if a := r.AccountOf(c.values); a != nil {
				got = a.To
			}
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	if (*flows.Roster)(nil).AccountOf(email("a@b.c")) != nil {
		t.Error("nobody's account")
	}
}

func TestTheDomainOfACompany(t *testing.T) {
	for address, want := range map[string]string{
		"Priya@BigCo.example": "bigco.example", "p@gmail.com": "", "p@any.mailinator.com": "", "p": "", "p@": "", "@x": "", "": "",
	} {
		if got := flows.CompanyDomain(address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

func TestDiffTellsOfTiersAccountsAndLanguages(t *testing.T) {
	last := "  - { to: sales }"
	for _, c := range []struct{ old, now, says string }{
		{"within: 7d, for: 90d }", "within: 7d, for: 30d }", "an owner counts for 30d instead of for 90d after the lead's last change"},
		{last, "  - { to: sales, wait: 4h }", "a lead waits for `sales` for 4h instead of not at all"},
		{last, "  - { to: [sales, support], after: 15m }", "leads go to `sales`, then `support` instead of `sales` otherwise"},
		{last, "  - { to: sales, after: 15m, else: support }", "leads go to `sales`, else `support` instead of `sales` otherwise"},
		{"\nroutes:", "\naccounts: [{ domain: bigco.example, to: ben }]\nroutes:", "leads of `bigco.example` now are the account's, of `ben`"},
		{"claim: 5m,", "claim: 5m, languages: match,", "the team `sales`: languages match instead of prefer"},
		{"limits: { day: 6, week: 20, open: 30 }", "limits: { day: 6, week: 20, open: 12 }", "the rep `asha`: limits open 12 instead of 30"},
	} {
		t.Run(c.says, func(t *testing.T) {
			changes := flows.Diff(edited(t, "team.yaml"), edited(t, "team.yaml", c.old, c.now))
			if len(changes) == 0 || changes[0].Says != c.says {
				t.Errorf("%+v", changes)
			}
		})
	}
}

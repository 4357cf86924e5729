package flows

import (
	"net/url"
	"slices"
	"strings"
)

// Account is a company whose leads go to a rep or team of their own.
type Account struct {
	Domains []string // in lower case; what lies below them counts too
	Company string   // its name, as visitors write it; "" = only the domains tell
	To      string   // rep or team id
	Place   Place
}

// AccountOf is the account of a lead, told by its address, the company's site or its name; nil where it is none. Of
// several domains the longest counts, and a domain before a name.
func (r *Roster) AccountOf(values map[string]Value) *Account {
	if r == nil || len(r.Accounts) == 0 {
		return nil
	}
	var best *Account
	length := 0
	for _, host := range hosts(values) {
		for _, a := range r.Accounts {
			for _, domain := range a.Domains {
				if len(domain) > length && (host == domain || strings.HasSuffix(host, "."+domain)) {
					best, length = a, len(domain)
				}
			}
		}
	}
	company := sameName(values["company"].Text)
	if i := slices.IndexFunc(r.Accounts, func(a *Account) bool { return sameName(a.Company) == company }); best == nil && company != "" && i >= 0 {
		best = r.Accounts[i]
	}
	return best
}

// hosts are the domains that a lead's answers name, in the order of the fields' names.
func hosts(values map[string]Value) (all []string) {
	for _, name := range sortedKeys(values) {
		switch v := values[name]; v.Type {
		case TypeEmail:
			all = append(all, CompanyDomain(v.Text))
		case TypeURL:
			if u, err := url.Parse(v.Text); err == nil {
				all = append(all, strings.ToLower(u.Hostname()))
			}
		}
	}
	return all
}

// sameName is a company's name without what two people write differently.
func sameName(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// accounts makes the accounts; they come after the teams, which they name.
func (m *rosterMaker) accounts(r *Roster) {
	seen := map[string]bool{}
	for i := range m.shape.Accounts {
		s := &m.shape.Accounts[i]
		a := &Account{Company: s.Company.text, To: s.To.text, Place: s.place()}
		written := s.Domains
		if s.Domain.set() {
			written = append([]word{s.Domain}, written...)
		}
		for _, w := range written {
			a.Domains = append(a.Domains, accountDomain(w, seen)...)
		}
		if name := sameName(a.Company); name != "" {
			if seen[" "+name] {
				s.Company.wrong("duplicate-account", "", "%q is an account already", a.Company)
			}
			seen[" "+name] = true
		}
		if len(written) == 0 && a.Company == "" {
			s.wrong("missing-key", "add domain: bigco.example", "nothing tells which leads are of this account")
		}
		if s.To.text == Owner || s.To.text == ToAccount {
			s.To.wrong("unknown-team", "", "an account leads to a rep or a team")
		} else {
			target(s.To, r)
		}
		r.Accounts = append(r.Accounts, a)
	}
}

// accountDomain is a domain of an account, or none where it is reported.
func accountDomain(w word, seen map[string]bool) []string {
	found := domains([]word{w})
	for _, domain := range found {
		switch {
		case seen[domain]:
			w.wrong("duplicate-account", "", "%q is of an account already", domain)
		case FreeMail(domain) || Disposable(domain):
			w.wrong("free-mail", "name the company's own domain", "anybody may have an address at %s", domain)
		default:
			seen[domain] = true
			continue
		}
		return nil
	}
	return found
}

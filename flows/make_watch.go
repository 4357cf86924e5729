package flows

import (
	"regexp"
	"strings"
)

var domainPattern = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*$`)

// domains are the watched ones, in lower case.
func domains(list []word) (out []string) {
	for _, w := range list {
		domain := strings.ToLower(strings.TrimSpace(w.text))
		switch {
		case domain == "":
		case !domainPattern.MatchString(domain):
			w.wrong("bad-domain", "write it as bigco.example", "%q is not a domain", w.text)
		default:
			out = append(out, domain)
		}
	}
	return out
}

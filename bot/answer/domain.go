package answer

import "strings"

// Domain is that of the company an address belongs to, or "": free-mail and disposable domains are no company's.
func Domain(address string) string {
	_, domain, ok := strings.Cut(strings.ToLower(address), "@")
	if !ok || private(domain) != "" {
		return ""
	}
	return domain
}

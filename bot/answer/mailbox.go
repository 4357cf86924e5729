package answer

import "usher/flows"

// private is the code of a domain that is nobody's work, or "". Disposable domains count with all below them.
func private(domain string) string {
	switch {
	case flows.Disposable(domain):
		return Disposable
	case flows.FreeMail(domain):
		return FreeMail
	}
	return ""
}

// wellKnown are the mail services whose names are mistyped most.
var wellKnown = []string{"gmail.com", "googlemail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "rediffmail.com"}

// neighbours are real domains one letter from a well-known one.
var neighbours = set("mail.com email.com qmail.com ymail.com amail.com cmail.com tmail.com gail.com hitmail.com gotmail.com cloud.com")

// intended is the well-known domain of which this one is a slip, or "".
func intended(domain string) string {
	if neighbours[domain] {
		return ""
	}
	for _, known := range wellKnown {
		if n, ok := near(domain, known, 1); ok && n > 0 {
			return known
		}
	}
	return ""
}

package answer

import (
	_ "embed"
	"strings"
)

//go:generate npm ci --ignore-scripts --prefix lists
//go:generate npm run --prefix lists generate

// The lists are sorted lines, searched as they stand: they cost nothing at start and nothing on the heap. Their first
// lines name the packages and versions they come from.
var (
	//go:embed lists/free.txt
	freeList string
	//go:embed lists/disposable.txt
	disposableList string
)

// private is the code of a domain that is nobody's work, or "". Disposable domains count with all below them.
func private(domain string) string {
	for at := domain; strings.Contains(at, "."); {
		if listed(disposableList, at) {
			return Disposable
		}
		_, at, _ = strings.Cut(at, ".")
	}
	if listed(freeList, domain) {
		return FreeMail
	}
	return ""
}

// listed says whether a sorted list has the line.
func listed(list, line string) bool {
	low, high := 0, len(list)
	for low < high {
		start := (low + high) / 2
		start = low + strings.LastIndexByte(list[low:start], '\n') + 1
		end := start + strings.IndexByte(list[start:], '\n')
		switch found := list[start:end]; {
		case found == line:
			return true
		case found < line:
			low = end + 1
		default:
			high = start
		}
	}
	return false
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

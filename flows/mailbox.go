package flows

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

// FreeMail says whether anybody may have an address at the domain, so that it tells nothing of a company.
func FreeMail(domain string) bool { return inList(freeList, domain) }

// Disposable says whether addresses at the domain, or at one above it, are thrown away.
func Disposable(domain string) bool {
	for at := domain; strings.Contains(at, "."); {
		if inList(disposableList, at) {
			return true
		}
		_, at, _ = strings.Cut(at, ".")
	}
	return false
}

// CompanyDomain is the domain of an address at work, in lower case; "" where the address tells nothing of a company.
func CompanyDomain(email string) string {
	_, domain, _ := strings.Cut(strings.ToLower(strings.TrimSpace(email)), "@")
	if !domainPattern.MatchString(domain) || FreeMail(domain) || Disposable(domain) {
		return ""
	}
	return domain
}

// inList says whether a sorted list has the line.
func inList(list, line string) bool {
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

package mail

import (
	"regexp"
	"strconv"
	"strings"
)

// fate is what a refusal for good means.
type fate int

const (
	unwanted fate = iota // of the letter or of us: the server's policy, a size, spam. It says nothing about the person
	nobody               // there is nobody at the address
	full                 // there is, and their mailbox has no room
)

// fateOf reads a reply code, 0 = there is none, and an enhanced status (RFC 5321 4.2.3, RFC 3463 3), which goes before it.
func fateOf(code int, status string) fate {
	_, detail, _ := strings.Cut(status, ".")
	subject, _, _ := strings.Cut(detail, ".")
	switch {
	case detail == "2.2":
		return full
	case detail == "1.7", detail == "1.8", detail == "2.3", detail == "3.4": // our own address, or the letter's size
		return unwanted
	case subject == "7", subject == "6": // policy; what is in the letter
		return unwanted
	case subject == "1", detail == "2.1": // an address that is none, or is not in use
		return nobody
	}
	switch code {
	case 552: // RFC 5321: no room
		return full
	case 550, 551, 553, 556:
		return nobody
	case 0: // a report that came back
		return nobody
	}
	return unwanted
}

// report is how the words of failure begin: the status, and what the other server said, where that is told.
var report = regexp.MustCompile(`^(5\.[0-9]{1,3}\.[0-9]{1,3}) *(5[0-9][0-9])?[ -]*(5\.[0-9]{1,3}\.[0-9]{1,3})?`)

// fateOfReport is the fate of a letter that came back. A status that says nothing gives way to the other server's own.
func fateOfReport(why string) fate {
	m := report.FindStringSubmatch(why)
	if m == nil {
		return nobody
	}
	status, code := m[1], 0
	if strings.HasSuffix(status, ".0.0") {
		status = m[3]
		code, _ = strconv.Atoi(m[2]) // 0 where there is none
	}
	return fateOf(code, status)
}

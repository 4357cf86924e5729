package answer

import (
	"strings"
	"unicode"

	"usher/flows"
)

// maxURL is the most bytes of a web address: what every browser takes.
const maxURL = 2048

// readURL reads the one web address of an answer, http or https, with https added where no scheme was typed and the
// host in lower case. The host must be a name with a dot.
func readURL(q *Question, text string) (flows.Value, *Refusal) {
	found := ""
	for piece := range strings.FieldsSeq(text) {
		address, ok := webAddress(strings.Trim(piece, `<>()"',;!`))
		switch {
		case !ok && strings.Contains(piece, "://"):
			return q.refuse(NotAURL)
		case !ok || address == found:
			continue
		case found != "":
			return q.refuse(Ambiguous)
		}
		found = address
	}
	if found == "" {
		return q.refuse(NotAURL)
	}
	return flows.Value{Type: flows.TypeURL, Text: found}, nil
}

// webAddress is the address with its scheme; ok is false when it is none.
func webAddress(piece string) (address string, ok bool) {
	scheme, rest, said := strings.Cut(piece, "://")
	if !said {
		scheme, rest = "https", strings.TrimPrefix(piece, "//")
	}
	scheme = strings.ToLower(scheme)
	end := len(rest)
	if at := strings.IndexAny(rest, "/?#"); at >= 0 {
		end = at
	}
	host, path := strings.ToLower(rest[:end]), rest[end:]
	if path == "" {
		host = strings.TrimRight(host, ".?:")
	}
	if scheme != "http" && scheme != "https" || len(piece) > maxURL || !webHost(host) || strings.ContainsFunc(path, unsafe) {
		return "", false
	}
	return scheme + "://" + host + path, true
}

// webHost says whether a host, with its port if it has one, is a public name. A name before @ is refused: it shows
// one site and leads to another.
func webHost(host string) bool {
	name, port, said := strings.Cut(host, ":")
	if said && (port == "" || len(port) > 5 || !digitsOnly(port)) {
		return false
	}
	last := name[strings.LastIndexByte(name, '.')+1:]
	if len(last) == len(name) || len(name) > 253 || len(last) < 2 || digitsOnly(last) {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if !webLabel(label) {
			return false
		}
	}
	return true
}

// webLabel is a label of a host, which may be in any script.
func webLabel(label string) bool {
	if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	return !strings.ContainsFunc(label, func(r rune) bool { return r != '-' && r != '_' && !unicode.In(r, unicode.L, unicode.M, unicode.Nd) })
}

// unsafe says whether a rune cannot stand in an address as it is.
func unsafe(r rune) bool {
	return r <= ' ' || r == 0x7f || strings.ContainsRune("<>\"`{}|\\^", r) || !unicode.IsPrint(r)
}

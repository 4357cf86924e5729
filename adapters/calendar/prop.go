package calendar

import (
	"bytes"
	"strings"
)

// prop is one property: NAME;PARAM=value:VALUE.
type prop struct {
	name   string
	params []param
	value  string
}

type param struct{ name, value string }

func (p *prop) param(name string) string {
	for _, x := range p.params {
		if x.name == name {
			return x.value
		}
	}
	return ""
}

// parseProp reads a logical line. A quote that is not closed on its line counts as a stray character.
func parseProp(line []byte) (prop, bool) {
	n := 0
	for n < len(line) && isNameByte(line[n]) {
		n++
	}
	if n == 0 || n == len(line) {
		return prop{}, false
	}
	p := prop{name: propName(line[:n])}
	rest := line[n:]
	for len(rest) > 0 && rest[0] == ';' {
		var x param
		x, rest = parseParam(rest[1:])
		p.params = append(p.params, x)
	}
	if len(rest) == 0 || rest[0] != ':' {
		return prop{}, false
	}
	p.value = string(rest[1:])
	return p, true
}

func isNameByte(b byte) bool {
	return b == '-' || b == '_' || '0' <= b && b <= '9' || 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z'
}

// propName gives the names that are looked for without allocating.
func propName(b []byte) string {
	switch string(b) {
	case "BEGIN":
		return "BEGIN"
	case "END":
		return "END"
	case "UID":
		return "UID"
	case "DTSTART":
		return "DTSTART"
	case "DTEND":
		return "DTEND"
	case "DTSTAMP":
		return "DTSTAMP"
	case "SUMMARY":
		return "SUMMARY"
	case "RRULE":
		return "RRULE"
	case "ATTENDEE":
		return "ATTENDEE"
	case "DESCRIPTION":
		return "DESCRIPTION"
	}
	return strings.ToUpper(string(b))
}

// parseParam reads NAME=value up to the next ; or :. Of a list of values the text is kept as it stands.
func parseParam(s []byte) (param, []byte) {
	end := paramEnd(s)
	name, value, _ := bytes.Cut(s[:end], []byte("="))
	text := strings.TrimSpace(string(value))
	if len(text) > 0 && (text[0] == '"' || text[len(text)-1] == '"') {
		text = strings.Trim(text, `"`)
	}
	return param{paramName(name), text}, s[end:]
}

func paramName(b []byte) string {
	switch string(b) {
	case "TZID":
		return "TZID"
	case "VALUE":
		return "VALUE"
	}
	return strings.ToUpper(strings.TrimSpace(string(b)))
}

func paramEnd(s []byte) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ';', ':':
			return i
		case '"':
			if j := bytes.IndexByte(s[i+1:], '"'); j >= 0 {
				i += j + 1
			}
		}
	}
	return len(s)
}

// unescape reads TEXT, RFC 5545 3.3.11.
func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		if s[i] == 'n' || s[i] == 'N' {
			b.WriteByte('\n')
			continue
		}
		b.WriteByte(s[i])
	}
	return strings.ToValidUTF8(b.String(), "\uFFFD")
}

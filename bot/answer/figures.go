package answer

import (
	"strings"
	"time"

	"usher/flows"
)

// numeric reads 2026-12-01, 1/12/2026, 1.12.2026, 1/12.
func (c *calendar) numeric(i int) (dated, bool) {
	var buf [3]string
	parts, separator, to := c.figures(buf[:0], i)
	if len(parts) < 2 || len(parts) == 2 && (separator == "-" || c.times && separator == ".") || c.clockFollows(to-1) {
		return dated{}, false
	}
	for _, p := range parts {
		if !digitsOnly(p) || len(p) == 3 || len(p) > 4 {
			return dated{}, false
		}
	}
	if len(parts) == 2 && (len(parts[0]) > 2 || len(parts[1]) > 2) {
		return dated{}, false
	}
	return c.ordered(parts, separator, to), true
}

// figures are the numbers of a date at token i with what separates them.
func (c *calendar) figures(into []string, i int) (parts []string, separator string, to int) {
	if i >= len(c.tokens) || c.tokens[i].kind != number {
		return nil, "", i
	}
	if strings.Contains(c.tokens[i].text, ".") {
		for p := range strings.SplitSeq(c.tokens[i].text, ".") {
			if len(into) == 3 {
				return nil, "", i
			}
			into = append(into, p)
		}
		return into, ".", i + 1
	}
	into, to, separator = append(into, c.tokens[i].text), i+1, c.text(i+1)
	if separator != "/" && (separator != "-" || !c.tokens[i+1].glued) {
		return nil, "", i
	}
	for len(into) < 3 && c.text(to) == separator && to+1 < len(c.tokens) && c.tokens[to+1].kind == number {
		into, to = append(into, c.tokens[to+1].text), to+2
	}
	return into, separator, to
}

// ordered tells day, month and year apart.
func (c *calendar) ordered(parts []string, separator string, to int) dated {
	a, b := atoi(parts[0]), atoi(parts[1])
	if len(parts[0]) == 4 {
		return exact(flows.Date{Year: a, Month: time.Month(b), Day: atoi(parts[2])}, to)
	}
	day, month, sure := c.dayFirst(a, b, separator)
	if !sure {
		return dated{to: to, code: Ambiguous}
	}
	if len(parts) == 2 {
		if month > 12 {
			return dated{to: to, code: NotADate}
		}
		return c.rolled(time.Month(month), day, to)
	}
	year := atoi(parts[2])
	if len(parts[2]) <= 2 {
		year += century
	}
	return exact(flows.Date{Year: year, Month: time.Month(month), Day: day}, to)
}

// dayFirst puts two numbers in order: by what they can be, by the points between them, or by the region of the
// language. Where 1/12 may be both, it is neither.
func (c *calendar) dayFirst(a, b int, separator string) (day, month int, sure bool) {
	switch region := regionOf(c.q.Language); {
	case a == b, a > 12, separator == ".":
		return a, b, true
	case b > 12:
		return b, a, true
	case region == "US" || region == "PH":
		return b, a, true
	case region != "" && region != "CA" || c.l.dayFirst:
		return a, b, true
	}
	return 0, 0, false
}

// regionOf is the region that a language tag names: GB in en-GB and en-Latn-GB, or "".
func regionOf(language string) string {
	_, rest, _ := strings.Cut(language, "-")
	for part := range strings.SplitSeq(rest, "-") {
		if len(part) == 2 && alphanumeric(part[0]) && alphanumeric(part[1]) {
			return strings.ToUpper(part)
		}
		if len(part) == 1 { // an extension begins
			return ""
		}
	}
	return ""
}

package answer

import "strings"

// reading is how sure a literal is.
type reading uint8

const (
	sound      reading = iota
	unreadable         // 1.2.3, too many digits
	twofold            // 1.200 where the point may group or divide
)

// maxDigits is how many digits a number may have: a float64 holds each number of fifteen exactly.
const maxDigits = 15

// literal reads digits with separators: 1200, 1,200.50, 1.200,50, 12,00,000, 1'200. A separator that could mean two
// things is twofold, never guessed: 1.200 is 1200 in Berlin.
func (q *Question) literal(s string) (decimal, reading) {
	point, sure := q.point(s)
	if sure != sound {
		return decimal{}, sure
	}
	digits, fraction := s, ""
	if point >= 0 {
		digits, fraction = s[:point], strings.TrimRight(s[point:], "0")
	}
	if !grouped(digits) {
		return decimal{}, unreadable
	}
	return join(digits, fraction)
}

// point is the byte offset of the decimal separator, or -1.
func (q *Question) point(s string) (int, reading) {
	if strings.ContainsRune(s, '٫') {
		return strings.IndexRune(s, '٫'), sound
	}
	dots, commas := strings.Count(s, "."), strings.Count(s, ",")
	last := strings.LastIndexAny(s, ".,")
	switch {
	case dots+commas == 0, dots > 1 && commas == 0, commas > 1 && dots == 0:
		return -1, sound
	case dots > 0 && commas > 0:
		if strings.Count(s, s[last:last+1]) > 1 {
			return -1, unreadable
		}
		return last, sound
	}
	return q.only(s, last)
}

// only decides about the one separator of a number.
func (q *Question) only(s string, at int) (int, reading) {
	three := len(s)-at == 4 && at <= 3 && s[0] != '0'
	if s[at] == ',' {
		if three {
			return -1, sound
		}
		return at, sound
	}
	if three && (s[len(s)-1] == '0' || q.dividesByComma()) {
		return -1, twofold
	}
	return at, sound
}

// dividesByComma says whether the visitor's country writes 1.200 for twelve hundred.
func (q *Question) dividesByComma() bool { return commaCountries[strings.ToUpper(q.Country)] }

var commaCountries = set(`AR AT BE BG BO BR BY CL CO CR CZ DE DK EC EE ES FI FR GR HR HU ID IS IT LT LU LV NL NO PL PT PY
	RO RS RU SE SI SK TR UA UY VE VN`)

// grouped says whether the separators of a whole part stand where people put them: by threes, or as in 12,00,000.
func grouped(s string) bool {
	run, groups, indian := 0, 0, false
	for i := len(s) - 1; i >= 0; i-- {
		if isDigit(rune(s[i])) {
			run++
			continue
		}
		if s[i] >= 0x80 && s[i]&0xC0 == 0x80 { // inside ٬
			continue
		}
		if groups == 0 && run != 3 || groups == 1 && run != 2 && run != 3 || groups > 1 && run != groupOf(indian) {
			return false
		}
		indian = groups >= 1 && run == 2 || indian
		groups, run = groups+1, 0
	}
	return groups == 0 || run <= groupOf(indian)
}

func groupOf(indian bool) int {
	if indian {
		return 2
	}
	return 3
}

// join makes the number of both parts, separators dropped.
func join(digits, fraction string) (decimal, reading) {
	d, count := decimal{}, 0
	for i, r := range digits + fraction {
		if !isDigit(r) {
			continue
		}
		if d.n != 0 || r != '0' {
			count++
		}
		if count > maxDigits || d.scale == maxScale {
			return decimal{}, unreadable
		}
		d.n = d.n*10 + int64(r-'0')
		if i >= len(digits) {
			d.scale++
		}
	}
	return d, sound
}

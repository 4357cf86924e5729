package answer

import "unicode/utf8"

// maxTypo is the most runes of a word that is compared letter by letter.
const maxTypo = 40

// slips is how many slips of the finger a word of that many letters may have: short words turn into others at once.
func slips(letters int) int {
	switch {
	case letters < 4:
		return 0
	case letters < 8:
		return 1
	default:
		return 2
	}
}

// near says how many slips (a letter left out, added, changed, or two swapped) lie between the words, if at most limit.
func near(a, b string, limit int) (n int, ok bool) {
	if a == b {
		return 0, true
	}
	la, lb := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
	if limit == 0 || la > maxTypo || lb > maxTypo || la-lb > limit || lb-la > limit {
		return 0, false
	}
	n = distance(a, b)
	return n, n <= limit
}

// distance is Damerau's, in its restricted form.
func distance(a, b string) int {
	var bufA, bufB [maxTypo]rune
	x, y := runes(bufA[:0], a), runes(bufB[:0], b)
	var rows [3][maxTypo + 1]int
	before, above, row := &rows[0], &rows[1], &rows[2]
	for j := range len(y) + 1 {
		above[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(above[j+1]+1, row[j]+1, above[j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(y)]
}

func runes(into []rune, s string) []rune {
	for _, r := range s {
		into = append(into, r)
	}
	return into
}

package answer

import (
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"usher/flows"
)

// readCountry reads a country by its name in the visitor's language or in English, by what people call it (Holland,
// the UK), or by its ISO 3166 code, and keeps the code of two letters.
func readCountry(q *Question, text string) (flows.Value, *Refusal) {
	var buf [32]token
	tokens, ok := scan(buf[:0], text)
	if !ok {
		return q.refuse(NotACountry)
	}
	code, problem := q.country(unmarked(tokens))
	if problem != "" {
		return q.refuse(problem)
	}
	return flows.Value{Type: flows.TypeCountry, Text: code}, nil
}

func (q *Question) country(tokens []token) (code, problem string) {
	if len(tokens) == 1 {
		if code := isoCountry(tokens[0].raw); code != "" {
			return code, ""
		}
	}
	said := initials(spelled(tokens))
	for _, names := range q.countries() {
		if code := names[said]; code != "" {
			return sure(code)
		}
	}
	if code, problem := q.countryIn(tokens); code != "" || problem != "" {
		return code, problem
	}
	return q.countryNear(said)
}

// severalCountries is what a lexicon has for a name that more than one country goes by.
const severalCountries = "?"

func sure(code string) (string, string) {
	if code == severalCountries {
		return "", Ambiguous
	}
	return code, ""
}

// initials joins letters that stand alone: U.S.A. is usa.
func initials(said string) string {
	for i := 1; i < len(said); i += 2 {
		if said[i] != ' ' {
			return said
		}
	}
	return strings.ReplaceAll(said, " ", "")
}

// countries are the names to look among: the lexicon's own, the language's, and the English ones.
func (q *Question) countries() []map[string]string {
	base, _, _ := strings.Cut(strings.ToLower(q.Language), "-")
	if base == "en" || base == "" {
		return []map[string]string{english.countries, countryNames("en")}
	}
	return []map[string]string{lexiconOf(base).countries, countryNames(base), english.countries, countryNames("en")}
}

// spellings are codes that are words too: as codes they count in capitals only.
var spellings = set("in no me is it so to at be do by my am as id la pa ma an de al am ad are can per and mar nor cub ben sen")

// isoCountry is the country of a code of two or three letters, or "".
func isoCountry(raw string) string {
	if len(raw) != 2 && len(raw) != 3 || spellings[strings.ToLower(raw)] && raw != strings.ToUpper(raw) {
		return ""
	}
	region, err := language.ParseRegion(raw)
	if err != nil || !region.IsCountry() || isDigit(rune(raw[0])) {
		return ""
	}
	return region.Canonicalize().String()
}

// maxCountryWords is the most words of a country's name.
const maxCountryWords = 6

// countryIn is the one country named in a sentence, the longest name first: South Sudan is not Sudan.
func (q *Question) countryIn(tokens []token) (code, problem string) {
	lists := q.countries()
	for i := 0; i < len(tokens); {
		found, n := leading(lists, tokens[i:])
		if n == 0 && len(tokens[i].raw) == 2 && tokens[i].raw == strings.ToUpper(tokens[i].raw) {
			found = isoCountry(tokens[i].raw)
		}
		if found != "" && code != "" && found != code {
			return "", Ambiguous
		}
		if found != "" {
			code = found
		}
		i += max(n, 1)
	}
	return sure(code)
}

// leading is the country whose name begins the tokens, and how many it takes.
func leading(lists []map[string]string, tokens []token) (code string, n int) {
	for n = min(maxCountryWords, len(tokens)); n > 0; n-- {
		if tokens[n-1].kind == mark || n == 1 && tokens[0].text == "us" && tokens[0].raw == "us" {
			continue
		}
		said := spelled(tokens[:n])
		for _, names := range lists {
			if code := names[said]; code != "" {
				return code, n
			}
		}
	}
	return "", 0
}

// countryNear is the country whose name is a slip away, if it is one.
func (q *Question) countryNear(said string) (code, problem string) {
	letters := utf8.RuneCountInString(said)
	if letters < 4 || letters > maxTypo {
		return "", NotACountry
	}
	best := slips(letters) + 1
	for _, names := range q.countries() {
		for name, of := range names {
			d, ok := near(said, name, slips(letters))
			switch {
			case !ok || d > best || d == best && of == code:
			case d < best:
				code, best, problem = of, d, ""
			default:
				problem = Ambiguous
			}
		}
	}
	if code == "" {
		return "", NotACountry
	}
	if problem != "" {
		return "", problem
	}
	return sure(code)
}

// tables holds the names by language, each made when it is first asked for: most flows ask for no country.
var tables sync.Map

// countryNames maps the names of countries in a language, folded and in lower case, to their codes.
func countryNames(base string) map[string]string {
	if t, ok := tables.Load(base); ok {
		return t.(map[string]string)
	}
	out := map[string]string{}
	namer := display.Regions(language.Make(base))
	if namer == nil || len(base) > 3 { // what is no language is not remembered: there is no end to them
		return out
	}
	for _, region := range regions() {
		var buf [16]token
		tokens, _ := scan(buf[:0], fold(namer.Name(region)))
		out[strings.Replace(spelled(tokens), " sar china", "", 1)] = region.String()
	}
	delete(out, "")
	t, _ := tables.LoadOrStore(base, out)
	return t.(map[string]string)
}

// regions are the countries of ISO 3166.
func regions() []language.Region {
	var out []language.Region
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			r, err := language.ParseRegion(string(a) + string(b))
			if err == nil && r.IsCountry() && r.Canonicalize() == r && !strings.Contains("UK EU EZ UN XA XB QO", r.String()) {
				out = append(out, r)
			}
		}
	}
	return out
}

// showCountry is the country's name in the language.
func showCountry(code, tag string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	for _, t := range []language.Tag{language.Make(tag), language.English} {
		if namer := display.Regions(t); namer != nil && namer.Name(region) != "" {
			return namer.Name(region)
		}
	}
	return code
}

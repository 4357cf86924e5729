package rehearse

import (
	"regexp/syntax"
	"strings"
	"time"

	"usher/flows"
)

// plain are candidates for an answer that no condition is about, the plainest first.
func (c *classer) plain() (words []string) {
	for _, text := range c.specimens() {
		if !c.about(text) {
			words = append(words, text)
		}
	}
	return words
}

// about says whether a comparison names just this text.
func (c *classer) about(text string) bool {
	for _, m := range c.mentions {
		for _, t := range m.Texts {
			if compares(m.Operator, text, t) {
				return true
			}
		}
	}
	return false
}

// compares says whether a comparison that is no order holds of two texts.
func compares(operator, text, with string) bool {
	switch operator {
	case "==", "!=", "in":
		return text == with
	case "contains":
		return strings.Contains(text, with)
	case "startsWith":
		return strings.HasPrefix(text, with)
	case "endsWith":
		return strings.HasSuffix(text, with)
	}
	return false
}

// specimens are plain answers of the field's type.
func (c *classer) specimens() []string {
	f := c.q.Field
	switch f.Type {
	case flows.TypeEmail:
		return []string{"sam@bigco.example", "sam@northwind.example", "lee@acme.example"}
	case flows.TypePhone:
		return []string{"+14155552671", "+442079460958", "+919876543210"}
	case flows.TypeURL:
		return []string{"https://bigco.example", "https://acme.example"}
	case flows.TypeCountry:
		return []string{"NZ", "DE", "IN", "US", "FR", "BR"}
	case flows.TypeDate:
		return c.days()
	}
	words := []string{"BigCo", "Northwind", "Sam Lee", "K7"}
	if f.Name == "name" {
		words = []string{"Sam Lee", "Lee", "Sam"}
	}
	if f.Pattern != "" {
		words = append(words, specimen(f.Pattern))
	}
	if f.Min != nil {
		words = append(words, strings.Repeat("We count by hand. ", int(min(*f.Min, 4000))/18+1))
	}
	return words
}

// days are dates soon and later, and those at the field's bounds.
func (c *classer) days() (days []string) {
	for _, ahead := range []int{3, 1, 0, 30, 90, 365, -1, -30, -365} {
		days = append(days, c.q.Now.AddDate(0, 0, ahead).Format(time.DateOnly))
	}
	for _, bound := range []string{c.q.Field.Earliest, c.q.Field.Latest} {
		if ahead, ok := flows.Lapse(bound); ok {
			days = append(days, c.q.Now.Add(ahead).Format(time.DateOnly))
		} else if bound != "" {
			days = append(days, bound)
		}
	}
	return days
}

// compared are, for each text that a comparison names, candidates for an answer that it holds of; of an order also the
// ones on both sides.
func (c *classer) compared() (groups [][]string) {
	for _, m := range c.mentions {
		for _, t := range m.Texts {
			switch m.Operator {
			case "<", "<=", ">", ">=":
				groups = append(groups, around(t, -1), []string{t}, around(t, 1))
			case "matches":
				groups = append(groups, dressed(c.q.Field.Type, specimen(t)))
			case "startsWith", "endsWith", "contains", "==", "!=", "in":
				var holding []string
				for _, text := range dressed(c.q.Field.Type, t) {
					if compares(m.Operator, text, t) {
						holding = append(holding, text)
					}
				}
				groups = append(groups, holding)
			}
		}
	}
	return groups
}

// around is a text just before or after another in its order.
func around(text string, by int) []string {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return []string{day.AddDate(0, 0, by).Format(time.DateOnly)}
	}
	if by > 0 {
		return []string{text + "a", text + "1"}
	}
	if text == "" {
		return nil
	}
	return []string{text[:len(text)-1], "0", "A"}
}

// dressed are answers of a type that have a text in them.
func dressed(t flows.Type, text string) []string {
	words := []string{text}
	switch t {
	case flows.TypeEmail:
		words = append(words, "sam"+text, "sam@bigco"+text, "sam@"+text, text+"@bigco.example", text+"bigco.example", "sam@"+text+".example", "sam@bigco."+text)
	case flows.TypeURL:
		words = append(words, "https://bigco"+text, "https://"+text, text+"bigco.example", "https://bigco.example/"+text, "https://bigco.example"+text)
	case flows.TypePhone:
		words = append(words, text+"4155552671", text+"9876543210", text+"2079460958")
	case flows.TypeText:
		words = append(words, "BigCo "+text, text+" BigCo", "BigCo "+text+" Ltd")
	}
	return words
}

// specimen is a short text that fits a regular expression.
func specimen(pattern string) string {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return ""
	}
	var b strings.Builder
	fit(&b, parsed.Simplify())
	return b.String()
}

// maxSpecimen bounds what a pattern's repeats may grow to.
const maxSpecimen = 500

func fit(b *strings.Builder, re *syntax.Regexp) {
	if b.Len() > maxSpecimen {
		return
	}
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			b.WriteRune(r)
		}
	case syntax.OpCharClass:
		if len(re.Rune) > 0 {
			b.WriteRune(pleasant(re.Rune))
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteRune('a')
	case syntax.OpCapture, syntax.OpPlus:
		fit(b, re.Sub[0])
	case syntax.OpRepeat:
		for range re.Min {
			fit(b, re.Sub[0])
		}
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			fit(b, sub)
		}
	case syntax.OpAlternate:
		fit(b, re.Sub[0])
	}
}

// pleasant is a letter or digit of a class, where it has one.
func pleasant(ranges []rune) rune {
	for _, want := range "aAk1" {
		for i := 0; i+1 < len(ranges); i += 2 {
			if ranges[i] <= want && want <= ranges[i+1] {
				return want
			}
		}
	}
	return ranges[0]
}

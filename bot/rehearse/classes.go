package rehearse

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"usher/bot/answer"
	"usher/bot/dialogue"
	"usher/flows"
)

// Class is one kind of answer to a field's question: every answer of the class makes the same difference to a flow as
// the one that stands for it here.
type Class struct {
	Field string
	Label string        // in plain words: 250, Book a demo, refused, skipped, silence
	Kind  string        // Valued, Refused, Skipped or Silent
	Said  dialogue.Said // what the visitor says or chooses; empty for silence
	Value flows.Value   // as it is read; only of Valued
}

// Kinds of a Class.
const (
	Valued  = "value"
	Refused = "refused" // words that are no such value
	Skipped = "skipped" // of an optional question
	Silent  = "silence"
)

// Classes are the classes of answers to each field that a flow can ask, by its name: every option; each side of every
// threshold that a condition, a score rule, a text or a route mentions; the words that one compares with; a plain valid
// answer; and last, where there are any, words that are refused. Dates are read at now.
//
// A comparison of one field is covered whatever it is; one of two fields, or of a product of them, only at the numbers
// that stand in it.
func Classes(w *flows.Workspace, f *flows.Flow, now time.Time) map[string][]Class {
	by := map[string][]flows.Mention{}
	for _, m := range Mentioned(w, f) {
		by[m.Name] = append(by[m.Name], m)
	}
	classes := map[string][]Class{}
	for _, field := range f.Fields {
		if field.From != "" {
			continue
		}
		c := classer{
			faq: w.FAQ, mentions: by[field.Name],
			q: answer.Question{Field: field, Language: sourceLanguage(f), Now: now},
		}
		classes[field.Name] = c.all()
	}
	return classes
}

// Skip is the class of an optional question that is skipped.
func Skip(field string) Class {
	return Class{Field: field, Label: Skipped, Kind: Skipped, Said: dialogue.Said{Text: "skip"}}
}

// Silence is the class of a question that is not answered at all.
func Silence(field string) Class { return Class{Field: field, Label: Silent, Kind: Silent} }

// Mentioned is everything that the flow's conditions, score rules, texts and properties name, and the routes.
func Mentioned(w *flows.Workspace, f *flows.Flow) (all []flows.Mention) {
	for _, s := range f.Steps {
		for _, e := range s.Next {
			all = append(all, e.If.Mentions()...)
		}
		for _, text := range textsOf(s) {
			all = append(all, text.Mentions()...)
		}
	}
	for _, r := range f.Score {
		all = append(all, r.If.Mentions()...)
	}
	all = append(all, promised(f)...)
	return append(all, routed(w)...)
}

// promised is what the properties to be proved name.
func promised(f *flows.Flow) (all []flows.Mention) {
	for _, a := range f.Always {
		all = append(append(all, a.If.Mentions()...), a.Then.Mentions()...)
	}
	for _, n := range f.Never {
		all = append(all, n.If.Mentions()...)
	}
	return all
}

// routed is what the routes name.
func routed(w *flows.Workspace) (all []flows.Mention) {
	if w.Roster == nil {
		return nil
	}
	accounts := false
	for _, r := range w.Roster.Routes {
		mentions := r.If.Mentions()
		tiers, _ := r.Tiers()
		accounts = accounts || slices.Contains(tiers, flows.ToAccount) || slices.Contains(flows.Names(mentions), flows.ToAccount)
		all = append(all, mentions...)
	}
	if accounts {
		all = append(all, told(w.Roster.Accounts)...)
	}
	return all
}

// told is what tells the accounts: the end of an address, or the company's name.
func told(accounts []*flows.Account) (all []flows.Mention) {
	for _, a := range accounts {
		for _, domain := range a.Domains {
			all = append(all, flows.Mention{Name: "email", Operator: "endsWith", Texts: []string{"@" + domain}})
		}
		if a.Company != "" {
			all = append(all, flows.Mention{Name: "company", Operator: "==", Texts: []string{a.Company}})
		}
	}
	return all
}

// textsOf are the texts a step may say.
func textsOf(s *flows.Step) []*flows.Text {
	texts := []*flows.Text{s.Say, s.Retry}
	if s.Ask != nil {
		texts = append(texts, s.Ask.Wording)
	}
	return texts
}

func sourceLanguage(f *flows.Flow) string {
	if len(f.Languages) == 0 {
		return "en"
	}
	return f.Languages[0]
}

// classer makes the classes of one field.
type classer struct {
	q        answer.Question
	faq      []*flows.FAQ
	mentions []flows.Mention
	classes  []Class
}

func (c *classer) all() []Class {
	switch c.q.Field.Type {
	case flows.TypeChoice:
		for _, o := range c.q.Field.Options {
			c.chosen(o.Value)
		}
	case flows.TypeChoices:
		for _, set := range c.sets() {
			c.chosen(set)
		}
	case flows.TypeYesNo, flows.TypeConsent:
		c.chosen("true")
		c.chosen("false")
	case flows.TypeNumber, flows.TypeMoney:
		for _, group := range c.numbers() {
			c.first(group)
		}
	default:
		c.first(c.plain())
		for _, words := range c.compared() {
			c.first(words)
		}
	}
	c.refused()
	return c.classes
}

// chosen adds an option that is chosen.
func (c *classer) chosen(value string) {
	if v, err := answer.Choose(c.q, value); err == nil {
		c.add(dialogue.Said{Value: value}, v)
	}
}

// first adds the first of the words that can be read; all of them are of one class.
func (c *classer) first(words []string) {
	for _, text := range words {
		if v, err := answer.Choose(c.q, text); err == nil {
			c.add(c.said(text, v), v)
			return
		}
	}
}

// said is the words as they are typed, where they would be read so among all that a visitor may mean; else chosen.
func (c *classer) said(text string, v flows.Value) dialogue.Said {
	typed, err := answer.Read(c.q, text)
	digits := strings.ContainsFunc(text, unicode.IsDigit)
	wish := !digits && answer.Wished(c.q.Language, text) != ""
	if err != nil || !sameValue(typed, v) || wish || answer.FAQ(c.faq, c.q.Language, text) != nil {
		return dialogue.Said{Value: text}
	}
	return dialogue.Said{Text: text}
}

func (c *classer) add(said dialogue.Said, v flows.Value) {
	for _, known := range c.classes {
		if sameValue(known.Value, v) {
			return
		}
	}
	c.classes = append(c.classes, Class{
		Field: c.q.Field.Name, Label: answer.Show(c.q.Field, v, c.q.Language), Kind: Valued, Said: said, Value: v,
	})
}

func sameValue(a, b flows.Value) bool {
	return a.Type == b.Type && a.Text == b.Text && a.Number == b.Number && a.Currency == b.Currency && a.Yes == b.Yes &&
		slices.Equal(a.List, b.List)
}

// refused adds words that are no answer, where there are any. They are nothing else that a visitor may mean either.
func (c *classer) refused() {
	for _, text := range []string{"???", "?", strings.Repeat("?! ", 80), strings.Repeat("?! ", 1300)} {
		if len(text) > dialogue.MaxTextBytes {
			continue
		}
		if _, err := answer.Read(c.q, text); err == nil || answer.FAQ(c.faq, c.q.Language, text) != nil {
			continue
		}
		c.classes = append(c.classes, Class{
			Field: c.q.Field.Name, Label: Refused, Kind: Refused, Said: dialogue.Said{Text: text},
		})
		return
	}
}

// maxTogether is how many options that conditions name are tried in every combination.
const maxTogether = 4

// sets are choices of several options: every combination of those that conditions name with one that none names, or
// where they are many each alone and all together.
func (c *classer) sets() (sets []string) {
	var named, other []string
	for _, o := range c.q.Field.Options {
		if slices.ContainsFunc(c.mentions, func(m flows.Mention) bool { return slices.Contains(m.Texts, o.Value) }) {
			named = append(named, o.Value)
		} else {
			other = append(other, o.Value)
		}
	}
	if len(named) > maxTogether {
		sets = append(slices.Clone(named), strings.Join(named, ","))
	} else {
		for bits := 1; bits < 1<<len(named); bits++ {
			sets = append(sets, strings.Join(picked(named, bits), ","))
		}
	}
	for _, set := range append([]string{""}, sets...) { // where more must be chosen, others beside them
		for i := range other {
			sets = append(sets, strings.Trim(set+","+strings.Join(other[:i+1], ","), ","))
			if c.readable(sets[len(sets)-1]) {
				break
			}
		}
	}
	return sets
}

func (c *classer) readable(value string) bool {
	_, err := answer.Choose(c.q, value)
	return err == nil
}

func picked(all []string, bits int) (some []string) {
	for i, s := range all {
		if bits&(1<<i) != 0 {
			some = append(some, s)
		}
	}
	return some
}

// cut is where the answers to a number's question part: just before a threshold or just after it.
type cut struct {
	at    float64
	after bool
}

func (a cut) compare(b cut) int {
	switch {
	case a.at < b.at, a.at == b.at && !a.after && b.after:
		return -1
	case a == b:
		return 0
	}
	return 1
}

// numbers are candidates for each stretch between two cuts, those at its border first.
func (c *classer) numbers() (groups [][]string) {
	cuts := c.cuts()
	low, high := -1e12, 1e12
	if f := c.q.Field; f.Min != nil {
		low = *f.Min
	} else if f.Type == flows.TypeMoney {
		low = 0
	}
	if f := c.q.Field; f.Max != nil {
		high = *f.Max
	}
	if len(cuts) == 0 {
		return [][]string{digits(25, low, high, (low+high)/2, low+1)}
	}
	for i := range len(cuts) + 1 {
		var some []float64
		switch {
		case i == 0:
			some = []float64{cuts[0].at - 1, (low + cuts[0].at) / 2, low, cuts[0].at}
		case i == len(cuts):
			some = []float64{cuts[i-1].at, cuts[i-1].at + 1, (cuts[i-1].at + high) / 2, high}
		default:
			a, b := cuts[i-1].at, cuts[i].at
			some = []float64{a, a + 1, (a + b) / 2, b}
		}
		groups = append(groups, digits(slices.DeleteFunc(some, func(n float64) bool { return !between(n, cuts, i) })...))
	}
	return groups
}

// between says whether a number lies between the cuts i-1 and i.
func between(n float64, cuts []cut, i int) bool {
	over := func(c cut) bool { return n > c.at || n == c.at && !c.after }
	return (i == 0 || over(cuts[i-1])) && (i == len(cuts) || !over(cuts[i]))
}

func digits(numbers ...float64) (texts []string) {
	for _, n := range numbers {
		texts = append(texts, strconv.FormatFloat(n, 'f', -1, 64))
	}
	return texts
}

// cuts are where the field's comparisons part its numbers, in order.
func (c *classer) cuts() (cuts []cut) {
	for _, m := range c.mentions {
		for i, n := range m.Numbers {
			switch m.Operator {
			case "<", ">=":
				cuts = append(cuts, cut{at: n})
			case "<=", ">":
				cuts = append(cuts, cut{n, true})
			case "..":
				cuts = append(cuts, cut{n, i == 1})
			default:
				cuts = append(cuts, cut{at: n}, cut{n, true})
			}
		}
	}
	slices.SortFunc(cuts, cut.compare)
	return slices.Compact(cuts)
}

package rehearse

import (
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"usher/bot/answer"
	"usher/bot/dialogue"
	"usher/flows"
)

// masks puts stand-ins in the place of what tells who a visitor is.
type masks struct {
	w        *flows.Workspace
	flow     *flows.Flow
	language string
	now      time.Time
	given    map[string]string // type and value in lower case → stand-in
	secret   []string          // values and words that must not be written, in lower case
	classes  map[string][]Class
}

func newMasks(w *flows.Workspace, f *flows.Flow, language string, now time.Time) *masks {
	return &masks{w: w, flow: f, language: language, now: now, given: map[string]string{}}
}

// personal says whether values of the type may tell who somebody is.
func personal(t flows.Type) bool {
	switch t {
	case flows.TypeText, flows.TypeEmail, flows.TypePhone, flows.TypeURL:
		return true
	}
	return false
}

// learn keeps a value that must not be written.
func (m *masks) learn(f *flows.Field, v flows.Value) {
	if f != nil && personal(f.Type) {
		m.word(v.Text)
	}
}

// leastSecret is the shortest text that is looked for in others: a letter or two stand in every word.
const leastSecret = 4

func (m *masks) word(s string) {
	if s = strings.ToLower(strings.TrimSpace(s)); len(s) >= leastSecret && strings.ContainsFunc(s, unicode.IsLetter) && !m.common(s) {
		m.secret = append(m.secret, s)
	}
}

// leaks says whether a text holds something that must not be written.
func (m *masks) leaks(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(m.secret, func(s string) bool { return strings.Contains(text, s) })
}

var campaign = regexp.MustCompile(`^[\p{L}0-9_.+ :/-]{1,60}$`)

// clean is a parameter of the visit, or x where it may tell who the visitor is.
func (m *masks) clean(s string) string {
	if !campaign.MatchString(s) || m.leaks(s) || figures(s) > 6 {
		return "x"
	}
	return s
}

// page is a path without its parameters; a part of it that may tell who the visitor is becomes x.
func (m *masks) page(page string) string {
	if _, rest, ok := strings.Cut(page, "://"); ok {
		_, path, _ := strings.Cut(rest, "/")
		page = "/" + path
	}
	if i := strings.IndexAny(page, "?#"); i >= 0 {
		page = page[:i]
	}
	parts := strings.Split(page, "/")
	for i, p := range parts {
		if p != "" {
			parts[i] = m.clean(p)
		}
	}
	return strings.Join(parts, "/")
}

func hostOf(referrer string) string {
	u, err := url.Parse(referrer)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	return u.Scheme + "://" + u.Hostname() + "/"
}

func figures(s string) (n int) {
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// said is the visitor's turn.
func (m *masks) said(in dialogue.Said, e event, f *flows.Field) flows.StoryTurn {
	text := strings.TrimSpace(in.Text)
	switch {
	case e.field == dialogue.TypeSlot:
		return flows.StoryTurn{Visitor: m.pick(text, e)}
	case f != nil && e.value.Known():
		if in.Value != "" && (f.Type == flows.TypeChoice || f.Type == flows.TypeYesNo || f.Type == flows.TypeConsent) {
			return flows.StoryTurn{Value: in.Value}
		}
		return flows.StoryTurn{Visitor: m.answer(f, e.value, text)}
	case m.common(text) || answer.Wished(m.language, text) != "" && !m.leaks(text):
		return flows.StoryTurn{Visitor: text}
	case f != nil:
		return flows.StoryTurn{Visitor: m.refusal(f, text)}
	}
	if entry := answer.FAQ(m.w.FAQ, m.language, text); entry != nil {
		if words := question(entry, m.language); words != "" {
			return flows.StoryTurn{Visitor: words}
		}
	}
	return flows.StoryTurn{Visitor: "Some words."}
}

func question(entry *flows.FAQ, language string) string {
	for _, l := range []string{language, strings.SplitN(language, "-", 2)[0], ""} {
		if words := entry.Ask[l]; len(words) > 0 {
			return words[0]
		}
	}
	for _, words := range entry.Ask {
		if len(entry.Ask) == 1 && len(words) > 0 {
			return words[0]
		}
	}
	return ""
}

// pick is the choice of a time: by its number, whatever times there are.
func (m *masks) pick(text string, e event) string {
	switch {
	case e.choice >= 0:
		return strconv.Itoa(e.choice + 1)
	case text != "" && (m.common(text) || answer.Wished(m.language, text) != "") && !m.leaks(text):
		return text
	}
	return "none of these"
}

// answer is an answer: of what may tell who the visitor is a stand-in, else the words where they are common ones, else
// the value.
func (m *masks) answer(f *flows.Field, v flows.Value, text string) string {
	q := m.question(f)
	if !personal(f.Type) {
		if text != "" && m.common(text) {
			return text
		}
		return m.value(f, v)
	}
	key := string(f.Type) + " " + strings.ToLower(v.Text)
	if stand := m.given[key]; stand != "" {
		if _, err := answer.Read(q, stand); err == nil {
			return stand
		}
	}
	stand := m.standIn(f, q, v)
	m.given[key] = stand
	return stand
}

// value is a value as a visitor would write it.
func (m *masks) value(f *flows.Field, v flows.Value) string {
	switch f.Type {
	case flows.TypeYesNo, flows.TypeConsent:
		if v.Yes {
			return "yes"
		}
		return "no"
	case flows.TypeMoney:
		return v.Text + " " + v.Currency
	case flows.TypeNumber:
		return amount(v.Number)
	case flows.TypeChoices:
		return strings.Join(v.List, ", ")
	}
	return v.Text
}

func (m *masks) question(f *flows.Field) answer.Question {
	return answer.Question{Field: f, Language: m.language, Now: m.now}
}

// standIn is the first candidate that is no part of what it stands for and for which the same conditions hold; else the
// first that is an answer.
func (m *masks) standIn(f *flows.Field, q answer.Question, v flows.Value) string {
	best := ""
	for _, c := range m.candidates(f, v) {
		read, err := answer.Read(q, c)
		if err != nil || m.leaks(c) || slices.Contains(m.taken(), c) {
			continue
		}
		if best == "" {
			best = c
		}
		if m.alike(f, v, read) {
			return c
		}
	}
	return best
}

func (m *masks) taken() (out []string) {
	for _, s := range m.given {
		out = append(out, s)
	}
	return out
}

// people are who the stand-ins are.
var people = []struct{ name, first, company, phone string }{
	{"Priya Nair", "priya", "BigCo", "+14155552671"}, {"Lena Fischer", "lena", "Northwind", "+442079460958"}, {"Kofi Mensah", "kofi", "Bluestone", "+919876543210"},
}

// candidates are stand-ins for a value of a field, the plainest first.
func (m *masks) candidates(f *flows.Field, v flows.Value) (out []string) {
	var fills []string
	for i, p := range people {
		domain := strings.ToLower(p.company)
		switch f.Type {
		case flows.TypeEmail:
			out = append(out, p.first+"@"+domain+".example")
			if _, of, ok := strings.Cut(v.Text, "@"); ok {
				labels := strings.Split(of, ".")
				out = append(out, p.first+"@"+domain+"."+labels[len(labels)-1])
			}
		case flows.TypePhone:
			out = append(out, p.phone, like(v.Text, i))
		case flows.TypeURL:
			out = append(out, "https://"+domain+".example")
		default:
			switch {
			case strings.Contains(f.Name, "company") || strings.Contains(f.Name, "firm"):
				out = append(out, p.company)
			case strings.Contains(f.Name, "name"):
				out = append(out, p.name)
			}
			if f.Pattern != "" {
				out = append(out, like(v.Text, i+1))
			}
			fills = append(fills, fill(len([]rune(v.Text)), i), p.company, p.name)
		}
	}
	out = append(out, fills...)
	if m.classes == nil {
		m.classes = Classes(m.w, m.flow, m.now)
	}
	for _, c := range m.classes[f.Name] {
		if c.Kind == Valued && c.Said.Text != "" {
			out = append(out, c.Said.Text)
		}
	}
	return append(out, like(v.Text, 3))
}

// fill is words of about as many characters.
func fill(n, which int) string {
	words := []string{"Some words of a visitor. ", "Other words of a visitor. ", "More words of a visitor. "}[which]
	text := []rune(strings.Repeat(words, n/len(words)+1))
	return strings.TrimSpace(string(text[:max(min(n, len(text)), 1)]))
}

// like has other letters and digits at the same places.
func like(s string, by int) string {
	return strings.Map(func(r rune) rune {
		step := rune(by + 7)
		switch {
		case r >= 'a' && r <= 'z':
			return 'a' + (r-'a'+step)%26
		case r >= 'A' && r <= 'Z':
			return 'A' + (r-'A'+step)%26
		case r >= '1' && r <= '9':
			return '1' + (r-'1'+step)%9
		}
		return r
	}, s)
}

// alike says whether every condition that names the field holds of both values or of none.
func (m *masks) alike(f *flows.Field, a, b flows.Value) bool {
	for _, c := range m.conditions(f.Name) {
		holds := func(v flows.Value) bool {
			ok, err := c.Holds(&flows.Scope{Values: map[string]flows.Value{f.Name: v}, Now: m.now, Roster: m.w.Roster})
			return ok && err == nil
		}
		if holds(a) != holds(b) {
			return false
		}
	}
	return true
}

// conditions are those that name a field.
func (m *masks) conditions(field string) (out []*flows.Condition) {
	add := func(c *flows.Condition) {
		if c != nil && slices.Contains(c.Fields, field) {
			out = append(out, c)
		}
	}
	for _, s := range m.flow.Steps {
		for _, e := range s.Next {
			add(e.If)
		}
	}
	for _, r := range m.flow.Score {
		add(r.If)
	}
	for _, r := range m.w.Roster.Routes {
		add(r.If)
	}
	return out
}

// refusal is words that are refused for the same reason.
func (m *masks) refusal(f *flows.Field, text string) string {
	q := m.question(f)
	code := func(text string) string {
		var refused *answer.Refusal
		if _, err := answer.Read(q, text); errors.As(err, &refused) {
			return refused.Code
		}
		return ""
	}
	want := code(text)
	for _, c := range append([]string{
		"priya@gmail.com", "priya@mailinator.com", "priya@gmial.com", "hm", "?", "1", "no idea", "10000000000", "-1", "0.5", "a, b and c",
		strings.Repeat("Some words. ", 200),
	}, like(text, 5)) {
		if got := code(c); got == want && got != "" && !m.leaks(c) {
			return c
		}
	}
	return "hm"
}

// common says whether a text has only words that anybody says at such questions: figures, options, times.
func (m *masks) common(text string) bool {
	if text == "" || figures(text) > 8 || strings.Contains(text, "@") {
		return false
	}
	own := m.options()
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		if !strings.Contains(commonWords, " "+word+" ") && !own[word] {
			return false
		}
	}
	return true
}

// options are the words of the flow's options.
func (m *masks) options() map[string]bool {
	out := map[string]bool{}
	for _, f := range m.flow.Fields {
		for _, o := range f.Options {
			words := o.Value + " " + o.Label.String()
			for _, synonyms := range o.Synonyms {
				words += " " + strings.Join(synonyms, " ")
			}
			for _, w := range strings.FieldsFunc(strings.ToLower(words), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
				out[w] = true
			}
		}
	}
	return out
}

// commonWords are in no name of a person or a company on their own.
const commonWords = " about around some maybe people users seats employees of us usd eur inr gbp dollars euros rupees pounds k m lakh crore thousand " +
	"hundred this next month quarter year week day days today tomorrow monday tuesday wednesday thursday friday saturday sunday morning " +
	"afternoon evening noon after before at on in the a an am pm first second third last one two three four five six seven eight nine ten " +
	"yes no ok okay sure none these those not skip back start over stop please to talk person human can we i move it cancel meeting earlier later other times "

package flows

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"
)

// MaxOptions of one choice: more cannot be looked through in a chat.
const MaxOptions = 100

var types = []string{
	"text", "choice", "choices", "yesno", "number", "money", "email", "phone", "date", "country", "url", "consent",
}

var fieldPattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

func (m *flowMaker) fields() {
	rows := m.shape.Fields.rows
	if len(rows) > MaxFields {
		rows[MaxFields].key.wrong("too-large", "", "a flow has at most %d fields", MaxFields)
		rows = rows[:MaxFields]
	}
	for i := range rows {
		f := m.field(&rows[i])
		m.flow.Fields = append(m.flow.Fields, f)
		m.vocabulary.fields[f.Name] = f
	}
	for _, f := range implicitFields(m.vocabulary.fields, m.languages[0]) {
		m.flow.Fields = append(m.flow.Fields, f)
		m.vocabulary.fields[f.Name] = f
	}
}

// implicitFields are those every flow has even when undeclared, where they are not.
func implicitFields(declared map[string]*Field, source string) (fields []*Field) {
	for _, f := range []Field{{Name: "name", Type: TypeText}, {Name: "email", Type: TypeEmail}, {Name: "phone", Type: TypePhone}, {Name: "company", Type: TypeText}} {
		if declared[f.Name] == nil {
			f.Label = plainText(source, inWords(f.Name), Place{})
			fields = append(fields, &f)
		}
	}
	return fields
}

func (m *flowMaker) field(r *row[fieldShape]) *Field {
	s := &r.value
	m.fieldName(r)
	f := &Field{
		Name: r.name, Type: m.fieldType(r), Whole: s.Whole.value, Pattern: s.Pattern.text, Unit: s.Currency.text,
		Work: s.Work.value, Country: s.Country.text, Place: r.key.place(),
	}
	f.Label = plainText(m.languages[0], inWords(r.name), r.key.place())
	if s.Label.set() {
		f.Label = m.label(s.Label)
	}
	m.bounds(s, f)
	m.source(s, f)
	m.options(s, f)
	m.settings(s, f)
	return f
}

func (m *flowMaker) fieldName(r *row[fieldShape]) {
	switch {
	case !fieldPattern.MatchString(r.name):
		r.key.wrong("bad-id", "use a-z, 0-9 and _, at most 63, a letter first", "%q cannot be the name of a field", r.name)
	case slices.Contains(plainNames, r.name), slices.Contains(grammarWords, r.name):
		r.key.wrong("reserved-name", "choose another, such as "+r.name+"_is", "the name %s means something else in conditions", r.name)
	}
}

// implied are the types of fields that everybody knows.
var implied = map[string]Type{"email": TypeEmail, "phone": TypePhone}

func (m *flowMaker) fieldType(r *row[fieldShape]) Type {
	w := r.value.Type
	switch {
	case w.among("type", types...):
		return Type(w.text)
	case w.set(): // reported; go on with something so that the rest is checked too
		return TypeText
	case r.value.Options.set():
		return TypeChoice
	case implied[r.name] != "":
		return implied[r.name]
	}
	return TypeText
}

// settingsOf are the keys that mean something for a type, besides type, label and from.
var settingsOf = map[Type][]string{
	TypeText: {"min", "max", "pattern"}, TypeChoice: {"options", "synonyms"}, TypeChoices: {"options", "synonyms", "min", "max"},
	TypeNumber: {"min", "max", "whole"}, TypeMoney: {"min", "max", "currency"}, TypeEmail: {"work"}, TypePhone: {"country"},
	TypeDate: {"to"}, TypeConsent: {"wording"},
}

var settingKeys = []string{"options", "synonyms", "min", "max", "whole", "pattern", "currency", "work", "country", "to", "wording"}

// settings reports keys that mean nothing for the type, and checks the others.
func (m *flowMaker) settings(s *fieldShape, f *Field) {
	if !s.Type.set() || slices.Contains(types, s.Type.text) {
		for _, key := range settingKeys {
			if at := s.key(key); at.node != s.node && !slices.Contains(settingsOf[f.Type], key) {
				at.wrong("misplaced-key", "", "%q means nothing for a field of type %s", key, f.Type)
			}
		}
	}
	if _, err := regexp.Compile(s.Pattern.text); err != nil {
		s.Pattern.wrong("bad-pattern", "", "this is not a regular expression: %s", patternError(err))
	}
	if _, err := currency.ParseISO(s.Currency.text); err != nil && s.Currency.text != "" {
		s.Currency.wrong("unknown-currency", "write its ISO code: USD, EUR, INR", "there is no currency %q", s.Currency.text)
	}
	if r, err := language.ParseRegion(s.Country.text); s.Country.text != "" && (err != nil || !r.IsCountry() || !countryCode.MatchString(s.Country.text)) {
		s.Country.wrong("unknown-country", "write its ISO code: IN, DE, US", "there is no country %q", s.Country.text)
	}
	if f.Type == TypeConsent {
		f.Wording = m.optional(s.Wording)
		if f.Wording == nil {
			s.wrong("missing-wording", "add wording: what is agreed to", "a consent has a wording")
		}
	}
}

func (m *flowMaker) bounds(s *fieldShape, f *Field) {
	f.Min, f.Max = s.Min.pointer(), s.Max.pointer()
	if f.Min != nil && f.Max != nil && *f.Min > *f.Max {
		s.Max.wrong("empty-range", "turn them round", "max is less than min: nothing fits")
	}
	if f.Type != TypeText && f.Type != TypeChoices {
		return
	}
	for _, n := range []number{s.Min, s.Max} {
		if n.set() {
			n.whole(0, math.MaxInt32)
		}
	}
}

func (n number) pointer() *float64 {
	if !n.set() {
		return nil
	}
	return &n.value
}

// visitSources are what a hidden field can be filled from, besides utm.NAME.
var visitSources = []string{"page", "referrer", "title", "language", "timezone", "channel"}

var utmPattern = regexp.MustCompile(`^utm\.[a-z][a-z0-9_]*$`)

// source reads `from`: what of the visit fills the field, or for a date the earliest one.
func (m *flowMaker) source(s *fieldShape, f *Field) {
	from := s.From.text
	switch {
	case from == "":
	case utmPattern.MatchString(from), f.Type != TypeDate && slices.Contains(visitSources, from):
		f.From = from
	case f.Type != TypeDate:
		s.From.wrong("unknown-source", didYouMean(from, append(visitSources, "utm.source", "utm.medium", "utm.campaign")), "a visit has no %q", from)
	default:
		f.Earliest = s.From.dayOrOffset()
	}
	if f.Type == TypeDate {
		f.Latest = s.To.dayOrOffset()
	}
}

var offsetPattern = regexp.MustCompile(`^-?[0-9]{1,4}[dw]$`)

// dayOrOffset is a date, today, or an offset such as 7d.
func (s scalar) dayOrOffset() string {
	if s.text == "" || s.text == "today" || isDate(s.text) || offsetPattern.MatchString(s.text) {
		return s.text
	}
	s.wrong("bad-date", "write 2026-12-01, today, or an offset such as 7d", "%q is not a date", s.text)
	return ""
}

func (m *flowMaker) options(s *fieldShape, f *Field) {
	choice := f.Type == TypeChoice || f.Type == TypeChoices
	rows := s.Options.rows
	if choice && len(rows) == 0 && (!s.Options.set() || s.Options.node.Tag != "!!str") {
		s.wrong("missing-options", "add options: { value: Label }", "a choice has options")
	}
	if len(rows) > MaxOptions {
		rows[MaxOptions].key.wrong("too-large", "ask in two steps", "a choice has at most %d options", MaxOptions)
		rows = rows[:MaxOptions]
	}
	for i := range rows {
		value := strings.TrimSpace(rows[i].name)
		switch {
		case value == "":
			rows[i].key.wrong("bad-id", "", "an option has a value")
		case f.option(value) != nil:
			rows[i].key.wrong("duplicate-id", "", "the option %q stands here twice", value)
		default:
			f.Options = append(f.Options, Option{Value: value, Label: m.label(rows[i].value)})
		}
	}
	m.synonyms(s, f)
}

func (m *flowMaker) synonyms(s *fieldShape, f *Field) {
	owner := map[string]string{}
	for _, row := range s.Synonyms.rows {
		o := f.option(row.name)
		if o == nil {
			row.key.wrong("unknown-option", didYouMean(row.name, f.values()), "there is no option %q", row.name)
			continue
		}
		o.Synonyms = m.wordings(row.value)
		for _, in := range row.value.by {
			for _, w := range in.list {
				word := strings.ToLower(w.text)
				if other := owner[word]; other != "" && other != row.name {
					w.wrong("duplicate-synonym", "", "%q means %q already", w.text, other)
				}
				owner[word] = row.name
			}
		}
	}
}

// wordings are ways to say a thing, by language.
func (g tongue) wordings(w wordings) map[string][]string {
	by := map[string][]string{}
	for _, in := range w.by {
		language := g.languages[0]
		if in.language.set() {
			language = in.language.node.Value
			if !slices.Contains(g.languages, language) {
				in.language.wrong("unknown-language", didYouMean(language, g.languages), "the language %q is not one of %s", language, strings.Join(g.languages, ", "))
			}
		}
		for _, one := range in.list {
			if one.set() && strings.TrimSpace(one.text) == "" && one.node.Tag == "!!str" {
				one.wrong("missing-value", "", "there are no words here")
				continue
			}
			by[language] = append(by[language], one.text)
		}
	}
	return by
}

package answer

import (
	"strconv"
	"strings"
	"time"

	"usher/flows"
)

// Show renders a value for people: 250, $5,000, 1 December 2026, the option's label. Read takes back what Show wrote.
func Show(f *flows.Field, v flows.Value, language string) string {
	l := lexiconOf(language)
	switch v.Type {
	case flows.TypeNumber:
		return l.grouped(strconv.FormatFloat(v.Number, 'f', -1, 64), false)
	case flows.TypeMoney:
		return l.money(v)
	case flows.TypeYesNo, flows.TypeConsent:
		if v.Yes {
			return l.yesNo[0]
		}
		return l.yesNo[1]
	case flows.TypeChoice:
		return showOption(f, v.Text, language)
	case flows.TypeChoices:
		return l.list(f, v.List, language)
	case flows.TypeDate:
		return showDate(v.Text, language)
	case flows.TypePhone:
		return showPhone(v.Text)
	case flows.TypeCountry:
		return showCountry(v.Text, language)
	default:
		return v.Text
	}
}

// money is the amount with its sign before it, or its code where it has none: $5,000, ₹2,00,000, CHF 5,000.
func (l *lexicon) money(v flows.Value) string {
	sign, plain := cutSign(v.Text)
	amount := l.grouped(plain, lakhs[v.Currency])
	switch symbol := symbols[v.Currency]; {
	case symbol != "":
		return sign + symbol + amount
	case v.Currency != "":
		return v.Currency + " " + sign + amount
	}
	return sign + amount
}

func showOption(f *flows.Field, value, language string) string {
	if f != nil {
		for i := range f.Options {
			if f.Options[i].Value == value {
				return label(&f.Options[i], language)
			}
		}
	}
	return value
}

// list is the options' labels: A, B and C.
func (l *lexicon) list(f *flows.Field, values []string, language string) string {
	var b strings.Builder
	for i, v := range values {
		switch {
		case i > 0 && i == len(values)-1:
			b.WriteString(l.lastAnd)
		case i > 0:
			b.WriteString(l.comma)
		}
		b.WriteString(showOption(f, v, language))
	}
	return b.String()
}

// showDate is a day as the language writes it; what is no day stays as it is.
func showDate(text, language string) string {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	l := lexiconOf(language)
	return l.date(l, civil(t))
}

// ShowTime renders a time for people, in t's zone, as the day and the clock: "Tuesday 24 November" and "12:00 pm", or
// "12:00" where the day has 24 hours.
func ShowTime(t time.Time, language string) (day, clock string) {
	l := lexiconOf(language)
	return l.day(l, t), l.clock(t, language)
}

func itoa(n int) string { return strconv.Itoa(n) }

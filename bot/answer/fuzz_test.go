package answer

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"usher/flows"
)

// seeds are answers of every kind, the beginnings of what the fuzzer tries.
var seeds = []string{
	"", "about 250", "10k", "two hundred and fifty thousand", "1.200,50", "50-100", "half a million", "$5k a month", "₹2 lakh", "the second one", "1, 3 and the last", "none of these",
	"it's priya@bigco.example thanks", "Priya <priya@bigco.example>", "+91 98765 43210", "९८७६५ ४३२१०", "next Tuesday at 3", "1/12/2026", "end of February", "Tuesday, 1 December 2026", "between 2 and 4pm",
	"quarter to 4", "U.K.", "Côte d’Ivoire", "acme.com:8443/x?y#z", "yes and no", "👍", "\u200b\u202e", "\xff\xfe", "a half of the", "minus -5", "5th of the", "'26", "- - -", "1.2.3.4.5", "in 9999999999 years", "٫٬", "1٫", "ﷺ",
}

func FuzzRead(f *testing.F) {
	for _, s := range seeds {
		for _, language := range []string{"en", "hi-IN", "en-US"} {
			f.Add(s, language, "DE")
		}
	}
	fields := everyField()
	f.Fuzz(func(t *testing.T, text, language, country string) {
		for _, field := range fields {
			q := Question{Field: field, Language: language, Country: country, Now: aMonday}
			v, err := Read(q, text)
			checkRead(t, q, text, v, err)
			if _, err := Choose(q, text); err != nil && err.(*Refusal).Say == "" {
				t.Errorf("choosing %q is refused without a sentence", text)
			}
		}
	})
}

// checkRead asks of any reading what must always hold.
func checkRead(t *testing.T, q Question, text string, v flows.Value, err error) {
	if err != nil {
		if r := err.(*Refusal); r.Code == "" || r.Say == "" || strings.Contains(r.Say, "{}") || !reflect.DeepEqual(v, flows.Value{}) {
			t.Errorf("%s: %q is refused as %+v with %v", q.Field.Type, text, r, v)
		}
		return
	}
	if v.Type != q.Field.Type || !utf8.ValidString(v.Text) {
		t.Errorf("%s: %q is read as %#v", q.Field.Type, text, v)
	}
	if v.Type == flows.TypeEmail && strings.ContainsAny(v.Text, "\r\n\x00() \"<>,;:") {
		t.Errorf("%q is read as the address %q", text, v.Text)
	}
	Show(q.Field, v, q.Language)
	if !rereadable(v) {
		return
	}
	again, err := Read(q, v.Text)
	if err != nil || !reflect.DeepEqual(again, v) {
		t.Errorf("%s: %q is read as %q, and that as %q (%v)", v.Type, text, v.Text, again.Text, err)
	}
}

// rereadable says whether the stored text of the type can stand as an answer itself. A text can not where its name is
// taken out of a sentence.
func rereadable(v flows.Value) bool {
	switch v.Type {
	case flows.TypeEmail, flows.TypePhone, flows.TypeDate, flows.TypeCountry, flows.TypeURL, flows.TypeChoice:
		return true
	}
	return false
}

func FuzzReadTime(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, "en")
	}
	f.Fuzz(func(t *testing.T, text, language string) {
		wish, ok := ReadTime(Question{Language: language, Now: aMonday}, text)
		switch {
		case wish.At < -1 || wish.At >= minutesPerDay || wish.From < 0 || wish.From >= minutesPerDay || wish.To < 0 || wish.To > minutesPerDay:
			t.Errorf("%q is understood as %+v", text, wish)
		case wish.To > 0 && wish.To <= wish.From, len(wish.Days) > 0 && len(wish.Weekdays) > 0, wish.Number < 0 || wish.Number > maxPointed, len(wish.Days) > 400:
			t.Errorf("%q is understood as %+v", text, wish)
		case !ok && (wish.At != -1 || wish.Number != 0 || len(wish.Days)+len(wish.Weekdays) > 0):
			t.Errorf("%q is not understood, but as %+v", text, wish)
		}
		for _, d := range wish.Days {
			if !exists(d) {
				t.Errorf("%q is understood as the day %v", text, d)
			}
		}
	})
}

func FuzzWished(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, "en")
	}
	f.Fuzz(func(t *testing.T, text, language string) {
		if got := Wished(language, text); got != "" && len(text) > 2*maxWish {
			t.Errorf("a story of %d bytes is the wish %s", len(text), got)
		}
		FAQ(questions, language, text)
	})
}

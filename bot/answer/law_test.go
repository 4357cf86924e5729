package answer

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/flows"
)

// reread asks that what Show writes is read as the same value, and that reading again changes nothing.
func reread(t *rapid.T, f *flows.Field, v flows.Value) {
	q := Question{Field: f, Language: "en", Now: aMonday}
	shown := Show(f, v, "en")
	again, err := Read(q, shown)
	if err != nil || !reflect.DeepEqual(again, v) {
		t.Fatalf("%v is shown as %q, which is read as %v (%v)", v, shown, again, err)
	}
}

func drawDecimal(t *rapid.T) decimal {
	return decimal{n: rapid.Int64Range(-1e15+1, 1e15-1).Draw(t, "digits"), scale: rapid.IntRange(0, 6).Draw(t, "places")}.short()
}

func TestANumberShownIsReadAsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		reread(t, field(flows.TypeNumber), flows.Value{Type: flows.TypeNumber, Number: drawDecimal(t).float()})
	})
}

func TestAnAmountShownIsReadAsItself(t *testing.T) {
	codes := []string{"USD", "EUR", "INR", "BDT", "AUD", "CHF", "SEK", "JPY", "GBP", "CAD", "BRL"}
	rapid.Check(t, func(t *rapid.T) {
		d := drawDecimal(t)
		d.n = max(d.n, -d.n)
		code := rapid.SampledFrom(codes).Draw(t, "currency")
		f := &flows.Field{Type: flows.TypeMoney, Unit: rapid.SampledFrom([]string{code, "USD"}).Draw(t, "unit")}
		if f.Unit == "USD" && code == "CAD" {
			f.Unit = "CAD"
		}
		reread(t, f, flows.Value{Type: flows.TypeMoney, Number: d.float(), Text: d.text(cents), Currency: code})
	})
}

func TestADayShownIsReadAsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 100_000).Draw(t, "days"))
		reread(t, field(flows.TypeDate), flows.Value{Type: flows.TypeDate, Text: day.Format(time.DateOnly)})
	})
}

func TestAnOptionShownIsReadAsItself(t *testing.T) {
	one, many := loaded(t, goals), loaded(t, tools)
	rapid.Check(t, func(t *rapid.T) {
		reread(t, one, flows.Value{Type: flows.TypeChoice, Text: rapid.SampledFrom([]string{"demo", "price", "help"}).Draw(t, "value")})
		var list []string
		for _, v := range []string{"crm", "chat", "phone"} {
			if rapid.Bool().Draw(t, v) {
				list = append(list, v)
			}
		}
		if len(list) > 0 {
			reread(t, many, flows.Value{Type: flows.TypeChoices, List: list})
		}
	})
}

func TestNumbersInWordsAreReadAsTheirFigures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 1_000_000).Draw(t, "n")
		words := inWords(n, rapid.Bool().Draw(t, "and"), rapid.Bool().Draw(t, "hyphen"))
		v, err := Read(Question{Field: field(flows.TypeNumber), Language: "en"}, words)
		if err != nil || v.Number != float64(n) {
			t.Fatalf("%q is read as %v (%v), want %d", words, v.Number, err, n)
		}
	})
}

var (
	upToNineteen = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	ofTens       = strings.Fields("- - twenty thirty forty fifty sixty seventy eighty ninety")
)

// inWords writes a number in English words: the other direction, by another way.
func inWords(n int64, and, hyphen bool) string {
	join := func(head string, rest int64) string {
		switch {
		case rest == 0:
			return head
		case and && rest < 100:
			return head + " and " + inWords(rest, and, hyphen)
		}
		return head + " " + inWords(rest, and, hyphen)
	}
	switch {
	case n < 20:
		return upToNineteen[n]
	case n < 100 && n%10 == 0:
		return ofTens[n/10]
	case n < 100 && hyphen:
		return ofTens[n/10] + "-" + upToNineteen[n%10]
	case n < 100:
		return ofTens[n/10] + " " + upToNineteen[n%10]
	case n < 1000:
		return join(upToNineteen[n/100]+" hundred", n%100)
	case n < 1_000_000:
		return join(inWords(n/1000, and, hyphen)+" thousand", n%1000)
	}
	return join(inWords(n/1_000_000, and, hyphen)+" million", n%1_000_000)
}

func TestReadingTheSameTwiceGivesTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := Question{Field: anyField(t), Language: rapid.SampledFrom([]string{"en", "en-US", "hi", "fa", ""}).Draw(t, "language"), Now: aMonday}
		text := rapid.String().Draw(t, "text")
		a, errA := Read(q, text)
		b, errB := Read(q, text)
		if !reflect.DeepEqual(a, b) || (errA == nil) != (errB == nil) {
			t.Fatalf("%q is read as %v and then as %v", text, a, b)
		}
	})
}

func anyField(t *rapid.T) *flows.Field {
	return rapid.SampledFrom(everyField()).Draw(t, "field")
}

// everyField is a field of each type.
func everyField() []*flows.Field {
	options := []flows.Option{{Value: "demo"}, {Value: "price", Synonyms: map[string][]string{"en": {"cost", "दाम"}}}, {Value: "live demo"}}
	var out []*flows.Field
	for _, t := range []flows.Type{
		flows.TypeText, flows.TypeChoice, flows.TypeChoices, flows.TypeYesNo, flows.TypeNumber, flows.TypeMoney, flows.TypeEmail,
		flows.TypePhone, flows.TypeDate, flows.TypeCountry, flows.TypeURL, flows.TypeConsent,
	} {
		out = append(out, &flows.Field{Name: "name", Type: t, Options: options, Unit: "USD", Work: true, Country: "IN"})
	}
	return out
}

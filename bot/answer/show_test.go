package answer

import (
	"testing"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	cldr "golang.org/x/text/number"
	"pgregory.net/rapid"

	"usher/flows"
)

func TestAValueIsShownAsPeopleReadIt(t *testing.T) {
	tools := loaded(t, tools)
	for _, c := range []struct {
		f    *flows.Field
		v    flows.Value
		want string
	}{
		{nil, flows.Value{Type: flows.TypeNumber, Number: 250}, "250"},
		{nil, flows.Value{Type: flows.TypeNumber, Number: 1234567.5}, "1,234,567.5"},
		{nil, flows.Value{Type: flows.TypeNumber, Number: -1000}, "-1,000"},
		{nil, flows.Value{Type: flows.TypeMoney, Text: "5000", Currency: "USD"}, "$5,000"},
		{nil, flows.Value{Type: flows.TypeMoney, Text: "200000", Currency: "INR"}, "₹2,00,000"},
		{nil, flows.Value{Type: flows.TypeMoney, Text: "1200.50", Currency: "EUR"}, "€1,200.50"},
		{nil, flows.Value{Type: flows.TypeMoney, Text: "1200", Currency: "CHF"}, "CHF 1,200"},
		{nil, flows.Value{Type: flows.TypeMoney, Text: "-5", Currency: "USD"}, "-$5"},
		{nil, flows.Value{Type: flows.TypeDate, Text: "2026-12-01"}, "1 December 2026"},
		{nil, flows.Value{Type: flows.TypeYesNo, Yes: true}, "Yes"},
		{nil, flows.Value{Type: flows.TypeConsent}, "No"},
		{nil, flows.Value{Type: flows.TypePhone, Text: "+919876543210"}, "+91 98765 43210"},
		{nil, flows.Value{Type: flows.TypeCountry, Text: "IN"}, "India"},
		{nil, flows.Value{Type: flows.TypeEmail, Text: "a@acme.org"}, "a@acme.org"},
		{loaded(t, goals), flows.Value{Type: flows.TypeChoice, Text: "demo"}, "Book a demo"},
		{loaded(t, goals), flows.Value{Type: flows.TypeChoice, Text: "gone"}, "gone"},
		{tools, flows.Value{Type: flows.TypeChoices, List: []string{"crm", "chat", "phone"}}, "Our CRM, Chat and Phone"},
		{tools, flows.Value{Type: flows.TypeChoices}, ""},
		{nil, flows.Value{}, ""},
	} {
		if got := Show(c.f, c.v, "en"); got != c.want {
			t.Errorf("%v is shown as %q, want %q", c.v, got, c.want)
		}
	}
}

func TestATimeIsShownByLanguage(t *testing.T) {
	noon := time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)
	for language, want := range map[string]string{"en": "12:00 pm", "en-IN": "12:00 pm", "en-GB": "12:00", "xx": "12:00 pm"} {
		if day, clock := ShowTime(noon, language); day != "Tuesday 24 November" || clock != want {
			t.Errorf("in %s noon is shown as %q, %q", language, day, clock)
		}
	}
	if _, clock := ShowTime(noon.Add(-3*time.Hour), "en"); clock != "9:00 am" {
		t.Errorf("nine in the morning is shown as %q", clock)
	}
}

func TestNumbersAreShownAsCLDRSays(t *testing.T) {
	english := message.NewPrinter(language.MustParse("en-u-nu-latn"))
	indian := message.NewPrinter(language.MustParse("en-IN-u-nu-latn"))
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-1e14, 1e14).Draw(t, "n")
		plain := decimal{n: n}.text(0)
		if got, want := lexiconOf("en").grouped(plain, false), english.Sprint(cldr.Decimal(n)); got != want {
			t.Fatalf("%d is shown as %s, CLDR has %s", n, got, want)
		}
		if got, want := lexiconOf("en").grouped(plain, true), indian.Sprint(cldr.Decimal(n)); got != want {
			t.Fatalf("%d is shown as %s in India, CLDR has %s", n, got, want)
		}
	})
}

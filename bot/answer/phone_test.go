package answer

import (
	"testing"

	"usher/flows"
)

func TestAPhoneNumberIsKeptAsE164(t *testing.T) {
	spec(t, Question{Field: field(flows.TypePhone)}, []says{
		{"+91 98765 43210", "+919876543210"},
		{"+1 (415) 555-2671", "+14155552671"},
		{"call me on +44 20 7946 0018 after 3", "+442079460018"},
		{"tel: +1-415-555-2671", "+14155552671"},
		{"+९१ ९८७६५ ४३२१०", "+919876543210"},
		{"＋91 98765 43210", "+919876543210"},
		{"\u202a+91 98765 43210\u202c", "+919876543210"},
		{"0091 98765 43210", "+919876543210"},
		{"+1 415 555 2671 ext 5", "+14155552671"},
		{"9876543210", "!no_country_code"},
		{"+1 23", "!not_a_phone"},
		{"12", "!not_a_phone"},
		{"my number", "!not_a_phone"},
		{"", "!empty"},
		{"+999 999 999 999", "!not_a_phone"},
		{"+91 98765 43210 or +1 415 555 2671", "!ambiguous"},
		{"1234567890123456789012345", "!not_a_phone"},
		{"order 4711", "!not_a_phone"},
	})
}

func TestANationalNumberIsReadInItsCountry(t *testing.T) {
	spec(t, Question{Field: &flows.Field{Type: flows.TypePhone, Country: "IN"}, Country: "US"}, []says{{"98765 43210", "+919876543210"}, {"098765-43210", "+919876543210"}, {"९८७६५४३२१०", "+919876543210"}, {"+14155552671", "+14155552671"}})
	spec(t, Question{Field: field(flows.TypePhone), Country: "US"}, []says{{"(415) 555-2671", "+14155552671"}, {"98765 43210", "!not_a_phone"}})
	spec(t, Question{Field: field(flows.TypePhone), Language: "en-GB"}, []says{{"020 7946 0018", "+442079460018"}})
	spec(t, Question{Field: field(flows.TypePhone), Country: "BD"}, []says{{"০১৭১২-৩৪৫৬৭৮", "+8801712345678"}})
	spec(t, Question{Field: field(flows.TypePhone), Country: "IR"}, []says{{"۰۹۱۲ ۳۴۵ ۶۷۸۹", "+989123456789"}})
}

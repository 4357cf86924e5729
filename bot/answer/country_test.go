package answer

import (
	"testing"

	"usher/flows"
)

func TestACountryIsReadByItsNamesAndCodes(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeCountry)}, []says{
		{"India", "IN"},
		{"bangladesh", "BD"},
		{"IN", "IN"},
		{"in", "!not_a_country"},
		{"de", "!not_a_country"},
		{"DE", "DE"},
		{"deu", "DE"},
		{"USA", "US"},
		{"us", "US"},
		{"U.S.A.", "US"},
		{"U.K.", "GB"},
		{"UK", "GB"},
		{"Holland", "NL"},
		{"England", "GB"},
		{"UAE", "AE"},
		{"South Korea", "KR"},
		{"Côte d’Ivoire", "CI"},
		{"Ivory Coast", "CI"},
		{"Cote d'Ivoire", "CI"},
		{"Turkey", "TR"},
		{"Türkiye", "TR"},
		{"Iran", "IR"},
		{"Hong Kong", "HK"},
		{"I live in Germany", "DE"},
		{"we're in the US", "US"},
		{"based in the United Kingdom.", "GB"},
		{"South Sudan", "SS"},
		{"from Papua New Guinea", "PG"},
		{"Guinea-Bissau", "GW"},
		{"germny", "DE"},
		{"Phillipines", "PH"},
		{"Bangaldesh", "BD"},
		{"The Netherlands", "NL"},
		{"Bosnia and Herzegovina", "BA"},
		{"Korea", "!ambiguous"},
		{"Congo", "!ambiguous"},
		{"India or Nepal", "!ambiguous"},
		{"Europe", "!not_a_country"},
		{"Atlantis", "!not_a_country"},
		{"tell us", "!not_a_country"},
		{"no", "!not_a_country"},
		{"", "!empty"},
		{"EU", "!not_a_country"},
	})
}

func TestACountryIsReadInTheVisitorsLanguageToo(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeCountry), Language: "hi-IN"}, []says{{"भारत", "IN"}, {"Germany", "DE"}})
	spec(t, Question{Field: field(flows.TypeCountry), Language: "fa"}, []says{{"ایران", "IR"}})
	spec(t, Question{Field: field(flows.TypeCountry), Language: "de"}, []says{{"Deutschland", "DE"}, {"Schweiz", "CH"}})
}

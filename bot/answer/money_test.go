package answer

import (
	"testing"

	"usher/flows"
)

func TestAnAmountIsReadWithItsCurrency(t *testing.T) {
	spec(t, Question{Field: &flows.Field{Type: flows.TypeMoney, Unit: "USD"}}, []says{
		{"5000", "5000 USD"},
		{"$5,000", "5000 USD"},
		{"$5k a month", "5000 USD"},
		{"5000 USD", "5000 USD"},
		{"usd5k", "5000 USD"},
		{"about 5 grand", "5000 USD"},
		{"5k/month", "5000 USD"},
		{"$1.5 million per year", "1500000 USD"},
		{"five hundred bucks", "500 USD"},
		{"€1.200,50", "1200.50 EUR"},
		{"1200.5 euros", "1200.50 EUR"},
		{"£20", "20 GBP"},
		{"20 quid", "20 GBP"},
		{"₹2 lakh", "200000 INR"},
		{"Rs5000", "5000 INR"},
		{"Rs. 5000", "5000 INR"},
		{"INR 5000", "5000 INR"},
		{"rs 2,00,000/-", "200000 INR"},
		{"A$500", "500 AUD"},
		{"500 Canadian dollars", "500 CAD"},
		{"৳500", "500 BDT"},
		{"CHF 1'200", "1200 CHF"},
		{"500 TRY", "500 TRY"},
		{"we have all 500", "500 USD"},
		{"0.1", "0.10 USD"},
		{"12.345", "12.345 USD"},
		{"5000.00", "5000 USD"},
		{"999999999999.99", "999999999999.99 USD"},
	})
}

func TestASharedSignMeansTheFieldsCurrency(t *testing.T) {
	spec(t, Question{Field: &flows.Field{Type: flows.TypeMoney, Unit: "AUD"}}, []says{{"$500", "500 AUD"}, {"500 dollars", "500 AUD"}, {"US$500", "500 USD"}})
	spec(t, Question{Field: &flows.Field{Type: flows.TypeMoney, Unit: "INR"}}, []says{{"$500", "500 USD"}, {"500 rupees", "500 INR"}})
	spec(t, Question{Field: &flows.Field{Type: flows.TypeMoney, Unit: "PKR"}}, []says{{"500 rupees", "500 PKR"}})
}

func TestAnAmountWithoutACurrencyIsInTheVisitorsCountrys(t *testing.T) {
	for country, want := range map[string]string{"IN": "500 INR", "AU": "500 AUD", "de": "500 EUR", "": "500 ", "??": "500 "} {
		spec(t, Question{Field: field(flows.TypeMoney), Country: country}, []says{{"500", want}})
	}
	spec(t, Question{Field: field(flows.TypeMoney), Country: "AU"}, []says{{"$500", "500 AUD"}})
	spec(t, Question{Field: field(flows.TypeMoney), Country: "IN"}, []says{{"$500", "500 USD"}, {"500 rupees", "500 INR"}})
}

func TestAnAmountThatCannotBeToldIsRefused(t *testing.T) {
	spec(t, Question{Field: &flows.Field{Type: flows.TypeMoney, Unit: "USD", Max: at(1e6)}}, []says{
		{"5-10k", "!range"},
		{"between $5k and $10k", "!range"},
		{"$5000 or €4000", "!range"},
		{"5000 USD EUR", "5000 USD"},
		{"$5000 €", "!ambiguous"},
		{"free", "!not_an_amount"},
		{"a lot", "!not_an_amount"},
		{"-$5", "!too_small"},
		{"$2 million", "!too_large"},
		{"1.200", "!ambiguous"},
	})
}

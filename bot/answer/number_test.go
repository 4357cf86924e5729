package answer

import (
	"testing"

	"usher/flows"
)

func TestANumberIsReadAsPeopleWriteIt(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeNumber)}, []says{
		{"250", "250"},
		{"about 250", "250"},
		{"~250", "250"},
		{"250+", "250"},
		{"250 people", "250"},
		{"250people", "250"},
		{"we have 250 seats", "250"},
		{"There are 12 of us.", "12"},
		{"over 200", "200"},
		{"up to 50", "50"},
		{"at least 40", "40"},
		{"10k", "10000"},
		{"10 K", "10000"},
		{"2.5m", "2500000"},
		{"2.5 million", "2500000"},
		{"1.2bn", "1200000000"},
		{"12 lakh", "1200000"},
		{"2 lakh 50 thousand", "250000"},
		{"3 crore", "30000000"},
		{"1 lakh crore", "1000000000000"},
		{"-5", "-5"},
		{"minus 5", "-5"},
		{"−5", "-5"},
		{"only one", "1"},
		{"50ish", "50"},
		{"50-ish", "50"},
		{"approx. 250 or so", "250"},
		{"no more than 50", "50"},
		{"$ 5 000", "5000"},
		{"0", "0"},
		{"none", "0"},
		{"007", "7"},
		{"50%", "50"},
	})
}

func TestSeparatorsAreReadWhereTheirPlaceIsClear(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeNumber)}, []says{
		{"1,200", "1200"},
		{"1,200.50", "1200.5"},
		{"1.200,50", "1200.5"},
		{"1.200.300", "1200300"},
		{"1,200,300", "1200300"},
		{"12,00,000", "1200000"},
		{"1,23,45,678.5", "12345678.5"},
		{"1 200", "1200"},
		{"1 200 000", "1200000"},
		{"1 200", "1200"},
		{"1'200", "1200"},
		{"1_000", "1000"},
		{"12,5", "12.5"},
		{"3.14", "3.14"},
		{"1.234", "1.234"},
		{"0.125", "0.125"},
		{"١٢٣", "123"},
		{"१२३४", "1234"},
		{"১২৩৪", "1234"},
		{"۱۲۳۴", "1234"},
		{"۱٬۲۰۰٫۵", "1200.5"},
		{"１２３", "123"},
		{"1\u200b2\u200b3", "123"},
		{"1.200", "!ambiguous"},
		{"1,23,4", "!not_a_number"},
		{"1.2.3", "!not_a_number"},
		{"1,2,3", "!not_a_number"},
		{"12,3456,789", "!not_a_number"},
		{"99999999999999999999", "!not_a_number"},
	})
}

func TestAPointIsAmbiguousWhereTheVisitorsCountryGroupsByIt(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeNumber), Country: "DE"}, []says{{"1.234", "!ambiguous"}, {"1.5", "1.5"}, {"1.234,5", "1234.5"}})
}

func TestANumberIsReadInWords(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeNumber)}, []says{
		{"one", "1"},
		{"two hundred", "200"},
		{"Two Hundred And Fifty", "250"},
		{"twenty-five", "25"},
		{"twenty five", "25"},
		{"a hundred", "100"},
		{"one hundred and one", "101"},
		{"two hundred and fifty thousand", "250000"},
		{"five thousand twelve", "5012"},
		{"a dozen", "12"},
		{"two dozen", "24"},
		{"half a dozen", "6"},
		{"half a million", "500000"},
		{"a quarter of a million", "250000"},
		{"two and a half million", "2500000"},
		{"2 and a half", "2.5"},
		{"two point five", "2.5"},
		{"5 hundred", "500"},
		{"a couple of hundred", "200"},
		{"about two hundred of us", "200"},
		{"hundred", "100"},
		{"a million", "1000000"},
		{"zero", "0"},
		{"several hundred", "!not_a_number"},
		{"a few", "!not_a_number"},
		{"thousands", "!not_a_number"},
		{"half", "!not_a_number"},
		{"dozens", "!not_a_number"},
	})
}

func TestTwoNumbersAreNeverGuessedFrom(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeNumber)}, []says{
		{"between 50 and 100", "!range"},
		{"50-100", "!range"},
		{"50 - 100", "!range"},
		{"50–100", "!range"},
		{"50 to 100", "!range"},
		{"ten to twenty", "!range"},
		{"10k-20k", "!range"},
		{"50 or 60", "!range"},
		{"less than 50", "!range"},
		{"under 50", "!range"},
		{"iPhone 15 and 3 friends", "!ambiguous"},
		{"5 20", "!ambiguous"},
		{"five twenty", "!ambiguous"},
		{"24/7", "!ambiguous"},
		{"not 250", "!ambiguous"},
		{"we don't have 250", "250"},
	})
}

func TestWhatIsNoNumberIsRefused(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeNumber)}, []says{
		{"", "!empty"},
		{"   ", "!empty"},
		{"lots", "!not_a_number"},
		{"I don't know", "!not_a_number"},
		{"covid-19", "!not_a_number"},
		{"3pm", "!not_a_number"},
		{"15th", "!not_a_number"},
		{"b2b", "!not_a_number"},
		{"the second one", "!not_a_number"},
		{"no one", "!not_a_number"},
		{"a", "!not_a_number"},
		{"?", "!not_a_number"},
		{"1e9", "!not_a_number"},
	})
}

func TestANumberKeepsTheFieldsBounds(t *testing.T) {
	f := &flows.Field{Type: flows.TypeNumber, Min: at(1), Max: at(1000), Whole: true}
	spec(t, Question{Field: f}, []says{
		{"1", "1"}, {"1000", "1000"}, {"25.0", "25"}, {"0", "!too_small"}, {"-3", "!too_small"}, {"1001", "!too_large"}, {"2.5", "!not_whole"},
	})
	_, err := Read(Question{Field: f, Language: "en"}, "5000")
	if want := "That is more than I expected: it should be at most 1,000."; err.(*Refusal).Say != want {
		t.Errorf("the refusal says %q, want %q", err.(*Refusal).Say, want)
	}
}

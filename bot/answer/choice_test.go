package answer

import (
	"testing"

	"usher/flows"
)

const goals = `{ type: choice, options: { demo: Book a demo, price: See prices, help: Get help }, synonyms: { demo: [a tour, trial], price: { en: [pricing, cost], hi: [दाम] } } }`

func TestAnOptionIsChosenByAnyOfItsNames(t *testing.T) {
	spec(t, Question{Field: loaded(t, goals)}, []says{
		{"demo", "demo"},
		{"DEMO", "demo"},
		{"Book a demo", "demo"},
		{"book a demo!", "demo"},
		{"pricing", "price"},
		{"a tour", "demo"},
		{"1", "demo"},
		{"2.", "price"},
		{"#3", "help"},
		{"२", "price"},
		{"two", "price"},
		{"option 2", "price"},
		{"number three please", "help"},
		{"the second one", "price"},
		{"second", "price"},
		{"2nd", "price"},
		{"last", "help"},
		{"the last one", "help"},
		{"1st", "demo"},
		{"I'd like a demo please", "demo"},
		{"what does it cost", "price"},
		{"prices", "price"},
		{"I want to see the prices", "price"},
		{"pri", "price"},
		{"dmeo", "demo"},
		{"pricng", "price"},
		{"hlep", "help"},
		{"boook a demo", "demo"},
	})
}

func TestAnOptionIsNeverGuessed(t *testing.T) {
	spec(t, Question{Field: loaded(t, goals)}, []says{
		{"demo or prices", "!ambiguous"},
		{"not a demo", "!not_an_option"},
		{"anything but a demo", "!not_an_option"},
		{"no", "!not_an_option"},
		{"4", "!not_an_option"},
		{"0", "!not_an_option"},
		{"zebra", "!not_an_option"},
		{"", "!empty"},
		{"!!!", "!not_an_option"},
		{"hello", "!not_an_option"},
	})
}

func TestAnOptionIsFoundAmongOnesThatAreAlike(t *testing.T) {
	when := loaded(t, `{ type: choice, options: { now: This month, quarter: This quarter, later: Later } }`)
	spec(t, Question{Field: when}, []says{
		{"now", "now"}, {"this month", "now"}, {"this quarter", "quarter"}, {"later", "later"}, {"month", "now"}, {"lat", "later"}, {"this", "!ambiguous"}, {"not now", "!not_an_option"}, {"no", "!not_an_option"},
	})
	demos := loaded(t, `{ type: choice, options: { demo: Demo, live: Live demo, video: Video } }`)
	spec(t, Question{Field: demos}, []says{{"a live demo please", "live"}, {"demo", "demo"}, {"live", "live"}})
}

func TestABareNumberIsAskedAgainWhereOptionsAreNumbers(t *testing.T) {
	size := loaded(t, `{ type: choice, options: { s: 1-10, m: 11-50, l: 51-200 } }`)
	spec(t, Question{Field: size}, []says{{"2", "!ambiguous"}, {"11-50", "m"}, {"the second one", "m"}, {"option 2", "m"}})
}

func TestAnOptionsNamesFollowTheLanguage(t *testing.T) {
	f := loaded(t, `{ type: choice, options: { demo: { en: Book a demo, hi: डेमो बुक करें }, price: { en: See prices, hi: दाम देखें } }, synonyms: { price: { hi: [कीमत] } } }`)
	spec(t, Question{Field: f, Language: "hi-IN"}, []says{{"डेमो बुक करें", "demo"}, {"कीमत", "price"}, {"price", "price"}, {"२", "price"}})
	if got := Show(f, flows.Value{Type: flows.TypeChoice, Text: "price"}, "hi"); got != "दाम देखें" {
		t.Errorf("the label shown is %q", got)
	}
}

func TestChoosingTakesOnlyWhatIsOffered(t *testing.T) {
	q := Question{Field: loaded(t, goals), Language: "en"}
	for value, want := range map[string]string{"demo": "demo", "Demo": "!not_an_option", "": "!not_an_option", "zebra": "!not_an_option"} {
		if got := outcome(Choose(q, value)); got != want {
			t.Errorf("choosing %q gives %s, want %s", value, got, want)
		}
	}
	yes := Question{Field: field(flows.TypeYesNo), Language: "en"}
	for value, want := range map[string]string{"true": "true", "false": "false", "no": "false", "zebra": "!not_yes_or_no"} {
		if got := outcome(Choose(yes, value)); got != want {
			t.Errorf("choosing %q gives %s, want %s", value, got, want)
		}
	}
}

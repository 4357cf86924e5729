package answer

import (
	"strings"
	"testing"

	"usher/flows"
)

var questions = []*flows.FAQ{
	{Ask: map[string][]string{"en": {"How much does it cost?", "price", "pricing", "what are your prices"}}},
	{Ask: map[string][]string{"en": {"Is there a free trial?", "free trial"}}},
	{Ask: map[string][]string{"en": {"Where is my data kept?", "gdpr", "data protection"}, "hi": {"डेटा कहाँ रखा जाता है?"}}},
	{Ask: map[string][]string{"en": {"Do you integrate with Shopify?", "shopify"}}},
}

func TestAQuestionOfTheFAQIsFound(t *testing.T) {
	for typed, want := range map[string]int{
		"How much does it cost?": 0, "how much does it cost": 0, "pricing": 0, "Price?": 0, "what is the price?": 0, "prcing": 0, "how much does this thing cost?": 0,
		"is there a free trial": 1, "free trial?": 1, "do you have a free trial?": 1, "is there a free tiral?": 1,
		"where is our data kept?": 2, "GDPR": 2, "what about data protection?": 2,
		"do you integrate with shopify": 3, "does it work with Shopify?": 3,
	} {
		if got := FAQ(questions, "en", typed); got != questions[want] {
			t.Errorf("%q is not found to be %q", typed, questions[want].Ask["en"][0])
		}
	}
	if FAQ(questions, "hi-IN", "डेटा कहाँ रखा जाता है") != questions[2] {
		t.Error("a question in Hindi is not found")
	}
}

func TestAnAnswerIsNoQuestionOfTheFAQ(t *testing.T) {
	for _, typed := range []string{
		"", "25", "demo", "about 250", "yes", "what", "how much", "is it?", "we sell at a good price", "$5k a month", "priya@bigco.example", "next Tuesday at 3", "our data is kept in three warehouses and we sell to shops in Spain",
		"the free trial of our old system ended and now nobody can log in any more", "what we need is control of the pricing in every shop", "twenty", "a", "?", strings.Repeat("price ", 100),
	} {
		if got := FAQ(questions, "en", typed); got != nil {
			t.Errorf("%q is taken for %q", typed, got.Ask["en"][0])
		}
	}
	if FAQ(nil, "en", "price") != nil {
		t.Error("a question is found where there are none")
	}
}

func TestTwoQuestionsThatFitAlikeAreNone(t *testing.T) {
	entries := []*flows.FAQ{{Ask: map[string][]string{"en": {"refund policy"}}}, {Ask: map[string][]string{"en": {"policy refund"}}}}
	if FAQ(entries, "en", "what is the policy for a refund?") != nil {
		t.Error("one of two questions that fit alike was chosen")
	}
}

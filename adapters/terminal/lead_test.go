package terminal

import (
	"testing"

	"usher/flows"
)

func TestAnswersOfALeadAreWrittenForPeople(t *testing.T) {
	for want, answer := range map[string]any{
		"5000 USD":    flows.Money{Amount: "5000", Currency: "USD"},
		"1000000":     1e6,
		"yes":         true,
		"no":          false,
		"shop, depot": []string{"shop", "depot"},
		"BigCo":       "BigCo",
	} {
		if got := legible(answer); got != want {
			t.Errorf("%v is written %q, not %q", answer, got, want)
		}
	}
}

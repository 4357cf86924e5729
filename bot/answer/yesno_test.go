package answer

import (
	"testing"

	"usher/flows"
)

func TestAYesAndANoAreReadFromTheFirstWords(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeYesNo)}, []says{
		{"yes", "true"},
		{"Y", "true"},
		{"yep", "true"},
		{"yeah sure", "true"},
		{"of course", "true"},
		{"ok", "true"},
		{"sure!", "true"},
		{"well, yes", "true"},
		{"yes, we use Salesforce", "true"},
		{"we do", "true"},
		{"I think so", "true"},
		{"why not", "true"},
		{"no problem", "true"},
		{"👍", "true"},
		{"no", "false"},
		{"nope", "false"},
		{"not really", "false"},
		{"no thanks", "false"},
		{"of course not", "false"},
		{"not yet", "false"},
		{"I don't", "false"},
		{"I don’t think so", "false"},
		{"no, we use HubSpot", "false"},
		{"absolutely not", "false"},
		{"👎", "false"},
		{"maybe", "!not_yes_or_no"},
		{"not sure", "!not_yes_or_no"},
		{"no idea", "!not_yes_or_no"},
		{"yes and no", "!not_yes_or_no"},
		{"yes, no", "!not_yes_or_no"},
		{"I don't know", "!not_yes_or_no"},
		{"250", "!not_yes_or_no"},
		{"the weather", "!not_yes_or_no"},
		{"", "!empty"},
	})
}

func TestConsentMustBePlain(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeConsent)}, []says{
		{"I agree", "true"},
		{"agreed", "true"},
		{"yes", "true"},
		{"ok", "true"},
		{"no", "false"},
		{"I disagree", "false"},
		{"yes but do not call me", "!not_yes_or_no"},
		{"I do not agree", "false"},
		{"maybe", "!not_yes_or_no"},
	})
}

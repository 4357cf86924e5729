package answer

import (
	"strings"
	"testing"

	"usher/flows"
)

func TestTextIsKeptAsTypedWithoutWhatCannotBeSeen(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeText)}, []says{
		{"  BigCo Ltd. ", "BigCo Ltd."},
		{"two\nlines", "two\nlines"},
		{"a\x00b\u202ec\u200b", "abc"},
		{"می\u200cخواهم", "می\u200cخواهم"},
		{"{{ score }}", "{{ score }}"},
		{"", "!empty"},
		{"\u200b\n", "!empty"},
		{"I'm Priya", "I'm Priya"},
		{strings.Repeat("x", MaxAnswer+1), "!too_long"},
		{"\xff\xfe", "!empty"},
	})
}

func TestTextKeepsTheFieldsForm(t *testing.T) {
	spec(t, Question{Field: &flows.Field{Type: flows.TypeText, Min: at(2), Max: at(5)}}, []says{{"ab", "ab"}, {"नमस्ते", "!too_long"}, {"नमस्", "नमस्"}, {"a", "!too_short"}, {"abcdef", "!too_long"}})
	spec(t, Question{Field: &flows.Field{Type: flows.TypeText, Pattern: "[A-Z]{2}[0-9]+|none"}}, []says{{"AB12", "AB12"}, {"xAB12", "!wrong_form"}, {"AB12x", "!wrong_form"}, {"none", "none"}, {"none2", "!wrong_form"}})
	spec(t, Question{Field: &flows.Field{Type: flows.TypeText, Pattern: "("}}, []says{{"anything", "anything"}})
}

func TestANameIsReadOutOfItsSentence(t *testing.T) {
	spec(t, Question{Field: &flows.Field{Name: "name", Type: flows.TypeText}}, []says{
		{"Priya", "Priya"},
		{"My name is Priya.", "Priya"},
		{"I'm Priya Rao", "Priya Rao"},
		{"Hi, I’m Priya!", "Priya"},
		{"Imran", "Imran"},
		{"Hilary", "Hilary"},
		{"It's Priya", "Priya"},
		{"I'm not going to tell you that", "I'm not going to tell you that"},
		{"I'm", "I'm"},
		{"my name is", "my name is"},
	})
}

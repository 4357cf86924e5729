package terminal

import (
	"bytes"
	"strings"
	"testing"

	"usher/bot"
)

func TestLettersAreCountedOutOfThoseThatThereAre(t *testing.T) {
	var out bytes.Buffer
	all := []bot.FollowUp{
		{Enrolment: bot.Enrolment{Sequence: "kept", Sent: 1, Letters: 1}, Address: "ada@bigco.example", Of: 5},
		{Enrolment: bot.Enrolment{Sequence: "taken-away", Sent: 4, Letters: 4}, Address: "ada@bigco.example"},
	}
	if err := followupTable(&World{Stdout: &out}, all); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.Contains(got, "1 of 5") || strings.Contains(got, "of 0") {
		t.Error(got)
	}
}

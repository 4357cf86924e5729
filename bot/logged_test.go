package bot_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"usher/bot"
)

func TestTheLogTellsWhatHappenedAndNothingThatAnybodyWrote(t *testing.T) {
	var out bytes.Buffer
	carry := bot.Logged(slog.New(slog.NewTextHandler(&out, nil)), bot.JobNotify)[bot.JobNotify]
	err := carry(t.Context(), bot.Job{ID: "j1", Kind: bot.JobNotify, Payload: []byte(`{"conversation":"c1","event":"passed","rep":"asha","detail":"knows Meera of meera@example.com"}`)})
	if err != nil {
		t.Fatal(err)
	}
	if line := out.String(); !strings.Contains(line, "event=passed conversation=c1 rep=asha") || strings.Contains(strings.ToLower(line), "meera") {
		t.Error(line)
	}
}

package slack

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEmoji reads what the app writes in its messages: the rehearsal's page shows each as Slack does.
func TestEmoji(t *testing.T) {
	page, err := os.ReadFile("slackfake/page/mrkdwn.js")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`":([a-z_]+): ?`).FindAllStringSubmatch(string(source), -1) {
			if !strings.Contains(string(page), " "+m[1]+": ") {
				t.Errorf("%s writes :%s:, which the page shows as words", file, m[1])
			}
		}
	}
}

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/flows"
)

// TestChatTellsTheStories feeds what the visitors of the example's stories say to usher chat --json, and holds what it
// prints against what the stories expect last.
func TestChatTellsTheStories(t *testing.T) {
	w, problems := flows.Load(flows.Example())
	if w == nil {
		t.Fatal(problems)
	}
	for _, s := range w.Stories {
		if slices.ContainsFunc(s.Turns, func(turn flows.StoryTurn) bool { return turn.Given != nil }) {
			continue // a chat takes the calendars as they are
		}
		t.Run(s.Name, func(t *testing.T) {
			told, last := chatted(t, s), lastExpected(s)
			if last.End != "" && told.end != last.End {
				t.Errorf("ended %q, not %q", told.end, last.End)
			}
			if !last.Meeting.IsZero() && !told.meeting.Equal(last.Meeting) {
				t.Errorf("meeting at %v, not %v", told.meeting, last.Meeting)
			}
			if last.Score != nil && told.score != *last.Score {
				t.Errorf("score %v, not %v", told.score, *last.Score)
			}
			if last.Rep != "" && told.rep != last.Rep {
				t.Errorf("rep %q, not %q", told.rep, last.Rep)
			}
		})
	}
}

func lastExpected(s *flows.Story) flows.Expect {
	var last flows.Expect
	for _, turn := range s.Turns {
		if turn.Expect != nil {
			last = *turn.Expect
		}
	}
	return last
}

// outcome is what chat --json printed last of each kind.
type outcome struct {
	end, rep string
	score    float64
	meeting  time.Time
}

// chatted runs one story's visitor through the program.
func chatted(t *testing.T, s *flows.Story) (told outcome) {
	t.Helper()
	visit := []string{"page=" + s.Visit.Page}
	for name, value := range s.Visit.UTM {
		visit = append(visit, "utm."+name+"="+value)
	}
	if s.Visit.Visits > 0 {
		visit = append(visit, fmt.Sprintf("visits=%d", s.Visit.Visits))
	}
	cmd := exec.Command(usherBin, "chat", "--json", "--flow", s.Flow, "--now", s.Now.Format(time.RFC3339),
		"--timezone", s.Visit.Timezone, "--language", s.Visit.Language, "--visit", strings.Join(visit, ","))
	cmd.Stdin = strings.NewReader(strings.Join(spoken(s), "\n") + "\n")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for line := range bytes.Lines(out) {
		var l struct {
			Type  string    `json:"type"`
			End   string    `json:"end"` // of "end"; a meeting's end is a time
			Rep   string    `json:"rep"`
			Score float64   `json:"score"`
			Start time.Time `json:"start"`
		}
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		switch l.Type {
		case "end":
			told.end = l.End
		case "route":
			told.rep = l.Rep
		case "score":
			told.score = l.Score
		case "meeting":
			told.meeting = l.Start
		}
	}
	return told
}

// spoken is what the story's visitor types, and what happens in between, as lines of the chat.
func spoken(s *flows.Story) []string {
	var lines []string
	for _, turn := range s.Turns {
		switch {
		case turn.Visitor != "":
			lines = append(lines, turn.Visitor)
		case turn.Value != "":
			lines = append(lines, turn.Value)
		case turn.Wait > 0:
			lines = append(lines, "/wait "+turn.Wait.String())
		case turn.Visit != "":
			lines = append(lines, "/visit "+turn.Visit)
		case turn.Joins != "":
			lines = append(lines, "/join "+turn.Joins)
		case turn.Leaves != "":
			lines = append(lines, "/leave")
		}
	}
	return lines
}

package calendar

import (
	"strings"
	"testing"

	"usher/bot"
	"usher/flows"
)

func TestErasingTakesEventsOutOfCalendars(t *testing.T) {
	a := radicale(t)
	h := newWritingHouse(t, a.account("Work"), flows.Calendar{File: "ben.ics"}, meeting)
	h.mustCarry()
	a.standsAt(t, meeting.Start)
	var links []bot.KeptLink
	for name, value := range h.links {
		kind, key, _ := strings.Cut(name, " ")
		links = append(links, bot.KeptLink{Kind: kind, Key: key, Value: value})
	}
	h.clock = meeting.End.AddDate(0, 0, 7) // long past
	eraser := Eraser{h.writing}
	targets, _ := eraser.Trace(bot.Subject{}, links)
	if len(targets) != 1 || strings.Contains(string(targets[0]), "priya") {
		t.Fatalf("%s", targets)
	}
	for range 2 {
		if left, err := eraser.Erase(t.Context(), targets[0]); err != nil || left != "" {
			t.Fatal(left, err)
		}
	}
	if got := a.stands("work"); len(got) != 0 {
		t.Errorf("it stands there still: %+v", got)
	}
	h.roster.Reps[0].Calendars = nil
	if left, err := eraser.Erase(t.Context(), targets[0]); err != nil || !strings.Contains(left, "does not name any more") {
		t.Error(left, err)
	}
}

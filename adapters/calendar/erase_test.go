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
	var rows []bot.Record
	for name, value := range h.links {
		kind, key, _ := strings.Cut(name, " ")
		rows = append(rows, bot.Record{Table: "link", Values: map[string]string{"kind": kind, "key": key, "value": value}})
	}
	h.clock = meeting.End.AddDate(0, 0, 7) // long past
	eraser := Eraser{h.writing}
	targets := eraser.Trace(bot.Subject{}, rows).Targets
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

package calendar

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestEventsOfProvidersThatAreStrange(t *testing.T) {
	kolkata := mustLoad("Asia/Kolkata")
	read := map[string]func(text string) (Event, bool, error){
		"google": func(text string) (Event, bool, error) {
			var g googleEvent
			if err := json.Unmarshal([]byte(text), &g); err != nil {
				t.Fatal(err)
			}
			return g.event(kolkata)
		},
		"microsoft": func(text string) (Event, bool, error) {
			var g graphEvent
			if err := json.Unmarshal([]byte(text), &g); err != nil {
				t.Fatal(err)
			}
			return g.event(kolkata)
		},
	}
	for _, c := range []struct{ name, of, text, want string }{
		{"without a start it is left out", "google", `{"end":{"date":"2026-11-24"}}`, "left out"},
		{"without an end it lasts an hour", "google", `{"start":{"dateTime":"2026-11-24T10:00:00+05:30"}}`, "24T04:30-24T05:30 busy, an hour"},
		{"an end before the start is none", "google", `{"start":{"dateTime":"2026-11-24T10:00:00Z"},"end":{"dateTime":"2026-11-24T09:00:00Z"}}`, "24T10:00-24T11:00 busy, an hour"},
		{"cancelled is nothing, whatever else it says", "google", `{"status":"cancelled"}`, "dropped"},
		{"days are in the calendar's zone", "google", `{"start":{"date":"2026-11-24"},"end":{"date":"2026-11-26"}}`, "23T18:30-25T18:30 busy"},
		{"without a start it is left out", "microsoft", `{"showAs":"busy"}`, "left out"},
		{"a zone that nobody knows is no time", "microsoft", `{"start":{"dateTime":"2026-11-24T10:00:00","timeZone":"Mars"}}`, "left out"},
		{"another zone than UTC is read", "microsoft", `{"start":{"dateTime":"2026-11-24T10:00:00.0000000","timeZone":"Europe/Berlin"},"end":{"dateTime":"2026-11-24T11:00:00","timeZone":"Europe/Berlin"},"showAs":"busy"}`, "24T09:00-24T10:00 busy"},
		{"without an end it lasts an hour", "microsoft", `{"start":{"dateTime":"2026-11-24T10:00:00","timeZone":"UTC"}}`, "24T10:00-24T11:00 busy, an hour"},
		{"a day that is not told by midnight is taken as it is", "microsoft", `{"isAllDay":true,"start":{"dateTime":"2026-11-23T18:30:00","timeZone":"UTC"},"end":{"dateTime":"2026-11-24T18:30:00","timeZone":"UTC"}}`, "23T18:30-24T18:30 busy"},
		{"cancelled is nothing", "microsoft", `{"isCancelled":true}`, "dropped"},
	} {
		t.Run(c.of+": "+c.name, func(t *testing.T) {
			e, keep, err := read[c.of](c.text)
			got := "dropped"
			switch {
			case keep:
				got = e.Start.UTC().Format("02T15:04") + "-" + e.End.UTC().Format("02T15:04")
				if e.Busy {
					got += " busy"
				}
				if err != nil {
					got += ", an hour"
				}
			case err != nil:
				got = "left out"
			}
			if got != c.want {
				t.Error(got)
			}
		})
	}
}

func TestMidnightsThatAreNotThere(t *testing.T) {
	// Cairo's clocks go from 0:00 to 1:00: the day begins at one.
	at, err := midnight("2026-04-24", mustLoad("Africa/Cairo"))
	if err != nil || at.Day() != 24 || at.UTC().Format("02T15:04") != "23T22:00" {
		t.Error(at, err)
	}
}

// FuzzAnswersOfProviders holds that no answer breaks the reader, and that what it keeps has a time.
func FuzzAnswersOfProviders(f *testing.F) {
	f.Add(`{"start":{"date":"2026-11-24"},"end":{"dateTime":"x"},"attendees":[{"self":true}],"extendedProperties":{"private":{"usherMeeting":"a"}}}`)
	f.Add(`{"start":{"dateTime":"2026-11-24T10:00:00","timeZone":"UTC"},"transactionId":"usher//","singleValueExtendedProperties":[{}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		var g googleEvent
		if json.NewDecoder(strings.NewReader(text)).Decode(&g) == nil {
			g.uid()
			_ = g.times()
			if e, keep, _ := g.event(time.UTC); keep && e.End.Before(e.Start) {
				t.Error(e)
			}
		}
		var m graphEvent
		if json.NewDecoder(strings.NewReader(text)).Decode(&m) == nil {
			m.meeting()
			_ = m.times()
			if e, keep, _ := m.event(time.UTC); keep && e.End.Before(e.Start) {
				t.Error(e)
			}
		}
	})
}

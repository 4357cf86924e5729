package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"usher/bot"
)

// connector knows of one calendar of Asha's, and of one consent.
type connector struct{}

func (connector) Connectable(rep string) []Connectable {
	if rep != "asha" {
		return nil
	}
	return []Connectable{{Rep: rep, Provider: "google", Account: "asha@acme.example"}}
}

func (connector) ConnectURL(rep, provider string) (string, error) {
	if provider != "google" {
		return "", errors.New("the calendar cannot be connected: USHER_MICROSOFT_CLIENT is not set")
	}
	return "https://accounts.google.example/auth?state=of-" + rep, nil
}

func (connector) Complete(_ context.Context, state, code, refused string) (Connectable, error) {
	done := Connectable{Rep: "asha", Provider: "google", Account: "asha@acme.example"}
	switch {
	case refused != "":
		return done, errors.New("the consent was not given (access_denied)")
	case state != "of-asha" || code != "c":
		return Connectable{}, errors.New("this way to the calendar has run out")
	}
	return done, nil
}

func TestFeed(t *testing.T) {
	now := meetingStart.Add(-24 * time.Hour)
	s, h, ts := meets(t, aMeeting, &now)
	s.Feed = func(rep string, meetings []bot.Meeting) ([]byte, error) {
		text := "BEGIN:VCALENDAR " + rep
		for _, m := range meetings {
			text += fmt.Sprint(" ", m.UID, m.Sequence)
		}
		return []byte(text), nil
	}
	long := aMeeting
	long.UID, long.Start, long.End = "old", long.Start.Add(-40*24*time.Hour), long.End.Add(-40*24*time.Hour)
	h.meetings["old"] = long
	link := ts.URL + s.FeedLink("asha")
	t.Run("whoever has the link reads the meetings since a month ago, and is told once", func(t *testing.T) {
		resp, _ := request(t, "GET", link, "")
		if body := bodyOf(t, resp); body != "BEGIN:VCALENDAR asha uid@usher0" || resp.Header.Get("Content-Type") != "text/calendar; charset=utf-8" {
			t.Fatal(resp.Status, body)
		}
		tag := resp.Header.Get("ETag")
		if resp, _ := request(t, "GET", link, "", "If-None-Match", tag); resp.StatusCode != http.StatusNotModified {
			t.Error(resp.Status)
		}
		m := aMeeting
		m.Sequence = 1
		h.meetings[m.UID] = m
		if resp, _ := request(t, "GET", link, "", "If-None-Match", tag); resp.StatusCode != http.StatusOK {
			t.Error(resp.Status)
		}
	})
	t.Run("a meeting that somebody is a guest of stands whole in their feed", func(t *testing.T) {
		h.meetings["row"] = bot.Meeting{UID: "row", Of: aMeeting.UID, Rep: "ben", Start: aMeeting.Start, End: aMeeting.End}
		resp, _ := request(t, "GET", ts.URL+s.FeedLink("ben"), "")
		if body := bodyOf(t, resp); body != "BEGIN:VCALENDAR ben uid@usher1" {
			t.Error(resp.Status, body)
		}
	})
	t.Run("it does not run out, but ends with the roster", func(t *testing.T) {
		now = now.Add(1000 * 24 * time.Hour)
		if resp, _ := request(t, "GET", link, ""); resp.StatusCode != 200 {
			t.Error(resp.Status)
		}
		h.workspace.Roster.Reps = h.workspace.Roster.Reps[1:]
		if resp, _ := request(t, "GET", link, ""); resp.StatusCode != 404 {
			t.Error(resp.Status)
		}
	})
}

func TestConnect(t *testing.T) {
	now := meetingStart
	s, _, ts := meets(t, aMeeting, &now)
	s.Connector = connector{}
	link := s.ConnectLink("asha")
	t.Run("a rep sees what can be connected and is sent to the provider", func(t *testing.T) {
		resp, _ := request(t, "GET", ts.URL+link, "")
		body := bodyOf(t, resp)
		shows(t, body, "Asha Rao", "Connect Google Calendar", "asha@acme.example", `value="google"`)
		hides(t, body, "<script")
		if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Error(csp)
		}
		resp, _ = request(t, "POST", ts.URL+link, "provider=google", form...)
		if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "https://accounts.google.example/auth?state=of-asha" {
			t.Error(resp.Status, resp.Header)
		}
		resp, _ = request(t, "POST", ts.URL+link, "provider=microsoft", form...)
		shows(t, bodyOf(t, resp), "USHER_MICROSOFT_CLIENT is not set.")
		resp, _ = request(t, "POST", ts.URL+link, "provider=google", append([]string{"Sec-Fetch-Site", "cross-site"}, form...)...)
		if resp.StatusCode != http.StatusForbidden {
			t.Error(resp.Status)
		}
	})
	t.Run("one without such a calendar is told whom to ask", func(t *testing.T) {
		resp, _ := request(t, "GET", ts.URL+s.ConnectLink("ben"), "")
		shows(t, bodyOf(t, resp), "nothing to connect", "team.yaml")
	})
	t.Run("back from the provider it is said what came of it", func(t *testing.T) {
		for query, want := range map[string]string{
			"state=of-asha&code=c":              "Your calendar is connected",
			"state=of-asha&error=access_denied": "The consent was not given (access_denied).",
			"state=forged&code=c":               "has run out.",
		} {
			resp, _ := request(t, "GET", ts.URL+"/calendar/callback?"+query, "")
			shows(t, bodyOf(t, resp), want)
		}
	})
	t.Run("the link works for a week", func(t *testing.T) {
		now = meetingStart.Add(connectLinkLasts)
		resp, _ := request(t, "GET", ts.URL+link, "")
		if resp.StatusCode != http.StatusGone {
			t.Error(resp.Status)
		}
		shows(t, bodyOf(t, resp), "usher calendar connect asha")
	})
}

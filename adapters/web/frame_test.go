package web

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"usher/bot"
)

func TestMessageFrame(t *testing.T) {
	written := func(s *Server, m bot.Message) map[string]any {
		t.Helper()
		var b bytes.Buffer
		if err := s.appendMessage(t.Context(), &b, &m); err != nil {
			t.Fatal(err)
		}
		var out map[string]any
		if err := json.Unmarshal(b.Bytes(), &out); err != nil {
			t.Fatalf("%v in %s", err, b.Bytes())
		}
		return out
	}
	h := newHouse()
	start := time.Date(2026, 11, 23, 6, 30, 0, 0, time.UTC)
	h.meetings["u1"] = bot.Meeting{UID: "u1", Rep: "asha", Title: "BigCo", Status: bot.Confirmed, Start: start, End: start.Add(time.Hour), Timezone: "Asia/Kolkata", Language: "fa"}
	s := &Server{Host: h, Key: []byte("a key of thirty-two bytes or more"), URL: "https://chat.acme.example", Now: func() time.Time { return start.Add(-time.Hour) }}

	t.Run("words that tell of a meeting carry the link to its page", func(t *testing.T) {
		f := written(s, bot.Message{Seq: 7, From: bot.FromBot, Text: "See you", Meeting: "u1", End: "qualified"})
		m, ok := f["meeting"].(map[string]any)
		if !ok || m["url"] != s.MeetingLink("u1") || !strings.HasPrefix(s.MeetingLink("u1"), "https://chat.acme.example/m/u1?s=") {
			t.Errorf("%v", f)
		}
		if m["time"] != "۱۲:۰۰ – ۱۳:۰۰" || m["end"] != "2026-11-23T07:30:00Z" || m["status"] != "confirmed" || m["note"] != nil {
			t.Errorf("the card: %v", m)
		}
		if f["end"] != "qualified" {
			t.Errorf("end %v", f["end"])
		}
	})

	t.Run("a card shows how the meeting is now, and nothing of one that is gone", func(t *testing.T) {
		m := h.meetings["u1"]
		m.Status, m.Clashed = bot.Cancelled, true
		h.meetings["u1"] = m
		f := written(s, bot.Message{Seq: 7, From: bot.FromBot, Text: "See you", Meeting: "u1"})
		if c, ok := f["meeting"].(map[string]any); !ok || c["status"] != "clashed" || c["note"] != persian.Clashed || c["google"] != nil {
			t.Errorf("%v", f)
		}
		if f := written(s, bot.Message{Seq: 7, From: bot.FromBot, Text: "See you", Meeting: "none"}); f["meeting"] != nil {
			t.Errorf("%v", f)
		}
	})

	t.Run("a rep's words carry name and picture", func(t *testing.T) {
		f := written(s, bot.Message{Seq: 9, From: bot.FromRep, Name: "Ben Ode", Picture: "https://acme.example/ben.png", Text: "Hello"})
		if f["name"] != "Ben Ode" || f["picture"] != "https://acme.example/ben.png" {
			t.Errorf("%v", f)
		}
	})

	t.Run("other words carry neither a link nor an end", func(t *testing.T) {
		f := written(s, bot.Message{Seq: 8, From: bot.FromBot, Text: "Hello"})
		if f["meeting"] != nil || f["end"] != nil || f["picture"] != nil {
			t.Errorf("%v", f)
		}
	})
}

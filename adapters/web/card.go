package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"usher/bot"
)

// card is what a message of the wire says of a meeting: how it is now, with labels in the visitor's language and zone.
// A later card with the same uid overtakes an earlier one.
type card struct {
	UID     string `json:"uid"`
	URL     string `json:"url"`
	Status  string `json:"status"` // standsConfirmed …
	Title   string `json:"title"`
	Day     string `json:"day"`
	Time    string `json:"time"`
	Start   string `json:"start"` // RFC 3339, UTC
	End     string `json:"end"`
	Rep     string `json:"rep,omitempty"`
	Place   string `json:"place,omitempty"`
	Note    string `json:"note,omitempty"` // how it stands in words, where it does not just take place
	File    string `json:"file,omitempty"`
	Google  string `json:"google,omitempty"`
	Outlook string `json:"outlook,omitempty"`
}

// card is the member of the frame, with the comma before it; nothing for a meeting that is there no more.
func (s *Server) card(ctx context.Context, uid string) ([]byte, error) {
	m, err := s.Host.Meeting(ctx, uid)
	if errors.Is(err, bot.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("meeting of a message: %w", err)
	}
	text, err := json.Marshal(s.cardOf(m))
	if err != nil {
		return nil, fmt.Errorf("meeting of a message: %w", err)
	}
	return append([]byte(`,"meeting":`), text...), nil
}

func (s *Server) cardOf(m bot.Meeting) card {
	w := wordsIn(m.Language)
	start, end := m.Start.In(located(m.Timezone)), m.End.In(located(m.Timezone))
	link := s.LinkTo(m)
	_, signature, _ := strings.Cut(link, "?s=")
	saving := s.savingOf(m, strings.TrimSuffix(s.URL, "/")+"/m/", signature)
	c := card{
		UID: m.UID, URL: link, Status: stands(m, s.now()), Title: title(m), Day: w.day(start), Time: w.from(start, end),
		Start: m.Start.UTC().Format(time.RFC3339), End: m.End.UTC().Format(time.RFC3339), Place: m.Place,
		File: saving.File, Google: saving.Google, Outlook: saving.Outlook,
	}
	if hosts := s.hosts(m); m.Rep != "" {
		c.Rep = hosts[0].Name
	}
	if c.Status != standsConfirmed {
		c.Note = w.status(c.Status)
	}
	return c
}

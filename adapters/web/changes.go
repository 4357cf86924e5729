package web

import (
	"context"
	"time"

	"usher/bot"
	"usher/bot/slots"
)

// changes is what a house that cannot move meetings yet answers.
type changes struct{ Host }

// Times is of nothing.
func (changes) Times(context.Context, string, int) ([]slots.Slot, error) { return nil, bot.ErrNotFound }

// Reschedule moves nothing.
func (changes) Reschedule(context.Context, string, slots.Slot) error { return bot.ErrNotFound }

// NoShow marks nothing.
func (changes) NoShow(context.Context, string) error { return bot.ErrNotFound }

// MeetingsOf finds nothing.
func (changes) MeetingsOf(context.Context, string, time.Time, time.Time) ([]bot.Meeting, error) {
	return nil, nil
}

func (s *Server) house() Meetings {
	if m, ok := s.Host.(Meetings); ok {
		return m
	}
	return changes{s.Host}
}

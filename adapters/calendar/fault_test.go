package calendar

import (
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"usher/bot"
	"usher/flows"
)

func TestEachFaultHasItsOutcome(t *testing.T) {
	s := radicale(t)
	for name, x := range map[string]struct {
		method       string
		f            fault
		first, never bool // whether the first try fails, and for good
	}{
		"down when asked":            {"", severed, true, false},
		"down at PUT":                {http.MethodPut, severed, true, false},
		"answer to PUT lost":         {http.MethodPut, mute, false, false},
		"500 at PUT":                 {http.MethodPut, broken, true, false},
		"500 at the report":          {"REPORT", broken, true, false},
		"no room":                    {http.MethodPut, full, true, false},
		"asks for patience":          {http.MethodPut, later, true, false},
		"read-only":                  {http.MethodPut, refuse, true, true},
		"no ETag":                    {http.MethodPut, untagged, false, false},
		"a weak ETag":                {http.MethodPut, weakened, false, false},
		"every answer is lost":       {"", mute, true, false},
		"everything is forbidden":    {"", refuse, true, false},
		"the question is forbidden":  {"PROPFIND", refuse, true, false},
		"the reports are not served": {"REPORT", refuse, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := newWritingHouse(t, s.account("Work"), flows.Calendar{}, meeting)
			s.breaks(x.method, x.f)
			err := h.carry()
			var retry *bot.RetryError
			never := errors.As(err, &retry) && retry.Never
			if (err != nil) != x.first || never != x.never {
				t.Errorf("the first try: %v", err)
			}
			h.writing = h.node() // another node takes the job up
			s.breaks("", noFault)
			h.mustCarry()
			s.standsAt(t, meeting.Start)

			h.edit(anHour)
			s.breaks(x.method, x.f)
			if err := h.carry(); (err != nil) != x.first {
				t.Errorf("the change: %v", err)
			}
			s.breaks("", noFault)
			h.mustCarry()
			s.standsAt(t, meeting.Start.Add(time.Hour))

			h.edit(func(m *bot.Meeting) { m.Status = bot.Cancelled })
			if x.method == "" {
				s.breaks("", x.f)
				if err := h.carry(); err == nil {
					t.Error("it cannot be taken out")
				}
				s.breaks("", noFault)
			}
			h.mustCarry()
			if got := s.stands("work"); len(got) != 0 {
				t.Errorf("%+v", got)
			}
			if got := h.heard(); got != "" {
				t.Error(got)
			}
		})
	}
	t.Run("a wrong password", func(t *testing.T) {
		account := s.account("Work")
		account.Password = "open"
		var retry *bot.RetryError
		if err := newWritingHouse(t, account, flows.Calendar{}, meeting).carry(); !errors.As(err, &retry) || !retry.Never || !errors.Is(err, ErrAuth) {
			t.Error(err)
		}
	})
}

func TestTwoNodesMakeOneEvent(t *testing.T) {
	onServers(t, func(t *testing.T, s *davServer) {
		h := newWritingHouse(t, s.account("Work"), flows.Calendar{}, meeting)
		var nodes sync.WaitGroup
		for range 4 {
			node := h.node()
			nodes.Go(func() {
				if err := node.Carry(t.Context(), job(meeting.UID)); err != nil {
					t.Error(err)
				}
			})
		}
		nodes.Wait()
		s.standsAt(t, meeting.Start)
		if got := h.heard(); got != "" {
			t.Error(got)
		}
	})
}

package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/adapters/api"
	"usher/bot"
)

func TestConversations(t *testing.T) {
	t.Run("a conversation is read with its answers as plain values, and what was said in pages", func(t *testing.T) {
		o := open(t)
		o.begun("c1", noon)
		var c api.Conversation
		o.read(o.ask("GET", "/v1/conversations/c1", ""), &c)
		if c.Answers["size"] != 250.0 || c.Rep != "asha" || c.Page.URL != "https://acme.example/pricing" || !c.Began.Equal(noon) || c.Messages != 2 {
			t.Errorf("%+v", c)
		}
		said := list[api.Message](o, "/v1/conversations/c1/messages?limit=1", func() {})
		if len(said) != 2 || said[0].From != "bot" || said[1].Text != "about 250" || said[1].Seq != 2 {
			t.Errorf("%+v", said)
		}
		o.refused(o.ask("GET", "/v1/conversations/nobody", ""), http.StatusNotFound)
		o.refused(o.ask("GET", "/v1/conversations/nobody/messages", ""), http.StatusNotFound)
	})
	t.Run("a list gives what was there from the beginning exactly once, while others begin", func(t *testing.T) {
		o := open(t)
		var want []string
		for i := range 11 {
			id := fmt.Sprintf("c%02d", i)
			o.begun(id, noon.Add(time.Duration(i/3)*time.Minute)) // some begin at one time
			want = append(want, id)
		}
		n := 0
		all := list[api.Conversation](o, "/v1/conversations?limit=2", func() {
			n++
			o.begun(fmt.Sprint("new", n), noon.Add(time.Duration(n%5)*time.Minute))
		})
		var got []string
		for _, c := range all {
			if strings.HasPrefix(c.ID, "c") {
				got = append(got, c.ID)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v", got)
		}
		some := list[api.Conversation](o, "/v1/conversations?limit=5&from=2026-11-23T17:31:00%2B05:30&to=2026-11-23T12:02:00Z", func() {})
		if len(some) < 3 || slices.ContainsFunc(some, func(c api.Conversation) bool { return !c.Began.Equal(noon.Add(time.Minute)) }) {
			t.Errorf("%+v", some)
		}
	})
}

func TestMeetings(t *testing.T) {
	t.Run("meetings are listed by rep and time, holds and rows of guests are none", func(t *testing.T) {
		o := open(t)
		hold, with := meeting("hold", "asha", noon.Add(5*time.Hour)), meeting("m2", "ben", noon.Add(time.Hour))
		hold.Status, hold.Expires, with.With = bot.Held, noon.Add(time.Hour), "asha"
		o.begun("c1", noon, meeting("m1", "asha", noon), hold)
		o.begun("c2", noon, with)
		uids := func(path string) (out []string) {
			for _, m := range list[api.Meeting](o, path, func() {}) {
				out = append(out, m.UID)
			}
			return out
		}
		for path, want := range map[string][]string{
			"/v1/meetings?limit=1": {"m1", "m2"}, "/v1/meetings?limit=1&rep=asha": {"m1", "m2"}, "/v1/meetings?limit=1&rep=ben": {"m2"},
			"/v1/meetings?limit=1&from=2026-11-23T12:30:00Z": {"m2"}, "/v1/meetings?limit=1&to=2026-11-23T13:00:00Z": {"m1"},
		} {
			if got := uids(path); !slices.Equal(got, want) {
				t.Errorf("%s: %v", path, got)
			}
		}
		for _, uid := range []string{"hold", "m2.asha", "none"} {
			o.refused(o.ask("GET", "/v1/meetings/"+uid, ""), http.StatusNotFound)
			o.refused(o.ask("POST", "/v1/meetings/"+uid+"/cancel", "{}"), http.StatusNotFound)
			o.refused(o.ask("POST", "/v1/meetings/"+uid+"/no-show", ""), http.StatusNotFound)
		}
		if len(o.changes.done) > 0 {
			t.Error(o.changes.done)
		}
	})
	t.Run("a meeting is cancelled with a reason, and missed; what is too late or too early is a conflict", func(t *testing.T) {
		o := open(t)
		o.begun("c1", noon, meeting("m1", "asha", noon))
		var m api.Meeting
		o.read(o.ask("POST", "/v1/meetings/m1/cancel", `{"because":" the room is gone "}`), &m)
		o.read(o.ask("POST", "/v1/meetings/m1/no-show", ""), &m)
		if m.UID != "m1" || m.Attendee.Email != "ana@acme.example" || !slices.Equal(o.changes.done, []string{"cancel m1 the room is gone", "no-show m1"}) {
			t.Errorf("%+v %v", m, o.changes.done)
		}
		o.changes.err = fmt.Errorf("cancel: %w", bot.ErrBegun)
		o.refused(o.ask("POST", "/v1/meetings/m1/cancel", "{}"), http.StatusConflict, "has begun")
		o.changes.err = fmt.Errorf("no-show: %w", bot.ErrNotBegun)
		o.refused(o.ask("POST", "/v1/meetings/m1/no-show", ""), http.StatusConflict, "not begun")
		o.changes.err = fmt.Errorf("cancel: %w", bot.ErrBusy)
		busy := o.ask("POST", "/v1/meetings/m1/cancel", "{}")
		o.refused(busy, http.StatusServiceUnavailable)
		if busy.header.Get("Retry-After") == "" {
			t.Error("nobody says when to come again")
		}
		o.changes.err = fmt.Errorf("ana@acme.example broke the disk")
		broken := o.ask("POST", "/v1/meetings/m1/cancel", "{}")
		o.refused(broken, http.StatusInternalServerError)
		if strings.Contains(broken.text, "disk") {
			t.Errorf("our own trouble is told to others: %s", broken.text)
		}
		gone := meeting("m2", "asha", noon.Add(time.Hour))
		gone.Status, gone.Because = bot.Cancelled, "ill"
		o.begun("c2", noon, gone)
		o.refused(o.ask("POST", "/v1/meetings/m2/no-show", ""), http.StatusConflict, "cancelled")
	})
}

func TestBadRequests(t *testing.T) {
	o := open(t)
	o.begun("c1", noon, meeting("m1", "asha", noon))
	cursor := api.CursorOf(t)
	o.begun("c2", noon, meeting("m2", "asha", noon.Add(time.Hour)))
	for _, c := range []struct {
		method, path, body string
		status             int
		words              []string
	}{
		{"GET", "/v1/meetings?page=2", "", 422, []string{"query.page", "unknown"}},
		{"GET", "/v1/meetings?limit=0", "", 422, []string{"query.limit"}},
		{"GET", "/v1/meetings?limit=201", "", 422, []string{"query.limit", "200"}},
		{"GET", "/v1/meetings?limit=many", "", 422, []string{"query.limit"}},
		{"GET", "/v1/meetings?from=2026-11-23T10:00:00", "", 422, []string{"query.from", "zone"}},
		{"GET", "/v1/meetings?cursor=nonsense", "", 422, []string{"query.cursor"}},
		{"GET", "/v1/meetings?cursor=" + strings.Repeat("A", 600), "", 422, []string{"query.cursor"}},
		{"GET", "/v1/conversations?cursor=" + cursor, "", 422, []string{"query.cursor"}},
		{"POST", "/v1/meetings/m1/cancel", `{"because":7}`, 422, []string{"body.because"}},
		{"POST", "/v1/meetings/m1/cancel", `{"reason":"x"}`, 422, []string{"body.reason"}},
		{"POST", "/v1/meetings/m1/cancel", `{"because":`, 400, []string{"body"}},
		{"POST", "/v1/meetings/m1/cancel", `{"because":"` + strings.Repeat("x", 300<<10) + `"}`, 413, nil},
		{"PUT", "/v1/meetings/m1", "", 405, []string{"GET"}},
		{"GET", "/v1/meetings/m1/cancel", "", 405, []string{"POST"}},
		{"GET", "/v1/nothing", "", 404, []string{"/v1/docs"}},
	} {
		t.Run(c.method+" "+c.path[:min(60, len(c.path))], func(t *testing.T) { o.refused(o.ask(c.method, c.path, c.body), c.status, c.words...) })
	}
	for _, path := range []string{"/v1/chat", "/v1/chat/events", "/", "/widget.js"} {
		if a := o.ask("GET", path, ""); a.text != "the rest" {
			t.Errorf("%s is not ours: %s", path, a.text)
		}
	}
}

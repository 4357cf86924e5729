package hooks_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"usher/adapters/hooks"
	"usher/adapters/hooks/hubspotfake"
	"usher/bot"
)

// erased erases whoever has the address, and waits until all is reached that can be.
func (h *house) erased(t *testing.T, address string) bot.Erasure {
	t.Helper()
	s, err := h.Subject(t.Context(), address)
	must(t, err)
	plan, err := h.Plan(t.Context(), s)
	must(t, err)
	for _, p := range plan.Parts {
		if bytes.Contains(p.Target, []byte(address)) {
			t.Errorf("the address stands in the part %s", p.Target)
		}
	}
	e, err := h.Erase(t.Context(), s, "mira@office")
	must(t, err)
	waits := func() bool {
		e, err = h.Store.Erasure(t.Context(), e.ID)
		must(t, err)
		for _, p := range e.Parts {
			if p.State == bot.PartWaiting {
				return true
			}
		}
		return false
	}
	eventually(t, "all is reached", func() bool { h.clock.pass(time.Second); return !waits() })
	return e
}

func TestErasingDeletesInHubSpot(t *testing.T) {
	t.Run("the contact and its meetings, of which it says that an empty one is in the recycling bin", func(t *testing.T) {
		h, crm := crmHouse(t, "")
		h.run()
		h.books("priya@bigco.example")
		eventually(t, "the meeting is there", func() bool { return len(crm.Objects("meetings")) == 1 })
		h.quiet(t)
		e := h.erased(t, "priya@bigco.example")
		if c, m := crm.Objects("contacts"), crm.Objects("meetings"); len(c)+len(m) > 0 {
			t.Errorf("%v %v", c, m)
		}
		bin := crm.Bin()
		if len(bin) != 1 || bin[0].Properties["hs_meeting_title"] != "" || !strings.Contains(fmt.Sprint(e.Parts), "empties after 90 days") {
			t.Errorf("%v; %v", bin, e.Parts)
		}
	})
	t.Run("what the token may delete, and says of the rest that it is to be done there", func(t *testing.T) {
		h, crm := crmHouse(t, "")
		h.run()
		h.books("priya@bigco.example")
		eventually(t, "the meeting is there", func() bool { return len(crm.Objects("meetings")) == 1 })
		h.quiet(t)
		crm.Fail(hubspotfake.Fault{Method: http.MethodDelete, Status: http.StatusForbidden})
		e := h.erased(t, "priya@bigco.example")
		if len(crm.Objects("meetings")) != 1 || len(crm.Objects("contacts")) > 0 || !strings.Contains(fmt.Sprint(e.Parts), "do it there") {
			t.Errorf("%v; %v", crm.Objects("meetings"), e.Parts)
		}
	})
	t.Run("a contact whose making was never answered", func(t *testing.T) {
		h, crm := crmHouse(t, "")
		crm.Fail(hubspotfake.Fault{Path: "/objects/contacts", Method: http.MethodPost})
		h.run()
		h.books("priya@bigco.example")
		eventually(t, "the contact is there, and nobody here knows", func() bool {
			dead, err := h.Store.JobCounts(t.Context())
			return err == nil && len(crm.Objects("contacts")) == 1 && dead[bot.JobRunning] == 0
		})
		h.erased(t, "priya@bigco.example")
		if c := crm.Objects("contacts"); len(c) > 0 {
			t.Errorf("%v", c)
		}
	})
}

func TestErasingSaysWhoWasToldOfThem(t *testing.T) {
	rows := []bot.Record{
		{Table: "delivery", Values: map[string]string{"id": "a", "webhook": "w1", "state": bot.DeliverySent, "attempts": "1"}},
		{Table: "delivery", Values: map[string]string{"id": "b", "webhook": "w1", "state": bot.DeliveryQueued, "attempts": "2"}},
		{Table: "delivery", Values: map[string]string{"id": "c", "webhook": "w2", "state": bot.DeliveryQueued, "attempts": "0"}},
		{Table: "delivery", Values: map[string]string{"id": "d", "webhook": "w3", "state": bot.DeliveryQueued, "attempts": "0"}},
		{Table: "job", Values: map[string]string{"kind": bot.JobHookSend, "state": bot.JobRunning, "attempts": "1", "payload": `{"delivery":"d"}`}},
		{Table: "job", Values: map[string]string{"kind": bot.JobHookSend, "state": bot.JobReady, "attempts": "0", "payload": `{"delivery":"c"}`}},
	}
	left := hooks.Receivers{}.Trace(bot.Subject{}, rows).Left
	for _, words := range []string{"w1 took 1 and may have taken 1 more", "w3 may have taken 1"} {
		if !strings.Contains(left, words) {
			t.Errorf("%q lacks %q", left, words)
		}
	}
	if strings.Contains(left, "w2") || (hooks.Receivers{}).Trace(bot.Subject{}, rows[2:3]).Left != "" {
		t.Errorf("%q tells of what nobody was sent", left)
	}
}

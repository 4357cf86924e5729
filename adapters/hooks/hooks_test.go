package hooks_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/adapters/hooks"
	"usher/bot"
	"usher/flows"
)

// arrive begins a conversation.
func (h *house) arrive() bot.Arrived {
	h.t.Helper()
	a, err := h.Arrive(h.t.Context(), bot.Arrival{Site: "acme.example", Visit: flows.Visit{Page: "/", Language: "en", Timezone: "UTC"}})
	must(h.t, err)
	return a
}

// books has somebody book a meeting.
func (h *house) books(email string) bot.Arrived {
	h.t.Helper()
	a := h.arrive()
	h.says(a, "250")
	h.says(a, email)
	all, err := h.Transcript(h.t.Context(), a.Conversation.ID, 0, 100)
	must(h.t, err)
	o := all[len(all)-1].Ask.Options[0]
	h.says(a, o.Day+" "+o.Label)
	return a
}

// meetingOf is the conversation's meeting.
func (h *house) meetingOf(a bot.Arrived) string {
	h.t.Helper()
	c, err := h.Store.Load(h.t.Context(), a.Conversation.ID)
	must(h.t, err)
	if c.State.Meeting == nil {
		h.t.Fatal("no meeting")
	}
	return c.State.Meeting.UID
}

// file is a hooks.yaml that names one receiver.
func file(t *testing.T, r *receiver, events string) string {
	t.Setenv("CRM_HOOK", secretText)
	return "- { url: " + r.URL + "/in, secret: \"${CRM_HOOK}\", events: " + events + " }\n"
}

func TestAWebhookIsTold(t *testing.T) {
	crm := newReceiver(t)
	h := newHouse(t, file(t, crm, "[lead.created, meeting.*]"), loopback)
	h.run()
	a := h.books("priya@bigco.example")
	must(t, h.Cancel(t.Context(), h.meetingOf(a), "no budget"))
	eventually(t, "three messages", func() bool { return len(crm.all()) == 3 })
	t.Run("of what happens to a lead, in its order, and of nothing else", func(t *testing.T) {
		if got := crm.types(); !slices.Equal(got, []string{bot.HookLead, bot.HookMeetingBooked, bot.HookMeetingCancelled}) {
			t.Error(got)
		}
	})
	t.Run("with who it is, what became of it, and why", func(t *testing.T) {
		last := crm.all()[2].Data
		if l := last.Lead; l.Email != "priya@bigco.example" || l.Grade != "hot" || l.Score != 60 || l.Owner == "" || !strings.HasSuffix(l.OwnerEmail, "@acme.example") || l.Fields["seats"] != 250.0 {
			t.Errorf("%+v", l)
		}
		if c := last.Change; c.Because != "no budget" || c.To != bot.Cancelled {
			t.Errorf("%+v", c)
		}
		if m := last.Meeting; m.Status != bot.Cancelled || m.Attendee != "priya@bigco.example" || last.Conversation != a.Conversation.ID {
			t.Errorf("%+v", m)
		}
	})
	t.Run("signed, so that ten lines can say that it is ours", func(t *testing.T) {
		for _, m := range crm.all() {
			if !verified(secretText, m.header, []byte(m.body), h.clock.now()) {
				t.Errorf("%s: %v", m.body, m.header)
			}
			if verified(secretText, m.header, []byte(m.body+" "), h.clock.now()) || verified(bot.NewSecret(), m.header, []byte(m.body), h.clock.now()) {
				t.Error("anything is")
			}
		}
	})
}

func TestAReceiverThatFails(t *testing.T) {
	t.Run("gets the same message again, with the same id and a new signature", func(t *testing.T) {
		crm := newReceiver(t)
		var first http.Header
		var text string
		crm.becomes(func(w http.ResponseWriter, r *http.Request, _ hooks.Message) bool {
			first = r.Header.Clone()
			w.WriteHeader(http.StatusInternalServerError)
			return false
		})
		h := newHouse(t, file(t, crm, "[meeting.booked]"), loopback)
		h.run()
		h.books("priya@bigco.example")
		h.fails(crm, 1)
		crm.becomes(nil)
		h.clock.pass(6 * time.Second)
		eventually(t, "it is taken", func() bool { return len(crm.all()) == 1 })
		got := crm.all()[0]
		text = got.body
		if got.id != first.Get(hooks.HeaderID) || got.header.Get(hooks.HeaderTimestamp) == first.Get(hooks.HeaderTimestamp) || text == "" {
			t.Errorf("%v, then %v", first, got.header)
		}
	})

	t.Run("is left alone for as long as it asks", func(t *testing.T) {
		crm := newReceiver(t)
		crm.becomes(refuses(http.StatusTooManyRequests, "Retry-After", "600"))
		h := newHouse(t, file(t, crm, "[meeting.booked]"), loopback)
		h.run()
		h.books("priya@bigco.example")
		h.fails(crm, 1)
		crm.becomes(nil)
		h.clock.pass(9 * time.Minute)
		h.books("lena@bigco.example")
		h.looked()
		if n := crm.tries(); n != 1 {
			t.Errorf("it is asked %d times", n)
		}
		h.clock.pass(2 * time.Minute)
		eventually(t, "both are taken", func() bool { return len(crm.all()) == 2 })
	})

	t.Run("and says that it is gone is sent nothing any more, until somebody enables it", func(t *testing.T) {
		crm := newReceiver(t)
		crm.becomes(refuses(http.StatusGone))
		h := newHouse(t, file(t, crm, "[meeting.booked]"), loopback)
		h.run()
		h.books("priya@bigco.example")
		dead := h.dead(1)
		h.books("lena@bigco.example")
		h.settle()
		if n := crm.tries(); n != 1 || !strings.Contains(h.log.String(), "a webhook is sent nothing any more") {
			t.Errorf("%d tries; the log: %s", n, h.log)
		}
		crm.becomes(nil)
		must(t, h.hooks.Enable(t.Context(), dead[0].Webhook))
		h.books("omar@bigco.example")
		eventually(t, "the next is taken", func() bool { return len(crm.all()) == 1 })
	})

	t.Run("for a day is given up on, which is told, and the message is kept and can be sent again", func(t *testing.T) {
		crm := newReceiver(t)
		crm.becomes(refuses(http.StatusInternalServerError))
		h := newHouse(t, file(t, crm, "[meeting.booked]"), loopback)
		h.run()
		h.books("priya@bigco.example")
		began := h.clock.now()
		for n := 1; len(h.list(bot.DeliveryDead)) == 0; n++ {
			h.fails(crm, n)
			h.clock.pass(8 * time.Hour)
			if h.clock.now().Sub(began) > 20*24*time.Hour {
				t.Fatal("it is never given up")
			}
		}
		if !strings.Contains(h.log.String(), "was given up (usher hooks replay ") {
			t.Errorf("the log: %s", h.log)
		}
		crm.becomes(nil)
		n, err := h.hooks.Replay(t.Context(), hooks.Again{ID: h.list(bot.DeliveryDead)[0].ID})
		must(t, err)
		eventually(t, "it is taken", func() bool { return n == 1 && len(crm.all()) == 1 })
	})

	t.Run("by a reset connection is asked again", func(t *testing.T) {
		crm := newReceiver(t)
		crm.becomes(func(w http.ResponseWriter, _ *http.Request, _ hooks.Message) bool {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				conn.Close() //nolint:errcheck // it is to be closed roughly
			}
			return false
		})
		h := newHouse(t, file(t, crm, "[meeting.booked]"), loopback)
		h.run()
		h.books("priya@bigco.example")
		h.fails(crm, 1)
		crm.becomes(nil)
		h.clock.pass(6 * time.Second)
		eventually(t, "it is taken", func() bool { return len(crm.all()) == 1 })
	})
}

func TestWhereMessagesDoNotGo(t *testing.T) {
	t.Run("to another host or inward, where the receiver leads there", func(t *testing.T) {
		inner := newReceiver(t)
		crm := newReceiver(t)
		for _, to := range []string{inner.URL, "http://169.254.169.254/latest/meta-data", "https://127.0.0.1:1/"} {
			crm.becomes(refuses(http.StatusTemporaryRedirect, "Location", to))
			h := newHouse(t, file(t, crm, "[meeting.booked]"), loopback)
			stop := h.run()
			h.books("priya@bigco.example")
			h.fails(crm, crm.tries()+1)
			if d := h.list(bot.DeliveryQueued)[0]; d.Status != http.StatusTemporaryRedirect || !strings.Contains(d.Error, "not followed") {
				t.Errorf("%+v", d)
			}
			stop()
		}
		if inner.tries() != 0 {
			t.Error("the message went on")
		}
	})

	t.Run("to private networks, unless they are allowed", func(t *testing.T) {
		crm := newReceiver(t)
		h := newHouse(t, file(t, crm, "[meeting.booked]"), hooks.Settings{})
		h.run()
		h.books("priya@bigco.example")
		eventually(t, "the failure is kept", func() bool {
			all := h.list(bot.DeliveryQueued)
			return len(all) == 1 && strings.Contains(all[0].Error, "USHER_HOOKS_ALLOW")
		})
		if crm.tries() != 0 || !strings.Contains(h.log.String(), "private network") {
			t.Errorf("the log: %s", h.log)
		}
	})
}

// fails waits until the receiver was tried that often, and what was tried last waits for its next time.
func (h *house) fails(r *receiver, tries int) {
	h.t.Helper()
	eventually(h.t, "an attempt fails", func() bool {
		all := append(h.list(bot.DeliveryQueued), h.list(bot.DeliveryDead)...)
		return r.tries() >= tries && slices.ContainsFunc(all, func(d bot.Delivery) bool { return d.Attempts >= 1 && d.Error != "" }) || len(h.list(bot.DeliveryDead)) > 0
	})
	h.settle()
}

// settle waits until nothing is carried out.
func (h *house) settle() {
	h.t.Helper()
	eventually(h.t, "the jobs of now are done", func() bool {
		got, err := h.Store.JobCounts(h.t.Context())
		return err == nil && got[bot.JobRunning] == 0
	})
}

// looked waits until a job that was made now was carried out, so that whatever else was due has had its chance.
func (h *house) looked() {
	h.t.Helper()
	eventually(h.t, "messages are made", func() bool { return len(h.list(bot.DeliveryQueued)) >= 2 })
	h.settle()
}

func (h *house) list(state string) []bot.Delivery {
	h.t.Helper()
	all, err := h.Store.ListDeliveries(h.t.Context(), bot.DeliveryQuery{State: state, Limit: 1000})
	must(h.t, err)
	return all
}

func (h *house) dead(n int) []bot.Delivery {
	h.t.Helper()
	eventually(h.t, "deliveries are given up", func() bool { return len(h.list(bot.DeliveryDead)) == n })
	return h.list(bot.DeliveryDead)
}

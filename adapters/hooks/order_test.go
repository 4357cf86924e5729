package hooks_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/adapters/hooks"
	"usher/bot"
)

// TestTheMessagesOfALeadKeepTheirOrder: whatever the receiver refuses, and however often, it takes what happened to one lead
// in the order in which it happened, each message once.
func TestTheMessagesOfALeadKeepTheirOrder(t *testing.T) {
	crm := newReceiver(t)
	h := newHouse(t, file(t, crm, "[meeting.*]"), loopback)
	h.run()
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		if round > 3 { // each is a conversation on a real store; the draws differ from run to run
			return
		}
		refused := rapid.SliceOfN(rapid.SampledFrom([]int{200, 200, 500, 429, 503, 307}), 12, 12).Draw(r, "answers")
		var mu sync.Mutex
		crm.becomes(func(w http.ResponseWriter, _ *http.Request, _ hooks.Message) bool {
			mu.Lock()
			defer mu.Unlock()
			if len(refused) == 0 || refused[0] == 200 {
				refused = refused[min(1, len(refused)):]
				return true
			}
			w.WriteHeader(refused[0])
			refused = refused[1:]
			return false
		})
		emails := []string{fmt.Sprintf("a%d@bigco.example", round), fmt.Sprintf("b%d@other.example", round)}
		for _, email := range emails {
			uid := h.meetingOf(h.books(email))
			times, err := h.Times(t.Context(), uid, 1)
			must(t, err)
			must(t, h.Reschedule(t.Context(), uid, times[0]))
			must(t, h.Cancel(t.Context(), uid, "no budget"))
		}
		want := []string{bot.HookMeetingBooked, bot.HookMeetingMoved, bot.HookMeetingCancelled}
		of := func(email string) (out []string) {
			for _, m := range crm.all() {
				if m.Data.Lead.Email == email {
					out = append(out, m.Type)
				}
			}
			return out
		}
		eventually(t, "all is taken", func() bool {
			if counts, err := h.Store.JobCounts(t.Context()); err == nil && counts[bot.JobRunning] == 0 {
				h.clock.pass(5 * time.Second)
			}
			return len(of(emails[0])) >= 3 && len(of(emails[1])) >= 3
		})
		for _, email := range emails {
			if got := of(email); !slices.Equal(got, want) {
				r.Errorf("%s: %v", email, got)
			}
		}
	})
}

func TestAReceiverThatHangsHoldsUpNobodyElse(t *testing.T) {
	crm, slow := newReceiver(t), newReceiver(t)
	hang := make(chan struct{})
	slow.becomes(func(http.ResponseWriter, *http.Request, hooks.Message) bool {
		<-hang
		return true
	})
	defer close(hang)
	h := newHouse(t, file(t, crm, "[meeting.booked]")+file(t, slow, "[meeting.*, lead.*]"), loopback)
	h.run()
	for i := range 12 {
		h.books(fmt.Sprintf("p%d@bigco.example", i))
	}
	eventually(t, "the other one has them all", func() bool { return len(crm.all()) == 12 })
	if n := slow.tries(); n > 8 {
		t.Errorf("the one that hangs has %d of the server's hands", n)
	}
}

func TestMessagesOutliveTheProgram(t *testing.T) {
	crm := newReceiver(t)
	crm.becomes(refuses(http.StatusBadGateway))
	yaml := file(t, crm, "[meeting.booked]")
	h := newHouse(t, yaml, loopback)
	stop := h.run()
	h.books("priya@bigco.example")
	h.fails(crm, 1)
	before := h.list(bot.DeliveryQueued)[0]
	stop()
	must(t, h.Store.Close())
	crm.becomes(nil)
	h.open(yaml, loopback)
	h.run()
	h.clock.pass(time.Minute)
	eventually(t, "it is taken", func() bool { return len(crm.all()) == 1 })
	if got := crm.all()[0]; got.id != before.Message || got.body != string(before.Body) {
		t.Errorf("%s, not %s", got.body, before.Body)
	}
}

func TestAWebhookMadeByHand(t *testing.T) {
	crm := newReceiver(t)
	h := newHouse(t, "", loopback)
	h.run()
	book := hooks.Book{Hooks: h.hooks}
	w := bot.NewWebhook(bot.Webhook{URL: crm.URL, Events: []string{"meeting.booked"}, By: "api crm", CreatedAt: h.clock.now()})
	must(t, book.SaveWebhook(t.Context(), w))
	t.Run("has its secret kept encrypted, and told to nobody but who may", func(t *testing.T) {
		kept, err := h.Store.Webhooks(t.Context())
		must(t, err)
		if len(kept) != 1 || strings.Contains(fmt.Sprint(kept), w.Secrets[0]) {
			t.Errorf("%v", kept)
		}
		all, err := book.Webhooks(t.Context())
		must(t, err)
		if len(all) != 1 || all[0].Secrets[0] != w.Secrets[0] || all[0].Disabled != "" {
			t.Errorf("%v", all)
		}
	})
	t.Run("is tried, and told", func(t *testing.T) {
		status, said, _, err := book.Ping(t.Context(), w)
		must(t, err)
		h.books("priya@bigco.example")
		eventually(t, "a ping and a meeting", func() bool { return slices.Equal(crm.types(), []string{hooks.Ping, bot.HookMeetingBooked}) })
		if status != 200 || said != "" || !verified(w.Secrets[0], crm.all()[1].header, []byte(crm.all()[1].body), h.clock.now()) {
			t.Error(status, said)
		}
	})
	t.Run("is told nothing more once it is deleted", func(t *testing.T) {
		must(t, book.DeleteWebhook(t.Context(), w.ID))
		h.books("lena@bigco.example")
		h.quiet(t)
		if n := len(crm.all()); n != 2 {
			t.Errorf("%d messages", n)
		}
	})
	t.Run("cannot be what none can be", func(t *testing.T) {
		for _, bad := range []bot.Webhook{
			{URL: "http://crm.example"},
			{URL: "https://me:hush@crm.example"},
			{URL: "ftp://crm.example"},
			{URL: "crm.example"},
			{URL: "https://"},
			{URL: "https://crm.example", Events: []string{"lead.creatd"}},
			{URL: "https://crm.example", Secrets: []string{"hush"}},
			{URL: "https://169.254.169.254/latest/meta-data"},
			{URL: "https://[fe80::1]/"},
			{URL: "https://10.1.2.3/"},
			{URL: "https://[::ffff:192.168.0.1]/"},
		} {
			if err := book.SaveWebhook(t.Context(), bot.NewWebhook(bad)); err == nil {
				t.Errorf("%+v", bad)
			}
		}
	})
}

func TestTwoNodesSendEachMessageOnce(t *testing.T) {
	crm := newReceiver(t)
	yaml := file(t, crm, "[meeting.*]")
	a := newHouse(t, yaml, loopback)
	b := &house{t: t, clock: a.clock}
	b.on(a.Store, yaml, loopback)
	a.run()
	b.run()
	for i := range 6 {
		node := []*house{a, b}[i%2]
		uid := node.meetingOf(node.books(fmt.Sprintf("p%d@bigco.example", i)))
		must(t, []*house{b, a}[i%2].Cancel(t.Context(), uid, "no budget"))
	}
	eventually(t, "all is taken", func() bool { return len(crm.all()) == 12 })
	a.quiet(t)
	seen, booked := map[string]bool{}, map[string]bool{}
	for _, m := range crm.all() {
		if seen[m.id] {
			t.Errorf("%s came twice", m.id)
		}
		seen[m.id] = true
		if booked[m.Data.Lead.Email] != (m.Type == bot.HookMeetingCancelled) {
			t.Errorf("%s of %s is out of its order", m.Type, m.Data.Lead.Email)
		}
		booked[m.Data.Lead.Email] = true
	}
}

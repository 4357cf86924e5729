package storetest

import (
	"errors"
	"testing"
	"time"

	"usher/bot"
)

func webhooks(t *testing.T, fresh Database) {
	crm := bot.Webhook{
		ID: "we_1", URL: "https://crm.example/in", Secrets: []string{"sealed", "older"}, Events: []string{"lead.*"}, By: "api crm", CreatedAt: noon,
	}
	tell(t, fresh, "webhooks are listed as they were saved last, the oldest first", func(w world) {
		younger := bot.Webhook{ID: "we_0", URL: "https://b.example", Secrets: []string{"s"}, By: "api b", CreatedAt: noon.Add(time.Second)}
		w.must(w.SaveWebhook(w.ctx, younger))
		w.must(w.SaveWebhook(w.ctx, crm))
		younger.URL, younger.Events = "https://c.example", []string{"meeting.booked"}
		w.must(w.SaveWebhook(w.ctx, younger))
		all, err := w.Webhooks(w.ctx)
		w.must(err)
		w.same(all, []bot.Webhook{crm, younger})
	})
	tell(t, fresh, "one that was deleted is gone, and only once", func(w world) {
		w.must(w.SaveWebhook(w.ctx, crm))
		w.must(w.DeleteWebhook(w.ctx, crm.ID))
		all, err := w.Webhooks(w.ctx)
		w.must(err)
		w.same(len(all), 0)
		w.same(errors.Is(w.DeleteWebhook(w.ctx, crm.ID), bot.ErrNotFound), true)
	})
}

func deliveries(t *testing.T, fresh Database) {
	message := func(id, webhook string, after time.Duration) bot.Delivery {
		return bot.Delivery{
			ID: id, Message: "msg_" + id, Webhook: webhook, Event: bot.HookStage, Person: "p1", Conversation: "c1",
			Body: []byte(`{"b": 1, "a":2}`), State: bot.DeliveryQueued, CreatedAt: noon.Add(after),
		}
	}
	list := func(w world, q bot.DeliveryQuery) (ids []string) {
		w.Helper()
		q.Limit = max(q.Limit, 1)
		all, err := w.ListDeliveries(w.ctx, q)
		w.must(err)
		for _, d := range all {
			ids = append(ids, d.ID)
		}
		return ids
	}
	tell(t, fresh, "a message and the job that sends it are stored together, once, byte for byte", func(w world) {
		w.must(w.SaveDeliveries(w.ctx, []bot.Delivery{message("a", "crm", 0)}, job("send-a", "", 0)))
		again := message("a", "crm", time.Hour)
		again.Body = []byte(`{}`)
		w.must(w.SaveDeliveries(w.ctx, []bot.Delivery{again}, job("send-a", "", 0)))
		got, err := w.Delivery(w.ctx, "a")
		w.must(err)
		w.same(got, message("a", "crm", 0))
		ids, _ := w.claim(0, 10)
		w.same(ids, []string{"send-a"})
		_, err = w.Delivery(w.ctx, "b")
		w.same(errors.Is(err, bot.ErrNotFound), true)
	})
	tell(t, fresh, "deliveries are found by webhook, person, state and time, page by page", func(w world) {
		dead := message("c", "crm", 2*time.Second)
		dead.Person = "p2"
		w.must(w.SaveDeliveries(w.ctx, []bot.Delivery{message("b", "crm", 0), message("a", "other", time.Second), dead}))
		dead.State, dead.Attempts, dead.Status, dead.Error, dead.TriedAt = bot.DeliveryDead, 3, 500, "the receiver answers 500", noon.Add(time.Hour)
		w.must(w.Delivered(w.ctx, dead))
		got, err := w.Delivery(w.ctx, "c")
		w.must(err)
		w.same(got, dead)
		w.same(list(w, bot.DeliveryQuery{Limit: 10}), []string{"b", "a", "c"})
		w.same(list(w, bot.DeliveryQuery{Limit: 2}), []string{"b", "a"})
		w.same(list(w, bot.DeliveryQuery{Limit: 2, After: message("a", "", 0)}), []string{"c"})
		w.same(list(w, bot.DeliveryQuery{Limit: 10, Webhook: "crm"}), []string{"b", "c"})
		w.same(list(w, bot.DeliveryQuery{Limit: 10, Person: "p1"}), []string{"b", "a"})
		w.same(list(w, bot.DeliveryQuery{Limit: 10, State: bot.DeliveryDead}), []string{"c"})
		w.same(list(w, bot.DeliveryQuery{Limit: 10, Since: noon.Add(time.Second)}), []string{"a", "c"})
	})
	tell(t, fresh, "deliveries are counted by webhook, with the last success and the last failure", func(w world) {
		sent, failing, dead := message("a", "crm", 0), message("b", "crm", 0), message("c", "crm", 0)
		w.must(w.SaveDeliveries(w.ctx, []bot.Delivery{sent, failing, dead, message("d", "other", 0)}))
		sent.State, sent.TriedAt = bot.DeliverySent, noon.Add(time.Minute)
		failing.Error, failing.TriedAt = "the receiver answers 503", noon.Add(3*time.Minute)
		dead.State, dead.Error, dead.TriedAt = bot.DeliveryDead, "the receiver answers 500", noon.Add(2*time.Minute)
		for _, d := range []bot.Delivery{sent, failing, dead} {
			w.must(w.Delivered(w.ctx, d))
		}
		counts, err := w.DeliveryCounts(w.ctx)
		w.must(err)
		w.same(counts, []bot.DeliveryCount{
			{Webhook: "crm", Queued: 1, Dead: 1, Sent: 1, LastSent: noon.Add(time.Minute), LastFailed: noon.Add(3 * time.Minute), Error: "the receiver answers 503"},
			{Webhook: "other", Queued: 1},
		})
	})
	tell(t, fresh, "what was sent is forgotten in time, and what is waiting or dead is not", func(w world) {
		old := []bot.Delivery{message("sent", "crm", 0), message("dead", "crm", 0), message("queued", "crm", 0)}
		w.must(w.SaveDeliveries(w.ctx, old))
		for _, d := range old {
			d.State, d.TriedAt = d.ID, noon
			w.must(w.Delivered(w.ctx, d))
		}
		w.must(w.Forget(w.ctx, noon.Add(time.Microsecond)))
		w.same(list(w, bot.DeliveryQuery{Limit: 10}), []string{"dead", "queued"})
	})
}

package hooks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"usher/bot"
)

// Carry carries a bot.JobHook: it makes the message once and a delivery of it for each webhook that wants it.
//
// What a conversation tells of waits first until its person is known, and is then put behind whatever else is told of that
// person: so all that happens to one lead goes through one queue, and lead.created comes before the lead's meetings.
func (h *Hooks) Carry(ctx context.Context, j bot.Job) error {
	var e bot.Event
	if err := json.Unmarshal(j.Payload, &e); err != nil {
		return &bot.RetryError{Never: true, Err: fmt.Errorf("read hook's job: %w", err)}
	}
	wanted, err := h.wanted(ctx, e.Event)
	if err != nil || len(wanted) == 0 && h.crm == nil {
		return err
	}
	if still, err := h.stillTrue(ctx, e); err != nil || !still {
		return err
	}
	if e.Person == "" {
		p, err := h.Memory.PersonOf(ctx, e.Conversation)
		if err == nil {
			return h.behind(ctx, j, e, p.ID)
		}
		if !errors.Is(err, bot.ErrNotFound) {
			return err
		}
	}
	err = h.fan(ctx, j, e, wanted)
	if errors.Is(err, bot.ErrNotFound) {
		h.Log.Info("nothing is told any more", "job", j.ID, "event", e.Event) // erased meanwhile
		return nil
	}
	return err
}

// stillTrue says whether a meeting that was to be held was: it stands, at that time, and nobody said no-show.
func (h *Hooks) stillTrue(ctx context.Context, e bot.Event) (bool, error) {
	if e.Event != bot.HookMeetingHeld {
		return true, nil
	}
	m, err := h.Memory.Meeting(ctx, e.Meeting)
	if errors.Is(err, bot.ErrNotFound) {
		return false, nil
	}
	return m.Status == bot.Confirmed && m.End.Equal(e.At) && m.NoShow.IsZero(), err
}

// behind puts what a conversation tells of into its person's queue.
func (h *Hooks) behind(ctx context.Context, j bot.Job, e bot.Event, person string) error {
	e.Person = person
	payload, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return h.Memory.Enqueue(ctx, bot.Job{
		ID: j.ID + "-of", Kind: bot.JobHook, Key: bot.JobHook + " " + person, Payload: payload, RunAt: h.Now(), State: bot.JobReady,
	})
}

// fan makes the deliveries with the jobs that send them, and has the CRM follow, all at once. Carried again it makes the
// same ones, and the store keeps those that are there.
func (h *Hooks) fan(ctx context.Context, j bot.Job, e bot.Event, to []bot.Webhook) error {
	m, err := h.message(ctx, e, j.RunAt)
	if err != nil {
		return err
	}
	body, err := m.text()
	if err != nil {
		return err
	}
	lead := m.Data.Lead.ID
	var ds []bot.Delivery
	var jobs []bot.Job
	for _, w := range to {
		d := bot.Delivery{
			Message: messageID(j.ID), Webhook: w.ID, Event: e.Event, Person: e.Person, Conversation: m.Data.Conversation, Body: body,
			State: bot.DeliveryQueued, CreatedAt: h.Now(),
		}
		d.ID = d.Message + "_" + w.ID
		if e.Person != "" {
			d.Person = lead
		}
		ds, jobs = append(ds, d), append(jobs, sending(d, d.ID, d.CreatedAt))
	}
	if h.crm != nil && e.Person != "" {
		jobs = append(jobs, bot.Job{ID: "crm-" + j.ID, Kind: bot.JobCRM, Key: bot.JobCRM + " " + lead, Payload: j.Payload})
	}
	for i := range jobs {
		jobs[i].RunAt, jobs[i].State = h.Now(), bot.JobReady
	}
	return h.Memory.SaveDeliveries(ctx, ds, jobs...)
}

// sending is the job that sends a delivery, for a day from then. Those of one webhook and lead keep their order.
func sending(d bot.Delivery, id string, from time.Time) bot.Job {
	payload, _ := json.Marshal(sent{Delivery: d.ID, From: from}) // a text and a time always marshal
	about := d.Person
	if about == "" {
		about = d.Conversation
	}
	return bot.Job{ID: "send-" + id, Kind: bot.JobHookSend, Key: bot.JobHookSend + " " + d.Webhook + " " + about, Payload: payload}
}

// sent is the payload of a JobHookSend.
type sent struct {
	Delivery string    `json:"delivery"`
	From     time.Time `json:"from"` // when it was first to be sent
}

// messageID is the same for the same job, and has no dot: the signature puts dots between what it signs.
func messageID(job string) string {
	sum := sha256.Sum256([]byte(job))
	return "msg_" + hex.EncodeToString(sum[:12])
}

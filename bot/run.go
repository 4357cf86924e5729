package bot

import (
	"context"
	"errors"
	"sync"
	"time"

	"usher/bot/dialogue"
)

// How often the bot looks for work that nobody announces: a visitor's silence or a job is at most this late.
const (
	wakeEvery = time.Second
	workEvery = 250 * time.Millisecond
	tidyEvery = time.Hour
)

// wakeAgain is when a conversation that could not be woken is tried again.
const wakeAgain = 5 * time.Minute

// KeepJobs is how long a done job is remembered: a message that a channel sends again within a week is known by its
// job's id.
const KeepJobs = 7 * 24 * time.Hour

// batch is how many conversations or jobs one look takes: enough to drain a backlog, few enough to share it between
// nodes.
const batch = 64

// Run listens to the store, follows what is published, wakes silent conversations, carries out jobs and tidies up until ctx ends; it returns when all that
// was begun is finished.
func (b *Bot) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, part := range []func(context.Context){b.listen, b.adoption, b.keep, b.wake, b.work, b.tidy, b.foldOld} {
		all.Go(func() { part(ctx) })
	}
	all.Wait()
}

// wake feeds the silence to conversations whose time has come.
func (b *Bot) wake(ctx context.Context) {
	for ctx.Err() == nil {
		if n := b.wakeDue(ctx); n < batch {
			pause(ctx, wakeEvery)
		}
	}
}

// wakeDue takes one look and says how many it woke. Those that cannot be woken are put off, so that they do not stand
// ahead of the others, and do not count, so that the next look is not taken at once.
func (b *Bot) wakeDue(ctx context.Context) int {
	ids, err := b.Store.Due(ctx, b.now(), batch)
	if err != nil {
		b.complain(ctx, "find silent conversations", err)
		pause(ctx, storeAway)
		return 0
	}
	woken := 0
	for _, id := range ids {
		if err := b.lapse(ctx, id); err != nil {
			b.complain(ctx, "wake conversation", err, "conversation", id)
			b.putOff(ctx, id, err)
			continue
		}
		woken++
	}
	return woken
}

// putOff lets a conversation that cannot be woken come again later. Where the store cannot take turns now it is not the
// conversation's fault.
func (b *Bot) putOff(ctx context.Context, id string, because error) {
	if errors.Is(because, ErrBusy) || ctx.Err() != nil {
		return
	}
	now := b.now()
	if err := b.Store.PutOff(ctx, id, now, now.Add(wakeAgain)); err != nil {
		b.complain(ctx, "put off conversation", err, "conversation", id)
	}
}

// lapse tells one conversation that its silence is over. Another node may have done so, or its visitor may have come
// back: then it does nothing.
func (b *Bot) lapse(ctx context.Context, id string) error {
	c, err := b.Store.Load(ctx, id)
	if err != nil {
		return err
	}
	if c.State.WakeAt.After(b.now()) {
		return nil
	}
	_, err = b.take(ctx, c, dialogue.Lapsed{At: c.State.WakeAt})
	return err
}

// tidy removes what nobody asks for any more.
func (b *Bot) tidy(ctx context.Context) {
	for ctx.Err() == nil {
		if err := b.Store.Forget(ctx, b.now().Add(-KeepJobs)); err != nil {
			b.complain(ctx, "forget done jobs", err)
		}
		if err := b.tidyPersons(ctx); err != nil {
			b.complain(ctx, "care for personal data", err)
		}
		pause(ctx, tidyEvery)
	}
}

// complain logs what the operator should know, unless the program is just stopping.
func (b *Bot) complain(ctx context.Context, doing string, err error, more ...any) {
	if ctx.Err() == nil {
		b.log().Error(doing, append(more, "err", err)...)
	}
}

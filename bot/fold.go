package bot

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// FoldPerson carries out JobPerson: what a conversation tells is added to its person's record, who is made, or merged of
// several, where need be. Called twice it changes nothing.
func (b *Bot) FoldPerson(ctx context.Context, j Job) error {
	var e struct {
		Event
		errand
	}
	err := json.Unmarshal(j.Payload, &e)
	switch {
	case err != nil:
		return &RetryError{Never: true, Err: fmt.Errorf("job %s: %w", j.ID, err)}
	case e.errand != errand{}:
		err = e.run(ctx, b)
	default:
		err = b.fold(ctx, fold{conversation: e.Conversation, meeting: e.Meeting, now: b.now()})
	}
	if errors.Is(err, ErrNotFound) {
		return &RetryError{Never: true, Err: err} // erased meanwhile
	}
	return err
}

// fold is a conversation that is to be added to its person.
type fold struct {
	conversation string
	meeting      string    // UID of one that should be over by now; "" = the conversation's
	now          time.Time // zero = what is folded is of old: as it was told then
}

// fold adds one conversation to its person. When somebody else changes the person meanwhile it begins again.
func (b *Bot) fold(ctx context.Context, f fold) error {
	err := b.again(func() error { return b.foldOnce(ctx, f) })
	if err != nil {
		return fmt.Errorf("fold conversation %s: %w", f.conversation, err)
	}
	return nil
}

// again decides once more as long as somebody else committed first.
func (b *Bot) again(decide func() error) error {
	for range MaxTakes {
		if err := decide(); !errors.Is(err, ErrStale) {
			return err
		}
	}
	return fmt.Errorf("%w: %d others changed the person first", ErrBusy, MaxTakes)
}

func (b *Bot) foldOnce(ctx context.Context, f fold) error {
	t, err := b.listenTo(ctx, f)
	if err != nil {
		return err
	}
	found, err := b.peopleOf(ctx, t.told.Person, t.keys())
	if err != nil {
		return err
	}
	ch := b.changing(found, Person{ID: personID(t.ID), Stage: StageVisitor, CreatedAt: t.State.Began}, t.told.At)
	if err := ch.hear(ctx, t); err != nil {
		return err
	}
	if f.now.IsZero() {
		f.now = t.told.At
	}
	return ch.commit(ctx, f.now)
}

// personID is that of who is first known by a conversation: two nodes that fold it at once make the same person.
func personID(conversation string) string {
	return hex.EncodeToString(hash(conversation, "person")[:idBytes])
}

// peopleOf are all who are known by the keys, and the one with that id, the oldest first.
func (b *Bot) peopleOf(ctx context.Context, id string, keys []PersonKey) ([]Person, error) {
	found, err := b.Store.PeopleBy(ctx, keys...)
	if err != nil || id == "" {
		return found, err
	}
	p, err := b.Store.Person(ctx, id)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(found, func(other Person) bool { return other.ID == p.ID }) {
		found = append(found, p)
		slices.SortStableFunc(found, func(a, b Person) int { return a.CreatedAt.Compare(b.CreatedAt) })
	}
	return found, nil
}

// foldOld adds the conversations that were there before there were persons, a batch at a time. One that cannot be added
// is logged, and is tried again at the next start.
func (b *Bot) foldOld(ctx context.Context) {
	if b.Carriers[JobPerson] == nil {
		return
	}
	last := ""
	for ctx.Err() == nil {
		ids, err := b.Store.Unfolded(ctx, last, batch)
		if err != nil {
			b.complain(ctx, "find conversations without a person", err)
			pause(ctx, storeAway)
			continue
		}
		for _, id := range ids {
			if err := b.fold(ctx, fold{conversation: id}); err != nil && !errors.Is(err, ErrNotFound) {
				b.complain(ctx, "add a conversation to its person", err, "conversation", id)
			}
		}
		if len(ids) < batch {
			return
		}
		last = ids[len(ids)-1]
	}
}

package bot

import (
	"cmp"
	"context"
	"fmt"
	"strings"
)

// hear takes what a conversation tells.
func (ch *personChange) hear(ctx context.Context, t talk) error {
	for _, a := range t.State.Answers {
		ch.learn(a.Field, a.Value, a.At)
	}
	for _, c := range t.consents() {
		ch.consent(c)
	}
	ch.stand(t.standing)
	ch.from(t.source(), Person{Language: t.State.Language, Timezone: t.State.Timezone, Country: t.State.Country()})
	if t.State.Began.Before(ch.p.CreatedAt) {
		ch.p.CreatedAt = t.State.Began
	}
	c := Change{By: "flow " + t.State.Flow, Conversation: t.ID, At: t.told.At}
	ch.contact(c)
	news := t.news()
	if len(news) > 0 || ch.was.Version == 0 {
		ch.fresh = true
	}
	ch.grade(c)
	if err := ch.move(ctx, t, news); err != nil {
		return err
	}
	for _, f := range news {
		switch f.kind {
		case factOwner:
			rep, team, _ := strings.Cut(f.of, " ")
			c.Because = t.State.Assigned.Because
			ch.own(rep, team, c)
		case factWaiting:
			c.Because = t.State.Waiting.Because
			ch.wait(f.of, c)
		}
	}
	ch.turn.Keys = t.keys()
	ch.turn.Folded = []Folded{t.folded(ch.p.ID)}
	ch.follow(t)
	return nil
}

// move asks the rules of every new fact.
func (ch *personChange) move(ctx context.Context, t talk, news []fact) error {
	for _, r := range StageRules {
		for _, f := range news {
			if !r.moves(ch.p.Stage, f) {
				continue
			}
			c := Change{By: "flow " + t.State.Flow, Because: r.words(&t), Conversation: t.ID, At: t.told.At}
			to, err := ch.goal(ctx, r)
			if err != nil {
				return err
			}
			switch f.kind {
			case factClaimed:
				c.By = cmp.Or(t.handedBy(), t.State.Claimed)
			case factOver:
				c.At = t.State.Revisit
			}
			ch.stage(to, c)
			if to == StageWaitlist {
				ch.p.Revisit = t.State.Revisit
			}
		}
	}
	return nil
}

// goal is the stage that a rule moves to.
func (ch *personChange) goal(ctx context.Context, r StageRule) (string, error) {
	if r.To != "" {
		return r.To, nil
	}
	trail, err := ch.bot.Store.Trail(ctx, ch.p.ID)
	return cmp.Or(stageBefore(trail, ch.p.Stage), StageVisitor), err
}

// follow lets the lead's card show what has become of the person.
func (ch *personChange) follow(t talk) {
	if t.State.Assigned == nil || ch.was.Stage == ch.p.Stage && len(ch.turn.Merged) == 0 {
		return
	}
	e := Event{Conversation: t.ID, Seq: t.Seq, Event: "changed", Rep: t.State.Assigned.Rep}
	ch.job(fmt.Sprintf("card-%s-%d", ch.p.ID, ch.p.Version+1), JobCard, orderOf(JobCard, e), e, t.told.At)
}

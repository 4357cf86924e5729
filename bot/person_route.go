package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"

	"usher/bot/desk"
	"usher/bot/routing"
	"usher/flows"
)

// RoutePerson gives a person whom nobody has, and who talks with nobody, to a rep by the routes, as who asks for it says.
// The ledger tells of it under the person's id. Nobody sits there and waits, so no route has the lead wait: where its reps
// cannot take it the next one serves. Who has a rep already, has a conversation that a rep has or is to have, or is closed,
// stays as they are. It may be called again. ErrNotFound; ErrNobody where the roster has no rep.
func (b *Bot) RoutePerson(ctx context.Context, person, by string) (p Person, err error) {
	drained := false
	for range MaxUneven {
		err = b.again(func() error {
			p, err = b.routeOnce(ctx, person, by, drained)
			return err
		})
		switch {
		case errors.Is(err, desk.ErrBehind):
			drained = !b.serveOlder(ctx)
		case err == nil:
			return p, nil
		case !errors.Is(err, ErrUneven):
			return p, fmt.Errorf("route person %s: %w", person, err)
		}
	}
	return p, fmt.Errorf("route person %s: %w: other leads came first, time and again", person, ErrBusy)
}

func (b *Bot) routeOnce(ctx context.Context, person, by string, drained bool) (Person, error) {
	p, err := b.Store.Person(ctx, person)
	if err != nil || b.rep(p.Owner) != nil || p.Closed() {
		return p, err
	}
	talk, err := b.leadOf(ctx, p.ID)
	if err != nil || talk.ID != "" {
		return p, err
	}
	h, now := b.running.Load(), b.now()
	if h == nil || h.Roster == nil {
		return p, ErrNobody
	}
	d := b.deskOf(ctx, h, Conversation{ID: p.ID}, now)
	d.Drained = drained
	d.Owner = func(email string) (desk.Owner, error) { return b.ownerOf(ctx, Conversation{}, email) }
	choice, err := d.Route(p.scope(h.Roster))
	if errors.Is(err, routing.ErrNobody) {
		err = ErrNobody
	}
	if err != nil {
		return p, err
	}
	ch := b.changing([]Person{p}, Person{}, now)
	ch.own(choice.Rep, cmp.Or(choice.Team, b.teamOf(choice.Rep)), Change{By: by, Because: choice.Because, At: now})
	ch.turn.Ledger, ch.turn.Draws = d.Ledger, d.Draws()
	return ch.p, ch.commit(ctx, now)
}

// Closed says whether nobody is to talk to the person now: they are won or lost, or wait for later.
func (p Person) Closed() bool {
	switch p.Stage {
	case StageWon, StageLost, StageWaitlist, StageNurture, StageDisqualified:
		return true
	}
	return false
}

// scope is what routes may ask of a person.
func (p Person) scope(r *flows.Roster) *flows.Scope {
	values := maps.Clone(p.Fields)
	if values == nil {
		values = map[string]flows.Value{}
	}
	if !values["country"].Known() && p.Country != "" {
		values["country"] = flows.Value{Type: flows.TypeCountry, Text: p.Country}
	}
	return &flows.Scope{
		Values: values, Score: p.Score, Grade: p.Grade, Language: p.Language, Roster: r,
		Channel: p.Last.Channel, Page: p.Last.Page, Referrer: p.Last.Referrer, UTM: p.Last.UTM,
	}
}

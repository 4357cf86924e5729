package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// PersonView is all that is known of a person, as it stands now.
type PersonView struct {
	Person
	Standing      dialogue.Receipt // the score now, with its parts
	Trail         []Change
	Conversations []Past
	Meetings      []Meeting
	Pages         []flows.PageView // seen on all visits, the oldest first
}

// MaxViewed is how many pages a view shows: the newest.
const MaxViewed = 200

// oneView is how far apart the browser's and the conversation's times of one view of a page can be.
const oneView = time.Second

// FindPerson is the person that the words mean: an id of the person or a conversation, an e-mail address, a phone or how a
// name begins. ErrNotFound where there is nobody.
func (b *Bot) FindPerson(ctx context.Context, who string) (Person, error) {
	return b.Store.FindPerson(ctx, strings.TrimSpace(who))
}

// View is all that is known of the person that the words mean; see FindPerson.
func (b *Bot) View(ctx context.Context, who string) (PersonView, error) {
	p, err := b.FindPerson(ctx, who)
	if err != nil {
		return PersonView{}, err
	}
	v := PersonView{Person: p}
	v.Standing, v.Score, v.Grade = p.now(b.now())
	if v.Trail, err = b.Store.Trail(ctx, p.ID); err != nil {
		return v, err
	}
	if v.Conversations, err = b.Store.ConversationsOf(ctx, p.ID); err != nil {
		return v, err
	}
	if v.Meetings, err = b.Store.MeetingsBy(ctx, p.ID); err != nil {
		return v, err
	}
	visitors, err := b.Store.VisitorsOf(ctx, p.ID)
	if err != nil {
		return v, fmt.Errorf("view person %s: %w", p.ID, err)
	}
	v.Pages = pagesOf(v.Conversations, visitors)
	return v, nil
}

// now is how the score stands, with its parts.
func (p Person) now(at time.Time) (r dialogue.Receipt, score float64, grade string) {
	s, score, grade := p.At(at)
	return s.Standing.At(at), score, grade
}

// pagesOf are the pages that a person's conversations and browsers saw; each view once.
func pagesOf(conversations []Past, visitors []Visitor) (all []flows.PageView) {
	for _, v := range visitors {
		all = append(all, v.Data.Pages...)
	}
	for _, c := range conversations {
		all = append(all, c.State.Visit.Pages...)
	}
	slices.SortStableFunc(all, func(a, b flows.PageView) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Path, b.Path)) })
	all = slices.CompactFunc(all, func(a, b flows.PageView) bool { return a.Path == b.Path && b.At.Sub(a.At) < oneView })
	return all[max(0, len(all)-MaxViewed):]
}

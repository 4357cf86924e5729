package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// talk is what one conversation tells of its person.
type talk struct {
	Conversation
	told     Folded
	facts    []fact
	standing Standing
}

// fact is something that a person's record may change by, once.
type fact struct{ kind, of string }

// Kinds of facts.
const (
	factKey     = "key"     // of: kind and value
	factOwner   = "owner"   // of: rep and team
	factWaiting = "waiting" // of: place
	factGraded  = "graded"  // of: nothing; the grade is not the lowest
	factEnded   = "ended"   // of: flows.Qualified …
	factOver    = "over"    // of: until when the person waited, which has passed
	factClaimed = "claimed" // of: rep
	factBooked  = "booked"  // of: UID
	factMet     = "met"     // of: UID
)

// stays says whether a fact is remembered when the conversation does not tell it any more.
func (f fact) stays() bool { return f.kind == factKey || f.kind == factMet }

func (f fact) String() string { return strings.TrimSpace(f.kind + " " + f.of) }

// listenTo reads a conversation and what its person was told of it.
func (b *Bot) listenTo(ctx context.Context, f fold) (talk, error) {
	c, err := b.load(ctx, f.conversation, "")
	if err != nil {
		return talk{}, err
	}
	t := talk{Conversation: c}
	if t.told, err = b.Store.Folded(ctx, c.ID); err != nil {
		return talk{}, err
	}
	h, err := b.houseOf(ctx, c)
	if err != nil {
		return talk{}, err
	}
	m := h.machines[c.State.Flow]
	if m == nil {
		return talk{}, fmt.Errorf("revision %s has no flow %q", h.Revision, c.State.Flow)
	}
	t.standing = Standing{Conversation: c.ID, At: lastSeen(c.State), Standing: m.Standing(c.State)}
	t.facts = t.factsOf(b.now())
	return t, b.met(ctx, &t, f.meeting)
}

// lastSeen is when a visitor last said or looked at something.
func lastSeen(s dialogue.Conversation) time.Time {
	last := s.Began
	for _, a := range s.Answers {
		last = later(last, a.At)
	}
	for _, p := range s.Visit.Pages {
		last = later(last, p.At)
	}
	return last
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// factsOf is what the conversation tells as it stands.
func (t *talk) factsOf(now time.Time) (all []fact) {
	s := t.State
	add := func(is bool, kind, of string) {
		if is {
			all = append(all, fact{kind, of})
		}
	}
	for _, k := range knownBy(t.Visitor, answered(s, "email"), answered(s, "phone")) {
		add(true, factKey, k.Kind+" "+k.Value)
	}
	add(!t.standing.Lowest(s.Score.Grade), factGraded, "")
	add(s.End != "", factEnded, s.End)
	add(s.End == flows.Waitlist && !s.Revisit.After(now), factOver, s.Revisit.Format(time.RFC3339))
	if s.Assigned != nil {
		add(true, factOwner, strings.TrimSpace(s.Assigned.Rep+" "+s.Assigned.Team))
	}
	if s.Waiting != nil {
		add(true, factWaiting, s.Waiting.Place)
	}
	add(s.Claimed != "", factClaimed, s.Claimed)
	if s.Meeting != nil {
		add(true, factBooked, s.Meeting.UID)
	}
	return all
}

// met adds that a meeting was held: it is over, and nobody said that the visitor did not come.
func (b *Bot) met(ctx context.Context, t *talk, uid string) error {
	if uid == "" && t.State.Meeting != nil {
		uid = t.State.Meeting.UID
	}
	if uid == "" {
		return nil
	}
	m, err := b.Store.Meeting(ctx, uid)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err == nil && m.Status == Confirmed && m.NoShow.IsZero() && !m.End.Add(HeldAfter).After(b.now()) {
		t.facts = append(t.facts, fact{factMet, m.UID})
	}
	return err
}

// keys is what the conversation's person is known by.
func (t *talk) keys() []PersonKey {
	return knownBy(t.Visitor, answered(t.State, "email"), answered(t.State, "phone"))
}

func knownBy(visitor, email, phone string) (keys []PersonKey) {
	for _, k := range []PersonKey{{ByEmail, strings.ToLower(email)}, {ByPhone, phone}, {ByVisitor, visitor}} {
		if k.Value != "" {
			keys = append(keys, k)
		}
	}
	return keys
}

// news are the facts that the person was not told of.
func (t *talk) news() (all []fact) {
	for _, f := range t.facts {
		if !slices.Contains(t.told.Facts, f.String()) {
			all = append(all, f)
		}
	}
	return all
}

// folded is what the person is told of once it has heard the talk.
func (t *talk) folded(person string) Folded {
	f := Folded{Conversation: t.ID, Person: person}
	for _, is := range t.facts {
		f.Facts = append(f.Facts, is.String())
	}
	for _, text := range t.told.Facts {
		kind, _, _ := strings.Cut(text, " ")
		if (fact{kind: kind}).stays() && !slices.Contains(f.Facts, text) {
			f.Facts = append(f.Facts, text)
		}
	}
	return f
}

// handedBy is who gave the lead to the rep who has it and did not claim it, or "".
func (t *talk) handedBy() string {
	if a := t.State.Assigned; a != nil && a.Rep == t.State.Claimed {
		return a.By
	}
	return ""
}

// sourceOf is where the conversation's visitor came from.
func (t *talk) source() Source {
	v := t.State.Visit
	return Source{UTM: v.UTM, Referrer: v.Referrer, Page: v.Page, Channel: t.State.Channel, At: t.State.Began}
}

// consents is what was agreed to, or not.
func (t *talk) consents() (all []Consent) {
	for _, a := range t.State.Answers {
		if a.Value.Type == flows.TypeConsent {
			all = append(all, Consent{Field: a.Field, Wording: a.Wording, Language: a.Language, Given: a.Value.Yes, At: a.At, Conversation: t.ID})
		}
	}
	return all
}

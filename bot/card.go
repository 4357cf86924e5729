package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"usher/bot/answer"
	"usher/bot/dialogue"
	"usher/flows"
)

// Card is all that a lead's card shows, as plain data. Texts are in the source language of the flow, the reps' own.
type Card struct {
	Conversation string
	Lead         Lead
	Stage        string
	Grade        string
	Score        float64
	Parts        []CardPart
	Reasons      []dialogue.Reason
	Answers      []CardAnswer
	Source       string
	Pages        []flows.PageView
	Meeting      *Meeting
	WhyNoMeeting string // "" with a meeting
	Owner        CardRep
	Because      string // why this rep
	Team         string
	Claimed      string // rep, or ""
	ClaimedAt    time.Time
	Joined       string // rep, or ""
	SnoozedUntil time.Time
	Passed       []string // reps who gave the lead away
	End          string
	Language     string
	Timezone     string
	Began        time.Time
	Person       string     // id; "" while the conversation has no person yet
	First        Source     // where the person came from first
	Earlier      []CardTalk // the person's other conversations, the newest first, at most MaxEarlier
	MoreEarlier  int        // that are left out
}

// CardTalk is another conversation of the lead's person.
type CardTalk struct {
	Conversation string
	Began        time.Time
	Channel      string
	Flow         string
	End          string // "" = open
	Booked       bool
}

// MaxEarlier is how many conversations a card names.
const MaxEarlier = 5

// CardPart is what one part of the score brought.
type CardPart struct {
	Name   string
	Points float64
}

// CardAnswer is one thing the visitor told.
type CardAnswer struct {
	Field string
	Label string
	Shown string
}

// CardRep is a rep by id and name; both are "" for nobody.
type CardRep struct {
	ID   string
	Name string
}

// Card reads what a lead's card shows now.
func (b *Bot) Card(ctx context.Context, conversation string) (Card, error) {
	c, err := b.load(ctx, conversation, "")
	if err != nil {
		return Card{}, err
	}
	h, err := b.houseOf(ctx, c)
	if err != nil {
		return Card{}, err
	}
	s, lead := c.State, leadOf(c, b.now())
	score := s.Score
	if m := h.machines[s.Flow]; m != nil {
		score = m.Standing(s).At(b.now())
	}
	card := Card{
		Conversation: c.ID, Lead: *lead, Stage: lead.Stage, Grade: score.Grade, Score: score.Score, Parts: partsOf(score),
		Reasons: score.Reasons, Answers: answersOf(s, h.Workspace.Flow(s.Flow)), Source: cmp.Or(lead.Source, s.Visit.UTM["campaign"]), Pages: s.Visit.Pages,
		Claimed: s.Claimed, ClaimedAt: s.ClaimedAt, SnoozedUntil: s.Snoozed, Passed: s.Passed,
		End: s.End, Language: s.Language, Timezone: s.Timezone, Began: s.Began,
	}
	if a := s.Assigned; a != nil {
		card.Owner, card.Because, card.Team = b.person(a.Rep), a.Because, a.Team
	}
	if s.Joined != nil {
		card.Joined = s.Joined.Rep
	}
	if err := b.personOn(ctx, &card); err != nil {
		return Card{}, fmt.Errorf("card of %s: %w", conversation, err)
	}
	if s.Meeting == nil {
		card.WhyNoMeeting = whyNoMeeting(s)
		return card, nil
	}
	m, err := b.Store.Meeting(ctx, s.Meeting.UID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Card{}, fmt.Errorf("card of %s: %w", conversation, err)
	}
	card.Meeting = &m
	return card, nil
}

// personOn adds what is known of the person beyond the conversation, once it is theirs.
func (b *Bot) personOn(ctx context.Context, card *Card) error {
	p, err := b.Store.PersonOf(ctx, card.Conversation)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	of, err := b.Store.ConversationsOf(ctx, p.ID)
	if err != nil {
		return err
	}
	card.Person, card.Stage, card.First = p.ID, p.Stage, p.First
	for _, c := range slices.Backward(of) {
		switch {
		case c.ID == card.Conversation:
		case len(card.Earlier) == MaxEarlier:
			card.MoreEarlier++
		default:
			s := c.State
			card.Earlier = append(card.Earlier, CardTalk{Conversation: c.ID, Began: c.Began, Channel: s.Channel, Flow: s.Flow, End: s.End, Booked: s.Meeting != nil})
		}
	}
	return nil
}

func (b *Bot) person(id string) CardRep {
	if rep := b.rep(id); rep != nil {
		return CardRep{ID: id, Name: cmp.Or(rep.Name, id)}
	}
	return CardRep{ID: id, Name: id}
}

func partsOf(r dialogue.Receipt) []CardPart {
	parts := make([]CardPart, 0, len(r.Parts))
	for _, name := range slices.Sorted(maps.Keys(r.Parts)) {
		parts = append(parts, CardPart{Name: name, Points: r.Parts[name]})
	}
	return parts
}

// answersOf is what is known of the visitor, in the order it was told.
func answersOf(s dialogue.Conversation, f *flows.Flow) []CardAnswer {
	language := ""
	if len(f.Languages) > 0 {
		language = f.Languages[0]
	}
	var out []CardAnswer
	for _, a := range s.Answers {
		field := f.Field(a.Field)
		if field == nil {
			field = &flows.Field{Name: a.Field, Type: a.Value.Type}
		}
		out = append(out, CardAnswer{Field: a.Field, Label: cmp.Or(field.Label.String(), a.Field), Shown: answer.Show(field, a.Value, language)})
	}
	return out
}

// whyNoMeeting says it in a clause.
func whyNoMeeting(s dialogue.Conversation) string {
	switch {
	case s.Clashed != nil:
		return "the rep's calendar took the time that was booked, and no other is chosen yet"
	case s.End == dialogue.Expired && len(s.Offers) > 0:
		return "times were offered, none was chosen"
	case s.End == dialogue.Expired:
		return "the visitor fell silent"
	case s.End == dialogue.Stopped:
		return "the visitor stopped"
	case s.End == flows.Disqualified && s.Reason != "":
		return "disqualified: " + s.Reason
	case s.End == "" && s.Chosen != nil:
		return "a time is chosen, the invitation still needs something"
	case s.End == "" && len(s.Offers) > 0:
		return "times are on offer"
	case s.End == "":
		return "the conversation goes on"
	}
	return "the conversation ended without one"
}

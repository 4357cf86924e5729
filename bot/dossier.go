package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"usher/bot/dialogue"
)

// Dossier is everything that is known of one human being (GDPR Art. 15 and 20): what their record says, every conversation
// with what was said, and each row of every table that is theirs.
type Dossier struct {
	Subject       Subject
	Made          time.Time
	Person        *Person // nil = no record is kept yet
	Trail         []Change
	Conversations []Told
	Meetings      []Meeting
	Elsewhere     []Elsewhere
	Audit         []AuditLine
	Records       []Record // of every table
}

// Told is one conversation with its transcript.
type Told struct {
	Past
	Messages []Message
}

// Elsewhere is something of the person that lies in another place: a message in Slack, an event in a calendar.
type Elsewhere struct {
	Place string `json:"place"`
	What  string `json:"what"`
}

// Export collects everything about the subject and writes down that it was done, by whom.
func (b *Bot) Export(ctx context.Context, s Subject, who string) (Dossier, error) {
	d, err := b.dossier(ctx, s)
	if err != nil {
		return d, fmt.Errorf("export a person: %w", err)
	}
	return d, b.Audit(ctx, AuditLine{At: d.Made, Who: who, What: AuditExport, Whom: s.Main(), Detail: map[string]string{"records": strconv.Itoa(len(d.Records))}})
}

func (b *Bot) dossier(ctx context.Context, s Subject) (d Dossier, err error) {
	plan := Erasure{Subject: s}
	if err := b.trace(ctx, &plan); err != nil {
		return d, err
	}
	d = Dossier{Subject: plan.Subject, Made: b.now()}
	for _, p := range plan.Parts {
		d.Elsewhere = append(d.Elsewhere, Elsewhere{p.Place, string(p.Target)})
	}
	if d.Records, err = b.Store.Records(ctx, d.Subject); err != nil {
		return d, err
	}
	for _, add := range []func(context.Context, *Dossier) error{b.addPerson, b.addConversations, b.addMeetings, b.addAudit} {
		if err := add(ctx, &d); err != nil {
			return d, err
		}
	}
	return d, nil
}

func (b *Bot) addPerson(ctx context.Context, d *Dossier) error {
	if len(d.Subject.Persons) == 0 {
		return nil
	}
	p, err := b.Store.Person(ctx, d.Subject.Persons[0])
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	d.Person = &p
	d.Trail, err = b.Store.Trail(ctx, p.ID)
	return err
}

func (b *Bot) addConversations(ctx context.Context, d *Dossier) error {
	for _, id := range d.Subject.Conversations {
		c, err := b.Store.Load(ctx, id)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		t := Told{Past: Past{Conversation: c, Began: c.State.Began}}
		if t.Messages, err = b.Store.Messages(ctx, id, 0, dialogue.MaxTurns*messagesPerTurn); err != nil {
			return err
		}
		d.Conversations = append(d.Conversations, t)
	}
	slices.SortStableFunc(d.Conversations, func(a, b Told) int { return a.Began.Compare(b.Began) })
	return nil
}

// messagesPerTurn bounds a transcript: more than any turn says.
const messagesPerTurn = 64

func (b *Bot) addMeetings(ctx context.Context, d *Dossier) error {
	for _, uid := range d.Subject.Meetings {
		m, err := b.Store.Meeting(ctx, uid)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if m.Of == "" {
			d.Meetings = append(d.Meetings, m)
		}
	}
	slices.SortStableFunc(d.Meetings, func(a, b Meeting) int { return a.Start.Compare(b.Start) })
	return nil
}

func (b *Bot) addAudit(ctx context.Context, d *Dossier) error {
	for _, id := range d.Subject.IDs() {
		lines, err := b.Store.AuditLines(ctx, AuditQuery{Whom: id, Limit: auditPage})
		if err != nil {
			return err
		}
		d.Audit = append(d.Audit, lines...)
	}
	slices.SortFunc(d.Audit, func(a, b AuditLine) int { return int(a.N - b.N) })
	return nil
}

package mail

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"time"

	"usher/bot"
)

// Letters are the letters to those who are not ready yet; *bot.FollowUps has them.
type Letters interface {
	// Letter writes the letter of a bot.JobLetter with what is true now: *bot.LetterOffError where it is not to be sent.
	Letter(ctx context.Context, job bot.Event) (bot.FollowUpLetter, error)
	// Bounced takes that no letter can be delivered to the person of such a job.
	Bounced(ctx context.Context, job bot.Event, why string) error
	// Refused takes that this letter cannot, which says nothing about the next one.
	Refused(ctx context.Context, job bot.Event, why string) error
	// Wrote takes that the person answered by mail.
	Wrote(ctx context.Context, job bot.Event) error
}

var _ Letters = (*bot.FollowUps)(nil)

// FollowUp makes the post send letters to those who are not ready. resume is the address at which a conversation goes on,
// unsubscribe the one at which somebody says that they want no more letters, in a language.
func (p *Post) FollowUp(b *bot.Bot, f Letters, resume func(conversation string) string, unsubscribe func(recipient, language string) string) {
	p.Letters, p.ResumeLink, p.UnsubscribeLink = f, resume, unsubscribe
	b.Carriers[bot.JobLetter] = p.CarryLetter
}

// How long a letter waits for room in somebody's mailbox: two days, which is when people have been to it.
const (
	roomPause = 6 * time.Hour
	roomTries = 8
)

// CarryLetter carries a bot.JobLetter: it sends the letter as it is true now, once, as Carry does. Where the server says that
// there is no such person, no more letters go there; where their mailbox is full, it is asked again for two days. A letter that
// is refused for good for any other reason is the operator's: it counts for nothing, and the next one goes at its time.
func (p *Post) CarryLetter(ctx context.Context, j bot.Job) error {
	var e bot.Event
	if err := json.Unmarshal(j.Payload, &e); err != nil {
		return &bot.RetryError{Never: true, Err: fmt.Errorf("read letter's job: %w", err)}
	}
	d := draft{Event: e, job: j.ID, id: p.messageID(j.ID, letterMark+e.Detail)}
	log := p.log().With("job", j.ID, "conversation", e.Conversation)
	sent, err := p.send(ctx, &d, j.Attempts, p.drawLetter, log)
	if err != nil {
		return p.refused(ctx, e, j.Attempts, err)
	}
	if !sent {
		return nil
	}
	return p.took(ctx, d)
}

// refused takes what became of a letter that could not be handed over, and says when it is tried again.
func (p *Post) refused(ctx context.Context, e bot.Event, attempts int, err error) error {
	var r *Refusal
	if !errors.As(err, &r) || !r.Final && attempts < bot.MaxAttempts {
		return err
	}
	fate := fateOf(r.Code, r.Status)
	switch {
	case !r.Final:
	case fate == nobody && r.Code != 0:
		p.log().Info("letter refused for good", "conversation", e.Conversation, "err", err)
		if err := p.Letters.Refused(ctx, e, r.Error()); err != nil {
			return err
		}
		return p.Letters.Bounced(ctx, e, r.Error())
	case fate == full && attempts < roomTries:
		return &bot.RetryError{After: roomPause, Err: err}
	}
	p.log().Warn("letter given up", "conversation", e.Conversation, "err", err)
	return cmp.Or(p.Letters.Refused(ctx, e, r.Error()), err)
}

// letterMark begins what the Message-ID of such a letter tells; then comes the id of the enrolment.
const letterMark = "letter "

// letterIn is the enrolment's id in a Message-ID of ours, or "".
func letterIn(id string) string {
	enrolment, ours := strings.CutPrefix(meetingOf(id), letterMark)
	if !ours {
		return ""
	}
	return enrolment
}

// drawLetter writes the letter, or says why it is not to be sent.
func (p *Post) drawLetter(ctx context.Context, d *draft) error {
	said, err := p.Letters.Letter(ctx, d.Event)
	var off *bot.LetterOffError
	if errors.As(err, &off) {
		d.dropped = off.Because
		return nil
	}
	if err != nil {
		return err
	}
	w := spoken(said.Language)
	leave := p.UnsubscribeLink(said.Recipient, w.tag)
	if leave == "" {
		d.dropped = "there is no link to unsubscribe"
		return nil
	}
	d.letter = Letter{
		ID: d.id, From: p.Server.From, To: mail.Address{Name: personal(said.Name), Address: said.Address}, At: p.now(), Unsubscribe: leave,
	}
	if rep := p.rep(said.Rep); rep != nil && rep.Email != "" {
		d.letter.ReplyTo = mail.Address{Name: rep.Name, Address: rep.Email}
		if p.Box != nil { // where answers are read, which stop the letters
			d.letter.ReplyAlso = p.Server.From
		}
	}
	t := &text{words: w, Subject: said.Subject, Words: paragraphs(said.Text), Action: w.goOn, Link: p.ResumeLink(said.Conversation)}
	t.Foot = append(t.Foot, piece{Text: w.because})
	if said.Imprint != "" {
		t.Foot = append(t.Foot, piece{Text: line(said.Imprint)})
	}
	t.Foot = append(t.Foot, piece{Text: w.unsubscribe, Link: leave})
	if err := t.fill(&d.letter); err != nil {
		return err
	}
	d.letter.Language = cmp.Or(said.Language, d.letter.Language)
	return nil
}

// piece is words that may lead somewhere.
type piece struct{ Text, Link string }

var linked = regexp.MustCompile(`https://[^\s<>"]+`)

// paragraphs are the words of a letter, with the addresses in them as links.
func paragraphs(s string) (out [][]piece) {
	for _, words := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n\n") {
		if words = strings.TrimSpace(words); words != "" {
			out = append(out, pieces(words))
		}
	}
	return out
}

func pieces(words string) (out []piece) {
	for words != "" {
		at := linked.FindStringIndex(words)
		if at == nil {
			break
		}
		link := strings.TrimRight(words[at[0]:at[1]], ".,;:!?)]}»”’'।")
		if at[0] > 0 {
			out = append(out, piece{Text: words[:at[0]]})
		}
		out = append(out, piece{link, link})
		words = words[at[0]+len(link):]
	}
	if words != "" {
		out = append(out, piece{Text: words})
	}
	return out
}

// wrote passes on that somebody answered a letter by mail.
func (p *Post) wrote(ctx context.Context, m *incoming) error {
	for _, id := range m.about {
		if enrolment := letterIn(id); enrolment != "" && p.Letters != nil && !m.auto {
			return p.Letters.Wrote(ctx, bot.Event{Detail: enrolment})
		}
	}
	return nil
}

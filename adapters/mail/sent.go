package mail

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"usher/bot"
)

// Kinds of links.
const (
	sentLink   = bot.OnceLink + "mail" // key is a Message-ID, value the job's id: the server has the letter
	threadLink = "mail.thread"         // key is a UID and whom, value a thread as JSON
)

// thread is what one person was told of one meeting.
type thread struct {
	First string `json:"first"` // Message-ID of the first letter: later ones are answers to it
	Told  string `json:"told"`  // digest of what the last one said
}

// messageID is the same for every try of a job, and tells which meeting a letter that comes back was about.
func (p *Post) messageID(job, uid string) string {
	digest := sha256.Sum256([]byte(job))
	return hex.EncodeToString(digest[:12]) + "." + base64.RawURLEncoding.EncodeToString([]byte(uid)) + "@" + domain(p.Server.From.Address)
}

// meetingOf is the UID in a Message-ID of ours, or "".
func meetingOf(id string) string {
	local, _, _ := strings.Cut(id, "@")
	_, coded, _ := strings.Cut(local, ".")
	uid, err := base64.RawURLEncoding.DecodeString(coded)
	if err != nil {
		return ""
	}
	return string(uid)
}

func domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// sent says whether the job's letter has gone, and makes up for what could not be remembered then.
func (p *Post) sent(ctx context.Context, d draft) (bool, error) {
	p.mu.Lock()
	fresh := p.fresh[d.job]
	p.mu.Unlock()
	if fresh {
		return true, p.mark(ctx, d)
	}
	switch _, err := p.Links.Link(ctx, sentLink, d.id); {
	case errors.Is(err, bot.ErrNotFound):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("was letter %s sent: %w", d.job, err)
	}
	return true, nil
}

// took keeps that the letter has gone. Where the store is away this process knows it at least.
func (p *Post) took(ctx context.Context, d draft) error {
	p.mu.Lock()
	if p.fresh == nil {
		p.fresh = map[string]bool{}
	}
	p.fresh[d.job] = true
	p.mu.Unlock()
	return p.mark(ctx, d)
}

// remember keeps that the letter has gone and what it said.
func (p *Post) remember(ctx context.Context, d draft) error {
	if err := p.took(ctx, d); err != nil {
		return err
	}
	if d.Event.Event == bot.MailReminder {
		return nil
	}
	t := thread{First: d.thread.First, Told: d.told()}
	if t.First == "" {
		t.First = d.id
	}
	value, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("remember what letter %s said: %w", d.job, err)
	}
	if err := p.Links.SaveLink(ctx, threadLink, d.whom(), string(value)); err != nil {
		p.log().Warn("what a letter said was not remembered", "job", d.job, "err", err) // the next one may say the same once more
	}
	return nil
}

func (p *Post) mark(ctx context.Context, d draft) error {
	if err := p.Links.SaveLink(ctx, sentLink, d.id, d.job); err != nil {
		return fmt.Errorf("remember letter %s: %w", d.job, err)
	}
	p.mu.Lock()
	delete(p.fresh, d.job)
	p.mu.Unlock()
	return nil
}

// thread reads what was told before.
func (p *Post) thread(ctx context.Context, d *draft) (t thread, err error) {
	value, err := p.Links.Link(ctx, threadLink, d.whom())
	switch {
	case errors.Is(err, bot.ErrNotFound):
		return thread{}, nil
	case err != nil:
		return thread{}, fmt.Errorf("what was told of meeting %s: %w", d.Meeting, err)
	}
	if err := json.Unmarshal([]byte(value), &t); err != nil {
		return thread{}, fmt.Errorf("what was told of meeting %s: %w", d.Meeting, err)
	}
	return t, nil
}

// whom is the key of a thread.
func (d *draft) whom() string {
	if d.To == bot.ToRep {
		return d.Meeting + " rep " + d.Rep
	}
	return d.Meeting + " visitor"
}

// told is a digest of what a letter about the meeting as it is says.
func (d *draft) told() string {
	m := d.meeting
	kind := "on"
	if d.cancels() {
		kind = "off"
	}
	digest := sha256.Sum256([]byte(strings.Join([]string{
		kind, fmt.Sprint(m.Sequence), m.Start.UTC().Format(time.RFC3339), m.End.UTC().Format(time.RFC3339), m.Rep, m.With, m.Place, m.Title, m.Attendee,
	}, "\x00")))
	return hex.EncodeToString(digest[:12])
}

// cancels says whether the letter takes a meeting away.
func (d *draft) cancels() bool {
	return d.Event.Event == bot.MailCancel || d.Event.Event == bot.MailClash
}

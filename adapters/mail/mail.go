// Package mail owns letters: what the visitor of a meeting and the rep are written, carried by SMTP, and what their calendars
// and mail servers answer, read by IMAP. What a letter says is made in one place (write.go) and how it travels in another
// (letter.go, server.go): any other letter of the house takes the same post.
package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"usher/bot"
	"usher/flows"
)

// Post carries letters about meetings. Its exported fields are set before the first use and not changed after.
type Post struct {
	Host   Host
	Links  Links
	Jobs   Jobs // takes alerts of letters that came back; nil = nobody is told
	Server *Server
	Box    *Mailbox // where answers are read; nil = nowhere
	Log    *slog.Logger
	Now    func() time.Time // nil = time.Now

	// Invitation writes a meeting as iCalendar: with METHOD REQUEST or CANCEL for the visitor (RFC 5546), and without one, for
	// method "", as a file for the rep to save, who is the organizer and answers nobody.
	Invitation func(m bot.Meeting, method string) ([]byte, error)
	// Writable says whether meetings are written to the rep's calendar: then the rep gets no letters. nil = none are.
	Writable func(rep string) bool
	// MeetingLink is the visitor's page of a meeting, RepMeetingLink the rep's; nil = there is none.
	MeetingLink    func(uid string) string
	RepMeetingLink func(uid string) string

	// Reply reads an iCalendar text with METHOD REPLY, and Replied takes what it says; nil = answers are not read.
	Reply   func(text []byte) (uid, attendee, answer string, sequence int, err error)
	Replied func(ctx context.Context, uid, attendee, answer string, sequence int) error

	// Letters are those to people who are not ready yet, ResumeLink where a conversation goes on and UnsubscribeLink where somebody
	// says that they want no more; see FollowUp.
	Letters         Letters
	ResumeLink      func(conversation string) string
	UnsubscribeLink func(recipient, language string) string

	mu    sync.Mutex
	fresh map[string]bool // jobs whose letters were sent and could not be remembered yet
}

// Host is what letters need of the house; *bot.Bot is one. Every method may be called from many goroutines.
type Host interface {
	// Meeting reads a meeting by its UID, or bot.ErrNotFound.
	Meeting(ctx context.Context, uid string) (bot.Meeting, error)
	// Workspace is the running one.
	Workspace() *flows.Workspace
}

// Links remembers which letters were sent and how far the mailbox was read; a bot.Store is one.
type Links interface {
	// Link reads a value, or bot.ErrNotFound.
	Link(ctx context.Context, kind, key string) (string, error)
	// SaveLink inserts or replaces a value.
	SaveLink(ctx context.Context, kind, key, value string) error
}

// Jobs stores work for later; *bot.Bot is one.
type Jobs interface {
	// Enqueue stores jobs; one whose id is known is left alone.
	Enqueue(ctx context.Context, jobs ...bot.Job) error
}

var (
	_ Host  = (*bot.Bot)(nil)
	_ Jobs  = (*bot.Bot)(nil)
	_ Links = bot.Store(nil)
)

// Carry carries a bot.JobMail: it sends the letter that is true now, or none where the job's is not true any more.
//
// A letter is sent once as far as can be known: what the server took is remembered before the job ends. Two things remain.
// Where the server's answer to the whole letter is lost, and where the program is killed between that answer and our
// remembering it, nobody can know whether it was taken, and it is sent again under the same Message-ID, UID and SEQUENCE,
// by which mailboxes and calendars know it as the same one.
func (p *Post) Carry(ctx context.Context, j bot.Job) error {
	var e bot.Event
	if err := json.Unmarshal(j.Payload, &e); err != nil {
		return &bot.RetryError{Never: true, Err: fmt.Errorf("read letter's job: %w", err)}
	}
	d := draft{Event: e, job: j.ID, id: p.messageID(j.ID, e.Meeting)}
	log := p.log().With("job", j.ID, "letter", e.Event, "to", e.To, "meeting", e.Meeting)
	if sent, err := p.send(ctx, &d, j.Attempts, p.draw, log); !sent || err != nil {
		return err
	}
	return p.remember(ctx, d)
}

// send draws a letter and hands it to the server; false where it was sent before, or is not to be sent any more.
func (p *Post) send(ctx context.Context, d *draft, attempts int, draw func(context.Context, *draft) error, log *slog.Logger) (bool, error) {
	if sent, err := p.sent(ctx, *d); sent || err != nil {
		return false, err
	}
	if err := draw(ctx, d); err != nil {
		return false, err
	}
	if d.dropped != "" {
		log.Info("letter not sent", "because", d.dropped)
		return false, nil
	}
	if err := p.Server.Send(ctx, d.letter); err != nil {
		return false, retry(err, attempts)
	}
	log.Info("letter sent")
	return true, nil
}

// draft is a letter in the making.
type draft struct {
	bot.Event
	job     string
	id      string // Message-ID
	meeting bot.Meeting
	thread  thread // what this person was told of the meeting before
	dropped string // why it is not sent
	letter  Letter
}

// draw reads the meeting and writes the letter, or says why it is not to be sent.
func (p *Post) draw(ctx context.Context, d *draft) (err error) {
	d.meeting, err = p.Host.Meeting(ctx, d.Meeting)
	switch {
	case errors.Is(err, bot.ErrNotFound):
		d.dropped = "there is no such meeting any more"
		return nil
	case err != nil:
		return fmt.Errorf("read meeting of letter: %w", err)
	}
	if d.thread, err = p.thread(ctx, d); err != nil {
		return err
	}
	if d.dropped = p.stale(d); d.dropped != "" {
		return nil
	}
	d.letter, err = p.write(d)
	return err
}

func (p *Post) now() time.Time {
	if p.Now == nil {
		return time.Now()
	}
	return p.Now()
}

func (p *Post) log() *slog.Logger {
	if p.Log == nil {
		return slog.Default()
	}
	return p.Log
}

package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"usher/bot"
)

// Mailbox reads what came to the address that letters are from. It opens the mailbox to read alone (EXAMINE): nothing in it
// is marked, moved or deleted, and people may use it too. Two nodes that read the same one do no harm: an answer that comes
// twice is the same answer. Its exported fields are set before the first use and not changed after.
type Mailbox struct {
	Address  *url.URL // imaps://user@host:993/INBOX, or imap:// with STARTTLS, which is asked of all but loopback
	Password string
	TLS      *tls.Config // nil = the machine's own authorities
	Links    Links
	Log      *slog.Logger
	Now      func() time.Time // nil = time.Now
	// Took is given each message that may be an answer; after an error the message comes again, maxTakes times in all.
	Took func(ctx context.Context, raw []byte) error

	alarms alarms
	stuck  untaken
}

// Bounds of the mailbox.
const (
	maxMessage = 512 << 10        // an answer with all its parts has a few kilobytes
	lookBack   = 500              // messages that are looked at when the mailbox is seen for the first time
	pollEvery  = time.Minute      // where the server does not tell of new mail
	idleFor    = 10 * time.Minute // after which a look is taken in any case: connections die silently
	firstPause = 5 * time.Second  // after the mailbox could not be read
	longPause  = 5 * time.Minute
	maxTakes   = 6 // of one message: with the pauses between, those after it wait for less than three minutes
)

// Run reads until ctx ends.
func (b *Mailbox) Run(ctx context.Context) {
	for pause := firstPause; ctx.Err() == nil; pause = min(2*pause, longPause) {
		began := time.Now()
		err := b.session(ctx)
		if ctx.Err() != nil {
			return
		}
		b.alarms.raise(b.Log, "the mailbox cannot be read: "+said(err, ""), now(b.Now))
		if time.Since(began) > longPause {
			pause = firstPause
		}
		wait(ctx, pause)
	}
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// session is one connection, until it or ctx ends.
func (b *Mailbox) session(ctx context.Context) error {
	news := make(chan struct{}, 1)
	c, err := b.dial(news)
	if err != nil {
		return err
	}
	defer c.Close() // what it says of a connection that we leave is of no use
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	validity, next, err := b.open(c)
	if err != nil {
		return err
	}
	last, err := b.position(ctx, validity, next)
	if err != nil {
		return err
	}
	for {
		if last, err = b.look(ctx, c, validity, last); err != nil {
			return err
		}
		b.alarms.clear()
		if err := b.await(ctx, c, news); err != nil {
			return err
		}
	}
}

// dial connects; news hears of new mail.
func (b *Mailbox) dial(news chan<- struct{}) (*imapclient.Client, error) {
	c := &tls.Config{}
	if b.TLS != nil {
		c = b.TLS.Clone()
	}
	c.ServerName, c.MinVersion = b.Address.Hostname(), tls.VersionTLS12
	o := &imapclient.Options{TLSConfig: c, Dialer: &net.Dialer{Timeout: dialFor}, UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(*imapclient.UnilateralDataMailbox) {
			select {
			case news <- struct{}{}:
			default:
			}
		},
	}}
	at := net.JoinHostPort(b.Address.Hostname(), strconv.Itoa(port(b.Address)))
	open := imapclient.DialStartTLS
	switch {
	case b.Address.Scheme == "imaps":
		open = imapclient.DialTLS
	case loopback(b.Address.Hostname()):
		open = imapclient.DialInsecure
	}
	client, err := open(at, o)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return client, nil
}

// open signs in and opens the mailbox to read.
func (b *Mailbox) open(c *imapclient.Client) (validity uint32, next imap.UID, err error) {
	if err := c.Login(b.Address.User.Username(), b.Password).Wait(); err != nil {
		return 0, 0, fmt.Errorf("sign in: %w", err)
	}
	name := cmp.Or(strings.Trim(b.Address.Path, "/"), "INBOX")
	selected, err := c.Select(name, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		return 0, 0, fmt.Errorf("open %s: %w", name, err)
	}
	return selected.UIDValidity, selected.UIDNext, nil
}

// positionLink remembers how far a mailbox was read; key is its address, value its UIDVALIDITY and the last UID.
const positionLink = "mail.read"

func (b *Mailbox) key() string {
	return b.Address.User.Username() + "@" + b.Address.Host + b.Address.Path
}

// position is the last message that was looked at. Where the UIDs are new (RFC 9051 2.3.1.1) it begins again with the newest
// messages.
func (b *Mailbox) position(ctx context.Context, validity uint32, next imap.UID) (imap.UID, error) {
	value, err := b.Links.Link(ctx, positionLink, b.key())
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return 0, fmt.Errorf("where was the mailbox left: %w", err)
	}
	var was uint32
	var last imap.UID
	if _, err := fmt.Sscan(value, &was, &last); err == nil && was == validity {
		return last, nil
	}
	if next <= lookBack {
		return 0, nil
	}
	return next - 1 - lookBack, nil
}

// look takes what came after a message, and gives the new last one.
func (b *Mailbox) look(ctx context.Context, c *imapclient.Client, validity uint32, last imap.UID) (imap.UID, error) {
	all, err := c.Fetch(imap.UIDSet{{Start: last + 1, Stop: 0}}, &imap.FetchOptions{
		UID: true, RFC822Size: true, Envelope: true, BodyStructure: &imap.FetchItemBodyStructure{},
	}).Collect()
	if err != nil {
		return last, fmt.Errorf("list messages: %w", err)
	}
	before := last
	for _, m := range all {
		if m.UID <= before { // a range that ends with * always has the last message
			continue
		}
		if m.RFC822Size <= maxMessage && (mayAnswer(m.BodyStructure) || answersLetter(m.Envelope)) {
			if err := b.read(ctx, c, m.UID); err != nil && !b.passed(m.UID, err) {
				return last, err
			}
		}
		last = max(last, m.UID)
	}
	if last == before {
		return last, nil
	}
	if err := b.Links.SaveLink(ctx, positionLink, b.key(), fmt.Sprint(validity, " ", uint32(last))); err != nil {
		return last, fmt.Errorf("remember the mailbox's position: %w", err)
	}
	return last, nil
}

// mayAnswer says whether a message has a part that is for us: a calendar's, or a server's report.
func mayAnswer(s imap.BodyStructure) (yes bool) {
	if s == nil {
		return false
	}
	s.Walk(func(_ []int, part imap.BodyStructure) bool {
		kind := part.MediaType()
		yes = yes || strings.EqualFold(kind, "text/calendar") || strings.EqualFold(kind, "multipart/report")
		return !yes
	})
	return yes
}

// answersLetter says whether a message answers a letter of a sequence.
func answersLetter(e *imap.Envelope) bool {
	return e != nil && slices.ContainsFunc(e.InReplyTo, func(id string) bool { return letterIn(strings.Trim(id, "<>")) != "" })
}

// read fetches one message, without marking it as read.
func (b *Mailbox) read(ctx context.Context, c *imapclient.Client, uid imap.UID) error {
	whole := &imap.FetchItemBodySection{Peek: true}
	found, err := c.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{whole}}).Collect()
	if err != nil {
		return fmt.Errorf("read message: %w", err)
	}
	for _, m := range found {
		if m.UID != uid {
			continue
		}
		if err := b.Took(ctx, m.FindBodySection(whole)); err != nil {
			return fmt.Errorf("%w: %w", errTake, err)
		}
	}
	return nil
}

var errTake = errors.New("take message")

// untaken is the message that could not be taken last, and how often in a row.
type untaken struct {
	uid   imap.UID
	times int
}

// passed says that a message has had its tries and those after it are not to wait any longer. Where the house itself is
// away it is not asked: then the mailbox's position cannot be read either.
func (b *Mailbox) passed(uid imap.UID, err error) bool {
	if !errors.Is(err, errTake) || errors.Is(err, context.Canceled) {
		return false
	}
	if b.stuck.uid != uid {
		b.stuck = untaken{uid: uid}
	}
	if b.stuck.times++; b.stuck.times < maxTakes {
		return false
	}
	cmp.Or(b.Log, slog.Default()).Error("mail: an answer is passed over", "uid", uint32(uid), "tries", b.stuck.times, "err", err)
	return true
}

// await returns when there may be something new.
func (b *Mailbox) await(ctx context.Context, c *imapclient.Client, news <-chan struct{}) error {
	can, err := c.Capability().Wait() // asked for: Caps waits half a minute where the server did not tell by itself
	if err != nil {
		return fmt.Errorf("ask what the server can do: %w", err)
	}
	if !can.Has(imap.CapIdle) {
		wait(ctx, pollEvery)
		return c.Noop().Wait()
	}
	idle, err := c.Idle()
	if err != nil {
		return fmt.Errorf("wait for mail: %w", err)
	}
	t := time.NewTimer(idleFor)
	defer t.Stop()
	select {
	case <-news:
	case <-t.C:
	case <-ctx.Done():
	case <-c.Closed():
		return errClosed
	}
	if err := idle.Close(); err != nil {
		return fmt.Errorf("wait for mail: %w", err)
	}
	return idle.Wait()
}

var errClosed = errors.New("the server closed the connection")

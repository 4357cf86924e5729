package calendar

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"

	"usher/bot"
)

// leaseFor is how long a node that died keeps the others from reading, leaseRenew how often a living one says that it
// lives: three tries fit in.
const (
	leaseFor   = 20 * time.Second
	leaseRenew = 6 * time.Second
	leaseKind  = "calendar.lease"
)

// lease lets one of the nodes on a database read the calendars. A term is claimed once, by whoever comes first after the
// term before has run out; its holder prolongs it while it lives.
type lease struct {
	links   bot.Links
	node    string
	term    int // that this node holds; 0 = none
	until   time.Time
	renewed time.Time
}

// term is a lease as it stands in the store.
type term struct {
	Number  int       `json:"term"`
	Node    string    `json:"node"`
	Host    string    `json:"host"`
	Process int       `json:"process"`
	Until   time.Time `json:"until"`
}

// over says that the term has run out, or that its holder ran on this machine and was killed: a server that is started
// again goes on where it was.
func (t term) over(now time.Time) bool {
	if !now.Before(t.Until) {
		return true
	}
	host, err := os.Hostname()
	if err != nil || t.Host != host || t.Process <= 0 || t.Process == os.Getpid() {
		return false
	}
	p, err := os.FindProcess(t.Process)
	if err != nil {
		return false
	}
	err = p.Signal(syscall.Signal(0))
	return errors.Is(err, os.ErrProcessDone) || errors.Is(err, syscall.ESRCH)
}

// held says whether this node reads now.
func (l *lease) held(ctx context.Context, now time.Time) (bool, error) {
	if l.links == nil || l.term > 0 && now.Before(l.renewed.Add(leaseRenew)) {
		return true, nil
	}
	t, err := l.read(ctx, "current")
	if err != nil {
		return l.term > 0 && now.Before(l.until), err
	}
	if l.term > 0 && t.Number == l.term && now.Before(l.until) {
		return true, l.prolong(ctx, now, now.Add(leaseFor))
	}
	l.term = 0
	if !t.over(now) {
		return false, nil
	}
	return l.take(ctx, t.Number+1, now)
}

// take claims the next term. One that was claimed by a node that died before it could say so is passed over.
func (l *lease) take(ctx context.Context, number int, now time.Time) (bool, error) {
	if l.node == "" {
		l.node = rand.Text()
	}
	for ; ; number++ {
		claim, err := json.Marshal(l.named(number, now.Add(leaseFor)))
		if err != nil {
			return false, err
		}
		stands, ours, err := l.links.ClaimLink(ctx, leaseKind, strconv.Itoa(number), string(claim))
		if err != nil {
			return false, err
		}
		if ours {
			l.term = number
			return true, l.prolong(ctx, now, now.Add(leaseFor))
		}
		if other, err := readTerm(stands); err != nil || !other.over(now) {
			return false, err
		}
	}
}

// named is a term of this node.
func (l *lease) named(number int, until time.Time) term {
	host, err := os.Hostname()
	if err != nil {
		host = "" // then nobody can tell whether this node still runs, and they wait
	}
	return term{number, l.node, host, os.Getpid(), until}
}

func (l *lease) prolong(ctx context.Context, now, until time.Time) error {
	text, err := json.Marshal(l.named(l.term, until))
	if err != nil {
		return err
	}
	l.renewed, l.until = now, until
	return l.links.SaveLink(ctx, leaseKind, "current", string(text))
}

// release lets another node read at once.
func (l *lease) release(ctx context.Context, now time.Time) error {
	if l.links == nil || l.term == 0 {
		return nil
	}
	err := l.prolong(ctx, now, now)
	l.term = 0
	return err
}

func (l *lease) read(ctx context.Context, key string) (term, error) {
	text, err := l.links.Link(ctx, leaseKind, key)
	if errors.Is(err, bot.ErrNotFound) {
		return term{}, nil
	}
	if err != nil {
		return term{}, err
	}
	return readTerm(text)
}

func readTerm(text string) (t term, err error) {
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return t, fmt.Errorf("read the lease of the calendars: %w", err)
	}
	return t, nil
}

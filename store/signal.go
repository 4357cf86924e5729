package store

import (
	"context"
	"crypto/rand"
	"log/slog"
	mathrand "math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Bounds of the signals between nodes.
const (
	channel    = "usher"
	maxPayload = 7900 // bytes; PostgreSQL takes less than 8000
	firstPause = 100 * time.Millisecond
	longPause  = 5 * time.Second
	lastWord   = 2 * time.Second // for the signals that wait when the store closes
)

// voice tells other nodes what this one committed: ids only, after the commit and outside of it, because a NOTIFY in
// the writing transaction takes a lock that all writers share. What is said while it speaks is said together next.
type voice struct {
	pool     *pgxpool.Pool
	log      *slog.Logger
	node     string // whose own signals this node need not hear
	mailbox  hub
	mine     *listener
	stopping chan struct{}
	finished sync.WaitGroup
	closing  sync.Once
}

func newVoice(pool *pgxpool.Pool, log *slog.Logger) *voice {
	v := &voice{pool: pool, log: log, node: rand.Text(), stopping: make(chan struct{})}
	v.mine = v.mailbox.join(false)
	v.finished.Go(v.run)
	return v
}

func (p *postgres) signal(conversation string) { p.voice.mailbox.say(conversation) }

func (v *voice) run() {
	var pause backOff
	for {
		select {
		case <-v.mine.wake:
			if err := v.speak(patience); err != nil {
				v.log.Warn("signals wait", "err", err)
				v.mailbox.say("")
				pause.wait(v.stopping)
				continue
			}
			pause.reset()
		case <-v.stopping:
			if err := v.speak(lastWord); err != nil {
				v.log.Warn("last signals are lost", "err", err)
			}
			return
		}
	}
}

// speak sends what is pending. It does not wait for the disk: a lost signal is caught up when the connection is made
// again.
func (v *voice) speak(within time.Duration) error {
	ids := v.mailbox.take(v.mine)
	if len(ids) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	batch := &pgx.Batch{}
	batch.Queue("set local synchronous_commit = off")
	for _, payload := range payloads(v.node, ids) {
		batch.Queue("select pg_notify($1, $2)", channel, payload)
	}
	return v.pool.SendBatch(ctx, batch).Close()
}

// payloads packs ids, one a line after the node's name.
func payloads(node string, ids []string) []string {
	var out []string
	b := node
	for _, id := range ids {
		if len(node)+1+len(id) > maxPayload {
			id = ""
		}
		if len(b)+1+len(id) > maxPayload {
			out = append(out, b)
			b = node
		}
		b += "\n" + id
	}
	return append(out, b)
}

func (v *voice) close() {
	v.closing.Do(func() { close(v.stopping) })
	v.finished.Wait()
}

// listen keeps one connection of its own on which other nodes are heard, and makes it again when it is lost.
func (p *postgres) listen(ctx context.Context) error {
	var pause backOff
	for ctx.Err() == nil {
		err := p.hear(ctx, &pause)
		if ctx.Err() != nil {
			break
		}
		p.log.Warn("other nodes are not heard", "err", err)
		pause.wait(ctx.Done())
	}
	return nil
}

// hear listens until the connection is lost.
func (p *postgres) hear(ctx context.Context, pause *backOff) error {
	conn, err := pgx.ConnectConfig(ctx, p.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx)) // it is given up either way
	if _, err := conn.Exec(ctx, "listen "+channel); err != nil {
		return err
	}
	pause.reset()
	p.hub.say("")
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		node, ids, _ := strings.Cut(n.Payload, "\n")
		if node == p.voice.node {
			continue
		}
		for id := range strings.SplitSeq(ids, "\n") {
			p.hub.say(id)
		}
	}
}

// backOff is a growing pause, spread so that nodes which lost the server together do not come back together.
type backOff struct{ next time.Duration }

func (b *backOff) reset() { b.next = 0 }

func (b *backOff) wait(stop <-chan struct{}) {
	b.next = min(max(2*b.next, firstPause), longPause)
	t := time.NewTimer(b.next/2 + mathrand.N(b.next))
	defer t.Stop()
	select {
	case <-stop:
	case <-t.C:
	}
}

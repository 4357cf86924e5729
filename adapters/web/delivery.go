package web

import (
	"bytes"
	"context"
	"time"

	"github.com/gorilla/websocket"

	"usher/bot"
)

// wake says that the conversation has news. It does not wait: at most one goroutine is on its way to the transcript,
// beside the one that may be writing.
func (so *socket) wake() {
	so.news.Add(1)
	so.gate.Lock()
	defer so.gate.Unlock()
	if so.gone || so.waiting || so.turning {
		return
	}
	so.waiting = true
	so.server.running.Add(1) // never the first: the socket has its own place until it is gone
	go so.deliver()
}

// deliver sends the news, unless somebody has read the transcript since they came.
func (so *socket) deliver() {
	defer so.server.running.Done()
	goesOn := true
	defer func() {
		if !goesOn {
			so.conn.Close()
		}
	}()
	defer so.rescue(&goesOn)
	so.gate.Lock()
	so.waiting = false
	so.gate.Unlock()
	if bad := so.tellNews(time.Now()); bad != nil {
		so.refuse(bad, "")
		so.interrupt()
	}
}

// tellNews sends the news that nobody has sent. The lock goes with the function, also when the house panics in it.
func (so *socket) tellNews(now time.Time) *fault {
	so.writing.Lock()
	defer so.writing.Unlock()
	if so.seen == so.news.Load() {
		return nil
	}
	return so.catchUp(so.server.turns.from(now))
}

// catchUp sends what the transcript has after the position, together. It is called with the writing lock.
func (so *socket) catchUp(ctx context.Context) (bad *fault) {
	if c, ok := so.conn.NetConn().(*corked); ok {
		c.cork()
		defer func() {
			if err := c.uncork(); err != nil && bad == nil {
				so.conn.Close()
				bad = faultGone
			}
		}()
	}
	for {
		news := so.news.Load()
		page, err := so.server.Host.Transcript(ctx, so.conversation, so.position, pageSize)
		if err != nil {
			return so.server.faultOf(err, "read transcript", so.conversation).closing()
		}
		for i := range page {
			if bad := so.message(ctx, &page[i]); bad != nil {
				return bad
			}
		}
		if len(page) < pageSize {
			so.seen = news
			return nil
		}
	}
}

// message sends one line of the transcript. It is called with the writing lock.
func (so *socket) message(ctx context.Context, m *bot.Message) *fault {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := so.server.appendMessage(ctx, b, m); err != nil {
		return so.server.faultOf(err, "write message", so.conversation)
	}
	if err := so.put(b.Bytes()); err != nil {
		return faultGone
	}
	so.position = max(so.position, m.Seq)
	if m.From == bot.FromVisitor && m.ID == so.said {
		so.said = ""
	}
	return nil
}

// turn begins a turn: what is said until it is over is read from the transcript once, then. A long turn shows that the
// bot is typing, and does not hold up what others say.
func (so *socket) turn(id string) {
	so.gate.Lock()
	so.turning = true
	so.gate.Unlock()
	so.writing.Lock()
	so.said = id
	so.writing.Unlock()
	if so.slow == nil {
		so.slow = time.AfterFunc(typingAfter, so.typing)
	} else {
		so.slow.Reset(typingAfter)
	}
}

// typing shows that an answer is being worked on, if it still is.
func (so *socket) typing() {
	so.writing.Lock()
	if so.said != "" {
		so.put([]byte(`{"type":"typing","from":"bot"}`)) // an error shows in the next write
	}
	so.writing.Unlock()
	so.gate.Lock()
	so.turning = false
	so.gate.Unlock()
	so.wake()
}

// turned ends the turn; news that came in it and were not sent are on their way.
func (so *socket) turned() {
	so.slow.Stop()
	so.gate.Lock()
	so.turning = false
	so.gate.Unlock()
	so.writing.Lock()
	so.said = ""
	late := so.seen != so.news.Load()
	so.writing.Unlock()
	if late {
		so.wake()
	}
}

// acknowledge sends the message that was said back with its place in the transcript, if that has not been done by
// whoever was woken. One that was stored long ago is looked up and sent again.
func (so *socket) acknowledge(ctx context.Context) *fault {
	so.writing.Lock()
	defer so.writing.Unlock()
	if so.said == "" {
		return nil
	}
	if bad := so.catchUp(ctx); bad != nil || so.said == "" {
		return bad
	}
	var b bytes.Buffer
	found, err := so.stored(ctx, 0, so.said, &b)
	switch {
	case err != nil:
		return so.server.faultOf(err, "acknowledge", so.conversation)
	case !found:
		return faultOver
	}
	if err := so.put(b.Bytes()); err != nil {
		return faultGone
	}
	return nil
}

func (so *socket) write(p []byte) error {
	so.writing.Lock()
	defer so.writing.Unlock()
	return so.put(p)
}

// put sends one frame. A peer that does not read in time is cut off: it comes back and reads on from where it was. It
// is called with the writing lock.
func (so *socket) put(p []byte) error {
	so.conn.SetWriteDeadline(time.Now().Add(so.server.Limits.WriteWait)) // the library's own, it gives no error
	if err := so.conn.WriteMessage(websocket.TextMessage, p); err != nil {
		so.conn.Close()
		return err
	}
	return nil
}

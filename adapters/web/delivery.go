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
	if so.gone || so.waiting {
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
	so.writing.Lock()
	var bad *fault
	if so.seen != so.news.Load() {
		bad = so.catchUp()
	}
	so.writing.Unlock()
	if bad != nil {
		so.refuse(bad, "")
		so.interrupt()
	}
}

// catchUp sends what the transcript has after the position. It is called with the writing lock.
func (so *socket) catchUp() *fault {
	ctx, cancel := context.WithTimeout(so.server.ctx, turnWait)
	defer cancel()
	for {
		news := so.news.Load()
		page, err := so.server.Host.Transcript(ctx, so.conversation, so.position, pageSize)
		if err != nil {
			return so.server.faultOf(err, "read transcript", so.conversation).closing()
		}
		for i := range page {
			if err := so.message(&page[i]); err != nil {
				return faultGone
			}
		}
		if len(page) < pageSize {
			so.seen = news
			return nil
		}
	}
}

// message sends one line of the transcript. It is called with the writing lock.
func (so *socket) message(m *bot.Message) error {
	if err := so.put(func(b *bytes.Buffer) error { return appendMessage(b, m) }); err != nil {
		return err
	}
	so.position = max(so.position, m.Seq)
	if m.From == bot.FromVisitor && m.ID == so.said {
		so.said = ""
	}
	return nil
}

// acknowledge sends the message that was said back with its place in the transcript, if that has not been done by
// whoever was woken. One that was stored long ago is looked up and sent again.
func (so *socket) acknowledge(ctx context.Context) *fault {
	so.writing.Lock()
	defer so.writing.Unlock()
	if so.said == "" {
		return nil
	}
	if bad := so.catchUp(); bad != nil || so.said == "" {
		return bad
	}
	var found bool
	err := so.put(func(b *bytes.Buffer) (err error) {
		found, err = so.stored(ctx, 0, so.said, b)
		return err
	})
	switch {
	case err != nil:
		return so.server.faultOf(err, "acknowledge", so.conversation)
	case !found:
		return faultOver
	}
	return nil
}

// typing shows that an answer is being worked on, if it still is.
func (so *socket) typing() {
	so.writing.Lock()
	defer so.writing.Unlock()
	if so.said != "" {
		so.put(func(b *bytes.Buffer) error { b.WriteString(`{"type":"typing","from":"bot"}`); return nil }) // an error shows in the next write
	}
}

func (so *socket) write(fill func(*bytes.Buffer) error) error {
	so.writing.Lock()
	defer so.writing.Unlock()
	return so.put(fill)
}

// put sends one frame; nothing when fill writes nothing. A peer that does not read in time is cut off: it comes back
// and reads on from where it was. It is called with the writing lock.
func (so *socket) put(fill func(*bytes.Buffer) error) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := fill(b); err != nil || b.Len() == 0 {
		return err
	}
	so.conn.SetWriteDeadline(time.Now().Add(writeWait)) // the library's own, it gives no error
	if err := so.conn.WriteMessage(websocket.TextMessage, b.Bytes()); err != nil {
		so.conn.Close()
		return err
	}
	return nil
}

package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"usher/bot"
)

// Bounds of what is remembered of conversations.
const (
	maxRecent = 512         // in each of two generations; some kilobytes each
	recentFor = time.Minute // so that what a command erases beside the server is soon gone here too
)

// recent remembers the last turn of the conversations that are talked in now, as it was committed, so that the next
// turn and the sockets need not read it. It is right only where all turns pass by: one process has an SQLite file, and
// its one writer keeps each turn after its commit and before anybody hears of it, in the order of the commits. So what
// is remembered is never older than what any caller was told, and never older than what a reader of the file finds but
// for the moment in which a commit is not acknowledged yet. A nil recent remembers nothing.
type recent struct {
	mu            sync.Mutex
	young, ageing map[string]*tail
}

// tail is the end of a conversation: its state, and the messages of its last turn.
type tail struct {
	conversation bot.Conversation // without its state
	state        string           // as it was written
	messages     []bot.Message
	at           time.Time
}

// tailOf is the turn as a reader would find it, but for the numbers that the commit gives.
func tailOf(t *bot.Turn, state string) *tail {
	c := t.Conversation
	kept := &tail{
		conversation: bot.Conversation{ID: clean(c.ID), Site: clean(c.Site), Visitor: clean(c.Visitor), Split: clean(c.Split), Seq: c.Seq + 1},
		state:        clean(state), messages: slices.Clone(t.Messages), at: time.Now(),
	}
	for i := range kept.messages {
		m := &kept.messages[i]
		for _, s := range []*string{&m.ID, &m.From, &m.Name, &m.Text, &m.Meeting, &m.End} {
			*s = clean(*s)
		}
		m.At = instant(micros(m.At))
	}
	return kept
}

// keep remembers a tail whose last message has that seq.
func (r *recent) keep(kept *tail, last int64) {
	kept.conversation.Last = last
	for i := range kept.messages {
		kept.messages[i].Seq = last - int64(len(kept.messages)-1-i)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.young) >= maxRecent || r.young == nil {
		r.young, r.ageing = map[string]*tail{}, r.young
	}
	r.young[kept.conversation.ID] = kept
	delete(r.ageing, kept.conversation.ID)
}

// forget lets the file decide again.
func (r *recent) forget(id string) {
	if r == nil {
		return
	}
	id = clean(id)
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.young, id)
	delete(r.ageing, id)
}

// of is the conversation's tail, or nil. It is not written to.
func (r *recent) of(id string) *tail {
	if r == nil {
		return nil
	}
	id = clean(id)
	r.mu.Lock()
	kept := r.young[id]
	if kept == nil {
		kept = r.ageing[id]
	}
	r.mu.Unlock()
	if kept == nil || time.Since(kept.at) > recentFor {
		return nil
	}
	return kept
}

// load is the conversation; its state is read from what was written, so that no two callers share one.
func (k *tail) load() (bot.Conversation, error) {
	c := k.conversation
	if err := json.Unmarshal([]byte(k.state), &c.State); err != nil {
		return bot.Conversation{}, fmt.Errorf("load conversation %s: %w", c.ID, err)
	}
	return c, nil
}

// after is what the transcript has after a seq; known says whether the tail reaches back so far. Messages have seqs
// without a gap, so the tail has all of them from its first one on.
func (k *tail) after(seq int64, limit int) (messages []bot.Message, known bool) {
	skip := seq - (k.conversation.Last - int64(len(k.messages)))
	if skip < 0 || skip > int64(len(k.messages)) || limit < 0 {
		return nil, false
	}
	rest := k.messages[skip:]
	return append([]bot.Message(nil), rest[:min(limit, len(rest))]...), true
}

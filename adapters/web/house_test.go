package web

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/bot/slots"
	"usher/flows"
)

// house is a Host in memory that answers every message with two of its own.
type house struct {
	mu            sync.Mutex
	visitors      map[string]bot.Visitor // by site and token
	conversations map[string]*bot.Conversation
	latest        map[string]string
	messages      map[string][]bot.Message
	watchers      map[string]map[*func()]struct{}
	meetings      map[string]bot.Meeting
	because       string // why the last was cancelled
	moved         string // who moved the last
	free          []slots.Slot
	taken, late   bool   // the next change is refused
	anew          string // UID of what was booked in place of one that clashed
	seen          []dialogue.Visited
	known         map[string]string
	arrival       bot.Arrival // the last
	workspace     *flows.Workspace

	err   error         // what the next calls give
	hold  chan struct{} // Say waits for it
	said  chan struct{} // gets one when a Say has begun
	ends  int           // messages of a visitor after which the bot asks no more; 0 = never
	count int
}

func newHouse() *house {
	return &house{
		visitors: map[string]bot.Visitor{}, conversations: map[string]*bot.Conversation{}, latest: map[string]string{},
		messages: map[string][]bot.Message{}, watchers: map[string]map[*func()]struct{}{}, meetings: map[string]bot.Meeting{},
		workspace: &flows.Workspace{Revision: "r1", Roster: &flows.Roster{}, Flows: []*flows.Flow{{ID: "demo", Theme: flows.Theme{Color: "#123456"}}}},
	}
}

// Return gives one conversation back.
func (h *house) Return(ctx context.Context, a bot.Arrival, conversation string) (bot.Arrived, error) {
	return bot.Arrived{}, bot.ErrNotFound
}

func (h *house) Arrive(_ context.Context, a bot.Arrival) (bot.Arrived, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.err != nil {
		return bot.Arrived{}, h.err
	}
	h.arrival = a
	v, ok := h.visitors[a.Site+" "+a.Token]
	if !ok {
		h.count++
		a.Token = fmt.Sprintf("token-%d", h.count)
		v = bot.Visitor{ID: fmt.Sprintf("visitor-%d", h.count), Site: a.Site}
		h.visitors[a.Site+" "+a.Token] = v
		c := &bot.Conversation{ID: fmt.Sprintf("conversation-%d", h.count), Visitor: v.ID, Seq: 1}
		h.conversations[c.ID], h.latest[v.ID] = c, c.ID
		h.add(c.ID, bot.Message{From: bot.FromBot, Text: "What brings you here?", Ask: ask})
	}
	return bot.Arrived{Token: a.Token, Visitor: v, Conversation: *h.conversations[h.latest[v.ID]], Flow: h.workspace.Flows[0]}, nil
}

var ask = &dialogue.Ask{Field: "goal", Type: "choice", Options: []dialogue.Option{{Value: "demo", Label: "Book a demo"}}}

// add appends to the transcript; the lock is held.
func (h *house) add(id string, m bot.Message) {
	c := h.conversations[id]
	c.Last++
	m.Seq, m.At = c.Last, time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	h.messages[id] = append(h.messages[id], m)
}

func (h *house) owned(id, visitor string) (*bot.Conversation, error) {
	c := h.conversations[id]
	if c == nil || c.Visitor != visitor {
		return nil, bot.ErrNotFound
	}
	return c, h.err
}

func (h *house) Say(_ context.Context, id, visitor string, said dialogue.Said) error {
	if h.said != nil {
		h.said <- struct{}{}
	}
	if h.hold != nil {
		<-h.hold
	}
	if said.Text == "panic" {
		panic("as asked")
	}
	if said.Text == "swallow" {
		return nil
	}
	err := h.say(id, visitor, said)
	if err == nil {
		h.heard(id)
	}
	return err
}

func (h *house) say(id, visitor string, said dialogue.Said) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	c, err := h.owned(id, visitor)
	if err != nil {
		return err
	}
	for _, m := range h.messages[id] {
		if m.ID == said.ID {
			return bot.ErrDuplicate
		}
	}
	c.Seq++
	h.add(id, bot.Message{ID: said.ID, From: bot.FromVisitor, Text: said.Text + said.Value})
	h.add(id, bot.Message{From: bot.FromBot, Text: "You said " + said.Text})
	if c.Seq-1 == int64(h.ends) {
		h.add(id, bot.Message{From: bot.FromBot, Text: "Goodbye"})
	} else {
		h.add(id, bot.Message{From: bot.FromBot, Text: "And what else?", Ask: ask})
	}
	return nil
}

// speak is a rep's message, committed on whatever node.
func (h *house) speak(id, text string) {
	h.mu.Lock()
	h.add(id, bot.Message{From: bot.FromRep, Name: "Asha", Text: text})
	h.mu.Unlock()
	h.heard(id)
}

func (h *house) heard(id string) {
	h.mu.Lock()
	var wake []func()
	for w := range h.watchers[id] {
		wake = append(wake, *w)
	}
	h.mu.Unlock()
	for _, w := range wake {
		w()
	}
}

func (h *house) See(_ context.Context, id, visitor string, v dialogue.Visited) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seen = append(h.seen, v)
	_, err := h.owned(id, visitor)
	return err
}

func (h *house) Identify(_ context.Context, id, visitor string, known map[string]string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.known = known
	_, err := h.owned(id, visitor)
	return err
}

func (h *house) Transcript(_ context.Context, id string, after int64, limit int) ([]bot.Message, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := h.messages[id]
	if len(all) > 0 && all[len(all)-1].Text == "unreadable" {
		panic("as asked")
	}
	if after >= int64(len(all)) || h.err != nil {
		return nil, h.err
	}
	return all[after:min(int(after)+limit, len(all)):len(all)], nil
}

func (h *house) Watch(id string, wake func()) func() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.watchers[id] == nil {
		h.watchers[id] = map[*func()]struct{}{}
	}
	h.watchers[id][&wake] = struct{}{}
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.watchers[id], &wake)
	}
}

func (h *house) Who(_ context.Context, token, site string) (bot.Visitor, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	v, ok := h.visitors[site+" "+token]
	if !ok {
		return v, bot.ErrNotFound
	}
	return v, nil
}

func (h *house) Conversation(_ context.Context, id, visitor string) (bot.Conversation, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if id == "" {
		id = h.latest[visitor]
	}
	if c := h.conversations[id]; c != nil && (visitor == "" || c.Visitor == visitor) {
		return *c, nil
	}
	return bot.Conversation{}, bot.ErrNotFound
}

func (h *house) Meeting(_ context.Context, uid string) (bot.Meeting, error) {
	if m, ok := h.meetings[uid]; ok {
		return m, nil
	}
	return bot.Meeting{}, bot.ErrNotFound
}

func (h *house) Cancel(_ context.Context, uid, because string) error {
	m, ok := h.meetings[uid]
	if !ok {
		return bot.ErrNotFound
	}
	m.Status, m.Because = bot.Cancelled, because
	h.meetings[uid], h.because = m, because
	return nil
}

func (h *house) Card(_ context.Context, conversation string) (bot.Card, error) {
	card := bot.Card{Conversation: conversation, Lead: bot.Lead{Company: "BigCo"}}
	if m, ok := h.meetings[h.anew]; ok {
		card.Meeting = &m
	}
	return card, h.failure()
}

func (h *house) Times(_ context.Context, uid string, limit int) ([]slots.Slot, error) {
	if _, ok := h.meetings[uid]; !ok {
		return nil, bot.ErrNotFound
	}
	if h.late {
		return nil, bot.ErrLate
	}
	return h.free[:min(limit, len(h.free))], h.failure()
}

func (h *house) Reschedule(_ context.Context, uid string, to slots.Slot) error {
	m, ok := h.meetings[uid]
	switch {
	case !ok:
		return bot.ErrNotFound
	case h.late:
		return bot.ErrLate
	case h.taken || !slices.ContainsFunc(h.free, func(f slots.Slot) bool { return f.Start.Equal(to.Start) && f.Rep == cmp.Or(to.Rep, m.Rep) }):
		return bot.ErrNotFree
	case m.Clashed:
		uid, h.anew = "anew", "anew"
		m.UID = uid
	}
	to.Rep = cmp.Or(to.Rep, m.Rep)
	m.Start, m.End, m.Rep, m.Status, m.Clashed, m.Sequence = to.Start, to.End, to.Rep, bot.Confirmed, false, m.Sequence+1
	h.meetings[uid], h.moved = m, bot.FromVisitor
	return nil
}

func (h *house) RescheduleByRep(ctx context.Context, uid string, to slots.Slot) error {
	err := h.Reschedule(ctx, uid, to)
	h.moved = bot.FromRep
	return err
}

func (h *house) NoShow(_ context.Context, uid string) error {
	m, ok := h.meetings[uid]
	if !ok {
		return bot.ErrNotFound
	}
	m.NoShow = m.End
	h.meetings[uid] = m
	return nil
}

func (h *house) MeetingsOf(_ context.Context, rep string, from, to time.Time) (out []bot.Meeting, err error) {
	for _, uid := range slices.Sorted(maps.Keys(h.meetings)) {
		if m := h.meetings[uid]; m.Rep == rep && m.End.After(from) && m.Start.Before(to) {
			out = append(out, m)
		}
	}
	return out, h.failure()
}

func (h *house) Ready(context.Context) error { return h.failure() }

func (h *house) Workspace() *flows.Workspace { return h.workspace }

func (h *house) fail(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.err = err
}

func (h *house) failure() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.err
}

// texts of a conversation, for comparison.
func (h *house) transcript(id string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []string
	for _, m := range h.messages[id] {
		all = append(all, fmt.Sprint(m.Seq, m.From, m.Text))
	}
	return strings.Join(all, "\n")
}

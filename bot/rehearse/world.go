// Package rehearse owns a flow without the world: it runs the same engine and the same desk on a virtual clock with
// frozen calendars, for stories, the terminal and proofs.
package rehearse

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/bot/slots"
	"usher/flows"
)

// ErrNoFlow says that the workspace has no such flow.
var ErrNoFlow = errors.New("no such flow")

// World is what sessions share: the workspace, calendars frozen, meetings and ledger in memory. Sessions may run at
// once; each turn sees what the others' turns did.
type World struct {
	Workspace *flows.Workspace
	// Busy reads a rep's calendar; nil = always free. An error means that the calendar is not known, and then nothing of
	// the rep is offered.
	Busy func(rep *flows.Rep, from, to time.Time) ([]slots.Interval, error)

	mu       sync.Mutex
	machines map[string]*dialogue.Machine
	frozen   map[string]calendar
	meetings []meeting
	shares   desk.Shares
	sessions int
	open     map[string]string // session → the rep whose open lead it is
}

// calendar is what was read of a rep's calendar between two times.
type calendar struct {
	from, to time.Time
	busy     []slots.Interval
	err      error
}

// meeting is a booking or a live hold.
type meeting struct {
	session string
	uid     string // of a booking
	slot    dialogue.Slot
	kind    string
	buffer  time.Duration
	until   time.Time // of a hold; zero = booked
}

// ReadAhead is how much more of a calendar is read than is asked for, so that a world whose clock moves on reads a
// calendar rarely.
const ReadAhead = 30 * 24 * time.Hour

// Open begins a session with a flow at a time; the first input is dialogue.Started. With flow "" the visit decides.
func (w *World) Open(flow string, now time.Time) (*Session, error) {
	if flow != "" && w.Workspace.Flow(flow) == nil {
		return nil, fmt.Errorf("%w: %q", ErrNoFlow, flow)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sessions++
	return &Session{
		World: w, ID: fmt.Sprintf("rehearsal-%d", w.sessions), Now: now,
		Conversation: dialogue.Conversation{Flow: flow},
	}, nil
}

// Unread tells which calendars could not be read, and why.
func (w *World) Unread() map[string]error {
	w.mu.Lock()
	defer w.mu.Unlock()
	unread := map[string]error{}
	for rep, c := range w.frozen {
		if c.err != nil {
			unread[rep] = c.err
		}
	}
	return unread
}

// machine compiles each flow once.
func (w *World) machine(flow string) (*dialogue.Machine, error) {
	if m := w.machines[flow]; m != nil {
		return m, nil
	}
	f := w.Workspace.Flow(flow)
	if f == nil {
		return nil, fmt.Errorf("%w: %q", ErrNoFlow, flow)
	}
	m, err := dialogue.Compile(w.Workspace, f)
	if err != nil {
		return nil, err
	}
	if w.machines == nil {
		w.machines = map[string]*dialogue.Machine{}
	}
	w.machines[flow] = m
	return m, nil
}

// agenda is what the session may know of the reps.
func (w *World) agenda(s *Session, q desk.Query) desk.Agenda {
	a := desk.Agenda{
		Busy: map[string][]slots.Interval{}, Read: map[string]time.Time{},
		Blocked: map[string][]slots.Interval{}, Booked: map[string][]time.Time{},
		Shares: desk.Shares{},
	}
	for _, id := range q.Reps {
		rep := w.Workspace.Roster.Rep(id)
		if rep == nil {
			continue
		}
		if c := w.calendar(rep, q.From, q.To); c.err == nil {
			a.Busy[id], a.Read[id] = c.busy, s.Now
		}
		for _, m := range w.meetings {
			if m.has(id) && m.blocks(s, q) {
				a.Booked[id] = append(a.Booked[id], m.slot.Start)
				a.Blocked[id] = append(a.Blocked[id], slots.Interval{Start: m.slot.Start.Add(-m.buffer), End: m.slot.End.Add(m.buffer)})
			}
		}
	}
	if len(q.Open) > 0 {
		a.Open = map[string]int{}
		for session, rep := range w.open {
			if session != s.ID {
				a.Open[rep]++
			}
		}
	}
	if q.Kind != "" {
		a.Seats = map[string]map[string]int{q.Kind: w.seats(s, q)}
	}
	for q, shares := range w.shares {
		a.Shares[q] = maps.Clone(shares)
	}
	return a
}

// leads keeps whose open lead the session is.
func (w *World) leads(s *Session) {
	if c := s.Conversation; c.Assigned == nil || !c.Open() {
		delete(w.open, s.ID)
		return
	}
	if w.open == nil {
		w.open = map[string]string{}
	}
	w.open[s.ID] = s.Conversation.Assigned.Rep
}

// seats counts meetings of the kind by day.
func (w *World) seats(s *Session, q desk.Query) map[string]int {
	days := map[string]int{}
	for _, m := range w.meetings {
		if m.kind == q.Kind && m.blocks(s, q) {
			days[slots.Day(w.Workspace.Roster, m.slot.Start)]++
		}
	}
	return days
}

// has says whether the rep is in the meeting, as its host or a guest.
func (m meeting) has(rep string) bool {
	return m.slot.Rep == rep || slices.Contains(strings.Fields(m.slot.With), rep)
}

// blocks says whether the meeting keeps the session from the time: another's hold does while it lives.
func (m meeting) blocks(s *Session, q desk.Query) bool {
	if m.until.IsZero() {
		return q.Instead == "" || m.uid != q.Instead
	}
	return m.session != s.ID && s.Now.Before(m.until)
}

// calendar reads a rep's calendar once for a stretch of time.
func (w *World) calendar(rep *flows.Rep, from, to time.Time) calendar {
	if w.Busy == nil || len(rep.Calendars) == 0 {
		return calendar{}
	}
	if c, ok := w.frozen[rep.ID]; ok && !from.Before(c.from) && !to.After(c.to) {
		return c
	}
	c := calendar{from: from, to: to.Add(ReadAhead)}
	c.busy, c.err = w.Busy(rep, c.from, c.to)
	if w.frozen == nil {
		w.frozen = map[string]calendar{}
	}
	w.frozen[rep.ID] = c
	return c
}

// enter writes lines of the ledger into the shares.
func (w *World) enter(lines []desk.Entry) { w.shares = desk.Enter(w.shares, lines...) }

package bot_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"usher/bot"
)

// board is a place elsewhere on which jobs put cards about conversations. Links of the kind card say which are whose.
type board struct{ cards []string }

// Trace knows cards by links, and those that a job was about to put there by the job.
func (b *board) Trace(_ bot.Subject, rows []bot.Record) (t bot.Traced) {
	add := func(card string) {
		target, _ := json.Marshal(card)
		t.Targets = append(t.Targets, target)
	}
	for _, l := range bot.KeptLinks(rows) {
		add(l.Value)
	}
	for _, j := range bot.KeptJobs(rows) {
		if j.Kind == bot.JobCard && j.Unsure() {
			add("card of " + j.ID)
		}
	}
	return t
}

func (b *board) Erase(_ context.Context, target json.RawMessage) (string, error) {
	var card string
	err := json.Unmarshal(target, &card)
	b.cards = slices.DeleteFunc(b.cards, func(c string) bool { return c == card })
	return "", err
}

// hurt is a stage with a board, and somebody who is about to be erased.
type hurt struct {
	*stage
	board   *board
	who     string // the conversation
	erasure bot.Erasure
}

func newHurt(t *testing.T) *hurt {
	h := &hurt{stage: newStage(t), board: &board{}}
	h.Erasers = map[string]bot.Eraser{"board": h.board}
	h.Carriers[bot.JobErase] = h.CarryErase
	a := h.arrive("")
	h.says(a, "250", "priya@bigco.example")
	h.who = a.Conversation.ID
	return h
}

// begins has a node begin to put a card on the board.
func (h *hurt) begins(id string) bot.Job {
	h.t.Helper()
	must(h.t, h.Enqueue(h.t.Context(), bot.Job{ID: id + "-" + h.who, Kind: bot.JobCard, Payload: []byte("{}"), RunAt: h.now(), State: bot.JobReady}))
	jobs, err := h.Store.Claim(h.t.Context(), h.now(), bot.JobLease, 1)
	must(h.t, err)
	if len(jobs) != 1 {
		h.t.Fatal(jobs)
	}
	return jobs[0]
}

// puts has the card appear, and ends has the node come to say so.
func (h *hurt) puts(j bot.Job) { h.board.cards = append(h.board.cards, "card of "+j.ID) }

func (h *hurt) ends(j bot.Job) {
	h.t.Helper()
	must(h.t, h.Store.SaveLink(h.t.Context(), "card", j.ID, "card of "+j.ID))
	j.State = bot.JobDone
	must(h.t, h.Store.Finish(h.t.Context(), j))
}

// erases is another node that erases the person.
func (h *hurt) erases() {
	h.t.Helper()
	other := &bot.Bot{Store: h.Store, Now: h.now, Log: h.Log, Erasers: h.Erasers}
	s, err := other.Subject(h.t.Context(), h.who)
	must(h.t, err)
	h.erasure, err = other.Erase(h.t.Context(), s, "mira@office")
	must(h.t, err)
}

// isSwept lets the leases of the jobs that ran be over, and the work after them be done: then nothing is left.
func (h *hurt) isSwept() {
	h.t.Helper()
	h.pass(bot.JobLease)
	h.work()
	h.pass(time.Minute)
	h.work()
	h.nothingIsLeft()
}

// nothingIsLeft of the person: neither on the board, nor a link, nor a job.
func (h *hurt) nothingIsLeft() {
	h.t.Helper()
	if len(h.board.cards) > 0 {
		h.t.Errorf("the board has %q", h.board.cards)
	}
	rows, err := h.Store.Records(h.t.Context(), bot.Subject{Conversations: []string{h.who}})
	must(h.t, err)
	for _, r := range rows {
		h.t.Errorf("%s: %v", r.Table, r.Values)
	}
	e, err := h.Store.Erasure(h.t.Context(), h.erasure.ID)
	must(h.t, err)
	for _, p := range e.Parts {
		if p.State == bot.PartWaiting {
			h.t.Errorf("%s waits: %s", p.Place, p.Said)
		}
	}
}

func TestWhatJobsBringWhileSomebodyIsErasedIsRemoved(t *testing.T) {
	late := func(p bot.ErasurePart) bool { return p.Place == bot.PlaceLate }
	t.Run("where no job runs everything is reached at once", func(t *testing.T) {
		h := newHurt(t)
		j := h.begins("a")
		h.puts(j)
		h.ends(j)
		h.erases()
		if slices.ContainsFunc(h.erasure.Parts, late) {
			t.Errorf("%+v", h.erasure.Parts)
		}
		h.work()
		h.pass(time.Minute) // for the file
		h.work()
		h.nothingIsLeft()
	})
	t.Run("a node that puts it there later, and says so", func(t *testing.T) {
		h := newHurt(t)
		j := h.begins("a")
		h.erases()
		if !slices.ContainsFunc(h.erasure.Parts, late) {
			t.Errorf("%+v", h.erasure.Parts)
		}
		h.work() // nothing is reached too early
		h.pass(40 * time.Second)
		h.work()
		h.puts(j)
		h.ends(j)
		h.isSwept()
	})
	t.Run("a node that puts it there later, and dies", func(t *testing.T) {
		h := newHurt(t)
		j := h.begins("a")
		h.erases()
		h.pass(40 * time.Second)
		h.work()
		h.puts(j)
		h.isSwept()
	})
	t.Run("a node whose answer was lost, and which is to try again", func(t *testing.T) {
		h := newHurt(t)
		j := h.begins("a")
		h.puts(j)
		j.State, j.RunAt = bot.JobReady, h.now().Add(time.Hour)
		must(t, h.Store.Finish(t.Context(), j))
		h.erases()
		h.work()
		h.pass(time.Minute)
		h.work()
		h.nothingIsLeft()
	})
	t.Run("a node that has another job made, which another node begins", func(t *testing.T) {
		h := newHurt(t)
		first := h.begins("a")
		h.erases()
		h.pass(50 * time.Second)
		h.work()
		second := h.begins("b")
		h.ends(first)
		h.pass(15 * time.Second)
		h.work() // the first one's time is over, the second one's is not
		h.puts(second)
		h.ends(second)
		h.isSwept()
	})
}

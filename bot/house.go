package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"usher/bot/dialogue"
	"usher/flows"
)

// house is one revision ready to serve: its workspace and a machine per flow.
type house struct {
	*flows.Workspace
	machines map[string]*dialogue.Machine
}

// MaxRevisions is how many revisions are kept compiled: a day of edits, each still needed by the conversations that
// began on it. Any other is compiled again from the store when a conversation wakes up.
const MaxRevisions = 32

// houses remembers compiled revisions, dropping the one that was compiled first.
type houses struct {
	mu    sync.Mutex
	by    map[string]*house
	order []string
}

// errRevision says that a stored revision, which was good once, is not to this program.
var errRevision = errors.New("a stored revision does not load any more")

// Use makes a workspace the running one until something is published: new conversations begin on it. It is stored first,
// so that no conversation is pinned to a revision that another node cannot read.
func (b *Bot) Use(ctx context.Context, w *flows.Workspace) error {
	h, err := build(w)
	if err != nil {
		return err
	}
	if err := b.Store.SaveRevision(ctx, w.Revision, w.Sources, b.now()); err != nil {
		return fmt.Errorf("save revision %s: %w", w.Revision, err)
	}
	b.houses.keep(h)
	b.running.Store(h)
	b.broken.Store(nil)
	return nil
}

// Workspace is the running one; nil before the first Use.
func (b *Bot) Workspace() *flows.Workspace {
	if h := b.running.Load(); h != nil {
		return h.Workspace
	}
	return nil
}

// Problems is what is wrong with the folder while the last good revision serves; nil when nothing is.
func (b *Bot) Problems() flows.Problems {
	if p := b.broken.Load(); p != nil {
		return *p
	}
	return nil
}

// house gives a revision ready to serve, from memory or from the store.
func (b *Bot) house(ctx context.Context, revision string) (*house, error) {
	if h := b.houses.get(revision); h != nil {
		return h, nil
	}
	sources, err := b.Store.Revision(ctx, revision)
	if err != nil {
		return nil, fmt.Errorf("revision %s: %w", revision, err)
	}
	w, problems := flows.Load(flows.SourceFS(sources))
	if w == nil {
		return nil, fmt.Errorf("%w: %s: %w", errRevision, revision, problems)
	}
	h, err := build(b.overlay(w))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", errRevision, revision, err)
	}
	b.houses.keep(h)
	return h, nil
}

func build(w *flows.Workspace) (*house, error) {
	h := &house{Workspace: w, machines: make(map[string]*dialogue.Machine, len(w.Flows))}
	for _, f := range w.Flows {
		m, err := dialogue.Compile(w, f)
		if err != nil {
			return nil, fmt.Errorf("compile flow %s: %w", f.ID, err)
		}
		h.machines[f.ID] = m
	}
	return h, nil
}

func (s *houses) get(revision string) *house {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.by[revision]
}

func (s *houses) keep(h *house) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.by == nil {
		s.by = map[string]*house{}
	}
	if _, ok := s.by[h.Revision]; !ok {
		s.order = append(s.order, h.Revision)
	}
	s.by[h.Revision] = h
	if len(s.order) > MaxRevisions {
		delete(s.by, s.order[0])
		s.order = s.order[1:]
	}
}

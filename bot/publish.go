package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Errors of somebody who publishes.
var (
	ErrCurrent   = errors.New("this revision is published already")
	ErrNoEarlier = errors.New("no earlier revision was published")
	ErrAmbiguous = errors.New("several revisions begin so")
)

// MaxPublications is how far back a rollback looks: years of edits.
const MaxPublications = 10_000

// Publish makes a revision the current one, whatever was published before, and gives its publication. The sources are
// stored with it. ErrCurrent comes with the current publication when there is nothing to do.
func Publish(ctx context.Context, to Publications, p Publication, sources map[string]string) (Publication, error) {
	return retried(ctx, to, func(current Publication) (Publication, error) {
		if current.Revision == p.Revision {
			return current, ErrCurrent
		}
		p.N = current.N + 1
		return p, to.Publish(ctx, p, sources)
	})
}

// Rollback makes an earlier revision the current one: the one that is named by its first letters or by the number of a
// publication, or for "" the one before the current one. good says whether a revision can be served; nothing changes
// where it is not nil. p says who goes back and when.
func Rollback(ctx context.Context, to Publications, name string, p Publication, good func(revision string) error) (Publication, error) {
	return retried(ctx, to, func(current Publication) (Publication, error) {
		all, err := to.Publications(ctx, MaxPublications)
		if err != nil {
			return Publication{}, err
		}
		back, err := Earlier(all, name)
		if err != nil {
			return Publication{}, err
		}
		if back.Revision == current.Revision {
			return current, ErrCurrent
		}
		if err := good(back.Revision); err != nil {
			return Publication{}, err
		}
		p.N, p.Revision, p.Kind = current.N+1, back.Revision, ByRollback
		return p, to.Publish(ctx, p, nil)
	})
}

// retried decides on the current publication, and again when somebody else published meanwhile.
func retried(ctx context.Context, to Publications, decide func(current Publication) (Publication, error)) (Publication, error) {
	for range MaxTakes {
		current, err := to.Published(ctx)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return Publication{}, err
		}
		if p, err := decide(current); !errors.Is(err, ErrStale) {
			return p, err
		}
	}
	return Publication{}, fmt.Errorf("%w: %d others published first", ErrBusy, MaxTakes)
}

// Earlier is the publication that a rollback goes to, of all, the newest first. The one before a rollback is the one
// before what it went back to, so that going back twice goes back two steps.
func Earlier(all []Publication, name string) (Publication, error) {
	if name == "" {
		return before(all)
	}
	for _, p := range all {
		if fmt.Sprint(p.N) == name {
			return p, nil
		}
	}
	var found Publication
	for _, p := range all {
		if !strings.HasPrefix(p.Revision, strings.ToLower(name)) || p.Revision == found.Revision {
			continue
		}
		if found.N != 0 {
			return Publication{}, fmt.Errorf("revision %q: %w", name, ErrAmbiguous)
		}
		found = p
	}
	if found.N == 0 {
		return Publication{}, fmt.Errorf("revision %q: %w", name, ErrNotFound)
	}
	return found, nil
}

// before is the one before the current one.
func before(all []Publication) (Publication, error) {
	at := 0
	for i, p := range all {
		if i > at && all[at].Kind == ByRollback && p.Revision == all[at].Revision {
			at = i
		}
	}
	for _, p := range all[min(at+1, len(all)):] {
		if p.Revision != all[0].Revision {
			return p, nil
		}
	}
	return Publication{}, ErrNoEarlier
}

package bot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"usher/flows"
)

// adoptEvery is how often a node asks which revision is published, for the case that it was not told.
const adoptEvery = time.Second

// Start makes the workspace of a folder, or the published one, the running one. Where the published one is served
// although the folder holds another, the log says so. The error is flows.Problems when the folder is broken and nothing
// is published.
func (b *Bot) Start(ctx context.Context, f *Folder) error {
	b.files = f.Files
	w, problems := f.load()
	all, err := b.Store.Publications(ctx, MaxPublications)
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	if len(all) > 0 {
		f.since = all[0].N
	}
	switch {
	case w == nil && len(all) == 0:
		return problems
	case w == nil:
		b.broken.Store(&problems)
		b.log().Error("the workspace is broken; the published revision is served", "problems", problems)
	case f.leads(all):
		if err := f.publish(ctx, b, w); err != nil {
			return err
		}
	default:
		b.log().Warn("the folder holds another version than the published revision, which is served; to publish the folder: usher publish DIR",
			"folder", f.Who, "version", w.Revision, "revision", all[0].Revision, "by", all[0].Who, "at", all[0].At)
	}
	return b.Resume(ctx)
}

// Resume makes the published revision the running one; ErrNotFound when none is published.
func (b *Bot) Resume(ctx context.Context) error {
	if err := b.adopt(ctx); err != nil {
		return fmt.Errorf("serve the published revision: %w", err)
	}
	if b.running.Load() == nil {
		return fmt.Errorf("serve the published revision: %w", ErrNotFound)
	}
	return nil
}

// Served is the workspace that a server would serve, for a command beside it: the files, where a folder is served; else
// what is published, or the files where nothing is.
func (b *Bot) Served(ctx context.Context, files fs.FS, folder bool) (*flows.Workspace, error) {
	if !folder {
		p, err := b.Store.Published(ctx)
		if err == nil {
			var sources map[string]string
			sources, err = b.Store.Revision(ctx, p.Revision)
			files = flows.SourceFS(sources)
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, fmt.Errorf("read the published revision: %w", err)
		}
	}
	w, problems := flows.Load(files)
	if w == nil {
		return nil, problems
	}
	return w, nil
}

// adoption follows what is published until ctx ends.
func (b *Bot) adoption(ctx context.Context) {
	for ctx.Err() == nil {
		if err := b.adopt(ctx); err != nil {
			b.complain(ctx, "serve the published revision", err)
			pause(ctx, storeAway)
		}
		b.published.pause(ctx, adoptEvery)
	}
}

// adopt makes the published revision the running one, if it is not. One that this program cannot read is told once, and
// the last good one goes on.
func (b *Bot) adopt(ctx context.Context) error {
	b.adopting.Lock()
	defer b.adopting.Unlock()
	current, err := b.Store.Published(ctx)
	if errors.Is(err, ErrNotFound) || err == nil && current.N <= b.serving {
		return nil
	}
	if err != nil {
		return err
	}
	h, err := b.house(ctx, current.Revision)
	if err != nil && !errors.Is(err, errRevision) {
		return err
	}
	if b.serving = current.N; err != nil {
		if b.running.Load() == nil {
			return err
		}
		b.log().Error("the published revision cannot be served; the last good one goes on", "revision", current.Revision, "err", err)
		var problems flows.Problems
		if b.unread = errors.As(err, &problems); b.unread {
			b.broken.Store(&problems)
		}
		return nil
	}
	if b.unread {
		b.unread = false
		b.broken.Store(nil)
	}
	was := b.running.Swap(h)
	if was == nil || was.Revision != h.Revision {
		b.log().Info("the workspace changed", "revision", h.Revision, "publication", current.N, "by", current.Who, "kind", current.Kind, "note", current.Note)
	}
	return nil
}

// overlay lets what was stored read the calendars that lie in this node's folder.
func (b *Bot) overlay(w *flows.Workspace) *flows.Workspace {
	if b.files != nil {
		w.Files = b.files
	}
	return w
}

package bot

import (
	"context"
)

// Follow looks at the folder until ctx ends and publishes each good change. Looking beats being told: it works through
// links, in mounted folders and on network file systems. A broken change leaves the last good version running and is
// logged once with its places.
func (b *Bot) Follow(ctx context.Context, f *Folder) {
	loaded := f.stat // so that an edit since Start is not missed
	for pause(ctx, lookEvery); ctx.Err() == nil; pause(ctx, lookEvery) {
		now := f.now()
		if f.look(now); !f.due(loaded, now) {
			continue
		}
		if stat := f.stat; b.changed(ctx, f) {
			loaded = stat
		}
	}
}

// changed takes what is in the folder now; false means that it is to be looked at again, for it changed while it was
// read or the store could not take it.
func (b *Bot) changed(ctx context.Context, f *Folder) bool {
	stat, was, last := f.stat, f.content, f.revision
	if f.read = f.now(); digest(f.Files, f.names) == was {
		return true
	}
	w, problems := f.load()
	if f.look(f.now()); f.stat != stat {
		f.content, f.revision = was, last
		return false
	}
	if w == nil {
		b.broken.Store(&problems)
		b.log().Error("the workspace is broken; the last good one goes on", "problems", problems)
		return true
	}
	b.broken.Store(nil)
	if w.Revision == last {
		return true
	}
	if err := f.publish(ctx, b, w); err != nil {
		b.complain(ctx, "use the workspace", err)
		f.content, f.revision = was, last
		pause(ctx, storeAway)
		return false
	}
	if err := b.adopt(ctx); err != nil {
		b.complain(ctx, "use the workspace", err) // what follows publications tries again
	}
	return true
}

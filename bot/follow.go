package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"time"

	"usher/flows"
)

// followEvery is how often the folder is looked at. Looking beats being told: it works through links, in mounted
// folders and on network file systems.
const followEvery = 2 * time.Second

// Follow looks at the workspace folder until ctx ends and makes each good change the running revision. A broken one
// leaves the last good one running and is logged once with its places.
func (b *Bot) Follow(ctx context.Context, files fs.FS) {
	seen := "" // so that an edit since the load is not missed
	for pause(ctx, followEvery); ctx.Err() == nil; pause(ctx, followEvery) {
		mark, err := fingerprint(files)
		if err != nil {
			b.complain(ctx, "read the workspace", err)
			continue
		}
		if mark == seen {
			continue
		}
		seen = mark
		b.publish(ctx, files)
	}
}

// publish loads the folder and uses it when it is good.
func (b *Bot) publish(ctx context.Context, files fs.FS) {
	w, problems := flows.Load(files)
	if w == nil {
		b.broken.Store(&problems)
		b.log().Error("the workspace is broken; the last good one goes on", "problems", problems)
		return
	}
	if b.running.Load().Revision == w.Revision {
		b.broken.Store(nil)
		return
	}
	if err := b.Use(ctx, w); err != nil {
		b.complain(ctx, "use the workspace", err)
		return
	}
	b.log().Info("the workspace changed", "revision", w.Revision)
}

// fingerprint changes when a YAML file of the folder does: names, sizes and times, so that a look is cheap.
func fingerprint(files fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || path.Ext(name) != ".yaml" {
			return err
		}
		i, err := fs.Stat(files, name)
		if err != nil {
			return err
		}
		fmt.Fprintln(h, name, i.Size(), i.ModTime().UnixNano())
		return nil
	})
	return hex.EncodeToString(h.Sum(nil)), err
}

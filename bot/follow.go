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
		if mark := fingerprint(files); mark != seen && b.publish(ctx, files) {
			seen = mark
		}
	}
}

// publish loads the folder and uses it when it is good; false means that the store could not take it, and that it is to
// be tried again.
func (b *Bot) publish(ctx context.Context, files fs.FS) bool {
	w, problems := flows.Load(files)
	if w == nil {
		b.broken.Store(&problems)
		b.log().Error("the workspace is broken; the last good one goes on", "problems", problems)
		return true
	}
	if b.running.Load().Revision == w.Revision {
		b.broken.Store(nil)
		return true
	}
	if err := b.Use(ctx, w); err != nil {
		b.complain(ctx, "use the workspace", err)
		return false
	}
	b.log().Info("the workspace changed", "revision", w.Revision)
	return true
}

// fingerprint changes when a YAML file of the folder does: names, sizes and times, so that a look is cheap. That something
// cannot be looked at is part of it: what that means is said by whoever loads the folder.
func fingerprint(files fs.FS) string {
	h := sha256.New()
	look := func(name string, e fs.DirEntry, err error) error {
		if err == nil && (e.IsDir() || path.Ext(name) != ".yaml" && path.Ext(name) != ".yml") {
			return nil
		}
		var i fs.FileInfo
		if err == nil {
			i, err = fs.Stat(files, name)
		}
		if err != nil {
			fmt.Fprintln(h, name, err)
			return nil
		}
		fmt.Fprintln(h, name, i.Size(), i.ModTime().UnixNano())
		return nil
	}
	if err := fs.WalkDir(files, ".", look); err != nil {
		fmt.Fprintln(h, err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

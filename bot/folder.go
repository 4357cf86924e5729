package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"usher/flows"
)

// Folder is a workspace folder that a node follows: a good change of it is published.
type Folder struct {
	Files fs.FS
	Who   string           // machine:folder, as publications name it
	Now   func() time.Time // nil = time.Now; the clock of the files' times

	newest   time.Time // when one of its files changed last
	revision string    // of the last good version that was seen in it
	since    int64     // the publication that was current when it changed last
	stat     string    // names, sizes and times at the last look
	names    []string  // of the files at the last look
	content  string    // hash of what was loaded last, good or broken
	loaded   []string  // names of the files that were loaded last
	quiet    time.Time // since when stat is as it is
	read     time.Time // when the contents were read last
}

// Bounds of following. A change is taken when nothing changed for settled, so that half of a set of files that is
// being written is not; files that vanished may be on their way back, and get longer.
const (
	lookEvery  = 500 * time.Millisecond
	settled    = time.Second
	vanished   = 5 * time.Second
	readAnyway = 15 * time.Second // a file system with coarse times, or a copy that keeps them, can hide a change
)

func (f *Folder) now() time.Time {
	if f.Now != nil {
		return f.Now()
	}
	return time.Now()
}

// load loads what is in the folder now; nil when it is broken.
func (f *Folder) load() (*flows.Workspace, flows.Problems) {
	f.look(f.now())
	f.content, f.read = digest(f.Files, f.names), f.now()
	f.loaded = f.names
	w, problems := flows.Load(f.Files)
	if w != nil {
		f.revision = w.Revision
	}
	return w, problems
}

// leads says whether the folder's version is to be published at the start, with all publications, the newest first:
// when there is none; when the current one came from this very folder and it changed since; when its version is new
// here, and nobody published another by command since it changed. An older folder never comes before a newer revision.
func (f *Folder) leads(all []Publication) bool {
	if len(all) == 0 || all[0].Revision == f.revision {
		return true
	}
	current := all[0]
	changed := f.newest.After(current.At)
	if current.Kind == ByFolder && current.Who == f.Who && changed {
		return true
	}
	if slices.ContainsFunc(all, func(p Publication) bool { return p.Revision == f.revision }) {
		return false
	}
	return current.Kind == ByFolder || changed
}

// look notes names, sizes and times of the files, and when they changed. It follows links, so that a folder that is
// swapped by a link is seen to change.
func (f *Folder) look(now time.Time) {
	h := sha256.New()
	f.names, f.newest = f.names[:0:0], time.Time{}
	for _, folder := range []string{".", "stories"} {
		entries, err := fs.ReadDir(f.Files, folder)
		if err != nil {
			fmt.Fprintln(h, folder, err)
		}
		for _, e := range entries {
			name := path.Join(folder, e.Name())
			if ext := path.Ext(name); e.IsDir() || ext != ".yaml" && ext != ".yml" || strings.HasPrefix(e.Name(), ".") {
				continue
			}
			f.names = append(f.names, name)
			f.note(h, name)
		}
	}
	if i, err := fs.Stat(f.Files, "."); err == nil && i.ModTime().After(f.newest) {
		f.newest = i.ModTime() // a file was taken away, or an older one put in its place
	}
	if stat := hex.EncodeToString(h.Sum(nil)); stat != f.stat {
		f.stat, f.quiet = stat, now
	}
}

// note adds one file. That it cannot be looked at is part of it: what that means is said by whoever loads the folder.
func (f *Folder) note(into interface{ Write([]byte) (int, error) }, name string) {
	i, err := fs.Stat(f.Files, name)
	if err != nil {
		fmt.Fprintln(into, name, err)
		return
	}
	if i.ModTime().After(f.newest) {
		f.newest = i.ModTime()
	}
	fmt.Fprintln(into, name, i.Size(), i.ModTime().UnixNano())
}

// digest is a hash of what is in the files.
func digest(files fs.FS, names []string) string {
	h := sha256.New()
	for _, name := range names[:min(len(names), 2*flows.MaxFiles)] {
		text, err := fs.ReadFile(files, name)
		fmt.Fprintln(h, name, len(text), err)
		h.Write(text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// due says whether the contents are to be read: they changed, or were long not read, and nobody is writing.
func (f *Folder) due(before string, now time.Time) bool {
	wait := settled
	if slices.ContainsFunc(f.loaded, func(name string) bool { return !slices.Contains(f.names, name) }) {
		wait = vanished
	}
	return now.Sub(f.quiet) >= wait && (f.stat != before || now.Sub(f.read) >= readAnyway)
}

// publish makes the folder's version the current one, unless another node did so and it was replaced since.
func (f *Folder) publish(ctx context.Context, b *Bot, w *flows.Workspace) error {
	all, err := b.Store.Publications(ctx, MaxPublications)
	if err != nil {
		return fmt.Errorf("read what was published: %w", err)
	}
	seen := func(p Publication) bool { return p.N > f.since && p.Kind == ByFolder && p.Revision == w.Revision }
	if slices.ContainsFunc(all, seen) {
		f.since = all[0].N
		return nil
	}
	h, err := build(w)
	if err != nil {
		return err
	}
	b.houses.keep(h)
	p, err := Publish(ctx, b.Store, Publication{Revision: w.Revision, At: b.now(), Who: f.Who, Kind: ByFolder}, w.Sources)
	if err != nil && !errors.Is(err, ErrCurrent) {
		return fmt.Errorf("publish the workspace: %w", err)
	}
	f.since = p.N
	return nil
}

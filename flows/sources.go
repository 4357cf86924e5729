package flows

import (
	"io"
	"io/fs"
	"path"
	"strings"
	"time"
)

// sourceFS is a read-only file system in memory; by its type Load knows that only sources are in it.
type sourceFS map[string]string

// SourceFS is a file system that holds the sources of a workspace.
func SourceFS(sources map[string]string) fs.FS { return sourceFS(sources) }

// Open opens a source, or a folder that leads to one.
func (s sourceFS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if text, ok := s[name]; ok {
		return &openSource{info: sourceInfo{path.Base(name), int64(len(text)), false}, text: strings.NewReader(text)}, nil
	}
	children := s.children(name)
	if len(children) == 0 && name != "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &openFolder{openSource: openSource{info: sourceInfo{path.Base(name), 0, true}}, left: children}, nil
}

// children are the entries of a folder, by name.
func (s sourceFS) children(folder string) (entries []fs.DirEntry) {
	found := map[string]sourceInfo{}
	for name, text := range s {
		rest, ok := strings.CutPrefix(name, folder+"/")
		if folder == "." {
			rest, ok = name, true
		}
		if first, _, deeper := strings.Cut(rest, "/"); ok && deeper {
			found[first] = sourceInfo{first, 0, true}
		} else if ok {
			found[rest] = sourceInfo{rest, int64(len(text)), false}
		}
	}
	for _, name := range sortedKeys(found) {
		entries = append(entries, found[name])
	}
	return entries
}

// sourceInfo describes a source or a folder, as an entry too.
type sourceInfo struct {
	name   string
	size   int64
	folder bool
}

func (i sourceInfo) Name() string               { return i.name }
func (i sourceInfo) Size() int64                { return i.size }
func (i sourceInfo) IsDir() bool                { return i.folder }
func (i sourceInfo) ModTime() time.Time         { return time.Time{} }
func (i sourceInfo) Sys() any                   { return nil }
func (i sourceInfo) Type() fs.FileMode          { return i.Mode().Type() }
func (i sourceInfo) Info() (fs.FileInfo, error) { return i, nil }

func (i sourceInfo) Mode() fs.FileMode {
	if i.folder {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

type openSource struct {
	info sourceInfo
	text *strings.Reader
}

func (o *openSource) Stat() (fs.FileInfo, error) { return o.info, nil }
func (o *openSource) Close() error               { return nil }

func (o *openSource) Read(into []byte) (int, error) {
	if o.text == nil {
		return 0, &fs.PathError{Op: "read", Path: o.info.name, Err: fs.ErrInvalid}
	}
	return o.text.Read(into)
}

type openFolder struct {
	openSource
	left []fs.DirEntry
}

// ReadDir gives the next n entries, or all that are left.
func (o *openFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n > 0 && len(o.left) == 0 {
		return nil, io.EOF
	}
	if n <= 0 || n > len(o.left) {
		n = len(o.left)
	}
	entries := o.left[:n]
	o.left = o.left[n:]
	return entries, nil
}

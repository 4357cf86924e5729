package terminal

import (
	"errors"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"usher/flows"
)

// desks holds the workspaces of which files are open.
type desks struct {
	folders map[string]*folderDesk
}

// folderDesk is one workspace folder with what is open of it.
type folderDesk struct {
	dir     string
	open    map[string]string // texts as they are in the editor, by the name in the workspace
	known   *flows.Writing
	told    map[string]bool // files that have findings in the editor
	found   flows.Problems  // by the last check
	changed bool
}

// errNotHere says that a document is none of a workspace on this machine.
var errNotHere = &callError{codeParams, "this is no file of a workspace"}

// find is the workspace of a document and its name there. A workspace is the folder of the file, or of its stories folder.
func (d *desks) find(uri string) (*folderDesk, string, error) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" || u.Path == "" {
		return nil, "", errNotHere
	}
	file := filepath.Clean(filepath.FromSlash(u.Path))
	if ext := filepath.Ext(file); ext != ".yaml" && ext != ".yml" {
		return nil, "", errNotHere
	}
	dir, name := filepath.Dir(file), filepath.Base(file)
	if filepath.Base(dir) == "stories" {
		dir, name = filepath.Dir(dir), path.Join("stories", name)
	}
	f := d.folders[dir]
	if f == nil {
		f = &folderDesk{dir: dir, open: map[string]string{}, told: map[string]bool{}}
		d.folders[dir] = f
	}
	return f, name, nil
}

func (f *folderDesk) uri(name string) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(f.dir, filepath.FromSlash(name)))}).String()
}

// files is the folder as it would be if everything were saved.
func (f *folderDesk) files() fs.FS {
	return overlay{os.DirFS(f.dir), flows.SourceFS(f.open)}
}

// flowKey is what tells a workspace from any other folder with YAML in it.
var flowKey = regexp.MustCompile(`(?m)^(?:flow|"flow"|'flow')\s*:`)

// texts are those of all files; ok is false where there is no flow among them, so that it is no workspace.
func (f *folderDesk) texts() (texts map[string]string, ok bool) {
	texts = maps.Clone(f.open)
	files := f.files()
	for _, dir := range []string{".", "stories"} {
		entries, err := fs.ReadDir(files, dir)
		if err != nil {
			continue // no stories: so be it
		}
		for _, e := range entries {
			name := path.Join(dir, e.Name())
			ext := path.Ext(name)
			if _, open := texts[name]; open || ext != ".yaml" && ext != ".yml" || e.IsDir() || strings.HasPrefix(e.Name(), ".") || len(texts) > flows.MaxFiles {
				continue
			}
			if info, err := e.Info(); err == nil && info.Size() <= flows.MaxFileBytes {
				if data, err := fs.ReadFile(files, name); err == nil {
					texts[name] = string(data)
				}
			}
		}
	}
	for name, text := range texts {
		ok = ok || path.Dir(name) == "." && flowKey.MatchString(text)
	}
	return texts, ok
}

// writing is what is known of the workspace as it stands in the editor now.
func (f *folderDesk) writing() *flows.Writing {
	if f.known == nil || f.changed {
		texts, _ := f.texts()
		f.known, f.changed = flows.Write(texts, f.known), false
	}
	return f.known
}

// lines are those of a file as the editor has it.
func (f *folderDesk) lines(name string) []string {
	text, open := f.open[name]
	if !open {
		data, err := fs.ReadFile(f.files(), name)
		if err != nil {
			return []string{""}
		}
		text = string(data)
	}
	return textLines(text)
}

// overlay is a folder with some files as they are in the editor.
type overlay struct {
	disk fs.FS
	open fs.FS
}

// Open prefers what is in the editor.
func (o overlay) Open(name string) (fs.File, error) {
	if f, err := o.open.Open(name); err == nil {
		if info, err := f.Stat(); err == nil && !info.IsDir() {
			return f, nil
		}
	}
	return o.disk.Open(name)
}

// ReadDir has what is on the disk and what is only in the editor yet.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.disk, name)
	added, missing := fs.ReadDir(o.open, name)
	if err != nil && missing != nil {
		return nil, errors.Join(err, missing)
	}
	for _, e := range added {
		if !slices.ContainsFunc(entries, func(d fs.DirEntry) bool { return d.Name() == e.Name() }) {
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}

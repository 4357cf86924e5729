package terminal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"usher/flows"
)

// FmtCommand lays the files of a workspace out.
type FmtCommand struct {
	Paths  []string `arg:"" optional:"" name:"path" help:"Workspace folders and files; without one, the current folder."`
	Check  bool     `help:"Change nothing; say which files would be changed, and exit with 1 if there are any."`
	Stdout bool     `help:"Change nothing; print the files as they would be."`
}

// Help teaches.
func (FmtCommand) Help() string {
	return `All files of all workspaces look the same then, and a pull request shows what was changed and nothing else: keys in the order
of the guide, two blanks of indentation, short lists on one line, quotes only where they are needed, one empty line between
steps. Comments stay with what they stand at. A file that is no YAML is shown with the place and left alone.

  usher fmt acme
  usher fmt --check acme          in CI, or before a commit
  usher fmt --stdout acme/book-a-demo.yaml | diff acme/book-a-demo.yaml -`
}

// Run lays out every file; one that cannot be read does not stop the others.
func (c *FmtCommand) Run(w *World) error {
	if c.Check && c.Stdout {
		return misuse("--check and --stdout exclude each other")
	}
	paths := c.Paths
	if len(paths) == 0 {
		paths = []string{"."}
	}
	files, err := workspaceFiles(paths)
	if err != nil {
		return err
	}
	bad := false
	for _, name := range files {
		fine, err := c.file(w, name)
		if err != nil {
			return err
		}
		bad = bad || !fine
	}
	if bad {
		return ErrNo
	}
	return nil
}

// file lays one file out; fine is false when it was refused, or would be changed and --check is on.
func (c *FmtCommand) file(w *World, name string) (fine bool, err error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return false, misuse("%s cannot be read: %v", name, err)
	}
	made, problems := flows.Format(filepath.ToSlash(name), string(data))
	if problems.Failed() {
		return false, printProblems(w.Stderr, problems, styleOf(w.Stderr))
	}
	p := printer{out: w.Stdout}
	switch {
	case c.Stdout:
		p.printf("%s", made)
		return true, p.err
	case made == string(data):
		return true, nil
	case !c.Check:
		if err := replaceFile(name, made); err != nil {
			return false, err
		}
	}
	p.printf("%s\n", name)
	return !c.Check, p.err
}

// workspaceFiles are the files named and those in the folders named, each once, as they are typed.
func workspaceFiles(paths []string) (files []string, err error) {
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			return nil, misuse("%s is neither a folder nor a file", path)
		case !info.IsDir():
			files = append(files, path)
			continue
		}
		found := slices.Concat(yamlIn(path), yamlIn(filepath.Join(path, "stories")))
		if len(found) == 0 {
			return nil, misuse("there are no .yaml files in %s", path)
		}
		files = append(files, found...)
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(files, func(name string) bool {
		again := seen[name]
		seen[name] = true
		return again
	}), nil
}

// yamlIn are the YAML files of a folder; one that is not there has none.
func yamlIn(folder string) (files []string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil // a workspace without stories is one too
	}
	for _, e := range entries {
		ext := filepath.Ext(e.Name())
		if !e.IsDir() && (ext == ".yaml" || ext == ".yml") && !strings.HasPrefix(e.Name(), ".") {
			files = append(files, filepath.Join(folder, e.Name()))
		}
	}
	return files
}

// replaceFile puts a new text in the place of a file at once: whoever reads it meanwhile sees the old or the new one. A
// link stays a link, and the file keeps its mode.
func replaceFile(name, text string) (err error) {
	name, err = filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			if gone := os.Remove(f.Name()); !errors.Is(gone, fs.ErrNotExist) {
				err = errors.Join(err, gone)
			}
		}
	}()
	_, err = f.WriteString(text)
	err = errors.Join(err, f.Chmod(info.Mode().Perm()), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

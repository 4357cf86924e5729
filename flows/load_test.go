package flows

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestBrokenWorkspaces: each archive under testdata/broken is a workspace and the file `problems` with everything that
// is wrong in it; those that begin with check- are reasoned about too. Run with -update to write what is found.
func TestBrokenWorkspaces(t *testing.T) {
	archives, err := filepath.Glob("testdata/broken/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files := map[string]string{}
			want := ""
			for _, f := range archive.Files {
				if f.Name == "problems" {
					want = string(f.Data)
					continue
				}
				files[f.Name] = string(f.Data)
			}
			look := Load
			if strings.HasPrefix(filepath.Base(name), "check-") {
				look = func(files fs.FS) (*Workspace, Problems) {
					w, _, problems := Prove(files)
					return w, problems
				}
			}
			_, problems := look(struct{ fs.FS }{SourceFS(files)}) // not a SourceFS itself: calendars are looked for
			got := problems.String()
			if *update {
				rewrite(t, name, archive, got)
				return
			}
			if got != want {
				t.Errorf("found:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func rewrite(t *testing.T, name string, archive *txtar.Archive, problems string) {
	kept := archive.Files[:0]
	for _, f := range archive.Files {
		if f.Name != "problems" {
			kept = append(kept, f)
		}
	}
	archive.Files = append(kept, txtar.File{Name: "problems", Data: []byte(problems)})
	if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

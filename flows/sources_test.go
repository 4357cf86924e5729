package flows

import (
	"testing"
	"testing/fstest"
)

func TestSourceFSIsAFileSystem(t *testing.T) {
	files := SourceFS(map[string]string{"a.yaml": "flow: a", "team.yaml": "", "deep/er/b.txt": "b"})
	if err := fstest.TestFS(files, "a.yaml", "team.yaml", "deep/er/b.txt"); err != nil {
		t.Error(err)
	}
}

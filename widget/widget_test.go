package widget

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"strings"
	"testing"
)

func TestFiles(t *testing.T) {
	t.Run("the launcher has one place for the configuration", func(t *testing.T) {
		if n := bytes.Count(Launcher(), []byte(ConfigMark)); n != 1 {
			t.Errorf("%d places", n)
		}
	})
	t.Run("the chat and the teaser are there under one hash", func(t *testing.T) {
		teaser := strings.Replace(Chat(), "chat-", "teaser-", 1)
		if _, err := fs.Stat(Files(), teaser); err != nil {
			t.Error(err)
		}
	})
	t.Run("the launcher is at most 1 KB and all of it at most 20 KB in gzip", func(t *testing.T) {
		launcher, all := 0, 0
		err := fs.WalkDir(Files(), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := fs.ReadFile(Files(), path)
			if path == "launcher.js" {
				launcher = gzipped(t, text)
			}
			all += gzipped(t, text)
			return err
		})
		if err != nil || launcher == 0 || launcher > 1024 || all > 20*1024 {
			t.Errorf("launcher %d, all %d bytes, error %v", launcher, all, err)
		}
	})
}

func gzipped(t *testing.T, text []byte) int {
	t.Helper()
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"

	"usher/widget"
)

// file is a text as it is served: in memory, compressed once, named by its hash.
type file struct {
	kind   string
	cache  string
	tag    string
	plain  []byte
	zipped []byte
}

// Cache-Control of what changes its name with its content, and of what does not.
const (
	cacheForever = "public, max-age=31536000, immutable"
	cacheShortly = "public, max-age=300"
)

// hashed is a name that holds the hash of what the file holds.
var hashed = regexp.MustCompile(`-[0-9A-Za-z]{8,}\.`)

// newFile keeps a text for serving.
func newFile(name string, plain []byte) *file {
	sum := sha256.Sum256(plain)
	f := &file{kind: mime.TypeByExtension(path.Ext(name)), cache: cacheShortly, tag: `"` + hex.EncodeToString(sum[:12]) + `"`, plain: plain}
	switch path.Ext(name) {
	case ".js":
		f.kind = "text/javascript; charset=utf-8"
	case ".css":
		f.kind = "text/css; charset=utf-8"
	case ".svg":
		f.kind = "image/svg+xml"
	}
	if hashed.MatchString(name) {
		f.cache = cacheForever
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	if _, err := z.Write(plain); err != nil {
		panic(err) // a buffer takes everything
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	if b.Len() < len(plain) {
		f.zipped = b.Bytes()
	}
	return f
}

// ServeHTTP sends the file, or says that the client has it.
func (f *file) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", f.cache)
	h.Set("ETag", f.tag)
	h.Add("Vary", "Accept-Encoding")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if knows(r.Header.Get("If-None-Match"), f.tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := f.plain
	if f.zipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.zipped
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		w.Write(body) // an error here is the client gone
	}
}

// knows says whether the client's list of tags holds this one (RFC 9110 13.1.2).
func knows(list, tag string) bool {
	for one := range strings.SplitSeq(list, ",") {
		if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
			return true
		}
	}
	return false
}

// assets are the files of the widget by name.
type assets struct {
	files map[string]*file
	chat  string // name of the chat's script
}

// newAssets reads the widget's files, which are embedded; what is given in their place must be as readable.
func newAssets(from fs.FS) *assets {
	if from == nil {
		from = widget.Files()
	}
	a := &assets{files: map[string]*file{}}
	err := fs.WalkDir(from, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		a.files[name] = newFile(name, data)
		if strings.HasPrefix(name, "chat-") && path.Ext(name) == ".js" {
			a.chat = name
		}
		return nil
	})
	if err != nil {
		panic(fmt.Errorf("files of the widget: %w", err))
	}
	return a
}

// asset serves GET /widget/{file}.
func (s *Server) asset(w http.ResponseWriter, r *http.Request) {
	f, ok := s.assets.files[r.PathValue("file")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	f.ServeHTTP(w, r)
}

package web

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"path"
)

//go:embed pages
var pages embed.FS

var (
	templates = template.Must(template.ParseFS(pages, "pages/*.html"))
	pageFiles = readPageFiles()
)

// pagePolicy lets a page load what this server serves and talk to it, and nothing else.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// readPageFiles keeps the style sheets, scripts and pictures of the pages.
func readPageFiles() map[string]*file {
	files := map[string]*file{}
	for _, pattern := range []string{"pages/*.css", "pages/*.svg", "pages/*.js"} {
		names, err := fs.Glob(pages, pattern)
		if err != nil {
			panic(err) // the pattern is a constant
		}
		for _, name := range names {
			data, err := pages.ReadFile(name)
			if err != nil {
				panic(err) // the file is embedded
			}
			files[path.Base(name)] = newFile(name, data)
		}
	}
	return files
}

// pageFile serves GET /assets/{file}.
func (s *Server) pageFile(w http.ResponseWriter, r *http.Request) {
	f, ok := pageFiles[r.PathValue("file")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	f.ServeHTTP(w, r)
}

// page renders a page, whole or not at all.
func (s *Server) page(w http.ResponseWriter, status int, name string, data any) {
	s.pageWith(w, status, name, data, pagePolicy)
}

func (s *Server) pageWith(w http.ResponseWriter, status int, name string, data any, policy string) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		s.refuse(w, s.faultOf(err, "render "+name, ""), "")
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	w.WriteHeader(status)
	w.Write(b.Bytes()) // an error here is the client gone
}

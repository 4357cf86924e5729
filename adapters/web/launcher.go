package web

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"usher/flows"
	"usher/widget"
)

// launcher is the script of one revision, by language of its teasers.
type launcher struct {
	revision string
	files    map[string]*file
}

// config is what the launcher is told in place of its mark.
type config struct {
	Theme flows.Theme `json:"theme"`
	Shows []show      `json:"shows"`
	Chat  string      `json:"chat"`
}

// show is when a flow greets on its own; the server decides in the end which flow a visitor gets.
type show struct {
	Flow   string   `json:"flow"`
	Pages  []string `json:"pages"`
	After  int64    `json:"after"` // milliseconds
	Teaser string   `json:"teaser"`
}

// widget serves GET /widget.js: the launcher with the running workspace's configuration in it.
func (s *Server) widget(w http.ResponseWriter, r *http.Request) {
	ws := s.Host.Workspace()
	if ws == nil {
		s.refuse(w, faultBusy, "")
		return
	}
	l := s.launcher.Load()
	if l == nil || l.revision != ws.Revision {
		l = s.launch(ws)
		s.launcher.Store(l)
	}
	w.Header().Add("Vary", "Accept-Language")
	f, ok := l.files[preferred(r.Header.Get("Accept-Language"), l.files)]
	if !ok {
		f = l.files[""]
	}
	f.ServeHTTP(w, r)
}

// launch makes the launcher in every language the workspace speaks, and "" for the source language.
func (s *Server) launch(ws *flows.Workspace) *launcher {
	l := &launcher{revision: ws.Revision, files: map[string]*file{"": s.script(ws, "")}}
	for _, f := range ws.Flows {
		for _, language := range f.Languages {
			if base := baseOf(language); l.files[base] == nil {
				l.files[base] = s.script(ws, base)
			}
		}
	}
	return l
}

func (s *Server) script(ws *flows.Workspace, language string) *file {
	c := config{Shows: []show{}, Chat: "/widget/" + s.assets.chat}
	for _, f := range ws.Flows {
		if plain(c.Theme) {
			c.Theme = f.Theme
		}
		c.Shows = append(c.Shows, show{
			Flow: f.ID, Pages: f.Show.Pages, After: f.Show.After.Milliseconds(), Teaser: s.texts(f, language)["teaser"],
		})
	}
	text, err := json.Marshal(c)
	if err != nil {
		panic(err) // plain data always marshals
	}
	source := s.Launcher
	if source == nil {
		source = widget.Launcher()
	}
	return newFile("widget.js", bytes.Replace(source, []byte(widget.ConfigMark), text, 1))
}

// plain says whether a theme leaves all to the widget.
func plain(t flows.Theme) bool {
	return t.Color+t.Corner+t.Name+t.Avatar+t.Dark == ""
}

// preferred is the first language of the header that there is, by its base: the browser lists the best first.
func preferred[V any](header string, have map[string]V) string {
	for one := range strings.SplitSeq(header, ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(one), ";")
		if _, ok := have[baseOf(tag)]; ok {
			return baseOf(tag)
		}
	}
	return ""
}

func baseOf(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	return strings.ToLower(base)
}

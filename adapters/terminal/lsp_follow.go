package terminal

import (
	"maps"
	"slices"

	"usher/flows"
)

// document is what a message about a file says of it.
type document struct {
	URI  string `json:"uri"`
	Text string `json:"text"`
}

// follow keeps the texts as the editor has them.
func (s *editorServer) follow(c call) error {
	if c.Method == "workspace/didChangeWatchedFiles" {
		for _, f := range s.desk.folders {
			f.changed = true
		}
		return nil
	}
	p, err := params[struct {
		Document document `json:"textDocument"`
		Changes  []change `json:"contentChanges"`
	}](c)
	if err != nil {
		return err
	}
	f, name, err := s.desk.find(p.Document.URI)
	if err != nil {
		return nil // an editor may open anything
	}
	f.changed = true
	switch c.Method {
	case "textDocument/didOpen":
		f.open[name] = p.Document.Text
	case "textDocument/didChange":
		text := f.open[name]
		for _, change := range p.Changes {
			text = change.apply(text)
		}
		f.open[name] = text
	case "textDocument/didClose":
		delete(f.open, name)
	}
	return nil
}

// finding is a diagnostic of the protocol.
type finding struct {
	Range    stretch    `json:"range"`
	Severity int        `json:"severity"` // 1 error, 2 warning
	Code     string     `json:"code"`
	Source   string     `json:"source"`
	Message  string     `json:"message"`
	Related  []relation `json:"relatedInformation,omitempty"`
}

type relation struct {
	Location location `json:"location"`
	Message  string   `json:"message"`
}

// check tells the editor what is wrong in every workspace that has a file open, and what no longer is.
func (s *editorServer) check() {
	for _, dir := range slices.Sorted(maps.Keys(s.desk.folders)) {
		f := s.desk.folders[dir]
		found := s.findings(f)
		for name := range f.told {
			if _, still := found[name]; !still {
				found[name] = []finding{}
			}
		}
		f.told = map[string]bool{}
		for _, name := range slices.Sorted(maps.Keys(found)) {
			f.told[name] = len(found[name]) > 0
			s.wire.notify("textDocument/publishDiagnostics", struct {
				URI      string    `json:"uri"`
				Findings []finding `json:"diagnostics"`
			}{f.uri(name), found[name]})
		}
		if len(f.open) == 0 {
			delete(s.desk.folders, dir)
		}
	}
}

// findings are those of a workspace, by file. Files that are open have a list even where nothing is found.
func (s *editorServer) findings(f *folderDesk) (found map[string][]finding) {
	found = map[string][]finding{}
	if _, ok := f.texts(); !ok || len(f.open) == 0 {
		return found
	}
	for name := range f.open {
		found[name] = []finding{}
	}
	_, _, problems := flows.Prove(f.files())
	f.found = problems
	w := f.writing()
	lines := map[string][]string{}
	for _, p := range problems {
		if lines[p.File] == nil {
			lines[p.File] = f.lines(p.File)
		}
		found[p.File] = append(found[p.File], f.finding(w, p, lines[p.File]))
	}
	return found
}

func (f *folderDesk) finding(w *flows.Writing, p flows.Problem, lines []string) finding {
	d := finding{Range: stretchOf(lines, w.Word(p.Place)), Severity: 1, Code: p.Rule, Source: "usher", Message: p.Message}
	if p.Severity == flows.Warning {
		d.Severity = 2
	}
	if p.Hint != "" {
		d.Message += "\n" + p.Hint
	}
	if p.Path != "" {
		d.Related = []relation{{location{f.uri(p.File), d.Range}, "for example: " + p.Path}}
	}
	return d
}

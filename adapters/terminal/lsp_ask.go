package terminal

import (
	"strings"

	"usher/flows"
)

// question is what is asked about a place of a document.
type question struct {
	Document document `json:"textDocument"`
	Position position `json:"position"`
	NewName  string   `json:"newName"`

	folder *folderDesk
	name   string
	place  flows.Place
	lines  []string
}

// ask answers a request about a document.
func (s *editorServer) ask(c call) (any, error) {
	answers := map[string]func(*question) (any, error){
		"textDocument/completion":     complete,
		"textDocument/hover":          hover,
		"textDocument/definition":     definition,
		"textDocument/references":     references,
		"textDocument/prepareRename":  prepareRename,
		"textDocument/rename":         rename,
		"textDocument/documentSymbol": symbols,
		"textDocument/formatting":     formatting,
	}
	answer, ok := answers[c.Method]
	if !ok {
		return nil, &callError{codeUnknown, "there is no method " + c.Method}
	}
	q, err := params[question](c)
	if err != nil {
		return nil, err
	}
	if q.folder, q.name, err = s.desk.find(q.Document.URI); err != nil {
		return nil, err
	}
	q.lines = q.folder.lines(q.name)
	q.place = placeOf(q.name, q.lines, q.Position)
	return answer(&q)
}

func (q *question) location(s flows.Stretch) location {
	lines := q.lines
	if s.File != q.name {
		lines = q.folder.lines(s.File)
	}
	return location{q.folder.uri(s.File), stretchOf(lines, s)}
}

type textEdit struct {
	Range stretch `json:"range"`
	Text  string  `json:"newText"`
}

// kindsOfItem are the protocol's numbers for what is suggested.
var kindsOfItem = map[string]int{
	"function": 3, "field": 5, "name": 6, "key": 10, "value": 12, "word": 14, "file": 17, "step": 18, "rep": 9, "team": 9,
}

func complete(q *question) (any, error) {
	type completion struct {
		Label  string   `json:"label"`
		Kind   int      `json:"kind,omitempty"`
		Detail string   `json:"detail,omitempty"`
		Filter string   `json:"filterText"`
		Edit   textEdit `json:"textEdit"`
	}
	items := []completion{}
	for _, s := range q.folder.writing().Complete(q.place) {
		items = append(items, completion{s.Label, kindsOfItem[s.Kind], s.Says, s.Insert, textEdit{stretchOf(q.lines, s.At), s.Insert}})
	}
	return struct {
		Incomplete bool         `json:"isIncomplete"`
		Items      []completion `json:"items"`
	}{false, items}, nil
}

func hover(q *question) (any, error) {
	text, at := q.folder.writing().Hover(q.place)
	for _, p := range q.folder.found {
		word := q.folder.writing().Word(p.Place)
		if p.File == q.name && p.Line == q.place.Line && word.Col <= q.place.Col && q.place.Col <= word.To {
			text, at = strings.TrimLeft(text+"\n\n"+ruleText(p), "\n"), word
		}
	}
	if text == "" {
		return nil, nil
	}
	type markup struct {
		Kind  string `json:"kind"`
		Value string `json:"value"`
	}
	return struct {
		Contents markup  `json:"contents"`
		Range    stretch `json:"range"`
	}{markup{"markdown", text}, stretchOf(q.lines, at)}, nil
}

// ruleText is what the page of the rules says about a finding.
func ruleText(p flows.Problem) string {
	check := flows.CheckNamed(p.Rule)
	if check == nil {
		return "**" + p.Rule + "**"
	}
	text := "**" + check.Name + "**: " + check.Says + " " + check.Why
	if check.Fix != "" {
		text += "\n\nMended:\n\n```yaml\n" + check.Fix + "\n```"
	}
	return text
}

func definition(q *question) (any, error) {
	at, ok := q.folder.writing().Definition(q.place)
	if !ok {
		return nil, nil
	}
	return q.location(at), nil
}

func references(q *question) (any, error) {
	found := []location{}
	for _, s := range q.folder.writing().References(q.place) {
		found = append(found, q.location(s))
	}
	return found, nil
}

func prepareRename(q *question) (any, error) {
	at, ok := q.folder.writing().Renamable(q.place)
	if !ok {
		return nil, nil
	}
	return stretchOf(q.lines, at), nil
}

func rename(q *question) (any, error) {
	found, err := q.folder.writing().Rename(q.place, q.NewName)
	if err != nil {
		return nil, err
	}
	changes := map[string][]textEdit{}
	for _, s := range found {
		at := q.location(s)
		changes[at.URI] = append(changes[at.URI], textEdit{at.Range, q.NewName})
	}
	return struct {
		Changes map[string][]textEdit `json:"changes"`
	}{changes}, nil
}

// kindsOfSymbol are the protocol's numbers for what a file makes.
var kindsOfSymbol = map[string]int{"flow": 5, "field": 8, "step": 6, "rep": 19, "team": 3, "hours": 14, "grade": 22}

func symbols(q *question) (any, error) {
	type symbol struct {
		Name     string  `json:"name"`
		Detail   string  `json:"detail,omitempty"`
		Kind     int     `json:"kind"`
		Range    stretch `json:"range"`
		Selected stretch `json:"selectionRange"`
	}
	all := []symbol{}
	for _, s := range q.folder.writing().Symbols(q.name) {
		at := stretchOf(q.lines, s.At)
		all = append(all, symbol{s.Name, s.Says, kindsOfSymbol[s.Kind], at, at})
	}
	return all, nil
}

func formatting(q *question) (any, error) {
	text := strings.Join(q.lines, "\n")
	made, problems := flows.Format(q.name, text)
	if problems.Failed() {
		return nil, &callError{codeRefused, problems[0].Place.String() + ": " + problems[0].Message}
	}
	if made == text {
		return []textEdit{}, nil
	}
	last := len(q.lines) - 1
	return []textEdit{{stretch{position{}, position{last, character(q.lines[last], len(q.lines[last])+1)}}, made}}, nil
}

package terminal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"usher/flows"
)

// editor is a client in the test's process.
type editor struct {
	t   testing.TB
	in  *io.PipeWriter
	out *bufio.Reader
	dir string
	ids int
	end chan bool
}

// startEditor starts a server on a copy of the example.
func startEditor(t testing.TB) *editor {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, flows.Example()); err != nil {
		t.Fatal(err)
	}
	from, to := io.Pipe()
	answers, out := io.Pipe()
	e := &editor{t: t, in: to, out: bufio.NewReader(answers), dir: dir, end: make(chan bool, 1)}
	s := &editorServer{wire: &wire{out: out}, version: "1.2.3", quiet: time.Millisecond}
	go func() {
		e.end <- s.serve(t.Context(), from)
		out.Close()
	}()
	t.Cleanup(func() { to.Close(); answers.Close() })
	return e
}

func (e *editor) uri(name string) string { return "file://" + filepath.Join(e.dir, name) }

func (e *editor) send(body string) {
	e.t.Helper()
	if _, err := fmt.Fprintf(e.in, "Content-Length: %d\r\n\r\n%s", len(body), body); err != nil {
		e.t.Fatal(err)
	}
}

func (e *editor) notify(method string, params any) {
	e.t.Helper()
	data, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "method": method, "params": params})
	if err != nil {
		e.t.Fatal(err)
	}
	e.send(string(data))
}

type answered struct {
	ID     json.RawMessage
	Method string
	Params struct {
		URI         string
		Diagnostics []finding
	}
	Result json.RawMessage
	Error  *callError
}

func (e *editor) next() (a answered) {
	e.t.Helper()
	body, err := readMessage(e.out)
	if err != nil {
		e.t.Fatal(err)
	}
	if err := json.Unmarshal(body, &a); err != nil {
		e.t.Fatalf("%v: %s", err, body)
	}
	return a
}

// ask sends a request and reads up to its answer.
func (e *editor) ask(method string, params any) answered {
	e.t.Helper()
	e.ids++
	data, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": e.ids, "method": method, "params": params})
	if err != nil {
		e.t.Fatal(err)
	}
	e.send(string(data))
	for {
		if a := e.next(); string(a.ID) == fmt.Sprint(e.ids) {
			return a
		}
	}
}

// findings reads up to the next findings of a file.
func (e *editor) findings(name string) []finding {
	e.t.Helper()
	for {
		if a := e.next(); a.Method == "textDocument/publishDiagnostics" && a.Params.URI == e.uri(name) {
			return a.Params.Diagnostics
		}
	}
}

func (e *editor) open(name, text string) {
	e.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": e.uri(name), "languageId": "yaml", "version": 1, "text": text}})
}

func (e *editor) text(name string) string {
	e.t.Helper()
	data, err := os.ReadFile(filepath.Join(e.dir, name))
	if err != nil {
		e.t.Fatal(err)
	}
	return string(data)
}

// at is the params of a question about a place: the character after the words.
func (e *editor) at(name, text, words string) map[string]any {
	before, _, ok := strings.Cut(text, words)
	if !ok {
		e.t.Fatal("no", words)
	}
	before += words
	line := before[strings.LastIndex(before, "\n")+1:]
	return map[string]any{
		"textDocument": map[string]any{"uri": e.uri(name)},
		"position":     position{strings.Count(before, "\n"), character(line, len([]rune(line))+1)},
	}
}

func TestTheServerFollowsWhatIsTyped(t *testing.T) {
	e := startEditor(t)
	if a := e.ask("textDocument/hover", nil); a.Error == nil || a.Error.Code != codeNotReady {
		t.Error("answers before initialize:", a)
	}
	if a := e.ask("initialize", map[string]any{"capabilities": map[string]any{}}); !strings.Contains(string(a.Result), `"renameProvider"`) {
		t.Fatalf("%s", a.Result)
	}
	e.notify("initialized", map[string]any{})
	text := e.text("book-a-demo.yaml")
	e.open("book-a-demo.yaml", text)
	if found := e.findings("book-a-demo.yaml"); len(found) != 0 {
		t.Error("the example has findings:", found)
	}

	at := e.at("book-a-demo.yaml", text, "{ if: goal == \"help\", to: help")["position"].(position)
	from := position{at.Line, at.Character - len("help")}
	e.notify("textDocument/didChange", map[string]any{
		"textDocument":   map[string]any{"uri": e.uri("book-a-demo.yaml"), "version": 2},
		"contentChanges": []change{{&stretch{from, at}, "hepl"}},
	})
	found := e.findings("book-a-demo.yaml")
	if len(found) != 1 || found[0].Code != "unknown-step" || found[0].Severity != 1 || found[0].Range != (stretch{from, at}) || !strings.Contains(found[0].Message, "did you mean") {
		t.Fatalf("%+v", found)
	}
	if a := e.ask("textDocument/hover", map[string]any{"textDocument": map[string]any{"uri": e.uri("book-a-demo.yaml")}, "position": from}); !strings.Contains(string(a.Result), "unknown-step") {
		t.Errorf("hover does not name the rule: %s", a.Result)
	}
	e.notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": e.uri("book-a-demo.yaml")}})
	if found := e.findings("book-a-demo.yaml"); len(found) != 0 {
		t.Error("a closed file keeps its findings:", found)
	}
	if a := e.ask("shutdown", nil); a.Error != nil {
		t.Error(a.Error)
	}
	e.notify("exit", nil)
	if !<-e.end {
		t.Error("an agreed end is none")
	}
}

func TestTheServerAnswers(t *testing.T) {
	e := startEditor(t)
	e.ask("initialize", map[string]any{})
	text := e.text("book-a-demo.yaml")
	text = strings.Replace(text, "say: What brings you here today?", "say: \"👋 {{ team_size }} What brings you here today?\"", 1)
	e.open("book-a-demo.yaml", text)
	for name, c := range map[string]struct{ method, words, want string }{
		"completion of steps":             {"textDocument/completion", "{ if: budget < 100 and grade != \"hot\", to: ", `"label":"meet"`},
		"hover over a field":              {"textDocument/hover", "👋 {{ team", "People who will use it (number)"},
		"definition of a team":            {"textDocument/definition", "handoff: { team: supp", "team.yaml"},
		"references of a step":            {"textDocument/references", "if: grade == \"hot\" or grade == \"warm\", to: me", "stories/another-time.yaml"},
		"a name that can be changed":      {"textDocument/prepareRename", "ask: goa", `"start"`},
		"an outline":                      {"textDocument/documentSymbol", "flow: ", `"name":"decide"`},
		"no name":                         {"textDocument/prepareRename", "title: Bo", "null"},
		"a layout that changes something": {"textDocument/formatting", "title: Bo", `"newText"`},
	} {
		t.Run(name, func(t *testing.T) {
			if a := e.ask(c.method, e.at("book-a-demo.yaml", text, c.words)); a.Error != nil || !strings.Contains(string(a.Result), c.want) {
				t.Errorf("%s %v", a.Result, a.Error)
			}
		})
	}
	t.Run("rename, counting as the protocol does", func(t *testing.T) {
		p := e.at("book-a-demo.yaml", text, "👋 {{ team")
		p["newName"] = "people"
		a := e.ask("textDocument/rename", p)
		var r struct{ Changes map[string][]textEdit }
		if err := json.Unmarshal(a.Result, &r); err != nil {
			t.Fatal(err, a.Error)
		}
		after := text
		edits := r.Changes[e.uri("book-a-demo.yaml")]
		for i := len(edits) - 1; i >= 0; i-- {
			after = change{&edits[i].Range, edits[i].Text}.apply(after)
		}
		if strings.Contains(after, "team_size") || strings.Count(after, "people") != strings.Count(text, "team_size")+strings.Count(text, "people") {
			t.Errorf("%v\n%s", edits, after)
		}
		if len(r.Changes) < 4 {
			t.Errorf("changes %d files, want the routes and the stories too", len(r.Changes))
		}
		p["newName"] = "no name"
		if a := e.ask("textDocument/rename", p); a.Error == nil || a.Error.Code != codeRefused {
			t.Error(a)
		}
	})
}

func TestTheServerOutlivesBrokenMessages(t *testing.T) {
	e := startEditor(t)
	e.ask("initialize", map[string]any{})
	for name, c := range map[string]struct {
		body string
		code int
	}{
		"no JSON":          {`{"jsonrpc":`, codeParse},
		"a list":           {`[]`, codeInvalid},
		"no method":        {`{"jsonrpc":"2.0"}`, codeInvalid},
		"an unknown one":   {`{"jsonrpc":"2.0","id":7,"method":"textDocument/fly","params":{}}`, codeUnknown},
		"params of a kind": {`{"jsonrpc":"2.0","id":7,"method":"textDocument/hover","params":[1]}`, codeParams},
		"no file":          {`{"jsonrpc":"2.0","id":7,"method":"textDocument/hover","params":{"textDocument":{"uri":"untitled:1"}}}`, codeParams},
	} {
		t.Run(name, func(t *testing.T) {
			e.send(c.body)
			if a := e.next(); a.Error == nil || a.Error.Code != c.code {
				t.Errorf("%+v", a)
			}
		})
	}
	if _, err := fmt.Fprint(e.in, "Content-Length: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if a := e.next(); a.Error == nil || a.Error.Code != codeParse {
		t.Errorf("%+v", a)
	}
	if a := e.ask("shutdown", nil); a.Error != nil {
		t.Error("does not answer any more:", a.Error)
	}
	e.in.Close()
	if !<-e.end {
		t.Error("an end after shutdown is none")
	}
}

func TestFoldersThatAreNoWorkspaceAreLeftAlone(t *testing.T) {
	e := startEditor(t)
	e.ask("initialize", map[string]any{})
	e.open("../compose.yaml", "services: {}\n")
	e.open("book-a-demo.yaml", "flow: x\nstesp: []\n")
	e.findings("book-a-demo.yaml")
	e.ask("shutdown", nil)
	e.notify("exit", nil)
	rest, err := io.ReadAll(e.out)
	if err != nil || bytes.Contains(rest, []byte("compose")) {
		t.Error(err, string(rest))
	}
}

// FuzzMessages: no message ends the server, or its answers.
func FuzzMessages(f *testing.F) {
	for _, method := range []string{"textDocument/completion", "textDocument/didChange", "textDocument/rename", "textDocument/formatting", "initialize", "x"} {
		f.Add([]byte(`{"jsonrpc":"2.0","id":1,"method":"` + method + `","params":{"textDocument":{"uri":"file:///w/a.yaml","text":"flow: a"},"position":{"line":-1,"character":99},"newName":"x","contentChanges":[{"range":{"start":{"line":0,"character":9},"end":{"line":-5,"character":0}},"text":"y"}]}}`))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var out bytes.Buffer
		s := &editorServer{wire: &wire{out: &out}, ready: true}
		s.desk.folders = map[string]*folderDesk{"/w": {dir: t.TempDir(), open: map[string]string{"a.yaml": "flow: a\nsteps: []\n"}, told: map[string]bool{}}}
		s.due = time.NewTimer(time.Hour)
		defer s.due.Stop()
		s.take(received{body: body})
		if bytes.Contains(out.Bytes(), []byte("went wrong inside")) {
			t.Fatal(out.String())
		}
	})
}

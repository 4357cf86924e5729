package terminal

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// quietBeforeCheck is how long nothing is typed before the workspace is checked: a check takes milliseconds, but an error
// that flickers with every letter helps nobody.
const quietBeforeCheck = 150 * time.Millisecond

// editorServer answers one editor. All of it runs in one goroutine; another only reads.
type editorServer struct {
	wire    *wire
	version string
	quiet   time.Duration

	desk     desks
	ready    bool // initialize was answered
	shutdown bool
	due      *time.Timer // of the next check
}

// received is what the reader hands over.
type received struct {
	body []byte
	err  error
}

// serve answers until the editor says exit, or is gone; it tells whether it ended as agreed.
func (s *editorServer) serve(ctx context.Context, in io.Reader) bool {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	messages := make(chan received)
	go read(ctx, bufio.NewReader(in), messages)
	s.desk.folders = map[string]*folderDesk{}
	s.due = time.NewTimer(time.Hour)
	s.due.Stop()
	for s.wire.err == nil {
		select {
		case <-ctx.Done():
			return false
		case <-s.due.C:
			s.check()
		case m, open := <-messages:
			if !open {
				return s.shutdown
			}
			if s.take(m) {
				return s.shutdown
			}
		}
	}
	return false
}

// read hands over message after message until the editor is gone. It ends with the process where the editor says exit and
// keeps the pipe open.
func read(ctx context.Context, in *bufio.Reader, messages chan<- received) {
	defer close(messages)
	for {
		body, err := readMessage(in)
		if broken := (*callError)(nil); err != nil && !errors.As(err, &broken) {
			return
		}
		select {
		case messages <- received{body, err}:
		case <-ctx.Done():
			return
		}
	}
}

// take answers one message; done is true after exit.
func (s *editorServer) take(m received) (done bool) {
	if m.err != nil {
		s.wire.answer(nil, nil, m.err)
		return false
	}
	var c call
	if err := json.Unmarshal(m.body, &c); err != nil {
		code := codeInvalid
		if !json.Valid(m.body) {
			code = codeParse
		}
		s.wire.answer(nil, nil, &callError{code, "this is no message: " + err.Error()})
		return false
	}
	if bytes.Equal(c.ID, []byte("null")) {
		c.ID = nil
	}
	switch {
	case c.Method == "exit":
		return true
	case c.Method == "" && c.ID != nil:
		return false // an answer to something; we ask nothing
	case c.Method == "":
		s.wire.answer(nil, nil, &callError{codeInvalid, "the message has no method"})
		return false
	}
	result, err := s.call(c)
	if c.ID != nil {
		s.wire.answer(c.ID, result, err)
	}
	return false
}

// call does what a message asks. A mistake of ours is an answer, not the end of the server.
func (s *editorServer) call(c call) (result any, err error) {
	defer func() {
		if mistake := recover(); mistake != nil {
			err = &callError{codeInternal, fmt.Sprint("this went wrong inside usher: ", mistake)}
		}
	}()
	if !s.ready && c.Method != "initialize" {
		return nil, &callError{codeNotReady, "initialize comes first"}
	}
	if s.shutdown {
		return nil, &callError{codeInvalid, "after shutdown only exit comes"}
	}
	switch c.Method {
	case "initialize":
		s.ready = true
		return s.initialize(), nil
	case "initialized", "$/cancelRequest", "$/setTrace", "workspace/didChangeConfiguration":
		return nil, nil
	case "shutdown":
		s.shutdown = true
		return nil, nil
	case "textDocument/didOpen", "textDocument/didChange", "textDocument/didSave", "textDocument/didClose", "workspace/didChangeWatchedFiles":
		err := s.follow(c)
		s.due.Reset(s.quiet)
		return nil, err
	}
	return s.ask(c)
}

func (s *editorServer) initialize() any {
	type options map[string]any
	return options{
		"serverInfo": options{"name": "usher", "version": s.version},
		"capabilities": options{
			"positionEncoding":           "utf-16",
			"textDocumentSync":           options{"openClose": true, "change": 2, "save": true},
			"completionProvider":         options{"triggerCharacters": []string{" ", ":", "{", "\"", ".", "(", "-", "["}},
			"hoverProvider":              true,
			"definitionProvider":         true,
			"referencesProvider":         true,
			"renameProvider":             options{"prepareProvider": true},
			"documentSymbolProvider":     true,
			"documentFormattingProvider": true,
		},
	}
}

// params reads what a message brings.
func params[T any](c call) (p T, err error) {
	if err := json.Unmarshal(c.Params, &p); err != nil {
		return p, &callError{codeParams, "the params cannot be read: " + err.Error()}
	}
	return p, nil
}

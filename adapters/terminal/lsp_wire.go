package terminal

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
)

// maxMessage is the most bytes of one message: a whole file in a change is half a megabyte at most.
const maxMessage = 16 << 20

// Codes of JSON-RPC 2.0 and the protocol.
const (
	codeParse    = -32700
	codeInvalid  = -32600
	codeUnknown  = -32601
	codeParams   = -32602
	codeInternal = -32603
	codeNotReady = -32002
	codeRefused  = -32803
)

// call is a message from the editor.
type call struct {
	ID     json.RawMessage `json:"id"` // nil for a notification
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
}

// callError is the answer to a call that went wrong.
type callError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (e *callError) Error() string { return e.Message }

// wire frames messages: headers as in HTTP, then JSON.
type wire struct {
	out io.Writer
	err error // the first failure to write
}

// readMessage reads the next message; the error is a callError where the next one can still be read.
func readMessage(in *bufio.Reader) ([]byte, error) {
	header, err := textproto.NewReader(in).ReadMIMEHeader()
	if malformed := textproto.ProtocolError(""); errors.As(err, &malformed) {
		return nil, &callError{codeParse, "the header is not one: " + err.Error()}
	}
	if err != nil {
		return nil, err
	}
	length, err := strconv.Atoi(header.Get("Content-Length"))
	if err != nil || length < 0 {
		return nil, &callError{codeParse, "the message has no Content-Length"}
	}
	if length > maxMessage {
		if _, err := io.CopyN(io.Discard, in, int64(length)); err != nil {
			return nil, err
		}
		return nil, &callError{codeInvalid, fmt.Sprintf("the message has %d bytes, the most is %d", length, maxMessage)}
	}
	body := make([]byte, length)
	_, err = io.ReadFull(in, body)
	return body, err
}

func (w *wire) write(message any) {
	data, err := json.Marshal(message)
	if err != nil {
		w.err = errors.Join(w.err, err)
		return
	}
	if w.err == nil {
		_, w.err = fmt.Fprintf(w.out, "Content-Length: %d\r\n\r\n%s", len(data), data)
	}
}

func (w *wire) answer(id json.RawMessage, result any, err error) {
	if id == nil {
		id = json.RawMessage("null")
	}
	if err == nil {
		w.write(struct {
			Version string          `json:"jsonrpc"`
			ID      json.RawMessage `json:"id"`
			Result  any             `json:"result"`
		}{"2.0", id, result})
		return
	}
	wrong := &callError{codeRefused, err.Error()}
	errors.As(err, &wrong)
	w.write(struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Error   *callError      `json:"error"`
	}{"2.0", id, wrong})
}

func (w *wire) notify(method string, params any) {
	w.write(struct {
		Version string `json:"jsonrpc"`
		Method  string `json:"method"`
		Params  any    `json:"params"`
	}{"2.0", method, params})
}

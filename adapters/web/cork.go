package web

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"sync"
)

// corked is a connection that can hold back what is written, so that the frames of one turn leave in one system call.
type corked struct {
	net.Conn
	mu   sync.Mutex
	held *bytes.Buffer // nil = writes go out at once
}

// corkSize is how much is held back at most.
const corkSize = 32 << 10

// Write holds p back while the cork is in, and not too much has gathered.
func (c *corked) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == nil {
		return c.Conn.Write(p)
	}
	c.held.Write(p)
	if c.held.Len() < corkSize {
		return len(p), nil
	}
	return len(p), c.flush()
}

func (c *corked) cork() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = buffers.Get().(*bytes.Buffer)
	c.held.Reset()
}

// uncork sends what was held back.
func (c *corked) uncork() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.flush()
	buffers.Put(c.held)
	c.held = nil
	return err
}

func (c *corked) flush() error {
	if c.held.Len() == 0 {
		return nil
	}
	_, err := c.Conn.Write(c.held.Bytes())
	c.held.Reset()
	return err
}

// CloseWrite says that nothing more comes from us.
func (c *corked) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// corker hands out the connection of a request with a cork for it.
type corker struct{ http.ResponseWriter }

// Hijack takes the connection over, as http.Hijacker says.
func (c corker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(c.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	return &corked{Conn: conn}, rw, nil
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"usher/store/pgtest"
)

// usherBin is the program under test, built once.
const usherBin = "./output/usher-under-test"

func TestMain(m *testing.M) {
	if out, err := exec.Command("go", "build", "-o", usherBin, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		os.Exit(1)
	}
	pgtest.Main(m)
}

// patience is how long a test waits for what must come, on a machine that has other things to do. It costs nothing where all
// is well.
const patience = time.Minute

// databases are the two memories every promise is kept on; each call gives an empty one.
var databases = map[string]func(t *testing.T) string{
	"sqlite":     func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "usher.db") },
	"postgresql": func(t *testing.T) string { return pgtest.URL(t) },
}

// node is one running process of the program.
type node struct {
	t       testing.TB
	address string
	args    []string
	log     *logBuffer

	mu  sync.Mutex
	cmd *exec.Cmd
}

// startNode runs `usher serve` and waits until it serves.
func startNode(t testing.TB, database string, args ...string) *node {
	t.Helper()
	n := &node{t: t, address: freeAddress(t), log: &logBuffer{}}
	n.args = append([]string{"serve", "--listen", n.address, "--data", t.TempDir(), "--database", database}, args...)
	n.start()
	t.Cleanup(func() {
		n.kill()
		if t.Failed() {
			t.Logf("log of %s:\n%s", n.address, n.log.tail())
		}
	})
	return n
}

func (n *node) start() {
	n.t.Helper()
	cmd := exec.Command(usherBin, n.args...)
	cmd.Stdout, cmd.Stderr = n.log, n.log
	if err := cmd.Start(); err != nil {
		n.t.Fatal(err)
	}
	n.mu.Lock()
	n.cmd = cmd
	n.mu.Unlock()
	n.await()
}

func (n *node) await() {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(n.t.Context(), patience)
	defer cancel()
	for ctx.Err() == nil {
		if r, err := http.Get("http://" + n.address + "/readyz"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	n.t.Fatalf("not ready:\n%s", n.log.tail())
}

// kill is kill -9: nothing of the process gets to say goodbye.
func (n *node) kill() { n.stop(syscall.SIGKILL) }

func (n *node) stop(s syscall.Signal) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.cmd == nil {
		return
	}
	n.cmd.Process.Signal(s)
	n.cmd.Wait()
	n.cmd = nil
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// logBuffer keeps what a process printed.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *logBuffer) tail() string {
	s := l.text()
	return s[max(0, len(s)-4000):]
}

// frame is any frame of the wire, as far as tests look at it.
type frame struct {
	Type         string `json:"type"`
	Token        string `json:"token"`
	Conversation string `json:"conversation"`
	Seq          int64  `json:"seq"`
	ID           string `json:"id"`
	From         string `json:"from"`
	Text         string `json:"text"`
	Code         string `json:"code"`
	Ask          *struct {
		Field   string `json:"field"`
		Type    string `json:"type"`
		Options []struct {
			Value string `json:"value"`
			Label string `json:"label"`
		} `json:"options"`
	} `json:"ask"`
}

// site is the host that visitors know; a balancer would send them to any node.
const site = "usher.test"

// visitor is a browser as the wire sees it: it keeps its token and merges messages by seq.
type visitor struct {
	token        string
	conversation string
	flow         string
	after        int64
	seen         map[int64]frame
	socket       *websocket.Conn
}

// connect opens a socket and says hello.
func (v *visitor) connect(address string) error {
	d := websocket.Dialer{Subprotocols: []string{"usher.v1"}, HandshakeTimeout: patience}
	s, _, err := d.Dial("ws://"+address+"/v1/chat", http.Header{"Host": {site}, "Origin": {"http://" + site}})
	if err != nil {
		return err
	}
	v.socket = s
	hello := map[string]any{
		"type": "hello", "token": v.token, "after": v.after, "flow": v.flow, "language": "en-US", "timezone": "Asia/Kolkata",
		"page": map[string]string{"url": "http://" + site + "/"},
	}
	if err := s.WriteJSON(hello); err != nil {
		return err
	}
	f, err := v.next()
	if err != nil {
		return err
	}
	if f.Type != "welcome" {
		return fmt.Errorf("welcomed with %+v", f)
	}
	v.token, v.conversation = f.Token, f.Conversation
	return nil
}

// next reads one frame and merges it.
func (v *visitor) next() (frame, error) {
	if err := v.socket.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return frame{}, err
	}
	_, data, err := v.socket.ReadMessage()
	if err != nil {
		return frame{}, err
	}
	var f frame
	if err := json.Unmarshal(data, &f); err != nil {
		return frame{}, err
	}
	if f.Type == "message" {
		if v.seen == nil {
			v.seen = map[int64]frame{}
		}
		v.seen[f.Seq] = f
		v.after = max(v.after, f.Seq)
	}
	return f, nil
}

// until reads frames until one fits.
func (v *visitor) until(fits func(frame) bool) (frame, error) {
	for {
		f, err := v.next()
		if err != nil || fits(f) {
			return f, err
		}
		if f.Type == "error" {
			return f, fmt.Errorf("refused: %s %s", f.Code, f.Text)
		}
	}
}

// send says something under an id; what names the member, "text" or "value".
func (v *visitor) send(id, what, words string) error {
	return v.socket.WriteJSON(map[string]string{"type": "say", "id": id, what: words})
}

// acknowledged waits for the visitor's own message to come back.
func (v *visitor) acknowledged(id string) error {
	_, err := v.until(func(f frame) bool { return f.Type == "message" && f.ID == id })
	return err
}

func (v *visitor) close() {
	if v.socket != nil {
		v.socket.Close()
	}
}

// must fails the test on an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// writeWorkspace makes a folder of files.
func writeWorkspace(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, name)
		must(t, os.MkdirAll(filepath.Dir(name), 0o755))
		must(t, os.WriteFile(name, []byte(strings.TrimLeft(text, "\n")), 0o644))
	}
	return dir
}

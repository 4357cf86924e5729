package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Options say what a server is for.
type Options struct {
	Durable bool // write to the disk as in production: for measuring
}

// Server is a PostgreSQL of its own.
type Server struct {
	folder  string
	durable bool
	account *account // whom it runs as; nil = whoever runs the test
	process *os.Process
	ended   chan struct{}
}

// startWithin bounds how long a server may take to answer.
const startWithin = 60 * time.Second

// Start makes a server in a temporary folder and starts it.
func Start(o Options) (*Server, error) {
	a, err := unprivileged()
	if err != nil {
		return nil, err
	}
	s := &Server{durable: o.Durable, account: a}
	if s.folder, err = os.MkdirTemp(shortTemp(), "usher-pg-"); err != nil {
		return nil, err
	}
	if a != nil {
		err = os.Chown(s.folder, a.user, a.group)
	}
	if err == nil {
		err = s.init()
	}
	if err == nil {
		err = s.Resume()
	}
	if err != nil {
		return nil, errors.Join(err, s.Remove())
	}
	return s, nil
}

// shortTemp is the temporary folder, unless its name is too long for a socket in it (107 bytes).
func shortTemp() string {
	if dir := os.TempDir(); len(dir) < 60 {
		return dir
	}
	return "/tmp"
}

// URL names a database of the server.
func (s *Server) URL(database string) string {
	return "postgres:///" + database + "?" + url.Values{"host": {s.folder}, "port": {"5432"}, "user": {"postgres"}}.Encode()
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

func (s *Server) init() error {
	c, err := s.command("initdb", "--pgdata", s.data(), "--username", "postgres", "--auth", "trust", "--no-sync", "--encoding", "UTF8", "--no-locale")
	if err != nil {
		return err
	}
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

// Resume starts the server, the first time or after Stop or Kill, and waits until it answers.
func (s *Server) Resume() error {
	c, err := s.command("postgres", s.settings()...)
	if err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(s.folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	c.Stdout, c.Stderr = log, log
	started := make(chan error)
	s.ended = make(chan struct{})
	go func() {
		runtime.LockOSThread() // the server ends with the thread that started it: see child_linux.go
		defer runtime.UnlockOSThread()
		err := c.Start()
		s.process = c.Process
		started <- err
		if err == nil {
			c.Wait() // how it ended is the caller's doing
		}
		close(s.ended)
	}()
	if err := <-started; err != nil {
		return err
	}
	return s.answers()
}

func (s *Server) settings() []string {
	set := []string{"-D", s.data(), "-k", s.folder, "-p", "5432", "-c", "listen_addresses=", "-c", "max_connections=200", "-c", "shared_buffers=64MB"}
	if !s.durable {
		set = append(set, "-c", "fsync=off", "-c", "full_page_writes=off")
	}
	return set
}

// answers waits until the server takes a connection, or has ended.
func (s *Server) answers() error {
	ctx, cancel := context.WithTimeout(context.Background(), startWithin)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, s.URL("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-s.ended:
			out, _ := os.ReadFile(filepath.Join(s.folder, "log")) // says more, if there is more
			return fmt.Errorf("postgres ended at once:\n%s", out)
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Stop ends the server in order, within the running statements.
func (s *Server) Stop() error { return s.end(syscall.SIGINT) }

// Kill ends the server as a loss of power would.
func (s *Server) Kill() error { return s.end(syscall.SIGQUIT) }

func (s *Server) end(how syscall.Signal) error {
	if s.process == nil {
		return nil
	}
	err := s.process.Signal(how)
	if errors.Is(err, os.ErrProcessDone) {
		err = nil
	}
	<-s.ended
	return err
}

// Remove stops the server and removes its folder.
func (s *Server) Remove() error { return errors.Join(s.Stop(), os.RemoveAll(s.folder)) }

// command is one of PostgreSQL's programs, run as an unprivileged user.
func (s *Server) command(name string, args ...string) (*exec.Cmd, error) {
	path, err := program(name)
	if err != nil {
		return nil, err
	}
	c := exec.Command(path, args...)
	c.Dir = s.folder
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"} // nobody's PGPORT or PGDATA
	c.SysProcAttr = child(s.account)
	return c, nil
}

// program finds one of PostgreSQL's programs in PATH or where Debian keeps them, the newest version first.
func program(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("%s is neither in PATH nor in /usr/lib/postgresql", name)
	}
	slices.SortFunc(found, func(a, b string) int { return version(b) - version(a) })
	return found[0], nil
}

func version(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path)))) // what is no number comes last
	return n
}

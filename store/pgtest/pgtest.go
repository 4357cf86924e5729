// Package pgtest owns the PostgreSQL that tests run against: a real server in a temporary folder, heard on a socket
// alone, stopped when the test program ends. USHER_TEST_POSTGRES may name a running server instead.
package pgtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Running names, in the environment, the URL of a server that tests may make databases on.
const Running = "USHER_TEST_POSTGRES"

// one is the server of this test program.
var one struct {
	sync.Mutex
	server *Server
	err    error
}

// Main runs the tests and stops the server they started: func TestMain(m *testing.M) { pgtest.Main(m) }. Without it the
// server ends with the test program all the same, but its folder stays.
func Main(m *testing.M) {
	code := m.Run()
	one.Lock()
	defer one.Unlock()
	if one.server != nil {
		if err := one.server.Remove(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// URL makes a fresh database for the test, dropped when it ends. PostgreSQL is required: without it the test fails.
func URL(t testing.TB) string {
	t.Helper()
	if running := os.Getenv(Running); running != "" {
		return fresh(t, running)
	}
	one.Lock()
	defer one.Unlock()
	if one.server == nil && one.err == nil {
		one.server, one.err = Start(Options{})
	}
	if one.err != nil {
		t.Fatalf("PostgreSQL is needed (set %s, or install it so that initdb is found): %v", Running, one.err)
	}
	return fresh(t, one.server.URL("postgres"))
}

var databases atomic.Int64

// fresh makes a database on the server, with a name no other test program takes.
func fresh(t testing.TB, server string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("usher_%d_%d", os.Getpid(), databases.Add(1))
	run(t, server, "create database "+name+" template template0")
	t.Cleanup(func() { run(t, server, "drop database if exists "+name+" with (force)") })
	u.Path = "/" + name
	return u.String()
}

func run(t testing.TB, server, text string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, text); err != nil {
		t.Fatal(err)
	}
}

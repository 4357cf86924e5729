// Package pgtest owns the PostgreSQL that tests run against: a real server in a temporary folder, heard on a socket
// alone, stopped when the test program ends. USHER_TEST_POSTGRES may name a running server instead.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Running names, in the environment, the URL of a server that tests may make databases on.
const Running = "USHER_TEST_POSTGRES"

// one is what the tests of this program share.
var one struct {
	sync.Mutex
	server *Server // nil when USHER_TEST_POSTGRES names one
	url    string
	made   int
	free   []string // databases that no test uses now: to empty one takes a tenth of the time to make one
	ready  []string // likewise, with tables that are prepared
}

// Main runs the tests and removes what they made: func TestMain(m *testing.M) { pgtest.Main(m) }. Without it the server
// ends with the test program all the same, but its folder stays.
func Main(m *testing.M) {
	code := m.Run()
	if err := remove(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func remove() error {
	one.Lock()
	defer one.Unlock()
	if one.server != nil {
		return one.server.Remove()
	}
	var errs []error
	for _, name := range append(one.free, one.ready...) {
		errs = append(errs, run(one.url, "drop database "+name+" with (force)"))
	}
	return errors.Join(errs...)
}

// URL gives the test an empty database of its own. PostgreSQL is required: without it the test fails.
func URL(t testing.TB) string {
	t.Helper()
	return lend(t, &one.free, func(string) error { return nil }, "drop schema public cascade", "create schema public")
}

// Prepared gives the test a database of its own with the tables that prepare makes in an empty one; they hold no rows but
// those of the migrations' own table. It is for tests that leave the tables as they are: to empty them takes a
// hundredth of the time to make them. All tests of a program prepare alike.
func Prepared(t testing.TB, prepare func(url string) error) string {
	t.Helper()
	return lend(t, &one.ready, prepare, emptied)
}

// emptied takes the rows out of the tables, also of those that are only added to, and lets numbers begin again.
const emptied = `
	set session_replication_role = replica;
	do $$
	declare name text;
	begin
		for name in select tablename from pg_tables where schemaname = 'public' and tablename <> 'goose_db_version' loop
			execute format('delete from %I', name);
		end loop;
		for name in select sequencename from pg_sequences where schemaname = 'public' and last_value is not null and sequencename not like 'goose%' loop
			execute format('alter sequence %I restart', name);
		end loop;
	end $$`

// lend gives the test a database of the pool, or a new one that is prepared, until the test ends.
func lend(t testing.TB, pool *[]string, prepare func(url string) error, empty ...string) string {
	t.Helper()
	name, made, err := take(pool)
	if err == nil && made {
		err = prepare(database(name))
	}
	if err != nil {
		t.Fatalf("PostgreSQL is needed (set %s, or install it so that initdb is found): %v", Running, err)
	}
	t.Cleanup(func() {
		if err := giveBack(pool, name, empty); err != nil {
			t.Error(err)
		}
	})
	return database(name)
}

// take finds a database that no test uses, or makes one.
func take(pool *[]string) (name string, made bool, err error) {
	one.Lock()
	defer one.Unlock()
	if err := start(); err != nil {
		return "", false, err
	}
	if n := len(*pool); n > 0 {
		name = (*pool)[n-1]
		*pool = (*pool)[:n-1]
		return name, false, nil
	}
	one.made++
	name = fmt.Sprintf("usher_%d_%d", os.Getpid(), one.made)
	return name, true, run(one.url, "create database "+name+" template template0")
}

// start finds the server, or starts it.
func start() (err error) {
	if one.url != "" {
		return nil
	}
	if one.url = os.Getenv(Running); one.url != "" {
		return nil
	}
	if one.server, err = Start(Options{}); err != nil {
		return err
	}
	one.url = one.server.URL("postgres")
	return nil
}

// giveBack empties a database for the next test, whoever is still connected.
func giveBack(pool *[]string, name string, empty []string) error {
	const leave = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
	if err := run(database(name), append([]string{leave}, empty...)...); err != nil {
		return err
	}
	one.Lock()
	defer one.Unlock()
	*pool = append(*pool, name)
	return nil
}

// database is the URL of a database on the server.
func database(name string) string {
	u, err := url.Parse(one.url)
	if err != nil {
		return one.url // and pgx says what is wrong with it
	}
	u.Path = "/" + name
	return u.String()
}

func run(server string, texts ...string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, text := range texts {
		if _, err := conn.Exec(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

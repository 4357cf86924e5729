package main

import (
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"usher/store/pgtest"
)

func TestOutage(t *testing.T) {
	t.Run("while the database is away nothing is acknowledged, and the same message lands once it is back", func(t *testing.T) {
		server, err := pgtest.Start(pgtest.Options{})
		must(t, err)
		defer func() { must(t, server.Remove()) }()
		n := startNode(t, server.URL("postgres"))
		v := visitor{}
		must(t, v.connect(n.address))
		defer v.close()
		must(t, server.Stop())
		must(t, v.send("patience", "text", "demo"))
		f, err := v.until(func(f frame) bool { return f.Type == "error" || f.ID == "patience" })
		if f.Type != "error" || f.Code != "busy" {
			t.Fatalf("answered %+v, %v", f, err)
		}
		if r, err := http.Get("http://" + n.address + "/readyz"); err != nil || r.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("readyz: %v %v", r, err)
		}
		if r, err := http.Get("http://" + n.address + "/healthz"); err != nil || r.StatusCode != http.StatusOK {
			t.Errorf("healthz: %v %v", r, err)
		}
		must(t, server.Resume())
		n.await()
		if v.send("patience", "text", "demo") != nil || v.acknowledged("patience") != nil {
			v.close()
			must(t, v.connect(n.address))
			must(t, v.send("patience", "text", "demo"))
			must(t, v.acknowledged("patience"))
		}
	})
}

func TestStop(t *testing.T) {
	t.Run("a stopping process closes sockets with 1001 and what it acknowledged is there when it is back", func(t *testing.T) {
		n := startNode(t, databases["sqlite"](t))
		v := visitor{}
		must(t, v.connect(n.address))
		defer v.close()
		must(t, v.send("before", "text", "demo"))
		must(t, v.acknowledged("before"))
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			n.stop(syscall.SIGTERM)
		}()
		_, err := v.until(func(frame) bool { return false })
		if !websocket.IsCloseError(err, websocket.CloseGoingAway) {
			t.Errorf("the socket ended with %v", err)
		}
		select {
		case <-stopped:
		case <-time.After(patience):
			t.Fatal("the process does not stop")
		}
		n.start()
		again := visitor{token: v.token}
		must(t, again.connect(n.address))
		defer again.close()
		must(t, again.acknowledged("before"))
	})
}

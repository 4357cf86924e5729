package web

import (
	"context"
	"errors"
	"testing"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
)

func TestLoad(t *testing.T) {
	t.Run("visitors answer the open questions of a running server", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		f, err := Load(context.Background(), ts.URL, LoadOptions{Visitors: 4, For: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		if f.Visitors != 4 || f.Turns < 4 || f.P50 <= 0 || f.P50 > f.P99 || f.P99 > f.Max || f.PerSecond <= 0 {
			t.Fatalf("figures %+v", f)
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		if m := h.messages["conversation-1"]; len(m) < 2 || m[1].Text != "demo" {
			t.Fatalf("the first option was not chosen: %+v", m)
		}
	})
	t.Run("a conversation that ends is followed by another visitor's", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		h.ends = 3
		f, err := Load(context.Background(), ts.URL, LoadOptions{Visitors: 2, For: time.Second})
		if err != nil || f.Errors != 0 || f.Conversations < 3 || f.Turns < 3*f.Conversations {
			t.Fatalf("figures %+v, %v", f, err)
		}
	})
	t.Run("refusals are counted by their code", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		h.fail(bot.ErrBusy)
		f, err := Load(context.Background(), ts.URL, LoadOptions{Visitors: 2, For: 500 * time.Millisecond})
		if err != nil || f.Causes["busy"] == 0 || f.Errors != f.Causes["busy"] {
			t.Fatalf("figures %+v, %v", f, err)
		}
	})
	t.Run("a server that nobody reaches is an error", func(t *testing.T) {
		_, _, ts := serve(t, nil)
		ts.Close()
		if _, err := Load(context.Background(), ts.URL, LoadOptions{Visitors: 1, For: 500 * time.Millisecond}); err == nil {
			t.Fatal("no error")
		}
	})
	t.Run("other machines are left in peace", func(t *testing.T) {
		for _, url := range []string{"https://acme.example", "192.0.2.1:80", "http://localhost.acme.example", "http://127.0.0.1.acme.example/"} {
			if _, err := Load(context.Background(), url, LoadOptions{}); !errors.Is(err, ErrElsewhere) {
				t.Errorf("%s: %v", url, err)
			}
		}
		if _, err := loadAddress("https://acme.example/x?y", true); err != nil {
			t.Error(err)
		}
		for _, url := range []string{"ftp://127.0.0.1", "http://", "http://%zz"} {
			if _, err := loadAddress(url, true); err == nil {
				t.Errorf("%s: no error", url)
			}
		}
	})
	t.Run("each kind of question is answered", func(t *testing.T) {
		v := &loadVisitor{name: "1"}
		for _, kind := range []string{"text", "yesno", "number", "money", "email", "phone", "date", "country", "url", "consent"} {
			v.open = &dialogue.Ask{Type: kind}
			for n := range loadTries {
				if w := v.words(n); w == "skip" || w == "" {
					t.Errorf("%s: %q", kind, w)
				}
			}
			if w := v.words(loadTries); w != "skip" {
				t.Errorf("%s is asked for ever: %q", kind, w)
			}
		}
	})
}

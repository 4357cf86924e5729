package web

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"pgregory.net/rapid"

	"usher/bot"
	"usher/bot/dialogue"
)

const hello = `{"type":"hello","token":"","after":0,"flow":"","page":{"url":"https://acme.example/pricing?utm_source=google","title":"Pricing","referrer":"https://google.com/"},"language":"hi-IN","timezone":"Asia/Kolkata"}`

func helloAgain(token string, after int64) string {
	return fmt.Sprintf(`{"type":"hello","token":%q,"after":%d}`, token, after)
}

func say(id, text string) string {
	return fmt.Sprintf(`{"type":"say","id":%q,"text":%q}`, id, text)
}

func TestConversation(t *testing.T) {
	t.Run("a visitor is welcomed, greeted, heard and answered", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		c, w := arrive(t, ts, hello)
		if w.Token == "" || w.Conversation == "" || w.Theme["color"] != "#123456" {
			t.Fatalf("welcome %+v", w)
		}
		if m := c.expect("message"); m.Seq != 1 || m.From != "bot" || m.Ask["type"] != "choice" || m.At.IsZero() {
			t.Fatalf("greeting %+v", m)
		}
		c.send(say("id-1", "about 250"))
		m := c.messages(3)
		if m[0].ID != "id-1" || m[0].From != "visitor" || m[0].Text != "about 250" || m[0].Seq != 2 {
			t.Fatalf("acknowledgement %+v", m[0])
		}
		if m[1].From != "bot" || m[2].Seq != 4 {
			t.Fatalf("answer %+v", m[1:])
		}
		v := h.arrival.Visit
		if v.Page != "/pricing" || v.UTM["source"] != "google" || v.Timezone != "Asia/Kolkata" || v.Language != "hi-IN" || v.Channel != "web" {
			t.Fatalf("visit %+v", v)
		}
	})
	t.Run("a message sent twice is stored once and acknowledged twice", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		c, w := arrive(t, ts, hello)
		c.messages(1)
		c.send(say("id-1", "hello"))
		c.messages(3)
		c.send(say("id-1", "hello"))
		if m := c.expect("message"); m.ID != "id-1" || m.Seq != 2 {
			t.Fatalf("acknowledgement %+v", m)
		}
		if n := len(h.messages[w.Conversation]); n != 4 {
			t.Fatalf("%d messages are stored", n)
		}
	})
	t.Run("an unknown token makes a new visitor", func(t *testing.T) {
		_, _, ts := serve(t, nil)
		_, w := arrive(t, ts, helloAgain("forged", 7))
		if w.Token == "forged" || w.Token == "" || w.After != 0 {
			t.Fatalf("welcome %+v", w)
		}
	})
	t.Run("two tabs see the same conversation", func(t *testing.T) {
		_, _, ts := serve(t, nil)
		one, w := arrive(t, ts, hello)
		one.messages(1)
		two, again := arrive(t, ts, helloAgain(w.Token, 0))
		two.messages(1)
		if again.Conversation != w.Conversation || again.Token != w.Token {
			t.Fatalf("second tab %+v", again)
		}
		one.send(say("id-1", "hello"))
		if a, b := one.messages(3), two.messages(3); a[2].Text != b[2].Text || b[0].ID != "id-1" {
			t.Fatalf("tabs differ: %+v %+v", a, b)
		}
	})
	t.Run("words of a rep come without being asked for", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		c, w := arrive(t, ts, hello)
		c.messages(1)
		h.speak(w.Conversation, "Asha here")
		if m := c.expect("message"); m.From != "rep" || m.Name != "Asha" || m.Text != "Asha here" {
			t.Fatalf("rep %+v", m)
		}
	})
	t.Run("page views and what the page knows reach the house", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		c, _ := arrive(t, ts, hello)
		c.messages(1)
		c.send(`{"type":"visit","page":{"url":"https://acme.example/docs?q=1","title":"Docs"}}`)
		c.send(`{"type":"typing"}`)
		c.send(`{"type":"identify","known":{"email":"a@b.example","team_size":250,"vip":true,"deep":{},"none":null}}`)
		c.send(say("id-1", "x"))
		c.messages(3)
		if len(h.seen) != 1 || h.seen[0].Page != "/docs" {
			t.Fatalf("seen %+v", h.seen)
		}
		if fmt.Sprint(h.known) != "map[email:a@b.example team_size:250 vip:true]" {
			t.Fatalf("known %v", h.known)
		}
	})
	t.Run("a long turn shows that the bot is typing", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		h.hold = make(chan struct{})
		c, _ := arrive(t, ts, hello)
		c.messages(1)
		c.send(say("id-1", "x"))
		if a := c.expect("typing"); a.From != "bot" {
			t.Fatalf("typing %+v", a)
		}
		close(h.hold)
		c.messages(3)
	})
}

func TestBadFrames(t *testing.T) {
	large := `{"type":"say","id":"x","text":"` + strings.Repeat("a", MaxFrame) + `"}`
	for _, c := range []struct {
		name, frame, code string
		close             int
	}{
		{"not JSON", `hello`, "bad_json", websocket.CloseInvalidFramePayloadData},
		{"not an object", `["say"]`, "bad_json", websocket.CloseInvalidFramePayloadData},
		{"an empty frame", ``, "bad_json", websocket.CloseInvalidFramePayloadData},
		{"a wrong type within", `{"type":"say","id":7}`, "bad_json", websocket.CloseInvalidFramePayloadData},
		{"not UTF-8", "{\"type\":\"say\",\"id\":\"\xff\"}", "bad_utf8", websocket.CloseInvalidFramePayloadData},
		{"too large", large, "too_large", websocket.CloseMessageTooBig},
		{"much too large", strings.Repeat(large, 20), "too_large", websocket.CloseMessageTooBig},
		{"a second hello", hello, "out_of_order", websocket.CloseProtocolError},
		{"an unknown type", `{"type":"shout"}`, "unknown_type", 0},
		{"no type", `{}`, "unknown_type", 0},
		{"a message without an id", `{"type":"say","text":"x"}`, "bad_frame", 0},
		{"a message without words", `{"type":"say","id":"x","text":"  "}`, "bad_frame", 0},
		{"a long id", `{"type":"say","text":"x","id":"` + strings.Repeat("i", MaxID+1) + `"}`, "bad_frame", 0},
		{"a visit of nothing", `{"type":"visit"}`, "bad_frame", 0},
		{"knowing nothing", `{"type":"identify"}`, "bad_frame", 0},
		{"a panic", say("id-1", "panic"), "internal", websocket.CloseInternalServerErr},
		{"what is taken and not stored", say("id-1", "swallow"), "ended", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, ts := serve(t, nil)
			tab, _ := arrive(t, ts, hello)
			tab.messages(1)
			tab.send(c.frame)
			tab.expectError(c.code)
			if c.close != 0 {
				tab.expectClose(c.close)
				return
			}
			tab.send(say("id-2", "still here"))
			tab.messages(3)
		})
	}
	t.Run("a binary frame", func(t *testing.T) {
		_, _, ts := serve(t, nil)
		c, _ := arrive(t, ts, hello)
		c.messages(1)
		if err := c.conn.WriteMessage(websocket.BinaryMessage, []byte(say("x", "y"))); err != nil {
			t.Fatal(err)
		}
		c.expectError("binary")
		c.expectClose(websocket.CloseUnsupportedData)
	})
	t.Run("a frame the protocol forbids", func(t *testing.T) {
		_, _, ts := serve(t, nil)
		c, _ := arrive(t, ts, hello)
		c.messages(1)
		if _, err := c.conn.NetConn().Write([]byte{0x83, 0x80, 0, 0, 0, 0}); err != nil { // opcode 3 is reserved
			t.Fatal(err)
		}
		c.expectClose(websocket.CloseProtocolError)
	})
	t.Run("anything before hello", func(t *testing.T) {
		for _, frame := range []string{say("x", "y"), `{"type":"shout"}`, `{"type":"visit"}`} {
			_, _, ts := serve(t, nil)
			c := dial(t, ts)
			c.send(frame)
			c.expectError("out_of_order")
			c.expectClose(websocket.CloseProtocolError)
		}
	})
	t.Run("no hello in time", func(t *testing.T) {
		_, _, ts := serve(t, func(s *Server) { s.Limits.HelloWait = time.Millisecond })
		c := dial(t, ts)
		c.expectError("timeout")
		c.expectClose(websocket.ClosePolicyViolation)
	})
}

func TestTroubleInTheHouse(t *testing.T) {
	t.Run("a message that cannot be stored is not acknowledged, and can be sent again", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		c, _ := arrive(t, ts, hello)
		c.messages(1)
		h.fail(fmt.Errorf("commit: %w", bot.ErrBusy))
		c.send(say("id-1", "x"))
		if e := c.expectError("busy"); e.ID != "id-1" {
			t.Fatalf("error %+v", e)
		}
		h.fail(nil)
		c.send(say("id-1", "x"))
		if m := c.messages(3); m[0].ID != "id-1" || m[0].Seq != 2 {
			t.Fatalf("acknowledgement %+v", m)
		}
	})
	t.Run("nobody can arrive at a lost database", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		h.fail(bot.ErrBusy)
		c := dial(t, ts)
		c.send(hello)
		c.expectError("busy")
		c.expectClose(websocket.CloseTryAgainLater)
	})
	t.Run("a fault of ours closes with 1011", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		c, _ := arrive(t, ts, hello)
		c.messages(1)
		h.fail(errors.New("column does not exist"))
		c.send(say("id-1", "x"))
		e := c.expectError("internal")
		if strings.Contains(e.Text, "column") {
			t.Fatalf("the error tells too much: %+v", e)
		}
		c.expectClose(websocket.CloseInternalServerErr)
	})
	t.Run("a message that is too long, or one too many, is refused and the conversation goes on", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		c, _ := arrive(t, ts, hello)
		c.messages(1)
		for _, x := range []struct {
			err  error
			code string
		}{{dialogue.ErrTooLong, "too_long"}, {dialogue.ErrFull, "ended"}} {
			h.fail(fmt.Errorf("decide: %w", x.err))
			c.send(say("id-1", "x"))
			if e := c.expectError(x.code); e.ID != "id-1" {
				t.Fatalf("error %+v", e)
			}
		}
		h.fail(nil)
		c.send(say("id-1", "x"))
		c.messages(3)
	})
	t.Run("a transcript that cannot be read closes with 1013", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		c, w := arrive(t, ts, hello)
		c.messages(1)
		h.fail(bot.ErrBusy)
		h.speak(w.Conversation, "lost for now")
		c.expectError("busy")
		c.expectClose(websocket.CloseTryAgainLater)
	})
	t.Run("a house that panics costs the one socket, which can still be closed", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		c, w := arrive(t, ts, hello)
		c.messages(1)
		h.speak(w.Conversation, "unreadable")
		c.expectError("internal")
		c.expectClose(websocket.CloseInternalServerErr)
		again := dial(t, ts)
		again.send(helloAgain(w.Token, 0))
		again.expect("welcome")
		again.expectError("internal")
		again.expectClose(websocket.CloseInternalServerErr)
	})
	t.Run("a frame for a foreign conversation", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		other, theirs := arrive(t, ts, hello)
		other.messages(1)
		c, _ := arrive(t, ts, hello)
		c.messages(1)
		c.send(fmt.Sprintf(`{"type":"say","id":"id-1","text":"x","conversation":%q}`, theirs.Conversation))
		c.expectError("not_found")
		c.expectClose(websocket.ClosePolicyViolation)
		if _, again := arrive(t, ts, fmt.Sprintf(`{"type":"hello","conversation":%q,"after":1}`, theirs.Conversation)); again.Conversation == theirs.Conversation {
			t.Fatal("a conversation was given away by its id")
		}
		if got := h.transcript(theirs.Conversation); strings.Contains(got, "visitor") {
			t.Fatalf("the foreign conversation has %s", got)
		}
	})
	t.Run("a conversation that went to somebody else", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		c, w := arrive(t, ts, hello)
		c.messages(1)
		h.mu.Lock()
		h.conversations[w.Conversation].Visitor = "somebody else"
		h.mu.Unlock()
		c.send(say("id-1", "x"))
		c.expectError("not_found")
		c.expectClose(websocket.ClosePolicyViolation)
	})
}

func TestRates(t *testing.T) {
	t.Run("a visitor who is too fast is told, and closed when that does not help", func(t *testing.T) {
		_, _, ts := serve(t, func(s *Server) { s.Limits.VisitorBurst, s.Limits.VisitorRate = 2, 1e-9 })
		c, _ := arrive(t, ts, hello)
		c.messages(1)
		c.send(`{"type":"typing"}`)
		c.send(`{"type":"typing"}`)
		for range MaxRefusals {
			c.send(say("id-1", "x"))
			if e := c.expectError("rate"); e.ID != "id-1" {
				t.Fatalf("error %+v", e)
			}
		}
		c.expectClose(websocket.ClosePolicyViolation)
	})
	t.Run("a visitor does not get a new budget by coming again", func(t *testing.T) {
		_, _, ts := serve(t, func(s *Server) { s.Limits.VisitorBurst, s.Limits.VisitorRate = 1, 1e-9 })
		c, w := arrive(t, ts, hello)
		c.messages(1)
		c.send(say("id-1", "x"))
		c.messages(3)
		c.conn.Close()
		again, _ := arrive(t, ts, helloAgain(w.Token, 4))
		again.send(say("id-2", "x"))
		again.expectError("rate")
	})
}

// browser is a client that merges by seq and sends again what was not acknowledged, as the widget does.
type browser struct {
	*client
	token        string
	conversation string
	after        int64
	read         []string
	unsent       []string // ids not acknowledged
}

func (b *browser) arrive(ts *httptest.Server) {
	c, w := arrive(b.t, ts, helloAgain(b.token, b.after))
	b.client, b.token, b.conversation = c, w.Token, w.Conversation
	for _, id := range b.unsent {
		c.send(say(id, "x"))
	}
}

// take reads one message; it says whether it was new.
func (b *browser) take(t *rapid.T) bool {
	m := b.expect("message")
	b.unsent = slices.DeleteFunc(b.unsent, func(id string) bool { return id == m.ID })
	if m.Seq <= b.after {
		return false
	}
	if m.Seq != b.after+1 {
		t.Fatalf("seq %d came after %d", m.Seq, b.after)
	}
	b.after = m.Seq
	b.read = append(b.read, fmt.Sprint(m.Seq, m.From, m.Text))
	return true
}

// A client that breaks off anywhere and comes back with the last seq it saw has read each message once, in order.
func TestResume(t *testing.T) {
	_, h, ts := serve(t, func(s *Server) { s.Limits.VisitorRate = 1e6; s.Limits.VisitorBurst = 1e6 })
	rapid.Check(t, func(rt *rapid.T) {
		b := &browser{client: &client{t: t}}
		b.arrive(ts)
		sent := 0
		for range rapid.IntRange(1, 6).Draw(rt, "rounds") {
			for range rapid.IntRange(0, 30).Draw(rt, "messages") {
				sent++
				id := fmt.Sprintf("id-%d", sent)
				b.unsent = append(b.unsent, id)
				b.send(say(id, "x"))
			}
			for range rapid.IntRange(0, 1+3*len(b.unsent)).Draw(rt, "reads") {
				if len(b.unsent) == 0 {
					break
				}
				b.take(rt)
			}
			b.conn.Close()
			b.arrive(ts)
		}
		for b.after < int64(1+3*sent) || len(b.unsent) > 0 {
			b.take(rt)
		}
		b.conn.Close()
		if want := h.transcript(b.conversation); strings.Join(b.read, "\n") != want {
			rt.Fatalf("read:\n%s\nstored:\n%s", strings.Join(b.read, "\n"), want)
		}
	})
}

func TestShutdown(t *testing.T) {
	t.Run("a running turn finishes and is delivered, then sockets close with 1001", func(t *testing.T) {
		s, h, ts := serve(t, nil)
		h.hold, h.said = make(chan struct{}), make(chan struct{}, 1)
		busy, _ := arrive(t, ts, hello)
		busy.messages(1)
		idle, _ := arrive(t, ts, hello)
		idle.messages(1)
		busy.send(say("id-1", "x"))
		<-h.said
		done := make(chan error)
		go func() { done <- s.Shutdown(context.Background()) }()
		idle.expectClose(websocket.CloseGoingAway)
		close(h.hold)
		for a := busy.next(); a.Seq < 4; a = busy.next() { // a typing frame may come first
		}
		busy.expectClose(websocket.CloseGoingAway)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	})
	t.Run("newcomers are sent elsewhere", func(t *testing.T) {
		s, _, ts := serve(t, nil)
		if err := s.Shutdown(context.Background()); err != nil {
			t.Fatal(err)
		}
		resp, a := request(t, "POST", ts.URL+"/v1/chat", hello)
		if resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" || a.Code != "stopping" {
			t.Fatalf("%d %+v", resp.StatusCode, a)
		}
	})
	t.Run("what does not finish in time is cut", func(t *testing.T) {
		s, h, ts := serve(t, nil)
		h.hold, h.said = make(chan struct{}), make(chan struct{}, 1)
		c, _ := arrive(t, ts, hello)
		c.messages(1)
		c.send(say("id-1", "x"))
		<-h.said
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		done := make(chan error)
		go func() { done <- s.Shutdown(ctx) }()
		<-s.ctx.Done()
		close(h.hold)
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	})
}

func TestSlowReader(t *testing.T) {
	s, h, ts := serve(t, func(s *Server) { s.Limits.WriteWait = 2 * time.Second })
	lazy, w := arrive(t, ts, hello)
	lazy.messages(1)
	long := strings.Repeat("word ", 100_000) // more than the buffers of the network hold
	for range 20 {
		h.speak(w.Conversation, long)
	}
	for s.connections() > 0 {
		time.Sleep(time.Millisecond)
	}
	again, _ := arrive(t, ts, helloAgain(w.Token, 1)) // it has said nothing yet, so all is sent
	for seq := int64(1); seq <= 21; seq++ {
		if m := again.expect("message"); m.Seq != seq {
			t.Fatalf("seq %d, want %d", m.Seq, seq)
		}
	}
}

func TestKeepalive(t *testing.T) {
	t.Run("an idle peer is pinged, and one that does not answer is let go", func(t *testing.T) {
		s, _, ts := serve(t, func(s *Server) { s.Limits.PingEvery = 5 * time.Millisecond })
		c, _ := arrive(t, ts, hello)
		c.messages(1)
		pinged := make(chan struct{}, 100)
		c.conn.SetPingHandler(func(string) error {
			pinged <- struct{}{}
			return c.conn.WriteControl(websocket.PongMessage, nil, time.Now().Add(time.Second))
		})
		go c.conn.ReadMessage() // the library answers pings while it reads
		<-pinged
		<-pinged
		c.conn.Close()
		for s.connections() > 0 {
			time.Sleep(time.Millisecond)
		}
	})
}

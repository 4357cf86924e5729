package slackfake_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"

	"usher/adapters/slack/slackfake"
)

// frame is what comes over a socket.
type frame struct {
	Type    string          `json:"type"`
	Reason  string          `json:"reason"`
	ID      string          `json:"envelope_id"`
	Retry   int             `json:"retry_attempt"`
	Because string          `json:"retry_reason"`
	Count   int             `json:"num_connections"`
	Payload json.RawMessage `json:"payload"`
}

func workspace(t *testing.T, o slackfake.Options) (*slackfake.Fake, *slack.Client) {
	t.Helper()
	o.Socket = true
	f, _, _ := start(t, o)
	return f, slack.New(f.BotToken(), slack.OptionAppLevelToken(f.AppToken()), slack.OptionAPIURL(f.URL()))
}

func dial(t *testing.T, c *slack.Client) *websocket.Conn {
	t.Helper()
	_, address, err := c.StartSocketModeContext(soon(t))
	must(t, err)
	socket, _, err := websocket.DefaultDialer.Dial(address, nil)
	must(t, err)
	t.Cleanup(func() { socket.Close() })
	must(t, socket.SetReadDeadline(time.Now().Add(time.Minute)))
	if hello := next(t, socket); hello.Type != "hello" || hello.Count < 1 {
		t.Fatalf("greeted with %+v", hello)
	}
	return socket
}

func next(t *testing.T, socket *websocket.Conn) (f frame) {
	t.Helper()
	must(t, socket.ReadJSON(&f))
	return f
}

func acknowledge(t *testing.T, socket *websocket.Conn, f frame) {
	t.Helper()
	must(t, socket.WriteJSON(map[string]any{"envelope_id": f.ID}))
}

func TestSocketMode(t *testing.T) {
	t.Run("an event that is acknowledged does not come again", func(t *testing.T) {
		f, c := workspace(t, slackfake.Options{})
		socket := dial(t, c)
		f.Say("U1", "C1", "", "hello")
		acknowledge(t, socket, next(t, socket))
		must(t, f.Settle(soon(t)))
		if d := f.Deliveries(); len(d) != 1 || d[0].Failed != "" {
			t.Errorf("%+v", d)
		}
	})
	t.Run("an event without an acknowledgement comes again and says so", func(t *testing.T) {
		f, c := workspace(t, slackfake.Options{Within: time.Second})
		socket := dial(t, c)
		f.Say("U1", "C1", "", "hello")
		first, second := next(t, socket), next(t, socket)
		acknowledge(t, socket, second)
		must(t, f.Settle(soon(t)))
		if second.Retry != 1 || second.Because != "timeout" || second.ID == first.ID || string(second.Payload) != string(first.Payload) {
			t.Errorf("%+v then %+v", first, second)
		}
	})
	t.Run("connections share the events", func(t *testing.T) {
		f, c := workspace(t, slackfake.Options{})
		sockets := []*websocket.Conn{dial(t, c), dial(t, c)}
		got := make(chan int, 2)
		for i, s := range sockets {
			go func() {
				var e frame
				if s.ReadJSON(&e) == nil {
					s.WriteJSON(map[string]any{"envelope_id": e.ID})
					got <- i
				}
			}()
		}
		f.Say("U1", "C1", "", "one")
		f.Say("U1", "C1", "", "two")
		must(t, f.Settle(soon(t)))
		if a, b := <-got, <-got; a == b {
			t.Error("one connection got both")
		}
	})
	t.Run("after a warning the old connection lives on for a while, beside the new one", func(t *testing.T) {
		f, c := workspace(t, slackfake.Options{Scale: 0.3})
		old := dial(t, c)
		f.Disconnect("warning")
		if w := next(t, old); w.Type != "disconnect" || w.Reason != "warning" {
			t.Fatalf("%+v", w)
		}
		dial(t, c)
		if n := f.Connections(); n != 2 {
			t.Errorf("%d connections", n)
		}
		var e frame
		if err := old.ReadJSON(&e); err == nil {
			t.Errorf("the old connection goes on with %+v", e)
		}
	})
	t.Run("a connection that is half open takes events and loses them; they come again over another one", func(t *testing.T) {
		f, c := workspace(t, slackfake.Options{Within: time.Second})
		dial(t, c)
		f.Freeze()
		other := dial(t, c)
		for i := range 4 {
			f.Say("U1", "C1", "", fmt.Sprint(i))
		}
		got := map[string]bool{}
		for len(got) < 4 {
			e := next(t, other)
			acknowledge(t, other, e)
			got[string(e.Payload)] = true
		}
	})
	t.Run("an eleventh connection is sent away", func(t *testing.T) {
		_, c := workspace(t, slackfake.Options{Unlimited: true})
		for range 10 {
			dial(t, c)
		}
		_, address, err := c.StartSocketModeContext(soon(t))
		must(t, err)
		socket, _, err := websocket.DefaultDialer.Dial(address, nil)
		must(t, err)
		defer socket.Close()
		if e := next(t, socket); e.Reason != "too_many_websockets" {
			t.Errorf("%+v", e)
		}
	})
	t.Run("a ticket is good for one connection", func(t *testing.T) {
		_, c := workspace(t, slackfake.Options{})
		_, address, err := c.StartSocketModeContext(soon(t))
		must(t, err)
		socket, _, err := websocket.DefaultDialer.Dial(address, nil)
		must(t, err)
		defer socket.Close()
		if again, _, err := websocket.DefaultDialer.Dial(address, nil); err == nil {
			again.Close()
			t.Error("a second connection came in")
		}
	})
	t.Run("no event is lost while connections are cut again and again", func(t *testing.T) {
		f, c := workspace(t, slackfake.Options{Scale: 0.01, Unlimited: true})
		var mu sync.Mutex
		got := map[string]bool{}
		stop := make(chan struct{})
		var client sync.WaitGroup
		client.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				_, address, err := c.StartSocketModeContext(soon(t))
				if err != nil {
					continue
				}
				socket, _, err := websocket.DefaultDialer.Dial(address, nil)
				if err != nil {
					continue
				}
				for {
					var e frame
					var event struct {
						ID string `json:"event_id"`
					}
					if socket.ReadJSON(&e) != nil {
						break
					}
					if e.ID == "" || json.Unmarshal(e.Payload, &event) != nil {
						continue
					}
					mu.Lock()
					got[event.ID] = true
					mu.Unlock()
					if socket.WriteJSON(map[string]any{"envelope_id": e.ID}) != nil {
						break
					}
				}
				socket.Close()
			}
		})
		must(t, f.Connected(soon(t), 1))
		for i := range 300 {
			f.Say("U1", "C1", "", fmt.Sprint(i))
			if i%30 == 0 {
				f.Cut()
				must(t, f.Connected(soon(t), 1))
			}
		}
		must(t, f.Settle(soon(t)))
		close(stop)
		f.Cut()
		client.Wait()
		if len(got) != 300 {
			t.Errorf("%d of 300 events", len(got))
		}
	})
}

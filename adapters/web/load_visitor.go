package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/gorilla/websocket"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
)

// Bounds of a visitor of a load.
const (
	loadWait  = 30 * time.Second // for a reply; longer is an error
	loadTurns = 60               // a flow that asks for ever is left
	loadTries = 3                // answers to one question
)

// loadVisitor is one browser that talks through one conversation.
type loadVisitor struct {
	*load
	name  string
	conn  *websocket.Conn
	open  *dialogue.Ask // the question to answer
	pings int
	tried map[string]int
	sent  time.Time // of the message that waits for a reply
	asked string    // ping that asks whether more comes after words without a question; "" = none is out
}

// refusal is an error frame.
type refusal struct{ Code, Text string }

func (r *refusal) Error() string { return r.Code + ": " + r.Text }

// errSettled comes with the pong: all the server had to say stands before it.
var errSettled = errors.New("nothing more comes")

// talk connects and follows the questions to the end.
func (v *loadVisitor) talk(ctx context.Context) error {
	if err := v.dial(ctx); err != nil {
		return err
	}
	defer v.conn.Close()
	defer context.AfterFunc(ctx, func() { v.conn.Close() })()
	hello := map[string]any{
		"type": "hello", "token": "", "after": 0, "flow": v.Flow, "language": "en", "timezone": "Asia/Kolkata",
		"page": map[string]string{"url": v.pageURL(), "title": "Load"},
	}
	if err := v.conn.WriteJSON(hello); err != nil {
		return fmt.Errorf("say hello: %w", err)
	}
	v.tried = map[string]int{}
	for turns := 0; turns < loadTurns; turns++ {
		if err := v.listen(); errors.Is(err, errSettled) {
			break
		} else if err != nil {
			return err
		}
		rest(ctx, v.thinks())
		if err := v.answer(turns); err != nil {
			return err
		}
	}
	v.mu.Lock()
	v.conversations++
	v.mu.Unlock()
	goodbye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	return v.conn.WriteControl(websocket.CloseMessage, goodbye, time.Now().Add(loadWait))
}

func (v *loadVisitor) dial(ctx context.Context) error {
	select {
	case v.dials <- struct{}{}:
		defer func() { <-v.dials }()
	case <-ctx.Done():
		return ctx.Err()
	}
	d := websocket.Dialer{Subprotocols: []string{Subprotocol}, HandshakeTimeout: loadWait, ReadBufferSize: 1024, WriteBufferSize: 512}
	conn, resp, err := d.DialContext(ctx, v.address, nil)
	if err != nil {
		if resp != nil {
			return fmt.Errorf("connect: %w (%s)", err, resp.Status)
		}
		return fmt.Errorf("connect: %w", err)
	}
	conn.SetPongHandler(v.settled)
	v.conn = conn
	v.mu.Lock()
	v.reached++
	v.mu.Unlock()
	return nil
}

// settled hears that nothing more comes, unless a question came meanwhile.
func (v *loadVisitor) settled(ping string) error {
	if ping == v.asked {
		return errSettled
	}
	return nil
}

// pageURL varies, as visitors do.
func (v *loadVisitor) pageURL() string {
	pages := []string{"/", "/pricing", "/customers"}
	return "https://load.example" + pages[len(v.name)%len(pages)] + "?utm_source=load"
}

// listen reads until a question is open, or the server has nothing more to say.
func (v *loadVisitor) listen() error {
	v.open, v.asked = nil, ""
	for v.open == nil {
		v.conn.SetReadDeadline(time.Now().Add(loadWait))
		var in struct {
			Type, From string
			Ask        *dialogue.Ask
			refusal
		}
		_, data, err := v.conn.ReadMessage()
		if err != nil {
			return fmt.Errorf("listen: %w", err)
		}
		if err := json.Unmarshal(data, &in); err != nil {
			return fmt.Errorf("frame %.40q: %w", data, err)
		}
		switch {
		case in.Type == "error":
			return &in.refusal
		case in.Type != "message" || in.From == bot.FromVisitor:
			continue
		}
		if !v.sent.IsZero() {
			v.replied(time.Since(v.sent))
			v.sent = time.Time{}
		}
		v.open = in.Ask
		if err := v.settle(); err != nil {
			return err
		}
	}
	v.asked = ""
	return nil
}

// settle asks once whether more comes when the bot said something without a question.
func (v *loadVisitor) settle() error {
	if v.open != nil || v.asked != "" {
		return nil
	}
	v.pings++
	v.asked = strconv.Itoa(v.pings)
	if err := v.conn.WriteControl(websocket.PingMessage, []byte(v.asked), time.Now().Add(loadWait)); err != nil {
		return fmt.Errorf("ask whether more comes: %w", err)
	}
	return nil
}

// thinks is a pause of this length in the mean, between nothing and twice as long: visitors do not type in step.
func (v *loadVisitor) thinks() time.Duration {
	if v.Pause <= 0 {
		return 0
	}
	return rand.N(2 * v.Pause)
}

// answer answers the open question; the message is stamped when it is sent, not when it was due.
func (v *loadVisitor) answer(turn int) error {
	say := map[string]string{"type": "say", "id": fmt.Sprintf("load-%d", turn)}
	if n := v.tried[v.open.Field]; len(v.open.Options) > 0 {
		say["value"] = v.open.Options[min(n, len(v.open.Options)-1)].Value
	} else {
		say["text"] = v.words(n)
	}
	v.tried[v.open.Field]++
	v.sent = time.Now()
	if err := v.conn.WriteJSON(say); err != nil {
		return fmt.Errorf("say: %w", err)
	}
	return nil
}

// words answer a question that has no options; when the first ones were refused, others are tried.
func (v *loadVisitor) words(n int) string {
	all := map[flows.Type][]string{
		flows.TypeText:    {"Priya Rao", "Load test of visitor " + v.name, "abc"},
		flows.TypeYesNo:   {"yes"},
		flows.TypeConsent: {"yes"},
		flows.TypeNumber:  {"25", "250", "5"},
		flows.TypeMoney:   {"5000", "100", "50000"},
		flows.TypeEmail:   {"visitor." + v.name + "@bigco.example", "visitor." + v.name + "@bigco.co"},
		flows.TypePhone:   {"+1 650 253 0000", "+44 20 7031 3000"},
		flows.TypeDate:    {time.Now().AddDate(0, 0, 30).Format(time.DateOnly), time.Now().AddDate(0, 0, 3).Format(time.DateOnly)},
		flows.TypeCountry: {"India"},
		flows.TypeURL:     {"https://bigco.example"},
	}[flows.Type(v.open.Type)]
	if len(all) == 0 || n >= loadTries {
		return "skip"
	}
	return all[min(n, len(all)-1)]
}

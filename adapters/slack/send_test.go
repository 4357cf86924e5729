package slack

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/adapters/slack/slackfake"
)

// channel is a channel with the app in it.
func (h *house) channel(id string) string {
	c := h.fake.Channel(id, strings.ToLower(id))
	h.fake.Invite(c)
	return c
}

// texts are what the app said in a channel, in order.
func (h *house) texts(channel string) (out []string) {
	for _, m := range h.fake.Messages(channel) {
		if m.User == h.fake.Bot() {
			out = append(out, m.Text)
		}
	}
	return out
}

func numbered(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprint("message ", i))
	}
	return out
}

func TestSend(t *testing.T) {
	t.Run("a channel gets about a message a second, in order, and Slack never has to refuse one", func(t *testing.T) {
		h := open(t, slackfake.Options{Burst: 3})
		c := h.channel("C1")
		for _, text := range numbered(5) {
			h.must(h.post(t.Context(), Post{Channel: c, Text: text}))
		}
		h.await(c, "message 4")
		h.idle()
		if got := h.texts(c); !slices.Equal(got, numbered(5)) {
			t.Errorf("got %q", got)
		}
		calls := h.fake.Calls("chat.postMessage")
		for _, call := range calls {
			if call.Status != http.StatusOK {
				t.Errorf("a call was answered with %d", call.Status)
			}
		}
	})

	t.Run("Retry-After holds up the channel it is about, and no other", func(t *testing.T) {
		h := open(t, slackfake.Options{Unlimited: true})
		c, other := h.channel("C1"), h.channel("C2")
		h.fake.Break("chat.postMessage", 1, slackfake.Limit(2).In(c))
		for _, text := range numbered(2) {
			h.must(h.post(t.Context(), Post{Channel: c, Text: text}))
			h.must(h.post(t.Context(), Post{Channel: other, Text: text}))
		}
		h.await(other, "message 1")
		if got := h.texts(c); len(got) != 0 {
			t.Errorf("the limited channel got %q before the other was done", got)
		}
		h.await(c, "message 1")
		if got := h.texts(c); !slices.Equal(got, numbered(2)) {
			t.Errorf("got %q", got)
		}
	})

	t.Run("a server in trouble is tried again", func(t *testing.T) {
		h := open(t, slackfake.Options{Unlimited: true})
		c := h.channel("C1")
		h.fake.Break("chat.postMessage", 1, slackfake.Down(503))
		for _, text := range numbered(2) {
			h.must(h.post(t.Context(), Post{Channel: c, Text: text}))
		}
		h.await(c, "message 1")
		if got := h.texts(c); !slices.Equal(got, numbered(2)) {
			t.Errorf("got %q", got)
		}
	})

	for name, fault := range map[string]slackfake.Fault{
		"an answer that is lost after the post": slackfake.Lost(), "a call that hangs after the post": slackfake.Hung(),
		"a call that is lost before the post": slackfake.Dropped(), "a call that hangs before the post": slackfake.Stalled(),
	} {
		t.Run(name+" makes one message, in a channel and in a thread", func(t *testing.T) {
			t.Parallel()
			h := build(t, slackfake.Options{Unlimited: true}, talk)
			h.App.HTTP = &http.Client{Timeout: 2 * time.Second}
			h.run(h.bot.Run)
			c := h.channel("C1")
			h.must(h.post(t.Context(), Post{Channel: c, Text: "root", Link: &LinkTo{"test", "root"}}))
			h.await(c, "root")
			h.idle()
			h.fake.Break("chat.postMessage", 1, fault)
			h.must(h.post(t.Context(), Post{Channel: c, Text: "once", Link: &LinkTo{"test", "once"}}))
			m := h.await(c, "once")
			h.idle()
			h.fake.Break("chat.postMessage", 1, fault)
			h.must(h.post(t.Context(), Post{Channel: c, Under: &LinkTo{"test", "root"}, Text: "below"}))
			h.await(c, "below")
			h.idle()
			if got := h.texts(c); !slices.Equal(got, []string{"root", "once", "below"}) {
				t.Errorf("got %q", got)
			}
			if channel, ts, err := h.posted(t.Context(), LinkTo{"test", "once"}); err != nil || channel != c || ts != m.TS {
				t.Errorf("kept at %s %s: %v", channel, ts, err)
			}
		})
	}

	t.Run("a message is replaced in place, and posted anew when somebody removed it", func(t *testing.T) {
		h := open(t, slackfake.Options{Unlimited: true})
		c := h.channel("C1")
		card := Post{Channel: c, Text: "first", Link: &LinkTo{"test", "card"}, Replace: true}
		h.must(h.post(t.Context(), card))
		card.Text = "second"
		h.must(h.post(t.Context(), card))
		m := h.await(c, "second")
		if got := h.texts(c); !slices.Equal(got, []string{"second"}) || m.Updates != 1 {
			t.Errorf("got %q with %d updates", got, m.Updates)
		}
		h.fake.Delete(c, m.TS)
		card.Text = "third"
		h.must(h.post(t.Context(), card))
		h.await(c, "third")
	})

	for _, name := range []string{"is_archived", "channel_not_found", "not_in_channel"} {
		t.Run(name+" stops the target with an alarm, and the fallback takes the lead", func(t *testing.T) {
			h := open(t, slackfake.Options{Unlimited: true})
			c, fallback := h.channel("C1"), h.channel("C2")
			h.fake.Break("chat.postMessage", 100, slackfake.Fail(name).In(c))
			for _, text := range numbered(3) {
				h.must(h.post(t.Context(), Post{Channel: c, Text: text, Fallback: fallback}))
			}
			h.await(fallback, "message 2")
			if got := h.texts(fallback); !slices.Equal(got, numbered(3)) {
				t.Errorf("the fallback got %q", got)
			}
			if got := strings.Join(h.Problems(), "\n"); !strings.Contains(got, c) || !strings.Contains(got, name) {
				t.Errorf("problems: %q", got)
			}
			if !strings.Contains(h.log.String(), "needs mending") {
				t.Error("nothing in the log")
			}
			tried := 0
			for _, call := range h.fake.Calls("chat.postMessage") {
				if call.Args["channel"] == c {
					tried++
				}
			}
			if tried != 1 {
				t.Errorf("the stopped target was tried %d times", tried)
			}
		})
	}

	t.Run("a revoked token is an alarm until there is a good one, and what came in waits", func(t *testing.T) {
		h := open(t, slackfake.Options{Unlimited: true})
		c := h.channel("C1")
		h.fake.Revoke("token_revoked")
		h.must(h.post(t.Context(), Post{Channel: c, Text: "lost"}))
		h.eventually("an alarm", func() bool { return strings.Contains(strings.Join(h.Problems(), ""), "token_revoked") })
		dm := h.fake.DM("U1")
		h.fake.Say("U1", dm, "", "How much does it cost?")
		h.must(h.fake.Settle(t.Context()))
		h.fake.Revoke("")
		h.await(dm, "20 dollars a seat.")
		h.eventually("the alarm is over", func() bool { return len(h.Problems()) == 0 })
	})

	t.Run("a target that was mended is written to again", func(t *testing.T) {
		t.Parallel()
		h := build(t, slackfake.Options{Unlimited: true}, talk)
		now := time.Now()
		h.App.Now = func() time.Time { return now }
		c := h.channel("C1")
		h.fake.Break("chat.postMessage", 1, slackfake.Fail("not_in_channel"))
		send := func(text string) error {
			return h.send(context.Background(), Post{ID: text, Channel: c, Text: text}, false)
		}
		if send("first") == nil || send("second") == nil {
			t.Error("a stopped target was written to")
		}
		now = now.Add(stopFor)
		h.must(send("third"))
	})
}

func TestSendToPerson(t *testing.T) {
	h := open(t, slackfake.Options{Unlimited: true})
	h.must(h.post(t.Context(), Post{Channel: "U2", Text: "for you", As: &Author{Name: "Asha Rao", Picture: "https://acme.example/asha.png"}}))
	m := h.await(h.fake.DM("U2"), "for you")
	if m.Username != "Asha Rao" || m.Icon != "https://acme.example/asha.png" {
		t.Errorf("in the name of %q with %q", m.Username, m.Icon)
	}
	h.must(h.whisper(t.Context(), Event{ID: "e", Channel: h.channel("C1"), User: "U2"}, "psst"))
	h.eventually("a whisper", func() bool { return len(h.fake.Ephemerals("C1", "U2")) == 1 })
}

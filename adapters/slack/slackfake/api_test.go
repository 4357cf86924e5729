package slackfake_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"usher/adapters/slack/slackfake"
)

func section(text string) slack.Block {
	return slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, text, false, false), nil, nil)
}

func button(id, label string) slack.BlockElement {
	return slack.NewButtonBlockElement(id, "v-"+id, slack.NewTextBlockObject(slack.PlainTextType, label, false, false))
}

func TestBlocks(t *testing.T) {
	many := func(n int, one slack.Block) (out []slack.Block) {
		for range n {
			out = append(out, one)
		}
		return out
	}
	options := func(n int) (out []*slack.OptionBlockObject) {
		for i := range n {
			out = append(out, slack.NewOptionBlockObject(strings.Repeat("x", i+1), slack.NewTextBlockObject(slack.PlainTextType, "o", false, false), nil))
		}
		return out
	}
	menu := func(kind string, n int) slack.Block {
		return slack.NewActionBlock("", slack.NewOptionsSelectBlockElement(kind, nil, "menu", options(n)...))
	}
	for name, c := range map[string]struct {
		blocks []slack.Block
		wrong  string // "" = Slack takes them
	}{
		"fifty blocks":                      {many(50, section("a")), ""},
		"fifty-one blocks":                  {many(51, section("a")), "no more than 50 items allowed [json-pointer:/blocks]"},
		"a section of 3000 characters":      {[]slack.Block{section(strings.Repeat("é", 3000))}, ""},
		"a section of 3001 characters":      {[]slack.Block{section(strings.Repeat("é", 3001))}, "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
		"an empty section":                  {[]slack.Block{section("")}, "must be more than 0 characters [json-pointer:/blocks/0/text/text]"},
		"a label of 75 characters":          {[]slack.Block{slack.NewActionBlock("", button("a", strings.Repeat("b", 75)))}, ""},
		"a label of 76 characters":          {[]slack.Block{slack.NewActionBlock("", button("a", strings.Repeat("b", 76)))}, "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"},
		"an action_id twice in a block":     {[]slack.Block{slack.NewActionBlock("", button("a", "A"), button("a", "B"))}, "`action_id` already exists [json-pointer:/blocks/0/elements/1/action_id]"},
		"an action_id in two blocks":        {[]slack.Block{slack.NewActionBlock("", button("a", "A")), slack.NewActionBlock("", button("a", "B"))}, ""},
		"a block_id twice":                  {[]slack.Block{slack.NewActionBlock("x", button("a", "A")), slack.NewActionBlock("x", button("a", "B"))}, "`block_id` already exists [json-pointer:/blocks/1/block_id]"},
		"a menu of 100 options":             {[]slack.Block{menu("static_select", 100)}, ""},
		"a menu of 101 options":             {[]slack.Block{menu("static_select", 101)}, "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]"},
		"actions without elements":          {[]slack.Block{slack.NewActionBlock("")}, "no less than 1 items allowed [json-pointer:/blocks/0/elements]"},
		"a header of 151 characters":        {[]slack.Block{slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, strings.Repeat("h", 151), false, false))}, "must be less than 151 characters [json-pointer:/blocks/0/text/text]"},
		"a header in mrkdwn":                {[]slack.Block{slack.NewHeaderBlock(slack.NewTextBlockObject(slack.MarkdownType, "h", false, false))}, "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"},
		"a context of eleven elements":      {[]slack.Block{slack.NewContextBlock("", slices.Repeat([]slack.MixedElement{slack.NewTextBlockObject(slack.MarkdownType, "c", false, false)}, 11)...)}, "no more than 10 items allowed [json-pointer:/blocks/0/elements]"},
		"a section with a button beside it": {[]slack.Block{slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, "t", false, false), nil, slack.NewAccessory(button("a", "A")))}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, client := start(t, slackfake.Options{})
			_, _, err := client.PostMessage("C1", slack.MsgOptionText("text", false), slack.MsgOptionBlocks(c.blocks...))
			if c.wrong == "" {
				must(t, err)
				return
			}
			var refused slack.SlackErrorResponse
			if !errors.As(err, &refused) || refused.Err != "invalid_blocks" || !slices.Contains(refused.ResponseMetadata.Messages, "[ERROR] "+c.wrong) {
				t.Errorf("%v %v, not %q", err, refused.ResponseMetadata.Messages, c.wrong)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	f, _, c := start(t, slackfake.Options{Unlimited: true})
	f.PrivateChannel("G1", "board")
	x := slack.MsgOptionText("x", false)
	post := func(channel string, o ...slack.MsgOption) error {
		_, _, err := c.PostMessage(channel, append(o, slack.MsgOptionDisableLinkUnfurl())...)
		return err
	}
	update := func(ts, text string) error {
		_, _, _, err := c.UpdateMessage("C1", ts, slack.MsgOptionText(text, false))
		return err
	}
	want := func(name string, err error) {
		t.Helper()
		if err == nil || err.Error() != name {
			t.Errorf("%v, not %s", err, name)
		}
	}
	theirs := f.Say("U1", "C1", "", "mine")
	want("channel_not_found", post("C404", x))
	f.Kick("G1")
	want("channel_not_found", post("G1", x))
	want("thread_not_found", post("C1", x, slack.MsgOptionTS("1700000000.000100")))
	want("no_text", post("C1"))
	want("msg_too_long", post("C1", slack.MsgOptionText(strings.Repeat("x", 40_001), false)))
	want("message_not_found", update("1700000000.000100", "x"))
	want("cant_update_message", update(theirs, "x"))
	_, ts, err := c.PostMessage("C1", slack.MsgOptionText("x", false))
	must(t, err)
	want("msg_too_long", update(ts, strings.Repeat("x", 4001)))
	f.Kick("C1")
	want("not_in_channel", post("C1", x))
	f.Archive("C1")
	want("is_archived", post("C1", x))
	_, err = c.GetUserInfo("U404")
	want("user_not_found", err)
	_, err = c.GetUserByEmail("nobody@nowhere.example")
	want("users_not_found", err)
	_, err = slack.New("xoxb-wrong", slack.OptionAPIURL(f.URL())).AuthTest()
	want("invalid_auth", err)
	_, _, err = slack.New("", slack.OptionAppLevelToken(f.BotToken()), slack.OptionAPIURL(f.URL())).StartSocketModeContext(context.Background())
	want("not_allowed_token_type", err)
	f.Revoke("token_revoked")
	want("token_revoked", post("C1", x))
}

func TestHistory(t *testing.T) {
	t.Run("metadata is kept and given when asked for", func(t *testing.T) {
		f, _, c := start(t, slackfake.Options{})
		root := f.Say("U1", "C1", "", "root")
		_, ts, err := c.PostMessage("C1", slack.MsgOptionText("x", false), slack.MsgOptionTS(root), slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "usher_job", EventPayload: map[string]any{"id": "j1"}}))
		must(t, err)
		for _, all := range []bool{true, false} {
			messages, _, _, err := c.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: "C1", Timestamp: root, IncludeAllMetadata: all})
			must(t, err)
			last := messages[len(messages)-1]
			if last.Timestamp != ts || (last.Metadata.EventPayload["id"] == "j1") != all {
				t.Errorf("asked %v: %s has %v", all, last.Timestamp, last.Metadata)
			}
		}
	})
	t.Run("timestamps are unique and grow, also when the clock stands", func(t *testing.T) {
		now := time.Unix(1700000000, 0)
		f, _, _ := start(t, slackfake.Options{Now: func() time.Time { return now }})
		last := ""
		for range 50 {
			ts := f.Say("U1", "C1", "", "x")
			if ts <= last || !strings.HasPrefix(ts, "1700000000.") {
				t.Fatalf("%s after %s", ts, last)
			}
			last = ts
		}
	})
	t.Run("history comes newest first, in pages, without answers in threads", func(t *testing.T) {
		f, _, c := start(t, slackfake.Options{})
		root := f.Say("U1", "C1", "", "0")
		f.Say("U1", "C1", root, "answer")
		f.Say("U1", "C1", "", "1")
		f.Say("U1", "C1", "", "2")
		page, err := c.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C1", Limit: 2})
		must(t, err)
		rest, err := c.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C1", Limit: 2, Cursor: page.ResponseMetaData.NextCursor})
		must(t, err)
		if len(page.Messages) != 2 || page.Messages[0].Text != "2" || !page.HasMore || len(rest.Messages) != 1 || rest.Messages[0].ReplyCount != 1 {
			t.Errorf("%v and %v", page, rest)
		}
	})
}

func TestLimits(t *testing.T) {
	t.Run("a channel takes a short burst, then one message a second, and says how long to wait", func(t *testing.T) {
		f, _, c := start(t, slackfake.Options{Burst: 2, Scale: 100}) // its second lasts a hundred
		f.Channel("C2", "other")
		var limited *slack.RateLimitedError
		var errs []error
		for range 3 {
			_, _, err := c.PostMessage("C1", slack.MsgOptionText("x", false))
			errs = append(errs, err)
		}
		if errs[0] != nil || errs[1] != nil || !errors.As(errs[2], &limited) || limited.RetryAfter <= time.Second || limited.RetryAfter > 100*time.Second {
			t.Errorf("%v", errs)
		}
		_, _, err := c.PostMessage("C2", slack.MsgOptionText("x", false))
		must(t, err)
	})
	t.Run("a method's tier counts for the whole workspace", func(t *testing.T) {
		_, _, c := start(t, slackfake.Options{Scale: 100})
		var limited *slack.RateLimitedError
		for range 40 {
			if _, err := c.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: "C1"}); errors.As(err, &limited) {
				return
			}
		}
		t.Error("forty calls at once of a method of tier 3 went through")
	})
}

func TestFaults(t *testing.T) {
	t.Run("a lost answer has been carried out", func(t *testing.T) {
		f, _, c := start(t, slackfake.Options{})
		f.Break("chat.postMessage", 1, slackfake.Lost())
		if _, _, err := c.PostMessage("C1", slack.MsgOptionText("x", false)); err == nil {
			t.Error("there was an answer")
		}
		if n := len(f.Messages("C1")); n != 1 {
			t.Errorf("%d messages", n)
		}
		if calls := f.Calls("chat.postMessage"); !calls[0].Fault || calls[0].TS == "" {
			t.Errorf("record %+v", calls)
		}
	})
	t.Run("a hanging call ends when the app gives up, and nothing was carried out", func(t *testing.T) {
		f, _, c := start(t, slackfake.Options{})
		f.Break("chat.postMessage", 1, slackfake.Stalled())
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		if _, _, err := c.PostMessageContext(ctx, "C1", slack.MsgOptionText("x", false)); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if n := len(f.Messages("C1")); n != 0 {
			t.Errorf("%d messages", n)
		}
	})
	t.Run("faults come in order, for one channel alone, and end", func(t *testing.T) {
		f, _, c := start(t, slackfake.Options{})
		f.Channel("C2", "other")
		f.Break("chat.postMessage", 1, slackfake.Down(503).In("C1"))
		f.Break("chat.postMessage", 1, slackfake.Fail("fatal_error"))
		var codes []string
		for _, channel := range []string{"C2", "C1", "C1"} {
			_, _, err := c.PostMessage(channel, slack.MsgOptionText("x", false))
			codes = append(codes, status(err))
		}
		if got := strings.Join(codes, " "); got != "fatal_error 503 fine" {
			t.Error(got)
		}
	})
}

func status(err error) string {
	var code slack.StatusCodeError
	switch {
	case err == nil:
		return "fine"
	case errors.As(err, &code):
		return strings.Fields(code.Status)[0]
	}
	return err.Error()
}

func TestInteraction(t *testing.T) {
	t.Run("a click comes as a signed form with the payload, and its response_url answers five times", func(t *testing.T) {
		f, a, c := start(t, slackfake.Options{})
		_, ts, err := c.PostMessage("C1", slack.MsgOptionBlocks(slack.NewActionBlock("b", button("claim", "Claim"))))
		must(t, err)
		must(t, f.Settle(soon(t)))
		m, _ := f.Message("C1", ts)
		must(t, f.Click("U1", m, "claim"))
		last := a.heard()[len(a.heard())-1]
		r, err := http.NewRequest(http.MethodPost, "/", strings.NewReader(string(last.body)))
		must(t, err)
		r.Header = last.header
		var p slack.InteractionCallback
		must(t, json.Unmarshal([]byte(r.PostFormValue("payload")), &p))
		if last.path != "/slack/interactive" || p.User.ID != "U1" || p.ActionCallback.BlockActions[0].Value != "v-claim" || p.Container.MessageTs != ts {
			t.Errorf("%s %+v", last.path, p)
		}
		for i := range 6 {
			err := slack.PostWebhook(p.ResponseURL, &slack.WebhookMessage{Text: "done", ResponseType: "ephemeral"})
			if (err == nil) != (i < 5) {
				t.Errorf("answer %d: %v", i+1, err)
			}
		}
		if n := len(f.Ephemerals("C1", "U1")); n != 5 {
			t.Errorf("%d answers are shown", n)
		}
	})
	t.Run("a slow app lets the user see that it did not answer", func(t *testing.T) {
		f, a, _ := start(t, slackfake.Options{Within: 20 * time.Millisecond})
		gone := make(chan struct{})
		a.answer = func(int, http.ResponseWriter) { <-gone }
		defer close(gone)
		if _, err := f.Command("U1", "C1", "/usher leads"); !errors.Is(err, slackfake.ErrTimeout) {
			t.Error(err)
		}
	})
	t.Run("what a command answers at once is for the user alone", func(t *testing.T) {
		f, a, _ := start(t, slackfake.Options{})
		a.answer = func(_ int, w http.ResponseWriter) { w.Write([]byte("no leads")) }
		text, err := f.Command("U1", "C1", "/usher leads today")
		must(t, err)
		r, err := http.NewRequest(http.MethodPost, "/", strings.NewReader(string(a.heard()[0].body)))
		must(t, err)
		r.Header = a.heard()[0].header
		if r.PostFormValue("command") != "/usher" || r.PostFormValue("text") != "leads today" || text != "no leads" || len(f.Ephemerals("C1", "U1")) != 1 || len(f.Messages("C1")) != 0 {
			t.Errorf("%v %q", r.PostForm, text)
		}
	})
	t.Run("a modal opens with the trigger of a click, once, and closes when it is sent", func(t *testing.T) {
		f, a, c := start(t, slackfake.Options{})
		_, err := f.Command("U1", "C1", "/usher")
		must(t, err)
		r, err := http.NewRequest(http.MethodPost, "/", strings.NewReader(string(a.heard()[0].body)))
		must(t, err)
		r.Header = a.heard()[0].header
		view := slack.ModalViewRequest{Type: slack.VTModal, Title: slack.NewTextBlockObject(slack.PlainTextType, "Why", false, false), Blocks: slack.Blocks{BlockSet: []slack.Block{section("x")}}}
		opened, err := c.OpenView(r.PostFormValue("trigger_id"), view)
		must(t, err)
		if _, err := c.OpenView(r.PostFormValue("trigger_id"), view); err == nil {
			t.Error("a trigger served twice")
		}
		_, err = f.Submit("U1", opened.ID, nil)
		must(t, err)
		if _, open := f.View(opened.ID); open {
			t.Error("the modal stays open")
		}
	})
}

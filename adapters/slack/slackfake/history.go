package slackfake

import (
	"slices"
	"strconv"
)

// Pages of history (docs.slack.dev: conversations.history, conversations.replies).
const (
	historyPage = 100
	mostHistory = 999
)

func (f *Fake) history(c *call) reply {
	ch, refusal := f.readable(c)
	if refusal != "" {
		return failed(refusal)
	}
	var out []*Message
	for _, m := range ch.messages {
		if m.Ephemeral == "" && (m.Thread == "" || m.Thread == m.TS) && within(m.TS, c) {
			out = append(out, m)
		}
	}
	slices.Reverse(out) // newest first
	return f.page(ch, out, c)
}

func (f *Fake) threadHistory(c *call) reply {
	ch, refusal := f.readable(c)
	if refusal != "" {
		return failed(refusal)
	}
	parent := ch.at(c.args["ts"])
	if parent == nil || parent.Ephemeral != "" {
		return failed("thread_not_found")
	}
	thread := parent.TS
	if parent.Thread != "" {
		thread = parent.Thread
	}
	var out []*Message
	for _, m := range ch.messages {
		if m.Ephemeral == "" && (m.TS == thread || m.Thread == thread && within(m.TS, c)) {
			out = append(out, m) // the first message comes whatever the bounds, oldest first
		}
	}
	return f.page(ch, out, c)
}

// readable is the channel when the app may read its history.
func (f *Fake) readable(c *call) (*channel, string) {
	ch, refusal := f.found(c.args["channel"])
	switch {
	case refusal != "":
		return nil, refusal
	case !ch.member && ch.kind == "group":
		return nil, "channel_not_found"
	case !ch.member:
		return nil, "not_in_channel"
	}
	return ch, ""
}

// within says whether a timestamp is inside of a call's oldest and latest.
func within(ts string, c *call) bool {
	oldest, latest := c.args["oldest"], c.args["latest"]
	if truth(c.args["inclusive"]) {
		return (oldest == "" || later(ts, oldest) || ts == oldest) && (latest == "" || later(latest, ts) || ts == latest)
	}
	return (oldest == "" || later(ts, oldest)) && (latest == "" || later(latest, ts))
}

// later compares two timestamps as numbers: bounds may be written with fewer digits.
func later(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return errX == nil && errY == nil && x > y
}

// page gives a part of messages and the cursor to the next.
func (f *Fake) page(ch *channel, all []*Message, c *call) reply {
	limit, err := strconv.Atoi(c.args["limit"])
	if err != nil || limit < 1 {
		limit = historyPage
	}
	start := 0
	if cursor := c.args["cursor"]; cursor != "" {
		if start, err = strconv.Atoi(cursor); err != nil || start < 0 || start > len(all) {
			return failed("invalid_cursor")
		}
	}
	end := min(start+min(limit, mostHistory), len(all))
	messages := []any{}
	for _, m := range all[start:end] {
		messages = append(messages, f.wire(ch, m, truth(c.args["include_all_metadata"])))
	}
	out := reply{"ok": true, "messages": messages, "has_more": end < len(all)}
	if end < len(all) {
		out["response_metadata"] = map[string]any{"next_cursor": strconv.Itoa(end)}
	}
	return out
}

package slackfake

import (
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// response is an address at which an app may answer a click or a command: five times within half an hour.
type response struct {
	channel string
	user    string
	message string // ts of the message that was clicked; "" for commands
	ends    time.Time
	left    int
}

// responseURL makes one; the lock is held.
func (f *Fake) responseURL(kind, channel, user, message string) string {
	id := f.id("R")
	f.responses[id] = &response{channel, user, message, time.Now().Add(f.scaled(responseLife)), responseUses}
	return f.base + "/" + kind + "/" + id
}

// answerTo is what an app sends to such an address, or answers a command with.
type answerTo struct {
	Text            string          `json:"text"`
	Blocks          json.RawMessage `json:"blocks"`
	Type            string          `json:"response_type"` // ephemeral, in_channel
	ReplaceOriginal bool            `json:"replace_original"`
	DeleteOriginal  bool            `json:"delete_original"`
	Thread          string          `json:"thread_ts"`
}

// respond takes an answer at a response_url.
func (f *Fake) respond(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var a answerTo
	if err != nil || json.Unmarshal(data, &a) != nil {
		f.answer(w, http.StatusBadRequest, failed("invalid_payload"))
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, Call{Method: "response_url", Args: map[string]string{"body": string(data)}, At: time.Now(), Status: http.StatusOK})
	one := f.responses[r.PathValue("id")]
	switch {
	case one == nil, time.Now().After(one.ends):
		f.answer(w, http.StatusNotFound, failed("expired_url"))
		return
	case one.left == 0:
		f.answer(w, http.StatusNotFound, failed("used_url"))
		return
	}
	if len(a.Blocks) > 0 && string(a.Blocks) != "null" {
		if refusal := refusedBlocks(string(a.Blocks)); refusal != nil {
			f.answer(w, http.StatusBadRequest, refusal)
			return
		}
	}
	one.left--
	if refusal := f.speakTo(one, a); refusal != "" {
		f.answer(w, http.StatusNotFound, failed(refusal))
		return
	}
	f.answer(w, http.StatusOK, reply{"ok": true})
}

// speakTo shows an answer where it belongs; the lock is held.
func (f *Fake) speakTo(one *response, a answerTo) string {
	c, refusal := f.found(one.channel)
	if refusal != "" {
		return refusal
	}
	original := c.at(one.message)
	switch {
	case a.DeleteOriginal && original != nil:
		before := *original
		f.drop(c, original)
		f.unsaid(c, &before)
	case a.ReplaceOriginal && original != nil:
		before := *original
		original.Text, original.Updates = a.Text, original.Updates+1
		original.Blocks = withBlockIDs(string(a.Blocks), f)
		f.rewrote(c, &before, original)
	case a.Text == "" && len(a.Blocks) == 0:
		return "no_text"
	default:
		f.said(c, f.put(c, f.answered(one, a)))
	}
	f.changed()
	return ""
}

// answered is the message that an answer makes: seen by the one user, unless it says otherwise.
func (f *Fake) answered(one *response, a answerTo) *Message {
	m := &Message{User: f.Bot(), Bot: true, Text: a.Text, Blocks: withBlockIDs(string(a.Blocks), f), Thread: a.Thread}
	if a.Type != "in_channel" {
		m.Ephemeral = one.user
	}
	return m
}

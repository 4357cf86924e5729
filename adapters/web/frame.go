package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
)

// frame is any frame a client sends; which members count is said by Type.
type frame struct {
	Type         string `json:"type"`
	Token        string `json:"token"`        // hello; over HTTP any frame, in place of the header
	Conversation string `json:"conversation"` // hello: what After belongs to; else which of the visitor's is meant
	After        int64  `json:"after"`
	Flow         string `json:"flow"`
	Page         page   `json:"page"`
	Language     string `json:"language"`
	Timezone     string `json:"timezone"`
	ID           string `json:"id"`
	Text         string `json:"text"`
	Value        string `json:"value"`
	Resume       string `json:"resume"` // hello: what the link of a letter is signed by
	Known        known  `json:"known"`
	GPC          bool   `json:"gpc"` // hello: navigator.globalPrivacyControl
}

type page struct {
	URL      string `json:"url"`
	Title    string `json:"title"`
	Referrer string `json:"referrer"`
}

// The types of frames.
const (
	typeHello    = "hello"
	typeSay      = "say"
	typeTyping   = "typing"
	typeVisit    = "visit"
	typeIdentify = "identify"
)

// parse reads a frame. Keys it does not know are for newer servers; control characters are no part of any text.
func parse(data []byte) (frame, *fault) {
	if !utf8.Valid(data) {
		return frame{}, faultUTF8
	}
	var f frame
	if !readFlat(data, &f) {
		f = frame{}
		if trimmed := bytes.TrimLeft(data, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' {
			return frame{}, faultJSON
		}
		if err := json.Unmarshal(data, &f); err != nil {
			return frame{}, faultJSON
		}
	}
	for _, p := range []*string{
		&f.Token, &f.Conversation, &f.Flow, &f.Page.URL, &f.Page.Title, &f.Page.Referrer, &f.Language, &f.Timezone,
		&f.ID, &f.Text, &f.Value, &f.Resume,
	} {
		*p = printable(*p)
	}
	return f, f.check()
}

// check says whether the frame has what its type needs.
func (f *frame) check() *fault {
	switch f.Type {
	case typeHello, typeTyping:
	case typeSay:
		if f.ID == "" || len(f.ID) > MaxID || strings.TrimSpace(f.Text) == "" && f.Value == "" {
			return faultFrame
		}
	case typeVisit:
		if f.Page.URL == "" {
			return faultFrame
		}
	case typeIdentify:
		if len(f.Known) == 0 {
			return faultFrame
		}
	default:
		return faultType
	}
	return nil
}

func (f *frame) said() dialogue.Said { return dialogue.Said{ID: f.ID, Text: f.Text, Value: f.Value} }

// known takes words, numbers and truth as the words they stand for; what else a page may send is left out.
type known map[string]string

// UnmarshalJSON reads an object of plain values.
func (k *known) UnmarshalJSON(data []byte) error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	*k = known{}
	for name, raw := range all {
		var text string
		switch c := raw[0]; {
		case c == '"':
			if err := json.Unmarshal(raw, &text); err != nil {
				return err
			}
		case c != '{' && c != '[' && c != 'n':
			text = string(raw)
		default:
			continue
		}
		(*k)[printable(name)] = printable(text)
	}
	return nil
}

// printable drops control characters but line breaks and tabs; databases refuse some of them.
func printable(s string) string {
	control := func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f }
	if strings.IndexFunc(s, control) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if control(r) {
			return -1
		}
		return r
	}, s)
}

// appendMessage writes the message frame of one line of the transcript. It is written by hand because every visitor's
// every message goes through here.
func (s *Server) appendMessage(ctx context.Context, b *bytes.Buffer, m *bot.Message) error {
	p := b.AvailableBuffer()
	p = append(p, `{"type":"message","seq":`...)
	p = strconv.AppendInt(p, m.Seq, 10)
	if m.ID != "" {
		p = appendText(append(p, `,"id":`...), m.ID)
	}
	p = appendText(append(p, `,"from":`...), m.From)
	if m.Name != "" {
		p = appendText(append(p, `,"name":`...), m.Name)
	}
	if m.Picture != "" {
		p = appendText(append(p, `,"picture":`...), m.Picture)
	}
	p = appendText(append(p, `,"text":`...), m.Text)
	if m.Ask != nil {
		ask, err := json.Marshal(m.Ask)
		if err != nil {
			return fmt.Errorf("write question %s: %w", m.Ask.Field, err)
		}
		p = append(append(p, `,"ask":`...), ask...)
	}
	if m.Meeting != "" && len(s.Key) > 0 {
		card, err := s.card(ctx, m.Meeting)
		if err != nil {
			return err
		}
		p = append(p, card...)
	}
	if m.End != "" {
		p = appendText(append(p, `,"end":`...), m.End)
	}
	p = append(p, `,"at":"`...)
	p = m.At.UTC().AppendFormat(p, time.RFC3339Nano)
	p = append(p, `"}`...)
	b.Write(p)
	return nil
}

// appendText writes a JSON string: as it is where nothing is to be escaped.
func appendText(p []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			text, err := json.Marshal(s)
			if err != nil {
				panic(err) // strings always marshal
			}
			return append(p, text...)
		}
	}
	return append(append(append(p, '"'), s...), '"')
}

// welcome answers hello.
type welcome struct {
	Type         string            `json:"type"`
	Token        string            `json:"token"`
	Conversation string            `json:"conversation"`
	After        int64             `json:"after"`    // messages after this seq follow
	Language     string            `json:"language"` // the conversation's: the visitor's own where the flow speaks it
	Theme        flows.Theme       `json:"theme"`
	Texts        map[string]string `json:"texts"`
}

// encode writes v as one line of JSON without the line break.
func encode(b *bytes.Buffer, v any) error {
	if err := json.NewEncoder(b).Encode(v); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1)
	return nil
}

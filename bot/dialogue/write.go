package dialogue

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"usher/flows"
)

// plain is a conversation without its own way to JSON: what encoding/json makes of it is the law for write.go and
// read.go, which only do the same faster.
type plain Conversation

// MarshalJSON writes the conversation as encoding/json would.
func (c Conversation) MarshalJSON() ([]byte, error) {
	return c.AppendJSON(make([]byte, 0, 1024))
}

// AppendJSON appends the conversation as JSON to b.
func (c *Conversation) AppendJSON(b []byte) ([]byte, error) {
	w := writer{b: b}
	w.conversation(c)
	if !w.odd {
		return w.b, nil
	}
	slow, err := json.Marshal((*plain)(c))
	return append(b, slow...), err
}

// writer appends JSON by hand. What is odd (a number that is none, a time that is not UTC) it leaves to encoding/json.
type writer struct {
	b   []byte
	odd bool
}

func (w *writer) conversation(c *Conversation) {
	w.b = append(w.b, '{')
	w.string(`"flow":`, c.Flow)
	w.string(`"revision":`, c.Revision)
	w.string(`"state":`, c.State)
	w.string(`"language":`, c.Language)
	w.string(`"timezone":`, c.Timezone)
	w.string(`"channel":`, c.Channel)
	w.visit(&c.Visit)
	w.time(`"began":`, c.Began)
	w.int(`"turns":`, c.Turns)
	list(w, `"answers":`, c.Answers, (*writer).answer)
	w.strings(`"trail":`, c.Trail)
	if c.Tries != 0 {
		w.int(`"tries":`, c.Tries)
	}
	if a := c.Assigned; a != nil {
		w.key(`"assigned":{`)
		w.some(`"team":`, a.Team)
		w.string(`"rep":`, a.Rep)
		w.string(`"because":`, a.Because)
		w.int(`"route":`, a.Route)
		w.some(`"by":`, a.By)
		w.odd = w.odd || a.Next != nil
		w.b = append(w.b, '}')
	}
	w.odd = w.odd || c.Waiting != nil
	w.some(`"claimed":`, c.Claimed)
	w.someTime(`"claimed_at":`, c.ClaimedAt)
	w.strings(`"passed":`, c.Passed)
	w.someTime(`"snoozed_until":`, c.Snoozed)
	w.some(`"moving":`, c.Moving)
	list(w, `"offers":`, c.Offers, (*writer).slot)
	list(w, `"refused":`, c.Refused, (*writer).slot)
	w.some(`"seeking":`, c.Seeking)
	if c.Chosen != nil {
		w.key(`"chosen":`)
		w.slot(c.Chosen)
	}
	w.someTime(`"held_until":`, c.HeldUntil)
	w.meeting(`"meeting":{`, c.Meeting)
	if c.Meetings != 0 {
		w.int(`"meetings":`, c.Meetings)
	}
	w.meeting(`"clashed":{`, c.Clashed)
	w.yes(`"changing":`, c.Changing)
	if p := c.Joined; p != nil {
		w.key(`"joined":{`)
		w.string(`"rep":`, p.Rep)
		w.string(`"name":`, p.Name)
		w.some(`"picture":`, p.Picture)
		w.b = append(w.b, '}')
	}
	w.yes(`"met":`, c.Met)
	w.yes(`"no_letters":`, c.NoLetters)
	w.some(`"paused":`, c.Paused)
	w.receipt(&c.Score)
	w.some(`"end":`, c.End)
	w.some(`"reason":`, c.Reason)
	w.someTime(`"revisit":`, c.Revisit)
	w.someTime(`"wake_at":`, c.WakeAt)
	w.b = append(w.b, '}')
}

func (w *writer) meeting(key string, m *Meeting) {
	if m == nil {
		return
	}
	w.key(key)
	w.string(`"uid":`, m.UID)
	w.slotMembers(&m.Slot)
	w.some(`"step":`, m.Step)
	w.some(`"place":`, m.Place)
	w.b = append(w.b, '}')
}

func (w *writer) visit(v *flows.Visit) {
	w.key(`"visit":{`)
	w.some(`"page":`, v.Page)
	w.some(`"title":`, v.Title)
	w.some(`"referrer":`, v.Referrer)
	if len(v.UTM) > 0 {
		w.key(`"utm":{`)
		for _, k := range sorted(v.UTM) {
			w.name(k)
			w.quote(v.UTM[k])
		}
		w.b = append(w.b, '}')
	}
	w.some(`"timezone":`, v.Timezone)
	w.some(`"language":`, v.Language)
	w.some(`"channel":`, v.Channel)
	if v.Visits != 0 {
		w.int(`"visits":`, v.Visits)
	}
	list(w, `"pages":`, v.Pages, (*writer).page)
	w.some(`"owner":`, v.Owner)
	w.yes(`"gpc":`, v.GPC)
	w.b = append(w.b, '}')
}

func (w *writer) page(v *flows.PageView) {
	w.b = append(w.b, '{')
	w.string(`"path":`, v.Path)
	w.time(`"at":`, v.At)
	w.b = append(w.b, '}')
}

func (w *writer) answer(a *Answer) {
	w.b = append(w.b, '{')
	w.string(`"field":`, a.Field)
	w.value(&a.Value)
	w.some(`"said":`, a.Said)
	w.some(`"language":`, a.Language)
	w.some(`"wording":`, a.Wording)
	w.time(`"at":`, a.At)
	w.some(`"source":`, a.Source)
	w.b = append(w.b, '}')
}

func (w *writer) value(v *flows.Value) {
	w.key(`"value":{`)
	w.string(`"type":`, string(v.Type))
	w.some(`"text":`, v.Text)
	if v.Number != 0 {
		w.float(`"number":`, v.Number)
	}
	w.some(`"currency":`, v.Currency)
	w.yes(`"yes":`, v.Yes)
	w.strings(`"list":`, v.List)
	w.b = append(w.b, '}')
}

func (w *writer) slot(s *Slot) {
	w.b = append(w.b, '{')
	w.slotMembers(s)
	w.b = append(w.b, '}')
}

func (w *writer) slotMembers(s *Slot) {
	w.string(`"rep":`, s.Rep)
	w.time(`"start":`, s.Start)
	w.time(`"end":`, s.End)
	w.some(`"with":`, s.With)
}

func (w *writer) receipt(r *Receipt) {
	w.key(`"score":{`)
	w.float(`"score":`, r.Score)
	w.some(`"grade":`, r.Grade)
	if len(r.Parts) > 0 {
		w.key(`"parts":{`)
		for _, k := range sorted(r.Parts) {
			w.name(k)
			w.number(r.Parts[k])
		}
		w.b = append(w.b, '}')
	}
	list(w, `"reasons":`, r.Reasons, (*writer).reason)
	w.b = append(w.b, '}')
}

func (w *writer) reason(r *Reason) {
	w.b = append(w.b, '{')
	w.float(`"points":`, r.Points)
	w.some(`"part":`, r.Part)
	w.string(`"because":`, r.Because)
	w.b = append(w.b, '}')
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// list writes a list that is not empty.
func list[T any](w *writer, key string, items []T, write func(*writer, *T)) {
	if len(items) == 0 {
		return
	}
	w.key(key)
	w.b = append(w.b, '[')
	for i := range items {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		write(w, &items[i])
	}
	w.b = append(w.b, ']')
}

func (w *writer) strings(key string, items []string) {
	list(w, key, items, func(w *writer, s *string) { w.quote(*s) })
}

func (w *writer) comma() {
	if last := w.b[len(w.b)-1]; last != '{' {
		w.b = append(w.b, ',')
	}
}

func (w *writer) key(key string) {
	w.comma()
	w.b = append(w.b, key...)
}

// name writes a key that is data.
func (w *writer) name(name string) {
	w.comma()
	w.quote(name)
	w.b = append(w.b, ':')
}

func (w *writer) string(key, s string) {
	w.key(key)
	w.quote(s)
}

func (w *writer) some(key, s string) {
	if s != "" {
		w.string(key, s)
	}
}

func (w *writer) yes(key string, yes bool) {
	if yes {
		w.key(key)
		w.b = append(w.b, "true"...)
	}
}

func (w *writer) int(key string, n int) {
	w.key(key)
	w.b = strconv.AppendInt(w.b, int64(n), 10)
}

func (w *writer) someTime(key string, t time.Time) {
	if !t.IsZero() {
		w.time(key, t)
	}
}

func (w *writer) time(key string, t time.Time) {
	w.key(key)
	if y := t.Year(); t.Location() != time.UTC || y < 0 || y > 9999 {
		w.odd = true
		return
	}
	w.b = append(w.b, '"')
	w.b = t.AppendFormat(w.b, time.RFC3339Nano)
	w.b = append(w.b, '"')
}

func (w *writer) float(key string, f float64) {
	w.key(key)
	w.number(f)
}

func (w *writer) number(f float64) {
	if abs := math.Abs(f); !(abs < 1e21) || abs != 0 && abs < 1e-6 {
		w.odd = true // not a number, or one written with an exponent
		return
	}
	w.b = strconv.AppendFloat(w.b, f, 'f', -1, 64)
}

// quote writes a string; one with something to escape is left to encoding/json.
func (w *writer) quote(s string) {
	ascii := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			w.escape(s)
			return
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	if !ascii && (!utf8.ValidString(s) || strings.ContainsAny(s, "\u2028\u2029")) {
		w.escape(s)
		return
	}
	w.b = append(w.b, '"')
	w.b = append(w.b, s...)
	w.b = append(w.b, '"')
}

func (w *writer) escape(s string) {
	quoted, err := json.Marshal(s)
	if err != nil {
		w.odd = true
		return
	}
	w.b = append(w.b, quoted...)
}

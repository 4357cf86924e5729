package dialogue

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"usher/flows"
)

// UnmarshalJSON reads what MarshalJSON wrote. Any other JSON that means a conversation is read too, only slower.
func (c *Conversation) UnmarshalJSON(data []byte) error {
	r := reader{s: string(data), first: true} // copied once: all strings of the conversation are parts of it
	*c = Conversation{}
	r.conversation(c)
	if !r.odd && r.s == "" {
		return nil
	}
	var slow plain
	if err := json.Unmarshal(data, &slow); err != nil {
		*c = Conversation{}
		return fmt.Errorf("read conversation: %w", err)
	}
	*c = Conversation(slow)
	return nil
}

// reader reads JSON in exactly the form that writer gives it: its keys in its order and no spaces. Whatever is
// otherwise is odd, and encoding/json decides.
type reader struct {
	s     string // what is left
	first bool   // no key of this object was read yet
	odd   bool
}

func (r *reader) conversation(c *Conversation) {
	r.open()
	r.string(`"flow":`, &c.Flow)
	r.string(`"revision":`, &c.Revision)
	r.string(`"state":`, &c.State)
	r.string(`"language":`, &c.Language)
	r.string(`"timezone":`, &c.Timezone)
	r.string(`"channel":`, &c.Channel)
	r.visit(&c.Visit)
	r.time(`"began":`, &c.Began)
	r.int(`"turns":`, &c.Turns)
	items(r, `"answers":`, &c.Answers, 4, (*reader).answer)
	items(r, `"trail":`, &c.Trail, 4, (*reader).text)
	r.int(`"tries":`, &c.Tries)
	if r.key(`"assigned":`) {
		c.Assigned = new(Assignment)
		r.assignment(c.Assigned)
	}
	r.string(`"claimed":`, &c.Claimed)
	r.time(`"claimed_at":`, &c.ClaimedAt)
	items(r, `"passed":`, &c.Passed, 2, (*reader).text)
	r.time(`"snoozed_until":`, &c.Snoozed)
	r.string(`"moving":`, &c.Moving)
	items(r, `"offers":`, &c.Offers, 3, (*reader).slot)
	items(r, `"refused":`, &c.Refused, 6, (*reader).slot)
	r.string(`"seeking":`, &c.Seeking)
	if r.key(`"chosen":`) {
		c.Chosen = new(Slot)
		r.slot(c.Chosen)
	}
	r.time(`"held_until":`, &c.HeldUntil)
	if r.key(`"meeting":`) {
		c.Meeting = new(Meeting)
		r.meeting(c.Meeting)
	}
	r.int(`"meetings":`, &c.Meetings)
	if r.key(`"clashed":`) {
		c.Clashed = new(Meeting)
		r.meeting(c.Clashed)
	}
	r.yes(`"changing":`, &c.Changing)
	if r.key(`"joined":`) {
		c.Joined = new(Person)
		r.person(c.Joined)
	}
	r.yes(`"met":`, &c.Met)
	r.yes(`"no_letters":`, &c.NoLetters)
	r.string(`"paused":`, &c.Paused)
	r.receipt(&c.Score)
	r.string(`"end":`, &c.End)
	r.string(`"reason":`, &c.Reason)
	r.time(`"revisit":`, &c.Revisit)
	r.time(`"wake_at":`, &c.WakeAt)
	r.close()
}

func (r *reader) visit(v *flows.Visit) {
	if !r.key(`"visit":`) {
		return
	}
	r.open()
	r.string(`"page":`, &v.Page)
	r.string(`"title":`, &v.Title)
	r.string(`"referrer":`, &v.Referrer)
	if r.key(`"utm":`) {
		v.UTM = map[string]string{}
		r.each(func(name string) { v.UTM[name] = r.quoted() })
	}
	r.string(`"timezone":`, &v.Timezone)
	r.string(`"language":`, &v.Language)
	r.string(`"channel":`, &v.Channel)
	r.int(`"visits":`, &v.Visits)
	items(r, `"pages":`, &v.Pages, 4, (*reader).page)
	r.string(`"owner":`, &v.Owner)
	r.yes(`"gpc":`, &v.GPC)
	r.close()
}

func (r *reader) page(v *flows.PageView) {
	r.open()
	r.string(`"path":`, &v.Path)
	r.time(`"at":`, &v.At)
	r.close()
}

func (r *reader) answer(a *Answer) {
	r.open()
	r.string(`"field":`, &a.Field)
	if r.key(`"value":`) {
		r.value(&a.Value)
	}
	r.string(`"said":`, &a.Said)
	r.string(`"language":`, &a.Language)
	r.string(`"wording":`, &a.Wording)
	r.time(`"at":`, &a.At)
	r.string(`"source":`, &a.Source)
	r.close()
}

func (r *reader) value(v *flows.Value) {
	r.open()
	r.string(`"type":`, (*string)(&v.Type))
	r.string(`"text":`, &v.Text)
	r.float(`"number":`, &v.Number)
	r.string(`"currency":`, &v.Currency)
	r.yes(`"yes":`, &v.Yes)
	items(r, `"list":`, &v.List, 4, (*reader).text)
	r.close()
}

func (r *reader) assignment(a *Assignment) {
	r.open()
	r.string(`"team":`, &a.Team)
	r.string(`"rep":`, &a.Rep)
	r.string(`"because":`, &a.Because)
	r.int(`"route":`, &a.Route)
	r.close()
}

func (r *reader) slot(s *Slot) {
	r.open()
	r.slotMembers(s)
	r.close()
}

func (r *reader) slotMembers(s *Slot) {
	r.string(`"rep":`, &s.Rep)
	r.time(`"start":`, &s.Start)
	r.time(`"end":`, &s.End)
	r.string(`"with":`, &s.With)
}

func (r *reader) meeting(m *Meeting) {
	r.open()
	r.string(`"uid":`, &m.UID)
	r.slotMembers(&m.Slot)
	r.string(`"step":`, &m.Step)
	r.string(`"place":`, &m.Place)
	r.close()
}

func (r *reader) person(p *Person) {
	r.open()
	r.string(`"rep":`, &p.Rep)
	r.string(`"name":`, &p.Name)
	r.string(`"picture":`, &p.Picture)
	r.close()
}

func (r *reader) receipt(c *Receipt) {
	if !r.key(`"score":`) {
		return
	}
	r.open()
	r.float(`"score":`, &c.Score)
	r.string(`"grade":`, &c.Grade)
	if r.key(`"parts":`) {
		c.Parts = map[string]float64{}
		r.each(func(name string) { c.Parts[name] = r.number() })
	}
	items(r, `"reasons":`, &c.Reasons, 8, (*reader).reason)
	r.close()
}

func (r *reader) reason(c *Reason) {
	r.open()
	r.float(`"points":`, &c.Points)
	r.string(`"part":`, &c.Part)
	r.string(`"because":`, &c.Because)
	r.close()
}

// items reads a list, which writer never leaves empty; room is how many are expected.
func items[T any](r *reader, key string, out *[]T, room int, read func(*reader, *T)) {
	if !r.key(key) {
		return
	}
	r.byte('[')
	list := make([]T, 0, room)
	for more := true; more && !r.odd; more = r.skip(',') {
		list = append(list, *new(T))
		read(r, &list[len(list)-1])
	}
	r.byte(']')
	*out = list
}

// each reads an object whose keys are data.
func (r *reader) each(read func(name string)) {
	r.byte('{')
	for more := true; more && !r.odd; more = r.skip(',') {
		name := r.quoted()
		r.byte(':')
		read(name)
	}
	r.close()
}

func (r *reader) open() {
	r.byte('{')
	r.first = true
}

func (r *reader) close() {
	r.byte('}')
	r.first = false
}

// key says whether the next key is this one, and passes it.
func (r *reader) key(key string) bool {
	s := r.s
	if !r.first {
		if s == "" || s[0] != ',' {
			return false
		}
		s = s[1:]
	}
	if !strings.HasPrefix(s, key) {
		return false
	}
	r.s, r.first = s[len(key):], false
	return true
}

func (r *reader) skip(c byte) bool {
	if r.s == "" || r.s[0] != c {
		return false
	}
	r.s = r.s[1:]
	return true
}

func (r *reader) byte(c byte) {
	if !r.skip(c) {
		r.odd = true
	}
}

func (r *reader) string(key string, out *string) {
	if r.key(key) {
		*out = r.quoted()
	}
}

func (r *reader) text(out *string) { *out = r.quoted() }

// quoted reads a string: a part of the document where nothing in it is escaped.
func (r *reader) quoted() string {
	r.byte('"')
	ascii := true
	for i := 0; i < len(r.s); i++ {
		switch c := r.s[i]; {
		case c == '"':
			s := r.s[:i]
			r.s = r.s[i+1:]
			r.odd = r.odd || !ascii && !utf8.ValidString(s)
			return s
		case c == '\\':
			return r.escaped(i)
		case c < ' ':
			r.odd = true
			return ""
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	r.odd = true
	return ""
}

// escaped reads a string that has its first backslash at i.
func (r *reader) escaped(i int) string {
	for i < len(r.s) && r.s[i] != '"' {
		if r.s[i] == '\\' {
			i++
		}
		i++
	}
	if i >= len(r.s) {
		r.odd = true
		return ""
	}
	var s string
	if err := json.Unmarshal([]byte(`"`+r.s[:i+1]), &s); err != nil {
		r.odd = true
	}
	r.s = r.s[i+1:]
	return s
}

func (r *reader) yes(key string, out *bool) {
	if !r.key(key) {
		return
	}
	if *out = strings.HasPrefix(r.s, "true"); !*out {
		r.odd = true
		return
	}
	r.s = r.s[len("true"):]
}

func (r *reader) int(key string, out *int) {
	if !r.key(key) {
		return
	}
	n, err := strconv.Atoi(r.digits())
	if err != nil {
		r.odd = true
	}
	*out = n
}

func (r *reader) float(key string, out *float64) {
	if r.key(key) {
		*out = r.number()
	}
}

func (r *reader) number() float64 {
	f, err := strconv.ParseFloat(r.digits(), 64)
	if err != nil {
		r.odd = true
	}
	return f
}

// digits passes a number as writer writes it: -?(0|[1-9][0-9]*)(\.[0-9]+)?, without an exponent.
func (r *reader) digits() string {
	i := 0
	if strings.HasPrefix(r.s, "-") {
		i++
	}
	whole := i
	i = r.run(i)
	r.odd = r.odd || i == whole || i > whole+1 && r.s[whole] == '0'
	if i < len(r.s) && r.s[i] == '.' {
		frac := i + 1
		i = r.run(frac)
		r.odd = r.odd || i == frac
	}
	s := r.s[:i]
	r.s = r.s[i:]
	return s
}

func (r *reader) run(i int) int {
	for i < len(r.s) && r.s[i] >= '0' && r.s[i] <= '9' {
		i++
	}
	return i
}

// time reads an instant in UTC, the only form that writer gives one.
func (r *reader) time(key string, out *time.Time) {
	if !r.key(key) {
		return
	}
	s := r.quoted()
	if len(s) < len("2006-01-02T15:04:05Z") || s[10] != 'T' || s[13] != ':' || s[len(s)-1] != 'Z' || strings.Contains(s, ",") {
		r.odd = true
		return
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		r.odd = true
	}
	*out = t.UTC()
}

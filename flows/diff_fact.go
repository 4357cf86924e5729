package flows

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// fact is one thing that is so of a part of the workspace, in words.
type fact struct {
	name, value string
	text        bool // what is said to visitors
}

// factsOf is every fact of a part: of each member of its struct, whatever members it has, so that a key that comes to the
// language is compared from then on. Left out are places in files and what is compared as parts of its own.
func factsOf(v any) []fact {
	var out []fact
	value := reflect.Indirect(reflect.ValueOf(v))
	for value.Kind() == reflect.Pointer {
		value = value.Elem()
	}
	if h, ok := v.(**Hours); ok {
		return []fact{{value: (*h).words()}}
	}
	if value.IsValid() {
		gather(value, "", &out)
	}
	return out
}

// apart are the members that are parts of their own, or nothing that an author writes.
var apart = map[string]bool{
	"Flow.ID": true, "Flow.Fields": true, "Flow.Steps": true, "Flow.Score": true, "Flow.Caps": true, "Flow.Grades": true,
	"Step.ID": true, "Step.Next": true, "Field.Name": true, "Field.Options": true, "Option.Value": true,
	"Rep.ID": true, "Rep.Location": true, "Team.ID": true, "Roster.Reps": true, "Roster.Teams": true, "Roster.Hours": true,
	"Roster.Routes": true, "Roster.Accounts": true, "Account.Domains": true, "Roster.Location": true, "Stay.Location": true,
	"Hours.Name": true, "Rule.Because": true, "Sequence.ID": true, "Sequence.Letters": true, "Followups.Sequences": true,
	"Book.Rules": true, "reply.Name": true, "Hook.URL": true, "Grade.Name": true,
}

func gather(v reflect.Value, prefix string, out *[]fact) {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || apart[t.Name()+"."+f.Name] || f.Type == reflect.TypeFor[Place]() {
			continue
		}
		name := strings.TrimSpace(prefix + " " + strings.TrimPrefix(spoken(f.Name), "kind"))
		member := v.Field(i)
		if nested(member) {
			if inner := reflect.Indirect(member); inner.IsValid() {
				gather(inner, name, out)
			}
			continue
		}
		if text, ok := asText(member); ok {
			for _, language := range text.Languages() {
				key := name
				if language != text.Languages()[0] {
					key += " in " + language
				}
				*out = append(*out, fact{key, "“" + strings.Join(strings.Fields(text.Written(language)), " ") + "”", true})
			}
			continue
		}
		*out = append(*out, fact{name: name, value: factWords(member)})
	}
}

// asText is a member that is a text.
func asText(v reflect.Value) (*Text, bool) {
	switch x := v.Interface().(type) {
	case Text:
		return &x, true
	case *Text:
		return x, true
	}
	return nil, false
}

// nested says whether a member's own members are facts of the part.
func nested(v reflect.Value) bool {
	switch v.Interface().(type) {
	case Show, Theme, *Book, *Handoff, *End, MeetingRules, Limits, Fallback, Begin:
		return true
	}
	return false
}

// spoken is a Go name as words: NoBooking → no booking.
func spoken(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// factWords is a value in words; what is not set is "".
func factWords(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case time.Duration:
		if x == 0 {
			return ""
		}
		return lapseText(x)
	case *Condition:
		if x == nil {
			return ""
		}
		return x.Words()
	case *Field:
		return named(x == nil, func() string { return x.Name })
	case *Rep:
		return named(x == nil, func() string { return x.ID })
	case *Team:
		return named(x == nil, func() string { return x.ID })
	case *Hours:
		switch {
		case x == nil:
			return ""
		case x.Name != "":
			return x.Name
		}
		return x.words()
	case *time.Location:
		return named(x == nil, x.String)
	case Date:
		return x.words()
	case DateRange:
		return x.words()
	case LetterLimit:
		return x.words()
	case Span:
		return x.words()
	case []Span:
		return spansText(x)
	case Edge:
		return x.To
	}
	return plainWords(v)
}

func named(none bool, name func() string) string {
	if none {
		return ""
	}
	return name()
}

// plainWords is any other value: lists with commas, structs and maps as their members.
func plainWords(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return ""
		}
		return factWords(v.Elem())
	case reflect.Slice, reflect.Array:
		var out []string
		for i := range v.Len() {
			out = append(out, factWords(v.Index(i)))
		}
		return strings.Join(out, ", ")
	case reflect.Map:
		var out []string
		for _, k := range v.MapKeys() {
			out = append(out, fmt.Sprint(k.Interface())+" "+factWords(v.MapIndex(k)))
		}
		slices.Sort(out)
		return strings.Join(out, ", ")
	case reflect.Struct:
		var facts []fact
		gather(v, "", &facts)
		var out []string
		for _, f := range facts {
			if f.value != "" {
				out = append(out, f.name+" "+f.value)
			}
		}
		return strings.Join(out, " ")
	case reflect.Bool:
		if v.Bool() {
			return "yes"
		}
		return ""
	case reflect.Int, reflect.Int64:
		if v.Int() == 0 {
			return ""
		}
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Float64:
		return plainNumber(v.Float())
	case reflect.String:
		return v.String()
	}
	return ""
}

// lapseText is a length of time as flows write it.
func lapseText(d time.Duration) string {
	for _, u := range []struct {
		of   time.Duration
		name string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}} {
		if d%u.of == 0 {
			return strconv.FormatInt(int64(d/u.of), 10) + u.name
		}
	}
	return d.String()
}

func (d Date) words() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

func (r DateRange) words() string {
	if r.From == r.To {
		return r.From.words()
	}
	return r.From.words() + " to " + r.To.words()
}

// words is a week: days with the same hours together.
func (h *Hours) words() string {
	var out []string
	for i := 1; i <= 7; {
		j := i
		for j < 7 && slices.Equal(h.Week[(j+1)%7], h.Week[i%7]) {
			j++
		}
		if len(h.Week[i%7]) > 0 {
			days := time.Weekday(i % 7).String()[:3]
			if j > i {
				days += "–" + time.Weekday(j % 7).String()[:3]
			}
			out = append(out, days+" "+spansText(h.Week[i%7]))
		}
		i = j + 1
	}
	return strings.Join(out, ", ")
}

func spansText(spans []Span) string {
	if len(spans) == 0 {
		return "closed"
	}
	var out []string
	for _, s := range spans {
		out = append(out, fmt.Sprintf("%02d:%02d–%02d:%02d", s.From/60, s.From%60, s.To/60, s.To%60))
	}
	return strings.Join(out, " and ")
}

// words is a time of quiet.
func (s Span) words() string {
	if s.From == s.To {
		return "never"
	}
	return spansText([]Span{s})
}

// placeIn is where a part stands.
func placeIn(v any) Place {
	value := reflect.ValueOf(v)
	for value.Kind() == reflect.Pointer {
		value = value.Elem()
	}
	if value.Kind() != reflect.Struct {
		return Place{}
	}
	for _, name := range []string{"Place", "At"} {
		if f := value.FieldByName(name); f.IsValid() {
			if p, ok := f.Interface().(Place); ok {
				return p
			}
		}
	}
	return Place{}
}

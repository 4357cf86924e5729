package flows

import (
	"strings"
)

// vocabulary is what the expressions at one place of a workspace may name.
type vocabulary struct {
	fields map[string]*Field
	clash  map[string]string // fields that two flows give different types, with the sentence that says so
	parts  []string          // parts that a score rule brings
	grades []string
	roster *Roster
	guess  bool // a flow could not be read, so a name that is not known may be one of its fields
	rating bool // inside a score rule: score, grade and part are being made and cannot be named

	proving bool // inside always and never: offered, handed_off, end and questions can be named
}

func (v *vocabulary) fieldNames() []string { return sortedKeys(v.fields) }

// plainNames are the names that are no fields; a field may not take one of them.
var plainNames = []string{
	"score", "grade", "part", "booked", "joined", "rep", "meeting", "language", "channel", "hour", "weekday", "visits",
	"page", "referrer", "utm", "owner", "known", "visited", "open",
}

// softNames are names too, but where a flow has a field called so they are the field's.
var softNames = []string{"account"}

// grammarWords are words of the expression language: a field called so could not be named.
var grammarWords = []string{
	"and", "or", "not", "in", "contains", "matches", "startsWith", "endsWith", "let", "if", "else", "true", "false", "nil",
}

var weekdays = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// names is everything an identifier may be, for hints.
func (v *vocabulary) names() []string {
	names := append(append(v.fieldNames(), plainNames...), softNames...)
	if v.proving {
		names = append(names, provedNames...)
	}
	return names
}

// name is the term of a bare name; ok is false when there is no such name.
func (v *vocabulary) name(name string) (t term, ok bool) {
	if f := v.fields[name]; f != nil {
		return fieldTerm(f), true
	}
	switch name {
	case "score":
		t = numberTerm(func(s *Scope) (float64, bool) { return s.Score, true })
	case "visits":
		t = numberTerm(func(s *Scope) (float64, bool) { return float64(s.Visits), true })
	case "hour":
		t = numberTerm(func(s *Scope) (float64, bool) { return float64(s.Now.Hour()), !s.Now.IsZero() })
	case "booked":
		t = boolTerm(func(s *Scope) bool { return s.Booked })
	case "joined":
		t = boolTerm(func(s *Scope) bool { return s.Joined })
	case "grade":
		t = ownText(func(s *Scope) string { return s.Grade })
		t.oneOf, t.closed = v.grades, true
	case "weekday":
		t = textTerm(func(s *Scope) (string, bool) { return weekdays[s.Now.Weekday()], !s.Now.IsZero() })
		t.oneOf, t.closed = weekdays[:], true
	case "owner":
		t = ownText(func(s *Scope) string { return s.Owner })
		t.oneOf, t.closed = v.repIDs(), true
	case "account":
		t = ownText(func(s *Scope) string {
			if a := s.Roster.AccountOf(s.Values); a != nil {
				return a.To
			}
			return ""
		})
	case "language":
		t = ownText(func(s *Scope) string { return s.Language })
	case "channel":
		t = ownText(func(s *Scope) string { return s.Channel })
	case "page":
		t = foreignText(func(s *Scope) string { return s.Page })
	case "referrer":
		t = foreignText(func(s *Scope) string { return s.Referrer })
	default:
		if v.proving {
			return proved(name)
		}
		return term{}, false
	}
	t.noun = name
	return t, true
}

func (v *vocabulary) repIDs() []string {
	if v.roster == nil {
		return nil
	}
	return v.roster.repIDs()
}

// repNames are what can be said of the rep, and meetingNames of the meeting.
var repNames = map[string]func(*Rep) string{
	"id":         func(r *Rep) string { return r.ID },
	"name":       func(r *Rep) string { return r.Name },
	"first_name": func(r *Rep) string { return firstName(r.Name) },
	"title":      func(r *Rep) string { return r.Title },
	"email":      func(r *Rep) string { return r.Email },
	"picture":    func(r *Rep) string { return r.Picture },
	"timezone":   func(r *Rep) string { return r.Timezone },
	"place":      func(r *Rep) string { return r.Place },
}

var meetingNames = map[string]func(*MeetingScope) string{
	"starts": func(m *MeetingScope) string { return m.Starts },
	"day":    func(m *MeetingScope) string { return m.Day },
	"time":   func(m *MeetingScope) string { return m.Time },
	"place":  func(m *MeetingScope) string { return m.Place },
}

func firstName(name string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	return first
}

func repTerm(name string) (term, bool) {
	of, ok := repNames[name]
	return ownText(func(s *Scope) string {
		if s.Rep == nil {
			return ""
		}
		return of(s.Rep)
	}), ok
}

func meetingTerm(name string) (term, bool) {
	if name == "minutes" {
		return numberTerm(func(s *Scope) (float64, bool) {
			if s.Meeting == nil {
				return 0, false
			}
			return float64(s.Meeting.Minutes), true
		}), true
	}
	of, ok := meetingNames[name]
	return ownText(func(s *Scope) string {
		if s.Meeting == nil {
			return ""
		}
		return of(s.Meeting)
	}), ok
}

func utmTerm(name string) term {
	return foreignText(func(s *Scope) string { return s.UTM[name] })
}

func partTerm(name string) term {
	return numberTerm(func(s *Scope) (float64, bool) { return s.Parts[name], true })
}

// fieldTerm is the value of a field; it is not known until the visitor has given it.
func fieldTerm(f *Field) term {
	t := term{noun: f.Name, field: f}
	switch f.Type {
	case TypeNumber, TypeMoney:
		t.kind = numberKind
		t.num = func(s *Scope) (float64, bool) {
			v, ok := s.Values[f.Name]
			return v.Number, ok && (v.Type == TypeNumber || v.Type == TypeMoney)
		}
	case TypeYesNo, TypeConsent:
		t.kind = boolKind
		t.yes = func(s *Scope) bool { return s.Values[f.Name].Yes }
		t.known = func(s *Scope) bool { return s.Values[f.Name].Known() }
	case TypeChoices:
		t.kind = listKind
		t.list = func(s *Scope) ([]string, bool) {
			v, ok := s.Values[f.Name]
			return v.List, ok && v.Known()
		}
	default:
		t.kind = textKind
		t.text = func(s *Scope) (string, bool) {
			v, ok := s.Values[f.Name]
			return v.Text, ok && v.Known()
		}
	}
	if len(f.Options) > 0 {
		t.oneOf, t.closed = f.values(), true
	}
	t.show = func(s *Scope, language string) (string, bool) {
		v, ok := s.Values[f.Name]
		if !ok || !v.Known() {
			return "", false
		}
		return harmless(f.show(v, language, s)), true
	}
	return t
}

// show renders a value for a reader.
func (f *Field) show(v Value, language string, s *Scope) string {
	if s.Show != nil {
		return s.Show(f, v, language)
	}
	switch v.Type {
	case TypeNumber:
		return plainNumber(v.Number)
	case TypeMoney:
		return strings.TrimSpace(v.Text + " " + v.Currency)
	case TypeYesNo, TypeConsent:
		if v.Yes {
			return "yes"
		}
		return "no"
	case TypeChoices:
		labels := make([]string, len(v.List))
		for i, value := range v.List {
			labels[i] = f.label(value, language)
		}
		return strings.Join(labels, ", ")
	case TypeChoice:
		return f.label(v.Text, language)
	}
	return v.Text
}

func (f *Field) label(value, language string) string {
	for i := range f.Options {
		if f.Options[i].Value == value && !f.Options[i].Label.Empty() {
			return f.Options[i].Label.Written(language)
		}
	}
	return value
}

func (f *Field) values() []string {
	values := make([]string, len(f.Options))
	for i, o := range f.Options {
		values[i] = o.Value
	}
	return values
}

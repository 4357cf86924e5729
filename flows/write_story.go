package flows

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// YAML is the story as its author would write it: it loads as the same story.
func (s *Story) YAML() string {
	w := storyWriter{}
	w.line("story: %s", scalarYAML(s.Name))
	w.line("flow: %s", scalarYAML(s.Flow))
	w.line("now: %s", s.Now.Format(time.RFC3339))
	if visit := visitYAML(s.Visit); visit != "" {
		w.line("visit: %s", visit)
	}
	w.line("turns:")
	for i := range s.Turns {
		if turn := turnYAML(&s.Turns[i]); turn != "" {
			w.line("  - %s", turn)
		}
	}
	return w.String()
}

type storyWriter struct{ strings.Builder }

func (w *storyWriter) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// flow style collects the pairs of a map on one line.
type pairs []string

func (p *pairs) text(key, value string) {
	if value != "" {
		*p = append(*p, key+": "+scalarYAML(value))
	}
}

func (p *pairs) nested(key string, inner pairs) {
	if len(inner) > 0 {
		*p = append(*p, key+": "+inner.String())
	}
}

func (p pairs) String() string { return "{ " + strings.Join(p, ", ") + " }" }

func visitYAML(v Visit) string {
	var p, utm pairs
	p.text("page", v.Page)
	p.text("title", v.Title)
	p.text("referrer", v.Referrer)
	for _, name := range slices.Sorted(maps.Keys(v.UTM)) {
		utm.text(scalarYAML(name), v.UTM[name])
	}
	p.nested("utm", utm)
	p.text("timezone", v.Timezone)
	p.text("language", v.Language)
	p.text("channel", v.Channel)
	if v.Visits != 0 {
		p = append(p, "visits: "+strconv.Itoa(v.Visits))
	}
	p.text("owner", v.Owner)
	if len(p) == 0 {
		return ""
	}
	return p.String()
}

// turnYAML is one line of the story.
func turnYAML(t *StoryTurn) string {
	switch {
	case t.Bot != "":
		return "bot: " + spokenYAML(t.Bot)
	case t.Visitor != "":
		return "visitor: " + spokenYAML(t.Visitor)
	case t.Value != "":
		return "value: " + spokenYAML(t.Value)
	case t.Wait > 0:
		return "wait: " + lapseYAML(t.Wait)
	case t.Visit != "":
		return "visit: " + scalarYAML(t.Visit)
	case t.Joins != "":
		return "joins: " + scalarYAML(t.Joins)
	case t.Leaves != "":
		return "leaves: " + scalarYAML(t.Leaves)
	case t.Given != nil:
		return "given: " + givenYAML(t.Given)
	case t.Expect != nil:
		return "expect: " + expectYAML(t.Expect)
	}
	return ""
}

func givenYAML(g *Given) string {
	var p pairs
	p.text("times", g.Times)
	p.text("rep", g.Rep)
	return p.String()
}

func expectYAML(e *Expect) string {
	var p, parts, known pairs
	p.text("step", e.Step)
	p.text("grade", e.Grade)
	if e.Score != nil {
		p = append(p, "score: "+plainNumber(*e.Score))
	}
	for _, name := range slices.Sorted(maps.Keys(e.Parts)) {
		parts = append(parts, scalarYAML(name)+": "+plainNumber(e.Parts[name]))
	}
	p.nested("parts", parts)
	p.text("team", e.Team)
	p.text("rep", e.Rep)
	p.text("end", e.End)
	p.text("reason", e.Reason)
	switch {
	case e.NoBooking:
		p = append(p, "meeting: none")
	case !e.Meeting.IsZero():
		p = append(p, "meeting: "+e.Meeting.Format(time.RFC3339))
	}
	if e.Offers != nil {
		p = append(p, "offers: "+strconv.Itoa(*e.Offers))
	}
	for _, name := range slices.Sorted(maps.Keys(e.Known)) {
		known = append(known, scalarYAML(name)+": "+quoteYAML(e.Known[name]))
	}
	p.nested("known", known)
	return p.String()
}

// lapseYAML is a length of time in the largest unit that it is whole in.
func lapseYAML(d time.Duration) string {
	for _, unit := range []struct {
		name string
		of   time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}} {
		if d%unit.of == 0 {
			return strconv.Itoa(int(d/unit.of)) + unit.name
		}
	}
	return strconv.Itoa(int((d+time.Second-1)/time.Second)) + "s"
}

// bareYAML is text that YAML reads as itself without quotes, also between braces.
var bareYAML = regexp.MustCompile(`^[A-Za-z/][A-Za-z0-9 _./@$'!()-]*[A-Za-z0-9_./!)?]$`)

var wordsOfYAML = []string{"true", "false", "null", "yes", "no", "on", "off"}

// scalarYAML is a text as a YAML value.
func scalarYAML(s string) string {
	if bareYAML.MatchString(s) && !slices.Contains(wordsOfYAML, strings.ToLower(s)) {
		return s
	}
	return quoteYAML(s)
}

// spokenYAML is what somebody says: a number needs no quotes there.
func spokenYAML(s string) string {
	if wholeNumber.MatchString(s) {
		return s
	}
	return scalarYAML(s)
}

var wholeNumber = regexp.MustCompile(`^[1-9][0-9]{0,14}$`)

// quoteYAML is a text in double quotes, in which YAML knows the escapes of JSON.
func quoteYAML(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case !strconv.IsPrint(r) && r > 0xffff:
			fmt.Fprintf(&b, `\U%08X`, r)
		case !strconv.IsPrint(r):
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

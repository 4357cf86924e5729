package bot

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"usher/flows"
)

// Markdown is the dossier in plain words, for the person to read.
func (d Dossier) Markdown() string {
	t := &tale{}
	t.line("# Everything that is known of you here")
	t.line("Collected on %s.", t.when(d.Made))
	d.tellPerson(t)
	d.tellTrail(t)
	for i, c := range d.Conversations {
		tellConversation(t, i+1, c)
	}
	d.tellMeetings(t)
	d.tellElsewhere(t)
	d.tellAudit(t)
	d.tellRecords(t)
	return t.String()
}

// tale is a text that grows paragraph by paragraph.
type tale struct{ strings.Builder }

func (t *tale) line(format string, args ...any) { fmt.Fprintf(t, format+"\n\n", args...) }

func (t *tale) item(name, value string) {
	if value != "" {
		fmt.Fprintf(t, "- %s: %s\n", name, strings.ReplaceAll(value, "\n", " "))
	}
}

func (t *tale) end() { t.WriteByte('\n') }

func (*tale) when(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format("2 January 2006, 15:04 UTC")
}

func (d Dossier) tellPerson(t *tale) {
	t.line("## Who you are to us")
	if p := d.Person; p != nil {
		for _, f := range [][2]string{
			{"Our number for you", p.ID},
			{"Name", p.Name},
			{"E-mail", p.Email},
			{"Phone", p.Phone},
			{"Company", p.Company},
			{"Company's domain", p.Domain},
			{"Country", p.Country},
			{"Language", p.Language},
			{"Time zone", p.Timezone},
			{"Grade", p.Grade},
			{"Stage", p.Stage},
			{"Why", p.Reason},
			{"To be written to again", t.when(p.Revisit)},
			{"Looked after by", p.Owner},
			{"First seen", t.when(p.CreatedAt)},
			{"Last change", t.when(p.UpdatedAt)},
			{"You came first", cameBy(p.First)},
			{"You came last", cameBy(p.Last)},
		} {
			t.item(f[0], f[1])
		}
		for _, name := range slices.Sorted(maps.Keys(p.Fields)) {
			t.item("You told us ("+name+")", said(p.Fields[name]))
		}
		for _, c := range p.Consents {
			t.item("Consent, "+c.Field, fmt.Sprintf("%s on %s (%s), to the words: %s", map[bool]string{true: "given", false: "not given, or withdrawn"}[c.Given], t.when(c.At), c.Language, c.Wording))
		}
	}
	t.item("Addresses", strings.Join(d.Subject.Emails, ", "))
	t.item("Phone numbers", strings.Join(d.Subject.Phones, ", "))
	t.item("Browsers, by our numbers", strings.Join(d.Subject.Visitors, ", "))
	t.end()
}

func cameBy(s Source) string {
	var out []string
	for _, f := range [][2]string{{"channel", s.Channel}, {"page", s.Page}, {"from", s.Referrer}} {
		if f[1] != "" {
			out = append(out, f[0]+" "+f[1])
		}
	}
	for _, k := range slices.Sorted(maps.Keys(s.UTM)) {
		out = append(out, k+" "+s.UTM[k])
	}
	return strings.Join(out, ", ")
}

// said is a value in plain words.
func said(v flows.Value) string {
	switch {
	case len(v.List) > 0:
		return strings.Join(v.List, ", ")
	case v.Text != "":
		return strings.TrimSpace(v.Text + " " + v.Currency)
	}
	return fmt.Sprint(v.Plain())
}

func (d Dossier) tellTrail(t *tale) {
	if len(d.Trail) == 0 {
		return
	}
	t.line("## How we judged you over time")
	for _, c := range d.Trail {
		t.item(t.when(c.At), fmt.Sprintf("%s %s, by %s%s", c.Kind, strings.TrimSpace(cmp.Or(c.From, "nothing")+" → "+cmp.Or(c.To, "nothing")), cmp.Or(c.By, "us"), prefixed(": ", c.Because)))
	}
	t.end()
}

func prefixed(by, text string) string {
	if text == "" {
		return ""
	}
	return by + text
}

func tellConversation(t *tale, n int, c Told) {
	s := c.State
	t.line("## Conversation %d, %s", n, t.when(c.Began))
	for _, f := range [][2]string{
		{"Our number for it", c.ID},
		{"On", c.Site},
		{"Channel", s.Channel},
		{"Language", s.Language},
		{"Time zone", s.Timezone},
		{"Page", s.Visit.Page},
		{"Came from", s.Visit.Referrer},
		{"Campaign", cameBy(Source{UTM: s.Visit.UTM})},
		{"How it ended", s.End},
		{"Why", s.Reason},
		{"Score", fmt.Sprint(s.Score.Score, " ", s.Score.Grade)},
	} {
		t.item(f[0], f[1])
	}
	for _, r := range s.Score.Reasons {
		t.item("Points", fmt.Sprintf("%g because %s", r.Points, r.Because))
	}
	for _, p := range s.Visit.Pages {
		t.item("Page seen", p.Path+" on "+t.when(p.At))
	}
	for _, a := range s.Answers {
		t.item("Answer ("+a.Field+")", said(a.Value)+prefixed(", to the words: ", a.Wording))
	}
	t.end()
	for _, m := range c.Messages {
		who := map[string]string{FromVisitor: "You", FromBot: "Bot", FromRep: cmp.Or(m.Name, "Rep")}[m.From]
		fmt.Fprintf(t, "> **%s**, %s: %s\n>\n", who, m.At.UTC().Format("15:04"), strings.ReplaceAll(m.Text, "\n", "\n> "))
	}
	t.end()
}

func (d Dossier) tellMeetings(t *tale) {
	if len(d.Meetings) == 0 {
		return
	}
	t.line("## Meetings")
	for _, m := range d.Meetings {
		t.item(t.when(m.Start), fmt.Sprintf("%s with %s, %s%s%s", cmp.Or(m.Title, "a meeting"), m.Rep, m.Status, prefixed(", at ", m.Place), prefixed(", invitation to ", m.Attendee)))
	}
	t.end()
}

func (d Dossier) tellElsewhere(t *tale) {
	if len(d.Elsewhere) == 0 {
		return
	}
	t.line("## What lies in other places")
	for _, e := range d.Elsewhere {
		t.item(e.Place, "`"+e.What+"`")
	}
	t.end()
}

func (d Dossier) tellAudit(t *tale) {
	if len(d.Audit) == 0 {
		return
	}
	t.line("## Who did what with it by hand")
	for _, l := range d.Audit {
		t.item(t.when(l.At), l.Who+", "+l.What)
	}
	t.end()
}

// tellRecords lists what the chapters above may not have said, row by row.
func (d Dossier) tellRecords(t *tale) {
	t.line("## Every row of the database")
	for _, r := range d.Records {
		fmt.Fprintf(t, "- %s\n", r.Table)
		for _, name := range slices.Sorted(maps.Keys(r.Values)) {
			if v := r.Values[name]; v != "" {
				fmt.Fprintf(t, "  - %s: %s\n", name, strings.ReplaceAll(v, "\n", " "))
			}
		}
	}
}

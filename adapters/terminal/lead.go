package terminal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
)

// PersonCommands are the commands about leads.
type PersonCommands struct {
	Lead  LeadCommand  `cmd:"" help:"Show all that is known of a lead."`
	Leads LeadsCommand `cmd:"" help:"List leads."`
	Stage StageCommand `cmd:"" help:"Move a lead to another stage, and say why."`
}

// LeadCommand shows one lead.
type LeadCommand struct {
	Who string `arg:"" help:"An e-mail address, a phone, how the name begins, or the id of the lead or a conversation."`
	HouseQuery
}

// Help teaches.
func (LeadCommand) Help() string {
	return `One record per person: all conversations on all channels, the score as it stands now and what it is made of, the stage and how it
came to be, who has the lead, where it came from first and last, meetings, pages and what was agreed to.

Who gives an address, a phone or comes back in the same browser is the same lead; two that turn out to be one are merged, and the
trail says so.

  usher lead priya@bigco.example
  usher lead priya@bigco.example --json | jq '.trail[] | select(.kind=="stage")'`
}

// leadLine is a lead as --json prints it.
type leadLine struct {
	ID            string             `json:"id"`
	Name          string             `json:"name"`
	Email         string             `json:"email"`
	Phone         string             `json:"phone"`
	Company       string             `json:"company"`
	Domain        string             `json:"domain"`
	Country       string             `json:"country"`
	Language      string             `json:"language"`
	Timezone      string             `json:"timezone"`
	Stage         string             `json:"stage"`
	Reason        string             `json:"reason,omitempty"`
	Revisit       time.Time          `json:"revisit,omitzero"`
	Owner         string             `json:"owner"`
	Team          string             `json:"team"`
	Waiting       string             `json:"waiting,omitempty"`
	Score         float64            `json:"score"` // now
	Grade         string             `json:"grade"`
	Parts         map[string]float64 `json:"parts,omitempty"`
	Reasons       []dialogue.Reason  `json:"reasons,omitempty"`
	First         bot.Source         `json:"first"`
	Last          bot.Source         `json:"last"`
	Fields        map[string]any     `json:"fields,omitempty"`
	Consents      []bot.Consent      `json:"consents,omitempty"`
	Trail         []trailLine        `json:"trail,omitempty"`
	Conversations []talkLine         `json:"conversations,omitempty"`
	Meetings      []meetLine         `json:"meetings,omitempty"`
	Pages         []flows.PageView   `json:"pages,omitempty"`
	Created       time.Time          `json:"created"`
	Updated       time.Time          `json:"updated"`
}

type trailLine struct {
	N            int64     `json:"n"`
	At           time.Time `json:"at"`
	Kind         string    `json:"kind"`
	From         string    `json:"from"`
	To           string    `json:"to"`
	By           string    `json:"by"`
	Because      string    `json:"because"`
	Conversation string    `json:"conversation,omitempty"`
}

type talkLine struct {
	ID       string    `json:"id"`
	Began    time.Time `json:"began"`
	Channel  string    `json:"channel"`
	Flow     string    `json:"flow"`
	Step     string    `json:"step"`
	End      string    `json:"end,omitempty"`
	Score    float64   `json:"score"`
	Grade    string    `json:"grade"`
	Rep      string    `json:"rep,omitempty"`
	Source   string    `json:"source,omitempty"`
	Language string    `json:"language"`
}

type meetLine struct {
	UID          string    `json:"uid"`
	Start        time.Time `json:"start"`
	End          time.Time `json:"end"`
	Rep          string    `json:"rep"`
	Status       string    `json:"status"`
	NoShow       bool      `json:"no_show,omitempty"`
	Because      string    `json:"because,omitempty"`
	Title        string    `json:"title,omitempty"`
	Conversation string    `json:"conversation"`
}

// Run shows.
func (c *LeadCommand) Run(ctx context.Context, w *World) error {
	return c.open(ctx, w, func(b *bot.Bot) error {
		v, err := b.View(ctx, c.Who)
		if errors.Is(err, bot.ErrNotFound) {
			return noLead(w, c.Who)
		}
		if err != nil {
			return err
		}
		if c.JSON {
			return jsonLines(w.Stdout).Encode(leadOf(v))
		}
		return printLead(w, leadOf(v))
	})
}

// noLead says that there is nobody.
func noLead(w *World, who string) error {
	p := printer{out: w.Stderr}
	p.printf("usher: there is no lead for %s in this database\n", who)
	return errors.Join(p.err, ErrNo)
}

func leadOf(v bot.PersonView) leadLine {
	l := personLine(v.Person, v.Score, v.Grade)
	l.Parts, l.Reasons, l.Consents, l.Pages = v.Standing.Parts, v.Standing.Reasons, v.Consents, v.Pages
	l.Fields = map[string]any{}
	for name, value := range v.Fields {
		l.Fields[name] = value.Plain()
	}
	for _, c := range v.Trail {
		l.Trail = append(l.Trail, trailLine{c.N, c.At, c.Kind, c.From, c.To, c.By, c.Because, c.Conversation})
	}
	for _, c := range v.Conversations {
		l.Conversations = append(l.Conversations, talkOf(c))
	}
	for _, m := range v.Meetings {
		l.Meetings = append(l.Meetings, meetLine{m.UID, m.Start, m.End, m.Rep, m.Status, !m.NoShow.IsZero(), m.Because, m.Title, m.Conversation})
	}
	return l
}

// personLine is what lists show too.
func personLine(p bot.Person, score float64, grade string) leadLine {
	return leadLine{
		ID: p.ID, Name: p.Name, Email: p.Email, Phone: p.Phone, Company: p.Company, Domain: p.Domain, Country: p.Country, Language: p.Language,
		Timezone: p.Timezone, Stage: p.Stage, Reason: p.Reason, Revisit: p.Revisit, Owner: p.Owner, Team: p.Team, Waiting: p.Waiting,
		Score: score, Grade: grade, First: p.First, Last: p.Last, Created: p.CreatedAt, Updated: p.UpdatedAt,
	}
}

func talkOf(c bot.Past) talkLine {
	s := c.State
	t := talkLine{
		ID: c.ID, Began: c.Began, Channel: s.Channel, Flow: s.Flow, Step: s.State, End: s.End, Score: s.Score.Score, Grade: s.Score.Grade,
		Source: cmp.Or(s.Visit.UTM["source"], s.Visit.Referrer), Language: s.Language,
	}
	if s.Assigned != nil {
		t.Rep = s.Assigned.Rep
	}
	return t
}

func printLead(w *World, l leadLine) error {
	p, s := printer{out: w.Stdout}, styleOf(w.Stdout)
	p.printf("%s\n", s.bold(strings.Join(known(cmp.Or(l.Name, l.Email, l.Phone, "a visitor"), l.Company), ", ")))
	fact := func(name string, values ...string) {
		if text := strings.Join(known(values...), ", "); text != "" {
			p.printf("  %s %s\n", s.faint(label(name, 10)), text)
		}
	}
	fact("id", l.ID)
	fact("contact", l.Email, l.Phone)
	fact("from", l.Country, l.Language, l.Timezone)
	fact("stage", strings.Join(known(l.Stage, l.Reason), ": "), since("until", l.Revisit))
	fact("owner", holder(l.Owner, l.Waiting), l.Team)
	fact("score", strings.TrimSpace(number(l.Score)+" "+l.Grade), parts(l.Parts))
	for _, r := range l.Reasons {
		fact("", fmt.Sprintf("%+g %s", r.Points, r.Because))
	}
	fact("first", source(l.First)...)
	fact("last", source(l.Last)...)
	for _, name := range slices.Sorted(maps.Keys(l.Fields)) {
		fact(name, legible(l.Fields[name]))
	}
	for _, c := range l.Consents {
		fact(map[bool]string{true: "agreed", false: "refused"}[c.Given], c.Wording, c.Language, stamp(c.At))
	}
	printPast(&p, s, l)
	return p.err
}

// printPast prints what happened: changes, conversations, meetings and pages.
func printPast(p *printer, s style, l leadLine) {
	head := func(name string, n int) {
		if n > 0 {
			p.printf("\n%s\n", s.bold(name))
		}
	}
	head("Trail", len(l.Trail))
	for _, c := range l.Trail {
		what := c.To
		if c.Kind != bot.ChangedContact {
			what = strings.TrimSpace(c.From + " → " + c.To)
		}
		p.printf("  %s  %s  %s  %s\n", stamp(c.At), label(c.Kind, 7), what, s.faint("by "+strings.Join(known(c.By, c.Because), ": ")))
	}
	head("Conversations", len(l.Conversations))
	for _, c := range l.Conversations {
		p.printf("  %s  %s  %s\n", stamp(c.Began), c.ID, strings.Join(known(c.Channel, c.Flow, cmp.Or(c.End, "at "+c.Step), strings.TrimSpace(number(c.Score)+" "+c.Grade), c.Rep), ", "))
	}
	head("Meetings", len(l.Meetings))
	for _, m := range l.Meetings {
		p.printf("  %s  %s\n", stamp(m.Start), strings.Join(known("with "+m.Rep, m.Status, map[bool]string{true: "did not come"}[m.NoShow], m.Because), ", "))
	}
	head("Pages", len(l.Pages))
	for _, v := range l.Pages {
		p.printf("  %s  %s\n", stamp(v.At), v.Path)
	}
}

// legible is an answer as a person reads it: amounts with their currency, large numbers with all their digits.
func legible(answer any) string {
	switch v := answer.(type) {
	case flows.Money:
		return v.Amount + " " + v.Currency
	case float64:
		return number(v)
	case bool:
		return map[bool]string{true: "yes", false: "no"}[v]
	case []string:
		return strings.Join(v, ", ")
	}
	return fmt.Sprint(answer)
}

// known leaves out what is not.
func known(values ...string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(text string) bool { return text == "" })
}

func since(word string, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return word + " " + at.Format(time.DateOnly)
}

// holder is who has a lead, or where it waits.
func holder(owner, waiting string) string {
	if owner == "" && waiting != "" {
		return "waits at " + waiting
	}
	return cmp.Or(owner, "nobody yet")
}

// source is where somebody came from, in words.
func source(s bot.Source) []string {
	how := ""
	if s.Outbound {
		how = "we wrote first"
	}
	var utm []string
	for _, name := range slices.Sorted(maps.Keys(s.UTM)) {
		utm = append(utm, name+" "+s.UTM[name])
	}
	if s.At.IsZero() {
		return nil
	}
	return []string{strings.Join(utm, ", "), s.Referrer, s.Page, s.Channel, how, stamp(s.At)}
}

// parts is a score part by part.
func parts(of map[string]float64) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(of)) {
		all = append(all, name+" "+number(of[name]))
	}
	return strings.Join(all, ", ")
}

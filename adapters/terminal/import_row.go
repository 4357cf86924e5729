package terminal

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"usher/adapters/terminal/sheet"
	"usher/bot"
	"usher/bot/answer"
	"usher/flows"
)

// waitsAt is the place where an imported lead waits that nobody has.
const waitsAt = "import"

// importing is an import at work.
type importing struct {
	*bot.Bot
	ws      *flows.Workspace
	columns mapping
	header  []string
	file    string // its name
	source  string // --source
	stage   string // --stage
	country string // --country
	now     time.Time
	seen    map[string]int // the line on which a key came first
	gate    *gate
	dry     bool
	again   bool // who was erased came back
	route   bool // whom nobody has goes to a rep
}

// importLine is what became of one line, as --json prints it.
type importLine struct {
	Line    int      `json:"line"`
	Result  string   `json:"result"` // new, merged, known or refused
	Lead    string   `json:"lead,omitempty"`
	Email   string   `json:"email,omitempty"`
	Name    string   `json:"name,omitempty"`
	Owner   string   `json:"owner,omitempty"`
	Waiting string   `json:"waiting,omitempty"`
	Because string   `json:"because,omitempty"` // refused
	Notes   []string `json:"notes,omitempty"`
	closed  bool     // nobody is to get them
}

// Results of a line.
const (
	lineNew     = "new"
	lineMerged  = "merged" // somebody who is known is known better now
	lineKnown   = "known"  // and nothing is new
	lineRefused = "refused"
)

// rowFacts is a row that was understood.
type rowFacts struct {
	bot.PersonFacts
	line   int
	why    string // it is refused
	notes  []string
	person *bot.Person // who it is; nil = somebody new
}

// read makes facts of a row. It is called row by row: the second one of somebody is refused.
func (im *importing) read(row sheet.Row) rowFacts {
	f := rowFacts{line: row.Line, PersonFacts: bot.PersonFacts{
		Keep: true, Again: im.again, By: "import", Because: "imported from " + im.file, Waiting: waitsAt, Fields: map[string]flows.Value{},
		Source: bot.Source{Channel: "import", Outbound: true},
	}}
	for _, step := range []func(*rowFacts, []string) string{im.contact, im.first, im.fields, im.place, im.agreed} {
		if f.why = step(&f, row.Cells); f.why != "" {
			return f
		}
	}
	im.seen[f.key()] = f.line
	return f
}

// key is what the row's lead is known by.
func (f *rowFacts) key() string { return cmp.Or(strings.ToLower(f.Email), f.Phone) }

// cell is what a row says of a target.
func (im *importing) cell(cells []string, target string) string {
	var parts []string
	for _, i := range im.columns[target] {
		if text := strings.TrimSpace(unguarded(strings.TrimSpace(cells[i]))); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " ")
}

// contact reads what the lead is known by, and who they are.
func (im *importing) contact(f *rowFacts, cells []string) string {
	f.Name, f.Company, f.Language = im.cell(cells, "name"), im.cell(cells, "company"), im.cell(cells, "language")
	f.Country, f.Timezone = cmp.Or(im.cell(cells, "country"), im.country), im.cell(cells, "timezone")
	f.Email, f.Phone = im.cell(cells, "email"), im.cell(cells, "phone")
	if f.Email != "" {
		v, err := answer.Read(answer.Question{Field: &flows.Field{Name: "email", Type: flows.TypeEmail}}, f.Email)
		if err != nil {
			return "bad e-mail address: " + refusal(err)
		}
		f.Email = v.Text
	}
	if f.Phone != "" {
		v, err := answer.Read(answer.Question{Field: &flows.Field{Name: "phone", Type: flows.TypePhone}, Country: country(f.Country)}, f.Phone)
		switch {
		case err != nil && f.Email == "":
			return "bad phone: " + refusal(err)
		case err != nil:
			f.notes = append(f.notes, "without the phone: "+refusal(err))
			f.Phone = ""
		default:
			f.Phone = v.Text
		}
	}
	if f.Email == "" && f.Phone == "" {
		return "it has neither an e-mail address nor a phone"
	}
	return ""
}

// country is the code of a country that is written as a code or a name; "" where it is neither.
func country(text string) string {
	v, err := answer.Read(answer.Question{Field: &flows.Field{Name: "country", Type: flows.TypeCountry}}, text)
	if text == "" || err != nil {
		return ""
	}
	return v.Text
}

func refusal(err error) string {
	var no *answer.Refusal
	if errors.As(err, &no) {
		return strings.ReplaceAll(no.Code, "_", " ")
	}
	return err.Error()
}

// first refuses who came on an earlier line.
func (im *importing) first(f *rowFacts, _ []string) string {
	if line, came := im.seen[f.key()]; came {
		return fmt.Sprintf("it is the same lead as line %d", line)
	}
	return ""
}

// fields reads what the flows would ask.
func (im *importing) fields(f *rowFacts, cells []string) string {
	for target := range im.columns {
		text := im.cell(cells, target)
		if slices.Contains(targets, target) || text == "" {
			continue
		}
		v, err := bot.ReadField(im.ws, target, text, f.Language)
		if err != nil {
			f.notes = append(f.notes, fmt.Sprintf("without %s: %s", target, refusal(err)))
			continue
		}
		f.Fields[target] = v
	}
	if f.Country != "" && country(f.Country) == "" {
		f.notes = append(f.notes, "without the country: there is none of that name")
		f.Country = ""
	}
	if _, err := time.LoadLocation(f.Timezone); err != nil || f.Timezone == "Local" {
		f.notes = append(f.notes, "without the time zone: there is none of that name")
		f.Timezone = ""
	}
	slices.Sort(f.notes)
	return ""
}

// place reads where the lead stands, who has it and where it came from.
func (im *importing) place(f *rowFacts, cells []string) string {
	f.Stage = cmp.Or(strings.ToLower(im.cell(cells, "stage")), im.stage)
	if f.Stage != "" && !slices.Contains(bot.Stages, f.Stage) {
		return fmt.Sprintf("there is no stage %s; the stages are %s", f.Stage, strings.Join(bot.Stages, ", "))
	}
	if source := cmp.Or(im.cell(cells, "source"), im.source); source != "" {
		f.Source.UTM = map[string]string{"source": source}
	}
	if owner := im.cell(cells, "owner"); owner != "" {
		rep := im.rep(owner)
		if rep == nil {
			f.notes = append(f.notes, "no rep is "+owner)
			return ""
		}
		f.Owner = rep.ID
	}
	return ""
}

// rep is who is called so: by id, address or name.
func (im *importing) rep(text string) *flows.Rep {
	for _, of := range []func(*flows.Rep) string{
		func(r *flows.Rep) string { return r.ID }, func(r *flows.Rep) string { return r.Email }, func(r *flows.Rep) string { return r.Name },
	} {
		for _, r := range im.ws.Roster.Reps {
			if strings.EqualFold(of(r), text) {
				return r
			}
		}
	}
	return nil
}

// agreed reads the consent. What is neither yes nor no is none.
func (im *importing) agreed(f *rowFacts, cells []string) string {
	text := im.cell(cells, "consent")
	if text == "" {
		return ""
	}
	v, err := answer.Read(answer.Question{Field: &flows.Field{Name: "consent", Type: flows.TypeYesNo}, Language: f.Language}, text)
	if err != nil {
		f.notes = append(f.notes, "without the consent: "+refusal(err))
		return ""
	}
	f.Consents = []bot.Consent{{
		Field: "consent", Wording: im.header[im.columns["consent"][0]] + " (" + im.file + ")", Language: f.Language, Given: v.Yes, At: im.now,
	}}
	return ""
}

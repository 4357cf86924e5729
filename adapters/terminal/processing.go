package terminal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"usher/bot"
	"usher/flows"
)

// ProcessingCommand prints the record of processing.
type ProcessingCommand struct {
	Dir      string `arg:"" optional:"" env:"USHER_WORKSPACE" help:"The workspace; without it the built-in example."`
	JSON     bool   `name:"json" help:"As one JSON object." xor:"as"`
	Markdown bool   `help:"As Markdown, which is the default." xor:"as"`
	Database string `placeholder:"URL" env:"USHER_DATABASE,DATABASE_URL" help:"sqlite:FILE or postgres://…; by default what serve uses."`
	Data     string `default:"data" env:"USHER_DATA" placeholder:"DIR" help:"The server's data folder."`
}

// Help teaches.
func (ProcessingCommand) Help() string {
	return `The record of processing activities (GDPR Art. 30) as it follows from the configuration: what the flows ask, where it goes as the
server is wired by its environment, how long it stays. Who is responsible, why, and by what right stands in privacy.yaml of the
workspace; the schema tells its keys: usher check says what is wrong with it.

Webhooks that were made over the JSON API are read from the server's database.

  usher processing acme > record-of-processing.md
  usher processing acme --json | jq .retention`
}

// Recipient is where personal data goes, as the server is wired.
type Recipient struct {
	Name string `json:"name"`
	What string `json:"what"`
	On   bool   `json:"on"`
}

// processed is the record.
type processed struct {
	Controller string            `json:"controller"`
	Contact    string            `json:"contact"`
	Officer    string            `json:"officer"`
	Purposes   []string          `json:"purposes"`
	Basis      []string          `json:"legal_basis"`
	Subjects   []string          `json:"data_subjects"`
	Data       []processedFlow   `json:"data"`
	Always     []string          `json:"always"`
	Recipients []Recipient       `json:"recipients"`
	Processors []string          `json:"processors"`
	Transfers  []string          `json:"transfers"`
	Retention  map[string]string `json:"retention"`
	Measures   []string          `json:"measures"`
}

// processedFlow is what one flow asks.
type processedFlow struct {
	Flow   string           `json:"flow"`
	Title  string           `json:"title"`
	Fields []processedField `json:"fields"`
}

type processedField struct {
	Field string `json:"field"`
	Type  string `json:"type"`
	Label string `json:"label"`
}

// What is collected of everybody, and what protects it.
var (
	collected = []string{
		"what is said in the conversation, with the time",
		"pages seen, referrer and campaign (utm) of the visit; none of these where the browser sends Global Privacy Control",
		"language and time zone of the browser", "a random number that stands for the browser, stored as a hash",
		"score, grade and stage with the reasons, and which rep has the lead and why", "meetings: time, rep, address of the invitation",
		"consents as they were shown, with language and time",
	}
	measures = []string{
		"network addresses are not stored; logs name ids alone", "tokens are stored as hashes, secrets encrypted", "erasure reaches every table, Slack, calendars and HubSpot: usher erase",
		"everything about a person can be handed out: usher export", "who exported, erased or changed something by hand is in a log that shows tampering: usher audit --verify",
	}
)

// Run prints.
func (c *ProcessingCommand) Run(ctx context.Context, w *World) error {
	ws, err := w.load(c.Dir)
	if err != nil {
		return err
	}
	recipients, err := w.Recipients(ctx, ws, House{Database: c.Database, Data: c.Data})
	if errors.Is(err, fs.ErrNotExist) && c.Database == "" {
		p := printer{out: w.Stderr}
		p.printf("usher: there is no database here; name the server's with --database, for webhooks that were made over the JSON API stand there\n")
		err = p.err
	}
	if err != nil {
		return err
	}
	r := recordOf(ws, recipients)
	if c.JSON {
		return jsonLines(w.Stdout).Encode(r)
	}
	p := printer{out: w.Stdout}
	p.printf("%s", r.markdown())
	return p.err
}

func recordOf(ws *flows.Workspace, recipients []Recipient) processed {
	p := ws.Privacy
	if p == nil {
		p = &flows.Privacy{}
	}
	r := processed{
		Controller: p.Controller, Contact: p.Contact, Officer: p.Officer, Purposes: p.Purposes, Basis: p.Basis, Processors: p.Processors, Transfers: p.Transfers,
		Subjects: []string{"visitors of the website and prospects in Slack", "reps"}, Always: collected, Recipients: recipients,
		Retention: retentionOf(p.Retention), Measures: measures,
	}
	for _, f := range ws.Flows {
		of := processedFlow{Flow: f.ID, Title: f.Title.String()}
		for _, field := range f.Fields {
			of.Fields = append(of.Fields, processedField{field.Name, string(field.Type), field.Label.String()})
		}
		r.Data = append(r.Data, of)
	}
	return r
}

// until is how long something is kept without a time of its own.
const until = "until it is erased by hand"

func retentionOf(k flows.Retention) map[string]string {
	out := map[string]string{
		"conversations": kept(k.Conversations), "visitors without a conversation": kept(k.Visitors), "letters": kept(k.Letters),
		"jobs that were given up": kept(k.Jobs), "audit log": kept(k.Audit), "jobs that were done": kept(bot.KeepJobs),
	}
	for stage, d := range k.Leads {
		out["leads, "+stage] = kept(d)
	}
	return out
}

func kept(d time.Duration) string {
	if d <= 0 {
		return until
	}
	return count(int((d+12*time.Hour)/(24*time.Hour)), "day", "days") + " after the last change"
}

// markdown is the record for people.
func (r processed) markdown() string {
	var b strings.Builder
	b.WriteString("# Record of processing activities (GDPR Art. 30)\n\n")
	for _, of := range r.head() {
		fmt.Fprintf(&b, "- **%s**: %s\n", of[0], cmp.Or(of[1], "not said: write it in privacy.yaml"))
	}
	chapter := func(title string, lines []string) {
		fmt.Fprintf(&b, "\n## %s\n\n", title)
		for _, l := range lines {
			fmt.Fprintf(&b, "- %s\n", l)
		}
	}
	chapter("What is collected of everybody", r.Always)
	for _, f := range r.Data {
		if fields := f.lines(); len(fields) > 0 {
			chapter("What the flow "+f.Flow+" asks", fields)
		}
	}
	chapter("Where it goes", r.goes())
	var times []string
	for _, class := range slices.Sorted(maps.Keys(r.Retention)) {
		times = append(times, class+": "+r.Retention[class])
	}
	chapter("How long it stays", times)
	chapter("What protects it", r.Measures)
	return b.String()
}

// head is who answers for it, why and by what right: names with what stands behind them.
func (r processed) head() [][2]string {
	out := [][2]string{{"Controller", r.Controller}, {"Contact", r.Contact}}
	if r.Officer != "" {
		out = append(out, [2]string{"Data protection officer", r.Officer})
	}
	out = append(out, [2]string{"Purposes", strings.Join(r.Purposes, "; ")}, [2]string{"Legal basis", strings.Join(r.Basis, "; ")}, [2]string{"Persons", strings.Join(r.Subjects, "; ")})
	if len(r.Transfers) > 0 {
		out = append(out, [2]string{"Transfers to other countries", strings.Join(r.Transfers, "; ")})
	}
	return out
}

// lines are the fields of a flow.
func (f processedFlow) lines() (out []string) {
	for _, field := range f.Fields {
		line := field.Field + " (" + field.Type + ")"
		if field.Label != "" && field.Label != field.Field {
			line += ": " + field.Label
		}
		out = append(out, line)
	}
	return out
}

// goes are those whom personal data is given to.
func (r processed) goes() (out []string) {
	for _, to := range r.Recipients {
		if to.On {
			out = append(out, to.Name+": "+to.What)
		}
	}
	return append(out, r.Processors...)
}

package terminal

import (
	"bufio"
	"encoding/json"
	"errors"
	"strings"

	"usher/bot/answer"
	"usher/flows"
)

// ReadCommand reads words as an answer.
type ReadCommand struct {
	Type     string   `placeholder:"TYPE" help:"text, choice, choices, yesno, number, money, email, phone, date, country, url or consent."`
	Language string   `default:"en" placeholder:"L" help:"Language of the words (en, hi, pt-BR)."`
	Country  string   `placeholder:"CC" help:"Where the visitor is: for phone numbers without a country, and dates (IN)."`
	Currency string   `placeholder:"CUR" help:"Currency of money that names none (USD)."`
	Option   []string `sep:"none" placeholder:"VALUE=LABEL" help:"What a choice is among, in the order asked; one flag for each."`
	Work     bool     `help:"Refuse free-mail and disposable e-mail addresses."`
	Now      string   `placeholder:"TIME" help:"When it is, for next Tuesday; now by default."`
	Timezone string   `placeholder:"ZONE" help:"The visitor's zone; UTC by default."`
	Text     []string `arg:"" help:"The words; or - to read one JSON request a line."`
}

// Help teaches.
func (ReadCommand) Help() string {
	return `This is how a visitor's words are read, without a flow around them. The value comes as JSON; the exit code is 1 when the
words are refused, and then the visitor's sentence is shown.

  usher read --type number about two hundred
  usher read --type money --currency EUR '5k a month'
  usher read --type phone --country IN 98765 43210
  usher read --type choice --option demo='Book a demo' --option price='See prices' the second one
  echo '{"type":"email","text":"priya@bigco.example"}' | usher read -`
}

// request is one line of `usher read -`.
type request struct {
	Type     string  `json:"type"`
	Text     string  `json:"text"`
	Language string  `json:"language"`
	Country  string  `json:"country"`
	Currency string  `json:"currency"`
	Options  options `json:"options"`
	Work     bool    `json:"work"`
	Now      string  `json:"now"`
	Timezone string  `json:"timezone"`
}

// value and refusal are the two answers.
type value struct {
	Value any    `json:"value"`
	Shown string `json:"shown"`
}

// Run reads.
func (c *ReadCommand) Run(w *World) error {
	if len(c.Text) == 1 && c.Text[0] == "-" {
		return c.each(w)
	}
	if c.Type == "" {
		return misuse("--type says what the words are to be read as")
	}
	got, refused, err := c.read(w, request{Text: strings.Join(c.Text, " ")})
	switch {
	case err != nil:
		return err
	case refused != nil:
		return errors.Join(jsonLines(w.Stdout).Encode(refused), ErrNo)
	}
	return jsonLines(w.Stdout).Encode(got)
}

// maxRequest is the longest line of `usher read -`.
const maxRequest = 1 << 20

// each answers every line with a line, also those that cannot be understood.
func (c *ReadCommand) each(w *World) error {
	buffered := bufio.NewWriter(w.Stdout)
	out := jsonLines(buffered)
	in := bufio.NewScanner(w.Stdin)
	in.Buffer(nil, maxRequest)
	for in.Scan() {
		if strings.TrimSpace(in.Text()) == "" {
			continue
		}
		if err := out.Encode(c.line(w, in.Bytes())); err != nil {
			return err
		}
	}
	return errors.Join(in.Err(), buffered.Flush())
}

func (c *ReadCommand) line(w *World, data []byte) any {
	var r request
	if err := json.Unmarshal(data, &r); err != nil {
		return &answer.Refusal{Code: "bad_request", Say: "a line is a JSON object like {\"type\":\"number\",\"text\":\"about 250\"}"}
	}
	got, refused, err := c.read(w, r)
	switch {
	case err != nil:
		return &answer.Refusal{Code: "bad_request", Say: err.Error()}
	case refused != nil:
		return refused
	}
	return got
}

// read reads one request; what it leaves out stands in the flags.
func (c *ReadCommand) read(w *World, r request) (*value, *answer.Refusal, error) {
	f := &flows.Field{
		Name: "answer", Type: flows.Type(first(r.Type, c.Type)), Unit: first(r.Currency, c.Currency),
		Work: r.Work || c.Work, Country: first(r.Country, c.Country),
	}
	if !readable[f.Type] {
		return nil, nil, misuse("%q is no type that can be read", f.Type)
	}
	language := first(r.Language, c.Language)
	if f.Options = r.Options.in(language); len(f.Options) == 0 {
		f.Options = written(c.Option).in(language)
	}
	if choosing := f.Type == flows.TypeChoice || f.Type == flows.TypeChoices; choosing && len(f.Options) == 0 {
		return nil, nil, misuse("a choice is read among options: name them")
	}
	zone, err := place(first(r.Timezone, c.Timezone))
	if err != nil {
		return nil, nil, err
	}
	now := w.Now()
	if text := first(r.Now, c.Now); text != "" {
		if now, err = instant("now", text, zone); err != nil {
			return nil, nil, err
		}
	}
	return readAs(f, answer.Question{Field: f, Language: language, Country: f.Country, Now: now.In(zone)}, r.Text)
}

func readAs(f *flows.Field, q answer.Question, text string) (*value, *answer.Refusal, error) {
	v, err := answer.Read(q, text)
	var refused *answer.Refusal
	switch {
	case errors.As(err, &refused):
		return nil, refused, nil
	case err != nil:
		return nil, nil, err
	}
	return &value{v.Plain(), answer.Show(f, v, q.Language)}, nil, nil
}

// readable are the types there are.
var readable = map[flows.Type]bool{
	flows.TypeText: true, flows.TypeChoice: true, flows.TypeChoices: true, flows.TypeYesNo: true, flows.TypeNumber: true, flows.TypeMoney: true, flows.TypeEmail: true,
	flows.TypePhone: true, flows.TypeDate: true, flows.TypeCountry: true, flows.TypeURL: true, flows.TypeConsent: true,
}

// first is the first text that says something.
func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

package terminal

import (
	"errors"
	"slices"

	"usher/flows"
)

// Link is what a signed link is made of.
type Link struct {
	Rep  string
	URL  string // address of the server; "" = the one serve listens on by default
	Data string // folder of the key
	Key  string // signs links; "" = the one kept in the folder
}

// linkFlags are what a signed link for a rep is made with.
type linkFlags struct {
	Rep       string `arg:"" help:"The rep whom the link is for."`
	Workspace string `type:"path" env:"USHER_WORKSPACE" placeholder:"DIR" help:"Folder with team.yaml; the built-in example without one."`
	URL       string `placeholder:"https://…" env:"USHER_URL" help:"Address of the server, as serve has it."`
	Data      string `placeholder:"DIR" default:"data" env:"USHER_DATA" help:"Folder of the key, as serve has it."`
	Key       string `placeholder:"SECRET" env:"USHER_KEY" help:"Secret that signs links, as serve has it."`
	JSON      bool   `name:"json" help:"As JSON."`
}

// CalendarConnect prints the page at which a rep connects a calendar.
type CalendarConnect struct{ linkFlags }

// Help teaches.
func (CalendarConnect) Help() string {
	return `Prints a link for the rep alone: it leads to the sign-in at Google or Microsoft, after which the server reads the rep's
calendar and writes meetings to it. The settings are those of the running server, or the link is not good.

  usher calendar connect asha --workspace acme --url https://chat.acme.example`
}

// Run prints the link.
func (c *CalendarConnect) Run(w *World) error {
	ws, err := w.load(c.Workspace)
	if err != nil {
		return err
	}
	reps, err := patients(ws.Roster, c.Rep)
	if err != nil {
		return err
	}
	p := printer{out: w.Stderr}
	if w.ConnectLink == nil || !slices.ContainsFunc(reps[0].Calendars, signedInto) {
		p.printf("usher: %s has neither a Google nor a Microsoft calendar in team.yaml, so there is nothing to connect\n", c.Rep)
		return errors.Join(p.err, ErrNo)
	}
	return c.print(w, w.ConnectLink)
}

// print prints the link that make gives.
func (f linkFlags) print(w *World, make func(Link) (string, error)) error {
	link, err := make(Link{Rep: f.Rep, URL: f.URL, Data: f.Data, Key: f.Key})
	if err != nil {
		return err
	}
	if f.JSON {
		return jsonLines(w.Stdout).Encode(struct {
			Rep string `json:"rep"`
			URL string `json:"url"`
		}{f.Rep, link})
	}
	p := printer{out: w.Stdout}
	p.printf("%s\n", link)
	return p.err
}

// signedInto says whether the rep signs in for the calendar.
func signedInto(c flows.Calendar) bool { return c.Google != "" || c.Microsoft != "" }

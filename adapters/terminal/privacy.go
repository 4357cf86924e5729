package terminal

import (
	"cmp"
	"context"
	"errors"

	"usher/bot"
)

// PrivacyCommands are the commands about what is known of a person, and about who did what.
type PrivacyCommands struct {
	Export     ExportCommand     `cmd:"" help:"Give everything that is known of a person."`
	Erase      EraseCommand      `cmd:"" help:"Remove a person everywhere, and list what could not be reached."`
	Processing ProcessingCommand `cmd:"" help:"Print the record of processing of personal data (GDPR Art. 30)."`
	Consent    ConsentCommand    `cmd:"" help:"Show what a person agreed to, and take it back."`
	Audit      AuditCommand      `cmd:"" help:"Show who did what, and prove that nothing of it was changed since."`
}

// House is which house a command works in: its database, and the data folder with its key.
type House struct {
	Database string `placeholder:"URL" env:"USHER_DATABASE,DATABASE_URL" help:"sqlite:FILE or postgres://…; by default what serve uses."`
	Data     string `default:"data" env:"USHER_DATA" placeholder:"DIR" help:"The server's data folder, with its key."`
	Key      string `env:"USHER_KEY" placeholder:"SECRET" help:"The server's secret, where it is not in the data folder."`
}

// HouseQuery is a house, and how a command answers.
type HouseQuery struct {
	House
	JSON bool `name:"json" help:"One object a line, as JSON."`
}

// open opens the house, runs the work and closes it.
func (q *HouseQuery) open(ctx context.Context, w *World, work func(*bot.Bot) error) (err error) {
	b, err := w.OpenHouse(ctx, q.House)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Store.Close()) }()
	return work(b)
}

// who is the person at the terminal, for what is written down.
func (w *World) who() string { return cmp.Or(w.Who, "somebody") }

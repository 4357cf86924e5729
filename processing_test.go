package main

import (
	"errors"
	"io/fs"
	"testing"

	"usher/adapters/terminal"
	"usher/bot"
	"usher/flows"
	"usher/store"
)

func TestTheRecordOfProcessing(t *testing.T) {
	for name, database := range databases {
		t.Run("names the webhooks that were made over the API, on "+name, func(t *testing.T) {
			url := database(t)
			kept, err := store.Open(t.Context(), url, store.Options{})
			must(t, err)
			must(t, kept.SaveWebhook(t.Context(), bot.NewWebhook(bot.Webhook{URL: "https://lake.example/in", Events: []string{"lead.*"}})))
			must(t, kept.Close())
			to, err := recipients(t.Context(), &flows.Workspace{Roster: &flows.Roster{}}, terminal.House{Database: url})
			must(t, err)
			if last := to[len(to)-1]; last != (terminal.Recipient{Name: "webhook https://lake.example/in", What: "lead.*", On: true}) {
				t.Errorf("%+v", to)
			}
		})
	}
	t.Run("is made where there is no database, which is said", func(t *testing.T) {
		to, err := recipients(t.Context(), &flows.Workspace{Roster: &flows.Roster{}}, terminal.House{Data: t.TempDir()})
		if !errors.Is(err, fs.ErrNotExist) || len(to) == 0 {
			t.Errorf("%+v, %v", to, err)
		}
	})
}

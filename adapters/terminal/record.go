package terminal

import (
	"context"

	"usher/bot/rehearse"
)

// RecordCommand makes a story of a stored conversation.
type RecordCommand struct {
	Conversation string `arg:"" help:"The conversation's id, as logs and lead cards show it."`
	Database     string `placeholder:"URL" env:"USHER_DATABASE,DATABASE_URL" help:"sqlite:FILE or postgres://…; by default what serve uses."`
}

// Help teaches.
func (RecordCommand) Help() string {
	return `Prints a story that goes as the conversation went, for the version of the workspace it took place in. Names, addresses, phone
numbers, companies and free text are replaced by others of the same kind, for which the same rules hold; the same words
always become the same. What hangs on calendars (who is free, which times are offered) is not expected, so that the story
comes out with any. Read it before you share it: a story is as good as the questions were.

  usher record 7hq2c0 > acme/stories/large-team.yaml && usher stories acme
  usher record 7hq2c0 --database postgres://usher@db/usher`
}

// Run prints the story; what it cannot tell is said on stderr.
func (c *RecordCommand) Run(ctx context.Context, w *World) error {
	query := MemoryQuery{Conversation: c.Conversation, Database: c.Database}
	r, err := query.read(ctx, w)
	if err != nil {
		return err
	}
	recording, err := rehearse.Record(rehearse.Told{ID: r.ID, Flow: r.State.Flow, Workspace: r.workspace, Journal: r.journal})
	if err != nil {
		return err
	}
	notes := printer{out: w.Stderr}
	for _, note := range recording.Notes {
		notes.printf("usher: %s\n", note)
	}
	if notes.err != nil {
		return notes.err
	}
	p := printer{out: w.Stdout}
	p.printf("%s", recording.Story)
	return p.err
}

package terminal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"usher/bot"
)

// Publishing are the commands that change what a server serves, and say what that led to.
type Publishing struct {
	Publish   PublishCommand   `cmd:"" help:"Make a workspace the one that all nodes serve."`
	Revisions RevisionsCommand `cmd:"" help:"List what was published."`
	Rollback  RollbackCommand  `cmd:"" help:"Make an earlier revision current again."`
	Split     SplitCommand     `cmd:"" help:"Show what each flow of a split led to."`
	Report    ReportCommand    `cmd:"" help:"Count leads, funnels, meetings and how fast they were answered."`
}

// Publisher is what publishing needs of a database. Revision gives bot.ErrNotFound for what is not there.
type Publisher interface {
	bot.Publications
	bot.ReportMemory
	bot.APIKeys
	Revision(ctx context.Context, revision string) (map[string]string, error)
	Close() error
}

// PublisherQuery is which database is published to.
type PublisherQuery struct {
	Database string `placeholder:"URL" env:"USHER_DATABASE,DATABASE_URL" help:"sqlite:FILE or postgres://…; by default what serve uses."`
	JSON     bool   `name:"json" help:"One object a line, as JSON."`
}

// open opens the database, runs the work and closes it. writes says that the database may be made, or brought up to date.
func (q *PublisherQuery) open(ctx context.Context, w *World, writes bool, work func(Publisher) error) (err error) {
	p, err := w.OpenPublisher(ctx, q.Database, writes)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	return work(p)
}

// publicationLine is a publication as --json prints it.
type publicationLine struct {
	N        int64     `json:"n"`
	Revision string    `json:"revision"`
	At       time.Time `json:"at"`
	Who      string    `json:"who"`
	Kind     string    `json:"kind"`
	Note     string    `json:"note"`
	Current  bool      `json:"current"`
	Open     int       `json:"open"` // conversations that stay on the revision
}

func lineOf(p bot.Publication, current int64, open map[string]int) publicationLine {
	return publicationLine{p.N, p.Revision, p.At, p.Who, p.Kind, p.Note, p.N == current, open[p.Revision]}
}

// tell says which publication is current now, or that it was before.
func (q *PublisherQuery) tell(ctx context.Context, w *World, db Publisher, p bot.Publication, was error) error {
	if was != nil && !errors.Is(was, bot.ErrCurrent) {
		return was
	}
	open, err := db.OpenConversations(ctx)
	if err != nil {
		return err
	}
	if q.JSON {
		return jsonLines(w.Stdout).Encode(lineOf(p, p.N, open))
	}
	out := printer{out: w.Stdout}
	if was != nil {
		out.printf("Nothing to do: revision %s is published since %s by %s (publication %d).\n", brief(p.Revision), stamp(p.At), p.Who, p.N)
		return out.err
	}
	out.printf("Published revision %s (publication %d). Every node serves it within a second or two.\n", brief(p.Revision), p.N)
	others := 0
	for revision, n := range open {
		if revision != p.Revision {
			others += n
		}
	}
	if others > 0 {
		out.printf("%s.\n", count(others, "open conversation stays on the revision it began with", "open conversations stay on the revisions they began with"))
	}
	return out.err
}

// brief is as much of a revision as people need.
func brief(revision string) string { return revision[:min(12, len(revision))] }

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

func count(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", more)
}

// by is who publishes.
func (w *World) by(kind, note string) bot.Publication {
	return bot.Publication{At: w.Now().UTC().Truncate(time.Microsecond), Who: w.who(), Kind: kind, Note: note}
}

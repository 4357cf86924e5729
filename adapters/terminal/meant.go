package terminal

import (
	"context"
	"maps"
	"slices"
	"strings"

	"usher/bot"
	"usher/bot/desk"
	"usher/flows"
)

// revisions are the workspaces that a database knows. Published and Revision give bot.ErrNotFound for what is not there.
type revisions interface {
	Published(ctx context.Context) (bot.Publication, error)
	Revision(ctx context.Context, revision string) (map[string]string, error)
}

// ServedPlace is which workspace is meant.
type ServedPlace struct {
	Workspace string `type:"existingdir" env:"USHER_WORKSPACE" placeholder:"DIR" help:"The folder that the server serves; without it what was published to the database, or else the built-in example."`
}

// served is that workspace, and what is to be said of it where a name is not in it.
func (s ServedPlace) served(ctx context.Context, w *World, db revisions) (ws *flows.Workspace, where string, err error) {
	if s.Workspace == "" {
		if ws, err = current(ctx, db); err != nil || ws != nil {
			return ws, "", err
		}
		where = " (in the built-in example, for nothing is published; name the folder that is served with --workspace)"
	}
	ws, err = w.load(s.Workspace)
	return ws, where, err
}

// noSuch refuses a name that is none of those there are.
func noSuch(what, name, where string, there []string) error {
	return misuse("there is no %s %q%s; there are: %s", what, name, where, strings.Join(there, ", "))
}

// meant refuses a team or a rep who is neither in the workspace nor in the ledger.
func (c *LedgerCommand) meant(ctx context.Context, w *World, memory Memory) error {
	if c.Team == "" && c.Rep == "" {
		return nil
	}
	shares, err := memory.Shares(ctx)
	if err != nil {
		return err
	}
	ws, where, err := c.served(ctx, w, memory)
	if err != nil {
		return err
	}
	teams, reps := rosterOf(ws, shares)
	switch {
	case c.Team != "" && !teams[c.Team]:
		return noSuch("team", c.Team, where, slices.Sorted(maps.Keys(teams)))
	case c.Rep != "" && !reps[c.Rep]:
		return noSuch("rep", c.Rep, where, slices.Sorted(maps.Keys(reps)))
	}
	return nil
}

// rosterOf are the teams and reps of a workspace, and those that a ledger knows from before.
func rosterOf(ws *flows.Workspace, shares desk.Shares) (teams, reps map[string]bool) {
	teams, reps = map[string]bool{}, map[string]bool{}
	for q, of := range shares {
		teams[q.Team] = true
		for rep := range of {
			reps[rep] = true
		}
	}
	for _, t := range ws.Roster.Teams {
		teams[t.ID] = true
	}
	for _, r := range ws.Roster.Reps {
		reps[r.ID] = true
	}
	return teams, reps
}

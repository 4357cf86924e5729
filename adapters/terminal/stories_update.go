package terminal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"usher/bot/rehearse"
	"usher/flows"
)

// update writes into the story files what really happened, and loads the workspace again.
func (c *StoriesCommand) update(ctx context.Context, w *World, ws *flows.Workspace) (*flows.Workspace, error) {
	if c.Dir == "" {
		return nil, misuse("--update needs the folder whose stories are to change")
	}
	byFile, err := retell(ctx, w, ws)
	if err != nil {
		return nil, err
	}
	p := printer{out: w.Stderr}
	var files []string
	for file := range byFile {
		files = append(files, file)
	}
	slices.Sort(files)
	for _, file := range files {
		switch err := amendFile(filepath.Join(c.Dir, filepath.FromSlash(file)), byFile[file]); {
		case errors.Is(err, flows.ErrNotAmended):
			p.printf("usher: %s is left as it is: %v\n", file, err)
		case err != nil:
			return nil, fmt.Errorf("update %s: %w", file, err)
		default:
			p.printf("updated %s\n", file)
		}
	}
	if p.err != nil {
		return nil, p.err
	}
	return w.load(c.Dir)
}

// retell runs all stories to their ends and gathers, by file, what they would have to say.
func retell(ctx context.Context, w *World, ws *flows.Workspace) (map[string][]flows.Amendment, error) {
	busy := w.frozen(ws)
	amendments, err := each(ctx, ws.Stories, func(s *flows.Story) []flows.Amendment {
		_, changed := rehearse.Retell(ws, busy, s)
		return changed
	})
	byFile := map[string][]flows.Amendment{}
	for _, of := range amendments {
		for _, a := range of {
			byFile[a.Turn.File] = append(byFile[a.Turn.File], a)
		}
	}
	return byFile, err
}

// amendFile changes one file in place: a reader sees the old or the new text, never a part.
func amendFile(name string, amendments []flows.Amendment) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	amended, err := flows.Amend(string(text), amendments)
	if err != nil {
		return err
	}
	if name, err = filepath.EvalSymlinks(name); err != nil {
		return err
	}
	fresh, err := os.CreateTemp(filepath.Dir(name), ".usher-*")
	if err != nil {
		return err
	}
	_, err = fresh.WriteString(amended)
	err = errors.Join(err, fresh.Chmod(info.Mode().Perm()), fresh.Close())
	if err == nil {
		err = os.Rename(fresh.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(fresh.Name()))
	}
	return nil
}

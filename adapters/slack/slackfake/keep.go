package slackfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// keepEvery is how long changes gather before they are written.
const keepEvery = 250 * time.Millisecond

// kept is what outlives the program.
type kept struct {
	Last     time.Time            `json:"last"`
	Numbers  int64                `json:"numbers"`
	Talkers  []string             `json:"talkers"` // users with direct messages
	Messages map[string][]Message `json:"messages"`
}

// Keep reads what was said from a file, if it is there, and writes it there as more is said, until Close.
func (f *Fake) Keep(file string) error {
	if err := f.recall(file); err != nil {
		return fmt.Errorf("read what was said in the rehearsal: %w", err)
	}
	f.work.Go(func() {
		for f.pause(keepEvery) {
			f.mu.Lock()
			news := f.news
			f.mu.Unlock()
			f.write(file)
			select {
			case <-news:
			case <-f.done.Done():
			}
		}
		f.write(file)
	})
	return nil
}

func (f *Fake) recall(file string) error {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var k kept
	if err := json.Unmarshal(data, &k); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last, f.numbers = k.Last, max(f.numbers, k.Numbers)
	for _, user := range k.Talkers {
		if f.users[user] != nil {
			f.dm(user)
		}
	}
	for id, messages := range k.Messages {
		if c := f.channels[id]; c != nil {
			for _, m := range messages {
				c.messages = append(c.messages, &m)
			}
		}
	}
	f.changed()
	return nil
}

// write replaces the file as a whole.
func (f *Fake) write(file string) {
	k := kept{Messages: map[string][]Message{}}
	f.mu.Lock()
	k.Last, k.Numbers = f.last, f.numbers
	for id, c := range f.channels {
		if c.kind == "im" {
			k.Talkers = append(k.Talkers, c.user)
		}
		for _, m := range c.messages[max(0, len(c.messages)-shownMessages):] {
			if m.Ephemeral == "" { // Slack forgets them too
				k.Messages[id] = append(k.Messages[id], *m)
			}
		}
	}
	f.mu.Unlock()
	data, err := json.Marshal(k)
	if err == nil {
		err = os.WriteFile(file+".new", data, 0o600)
	}
	if err == nil {
		err = os.Rename(file+".new", file)
	}
	if err != nil {
		f.options.Log.Error("what was said in the rehearsal is not kept", "error", err)
	}
}

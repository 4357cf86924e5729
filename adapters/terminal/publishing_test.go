package terminal_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"usher/adapters/terminal"
	"usher/bot"
	"usher/store"
)

// openPublisher opens a real database, or for sqlite:counted:… one in which a split led to something.
func openPublisher(ctx context.Context, url string, _ bool) (terminal.Publisher, error) {
	figures := ""
	if name, counted := strings.CutPrefix(url, "sqlite:counted:"); counted {
		url, figures = "sqlite:split.db", name
	}
	if url == "sqlite:reported" {
		return reported(ctx)
	}
	s, err := store.Open(ctx, url, store.Options{})
	if err != nil {
		return nil, err
	}
	return countedStore{s, figures}, nil
}

// openHouse opens a real house.
func openHouse(ctx context.Context, at terminal.House) (*bot.Bot, error) {
	s, err := store.Open(ctx, at.Database, store.Options{})
	if err != nil {
		return nil, err
	}
	return &bot.Bot{Store: s, Secret: []byte("a secret of the tests, long enough")}, nil
}

// countedStore has the figures visitors/met of demo and of short.
type countedStore struct {
	*store.DB
	figures string
}

func (s countedStore) SplitCounts(ctx context.Context, now time.Time) ([]bot.SplitCount, error) {
	if s.figures == "" {
		return s.DB.SplitCounts(ctx, now)
	}
	demo, short := bot.SplitCount{Split: "demo", Flow: "demo"}, bot.SplitCount{Split: "demo", Flow: "short"}
	_, err := fmt.Sscanf(s.figures, "%d/%d,%d/%d", &demo.Met, &demo.Visitors, &short.Met, &short.Visitors)
	for _, c := range []*bot.SplitCount{&demo, &short} {
		c.Conversations, c.Qualified, c.Booked, c.Held, c.Coming = c.Visitors+5, c.Met+3, c.Met+2, c.Met, 1
	}
	return []bot.SplitCount{demo, short}, err
}

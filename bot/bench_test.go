package bot_test

import (
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
	"usher/store"
)

// BenchmarkSay takes a visitor's message from the call to its commit in an SQLite file, alone and with 64 visitors at
// once: what the channel adds is measured in its own package.
func BenchmarkSay(b *testing.B) {
	for _, visitors := range []int{1, 64} {
		b.Run(fmt.Sprintf("visitors=%d", visitors), func(b *testing.B) {
			memory, err := store.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "usher.db"), store.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer memory.Close()
			w, problems := flows.Load(workspace)
			if w == nil {
				b.Fatal(problems)
			}
			host := &bot.Bot{Store: memory, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
			if err := host.Use(b.Context(), w); err != nil {
				b.Fatal(err)
			}
			var n atomic.Int64
			b.SetParallelism(visitors)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) { talk(b, host, pb, &n) })
		})
	}
}

// talk is one visitor who answers and starts over, and who comes as somebody new before the transcript grows long.
func talk(b *testing.B, host *bot.Bot, pb *testing.PB, n *atomic.Int64) {
	var a bot.Arrived
	for i := 0; pb.Next(); i++ {
		if i%60 == 0 {
			var err error
			if a, err = host.Arrive(b.Context(), bot.Arrival{Site: "acme.example", Visit: flows.Visit{Page: "/", Language: "en", Timezone: "UTC"}}); err != nil {
				b.Error(err)
				return
			}
		}
		words := []string{"about 250", "start over"}[i%2]
		if err := host.Say(b.Context(), a.Conversation.ID, a.Visitor.ID, dialogue.Said{ID: fmt.Sprint(n.Add(1)), Text: words}); err != nil {
			b.Error(err)
			return
		}
	}
}

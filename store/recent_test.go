package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/bot"
	"usher/bot/dialogue"
)

// beside opens the same file as a command does, which remembers nothing.
func beside(t *testing.T) (server, command *DB) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "usher.db")
	server = openedFor(t, file, Options{})
	return server, openedFor(t, file, Options{Beside: true})
}

func openedFor(t *testing.T, file string, o Options) *DB {
	t.Helper()
	d, err := Open(context.Background(), file, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func TestWhatIsRememberedIsWhatTheFileHas(t *testing.T) {
	ctx := context.Background()
	server, command := beside(t)
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		ids := []string{fmt.Sprint(n, "-a"), fmt.Sprint(n, "-b")}
		for range rapid.IntRange(1, 12).Draw(t, "turns") {
			turn := anyTurn(t, rapid.SampledFrom(ids).Draw(t, "id"))
			if err := server.Commit(ctx, turn); err != nil && !errors.Is(err, bot.ErrStale) && !errors.Is(err, bot.ErrDuplicate) {
				t.Fatal(err)
			}
			for _, id := range ids {
				same(t, server, command, id)
			}
		}
	})
}

// anyTurn fits or is refused.
func anyTurn(t *rapid.T, id string) *bot.Turn {
	text := rapid.SampledFrom([]string{"", "250", "a\x00b", "\xff<&>", "ü"})
	at := time.UnixMicro(rapid.Int64Range(0, math.MaxInt32).Draw(t, "at")).In(time.FixedZone("", 3600)).Add(7)
	turn := &bot.Turn{Now: at, Conversation: bot.Conversation{
		ID: id, Site: "acme.example", Visitor: "v", Seq: rapid.Int64Range(0, 4).Draw(t, "seq"),
		State: dialogue.Conversation{Flow: "demo", State: "size", Reason: text.Draw(t, "reason"), Began: at},
	}}
	for i := range rapid.IntRange(0, 3).Draw(t, "messages") {
		m := bot.Message{From: bot.FromBot, Text: text.Draw(t, "text"), End: text.Draw(t, "end"), At: at}
		if i == 0 {
			m.ID = rapid.SampledFrom([]string{"", "1", "2", "3", "4"}).Draw(t, "client")
		}
		if rapid.Bool().Draw(t, "asks") {
			m.Ask = &dialogue.Ask{Field: "size", Type: "number"}
		}
		turn.Messages = append(turn.Messages, m)
	}
	return turn
}

// same compares everything that both tell of a conversation.
func same(t *rapid.T, server, command *DB, id string) {
	ctx := context.Background()
	is, isErr := server.Load(ctx, id)
	want, wantErr := command.Load(ctx, id)
	if !reflect.DeepEqual(is, want) || errors.Is(isErr, bot.ErrNotFound) != errors.Is(wantErr, bot.ErrNotFound) {
		t.Fatalf("%s: remembered %+v %v, stored %+v %v", id, is, isErr, want, wantErr)
	}
	for after := int64(-1); after <= want.Last+1; after++ {
		for _, limit := range []int{0, 1, 2, 100} {
			is, err := server.Messages(ctx, id, after, limit)
			want, stored := command.Messages(ctx, id, after, limit)
			if err != nil || stored != nil || !reflect.DeepEqual(is, want) {
				t.Fatalf("%s after %d, at most %d: remembered %+v %v, stored %+v %v", id, after, limit, is, err, want, stored)
			}
		}
	}
}

func TestWhatACommandErasesIsForgotten(t *testing.T) {
	ctx := context.Background()
	server, command := beside(t)
	if err := server.Commit(ctx, conversation("c", 0)); err != nil {
		t.Fatal(err)
	}
	if err := command.engine.write(ctx, []step{{sql: both("delete from conversation where id = 'c'")}}); err != nil {
		t.Fatal(err)
	}
	if err := server.Commit(ctx, conversation("c", 1)); !errors.Is(err, bot.ErrStale) {
		t.Errorf("a turn on top of what is gone: %v", err)
	}
	if c, err := server.Load(ctx, "c"); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("loaded %+v, %v", c, err)
	}
}

func TestLittleIsRemembered(t *testing.T) {
	r := &recent{}
	for i := range 10 * maxRecent {
		r.keep(tailOf(conversation(fmt.Sprint(i), 0), ""), 1)
	}
	if n := len(r.young) + len(r.ageing); n > 2*maxRecent {
		t.Errorf("%d conversations are remembered", n)
	}
	newest := fmt.Sprint(10*maxRecent - 1)
	if r.of(newest) == nil || r.of("0") != nil {
		t.Error("the newest are to be remembered, the oldest not")
	}
	r.young[newest].at = time.Now().Add(-recentFor - time.Second)
	if r.of(newest) != nil {
		t.Error("it is remembered for ever")
	}
}

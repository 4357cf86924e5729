package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"usher/bot"
)

func apiKey(id, name string) bot.APIKey {
	return bot.APIKey{
		ID: id, Name: name, Digest: []byte("digest of " + id), Scopes: []string{bot.ScopeReadLeads, bot.ScopeReadMeetings},
		Who: "mira@office", CreatedAt: noon, ExpiresAt: noon.Add(time.Hour),
	}
}

func apiKeys(t *testing.T, fresh Database) {
	tell(t, fresh, "a key comes back as it was, and its use is remembered", func(w world) {
		want := apiKey("k1", "warehouse")
		w.must(w.SaveAPIKey(w.ctx, want))
		w.must(w.UsedAPIKey(w.ctx, "k1", noon.Add(time.Minute)))
		w.must(w.UsedAPIKey(w.ctx, "k1", noon)) // another node, late
		want.UsedAt = noon.Add(time.Minute)
		got, err := w.APIKey(w.ctx, "k1")
		w.must(err)
		w.same(got, want)
		if _, err := w.APIKey(w.ctx, "k2"); !errors.Is(err, bot.ErrNotFound) {
			w.Error(err)
		}
	})
	tell(t, fresh, "a name has one good key, and is free again once that is revoked", func(w world) {
		w.must(w.SaveAPIKey(w.ctx, apiKey("k1", "warehouse")))
		if err := w.SaveAPIKey(w.ctx, apiKey("k2", "warehouse")); !errors.Is(err, bot.ErrNameTaken) {
			w.Fatal(err)
		}
		w.must(w.RevokeAPIKey(w.ctx, "k1", "mira@office", noon))
		for _, id := range []string{"k1", "k2", ""} {
			if err := w.RevokeAPIKey(w.ctx, id, "mira@office", noon); !errors.Is(err, bot.ErrNotFound) {
				w.Errorf("%q: %v", id, err)
			}
		}
		later := apiKey("k2", "warehouse")
		later.CreatedAt = noon.Add(time.Second)
		w.must(w.SaveAPIKey(w.ctx, later))
		all, err := w.ListAPIKeys(w.ctx)
		w.must(err)
		gone := apiKey("k1", "warehouse")
		gone.RevokedAt = noon
		w.same(all, []bot.APIKey{later, gone})
		lines, err := w.AuditLines(w.ctx, bot.AuditQuery{Limit: 9})
		w.must(err)
		var acts []string
		for _, l := range lines {
			acts = append(acts, l.Who+" "+l.What+" "+l.Whom)
		}
		w.same(acts, []string{"mira@office key.new k1", "mira@office key.revoke k1", "mira@office key.new k2"})
	})
}

func requests(t *testing.T, fresh Database) {
	first := bot.Request{Key: "k1", ID: "r1", Digest: []byte("a"), At: noon}
	tell(t, fresh, "of those who ask at once one does the work, and what came of it stands", func(w world) {
		var ours atomic.Int64
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				_, mine, err := w.ClaimRequest(w.ctx, first)
				if err != nil {
					w.Error(err)
				}
				if mine {
					ours.Add(1)
				}
			})
		}
		all.Wait()
		w.same(ours.Load(), 1)
		done := first
		done.Made, done.Status = "p1", 201
		w.must(w.FinishRequest(w.ctx, done))
		other := first
		other.Digest, other.At = []byte("b"), noon.Add(bot.KeepRequests-time.Second)
		stands, mine, err := w.ClaimRequest(w.ctx, other)
		w.must(err)
		w.same(stands, done)
		w.same(mine, false)
		other.At = noon.Add(bot.KeepRequests)
		_, mine, err = w.ClaimRequest(w.ctx, other)
		w.must(err)
		w.same(mine, true)
	})
	tell(t, fresh, "one that failed may be asked again, and so may one that was cut off, but not another in its place", func(w world) {
		claim := func(r bot.Request) bool {
			_, mine, err := w.ClaimRequest(w.ctx, r)
			w.must(err)
			return mine
		}
		w.same(claim(first), true)
		w.must(w.FinishRequest(w.ctx, first))
		w.same(claim(first), true)
		later := first
		later.At = noon.Add(bot.RequestWait - time.Second)
		w.same(claim(later), false)
		later.At = noon.Add(bot.RequestWait)
		other := later
		other.Digest = []byte("b")
		w.same(claim(other), false)
		w.same(claim(later), true)
		other.Key = "k2"
		w.same(claim(other), true)
	})
}

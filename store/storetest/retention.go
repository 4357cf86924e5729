package storetest

import (
	"testing"
	"time"

	"usher/bot"
)

func retentions(t *testing.T, fresh Database) {
	tell(t, fresh, "nothing goes where no time is named", func(w world) {
		w.commits(turn("c1", 0))
		who, err := w.Outlived(w.ctx, bot.Outlived{Limit: 10})
		w.must(err)
		w.same(len(who), 0)
	})
	tell(t, fresh, "a conversation that nothing happened to goes, one with a meeting ahead stays", func(w world) {
		w.commits(turn("c1", 0))
		w.commits(with(turn("c2", 0), meeting("m1", "asha", noon.Add(48*time.Hour))))
		later := noon.Add(24 * time.Hour)
		who, err := w.Outlived(w.ctx, bot.Outlived{Conversations: later, Limit: 10})
		w.must(err)
		w.same(who, []string{"c1"})
		who, err = w.Outlived(w.ctx, bot.Outlived{Conversations: noon, Limit: 10})
		w.must(err)
		w.same(len(who), 0)
	})
	tell(t, fresh, "a visitor who said nothing goes, one who did stays", func(w world) {
		for _, id := range []string{"v1", "v2"} {
			w.must(w.SaveVisitor(w.ctx, bot.Visitor{ID: id, TokenHash: []byte(id), CreatedAt: noon, SeenAt: noon}))
		}
		spoke := turn("c1", 0)
		spoke.Conversation.Visitor = "v1"
		spoke.Messages = []bot.Message{{ID: "1", From: bot.FromVisitor, Text: "hi", At: noon}}
		w.commits(spoke)
		who, err := w.Outlived(w.ctx, bot.Outlived{Visitors: noon.Add(time.Second), Limit: 10})
		w.must(err)
		w.same(who, []string{"v2"})
	})
	tell(t, fresh, "the beginning of the audit log goes, and the rest is proved all the same", func(w world) {
		for i := range 4 {
			w.must(w.Audit(w.ctx, bot.AuditLine{At: noon.Add(time.Duration(i) * time.Hour), Who: "mira@office", What: bot.AuditExport}))
		}
		for range 2 {
			_, _, n, err := w.Drop(w.ctx, bot.Outlived{Audit: noon.Add(90 * time.Minute)})
			w.must(err)
			if n != 2 && n != 0 {
				w.Error(n)
			}
		}
		n, err := bot.VerifyAudit(w.ctx, w, nil)
		w.must(err)
		w.same(n, 3)
	})
}

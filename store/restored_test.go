package store_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"usher/bot"
	"usher/store"
)

func TestTheAuditLogIsProvenAgainAfterABackupWasRestored(t *testing.T) {
	t.Parallel()
	everyDatabase(t, func(t *testing.T, url string, hand *sql.DB) {
		ctx := context.Background()
		b := &bot.Bot{Store: open(t, url), Vault: store.Vault{Folder: t.TempDir(), Key: []byte("key")}}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		by := func(sql string) {
			t.Helper()
			_, err := hand.Exec(sql)
			must(err)
		}
		act := func(whom string) {
			t.Helper()
			must(b.Audit(ctx, bot.AuditLine{Who: "mira@office", What: bot.AuditExport, Whom: whom}))
			must(b.KeepAuditHead(ctx))
		}
		var fault *bot.AuditFault
		act("a")
		if lost, err := b.Restored(ctx, "mira@office"); len(lost) > 0 || err != nil {
			t.Error("nothing is lost:", lost, err)
		}
		by("create table backup as select * from audit")
		act("b")
		act("c")
		by("delete from audit")
		by("insert into audit select * from backup")
		if _, err := b.VerifyAudit(ctx); !errors.As(err, &fault) || !fault.Kept || fault.N != 2 {
			t.Error("lines are cut off:", err)
		}
		must(b.Audit(ctx, bot.AuditLine{Who: bot.HouseKeeping, What: bot.AuditErase, Whom: "b"})) // as a server does that finds a tombstone
		if _, err := b.VerifyAudit(ctx); !errors.As(err, &fault) || !fault.Kept || fault.N != 2 {
			t.Error("another line is there:", err)
		}
		elsewhere, err := b.Store.AuditHead(ctx)
		must(err)
		if lost, err := b.Restored(ctx, "asha@office"); len(lost) != 2 || err != nil {
			t.Error("two ends are lost:", lost, err)
		}
		act("d")
		if n, err := b.VerifyAudit(ctx, bot.AuditHead{N: elsewhere.N, Hash: elsewhere.Hash}); n != 4 || err != nil {
			t.Error("it is proven again:", n, err)
		}
		if lost, err := b.Restored(ctx, "mira@office"); len(lost) > 0 || err != nil {
			t.Error("nothing more is lost:", lost, err)
		}
		by("update audit set whom = 'x' where n = 2")
		if _, err := b.VerifyAudit(ctx); !errors.As(err, &fault) || fault.Kept || fault.N != 2 {
			t.Error("a line before is changed:", err)
		}
		if _, err := b.Restored(ctx, "mira@office"); !errors.As(err, &fault) {
			t.Error("no backup explains that:", err)
		}
	})
}

package storetest

import (
	"testing"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
)

// walks is a turn that adds to what reports count.
func walks(conversation string, seq int64, at time.Time, j bot.Journey) *bot.Turn {
	t := turn(conversation, seq)
	t.Now, t.Journey = at, &j
	return t
}

// ever is a period with everything in it.
func ever() bot.ReportQuery {
	return bot.ReportQuery{From: noon.AddDate(-1, 0, 0), To: noon.AddDate(1, 0, 0), Now: noon}
}

func journeys(t *testing.T, fresh Database) {
	tell(t, fresh, "a path grows turn by turn, and a turn that is refused adds nothing", func(w world) {
		w.commits(walks("c1", 0, noon, bot.Journey{Path: "hello@0 goal@0"}))
		w.commits(walks("c1", 1, noon.Add(2*time.Second), bot.Journey{Path: " !1jk size@1jk"}))
		w.is(w.Commit(w.ctx, walks("c1", 1, noon, bot.Journey{Path: " !1jl never@1jl"})), bot.ErrStale)
		steps, err := w.Funnel(w.ctx, ever())
		w.must(err)
		w.same(steps, []bot.FunnelStep{
			{Flow: "book-a-demo", Step: "hello", Reached: 1, Went: 1},
			{Flow: "book-a-demo", Step: "goal", Reached: 1, Answered: 1, Went: 1, Median: 2, P90: 2},
			{Flow: "book-a-demo", Step: "size", Reached: 1, Open: 1},
		})
	})
	tell(t, fresh, "a step counts once for a conversation, whatever way leads back to it", func(w world) {
		w.commits(walks("c1", 0, noon, bot.Journey{Path: "goal@0"}))
		w.commits(walks("c1", 1, noon, bot.Journey{Path: " !rs size@rs goal@rt !1jk"}))
		left := walks("c1", 2, noon, bot.Journey{})
		left.Conversation.State.End = dialogue.Stopped
		w.commits(left)
		steps, err := w.Funnel(w.ctx, ever())
		w.must(err)
		w.same(steps, []bot.FunnelStep{
			{Flow: "book-a-demo", Step: "goal", Reached: 1, Answered: 1, Left: 1, Median: 1, P90: 1},
			{Flow: "book-a-demo", Step: "size", Reached: 1, Went: 1},
		})
	})
	tell(t, fresh, "a funnel is of a flow and a period, and of each revision where it is asked so", func(w world) {
		for id, change := range map[string]func(*bot.Turn){
			"c1": func(*bot.Turn) {},
			"c2": func(t *bot.Turn) { t.Conversation.State.Revision = "r2" },
			"c3": func(t *bot.Turn) { t.Conversation.State.Flow = "other" },
			"c4": func(t *bot.Turn) { t.Now = noon.Add(time.Hour) },
		} {
			t := walks(id, 0, noon, bot.Journey{Path: "goal@0"})
			change(t)
			w.commits(t)
		}
		q := bot.ReportQuery{From: noon, To: noon.Add(time.Hour), Flow: "book-a-demo", By: bot.ByRevision}
		steps, err := w.Funnel(w.ctx, q)
		w.must(err)
		w.same(steps, []bot.FunnelStep{
			{Flow: "book-a-demo", Revision: "r1", Step: "goal", Reached: 1, Open: 1},
			{Flow: "book-a-demo", Revision: "r2", Step: "goal", Reached: 1, Open: 1},
		})
		q.Flow, q.By = "", ""
		steps, err = w.Funnel(w.ctx, q)
		w.must(err)
		w.same(steps, []bot.FunnelStep{
			{Flow: "book-a-demo", Step: "goal", Reached: 2, Open: 2}, {Flow: "other", Step: "goal", Reached: 1, Open: 1},
		})
	})
	tell(t, fresh, "who waits is met by the first words since, and keeps who said them", func(w world) {
		w.commits(walks("c1", 0, noon, bot.Journey{Met: true, Rep: "early"}))
		w.commits(walks("c1", 1, noon, bot.Journey{Wanted: true, Rep: "asha", Team: "sales"}))
		w.commits(walks("c1", 2, noon.Add(time.Minute), bot.Journey{Met: true, Rep: "ben", Team: "sales"}))
		w.commits(walks("c1", 3, noon.Add(time.Hour), bot.Journey{Wanted: true, Met: true, Rep: "cora", Team: "support"}))
		w.commits(walks("c2", 0, noon, bot.Journey{Wanted: true, Rep: "ben", Team: "sales"}))
		q := ever()
		q.By = bot.ByRep
		speeds, err := w.Speeds(w.ctx, q)
		w.must(err)
		w.same(speeds, []bot.SpeedCount{{Key: "ben", Wanted: 2, Answered: 1, Median: 60, P90: 60, Five: 1, FiveRate: bot.RateOf(1, 2)}})
	})
	tell(t, fresh, "a report is told apart only as it can be", func(w world) {
		q := ever()
		q.By = "weather"
		_, err := w.Funnel(w.ctx, q)
		w.is(err, bot.ErrNoBy)
		_, err = w.LeadCounts(w.ctx, q)
		w.is(err, bot.ErrNoBy)
		_, err = w.MeetingCounts(w.ctx, q)
		w.is(err, bot.ErrNoBy)
		_, err = w.Speeds(w.ctx, q)
		w.is(err, bot.ErrNoBy)
	})
}

// stageAt is a line of a trail.
func stageAt(stage string, at time.Time) bot.Change {
	return bot.Change{Kind: bot.ChangedStage, To: stage, At: at}
}

func prospects(t *testing.T, fresh Database) {
	tell(t, fresh, "a person counts once where they came from, and for every stage up to the farthest", func(w world) {
		p := w.saves(bot.PersonTurn{Person: person("p1"), Changes: []bot.Change{stageAt(bot.StageMQL, noon)}})
		p = w.saves(bot.PersonTurn{Person: p, Changes: []bot.Change{stageAt(bot.StageSQL, noon.Add(time.Hour)), stageAt(bot.StageMQL, noon.Add(2*time.Hour))}})
		p.Stage = bot.StageLost
		w.saves(bot.PersonTurn{Person: p, Changes: []bot.Change{stageAt(bot.StageLost, noon.Add(3*time.Hour))}})
		q := ever()
		q.By = bot.BySource
		counts, err := w.LeadCounts(w.ctx, q)
		w.must(err)
		w.same(counts, []bot.LeadCount{{
			Key: "google", Leads: 1, Grades: map[string]int{"hot": 1}, MQL: 1, SAL: 1, SQL: 1, Lost: 1,
			MQLRate: bot.RateOf(1, 1), SALRate: bot.RateOf(1, 1), SQLRate: bot.RateOf(1, 1), WonRate: bot.RateOf(0, 1),
		}})
		totals, err := w.Totals(w.ctx, []bot.Span{{From: noon, To: noon.Add(time.Hour)}, {From: noon.Add(time.Hour), To: noon.Add(4 * time.Hour)}})
		w.must(err)
		w.same(totals, []bot.Total{{Leads: 1, MQL: 1}, {SQL: 1}})
	})
	tell(t, fresh, "two who turn out to be one count once, from the earlier times on", func(w world) {
		older, younger := person("p1"), person("p2")
		older.First = bot.Source{Referrer: "https://user:secret@news.example/?who=priya"}
		a := w.saves(bot.PersonTurn{Person: older, Changes: []bot.Change{stageAt(bot.StageMQL, noon.Add(time.Hour))}})
		b := w.saves(bot.PersonTurn{Person: younger, Changes: []bot.Change{stageAt(bot.StageSAL, noon)}})
		w.saves(bot.PersonTurn{Person: a, Merged: []bot.Person{b}, Changes: []bot.Change{stageAt(bot.StageWon, noon.Add(2*time.Hour))}})
		q := ever()
		q.By = bot.BySource
		counts, err := w.LeadCounts(w.ctx, q)
		w.must(err)
		if len(counts) != 1 || counts[0].Key != "news.example" || counts[0].Leads != 1 || counts[0].Won != 1 {
			w.Errorf("%+v", counts)
		}
		totals, err := w.Totals(w.ctx, []bot.Span{{From: noon, To: noon.Add(time.Hour)}, {From: noon.Add(time.Hour), To: noon.Add(3 * time.Hour)}})
		w.must(err)
		w.same(totals, []bot.Total{{Leads: 1, MQL: 1}, {SQL: 1, Won: 1}})
	})
}

package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
)

// Funnel counts the conversations that began in the period step by step, in the order in which visitors reach the
// steps; by revision, or all revisions of a flow together.
func (d *DB) Funnel(ctx context.Context, q bot.ReportQuery) ([]bot.FunnelStep, error) {
	if q.By != "" && q.By != bot.ByRevision {
		return nil, wrongBy("funnel", q.By)
	}
	all := funnels{}
	err := d.report(ctx, "funnel", whole(q), func(s bot.Span) step {
		return step{sql: readJourneys, args: []any{micros(s.From), micros(s.To), q.Flow, flag(q.By != "")}, each: func(row scanner) error {
			var flow, revision, ending, path string
			if err := row.Scan(&flow, &revision, &ending, &path); err != nil {
				return err
			}
			all.of(flow, revision).add(path, ending)
			return nil
		}}
	})
	return all.steps(), err
}

var readJourneys = both(`
	select flow, case when $4 = 1 then revision else '' end, ending, path
	from journey
	where began_at >= $1 and began_at < $2 and (cast($3 as text) = '' or flow = $3)`)

type funnelKey struct{ flow, revision string }

// funnels are those of each flow, or of each revision of it.
type funnels map[funnelKey]*funnel

func (all funnels) of(flow, revision string) *funnel {
	f := all[funnelKey{flow, revision}]
	if f == nil {
		f = &funnel{steps: map[string]*walked{}}
		all[funnelKey{flow, revision}] = f
	}
	return f
}

// funnel is what is counted of the conversations of one flow. Each is counted at once, and marked with its number.
type funnel struct {
	steps map[string]*walked
	n     int // conversations so far
}

// walked is what is counted of one step.
type walked struct {
	bot.FunnelStep
	took  []int32 // milliseconds to the answer, of those who answered
	place int64   // sum of the places at which conversations reached it

	seen     int           // the last conversation that reached it
	answered int           // the last conversation that answered it
	since    time.Duration // when that one reached it
}

func (f *funnel) add(path, ending string) {
	f.n++
	var at *walked
	place := int64(0)
	bot.Walk(path, func(name string, since time.Duration) {
		at = f.steps[name]
		if at == nil {
			at = &walked{FunnelStep: bot.FunnelStep{Step: name}}
			f.steps[name] = at
		}
		if at.seen == f.n {
			return
		}
		at.seen, at.since = f.n, since
		at.Reached++
		at.place += place
		place++
	}, func(since time.Duration) {
		if at == nil || at.answered == f.n {
			return
		}
		at.answered = f.n
		at.Answered++
		at.took = append(at.took, int32(min((since-at.since).Milliseconds(), 1<<31-1)))
	})
	if at == nil {
		return
	}
	switch ending {
	case "":
		at.Open++
	case dialogue.Stopped, dialogue.Expired:
		at.Left++
	default:
		at.Ended++
	}
}

// steps are those of all funnels.
func (all funnels) steps() (out []bot.FunnelStep) {
	for key, f := range all {
		for _, s := range f.steps {
			s.Flow, s.Revision = key.flow, key.revision
			s.Went = s.Reached - s.Ended - s.Left - s.Open
			slices.Sort(s.took)
			s.Median, s.P90 = seconds(bot.Quantile(s.took, 0.5)), seconds(bot.Quantile(s.took, 0.9))
		}
	}
	place := func(s bot.FunnelStep) float64 {
		w := all[funnelKey{s.Flow, s.Revision}].steps[s.Step]
		return float64(w.place) / float64(w.Reached)
	}
	for _, f := range all {
		for _, s := range f.steps {
			out = append(out, s.FunnelStep)
		}
	}
	slices.SortFunc(out, func(a, b bot.FunnelStep) int {
		return cmp.Or(cmp.Compare(a.Flow, b.Flow), cmp.Compare(a.Revision, b.Revision), cmp.Compare(place(a), place(b)), cmp.Compare(a.Step, b.Step))
	})
	return out
}

// seconds are milliseconds as reports tell them.
func seconds(ms int32) float64 { return float64(ms) / 1000 }

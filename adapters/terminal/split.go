package terminal

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"usher/bot"
	"usher/flows"
)

// SplitCommand shows what each flow of a split led to.
type SplitCommand struct {
	Flow string `arg:"" optional:"" help:"The flow that has the split; without it, all splits."`
	PublisherQuery
}

// Help teaches.
func (SplitCommand) Help() string {
	return `For each flow that a split gives visitors: how many visitors and conversations it had, how many ended qualified, and how many
meetings were booked, held (over, and the visitor was not reported missing) and are still to come. Then how its rate, visitors
with a meeting held among all visitors, differs from that of the split's first flow, with an interval that is right 95 times of
100 (Newcombe's hybrid score interval; widened where several flows are compared, so that all are right together).

Where the interval has zero in it, nothing can be told yet. Decide when to look before you start: who looks every day and stops
at the first difference will find one where there is none.

  usher split
  usher split book-a-demo --json | jq 'select(.type=="difference")'`
}

// variantLine is one flow of a split.
type variantLine struct {
	Type          string  `json:"type"` // variant
	Split         string  `json:"split"`
	Flow          string  `json:"flow"`
	Weight        float64 `json:"weight"` // 0 = not in the published split any more
	Visitors      int     `json:"visitors"`
	Conversations int     `json:"conversations"`
	Qualified     int     `json:"qualified"`
	Booked        int     `json:"booked"`
	Held          int     `json:"held"`
	Coming        int     `json:"coming"`
	Met           int     `json:"met"` // visitors with a meeting held
	Rate          float64 `json:"rate"`
}

// differenceLine compares two flows of a split.
type differenceLine struct {
	Type       string  `json:"type"` // difference
	Split      string  `json:"split"`
	Flow       string  `json:"flow"`
	Against    string  `json:"against"`
	Difference float64 `json:"difference"`
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	Confidence float64 `json:"confidence"`
	Method     string  `json:"method"`
	Enough     bool    `json:"enough"` // the numbers tell a difference
	Says       string  `json:"says"`
}

// Run counts.
func (c *SplitCommand) Run(ctx context.Context, w *World) error {
	return c.open(ctx, w, false, func(db Publisher) error {
		counts, err := db.SplitCounts(ctx, w.Now())
		if err != nil {
			return err
		}
		ws, err := current(ctx, db)
		if err != nil {
			return err
		}
		splits := together(ws, counts)
		if c.Flow != "" {
			splits = slices.DeleteFunc(splits, func(s split) bool { return s.flow != c.Flow })
		}
		if len(splits) == 0 {
			p := printer{out: w.Stderr}
			p.printf("usher: no conversation came by a split%s, and nothing published has one\n", of(c.Flow))
			return ErrNo
		}
		for _, s := range splits {
			if err := s.show(w, c.JSON); err != nil {
				return err
			}
		}
		return nil
	})
}

func of(flow string) string {
	if flow == "" {
		return ""
	}
	return " of " + flow
}

// current is the published workspace, or nil where there is none that loads.
func current(ctx context.Context, db revisions) (*flows.Workspace, error) {
	p, err := db.Published(ctx)
	if errors.Is(err, bot.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	sources, err := db.Revision(ctx, p.Revision)
	if err != nil {
		return nil, err
	}
	ws, _ := flows.Load(flows.SourceFS(sources))
	return ws, nil
}

// split is one flow's split with what it led to.
type split struct {
	flow    string
	counts  []bot.SplitCount // in the order of the split as it is published, then what is no longer in it
	weights map[string]float64
}

// together are the splits that are published, in the order of their flows, and those that were before.
func together(ws *flows.Workspace, counts []bot.SplitCount) (all []split) {
	at := func(flow string) *split {
		i := slices.IndexFunc(all, func(s split) bool { return s.flow == flow })
		if i < 0 {
			i, all = len(all), append(all, split{flow: flow, weights: map[string]float64{}})
		}
		return &all[i]
	}
	if ws != nil {
		for _, f := range ws.Flows {
			for _, v := range f.Split {
				s := at(f.ID)
				s.weights[v.Flow] = v.Weight
				s.counts = append(s.counts, bot.SplitCount{Split: f.ID, Flow: v.Flow})
			}
		}
	}
	for _, c := range counts {
		s := at(c.Split)
		if i := slices.IndexFunc(s.counts, func(known bot.SplitCount) bool { return known.Flow == c.Flow }); i >= 0 {
			s.counts[i] = c
		} else {
			s.counts = append(s.counts, c)
		}
	}
	return all
}

func (s split) show(w *World, asJSON bool) error {
	verdicts := bot.Verdicts(s.counts)
	if asJSON {
		return s.lines(w, verdicts)
	}
	out := printer{out: w.Stdout}
	wide := len("flow")
	for _, c := range s.counts {
		wide = max(wide, len(c.Flow))
	}
	out.printf("%s\n  %-*s  %6s  %8s  %13s  %9s  %6s  %4s  %6s  %s\n", s.flow, wide, "flow", "weight",
		"visitors", "conversations", "qualified", "booked", "held", "coming", "visitors with a meeting held")
	for _, c := range s.counts {
		weight := "off"
		if s.weights[c.Flow] > 0 {
			weight = number(s.weights[c.Flow])
		}
		out.printf("  %-*s  %6s  %8d  %13d  %9d  %6d  %4d  %6d  %d (%.1f %%)\n", wide, c.Flow, weight,
			c.Visitors, c.Conversations, c.Qualified, c.Booked, c.Held, c.Coming, c.Met, 100*c.Rate())
	}
	for _, v := range verdicts {
		out.printf("  %s\n", compared(v))
	}
	return out.err
}

func (s split) lines(w *World, verdicts []bot.Verdict) error {
	out := jsonLines(w.Stdout)
	for _, c := range s.counts {
		line := variantLine{
			"variant", s.flow, c.Flow, s.weights[c.Flow], c.Visitors, c.Conversations, c.Qualified,
			c.Booked, c.Held, c.Coming, c.Met, c.Rate(),
		}
		if err := out.Encode(line); err != nil {
			return err
		}
	}
	for _, v := range verdicts {
		line := differenceLine{
			"difference", s.flow, v.Flow, v.Against, v.Difference, v.Low, v.High,
			bot.Confidence, "Newcombe hybrid score", v.Tells(), compared(v),
		}
		if err := out.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

// compared is what a comparison comes to, in words.
func compared(v bot.Verdict) string {
	between := fmt.Sprintf("between %s and %s points", signed(v.Low), signed(v.High))
	switch {
	case v.Few != "":
		return fmt.Sprintf("Too few visitors to tell %s and %s apart: %s has fewer than %d. The difference is %s.", v.Flow, v.Against, v.Few, bot.FewVisitors, between)
	case !v.Tells():
		return fmt.Sprintf("The numbers are too small to tell %s and %s apart: the difference is %s.%s", v.Flow, v.Against, between, needed(v))
	}
	better := "better"
	if v.Difference < 0 {
		better = "worse"
	}
	return fmt.Sprintf("%s does %s than %s: its rate differs by %s points, %s (95 %% interval).", v.Flow, better, v.Against, signed(v.Difference), between)
}

func needed(v bot.Verdict) string {
	if v.Need == 0 || v.Need > 1_000_000 {
		return ""
	}
	return fmt.Sprintf(" A difference as it looks now (%s) would take about %d visitors a flow.", signed(v.Difference), v.Need)
}

// signed is a share in points with its sign.
func signed(share float64) string {
	return strings.Replace(fmt.Sprintf("%+.1f", math.Round(share*1000)/10), "-", "\u2212", 1)
}

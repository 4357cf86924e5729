package bot_test

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/bot/routing"
	"usher/bot/slots"
	"usher/flows"
)

// counting is a workspace in whose flow visitors answer, book, ask for a person, leave and come back.
var counting = fstest.MapFS{
	"talk.yaml": {Data: []byte(`
flow: talk
title: Talk
languages: [en]
fields:
  seats: { type: number, min: 1, label: Seats }
  industry: { type: choice, options: { retail: Retail, health: Health } }
steps:
  - { id: hello, say: Hi! }
  - { id: size, ask: seats, say: How many? }
  - { id: trade, ask: industry, say: Which industry?, optional: true }
  - { id: mail, ask: email, say: Which address? }
  - id: meet
    book: { minutes: 30 }
    say: Which time?
    next: [{ if: booked, to: done }, { to: help }]
  - id: help
    handoff: { team: sales, wait: 2m }
    say: One moment.
    next: [{ if: joined, to: done }, { to: nurture }]
  - { id: done, end: qualified, say: Good! }
  - { id: nurture, end: nurture, say: Later then. }
score:
  - { if: seats >= 100, points: 60, because: 100 seats or more }
grades: { hot: 60, cold: 0 }
`)},
	"team.yaml": {Data: []byte(strings.Replace(string(floor["team.yaml"].Data), "timezone: UTC", "timezone: America/New_York", 1))},
}

// seen is what somebody who looks on notes of one conversation.
type seen struct {
	bot.Arrived
	began       time.Time
	was         dialogue.Conversation
	at          string
	reached     map[string]time.Time
	answered    map[string]time.Time
	wanted, met time.Time
	who         string // the rep who met them
}

// history is a bot with somebody who looks on.
type history struct {
	*stage
	random *rand.Rand
	all    []*seen
	moved  map[string]bool
	n      int
}

// TestEveryFigureIsWhatALookerOnCounts lets visitors and reps do what they like for weeks, and holds each report against
// what somebody who looked on noted, counted by hand.
func TestEveryFigureIsWhatALookerOnCounts(t *testing.T) {
	for name, at := range databases {
		t.Run("on "+name, func(t *testing.T) {
			s := newStageOn(t, at(t), counting)
			s.pass(time.Date(2026, 10, 24, 9, 0, 0, 0, time.UTC).Sub(s.now()))
			s.folding()
			h := &history{stage: s, random: rand.New(rand.NewPCG(7, 11)), moved: map[string]bool{}}
			const deeds = 600
			for i := range deeds {
				h.pass(time.Duration(h.random.IntN(50*60_000)) * time.Millisecond)
				h.lapses()
				h.deed()
				if i%3 == 0 {
					h.work()
				}
			}
			zone, err := time.LoadLocation("America/New_York")
			must(t, err)
			from := time.Date(2026, 10, 24, 0, 0, 0, 0, zone)
			for _, q := range []bot.ReportQuery{
				{From: from, To: h.now().Add(time.Hour)},
				{From: from.AddDate(0, 0, 3), To: from.AddDate(0, 0, 14)},
				{From: from.AddDate(0, 0, 8), To: from.AddDate(0, 0, 9)}, // a day of 25 hours
			} {
				q.Zone, q.Now = zone, h.now()
				h.funnel(q)
				h.speed(q)
				h.meetings(q)
				h.leads(q)
			}
			h.fairness(bot.ReportQuery{From: from, To: h.now().Add(time.Hour)})
		})
	}
}

// lapses lets the silence of everybody end whose time has come.
func (h *history) lapses() {
	var due []*seen
	for _, v := range h.all {
		if at := v.was.WakeAt; !at.IsZero() && !at.After(h.now()) {
			due = append(due, v)
		}
	}
	for len(due) > 0 && h.Wake(h.t.Context()) > 0 {
	}
	h.look("", due...)
}

// deed is one thing that somebody does.
func (h *history) deed() {
	if len(h.all) < 12 || h.random.IntN(7) == 0 {
		h.comes()
		return
	}
	v := h.all[len(h.all)-1-h.random.IntN(min(len(h.all), 12))]
	ctx, id := h.t.Context(), v.Conversation.ID
	var err error
	kind := "said"
	switch n := h.random.IntN(20); {
	case n < 13:
		err = h.Say(ctx, id, v.Visitor.ID, h.word(v))
	case n < 14:
		kind, err = "joined", h.Join(ctx, id, dialogue.Person{Rep: "ben", Name: "Ben"})
	case n < 15:
		h.n++
		kind, err = "spoke", h.Speak(ctx, id, dialogue.Spoke{ID: fmt.Sprint("s", h.n), Text: "I can help.", Rep: "ben"})
	case n < 16:
		kind, err = "left", h.Leave(ctx, id, "ben")
	default:
		kind, err = "meeting", h.change(v)
	}
	if err != nil {
		kind = ""
	}
	h.look(kind, v)
}

func (h *history) comes() {
	visit := flows.Visit{
		Page: []string{"/", "/pricing"}[h.random.IntN(2)], Language: "en", Timezone: "UTC", Channel: []string{"web", "slack"}[h.random.IntN(2)],
	}
	if h.random.IntN(2) == 0 {
		visit.UTM = map[string]string{"source": []string{"google", "news"}[h.random.IntN(2)], "campaign": "autumn"}
	} else {
		visit.Referrer = "https://search.example/?q=priya"
	}
	a, err := h.Arrive(h.t.Context(), bot.Arrival{Site: "acme.example", Visit: visit})
	must(h.t, err)
	v := &seen{Arrived: a, began: h.now(), reached: map[string]time.Time{"hello": h.now()}, answered: map[string]time.Time{}}
	h.all = append(h.all, v)
	h.look("began", v)
}

// word is something that a visitor says: mostly what is asked.
func (h *history) word(v *seen) dialogue.Said {
	h.n++
	id := fmt.Sprint("w", h.n)
	if n := h.random.IntN(25); n < 5 {
		return dialogue.Said{ID: id, Text: []string{"hm", "I want to talk to a person", "stop", "start over", "back"}[n]}
	}
	switch step := bot.StepOf(v.was.State); {
	case len(v.was.Offers) > 0:
		return dialogue.Said{ID: id, Value: v.was.Offers[0].Start.Format(time.RFC3339)}
	case step == "size":
		return dialogue.Said{ID: id, Text: []string{"50", "250"}[h.random.IntN(2)]}
	case step == "trade":
		return dialogue.Said{ID: id, Text: []string{"retail", "health", "skip"}[h.random.IntN(3)]}
	}
	return dialogue.Said{ID: id, Text: fmt.Sprintf("ada%d@bigco%d.example", h.random.IntN(40), h.random.IntN(40))}
}

// change is something that happens to a meeting, or to the lead.
func (h *history) change(v *seen) error {
	ctx := h.t.Context()
	m := v.was.Meeting
	if m == nil {
		return bot.ErrNotFound
	}
	switch h.random.IntN(6) {
	case 0:
		return h.Cancel(ctx, m.UID, "no time")
	case 1:
		return h.NoShow(ctx, m.UID)
	case 2, 3:
		p, err := h.Store.PersonOf(ctx, v.Conversation.ID)
		if err == nil {
			h.work()
			err = h.SetStage(ctx, p.ID, []string{bot.StageSQL, bot.StageWon, bot.StageLost}[h.random.IntN(3)], "said so", "mira@office")
		}
		return err
	}
	times, err := h.Times(ctx, m.UID, 3)
	if err != nil || len(times) == 0 {
		return cmp.Or(err, bot.ErrNotFree)
	}
	to := times[h.random.IntN(len(times))]
	err = h.Reschedule(ctx, m.UID, slots.Slot{Rep: to.Rep, Interval: to.Interval})
	if err == nil && !m.Start.Equal(to.Start) {
		h.moved[m.UID] = true
	}
	return err
}

// look notes what has changed with them. kind is what somebody did.
func (h *history) look(kind string, who ...*seen) {
	for _, v := range who {
		now, c := h.now(), h.state(v.Arrived)
		if reflect.DeepEqual(c, v.was) {
			continue
		}
		h.note(v, c, kind, now)
	}
}

func (h *history) note(v *seen, c dialogue.Conversation, kind string, now time.Time) {
	answered := kind == "said" && (v.at == "size" && told(c, "seats", now) || v.at == "trade" && told(c, "industry", now) || v.at == "mail" && told(c, "email", now) ||
		v.at == "meet" && c.Meetings > v.was.Meetings) || kind == "joined" && v.was.State == "help/waiting"
	if answered && v.answered[v.at].IsZero() {
		v.answered[v.at] = now
	}
	if step, _, _ := strings.Cut(c.State, "/"); c.State != "end/stopped" {
		v.at = step
		if v.reached[step].IsZero() {
			v.reached[step] = now
		}
	}
	waits := c.State == "help/waiting" && v.was.State != c.State
	if v.wanted.IsZero() && (waits || c.Assigned != nil && v.was.Assigned == nil || c.End == flows.Qualified) {
		v.wanted = now
	}
	if v.met.IsZero() && !v.wanted.IsZero() && (kind == "spoke" || c.Meetings > v.was.Meetings) {
		v.met = now
		if kind == "spoke" {
			v.who = "ben"
		} else {
			v.who = c.Assigned.Rep
		}
	}
	if v.met.IsZero() && c.Assigned != nil {
		v.who = c.Assigned.Rep
	}
	v.was = c
}

func told(c dialogue.Conversation, field string, at time.Time) bool {
	return slices.ContainsFunc(c.Answers, func(a dialogue.Answer) bool { return a.Field == field && a.At.Equal(at) && a.Source == "" })
}

// in says whether a time is within the period.
func in(q bot.ReportQuery, t time.Time) bool { return !t.Before(q.From) && t.Before(q.To) }

func (h *history) funnel(q bot.ReportQuery) {
	lines, err := h.Store.Funnel(h.t.Context(), q)
	must(h.t, err)
	got := map[string]bot.FunnelStep{}
	for _, l := range lines {
		if l.Reached != l.Went+l.Ended+l.Left+l.Open || l.Answered > l.Reached || l.Flow != "talk" || l.Revision != "" {
			h.t.Errorf("%+v does not add up", l)
		}
		got[l.Step] = l
	}
	want := map[string]*bot.FunnelStep{}
	times := map[string][]float64{}
	for _, v := range h.all {
		if !in(q, v.began) {
			continue
		}
		for step, at := range v.reached {
			if want[step] == nil {
				want[step] = &bot.FunnelStep{}
			}
			w := want[step]
			w.Reached++
			if done := v.answered[step]; !done.IsZero() {
				w.Answered++
				times[step] = append(times[step], done.Sub(at).Seconds())
			}
			switch {
			case step != v.at:
				w.Went++
			case v.was.End == "":
				w.Open++
			case v.was.End == dialogue.Stopped || v.was.End == dialogue.Expired:
				w.Left++
			default:
				w.Ended++
			}
		}
	}
	for step, w := range want {
		w.Flow, w.Step, w.Median, w.P90 = "talk", step, middle(times[step], 0.5), middle(times[step], 0.9)
		if got[step] != *w {
			h.t.Errorf("funnel from %v:\n%+v, not\n%+v", q.From, got[step], *w)
		}
	}
	if len(got) != len(want) || len(want) < 7 && q.To.Sub(q.From) > 48*time.Hour {
		h.t.Errorf("%d steps, not %d", len(got), len(want))
	}
	if len(lines) > 2 && (lines[0].Step != "hello" || lines[1].Step != "size") {
		h.t.Errorf("%s comes first, then %s", lines[0].Step, lines[1].Step)
	}
}

// middle is the value that a share p of all does not exceed, counted by hand.
func middle(values []float64, p float64) float64 {
	for _, v := range slices.Sorted(slices.Values(values)) {
		n := 0
		for _, w := range values {
			if w <= v {
				n++
			}
		}
		if float64(n) >= p*float64(len(values))-1e-9 {
			return math.Round(v*1000) / 1000
		}
	}
	return 0
}

func (h *history) speed(q bot.ReportQuery) {
	for by, key := range map[string]func(*seen) string{
		"":        func(*seen) string { return "" },
		bot.ByRep: func(v *seen) string { return v.who },
		bot.ByHour: func(v *seen) string {
			return fmt.Sprintf("%02d", v.wanted.In(q.Zone).Hour())
		},
	} {
		q.By = by
		lines, err := h.Store.Speeds(h.t.Context(), q)
		must(h.t, err)
		want, times := map[string]*bot.SpeedCount{}, map[string][]float64{}
		for _, v := range h.all {
			if v.wanted.IsZero() || !in(q, v.wanted) {
				continue
			}
			k := key(v)
			if want[k] == nil {
				want[k] = &bot.SpeedCount{Key: k}
			}
			want[k].Wanted++
			if took := v.met.Sub(v.wanted); !v.met.IsZero() {
				want[k].Answered++
				times[k] = append(times[k], took.Seconds())
				if took <= 5*time.Minute {
					want[k].Five++
				}
			}
		}
		if len(lines) != len(want) {
			h.t.Errorf("speed by %q: %d lines, not %d", by, len(lines), len(want))
		}
		for _, got := range lines {
			w := want[got.Key]
			if w == nil {
				h.t.Errorf("speed by %q: nobody is of %q", by, got.Key)
				continue
			}
			w.Median, w.P90, w.FiveRate = middle(times[got.Key], 0.5), middle(times[got.Key], 0.9), bot.RateOf(w.Five, w.Wanted)
			if got != *w {
				h.t.Errorf("speed by %q:\n%+v, not\n%+v", by, got, *w)
			}
		}
	}
}

func (h *history) meetings(q bot.ReportQuery) {
	for _, by := range []string{"", bot.ByRep, bot.ByMonth} {
		q.By = by
		lines, err := h.Store.MeetingCounts(h.t.Context(), q)
		must(h.t, err)
		want := map[string]*bot.MeetingCount{}
		for _, rep := range []string{"asha", "ben", "cora"} {
			rows, err := h.MeetingsOf(h.t.Context(), rep, q.From.AddDate(0, 0, -1), q.To.AddDate(0, 0, 1))
			must(h.t, err)
			for _, m := range rows {
				if m.Of != "" || !in(q, m.Start) {
					continue
				}
				w := bot.MeetingCount{Rep: rep, Month: m.Start.In(q.Zone).Format("2006-01")}
				if by == bot.ByRep {
					w.Month = ""
				}
				if by == bot.ByMonth {
					w.Rep = ""
				}
				k := w.Month + w.Rep
				if want[k] == nil {
					want[k] = &w
				}
				h.meeting(want[k], m)
			}
		}
		if len(lines) != len(want) {
			h.t.Errorf("meetings by %q: %d lines, not %d", by, len(lines), len(want))
		}
		for _, got := range lines {
			if got.Booked != got.Held+got.NoShow+got.Cancelled+got.Coming {
				h.t.Errorf("%+v does not add up", got)
			}
			w := want[got.Month+got.Rep]
			w.ShowRate = bot.RateOf(w.Held, w.Held+w.NoShow)
			if got != *w {
				h.t.Errorf("meetings by %q:\n%+v, not\n%+v", by, got, *w)
			}
		}
	}
}

func (h *history) meeting(w *bot.MeetingCount, m bot.Meeting) {
	w.Booked++
	if h.moved[m.UID] {
		w.Moved++
	}
	switch {
	case m.Status == bot.Cancelled:
		w.Cancelled++
	case !m.NoShow.IsZero():
		w.NoShow++
	case m.End.Add(bot.HeldAfter).After(h.now()):
		w.Coming++
	default:
		w.Held++
	}
}

// fairness holds the sums over all lines of the ledger against the shares that every turn kept.
func (h *history) fairness(q bot.ReportQuery) {
	lines, err := h.Store.FairShares(h.t.Context(), q)
	must(h.t, err)
	agenda, err := h.Store.Agenda(h.t.Context(), bot.AgendaQuery{Reps: []string{"asha", "ben", "cora"}, From: h.now(), To: h.now(), Now: h.now()})
	must(h.t, err)
	n, due := 0, 0.0
	for _, l := range lines {
		share := agenda.Shares[routing.Queue{Team: l.Team, Name: l.Queue}][l.Rep]
		want := bot.FairShare{Team: l.Team, Queue: l.Queue, Rep: l.Rep, Got: int(share.Got), Gave: int(share.Gave), Counted: int(share.Count)}
		want.Target, want.Missed = l.Target, l.Missed
		want.Difference = math.Round((float64(want.Counted)-l.Target)*1e4) / 1e4
		if l != want || math.Abs(l.Target-float64(share.Due)/routing.Lead) > 1e-3 || math.Abs(l.Missed-float64(share.Missed)/routing.Lead) > 1e-3 {
			h.t.Errorf("%+v, the shares say %+v", l, share)
		}
		n, due = n+l.Counted, due+l.Target
	}
	if n < 30 || math.Abs(float64(n)-due) > 0.01 || len(lines) != 3 {
		h.t.Errorf("%d leads, %v due: %+v", n, due, lines)
	}
}

// far are the stages that somebody at a stage came to.
var far = map[string]int{bot.StageMQL: 1, bot.StageSAL: 2, bot.StageSQL: 3, bot.StageWon: 4}

func (h *history) leads(q bot.ReportQuery) {
	ctx := h.t.Context()
	people, err := h.Store.ListPeople(ctx, bot.PeopleQuery{Limit: 10_000})
	must(h.t, err)
	came := map[string][5]time.Time{}
	for _, p := range people {
		trail, err := h.Store.Trail(ctx, p.ID)
		must(h.t, err)
		var first [5]time.Time
		for _, c := range trail {
			for stage := 1; c.Kind == bot.ChangedStage && stage <= far[c.To]; stage++ {
				if first[stage].IsZero() || c.At.Before(first[stage]) {
					first[stage] = c.At
				}
			}
		}
		came[p.ID] = first
	}
	for by, key := range map[string]func(bot.Person) string{
		bot.BySource: func(p bot.Person) string {
			u, _ := url.Parse(p.First.Referrer)
			return cmp.Or(p.First.UTM["source"], u.Hostname())
		},
		bot.ByCampaign: func(p bot.Person) string { return p.First.UTM["campaign"] },
		bot.ByPage:     func(p bot.Person) string { return p.First.Page },
		bot.ByIndustry: func(p bot.Person) string { return p.Fields["industry"].Text },
		bot.ByLanguage: func(p bot.Person) string { return p.Language },
		bot.ByCountry:  func(p bot.Person) string { return p.Country },
		bot.ByChannel:  func(p bot.Person) string { return p.First.Channel },
		bot.ByMonth:    func(p bot.Person) string { return p.CreatedAt.In(q.Zone).Format("2006-01") },
		bot.ByQuarter:  func(p bot.Person) string { return p.CreatedAt.In(q.Zone).Format("2006") + "-Q4" },
		"":             func(bot.Person) string { return "" },
	} {
		q.By = by
		lines, err := h.Store.LeadCounts(ctx, q)
		must(h.t, err)
		want := map[string]*bot.LeadCount{}
		for _, p := range people {
			if in(q, p.CreatedAt) {
				h.lead(want, key(p), p, came[p.ID])
			}
		}
		for _, got := range lines {
			w := cmp.Or(want[got.Key], &bot.LeadCount{Key: got.Key, Grades: map[string]int{}})
			delete(want, got.Key)
			w.MQLRate, w.SALRate, w.SQLRate, w.WonRate = bot.RateOf(w.MQL, w.Leads), bot.RateOf(w.SAL, w.MQL), bot.RateOf(w.SQL, w.SAL), bot.RateOf(w.Won, w.SQL)
			if !reflect.DeepEqual(got, *w) {
				h.t.Errorf("leads by %q:\n%+v, not\n%+v", by, got, *w)
			}
		}
		if len(want) > 0 {
			h.t.Errorf("leads by %q: nothing of %v", by, want)
		}
	}
	h.velocity(q, came)
	if t := q.To.Sub(q.From); t > 15*24*time.Hour && (len(people) < 50 || len(h.moved) < 3 || !slices.ContainsFunc(people, func(p bot.Person) bool { return !came[p.ID][4].IsZero() })) {
		h.t.Errorf("%d people, %d moved meetings: the test proves nothing", len(people), len(h.moved))
	}
}

func (h *history) lead(want map[string]*bot.LeadCount, key string, p bot.Person, came [5]time.Time) {
	if want[key] == nil {
		want[key] = &bot.LeadCount{Key: key, Grades: map[string]int{}}
	}
	w := want[key]
	w.Leads++
	w.Grades[p.Grade]++
	for stage, n := range map[int]*int{1: &w.MQL, 2: &w.SAL, 3: &w.SQL, 4: &w.Won} {
		if !came[stage].IsZero() {
			*n++
		}
	}
	if p.Stage == bot.StageLost {
		w.Lost++
	}
}

func (h *history) velocity(q bot.ReportQuery, came map[string][5]time.Time) {
	months := map[string]int{}
	for _, c := range came {
		if !c[1].IsZero() {
			months[c[1].In(q.Zone).Format("2006-01")]++
		}
	}
	lines, err := bot.Velocity(h.t.Context(), h.Store, q)
	must(h.t, err)
	for i, l := range lines {
		month, err := time.Parse("2006-01", l.Month)
		must(h.t, err)
		before := months[month.AddDate(0, -1, 0).Format("2006-01")]
		rate := float64(months[l.Month]-before) / float64(before)
		if l.Qualified != months[l.Month] || l.Before != before || (l.Rate == nil) != (before == 0) || l.Rate != nil && *l.Rate != rate || l.Running != (i == len(lines)-1 && l.Month == h.now().In(q.Zone).Format("2006-01")) {
			h.t.Errorf("%+v: %v", l, months)
		}
	}
	if len(lines) == 0 {
		h.t.Error("no month")
	}
}

func TestAReportThatIsNoneIsRefused(t *testing.T) {
	s := newStage(t)
	for _, c := range []struct {
		name, by, flow string
		want           error
	}{
		{"weather", "", "", bot.ErrNoReport},
		{"leads", "hour", "", bot.ErrNoBy},
		{"velocity", "source", "", bot.ErrNoBy},
		{"leads", "", "book-a-demo", bot.ErrNoFlow},
		{"split", "", "book-a-demo", bot.ErrNoFlow},
	} {
		if _, err := bot.RunReport(t.Context(), s.Store, c.name, bot.ReportQuery{By: c.by, Flow: c.flow}); !errors.Is(err, c.want) {
			t.Errorf("%s by %s of %s: %v", c.name, c.by, c.flow, err)
		}
	}
}

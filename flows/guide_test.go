package flows

import (
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"
	"time"
)

// guide is the workspace by which the language is explained.
func guide() fs.FS {
	return fstest.MapFS{
		"book-a-demo.yaml": {Data: []byte(guideFlow)}, "team.yaml": {Data: []byte(guideTeam)}, "faq.yaml": {Data: []byte(guideFAQ)},
		"stories/books.yaml": {Data: []byte(guideStory)}, "calendars/asha.ics": {}, "calendars/cora.ics": {}, "calendars/dev.ics": {},
	}
}

const guideFlow = `flow: book-a-demo                 # stable id: a-z 0-9 -
title: Book a demo
languages: [en, hi]               # the first is the source language

show:                             # which visitor gets this flow; the first by priority wins, else the default flow
  pages: ["/", "/pricing*"]
  if: visits >= 2 or utm.source == "google"
  after: 5s                       # greet on its own after this long on the page
  priority: 10

fields:                           # what the flow learns; every field has a type
  goal:      { type: choice, options: { demo: Book a demo, price: See prices, help: Get help } }
  team_size: { type: number, min: 1, max: 1000000, label: Team size }
  email:     { type: email, work: true }         # work: free-mail and disposable addresses are refused kindly
  budget:    { type: money, currency: USD }
  when:      { type: choice, options: { now: This month, quarter: This quarter, later: Later } }
  source:    { from: utm.source }                # hidden: filled from the visit, never asked

steps:                            # read from the top; a step without ` + "`" + `next` + "`" + ` goes on to the one below it
  - id: hello
    say: "Hi{{ known(name) ? ', ' + name : '' }}! I can answer questions and set you up with the right person."

  - id: goal
    ask: goal
    say: What brings you here today?
    next:
      - { if: goal == "help", to: help }

  - id: size
    ask: team_size
    say: How many people will use it?
    retry: A number is enough, for example 25.   # said when the answer does not fit
    tries: 3                                     # then ` + "`" + `else` + "`" + `
    else: help

  - id: mail
    ask: email
    say: Which work e-mail should the invitation go to?

  - id: decide
    next:
      - { if: grade == "hot", to: meet }
      - { if: known(budget) and budget < 500, to: later }
      - { to: nurture }

  - id: meet
    book: { minutes: 30, offer: 3, title: "{{ company }} × Acme" }
    say: "{{ rep.first_name }} can show you round. Which time suits you?"
    next:
      - { if: booked, to: done }
      - { to: call }                             # no free time, or none suited

  - id: call
    book: { team: enterprise, pooled: true, with: [specialists], seats: 5, place: google_meet }
    say: One of us has time then. Which time suits you?
    next:
      - { if: booked, to: done }
      - { to: ring }

  - id: ring
    book: { team: support, place: phone }
    say: When may we call you?
    next:
      - { if: booked, to: done }
      - { to: help }

  - id: help
    handoff: { team: support, wait: 2m }         # a person joins; else the flow goes on
    say: One moment, I am getting a colleague.
    next:
      - { if: joined, to: done }
      - { to: nurture }

  - id: done
    end: qualified
    say: "{{ booked ? 'See you ' + meeting.starts : 'We will be in touch' }}!"

  - id: nurture
    end: nurture
    say: I will send you our guide. Come back any time.

  - id: later
    end: waitlist
    revisit: 90d
    say: I will write to you when we have a plan that fits.

score:                            # every rule that holds counts, whenever it holds; nothing is added twice
  - { if: team_size >= 200,      points: 40, because: 200 seats or more,   part: need }
  - { if: team_size in 20..199,  points: 20, because: 20 to 199 seats,     part: need }
  - { if: budget >= 5000,        points: 30, because: budget of 5000+,     part: budget }
  - { if: when == "now",         points: 20, because: buys this month,     part: timing }
  - { if: visited("/pricing*"),  points: 10, because: read the price page, part: interest, halves: 14d }
  - { if: email endsWith ".edu",  points: -20, because: student }
caps:   { interest: 20 }          # the most one part may bring
grades: { hot: 60, warm: 30, cold: 0 }
`

const guideTeam = `timezone: Asia/Kolkata
hours:
  office: { mon-fri: "09:30-18:00", sat: "10:00-13:00" }
holidays: [2026-12-25]

reps:
  - id: asha
    name: Asha Rao
    email: asha@acme.example
    timezone: Asia/Kolkata
    hours: office
    calendar: calendars/asha.ics        # a file, an https feed, or {caldav: URL, user: …, password: ${ASHA_CALDAV}}
    slack: U024BE7LH
    languages: [en, hi]
    weight: 2
    limits: { day: 6, week: 20 }
    away: [2026-12-24/2026-12-31]
    dates: { 2026-12-23: "09:30-13:00", 2027-01-02: closed }                 # other hours on some dates
    travel: [{ dates: 2026-12-01/2026-12-05, timezone: Europe/Berlin }]      # hours kept in that zone on those days

  - { id: ben, name: Ben Vogel, email: ben@acme.example, timezone: Europe/Berlin, hours: office, calendar: { google: ben@acme.example } }
  - { id: cora, name: Cora Diaz, email: cora@acme.example, timezone: America/New_York, hours: office, calendar: {caldav: https://dav.acme.example/cora, user: cora, password: ${CORA_CALDAV}} }
  - id: dev
    name: Dev Mehta
    timezone: Asia/Kolkata
    hours: office
    calendar:                           # or a list: all are read, meetings go to the first account
      - calendars/dev.ics
      - webcal://acme.example/dev.ics
      - ${DEV_FEED}
      - { google: dev@acme.example, names: [Work, Travel] }
      - { microsoft: dev@acme.example }

teams:
  - { id: specialists, reps: [dev] }
  - { id: enterprise, reps: [asha, ben], assign: fair }      # fair | first_free | in_order | least_busy
  - { id: support, reps: [cora], hours: office }

meeting: { buffer: 10m, notice: 2h, horizon: 14d, every: 30m, stale: 30m, remind: [1d, 1h] }   # defaults; a ` + "`" + `book` + "`" + ` step may override

routes:                                  # the first that holds and can serve wins; the reason is kept
  - { if: known(owner), to: owner, within: 14d }            # the lead's own rep, if free soon enough
  - { if: country in ["IN", "BD"] and team_size >= 200, to: enterprise }
  - { to: support }                                          # the last route has no condition
`

const guideFAQ = `- ask: [How much does it cost?, price, pricing]
  say: Plans start at 20 dollars a seat. I can show you the one that fits.
`

const guideStory = `story: a large team books on the spot
flow: book-a-demo
now: 2026-11-23T10:00:00+05:30
visit: { page: /pricing, utm: { source: google }, timezone: Asia/Kolkata, language: en }
turns:
  - bot: What brings you here today?
  - visitor: demo
  - bot: How many people will use it?
  - visitor: about 250
  - visitor: priya@bigco.example
  - expect: { step: meet, grade: hot, score: 60, rep: asha }
  - visitor: 1
  - expect: { end: qualified, meeting: 2026-11-23T12:00:00+05:30 }
`

func TestTheGuideIsRight(t *testing.T) {
	w, problems := Load(guide())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	f := w.Flow("book-a-demo")
	if got, _ := f.Step("hello").Say.In("hi-IN", &Scope{}); got != "Hi! I can answer questions and set you up with the right person." {
		t.Error(got)
	}
	if b := f.Step("meet").Book; b.Minutes != 30 || b.Offer != 3 || len(b.Needs) != 1 || b.Rules.Buffer != 10*time.Minute {
		t.Errorf("%+v", b)
	}
	if b := f.Step("meet").Book; b.Place != PlaceRep || b.Pooled || b.Seats != 0 || b.With != nil {
		t.Errorf("%+v", b)
	}
	if b := f.Step("call").Book; b.Place != PlaceGoogleMeet || !b.Pooled || b.Seats != 5 || !slices.Equal(b.With, []string{"specialists"}) {
		t.Errorf("%+v", b)
	}
	if b := f.Step("ring").Book; b.Place != PlacePhone || len(b.Needs) != 2 || b.Needs[0].Name != "phone" {
		t.Errorf("%+v", b)
	}
	if h := f.Step("help").Handoff; h.Team != "support" || h.Wait != 2*time.Minute {
		t.Errorf("%+v", h)
	}
	if e := f.Step("later").End; e.Kind != Waitlist || e.Revisit != 90*24*time.Hour {
		t.Errorf("%+v", e)
	}
	if s := f.Field("source"); s.From != "utm.source" {
		t.Errorf("%+v", s)
	}
	if len(f.Score) != 6 || f.Score[4].Halves != 14*24*time.Hour || f.Caps["interest"] != 20 || f.Grades[0] != (Grade{"hot", 60}) {
		t.Errorf("%+v %v %v", f.Score, f.Caps, f.Grades)
	}
	r := w.Roster
	if asha := r.Rep("asha"); asha.Weight != 2 || asha.Limits != (Limits{6, 20, 0}) || asha.Hours.Week[time.Monday][0] != (Span{570, 1080}) || asha.Away[0].To.Day != 31 {
		t.Errorf("%+v", asha)
	}
	asha := r.Rep("asha")
	if d := asha.Dates; len(d) != 2 || d[0].From != (Date{2026, 12, 23}) || d[0].Spans[0] != (Span{570, 780}) || d[1].Spans != nil {
		t.Errorf("%+v", d)
	}
	if s := asha.Travel; len(s) != 1 || s[0].Timezone != "Europe/Berlin" || s[0].Location.String() != "Europe/Berlin" || s[0].To != (Date{2026, 12, 5}) {
		t.Errorf("%+v", s)
	}
	want := []Calendar{
		{File: "calendars/dev.ics"},
		{URL: "webcal://acme.example/dev.ics"},
		{URL: "${DEV_FEED}"},
		{Google: "dev@acme.example", Names: "Work,Travel"},
		{Microsoft: "dev@acme.example"},
	}
	if dev := r.Rep("dev"); !slices.Equal(dev.Calendars, want) {
		t.Errorf("%+v", dev.Calendars)
	}
	if r.Stale != 30*time.Minute || !slices.Equal(r.Reminders(), []time.Duration{24 * time.Hour, time.Hour}) {
		t.Errorf("%v %v", r.Stale, r.Remind)
	}
	if cora := r.Rep("cora"); cora.Calendars[0].Password != "${CORA_CALDAV}" {
		t.Errorf("%+v", cora.Calendars)
	}
	if r.Routes[0].To != Owner || r.Routes[0].Within != 14*24*time.Hour || r.Routes[2].If != nil || len(r.Holidays) != 1 {
		t.Errorf("%+v", r.Routes)
	}
	if s := w.Stories[0]; len(s.Turns) != 8 || s.Turns[6].Visitor != "1" || *s.Turns[5].Expect.Score != 60 || s.Turns[7].Expect.Meeting.IsZero() {
		t.Errorf("%+v", s)
	}
	if got := w.FAQ[0].Ask["en"]; len(got) != 3 {
		t.Error(got)
	}
}

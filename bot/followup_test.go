package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"usher/bot"
	"usher/flows"
)

// letters is the workspace of those who are not ready.
func letters(followups string) fstest.MapFS {
	return fstest.MapFS{
		"team.yaml": workspace["team.yaml"],
		"talk.yaml": {Data: []byte(`
flow: talk
title: Talk
languages: [en]
fields:
  seats: { type: number, min: 1, label: Seats }
steps:
  - { id: mail, ask: email, say: Which address? }
  - { id: size, ask: seats, say: How many? }
  - { id: decide, next: [{ if: seats >= 100, to: meet }, { if: seats >= 50, to: later }, { to: bye }] }
  - { id: meet, book: { minutes: 30 }, say: Which time? }
  - { id: done, end: qualified, say: See you. }
  - { id: later, end: waitlist, revisit: 30d, say: Later. }
  - { id: bye, end: nurture, say: Bye. }
`)},
		"followups.yaml": {Data: []byte(followups)},
	}
}

const five = `
sequences:
  - id: five
    on: { end: nurture }
    letters:
      - { after: 2d, subject: One, say: "Hello {{ known(name) ? name : 'you' }}, {{ seats }} seats." }
      - { after: 3d, subject: Two, say: Two. }
      - { after: 4d, subject: Three, say: Three. }
      - { after: 5d, subject: Four, say: Four. }
      - { after: 6d, subject: Five, say: Five. }
`

// postroom is a stage with follow-ups, whose letters are kept with the hour at which they went.
type postroom struct {
	*stage
	*bot.FollowUps
	sent   []string
	fails  error
	alerts []string
}

func newPostroom(t *testing.T, files fstest.MapFS, at string) *postroom {
	t.Helper()
	s := newStageOn(t, file(t), files)
	began, err := time.Parse(time.RFC3339, at)
	must(t, err)
	s.at = began.UTC()
	o := &postroom{stage: s, FollowUps: s.Bot.FollowUps([]byte("key"))}
	s.Carriers[bot.JobLetter] = func(ctx context.Context, j bot.Job) error {
		var e bot.Event
		must(t, json.Unmarshal(j.Payload, &e))
		letter, err := o.Letter(ctx, e)
		var off *bot.LetterOffError
		switch {
		case errors.As(err, &off):
			return nil
		case err != nil:
			return err
		case o.fails != nil:
			return o.Bounced(ctx, e, "550 no such user")
		}
		o.sent = append(o.sent, s.now().Format("2006-01-02T15:04Z ")+letter.Subject)
		return nil
	}
	s.Carriers[bot.JobAlert] = func(_ context.Context, j bot.Job) error {
		o.alerts = append(o.alerts, string(j.Payload))
		return nil
	}
	return o
}

// drain carries out what is due.
func (o *postroom) drain() {
	o.t.Helper()
	for {
		jobs, err := o.Store.Claim(o.t.Context(), o.now(), time.Minute, 16)
		must(o.t, err)
		if len(jobs) == 0 {
			return
		}
		for _, j := range jobs {
			err := o.Carriers[j.Kind](o.t.Context(), j)
			j.State = bot.JobDone
			var retry *bot.RetryError
			if errors.As(err, &retry) {
				j.State, j.RunAt = bot.JobReady, o.now().Add(retry.After)
			} else {
				must(o.t, err)
			}
			must(o.t, o.Store.Finish(o.t.Context(), j))
		}
	}
}

// until lets time pass, job by job, for as long as letters are planned and before the end.
func (o *postroom) until(d time.Duration) {
	o.t.Helper()
	end := o.now().Add(d)
	for o.drain(); ; o.drain() {
		next := end
		all, err := o.List(o.t.Context(), 100)
		must(o.t, err)
		stored, err := o.Store.Enrolments(o.t.Context(), 100)
		must(o.t, err)
		if len(all) != len(stored) {
			o.t.Fatal("not all are listed")
		}
		for _, e := range stored {
			if e.State == bot.EnrolmentRunning && e.NextAt.Before(next) {
				next = e.NextAt
			}
		}
		if !next.After(o.now()) {
			o.t.Fatal("time does not go on")
		}
		o.pass(next.Sub(o.now()))
		if next.Equal(end) {
			o.drain()
			return
		}
	}
}

// visitor comes, says these things and goes.
func (o *postroom) visitor(zone string, words ...string) bot.Arrived {
	o.t.Helper()
	a, err := o.Arrive(o.t.Context(), bot.Arrival{Site: "acme.example", Visit: flows.Visit{Page: "/", Language: "en", Timezone: zone}})
	must(o.t, err)
	for _, w := range words {
		o.say(a, w)
	}
	return a
}

func (o *postroom) only(want ...string) {
	o.t.Helper()
	if !slices.Equal(o.sent, want) {
		o.t.Errorf("sent\n%s\nwant\n%s", strings.Join(o.sent, "\n"), strings.Join(want, "\n"))
	}
}

func (o *postroom) why(want string) {
	o.t.Helper()
	all, err := o.List(o.t.Context(), 10)
	must(o.t, err)
	if len(all) != 1 || all[0].State+" "+all[0].Because != want {
		o.t.Errorf("%+v, want %s", all, want)
	}
}

func TestFiveLettersGoAtTheirTimesAlsoOverAChangeOfTheClocks(t *testing.T) {
	o := newPostroom(t, letters(five), "2026-10-16T10:00:00+02:00")
	o.visitor("Europe/Berlin", "ada@bigco.example", "3")
	o.until(60 * 24 * time.Hour)
	o.only("2026-10-18T08:00Z One", "2026-10-21T08:00Z Two", "2026-10-25T09:00Z Three", "2026-10-30T09:00Z Four", "2026-11-05T09:00Z Five")
	o.why("done ")
}

func TestLettersStopAtTheFirstAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		does func(o *postroom, a bot.Arrived)
		why  string
	}{
		"something said in the chat": {func(o *postroom, a bot.Arrived) { o.say(a, "start over") }, "stopped answer"},
		"a meeting": {func(o *postroom, a bot.Arrived) {
			o.say(a, "start over")
			o.say(a, "ada@bigco.example")
			o.say(a, "200")
			o.say(a, "1")
		}, "stopped answer"},
		"another conversation of the visitor": {func(o *postroom, a bot.Arrived) {
			o.say(o.arrive(a.Token), "hello")
		}, "stopped answer"},
		"no more letters are wanted": {func(o *postroom, a bot.Arrived) {
			must(o.t, o.Unsubscribe(o.t.Context(), bot.RecipientOf([]byte("key"), " ADA@bigco.example ")))
		}, "stopped unsubscribe"},
		"an answer by mail": {func(o *postroom, a bot.Arrived) {
			id := bot.EnrolmentID(bot.RecipientOf([]byte("key"), "ada@bigco.example"), "five")
			must(o.t, o.FollowUps.Wrote(o.t.Context(), bot.Event{Conversation: a.Conversation.ID, Detail: id}))
		}, "stopped answer"},
		"the address takes no letters": {func(o *postroom, a bot.Arrived) {
			o.fails = errors.New("550")
		}, "stopped bounce"},
		"the sequence is taken away": {func(o *postroom, a bot.Arrived) {
			must(o.t, o.Use(o.t.Context(), load(o.t, letters(strings.Replace(five, "id: five", "id: six", 1)))))
		}, "stopped gone"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newPostroom(t, letters(five), "2026-11-02T10:00:00Z")
			a := o.visitor("UTC", "ada@bigco.example", "3")
			o.until(47 * time.Hour)
			o.only()
			o.until(2 * time.Hour)
			o.only("2026-11-04T10:00Z One")
			c.does(o, a)
			o.until(60 * 24 * time.Hour)
			o.only("2026-11-04T10:00Z One")
			o.why(c.why)
		})
	}
}

func TestWhoGotLettersOfASequenceThatIsTakenAwayIsStillTold(t *testing.T) {
	o := newPostroom(t, letters(five), "2026-11-02T10:00:00Z")
	o.visitor("UTC", "ada@bigco.example", "3")
	o.until(49 * time.Hour)
	must(t, o.Use(t.Context(), load(t, letters(strings.Replace(five, "id: five", "id: six", 1)))))
	all, err := o.FollowUps.List(t.Context(), 9)
	if err != nil || len(all) != 1 || all[0].Address != "ada@bigco.example" || all[0].Letters != 1 || all[0].Because != bot.StopGone {
		t.Errorf("%+v %v", all, err)
	}
}

func TestALetterThatIsMendedGoesAsTheRunningRevisionSays(t *testing.T) {
	o := newPostroom(t, letters(five), "2026-11-02T10:00:00Z")
	o.visitor("UTC", "ada@bigco.example", "3")
	o.until(time.Hour)
	must(t, o.Use(t.Context(), load(t, letters(strings.Replace(five, "subject: One", "subject: Once", 1)))))
	o.until(3 * 24 * time.Hour)
	o.only("2026-11-04T10:00Z Once")
}

func TestABounceTellsTheRepAndLeavesTheLead(t *testing.T) {
	o := newPostroom(t, letters(five), "2026-11-02T10:00:00Z")
	o.fails = errors.New("550")
	o.visitor("UTC", "ada@bigco.example", "3")
	o.until(30 * 24 * time.Hour)
	told := 0
	for _, a := range o.alerts {
		if strings.Contains(a, bot.AlertMail) {
			told++
		}
	}
	if told != 1 {
		t.Errorf("alerts %q", o.alerts)
	}
	o.only()
}

func TestAllSequencesTogetherKeepTheLimit(t *testing.T) {
	three := "limit: 2 a week\nquiet: never\nsequences:\n"
	for i := range 3 {
		three += fmt.Sprintf("  - id: s%d\n    on: { end: nurture }\n    letters:\n", i)
		for n := range 3 {
			three += fmt.Sprintf("      - { after: 1d, subject: \"s%d %d\", say: Hello. }\n", i, n)
		}
	}
	o := newPostroom(t, letters(three), "2026-11-02T10:00:00Z")
	o.visitor("UTC", "ada@bigco.example", "3")
	o.until(60 * 24 * time.Hour)
	if len(o.sent) != 9 {
		t.Errorf("%d letters: %q", len(o.sent), o.sent)
	}
	for i := 2; i < len(o.sent); i++ {
		a, _ := time.Parse("2006-01-02T15:04Z", strings.Fields(o.sent[i-2])[0])
		b, _ := time.Parse("2006-01-02T15:04Z", strings.Fields(o.sent[i])[0])
		if b.Sub(a) < 7*24*time.Hour {
			t.Errorf("three letters in a week: %q", o.sent[i-2:i+1])
		}
	}
}

func TestALateServerSendsOneLetterAndKeepsTheDistance(t *testing.T) {
	o := newPostroom(t, letters(five), "2026-11-02T10:00:00Z")
	o.visitor("UTC", "ada@bigco.example", "3")
	o.drain()
	o.pass(40 * 24 * time.Hour)
	o.drain()
	o.only("2026-12-12T10:00Z One")
	o.until(4 * 24 * time.Hour)
	o.only("2026-12-12T10:00Z One", "2026-12-15T10:00Z Two")
}

func TestWaitlistSilenceAndBehaviourBeginSequences(t *testing.T) {
	const begins = `
quiet: never
sequences:
  - { id: turn, on: { end: waitlist }, letters: [{ after: 0d, subject: Turn, say: It is your turn. }] }
  - { id: silent, on: { silence: 6h }, letters: [{ after: 0d, subject: Silent, say: Go on. }] }
  - { id: back, on: { if: visits >= 3 }, if: not booked, letters: [{ after: 1h, subject: Back, say: Welcome back. }] }
`
	t.Run("the waiting list at its revisit", func(t *testing.T) {
		o := newPostroom(t, letters(begins), "2026-11-02T10:00:00Z")
		o.visitor("UTC", "ada@bigco.example", "60")
		o.drain()
		o.pass(29 * 24 * time.Hour)
		o.drain()
		o.only()
		o.pass(24 * time.Hour)
		o.drain()
		o.only("2026-12-02T10:00Z Turn")
	})
	t.Run("silence in the middle", func(t *testing.T) {
		o := newPostroom(t, letters(begins), "2026-11-02T10:00:00Z")
		a := o.visitor("UTC", "ada@bigco.example")
		o.pass(4 * time.Hour)
		o.say(a, "what do you mean?")
		o.pass(4 * time.Hour)
		o.drain()
		o.only()
		o.pass(2 * time.Hour)
		o.drain()
		o.only("2026-11-02T20:00Z Silent")
	})
	t.Run("the third visit", func(t *testing.T) {
		o := newPostroom(t, letters(begins), "2026-11-02T10:00:00Z")
		a := o.visitor("UTC", "ada@bigco.example")
		for range 2 {
			o.pass(time.Hour)
			a = o.arrive(a.Token)
			o.drain()
		}
		o.drain()
		o.pass(time.Hour)
		o.drain()
		o.only("2026-11-02T13:00Z Back")
	})
}

func TestThanksAfterTheEndAreNoAnswer(t *testing.T) {
	for after, want := range map[time.Duration]int{time.Minute: 1, 10 * time.Minute: 0} {
		o := newPostroom(t, letters(five), "2026-11-02T10:00:00Z")
		a := o.visitor("UTC", "ada@bigco.example", "3")
		o.drain()
		o.pass(after)
		o.say(a, "thanks")
		o.until(3 * 24 * time.Hour)
		if len(o.sent) != want {
			t.Errorf("said %s after the end: %q", after, o.sent)
		}
	}
}

func TestALetterThatWaitedForTheMailServerIntoTheNightGoesInTheMorning(t *testing.T) {
	o := newPostroom(t, letters(five), "2026-11-02T10:00:00Z")
	o.visitor("UTC", "ada@bigco.example", "3")
	send := o.Carriers[bot.JobLetter]
	away := true
	o.Carriers[bot.JobLetter] = func(ctx context.Context, j bot.Job) error {
		if away {
			return &bot.RetryError{After: 12 * time.Hour, Err: errors.New("away")}
		}
		return send(ctx, j)
	}
	o.drain()
	o.pass(48 * time.Hour)
	o.drain()
	away = false
	for range 3 { // at 22:00 it is quiet; from 8:00 on it goes
		o.pass(5 * time.Hour)
		o.drain()
	}
	o.only()
	o.pass(7 * time.Hour)
	o.drain()
	o.only("2026-11-05T08:00Z One")
}

func TestTwoNodesSendALetterOnce(t *testing.T) {
	o := newPostroom(t, letters(five), "2026-11-02T10:00:00Z")
	o.visitor("UTC", "ada@bigco.example", "3")
	o.drain()
	o.pass(48 * time.Hour)
	jobs, err := o.Store.Claim(t.Context(), o.now(), time.Minute, 16)
	must(t, err)
	for range 2 { // the lease ran out, and another node took the same job
		for _, j := range jobs {
			must(t, o.Carriers[j.Kind](t.Context(), j))
		}
	}
	o.drain()
	o.only("2026-11-04T10:00Z One")
}

func TestALetterThatIsRefusedCountsForNothingAndTheNextOneGoes(t *testing.T) {
	o := newPostroom(t, letters(five), "2026-11-02T10:00:00Z")
	carry := o.Carriers[bot.JobLetter]
	refuse := true
	o.Carriers[bot.JobLetter] = func(ctx context.Context, j bot.Job) error {
		if !refuse {
			return carry(ctx, j)
		}
		var e bot.Event
		must(t, json.Unmarshal(j.Payload, &e))
		return o.Refused(ctx, e, "552 5.2.2 full")
	}
	o.visitor("UTC", "ada@bigco.example", "3")
	o.until(49 * time.Hour)
	told := func() bot.FollowUp {
		t.Helper()
		all, err := o.List(t.Context(), 9)
		must(t, err)
		return all[0]
	}
	f := told()
	if f.State != bot.EnrolmentRunning || f.Because != "letter 1 was refused, 552 5.2.2 full" || f.Letters != 1 || f.Sent != 0 {
		t.Errorf("%+v", f)
	}
	if n, err := o.Store.LettersTo(t.Context(), f.Recipient, time.Time{}); err != nil || len(n) > 0 {
		t.Errorf("%v counts, %v", n, err)
	}
	refuse = false
	o.until(3 * 24 * time.Hour)
	o.only("2026-11-07T10:00Z Two")
	if f := told(); f.State != bot.EnrolmentRunning || f.Because != "" || f.Sent != 1 {
		t.Errorf("%+v", f)
	}
}

func TestALetterThatWasPutOffGivesWayToTheNext(t *testing.T) {
	o := newPostroom(t, letters(five), "2026-11-02T10:00:00Z")
	var first bot.Event
	carry := o.Carriers[bot.JobLetter]
	o.Carriers[bot.JobLetter] = func(ctx context.Context, j bot.Job) error {
		if first.Detail == "" {
			must(t, json.Unmarshal(j.Payload, &first))
			return nil
		}
		return carry(ctx, j)
	}
	o.visitor("UTC", "ada@bigco.example", "3")
	o.until(6 * 24 * time.Hour)
	o.only("2026-11-07T10:00Z Two")
	var off *bot.LetterOffError
	if _, err := o.Letter(t.Context(), first); !errors.As(err, &off) {
		t.Errorf("%v", err)
	}
	all, err := o.List(t.Context(), 9)
	must(t, err)
	if f := all[0]; f.State != bot.EnrolmentRunning || f.Because != "" || f.Letters != 2 || f.Sent != 1 {
		t.Errorf("%+v", f)
	}
}

func TestWithoutAMailServerLettersArePlannedAndWait(t *testing.T) {
	o := newPostroom(t, letters(five), "2026-11-02T10:00:00Z")
	post := o.Carriers[bot.JobLetter]
	delete(o.Carriers, bot.JobLetter)
	o.visitor("UTC", "ada@bigco.example", "3")
	o.drain()
	o.why("running ")
	o.pass(10 * 24 * time.Hour)
	o.drain()
	o.why("running no mail server is set")
	o.pass(5 * time.Minute)
	o.drain()
	o.Carriers[bot.JobLetter] = post
	o.pass(5 * time.Minute)
	o.drain()
	o.only("2026-11-12T10:10Z One")
	o.why("running ")
	o.until(4 * 24 * time.Hour)
	o.only("2026-11-12T10:10Z One", "2026-11-15T10:10Z Two")
}

func TestALetterThatCouldNotGoForTwoMonthsStaysAway(t *testing.T) {
	o := newPostroom(t, letters(five), "2026-11-02T10:00:00Z")
	o.visitor("UTC", "ada@bigco.example", "3")
	o.drain()
	o.pass(bot.TooLate + 49*time.Hour)
	o.drain()
	o.only()
	o.why("stopped late")
}

func TestWhoSaysThatTheyWantNoLettersGetsNone(t *testing.T) {
	suppressed := func(o *postroom, address string) string {
		r, err := o.Store.Recipient(o.t.Context(), bot.RecipientOf([]byte("key"), address))
		must(o.t, err)
		return r.Because
	}
	t.Run("after the end", func(t *testing.T) {
		o := newPostroom(t, letters(strings.Replace(five, "on: { end: nurture }", "on: { end: nurture }\n    stop: [booking]", 1)), "2026-11-02T10:00:00Z")
		a := o.visitor("UTC", "ada@bigco.example", "3")
		o.until(49 * time.Hour)
		if said := o.say(a, "stop sending me letters"); !strings.Contains(said, "no more letters") {
			t.Errorf("%q", said)
		}
		o.until(30 * 24 * time.Hour)
		o.only("2026-11-04T10:00Z One")
		o.why("stopped " + flows.StopUnsubscribe)
		if because := suppressed(o, "Ada@bigco.example"); because != flows.StopUnsubscribe {
			t.Errorf("suppressed because %q", because)
		}
		o.replays(a)
	})
	t.Run("before the address is known", func(t *testing.T) {
		o := newPostroom(t, letters(five), "2026-11-02T10:00:00Z")
		a := o.visitor("UTC", "unsubscribe")
		o.drain()
		o.say(a, "ada@bigco.example")
		o.say(a, "3")
		o.until(30 * 24 * time.Hour)
		o.only()
		if because := suppressed(o, "ada@bigco.example"); because != flows.StopUnsubscribe {
			t.Errorf("suppressed because %q", because)
		}
	})
}

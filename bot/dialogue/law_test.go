package dialogue_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/bot/dialogue"
	"usher/flows"
)

// parts is a workspace whose fields, conditions and texts the generated flows are put together from.
var parts = map[string]string{"team.yaml": acme["team.yaml"], "faq.yaml": acme["faq.yaml"], "parts.yaml": `
flow: parts
fields:
  goal:   { type: choice, options: { demo: Book a demo, price: See prices } }
  size:   { type: number }
  note:   { type: text }
  sure:   { type: yesno }
  agreed: { type: consent, wording: We may write. }
  source: { from: utm.source }
steps:
  - id: a
    say: Hello.
    next:
      - { if: size >= 20, to: b }
      - { if: known(goal), to: b }
      - { if: booked, to: b }
      - { if: joined, to: b }
      - { if: grade == "hot", to: b }
      - { if: not sure, to: b }
      - { to: b }
  - { id: b, end: nurture, say: "Bye {{ name }}." }
score:
  - { if: size >= 20, points: 40.55, because: many, part: need }
  - { if: size >= 5, points: 12.345, because: some, part: need }
  - { if: goal == "demo", points: 20, because: a demo, part: need, halves: 1h }
  - { if: visited("/p*"), points: 33.3, because: prices, part: interest, halves: 2d }
  - { if: known(note), points: -7.77, because: a note, part: interest }
  - { if: sure, points: 3, because: sure }
caps: { need: 50, interest: 10 }
grades: { hot: 60, warm: 30, cold: 0 }
`}

// anyMachine puts a flow together at random: steps of every kind, edges to anywhere.
func anyMachine(t *rapid.T, w *flows.Workspace) *dialogue.Machine {
	from := w.Flow("parts")
	f := *from
	f.Steps = nil
	ids := make([]string, rapid.IntRange(1, 8).Draw(t, "steps"))
	for i := range ids {
		ids[i] = fmt.Sprintf("s%d", i)
	}
	id := rapid.SampledFrom(ids)
	for _, name := range ids {
		s := &flows.Step{ID: name, Optional: rapid.Bool().Draw(t, "optional"), Again: rapid.Bool().Draw(t, "again")}
		if rapid.Bool().Draw(t, "speaks") {
			s.Say = rapid.SampledFrom([]*flows.Text{from.Steps[0].Say, from.Steps[1].Say}).Draw(t, "say")
		}
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0, 1:
			s.Ask = rapid.SampledFrom(from.Fields).Draw(t, "field")
			s.Tries = rapid.IntRange(0, 2).Draw(t, "tries")
			if rapid.Bool().Draw(t, "has else") {
				s.Else = id.Draw(t, "else")
			}
		case 2:
			s.Book = &flows.Book{Pooled: rapid.Bool().Draw(t, "pooled")}
			s.Book.Place = rapid.SampledFrom([]string{flows.PlaceRep, flows.PlacePhone, flows.PlaceTeams, "the lobby"}).Draw(t, "place")
		case 3:
			s.Handoff = &flows.Handoff{Team: "support"}
		case 4:
			s.End = &flows.End{Kind: rapid.SampledFrom([]string{flows.Qualified, flows.Nurture, flows.Waitlist}).Draw(t, "end")}
		}
		for range rapid.IntRange(0, 3).Draw(t, "edges") {
			when := rapid.SampledFrom(from.Steps[0].Next).Draw(t, "when").If
			s.Next = append(s.Next, flows.Edge{If: when, To: id.Draw(t, "to")})
		}
		f.Steps = append(f.Steps, s)
	}
	m, err := dialogue.Compile(w, &f)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// anyInput is mostly what a visitor may do, and sometimes a fact out of place.
func anyInput(t *rapid.T, c *chat) dialogue.Input {
	slot := rapid.SampledFrom(times("asha", 6)).Draw(t, "slot")
	rep := rapid.SampledFrom([]string{"cora", "asha"}).Draw(t, "rep")
	words := rapid.OneOf(rapid.SampledFrom([]string{
		"demo", "1", "2", "7", "yes", "no", "about 250", "12", "back", "skip", "start over", "stop", "talk to a person",
		"how much does it cost?", "none of these", "Thursday after 3", "at 12:00", "priya@bigco.example",
		"can we move it?", "unsubscribe", "another time", "cancel the meeting", "", "blorp",
	}), rapid.String())
	switch rapid.IntRange(0, 25).Draw(t, "input") {
	case 24, 25:
		return dialogue.Returned{Page: rapid.SampledFrom([]string{"/letter", ""}).Draw(t, "page")}
	case 0:
		return dialogue.Visited{Page: rapid.SampledFrom([]string{"/pricing", "/", "https://x.example/p?q"}).Draw(t, "page")}
	case 1:
		return dialogue.Identified{Known: map[string]flows.Value{"email": {Type: flows.TypeEmail, Text: "a@b.example"}, "size": {Type: flows.TypeText}}}
	case 2:
		return dialogue.Joined{Person: dialogue.Person{Rep: rep, Name: rep}}
	case 3, 4:
		return dialogue.Left{Rep: rep}
	case 5, 6:
		return dialogue.Lapsed{At: c.c.WakeAt}
	case 7:
		return rapid.SampledFrom([]dialogue.Input{
			dialogue.Found{Slots: []dialogue.Slot{slot}},
			dialogue.Assigned{},
			dialogue.Held{Slot: slot},
			dialogue.Taken{Slot: slot},
			dialogue.Booked{Meeting: dialogue.Meeting{UID: "x", Slot: slot}},
			dialogue.Failed{},
			dialogue.Started{},
			dialogue.Spoke{Text: "hi"},
			dialogue.Lapsed{At: monday},
		}).Draw(t, "fact")
	case 16:
		return dialogue.Claimed{Rep: rep}
	case 17:
		return dialogue.Passed{Rep: whose(c, rep), Because: "test", Waited: rapid.Bool().Draw(t, "waited")}
	case 18:
		return dialogue.Snoozed{Rep: whose(c, rep), Until: c.now.Add(time.Hour)}
	case 19:
		if m := c.c.Meeting; m != nil {
			return dialogue.Cancelled{UID: m.UID, Because: "test"}
		}
		return dialogue.Cancelled{UID: "another"}
	case 20, 21, 22, 23:
		return anyChange(t, c, slot)
	case 8:
		return dialogue.Said{Value: rapid.OneOf(rapid.SampledFrom([]string{"demo", "true", "false", slot.Start.Format(time.RFC3339)}), rapid.String()).Draw(t, "value")}
	}
	return dialogue.Said{Text: words.Draw(t, "words")}
}

// anyChange is what becomes of a meeting: the one that stands or clashed, or one that does not.
func anyChange(t *rapid.T, c *chat, slot dialogue.Slot) dialogue.Input {
	uid := "another"
	if m := c.c.Clashed; m != nil {
		uid = m.UID
	}
	if m := c.c.Meeting; m != nil {
		uid = m.UID
	}
	if rapid.Bool().Draw(t, "of its own rep") {
		slot.Rep = ""
	}
	return rapid.SampledFrom([]dialogue.Input{
		dialogue.Rescheduled{UID: uid, Slot: slot},
		dialogue.Clashed{UID: uid, Because: "test"},
		dialogue.Shifted{UID: uid, Start: slot.Start.Add(time.Minute), End: slot.End},
		dialogue.Placed{UID: uid, Place: rapid.SampledFrom([]string{"", "https://meet.example/a"}).Draw(t, "place")},
		dialogue.Replied{UID: uid, Answer: "declined"},
		dialogue.Missed{UID: uid},
	}).Draw(t, "change")
}

// whose is the rep who has the lead, or another.
func whose(c *chat, other string) string {
	if c.c.Assigned != nil {
		return c.c.Assigned.Rep
	}
	return other
}

func TestLaws(t *testing.T) {
	w, problems := flows.Load(flows.SourceFS(parts))
	if w == nil {
		t.Fatal(problems)
	}
	t.Run("of generated flows", rapid.MakeCheck(func(t *rapid.T) { hold(t, anyMachine(t, w)) }))
	demo := load(t, acme, "book-a-demo")
	t.Run("of a flow as people write them", rapid.MakeCheck(func(t *rapid.T) { hold(t, demo) }))
}

// hold talks at random and checks the laws after every turn, and the journal at the end.
func hold(t *rapid.T, m *dialogue.Machine) {
	c := &chat{t: t, m: m, now: monday, house: &house{free: times("asha", rapid.IntRange(0, 9).Draw(t, "free")), taken: map[time.Time]bool{}}}
	if rapid.Bool().Draw(t, "lost") {
		c.house.taken[times("asha", 1)[0].Start] = true
	}
	c.house.failed = rapid.SampledFrom([]string{"", "", "", "assign", "hold", "book"}).Draw(t, "failed")
	start := dialogue.Started{Visit: flows.Visit{Timezone: "Asia/Kolkata", UTM: map[string]string{"source": "google"}}}
	if err := c.try(start); err != nil {
		if !errors.Is(err, dialogue.ErrLimit) {
			t.Fatal(err)
		}
		return // a circle of steps that ask nothing
	}
	lawful(t, c, start, false)
	for range rapid.IntRange(0, 25).Draw(t, "inputs") {
		c.now = c.now.Add(time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "later")))
		in := anyInput(t, c)
		silent, owned := c.c.Joined != nil, c.c.Assigned != nil
		if err := c.try(in); err != nil {
			if !expected(err) {
				t.Fatalf("%#v: %v", in, err)
			}
			continue
		}
		lawful(t, c, in, silent)
		if owned && c.c.Assigned == nil {
			t.Fatalf("%#v left the lead with nobody", in)
		}
	}
	c.replay()
}

func expected(err error) bool {
	var joined *dialogue.JoinedError
	return errors.Is(err, dialogue.ErrLimit) || errors.Is(err, dialogue.ErrUnexpected) || errors.Is(err, dialogue.ErrNotJoined) || errors.As(err, &joined)
}

// owned checks that the lead, its claim and its times are one rep's.
func owned(t *rapid.T, c *chat, in dialogue.Input) {
	rep := c.c.Assigned.Rep
	switch {
	case rep == "":
		t.Fatalf("%#v left the lead with nobody", in)
	case c.c.Claimed != "" && c.c.Claimed != rep:
		t.Fatalf("%#v: %s claimed what %s has", in, c.c.Claimed, rep)
	case c.c.Chosen != nil && c.c.Chosen.Rep != rep:
		t.Fatalf("%#v: %s has the lead, the time is held with %s", in, rep, c.c.Chosen.Rep)
	case c.c.Meeting != nil && c.c.Meeting.End.After(c.now) && c.c.Meeting.Rep != rep:
		t.Fatalf("%#v: %s has the lead, the meeting is with %s", in, rep, c.c.Meeting.Rep)
	}
}

// lawful checks what holds after every turn.
func lawful(t *rapid.T, c *chat, in dialogue.Input, silent bool) {
	asked := c.asked()
	_, words := in.(dialogue.Said)
	switch {
	case len(asked) > 1:
		t.Fatalf("%#v: asked %q", in, asked)
	case words && silent && len(c.effects) > 0:
		t.Fatalf("%#v: the bot spoke beside a person: %v", in, c.effects)
	case words && !silent && c.m.Open(c.c, c.now) != nil && len(asked) != 1:
		t.Fatalf("%#v left a question open and did not ask it again: %v", in, c.effects)
	case len(asked) == 1 && c.m.Open(c.c, c.now) == nil:
		t.Fatalf("%#v asked %q, which is not open in %q", in, asked, c.c.State)
	case slices.Contains([]string{"/routing", "/finding", "/holding", "/booking"}, c.c.State[max(0, strings.LastIndex(c.c.State, "/")):]):
		t.Fatalf("%#v stopped half way in %q", in, c.c.State)
	case c.c.Chosen != nil && c.m.Open(c.c, c.now) == nil && c.c.Paused == "" && c.c.Joined == nil && c.c.End != dialogue.Expired:
		t.Fatalf("%#v left a time held in %q", in, c.c.State)
	case c.c.End != "" && !c.c.WakeAt.IsZero():
		t.Fatalf("%#v: ended and waiting", in)
	case c.c.End == "" && c.c.WakeAt.IsZero():
		t.Fatalf("%#v: open in %q and never woken", in, c.c.State)
	}
	if c.c.Moving != "" {
		t.Fatalf("%#v left the lead on its way: %s", in, c.c.Moving)
	}
	if c.c.Assigned != nil {
		owned(t, c, in)
	}
	if c.c.Changing && c.c.Meeting == nil {
		t.Fatalf("%#v: another time of no meeting is looked for", in)
	}
	if c.c.Meeting != nil && c.c.Clashed != nil {
		t.Fatalf("%#v: %+v stands and another time of %+v is looked for", in, c.c.Meeting, c.c.Clashed)
	}
	addsUp(t, c.c.Score)
}

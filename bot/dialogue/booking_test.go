package dialogue_test

import (
	"testing"
	"time"

	"usher/bot/answer"
	"usher/bot/dialogue"
	"usher/flows"
)

// offeredTo is a chat at the offers; what is known beside the answers decides whether a choice books or holds.
func offeredTo(t *testing.T, known map[string]flows.Value) *chat {
	t.Helper()
	c := begin(t, load(t, acme, "book-a-demo"), dialogue.Started{Known: known})
	return c.choose("demo").say("250").say("skip").at("meet/offered").asks("slot").hears("Asha can show you round")
}

var priya = map[string]flows.Value{"email": {Type: flows.TypeEmail, Text: "priya@bigco.example"}}

func TestChoosing(t *testing.T) {
	noon := times("asha", 1)[0]
	t.Run("where all is known, choosing books in that same turn", func(t *testing.T) {
		c := offeredTo(t, priya).choose(noon.Start.Format(time.RFC3339)).at("done").hears("See you")
		if c.c.Meeting == nil || c.c.Meeting.UID != "uid-1" || c.c.Meeting.Slot != noon || c.c.End != flows.Qualified {
			t.Fatalf("meeting %+v, end %q", c.c.Meeting, c.c.End)
		}
		if !c.did(dialogue.Notify{Event: dialogue.NotifyBooked}) || !c.did(dialogue.Notify{Event: dialogue.NotifyQualified}) {
			t.Fatalf("effects %v", c.effects)
		}
		if c.c.Offers != nil || c.c.Refused != nil || c.c.Chosen != nil {
			t.Fatalf("times stayed: %+v", c.c)
		}
		for _, e := range c.effects {
			if b, ok := e.(dialogue.Book); ok && b.Title != "Acme" {
				t.Fatalf("title %q of a visitor without a company", b.Title)
			}
		}
	})
	for _, words := range []string{"1", "the first one", "at 12:00"} {
		t.Run("words choose too: "+words, func(t *testing.T) {
			c := offeredTo(t, priya).say(words).at("done")
			if c.c.Meeting.Slot != noon {
				t.Fatalf("meeting %+v", c.c.Meeting)
			}
		})
	}
	for _, words := range []string{"yes", "ok, that works"} {
		t.Run("the only time is taken with a plain word: "+words, func(t *testing.T) {
			c := begin(t, load(t, acme, "book-a-demo"), dialogue.Started{Known: priya})
			c.house.free = []dialogue.Slot{noon}
			c.choose("demo").say("250").say("skip").at("meet/offered").say(words).at("done")
			if c.c.Meeting.Slot != noon {
				t.Fatalf("meeting %+v", c.c.Meeting)
			}
		})
	}
	t.Run("a no to the only time looks for another", func(t *testing.T) {
		c := begin(t, load(t, acme, "book-a-demo"), dialogue.Started{Known: priya})
		c.house.free = []dialogue.Slot{noon}
		c.choose("demo").say("250").say("skip").say("no")
		if c.c.Meeting != nil || len(c.c.Offers) != 0 && c.c.Offers[0] == noon {
			t.Fatalf("meeting %+v, offers %v", c.c.Meeting, c.c.Offers)
		}
	})
	t.Run("a yes to several times is not a choice", func(t *testing.T) {
		offeredTo(t, priya).say("yes").at("meet/offered").hears("Please pick one")
	})
	t.Run("a weekday and a clock mean the first such day", func(t *testing.T) {
		c := begin(t, load(t, acme, "book-a-demo"), dialogue.Started{Known: priya})
		next := noon
		next.Start, next.End = noon.Start.AddDate(0, 0, 7), noon.End.AddDate(0, 0, 7)
		c.house.free = []dialogue.Slot{noon, next}
		c.choose("demo").say("250").say("skip").say("Monday at 12:00").at("done")
		if c.c.Meeting.Slot != noon {
			t.Fatalf("meeting %+v", c.c.Meeting)
		}
	})
	t.Run("what is missing is asked while the time is held, then it is booked", func(t *testing.T) {
		c := offeredTo(t, nil).say("1").at("meet/asking").asks("email")
		held := monday.Add(dialogue.HoldFor)
		if !c.c.WakeAt.Equal(held) || !c.c.HeldUntil.Equal(held) || *c.c.Chosen != noon {
			t.Fatalf("wake %v, chosen %v", c.c.WakeAt, c.c.Chosen)
		}
		c.say("nonsense").at("meet/asking").asks("email")
		c.say("priya@bigco.example").at("done")
		if c.c.Meeting.Slot != noon || !c.c.HeldUntil.IsZero() {
			t.Fatalf("meeting %+v", c.c.Meeting)
		}
	})
	t.Run("a hold that ended is tried for nevertheless", func(t *testing.T) {
		c := offeredTo(t, nil).say("1").wake().at("meet/asking")
		if len(c.effects) > 0 || !c.c.WakeAt.After(c.now) {
			t.Fatalf("effects %v, wake %v", c.effects, c.c.WakeAt)
		}
		c.say("priya@bigco.example").at("done")
	})
	t.Run("a time lost meanwhile brings new ones", func(t *testing.T) {
		c := offeredTo(t, priya)
		c.house.taken = map[time.Time]bool{noon.Start: true}
		c.say("1").at("meet/offered").asks("slot").hears("just been taken")
		for _, s := range c.c.Offers {
			if s == noon {
				t.Fatal("the lost time is offered again")
			}
		}
		c.say("1").at("done")
	})
	t.Run("a time lost before it could be held brings new ones", func(t *testing.T) {
		c := offeredTo(t, nil)
		c.house.taken = map[time.Time]bool{noon.Start: true}
		c.say("1").at("meet/offered").asks("slot").hears("just been taken")
	})
	t.Run("back while something is asked gives the time back and shows the offers", func(t *testing.T) {
		c := offeredTo(t, nil).say("1").say("back").at("meet/offered").asks("slot")
		if !c.did(dialogue.Drop{Slot: noon}) || c.c.Chosen != nil || !c.c.HeldUntil.IsZero() {
			t.Fatalf("effects %v", c.effects)
		}
	})
	t.Run("stop while a time is held gives it back", func(t *testing.T) {
		c := offeredTo(t, nil).say("1").say("stop")
		if !c.did(dialogue.Drop{Slot: noon}) || c.c.End != dialogue.Stopped {
			t.Fatalf("effects %v", c.effects)
		}
	})
	t.Run("a person asked for while a time is held does not lose it", func(t *testing.T) {
		c := offeredTo(t, nil).say("1").say("talk to a person").at("help/waiting").wake().at("meet/asking").asks("email")
		c.say("priya@bigco.example").at("done")
	})
}

func TestOffers(t *testing.T) {
	t.Run("none of these brings others, and those are not shown again", func(t *testing.T) {
		c := offeredTo(t, priya)
		first := c.c.Offers
		c.say("none of these").at("meet/offered").asks("slot").hears("other times")
		for _, a := range first {
			for _, b := range c.c.Offers {
				if a == b {
					t.Fatalf("%v is offered again", a)
				}
			}
		}
		c.say("none of these").at("help/waiting").hears("no other times")
		if c.c.Meeting != nil || c.c.Offers != nil {
			t.Fatalf("%+v", c.c)
		}
	})
	t.Run("a wish is looked for", func(t *testing.T) {
		c := offeredTo(t, priya).say("today after 5").at("meet/offered").asks("slot").hears("These times fit")
		wish := c.house.finds[len(c.house.finds)-1].Wish
		if wish == nil || wish.Timezone != "Asia/Kolkata" || wish.From != 17*60 {
			t.Fatalf("wish %+v", wish)
		}
	})
	t.Run("a wish that nothing fits shows the times as they were", func(t *testing.T) {
		c := offeredTo(t, priya)
		before := len(c.c.Offers)
		c.say("Sunday after 3").at("meet/offered").asks("slot").hears("nothing is free then")
		if len(c.c.Offers) != before {
			t.Fatalf("offers %v", c.c.Offers)
		}
	})
	t.Run("a wish that nothing fits shows the times nearest to it", func(t *testing.T) {
		c := offeredTo(t, priya)
		near := c.c.Offers[0]
		near.Start, near.End = near.Start.AddDate(0, 0, 5), near.End.AddDate(0, 0, 5)
		c.house.near = []dialogue.Slot{near}
		c.say("Sunday after 3").at("meet/offered").asks("slot").hears("nothing is free then")
		if len(c.c.Offers) != 1 || c.c.Offers[0] != near {
			t.Fatalf("offers %v", c.c.Offers)
		}
		c.say("1").at("done")
	})
	t.Run("words that say nothing are met with the times, then the flow goes on", func(t *testing.T) {
		c := offeredTo(t, priya).say("blorp").at("meet/offered").asks("slot").say("blorp").at("meet/offered")
		c.say("blorp").at("help/waiting")
	})
	t.Run("a button of an earlier offer chooses nothing", func(t *testing.T) {
		c := offeredTo(t, priya).choose(monday.Add(99 * time.Hour).Format(time.RFC3339)).at("meet/offered").asks("slot")
		if c.c.Meeting != nil {
			t.Fatal("booked")
		}
	})
	t.Run("a question of the visitor brings the times again, once", func(t *testing.T) {
		offeredTo(t, priya).say("pricing").at("meet/offered").asks("slot").hears("20 dollars")
	})
	t.Run("no free time goes on without a meeting", func(t *testing.T) {
		c := begin(t, load(t, acme, "book-a-demo"), dialogue.Started{})
		c.house.free = nil
		c.choose("demo").say("250").say("skip").at("help/waiting")
		if c.c.Assigned == nil || c.c.Assigned.Rep != "asha" {
			t.Fatalf("assigned %+v", c.c.Assigned)
		}
	})
	for effect, state := range map[string]string{"assign": "help/waiting", "book": "help/waiting", "hold": "meet/asking"} {
		t.Run("what cannot be carried out does not stop the flow: "+effect, func(t *testing.T) {
			c := begin(t, load(t, acme, "book-a-demo"), dialogue.Started{})
			c.house.failed = effect
			c.choose("demo").say("250").say("skip")
			if effect != "assign" {
				c.say("1")
			}
			if effect == "book" {
				c.say("priya@bigco.example").hears("could not book")
			}
			c.at(state)
		})
	}
	t.Run("slots carry their instant, day and clock in the visitor's zone", func(t *testing.T) {
		c := offeredTo(t, priya)
		o := c.m.Open(c.c, c.now).Options[0]
		day, clock := answer.ShowTime(o.Start.In(time.FixedZone("", 19800)), "en")
		if o.Value != "2026-11-23T06:30:00Z" || o.Label != clock || o.Day != day || !o.End.After(o.Start) {
			t.Fatalf("option %+v", o)
		}
	})
	t.Run("a second booking is passed where a meeting stands", func(t *testing.T) {
		sources := map[string]string{"team.yaml": acme["team.yaml"], "f.yaml": `
flow: f
steps:
  - { id: one, book: { minutes: 30 }, say: When? }
  - { id: two, book: { minutes: 30 }, say: And when else? }
  - { id: bye, end: qualified, say: Bye. }
`}
		begin(t, load(t, sources, "f"), dialogue.Started{Known: priya}).at("one/offered").say("1").at("bye")
	})
}

func TestSilence(t *testing.T) {
	t.Run("a conversation that lapses keeps its answers and goes on at the open question", func(t *testing.T) {
		c := atSize(t)
		if !c.c.WakeAt.Equal(monday.Add(flows.DefaultExpiry)) {
			t.Fatalf("wake at %v", c.c.WakeAt)
		}
		c.wake().at("size")
		if c.c.End != dialogue.Expired || len(c.words()) > 0 || !c.did(dialogue.Notify{Event: dialogue.NotifyLapsed}) || !c.c.WakeAt.IsZero() {
			t.Fatalf("end %q, effects %v", c.c.End, c.effects)
		}
		c.wait(time.Hour).say("hi there").at("size").asks("team_size").hears("see you again")
		if c.c.End != "" || c.c.Tries != 0 || c.known("goal").Text != "demo" {
			t.Fatalf("%+v", c.c)
		}
	})
	t.Run("an answer after the silence is taken", func(t *testing.T) { atSize(t).wake().say("250").at("money") })
	t.Run("old offers are looked for anew", func(t *testing.T) {
		offeredTo(t, priya).wake().wait(time.Hour).say("the first").at("meet/offered").asks("slot").hears("see you again")
	})
	t.Run("a stale wake does nothing", func(t *testing.T) {
		c := atSize(t)
		stale := c.c.WakeAt
		c.wait(time.Minute).say("many")
		before := c.c
		c.input(dialogue.Lapsed{At: stale})
		if c.c.Turns != before.Turns || c.c.End != "" || len(c.effects) > 0 {
			t.Fatalf("%+v, effects %v", c.c, c.effects)
		}
	})
}

func TestNeeds(t *testing.T) {
	flow := func(t *testing.T) *dialogue.Machine {
		company := &flows.Field{Name: "company", Type: flows.TypeText}
		size := &flows.Field{Name: "size", Type: flows.TypeNumber}
		email := &flows.Field{Name: "email", Type: flows.TypeEmail}
		name := &flows.Field{Name: "name", Type: flows.TypeText}
		phone := &flows.Field{Name: "phone", Type: flows.TypePhone, Country: "IN"}
		m, err := dialogue.Compile(&flows.Workspace{}, &flows.Flow{ID: "f", Steps: []*flows.Step{
			{ID: "meet", Book: &flows.Book{Needs: []*flows.Field{name, email, phone, company, size}}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	t.Run("all that the invitation needs is asked, one after the other, while the time is held", func(t *testing.T) {
		c := begin(t, flow(t), dialogue.Started{}).at("meet/offered").say("1").asks("name").hears("your name")
		c.say("Priya").asks("email").hears("invitation").say("priya@bigco.example").asks("phone").say("98200 12345").asks("company")
		c.say("Bigco").asks("size").hears("size")
		if c.c.Meeting != nil || c.c.Chosen == nil {
			t.Fatalf("%+v", c.c)
		}
		c.say("25").at("end/over")
		if c.c.Meeting == nil || c.c.End != flows.Nurture {
			t.Fatalf("%+v", c.c)
		}
	})
	t.Run("without it the time is given back after the last try", func(t *testing.T) {
		c := begin(t, flow(t), dialogue.Started{}).say("1").say("Priya").say("no").say("nope").at("meet/asking").say("never").at("end/over")
		if c.c.Meeting != nil || !c.did(dialogue.Drop{Slot: times("asha", 1)[0]}) {
			t.Fatalf("%+v, effects %v", c.c, c.effects)
		}
	})
	t.Run("a flow of a house without people says so when a person is asked for", func(t *testing.T) {
		c := begin(t, flow(t), dialogue.Started{}).say("talk to a person").at("meet/offered").asks("slot").hears("cannot reach")
		c.say("1").say("talk to a person").at("meet/asking").asks("name")
	})
}

package dialogue_test

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// met is a chat with a meeting at noon; the flow has ended with it.
func met(t *testing.T) *chat {
	t.Helper()
	return offeredTo(t, priya).say("1").at("done")
}

// to is the n-th of the house's times, with nobody in particular.
func to(n int) dialogue.Slot {
	s := times("", n+1)[n]
	return s
}

func TestReschedule(t *testing.T) {
	t.Run("the meeting keeps its UID and its rep, and the visitor reads the new time", func(t *testing.T) {
		c := met(t)
		c.input(dialogue.Rescheduled{UID: "uid-1", Slot: to(2)}).at("done").hears("at another time now: Monday 23 November, 4:00 pm")
		m := c.c.Meeting
		if m.UID != "uid-1" || m.Rep != "asha" || !m.Start.Equal(to(2).Start) || m.Step != "meet" || c.c.End != flows.Qualified || c.c.Meetings != 1 {
			t.Errorf("%+v, %+v", m, c.c)
		}
		for _, e := range c.effects {
			if b, ok := e.(dialogue.Book); ok && (b.Instead == nil || !b.Instead.Start.Equal(to(0).Start) || b.Kind != "book-a-demo/meet") {
				t.Errorf("%+v", b)
			}
		}
	})
	t.Run("of a time that the rep chose, the visitor hears as of a change that is not theirs", func(t *testing.T) {
		c := met(t).input(dialogue.Rescheduled{UID: "uid-1", Slot: to(2), ByRep: true}).at("done").hears("A small change: your meeting is at another time now: Monday")
		if c.c.Moving != "" || !c.c.Meeting.Start.Equal(to(2).Start) {
			t.Errorf("%+v", c.c)
		}
		s := to(1)
		s.Rep = "cora"
		c.input(dialogue.Rescheduled{UID: "uid-1", Slot: s, ByRep: true}).hears("A small change").hears("you will meet ben")
	})
	t.Run("at a time of another rep the lead is routed again, and the visitor hears who comes", func(t *testing.T) {
		c := met(t).input(dialogue.Claimed{Rep: "asha"})
		s := to(2)
		s.Rep = "cora"
		c.input(dialogue.Rescheduled{UID: "uid-1", Slot: s}).hears("you will meet ben")
		if c.c.Meeting.Rep != "ben" || c.c.Assigned.Rep != "ben" || c.c.Claimed != "" || c.c.Meeting.UID != "uid-1" {
			t.Errorf("%+v, %+v", c.c.Meeting, c.c.Assigned)
		}
	})
	t.Run("a time that is taken, or that nobody has, leaves all as it is", func(t *testing.T) {
		c := met(t)
		c.house.taken = map[time.Time]bool{to(2).Start: true}
		if err := c.try(dialogue.Rescheduled{UID: "uid-1", Slot: to(2)}); !errors.Is(err, dialogue.ErrUnexpected) {
			t.Errorf("%v", err)
		}
		c.house.failed = "assign"
		s := to(3)
		s.Rep = "cora"
		if err := c.try(dialogue.Rescheduled{UID: "uid-1", Slot: s}); !errors.Is(err, dialogue.ErrUnexpected) {
			t.Errorf("%v", err)
		}
	})
	t.Run("of another meeting, or to the time it has, nothing happens at all", func(t *testing.T) {
		c := met(t)
		turns := c.c.Turns
		c.input(dialogue.Rescheduled{UID: "another", Slot: to(2)}).input(dialogue.Rescheduled{UID: "uid-1", Slot: to(0)})
		if c.c.Turns != turns || len(c.effects) > 0 {
			t.Errorf("%+v", c.effects)
		}
	})
	t.Run("a conversation that was stored before meetings kept their step goes on", func(t *testing.T) {
		c := met(t)
		data, err := json.Marshal(c.c)
		if err != nil {
			t.Fatal(err)
		}
		old := strings.NewReplacer(`,"step":"meet"`, "", `,"meetings":1`, "").Replace(string(data))
		if err := json.Unmarshal([]byte(old), &c.c); err != nil || c.c.Meeting.Step != "" {
			t.Fatalf("%v in %s", err, old)
		}
		m, now := c.m, c.now
		next, _, _, err := m.Turn(c.c, dialogue.Clashed{UID: "uid-1"}, now, c.house.answer)
		if err != nil || next.State != "meet/offered" {
			t.Errorf("%q, %v", next.State, err)
		}
		if err := json.Unmarshal(data, &c.c); err != nil {
			t.Fatal(err)
		}
	})
}

func TestRescheduleInWords(t *testing.T) {
	for _, words := range []string{"can we move it?", "reschedule", "I can't make it", "another time please"} {
		t.Run("the meeting is moved to a time that is chosen in the chat: "+words, func(t *testing.T) {
			c := met(t).say(words).at("meet/offered").asks("slot").hears("Sure. These times are free")
			if f := c.house.finds[len(c.house.finds)-1]; f.Instead == nil || f.Instead.UID != "uid-1" || c.c.Meeting == nil || c.c.Offers[0].Start.Equal(to(0).Start) {
				t.Fatalf("%+v, %+v", f, c.c)
			}
			c.say("2").at("done").hears("at another time now").hears("See you")
			if m := c.c.Meeting; m.UID != "uid-1" || !m.Start.Equal(to(2).Start) || c.c.Changing || c.c.Meetings != 1 || c.c.End != flows.Qualified {
				t.Errorf("%+v", c.c)
			}
		})
	}
	t.Run("without another time it stays as it is", func(t *testing.T) {
		c := met(t)
		c.house.free = nil
		c.say("reschedule").at("done").hears("Your meeting stays as it is")
		if c.c.Meeting == nil || c.c.Changing {
			t.Errorf("%+v", c.c)
		}
	})
	t.Run("when it is too near it stays as it is", func(t *testing.T) {
		c := met(t)
		c.wait(c.c.Meeting.Start.Sub(c.now) - time.Minute).say("reschedule").at("done").hears("too near to be moved")
	})
	t.Run("a page that is quicker than the chat ends the search", func(t *testing.T) {
		c := met(t).say("reschedule").input(dialogue.Rescheduled{UID: "uid-1", Slot: to(3)}).at("done")
		if c.c.Changing || len(c.c.Offers) > 0 || !c.c.Meeting.Start.Equal(to(3).Start) {
			t.Errorf("%+v", c.c)
		}
	})
	t.Run("it is called off in words too", func(t *testing.T) {
		c := met(t).say("please cancel my meeting").at("done").hears("is cancelled")
		if _, cancels := c.effects[0].(dialogue.Cancel); !cancels || c.c.Meeting != nil {
			t.Errorf("%+v", c.effects)
		}
	})
	t.Run("without a meeting the words are an answer like any other", func(t *testing.T) {
		c := begin(t, load(t, acme, "book-a-demo"), dialogue.Started{})
		c.choose("demo").say("5").say("skip").at("note").say("reschedule").at("agree")
		if c.known("note").Text != "reschedule" {
			t.Errorf("%+v", c.c.Answers)
		}
	})
}

func TestClash(t *testing.T) {
	t.Run("the meeting is given back, and other times are offered at the step that booked", func(t *testing.T) {
		c := met(t)
		c.input(dialogue.Clashed{UID: "uid-1", Because: "a dentist"}).at("meet/offered").asks("slot").hears("Sorry, something came up")
		if c.c.Meeting != nil || c.c.End != "" || c.c.Clashed.UID != "uid-1" || c.c.Offers[0].Start.Equal(to(0).Start) {
			t.Errorf("%+v", c.c)
		}
		if e, ok := c.effects[0].(dialogue.Cancel); !ok || !e.Clashed || e.Because != "a dentist" || e.Meeting.UID != "uid-1" {
			t.Errorf("%+v", c.effects[0])
		}
		c.say("1").at("done").hears("See you")
		if c.c.Meeting.UID != "uid-2" || c.c.Clashed != nil || c.c.Meetings != 2 || c.c.End != flows.Qualified {
			t.Errorf("%+v", c.c)
		}
	})
	t.Run("a time chosen outside of the chat books too, and the flow goes on from there", func(t *testing.T) {
		for name, until := range map[string]func(c *chat){
			"while times are offered":       func(*chat) {},
			"after the visitor fell silent": func(c *chat) { c.wake() },
			"after the visitor stopped":     func(c *chat) { c.say("stop").at("end/stopped") },
		} {
			t.Run(name, func(t *testing.T) {
				c := met(t).input(dialogue.Clashed{UID: "uid-1"})
				until(c)
				c.input(dialogue.Rescheduled{UID: "uid-1", Slot: to(3)}).at("done").hears("See you")
				if m := c.c.Meeting; m == nil || m.UID != "uid-2" || !m.Start.Equal(to(3).Start) || c.c.Clashed != nil || c.c.Moving != "" {
					t.Errorf("%+v", c.c)
				}
			})
		}
	})
	t.Run("without another time the flow goes on as after any booking that failed", func(t *testing.T) {
		c := met(t)
		c.house.free = nil
		c.input(dialogue.Clashed{UID: "uid-1"}).at("help/waiting").hears("I have no other time")
	})
	t.Run("beside a person the times are told, and asked when the person has left", func(t *testing.T) {
		c := met(t).input(cora).input(dialogue.Clashed{UID: "uid-1"}).at("meet/offered").hears("Sorry")
		if len(c.asked()) > 0 {
			t.Errorf("asked %q", c.asked())
		}
		c.input(dialogue.Left{Rep: "cora"}).asks("slot")
	})
	t.Run("twice it is once", func(t *testing.T) {
		c := met(t).input(dialogue.Clashed{UID: "uid-1"}).input(dialogue.Clashed{UID: "uid-1"})
		if len(c.effects) > 0 {
			t.Errorf("%+v", c.effects)
		}
	})
}

func TestWhatBecomesOfAMeeting(t *testing.T) {
	t.Run("the rep's own change is told, whatever the rules", func(t *testing.T) {
		start := monday.Add(25 * time.Hour)
		c := met(t).input(dialogue.Shifted{UID: "uid-1", Start: start, End: start.Add(time.Hour)}).at("done").hears("A small change")
		if m := c.c.Meeting; !m.Start.Equal(start) || m.End.Sub(m.Start) != time.Hour || !c.did(dialogue.Change{Meeting: *m}) {
			t.Errorf("%+v", m)
		}
		c.input(dialogue.Shifted{UID: "uid-1", Start: start, End: start.Add(time.Hour)})
		if len(c.effects) > 0 {
			t.Errorf("told twice: %+v", c.effects)
		}
	})
	t.Run("where it takes place is told once it is known", func(t *testing.T) {
		c := met(t).input(dialogue.Placed{UID: "uid-1", Place: "https://meet.example/abc"}).hears("https://meet.example/abc")
		if c.c.Meeting.Place != "https://meet.example/abc" {
			t.Errorf("%+v", c.c.Meeting)
		}
	})
	t.Run("an answer and an absence are kept with it and not told to the visitor", func(t *testing.T) {
		c := met(t).input(dialogue.Replied{UID: "uid-1", Answer: "declined", Sequence: 1})
		if want := []dialogue.Effect{dialogue.Mark{Meeting: *c.c.Meeting, Answer: "declined", Sequence: 1}}; !reflect.DeepEqual(c.effects, want) {
			t.Errorf("%+v", c.effects)
		}
		if c.input(dialogue.Missed{UID: "uid-1"}); !c.did(dialogue.Mark{Meeting: *c.c.Meeting, Missed: true}) || c.words() != "" {
			t.Errorf("%+v", c.effects)
		}
	})
}

// booking is the acme workspace whose step books as the YAML says.
func booking(t *testing.T, keys string) *dialogue.Machine {
	t.Helper()
	w := maps.Clone(acme)
	w["book-a-demo.yaml"] = strings.Replace(w["book-a-demo.yaml"], "book: { minutes: 30, offer: 3,", "book: { minutes: 30, offer: 3, "+keys+",", 1)
	w["team.yaml"] = strings.Replace(w["team.yaml"], "reps: [asha] }", "reps: [asha, cora] }", 1)
	w["team.yaml"] = strings.Replace(w["team.yaml"], "email: asha@acme.example,", "email: asha@acme.example, place: https://meet.example/asha,", 1)
	return load(t, w, "book-a-demo")
}

func TestPooled(t *testing.T) {
	offered := func(t *testing.T, known map[string]flows.Value) *chat {
		c := begin(t, booking(t, "team: sales, pooled: true"), dialogue.Started{Known: known})
		c.choose("demo").say("250").say("skip").at("meet/offered")
		if f := c.house.finds[0]; f.Team != "sales" || c.c.Offers[1].Rep != "cora" || c.c.Assigned.Rep != "asha" {
			t.Fatalf("%+v, %+v", f, c.c.Offers)
		}
		return c
	}
	t.Run("whose time is chosen has the lead", func(t *testing.T) {
		c := offered(t, priya).say("2").at("done")
		if c.c.Meeting.Rep != "cora" || c.c.Assigned.Rep != "cora" || c.c.Assigned.Team != "sales" || !strings.Contains(c.c.Assigned.Because, "Cora Lim") {
			t.Errorf("%+v, %+v", c.c.Meeting, c.c.Assigned)
		}
	})
	t.Run("also while the address is asked", func(t *testing.T) {
		c := offered(t, nil).say("2").at("meet/asking")
		if c.c.Assigned.Rep != "cora" || c.c.Chosen.Rep != "cora" {
			t.Errorf("%+v", c.c)
		}
		c.say("priya@bigco.example").at("done")
	})
	t.Run("a time that cannot be held for another rep is lost", func(t *testing.T) {
		c := offered(t, nil)
		c.house.failed = "hold"
		c.say("2").at("meet/offered")
		if c.c.Assigned.Rep != "asha" || len(c.c.Refused) != 1 {
			t.Errorf("%+v", c.c)
		}
	})
	t.Run("who claims the lead is met, whatever times of others there are", func(t *testing.T) {
		c := offered(t, priya).input(dialogue.Claimed{Rep: "cora"}).say("none of these")
		if f := c.house.finds[len(c.house.finds)-1]; f.Team != "" || f.Rep != "cora" {
			t.Errorf("%+v", f)
		}
	})
	t.Run("the times of the one who passes change hands, others' stay", func(t *testing.T) {
		c := offered(t, priya).input(dialogue.Passed{Rep: "asha"})
		if o := c.c.Offers; o[0].Rep != "ben" || o[1].Rep != "cora" {
			t.Errorf("%+v", o)
		}
	})
	t.Run("another time of the team's is taken with the rep who has it", func(t *testing.T) {
		c := offered(t, priya).say("1").at("done")
		s := to(3)
		s.Rep = "cora"
		c.input(dialogue.Rescheduled{UID: "uid-1", Slot: s})
		if c.c.Meeting.Rep != "cora" || c.c.Assigned.Rep != "cora" {
			t.Errorf("%+v", c.c.Meeting)
		}
		s.Start, s.End, s.Rep = s.Start.Add(time.Hour), s.End.Add(time.Hour), "dora"
		if c.input(dialogue.Rescheduled{UID: "uid-1", Slot: s}); c.c.Meeting.Rep == "dora" {
			t.Error("whoever is named gets the meeting")
		}
	})
}

func TestPlace(t *testing.T) {
	known := maps.Clone(priya)
	known["phone"] = flows.Value{Type: flows.TypePhone, Text: "+919812345678"}
	for keys, want := range map[string]dialogue.Book{
		"place: rep":         {Place: "https://meet.example/asha"},
		"place: phone":       {Place: "We call you at +919812345678"},
		"place: google_meet": {Made: flows.PlaceGoogleMeet},
		"place: teams":       {Made: flows.PlaceTeams},
		"place: Our lobby":   {Place: "Our lobby"},
	} {
		t.Run(keys, func(t *testing.T) {
			c := begin(t, booking(t, keys), dialogue.Started{Known: known})
			c.choose("demo").say("250").say("skip").say("1").at("done")
			if c.c.Meeting.Place != want.Place {
				t.Errorf("%+v", c.c.Meeting)
			}
			for _, e := range c.effects {
				if b, ok := e.(dialogue.Book); ok && (b.Place != want.Place || b.Made != want.Made) {
					t.Errorf("%+v", b)
				}
			}
		})
	}
}

func TestWhoComesTooStays(t *testing.T) {
	c := begin(t, booking(t, "with: [support], seats: 4"), dialogue.Started{Known: priya})
	for i := range c.house.free {
		c.house.free[i].With = "cora"
	}
	c.choose("demo").say("250").say("skip").say("1").at("done")
	find := c.house.finds[0]
	if !reflect.DeepEqual(find.With, []string{"support"}) || find.Seats != 4 || c.c.Meeting.With != "cora" {
		t.Fatalf("%+v, %+v", find, c.c.Meeting)
	}
	c.input(dialogue.Rescheduled{UID: "uid-1", Slot: to(2)})
	if c.c.Meeting.With != "cora" {
		t.Errorf("%+v", c.c.Meeting)
	}
	c.input(dialogue.Passed{Rep: "asha"})
	if c.c.Meeting.Rep != "ben" || c.c.Meeting.With != "cora" {
		t.Errorf("%+v: a guest got the lead", c.c.Meeting)
	}
}

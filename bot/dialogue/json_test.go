package dialogue_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/bot/dialogue"
	"usher/flows"
)

// plain is a conversation as encoding/json alone would write and read it.
type plain dialogue.Conversation

func TestConversationJSON(t *testing.T) {
	t.Run("it is written and read as encoding/json would", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			c := anyConversation(t)
			want, err := json.Marshal(plain(c))
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.AppendJSON(nil)
			if err != nil || string(got) != string(want) {
				t.Fatalf("%v\n%s\n%s", err, got, want)
			}
			sameReading(t, got)
		})
	})
	t.Run("a time that is not UTC and a number with an exponent are left to encoding/json", func(t *testing.T) {
		kolkata := time.FixedZone("", 19800)
		c := dialogue.Conversation{Began: monday.In(kolkata), Score: dialogue.Receipt{Score: 1e30}}
		want, _ := json.Marshal(plain(c))
		got, err := json.Marshal(c)
		if err != nil || string(got) != string(want) {
			t.Fatalf("%v\n%s\n%s", err, got, want)
		}
		sameReading(t, got)
	})
	t.Run("keys in another order, spaces and unknown keys are read too", func(t *testing.T) {
		sameReading(t, []byte(`{ "state":"size", "flow":"f", "new":{"a":[1]}, "visit":{"utm":{"a":"b"},"page":"/"}, "score":{"parts":{"need":1.5}} }`))
	})
	t.Run("what is no conversation is an error", func(t *testing.T) {
		for _, bad := range []string{"", "{", `{"flow":1}`, `[]`, `{"flow":"f"}x`, `{"turns":01}`} {
			if err := json.Unmarshal([]byte(bad), &dialogue.Conversation{}); err == nil {
				t.Errorf("%q was read", bad)
			}
		}
	})
}

type failer interface {
	Fatalf(format string, args ...any)
}

func sameReading(t failer, data []byte) {
	var want plain
	wantErr := json.Unmarshal(data, &want)
	var got dialogue.Conversation
	gotErr := got.UnmarshalJSON(data)
	if (wantErr == nil) != (gotErr == nil) {
		t.Fatalf("%s: %v, not %v", data, gotErr, wantErr)
	}
	if wantErr == nil && !reflect.DeepEqual(got, dialogue.Conversation(want)) {
		t.Fatalf("%s:\n%+v\n%+v", data, got, want)
	}
}

func FuzzConversationJSON(f *testing.F) {
	f.Add([]byte(`{"flow":"f","revision":"r","state":"size","language":"en","timezone":"UTC","channel":"","visit":{"page":"/a","utm":{"source":"g"},"visits":2,"pages":[{"path":"/","at":"2026-11-23T04:30:00Z"}]},"began":"2026-11-23T04:30:00.5Z","turns":3,"answers":[{"field":"x","value":{"type":"number","number":2.5},"said":"a\u0026b","at":"2026-11-23T04:30:00Z"}],"trail":["x"],"tries":1,"score":{"score":-1.25,"grade":"cold","parts":{"need":2},"reasons":[{"points":2,"because":"y"}]}}`))
	f.Add([]byte(`{"flow":"f","assigned":{"rep":"a","because":"b","route":-1},"claimed":"a","claimed_at":"2026-11-23T04:30:00Z","passed":["b"],"snoozed_until":"2026-11-23T04:30:00Z","chosen":{"rep":"a","start":"2026-11-23T04:30:00Z","end":"2026-11-23T04:30:00Z"},"met":true}`))
	f.Fuzz(func(t *testing.T, data []byte) { sameReading(t, data) })
}

func FuzzUnmarshalInput(f *testing.F) {
	f.Add([]byte(`{"type":"said","id":"1","text":"hi"}`))
	f.Add([]byte(`{"type":"found","slots":[{"rep":"a","start":"2026-11-23T04:30:00Z","end":"2026-11-23T05:00:00Z"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := dialogue.UnmarshalInput(data)
		if err != nil {
			return
		}
		out, err := dialogue.MarshalInput(in)
		if err != nil {
			t.Fatalf("%s was read and cannot be written: %v", data, err)
		}
		again, err := dialogue.UnmarshalInput(out)
		if err != nil {
			t.Fatalf("%s: %v", out, err)
		}
		if twice, err := dialogue.MarshalInput(again); err != nil || string(twice) != string(out) {
			t.Fatalf("%s\n%s\n%v", out, twice, err)
		}
	})
}

func TestInputsThroughJSON(t *testing.T) {
	slot := times("asha", 1)[0]
	for _, in := range []dialogue.Input{
		dialogue.Started{Visit: flows.Visit{Page: "/"}, Known: map[string]flows.Value{"name": {Type: flows.TypeText, Text: "P"}}},
		dialogue.Said{ID: "1", Text: "hi"},
		dialogue.Visited{Page: "/pricing"},
		dialogue.Returned{Page: "/letter"},
		dialogue.Identified{Known: map[string]flows.Value{"email": {Type: flows.TypeEmail, Text: "a@b.c"}}},
		dialogue.Assigned{Assignment: dialogue.Assignment{Team: "sales", Rep: "asha", Because: "x", Route: 2}},
		dialogue.Assigned{Assignment: dialogue.Assignment{Rep: "asha", Next: &dialogue.Tiers{To: []string{"help"}, After: time.Minute}}},
		dialogue.Queued{Waiting: dialogue.Waiting{Place: "sales", Since: monday, Until: monday.Add(time.Hour), Tiers: dialogue.Tiers{To: []string{"sales"}}, Else: "help", Because: "x"}},
		dialogue.Freed{Since: monday, Over: true},
		dialogue.Found{Slots: []dialogue.Slot{slot}},
		dialogue.Found{},
		dialogue.Held{Slot: slot, Until: monday},
		dialogue.Booked{Meeting: dialogue.Meeting{UID: "u", Slot: slot}},
		dialogue.Taken{Slot: slot},
		dialogue.Failed{Effect: "book", Reason: "x"},
		cora,
		dialogue.Spoke{ID: "2", Text: "hello"},
		dialogue.Spoke{ID: "3", Text: "hello", Rep: "cora"},
		dialogue.Claimed{Rep: "cora"},
		dialogue.Claimed{Rep: "cora", Over: true, By: "api crm"},
		dialogue.Passed{Rep: "cora", Because: "away", Waited: true},
		dialogue.Snoozed{Rep: "cora", Until: monday},
		dialogue.Cancelled{UID: "uid-1", Because: "ill"},
		dialogue.Rescheduled{UID: "uid-1", Slot: slot},
		dialogue.Rescheduled{UID: "uid-1", Slot: slot, ByRep: true},
		dialogue.Clashed{UID: "uid-1", Because: "a dentist"},
		dialogue.Shifted{UID: "uid-1", Start: slot.Start, End: slot.End},
		dialogue.Placed{UID: "uid-1", Place: "https://meet.example/a"},
		dialogue.Replied{UID: "uid-1", Answer: "declined", Sequence: 2},
		dialogue.Missed{UID: "uid-1"},
		dialogue.Left{Rep: "cora"},
		dialogue.Lapsed{At: monday},
	} {
		data, err := dialogue.MarshalInput(in)
		if err != nil {
			t.Fatal(err)
		}
		if out, err := dialogue.UnmarshalInput(data); err != nil || !reflect.DeepEqual(out, in) {
			t.Errorf("%s: %#v, %v", data, out, err)
		}
	}
	for _, bad := range []string{"", "{}", `{"type":"shouted"}`, `{"type":"said","text":1}`} {
		if _, err := dialogue.UnmarshalInput([]byte(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func anyConversation(t *rapid.T) dialogue.Conversation {
	text := rapid.OneOf(rapid.Just(""), rapid.StringMatching(`[a-z0-9 /.-]{1,12}`), rapid.String())
	str := func(name string) string { return text.Draw(t, name) }
	at := func(name string) time.Time {
		return monday.Add(time.Duration(rapid.Int64Range(-1e17, 1e17).Draw(t, name)))
	}
	some := func(name string) bool { return rapid.Bool().Draw(t, name) }
	number := func(name string) float64 {
		return rapid.OneOf(rapid.Float64Range(-1e6, 1e6), rapid.Just(0.0), rapid.Float64()).Draw(t, name)
	}
	n := func(name string) int { return rapid.IntRange(0, 3).Draw(t, name) }
	slot := func() dialogue.Slot {
		return dialogue.Slot{Rep: str("rep"), Start: at("start"), End: at("end"), With: str("with")}
	}
	c := dialogue.Conversation{
		Flow: str("flow"), Revision: str("revision"), State: str("state"), Language: str("language"), Timezone: str("zone"),
		Channel: str("channel"), Began: at("began"), Turns: rapid.Int().Draw(t, "turns"), Tries: n("tries"), Seeking: str("seeking"),
		Met: some("met"), Paused: str("paused"), End: str("end"), Reason: str("reason"),
		Visit: flows.Visit{Page: str("page"), Title: str("title"), Referrer: str("ref"), Timezone: str("vz"), Visits: n("visits"), Owner: str("owner")},
		Score: dialogue.Receipt{Score: number("score"), Grade: str("grade")},
	}
	for range n("utm") {
		if c.Visit.UTM == nil {
			c.Visit.UTM = map[string]string{}
		}
		c.Visit.UTM[str("key")] = str("value")
	}
	for range n("pages") {
		c.Visit.Pages = append(c.Visit.Pages, flows.PageView{Path: str("path"), At: at("seen")})
	}
	for range n("answers") {
		v := flows.Value{Type: flows.Type(str("type")), Text: str("text"), Number: number("number"), Currency: str("cur"), Yes: some("yes")}
		for range n("list") {
			v.List = append(v.List, str("item"))
		}
		c.Answers = append(c.Answers, dialogue.Answer{Field: str("field"), Value: v, Said: str("said"), Wording: str("w"), At: at("at"), Source: str("source")})
	}
	for range n("trail") {
		c.Trail = append(c.Trail, str("step"))
	}
	for range n("offers") {
		c.Offers = append(c.Offers, slot())
		c.Refused = append(c.Refused, slot())
	}
	for range n("reasons") {
		if c.Score.Parts == nil {
			c.Score.Parts = map[string]float64{}
		}
		c.Score.Parts[str("part")] = number("points")
		c.Score.Reasons = append(c.Score.Reasons, dialogue.Reason{Points: number("p"), Part: str("part"), Because: str("because")})
	}
	if some("assigned") {
		c.Assigned = &dialogue.Assignment{Team: str("team"), Rep: str("rep"), Because: str("b"), Route: n("route") - 1, By: str("by")}
		if some("next") {
			c.Assigned.Next = &dialogue.Tiers{To: []string{str("to")}, After: time.Hour, Route: n("tiers")}
		}
	}
	if some("waits") {
		c.Waiting = &dialogue.Waiting{Place: str("place"), Since: at("since"), Until: at("until"), Else: str("else")}
	}
	if some("claimed") {
		c.Claimed, c.ClaimedAt, c.Moving = str("claimer"), at("claimed at"), str("moving")
	}
	for range n("passed") {
		c.Passed = append(c.Passed, str("passer"))
	}
	if some("snoozed") {
		c.Snoozed = at("snoozed until")
	}
	if some("chosen") {
		s := slot()
		c.Chosen, c.HeldUntil = &s, at("held")
	}
	if some("meeting") {
		c.Meeting = &dialogue.Meeting{UID: str("uid"), Slot: slot(), Step: str("step"), Place: str("place")}
		c.Meetings, c.Changing = n("meetings"), some("changing")
		c.NoLetters = some("no letters")
	}
	if some("clashed") {
		c.Clashed = &dialogue.Meeting{UID: str("uid"), Slot: slot(), Step: str("step")}
	}
	if some("joined") {
		c.Joined = &dialogue.Person{Rep: str("rep"), Name: str("name"), Picture: str("picture")}
	}
	if some("revisit") {
		c.Revisit, c.WakeAt = at("revisit"), at("wake")
	}
	return c
}

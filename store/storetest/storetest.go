// Package storetest owns what a store promises: one suite of sentences which every database must hold to.
package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
)

// Database makes a fresh, empty database. What it returns opens a store on it, and again after the last was closed;
// stores are closed when the test ends, if they were not before.
type Database func(t testing.TB) (open func() bot.Store)

// Run tells the suite of one database.
func Run(t *testing.T, fresh Database) {
	for _, chapter := range []struct {
		name  string
		tells func(*testing.T, Database)
	}{
		{"conversations", conversations},
		{"transcripts", transcripts},
		{"refused turns", refusedTurns},
		{"meetings", meetings},
		{"guests", guests},
		{"seats", seats},
		{"rescheduled meetings", rescheduled},
		{"meetings of a rep", meetingsOf},
		{"holds", holds},
		{"books", books},
		{"races", races},
		{"agendas", agendas},
		{"calendars", calendars},
		{"shares", shares},
		{"ledgers", ledgers},
		{"leads", leads},
		{"owners of leads", owners},
		{"leads that wait", waitings},
		{"people", people},
		{"merged people", merged},
		{"lists of people", listedPeople},
		{"jobs", jobs},
		{"links", links},
		{"visitors", visitors},
		{"revisions", revisions},
		{"publications", publications},
		{"splits", splits},
		{"keys of the API", apiKeys},
		{"requests of the API", requests},
		{"lists", listings},
		{"journeys", journeys},
		{"prospects", prospects},
		{"signals", signals},
		{"audits", audits},
		{"retentions", retentions},
		{"webhooks", webhooks},
		{"deliveries", deliveries},
		{"enrolments", enrolments},
	} {
		t.Run(chapter.name, func(t *testing.T) { chapter.tells(t, fresh) })
	}
}

// noon is the present of the suite: to the microsecond, which is what a store keeps.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 123456000, time.UTC)

// world is a test with a store.
type world struct {
	testing.TB
	bot.Store
	ctx context.Context
}

// tell runs one sentence on a fresh database.
func tell(t *testing.T, fresh Database, sentence string, body func(w world)) {
	t.Run(sentence, func(t *testing.T) {
		body(world{TB: t, Store: fresh(t)(), ctx: context.Background()})
	})
}

// turn is the next turn of a conversation that is at seq.
func turn(conversation string, seq int64) *bot.Turn {
	return &bot.Turn{
		Conversation: bot.Conversation{
			ID: conversation, Site: "acme", Visitor: "visitor of " + conversation, Seq: seq,
			State: dialogue.Conversation{Flow: "book-a-demo", Revision: "r1", State: "goal", Began: noon, Turns: int(seq) + 1},
		},
		Now: noon,
	}
}

// with adds meetings to a turn.
func with(t *bot.Turn, meetings ...bot.Meeting) *bot.Turn {
	for i := range meetings {
		meetings[i].Conversation, meetings[i].Visitor = t.Conversation.ID, t.Conversation.Visitor
	}
	t.Meetings = append(t.Meetings, meetings...)
	return t
}

// meeting is half an hour of a rep, confirmed.
func meeting(uid, rep string, start time.Time) bot.Meeting {
	return bot.Meeting{UID: uid, Rep: rep, Start: start, End: start.Add(30 * time.Minute), Status: bot.Confirmed}
}

// heldFor is how long the suite's holds live.
const heldFor = 5 * time.Minute

// hold is half an hour of a rep, held for heldFor.
func hold(uid, rep string, start time.Time) bot.Meeting {
	m := meeting(uid, rep, start)
	m.Status, m.Expires = bot.Held, noon.Add(heldFor)
	return m
}

// commits fails the test unless the turn is committed.
func (w world) commits(t *bot.Turn) {
	w.Helper()
	if err := w.Commit(w.ctx, t); err != nil {
		w.Fatal(err)
	}
}

// must fails the test on an error.
func (w world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// same fails the test unless both print the same.
func (w world) same(got, want any) {
	w.Helper()
	if g, x := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != x {
		w.Errorf("got  %s\nwant %s", g, x)
	}
}

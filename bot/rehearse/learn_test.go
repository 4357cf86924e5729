package rehearse

import (
	"slices"
	"testing"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

func said(field string, t flows.Type, text string, number float64) dialogue.Answer {
	return dialogue.Answer{Field: field, Value: flows.Value{Type: t, Text: text, Number: number}}
}

func TestALessonIsWhoCame(t *testing.T) {
	ws := example(t)
	l := Lesson{Workspace: ws}
	monday := time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC) // half past ten in Berlin
	for i := range 10 {
		c := dialogue.Conversation{Flow: "book-a-demo", Began: monday, Trail: []string{"goal", "size", "money"}, Answers: []dialogue.Answer{
			said("goal", flows.TypeChoice, "demo", 0), said("team_size", flows.TypeNumber, "", 250), said("company", flows.TypeText, "Secret Ltd", 0),
		}}
		if i < 2 {
			c.End = dialogue.Expired
		}
		l.Add(c)
	}
	l.Add(dialogue.Conversation{Flow: "gone", Began: monday})
	crowd := l.Crowd()
	if l.Learned() != 10 || crowd.Flows["book-a-demo"] != 10 || crowd.Week[time.Monday][10] != 10 {
		t.Errorf("%d learned: %+v", l.Learned(), crowd)
	}
	mix := crowd.Mixes["book-a-demo"]
	if got := *mix.Leaves; got != 100*2.0/32 {
		t.Errorf("%v of a hundred leave: 2 of 32 questions were not answered", got)
	}
	var fields []string
	for _, f := range mix.Fields {
		fields = append(fields, f.Field+" "+f.Shares[0].Answer)
	}
	if want := []string{"goal demo", "team_size 250", "budget skipped"}; !slices.Equal(fields, want) {
		t.Errorf("%q, want %q: and no words of a visitor's own", fields, want)
	}
	o := simulated(t, &Simulation{Workspace: ws, Crowd: crowd, Visitors: 500, Seed: 1})
	for _, s := range o.Steps {
		if s.Step == "write" && s.Reached > 0 || s.Flow != "book-a-demo" {
			t.Errorf("%+v: everybody wants a demo for 250 people", s)
		}
	}
	for _, d := range o.Days {
		if day, err := time.Parse(time.DateOnly, d.Date); err != nil || d.Visitors > 0 && day.Weekday() != time.Monday {
			t.Errorf("%+v: everybody came on a Monday", d)
		}
	}
}

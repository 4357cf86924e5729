package dialogue_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/looplab/fsm"

	"usher/bot/answer"
	"usher/bot/dialogue"
	"usher/flows"
)

// benchSources is a flow of five questions and twenty score rules.
func benchSources() map[string]string {
	var b strings.Builder
	b.WriteString(`
flow: bench
fields:
  goal:   { type: choice, options: { demo: Book a demo, price: See prices } }
  size:   { type: number, min: 1, max: 1000000 }
  budget: { type: money, currency: USD }
  when:   { type: choice, options: { now: This month, later: Later } }
  note:   { type: text }
steps:
  - { id: hello, say: Hello. }
  - { id: goal, ask: goal, say: What brings you here? }
  - id: size
    ask: size
    say: How many people will use it?
    next:
      - { if: size >= 100000, to: done }
      - { if: goal == "demo", to: budget }
  - { id: when, ask: when, say: When? }
  - { id: budget, ask: budget, say: What is your budget? }
  - { id: note, ask: note, say: Anything else? }
  - { id: done, end: qualified, say: Thank you. }
score:
`)
	for i := range 5 {
		fmt.Fprintf(&b, "  - { if: size >= %d, points: 4, because: rule %d, part: need }\n", 50*(i+1), 4*i)
		fmt.Fprintf(&b, "  - { if: goal == \"demo\" and size > %d, points: 2, because: rule %d, part: need }\n", 100*i, 4*i+1)
		fmt.Fprintf(&b, "  - { if: budget >= %d, points: 5, because: rule %d, part: budget }\n", 1000*i, 4*i+2)
		fmt.Fprintf(&b, "  - { if: known(when) and when == \"now\", points: %d, because: rule %d, part: timing }\n", i, 4*i+3)
	}
	b.WriteString("grades: { hot: 60, warm: 30, cold: 0 }\n")
	return map[string]string{"bench.yaml": b.String(), "team.yaml": acme["team.yaml"]}
}

// atBench is the state before the measured turn: the question how many, after one answer.
func atBench(b *testing.B) (*dialogue.Machine, []byte) {
	b.Helper()
	m := load(b, benchSources(), "bench")
	c, _, err := m.Advance(dialogue.Conversation{}, dialogue.Started{Visit: flows.Visit{Page: "/pricing", Timezone: "Asia/Kolkata"}}, monday)
	if err != nil {
		b.Fatal(err)
	}
	if c, _, err = m.Advance(c, dialogue.Said{Value: "demo"}, monday); err != nil || c.State != "size" {
		b.Fatal(c.State, err)
	}
	data, err := c.AppendJSON(nil)
	if err != nil {
		b.Fatal(err)
	}
	return m, data
}

// BenchmarkTurn is one turn of the engine: state from JSON, read the answer, score twenty rules, move, state to JSON.
// The peers are the same written by hand for this one flow (figure: at most 1.5 of its time, at most 40 allocations),
// and the state machine alone.
func BenchmarkTurn(b *testing.B) {
	m, data := atBench(b)
	said := dialogue.Said{ID: "1", Text: "about 250"}
	now := monday.Add(time.Minute)
	var usher, hand float64
	b.Run("usher", func(b *testing.B) {
		b.ReportAllocs()
		buf := make([]byte, 0, 4096)
		began := cpu()
		for b.Loop() {
			var c dialogue.Conversation
			if err := c.UnmarshalJSON(data); err != nil {
				b.Fatal(err)
			}
			c, _, err := m.Advance(c, said, now)
			if err != nil || c.State != "budget" {
				b.Fatal(c.State, err)
			}
			if buf, err = c.AppendJSON(buf[:0]); err != nil {
				b.Fatal(err)
			}
		}
		usher = float64(cpu()-began) / float64(b.N)
		b.ReportMetric(usher, "cpu-ns/op")
	})
	b.Run("bare looplab", func(b *testing.B) { // state from JSON, move, state to JSON: neither reads nor scores
		b.ReportAllocs()
		machine := fsm.NewFSM("size", fsm.Events{{Name: "next", Src: []string{"size"}, Dst: "budget"}}, nil)
		began := cpu()
		for b.Loop() {
			var c plain
			if err := json.Unmarshal(data, &c); err != nil {
				b.Fatal(err)
			}
			machine.SetState(c.State)
			if err := machine.Event(context.Background(), "next"); err != nil {
				b.Fatal(err)
			}
			c.State = machine.Current()
			if _, err := json.Marshal(c); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(cpu()-began)/float64(b.N), "cpu-ns/op")
	})
	b.Run("by hand", func(b *testing.B) {
		b.ReportAllocs()
		began := cpu()
		for b.Loop() {
			out, err := handTurn(m.Flow(), data, said.Text, now)
			if err != nil || len(out) == 0 {
				b.Fatal(err)
			}
		}
		hand = float64(cpu()-began) / float64(b.N)
		b.ReportMetric(hand, "cpu-ns/op")
		if usher > 0 {
			b.ReportMetric(usher/hand, "usher/hand")
		}
	})
}

// cpu is the processor time this process has used: unlike the clock it does not count what others do meanwhile.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// handTurn is what somebody would write without an engine.
func handTurn(f *flows.Flow, data []byte, text string, now time.Time) ([]byte, error) {
	var c plain
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, err
	}
	if c.State != "size" {
		return nil, fmt.Errorf("state %q", c.State)
	}
	v, err := answer.Read(answer.Question{Field: f.Field("size"), Language: c.Language, Country: "IN", Now: now}, text)
	if err != nil {
		return nil, err
	}
	c.Answers = append(c.Answers, dialogue.Answer{Field: "size", Value: v, Said: text, At: now})
	c.Trail = append(c.Trail, "size")
	values := map[string]flows.Value{}
	for _, a := range c.Answers {
		values[a.Field] = a.Value
	}
	c.Score = handScore(values)
	switch {
	case values["size"].Number >= 100000:
		c.State, c.End = "done", flows.Qualified
	case values["goal"].Text == "demo":
		c.State = "budget"
	default:
		c.State = "when"
	}
	c.Turns++
	c.WakeAt = now.Add(24 * time.Hour)
	return json.Marshal(c)
}

func handScore(values map[string]flows.Value) dialogue.Receipt {
	r := dialogue.Receipt{Parts: map[string]float64{}}
	add := func(holds bool, points float64, part string, rule int) {
		if holds {
			r.Score += points
			r.Parts[part] += points
			r.Reasons = append(r.Reasons, dialogue.Reason{Points: points, Part: part, Because: fmt.Sprintf("rule %d", rule)})
		}
	}
	size, hasSize := values["size"]
	goal := values["goal"]
	budget, hasBudget := values["budget"]
	when, hasWhen := values["when"]
	for i := range 5 {
		add(hasSize && size.Number >= float64(50*(i+1)), 4, "need", 4*i)
		add(goal.Text == "demo" && hasSize && size.Number > float64(100*i), 2, "need", 4*i+1)
		add(hasBudget && budget.Number >= float64(1000*i), 5, "budget", 4*i+2)
		add(hasWhen && when.Text == "now", float64(i), "timing", 4*i+3)
	}
	switch {
	case r.Score >= 60:
		r.Grade = "hot"
	case r.Score >= 30:
		r.Grade = "warm"
	default:
		r.Grade = "cold"
	}
	return r
}

package rehearse

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// maxLearned is how many different answers to a field are told apart: beyond them the rest are as those before.
const maxLearned = 10_000

// Lesson learns from conversations who comes. What a visitor wrote in words of their own is not kept.
type Lesson struct {
	Workspace *flows.Workspace

	week  Week
	taken map[string]*learned
	seen  int
}

// learned is what the conversations of one flow said.
type learned struct {
	all     int
	asked   int // questions
	silent  int // of these nobody answered
	answers map[string]map[string]int
}

// Add learns from one conversation; one of a flow that the workspace does not have teaches nothing.
func (l *Lesson) Add(c dialogue.Conversation) {
	f := l.Workspace.Flow(c.Flow)
	if f == nil {
		return
	}
	if l.taken == nil {
		l.taken = map[string]*learned{}
	}
	of := l.taken[f.ID]
	if of == nil {
		of = &learned{answers: map[string]map[string]int{}}
		l.taken[f.ID] = of
	}
	began := c.Began.In(zoneOf(l.Workspace.Roster))
	l.week[began.Weekday()][began.Hour()]++
	l.seen++
	of.add(f, c)
}

func (l *learned) add(f *flows.Flow, c dialogue.Conversation) {
	l.all++
	l.asked += len(c.Trail)
	if c.End == dialogue.Expired {
		l.silent++
		l.asked++
	}
	for _, a := range c.Answers {
		if a.Source != dialogue.SourceProfile {
			l.say(f.Field(a.Field), a.Value)
		}
	}
	for _, id := range c.Trail {
		s := f.Step(id)
		if s == nil || s.Ask == nil || !s.Optional {
			continue
		}
		if !slices.ContainsFunc(c.Answers, func(a dialogue.Answer) bool { return a.Field == s.Ask.Name }) {
			l.count(s.Ask.Name, flows.SkippedAnswer)
		}
	}
}

func (l *learned) say(f *flows.Field, v flows.Value) {
	if f == nil || f.Type != v.Type {
		return
	}
	switch v.Type {
	case flows.TypeChoice:
		if has(f, v.Text) {
			l.count(f.Name, v.Text)
		}
	case flows.TypeChoices:
		if !slices.ContainsFunc(v.List, func(one string) bool { return !has(f, one) }) {
			l.count(f.Name, strings.Join(v.List, ","))
		}
	case flows.TypeYesNo, flows.TypeConsent:
		l.count(f.Name, strconv.FormatBool(v.Yes))
	case flows.TypeNumber, flows.TypeMoney:
		if n, ok := numberOf(v); ok {
			l.count(f.Name, strconv.FormatFloat(n, 'f', -1, 64))
		}
	case flows.TypeCountry:
		l.count(f.Name, v.Text)
	default: // words of their own: the plain answer stands for them
		if strings.HasPrefix(f.From, "utm.") {
			l.count(f.Name, v.Text)
		}
	}
}

func has(f *flows.Field, value string) bool {
	return slices.ContainsFunc(f.Options, func(o flows.Option) bool { return o.Value == value })
}

func (l *learned) count(field, answer string) {
	if l.answers[field] == nil {
		l.answers[field] = map[string]int{}
	}
	if _, known := l.answers[field][answer]; known || len(l.answers[field]) < maxLearned {
		l.answers[field][answer]++
	}
}

// Learned is how many conversations taught something.
func (l *Lesson) Learned() int { return l.seen }

// Crowd is who comes by what was learned. Answers to a field that nobody was asked are as the flow has them.
func (l *Lesson) Crowd() Crowd {
	c := Crowd{Week: l.week, Flows: map[string]float64{}, Mixes: map[string]*flows.Mix{}}
	for id, of := range l.taken {
		c.Flows[id] = float64(of.all)
		c.Mixes[id] = of.mix(l.Workspace.Flow(id))
	}
	return c
}

func (l *learned) mix(f *flows.Flow) *flows.Mix {
	leaves := DefaultLeaves
	if l.asked > 0 {
		leaves = 100 * float64(l.silent) / float64(l.asked)
	}
	mix := &flows.Mix{Leaves: &leaves}
	for _, field := range f.Fields {
		counts := l.answers[field.Name]
		if len(counts) == 0 {
			if own := f.Mix.Field(field.Name); own != nil {
				mix.Fields = append(mix.Fields, *own)
			}
			continue
		}
		one := flows.FieldMix{Field: field.Name}
		for _, answer := range sortedNames(counts) {
			share := flows.MixShare{Answer: answer, Percent: float64(counts[answer])}
			if n, err := strconv.ParseFloat(answer, 64); err == nil && (field.Type == flows.TypeNumber || field.Type == flows.TypeMoney) {
				share.Range, share.From, share.To = true, n, n
			}
			one.Shares = append(one.Shares, share)
		}
		mix.Fields = append(mix.Fields, one)
	}
	return mix
}

func sortedNames(m map[string]int) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// LearnedFrom is how far back conversations are learned from: a year has every season once.
const LearnedFrom = 365 * 24 * time.Hour

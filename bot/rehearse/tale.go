package rehearse

import (
	"strings"
	"time"
	"unicode/utf8"

	"usher/bot/dialogue"
	"usher/flows"
)

// maxBotLine is how much of the bot's words a story repeats, in characters: enough to follow it.
const maxBotLine = 80

// tale writes a path of the exploration as a story, by walking it once more.
type tale struct {
	x     *explorer
	w     *scout
	story *flows.Story
	p     *position
	given flows.Given
	err   error // of the last turn
}

// story is a path as a story that comes out as written, with what is wrong as its name.
func (x *explorer) story(path trail, name string) *flows.Story {
	if len(path) == 0 {
		return nil
	}
	a := x.doors[x.wayOf(path)]
	t := tale{x: x, w: x.scout(), story: &flows.Story{Name: name, Flow: x.Flow.ID, Now: a.now, Visit: a.visit}}
	for i := range path {
		t.step(&path[i], &a)
	}
	t.expect()
	return t.story
}

// wayOf is the door that a path begins with.
func (x *explorer) wayOf(path trail) uint16 {
	if len(path) > 1 {
		return x.states[path[1].from].way
	}
	if path[0].edge.to >= 0 {
		return x.states[path[0].edge.to].way
	}
	return path[0].door
}

// step takes one turn and writes it.
func (t *tale) step(s *step, a *door) {
	m, o := t.x.moves[s.edge.move], t.x.outcomes[s.edge.outcome]
	var in dialogue.Input = dialogue.Started{Visit: a.visit}
	now, before := a.now, &position{}
	if s.from >= 0 {
		before = t.p
		now = a.now.Add(t.p.elapsed)
		passed := now
		in, now = m.input(t.p, now)
		t.say(m, before, now.Sub(passed))
	}
	t.w.turn = turn{now: now, outcome: o}
	c, effects, _, err := t.x.machine.Turn(before.conversation, in, now, t.w.desk)
	t.give(o, s.from < 0)
	if t.err = err; err != nil {
		return
	}
	t.p = &position{conversation: c, elapsed: now.Sub(a.now)}
	if s.from < 0 {
		for _, page := range a.more {
			t.add(flows.StoryTurn{Visit: page})
			if c, _, _, err := t.x.machine.Turn(t.p.conversation, dialogue.Visited{Page: page}, now, t.w.desk); err == nil {
				t.p.conversation = c
			}
		}
	}
	t.hear(effects)
}

func (t *tale) add(turn flows.StoryTurn) { t.story.Turns = append(t.story.Turns, turn) }

// give says how the world answers a turn, before it, where the turn asked and the story has not said so yet.
func (t *tale) give(o outcome, first bool) {
	g := t.given
	if len(t.w.choices) > 0 {
		g.Rep = o.rep
	}
	if t.w.turn.found || t.w.chosen {
		g.Times = o.times
	}
	if g == t.given {
		return
	}
	t.given = g
	last := len(t.story.Turns)
	t.add(flows.StoryTurn{Given: &g})
	if !first {
		t.story.Turns[last-1], t.story.Turns[last] = t.story.Turns[last], t.story.Turns[last-1]
	}
}

// say writes what somebody does.
func (t *tale) say(m *move, before *position, passed time.Duration) {
	c := &before.conversation
	switch said := m.class.Said; m.kind {
	case moveAnswer:
		t.add(flows.StoryTurn{Visitor: said.Text, Value: said.Value})
	case movePick:
		t.add(flows.StoryTurn{Value: c.Offers[0].Start.Format(time.RFC3339)})
	case moveOther, moveUnclear:
		t.add(flows.StoryTurn{Visitor: m.said.Text})
	case moveSilence:
		t.add(flows.StoryTurn{Wait: passed})
	case moveJoin:
		t.add(flows.StoryTurn{Joins: m.rep.ID})
	case moveLeave:
		t.add(flows.StoryTurn{Leaves: c.Joined.Rep})
	}
}

// hear writes the last of what the bot said.
func (t *tale) hear(effects []dialogue.Effect) {
	for i := len(effects) - 1; i >= 0; i-- {
		say, ok := effects[i].(dialogue.Say)
		if !ok {
			continue
		}
		if words := shortened(folded(flows.Unmarked(say.Text))); words != "" {
			t.add(flows.StoryTurn{Bot: words})
		}
		return
	}
}

// shortened is the beginning of words, whole words of it.
func shortened(s string) string {
	if utf8.RuneCountInString(s) <= maxBotLine {
		return s
	}
	s = string([]rune(s)[:maxBotLine])
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		s = s[:i]
	}
	return s
}

// expect writes where the conversation stands at the end.
func (t *tale) expect() {
	if t.err != nil || t.p == nil {
		return
	}
	c := &t.p.conversation
	e := &flows.Expect{Grade: c.Score.Grade, End: c.End, Reason: c.Reason, NoBooking: c.Meeting == nil}
	if at := t.x.stations[c.State]; c.End == "" && at != nil && at.step != nil {
		e.Step = at.step.ID
	}
	t.add(flows.StoryTurn{Expect: e})
}

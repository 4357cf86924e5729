package rehearse

import (
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// move is one thing that may happen to a conversation that waits.
type move struct {
	id    uint16
	kind  string // of moveAnswer …
	class Class  // of an answer
	said  dialogue.Said
	rep   *flows.Rep // who joins
}

// Kinds of a move.
const (
	moveArrive  = "arrive"
	moveAnswer  = "answer"
	moveSilence = "silence"
	movePick    = "pick"    // the first time shown
	moveOther   = "other"   // none of the times shown
	moveUnclear = "unclear" // words that are no time
	moveJoin    = "join"
	moveLeave   = "leave"
)

func (x *explorer) move(m move) *move {
	m.id = uint16(len(x.moves))
	x.moves = append(x.moves, &m)
	return &m
}

// answer is the move of a class. What is typed is chosen instead, which is read the same way and sooner: Classes have
// said that it would not be taken for anything else.
func (x *explorer) answer(c Class) *move {
	said := c.Said
	if c.Kind == Valued && said.Value == "" {
		said = dialogue.Said{Value: said.Text}
	}
	return x.move(move{kind: moveAnswer, class: c, said: said})
}

// chart makes the stations of the machine's states and what may happen in each.
func (x *explorer) chart() {
	x.move(move{kind: moveArrive})
	silence, pick, leave := x.move(move{kind: moveSilence}), x.move(move{kind: movePick}), x.move(move{kind: moveLeave})
	other := x.move(move{kind: moveOther, said: dialogue.Said{Text: "none of these"}})
	unclear := x.move(move{kind: moveUnclear, said: dialogue.Said{Text: "???"}})
	for _, f := range x.Flow.Fields {
		for _, c := range x.classes[f.Name] {
			x.needs[f.Name] = append(x.needs[f.Name], x.answer(c))
		}
		x.needs[f.Name] = append(x.needs[f.Name], silence)
	}
	for _, s := range x.Flow.Steps {
		at := x.station(s.ID, s, "")
		switch {
		case s.Ask != nil:
			at.moves = x.needs[s.Ask.Name]
			if s.Optional {
				at.moves = append(at.moves[:len(at.moves):len(at.moves)], x.answer(Skip(s.Ask.Name)))
			}
		case s.Book != nil:
			x.station(s.ID+"/offered", s, "offered").moves = []*move{pick, other, unclear, silence}
			x.station(s.ID+"/asking", s, "asking")
		case s.Handoff != nil:
			x.station(s.ID+"/waiting", s, "waiting").moves = append(x.joins(s), silence)
			x.station(s.ID+"/joined", s, "joined").moves = []*move{leave, silence}
		}
	}
	x.station("end/stopped", nil, "")
	x.station("end/over", nil, "")
	x.station("", nil, "")
}

func (x *explorer) station(state string, s *flows.Step, phase string) *station {
	at := &station{id: uint16(len(x.stations)), step: s, phase: phase}
	x.stations[state] = at
	return at
}

// joins are the people who may join a handoff: one of the team, or each where something asks which rep it is.
func (x *explorer) joins(s *flows.Step) (moves []*move) {
	r := x.Workspace.Roster
	if r == nil {
		return nil
	}
	reps := members(r, s.Handoff.Team)
	if len(reps) == 0 {
		reps = r.Reps
	}
	for _, rep := range reps {
		moves = append(moves, x.move(move{kind: moveJoin, rep: rep}))
		if !x.ahead.byRep {
			break
		}
	}
	return moves
}

// moves are what may happen to the conversation, which has not ended.
func (x *explorer) ways(p *position) []*move {
	at := x.stations[p.conversation.State]
	if at.phase == "asking" {
		for _, f := range needsOf(at.step, x.ahead) {
			if !knows(&p.conversation, f.Name) {
				return x.needs[f.Name]
			}
		}
	}
	return at.moves
}

func knows(c *dialogue.Conversation, field string) bool {
	for i := range c.Answers {
		if c.Answers[i].Field == field {
			return true
		}
	}
	return false
}

// input is the move as the engine takes it, and when.
func (m *move) input(p *position, now time.Time) (dialogue.Input, time.Time) {
	c := &p.conversation
	switch m.kind {
	case moveSilence:
		return dialogue.Lapsed{At: c.WakeAt}, c.WakeAt
	case movePick:
		return dialogue.Said{Value: c.Offers[0].Start.Format(time.RFC3339)}, now
	case moveJoin:
		return dialogue.Joined{Person: dialogue.Person{Rep: m.rep.ID, Name: m.rep.Name, Picture: m.rep.Picture}}, now
	case moveLeave:
		return dialogue.Left{Rep: c.Joined.Rep}, now
	}
	return m.said, now
}

package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// Journey is what a turn adds to what reports count of its conversation.
type Journey struct {
	// Path is the steps that the turn came to, and that the question before it was answered, each with the time since the
	// conversation began. It goes behind what stands there; see Walk.
	Path   string
	Wanted bool   // the visitor wished for a person, or the flow found that they should have one; the first time stays
	Met    bool   // a person said something, or a meeting was booked; the first time since Wanted stays
	Rep    string // who said it, or else has the lead
	Team   string
}

// Words of a Path: "goal@0 !2s size@2s" is a conversation that began at goal, where the question was answered after 2s
// (100) milliseconds in base 36.
const (
	pathReached  = '@'
	pathAnswered = '!'
	pathBase     = 36
)

// journey is nil where the turn changes nothing of what is counted.
func (d *decision) journey(in dialogue.Input, effects []dialogue.Effect) *Journey {
	before, after := d.before, d.turn.Conversation.State
	j := &Journey{Path: d.path(in, effects), Wanted: wanted(effects), Met: spoken(in)}
	for _, e := range d.turn.Journal {
		switch e.Input.(type) {
		case dialogue.Assigned:
			j.Wanted = true
		case dialogue.Booked:
			j.Met = true
		}
	}
	if after.Assigned != nil {
		j.Rep, j.Team = after.Assigned.Rep, after.Assigned.Team
	}
	if after.Joined != nil && spoken(in) {
		j.Rep = after.Joined.Rep
	}
	same := j.Path == "" && !j.Wanted && !j.Met && before.End == after.End && before.Assigned == after.Assigned
	if same && d.turn.Conversation.Seq > 0 {
		return nil
	}
	return j
}

// wanted says whether the visitor is to have a person.
func wanted(effects []dialogue.Effect) bool {
	return slices.ContainsFunc(effects, func(e dialogue.Effect) bool {
		n, told := e.(dialogue.Notify)
		_, called := e.(dialogue.CallRep)
		return called || told && n.Event == dialogue.NotifyQualified
	})
}

// spoken says whether a person said something to the visitor.
func spoken(in dialogue.Input) bool {
	_, ok := in.(dialogue.Spoke)
	return ok
}

// path is the turn's part of the Path: the steps that spoke, in order, and the one where the conversation stands now.
func (d *decision) path(in dialogue.Input, effects []dialogue.Effect) string {
	after := d.turn.Conversation.State
	since := strconv.FormatInt(max(0, d.turn.Now.Sub(after.Began).Milliseconds()), pathBase)
	var out strings.Builder
	word := func(step string, mark byte) {
		if d.turn.Conversation.Seq > 0 || out.Len() > 0 {
			out.WriteByte(' ')
		}
		out.WriteString(step)
		out.WriteByte(mark)
		out.WriteString(since)
	}
	at := StepOf(d.before.State)
	if _, looked := in.(dialogue.Returned); looked {
		return "" // of who only looks, what is counted is where they ended
	}
	if d.before.End != "" && d.before.End != dialogue.Expired && d.machine.Open(d.before, d.turn.Now) != nil {
		word(at, pathReached) // they came back to the question, and go on from there
	}
	if d.answered(at, in) {
		word("", pathAnswered)
	}
	reach := func(step string) {
		if step != "" && step != at {
			word(step, pathReached)
			at = step
		}
	}
	for _, e := range effects {
		if say, ok := e.(dialogue.Say); ok {
			reach(say.Step)
		}
	}
	reach(StepOf(after.State))
	return out.String()
}

// StepOf is the step of a conversation's state, "" where the state belongs to none.
func StepOf(state string) string {
	step, phase, _ := strings.Cut(state, "/")
	if step == "end" && (phase == "stopped" || phase == "over") {
		return ""
	}
	return step
}

// answered says whether the turn answered what the step asks: its question, with a meeting, with a person who joined.
func (d *decision) answered(step string, in dialogue.Input) bool {
	after := d.turn.Conversation.State
	switch in.(type) {
	case dialogue.Joined:
		return strings.HasSuffix(d.before.State, "/waiting")
	case dialogue.Said:
	default:
		return false
	}
	s := stepNamed(d.machine.Flow(), step)
	switch {
	case s == nil:
		return false
	case s.Ask != nil:
		return answeredAt(after, s.Ask.Name).Equal(d.turn.Now)
	case s.Book != nil:
		return after.Meetings > d.before.Meetings
	}
	return false
}

func stepNamed(f *flows.Flow, id string) *flows.Step {
	for _, s := range f.Steps {
		if s.ID == id {
			return s
		}
	}
	return nil
}

func answeredAt(s dialogue.Conversation, field string) time.Time {
	for _, a := range s.Answers {
		if a.Field == field && a.Source == "" {
			return a.At
		}
	}
	return time.Time{}
}

// Walk calls for every word of a Path, with the time since the conversation began: reached for a step that the
// conversation came to, answered for what the step before asked. Words that are none are passed over.
func Walk(path string, reached func(step string, since time.Duration), answered func(since time.Duration)) {
	for path != "" {
		var word string
		word, path, _ = strings.Cut(path, " ")
		i := strings.IndexAny(word, "@!")
		if i < 0 {
			continue
		}
		ms, err := strconv.ParseInt(word[i+1:], pathBase, 64)
		switch since := time.Duration(ms) * time.Millisecond; {
		case err != nil || ms < 0:
		case word[i] == pathReached && i > 0:
			reached(word[:i], since)
		case word[i] == pathAnswered:
			answered(since)
		}
	}
}

package rehearse

import (
	"slices"

	"usher/bot/answer"
	"usher/bot/dialogue"
)

// eventOf says which question an input answered.
func eventOf(m *runner, before, after dialogue.Conversation, e dialogue.Entry) event {
	out := event{Entry: e, choice: -1, wake: before.WakeAt}
	said, ok := e.Input.(dialogue.Said)
	if !ok {
		return out
	}
	ask := m.Open(before, e.At)
	switch {
	case ask == nil:
	case ask.Type == dialogue.TypeSlot:
		out.field, out.choice = dialogue.TypeSlot, chosen(before, after)
	case answered(before, after, ask.Field), after.Tries > before.Tries, answer.Wished(before.Language, said.Text) == answer.WishSkip:
		out.field = ask.Field
		if answered(before, after, ask.Field) {
			i := slices.IndexFunc(after.Answers, func(a dialogue.Answer) bool { return a.Field == ask.Field })
			out.value = after.Answers[i].Value
		}
	}
	return out
}

// answered says whether the turn brought the field an answer.
func answered(before, after dialogue.Conversation, field string) bool {
	of := func(c dialogue.Conversation) *dialogue.Answer {
		if i := slices.IndexFunc(c.Answers, func(a dialogue.Answer) bool { return a.Field == field }); i >= 0 {
			return &c.Answers[i]
		}
		return nil
	}
	was, is := of(before), of(after)
	return is != nil && (was == nil || !was.At.Equal(is.At))
}

// chosen is which of the offered times the turn took.
func chosen(before, after dialogue.Conversation) int {
	taken := after.Chosen
	if taken == nil && after.Meeting != nil && (before.Meeting == nil || *before.Meeting != *after.Meeting) {
		taken = &after.Meeting.Slot
	}
	if taken == nil && len(after.Offers) == 0 && len(before.Offers) > 0 {
		return 0 // the choice led to a booking that the next fact tells
	}
	if taken == nil {
		return -1
	}
	return slices.IndexFunc(before.Offers, func(s dialogue.Slot) bool { return s.Rep == taken.Rep && s.Start.Equal(taken.Start) })
}

// decided is a fact with what it was about.
func (p *past) decided(m *runner, before dialogue.Conversation, e dialogue.Entry) decided {
	d := decided{input: e.Input}
	if before.Assigned != nil {
		d.rep = before.Assigned.Rep
	}
	given, ok := e.Input.(dialogue.Assigned)
	if !ok {
		return d
	}
	d.skipped = map[string]bool{}
	scope := m.Scope(before, e.At)
	for i, r := range p.workspace.Roster.Routes {
		if i == given.Route {
			break
		}
		if holds, err := r.If.Holds(scope); holds && err == nil {
			d.skipped[routeKey(r)] = true
		}
	}
	return d
}

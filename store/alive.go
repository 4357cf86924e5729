package store

import "usher/bot"

// stillThere ends a change of somebody who was erased since it was decided.
func stillThere(t bot.PersonTurn) ([]step, error) {
	var steps []step
	conversations, visitors := []string{}, []string{}
	for _, f := range t.Folded {
		conversations = append(conversations, f.Conversation)
	}
	for _, k := range t.Keys {
		if k.Kind == bot.ByVisitor {
			visitors = append(visitors, k.Value)
		}
	}
	for kind, ids := range map[string][]string{bot.ByPerson: {t.Person.ID}, bot.ByConversation: conversations, bot.ByVisitor: visitors} {
		s, err := notErased(kind, ids...)
		if err != nil {
			return nil, err
		}
		if len(ids) > 0 {
			steps = append(steps, s)
		}
	}
	if len(t.Unburied) > 0 {
		s, err := notBuried(bot.ErrStale, t.Unburied)
		return append(steps, s), err
	}
	return steps, nil
}

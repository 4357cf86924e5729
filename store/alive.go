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

// notErased ends a transaction with bot.ErrNotFound that would bring somebody back who was erased: one that was decided before.
// Our own ids are told by a hash without a secret.
func notErased(kind string, ids ...string) (step, error) {
	hashes := make([]string, len(ids))
	for i, id := range ids {
		hashes[i] = bot.KeyHash(nil, kind, id)
	}
	return notBuried(bot.ErrNotFound, hashes)
}

// notBuried ends a transaction with an error where a tombstone has one of the hashes.
func notBuried(otherwise error, hashes []string) (step, error) {
	list, err := toJSON(hashes)
	return step{sql: refuseErased, args: []any{list}, guard: otherwise}, err
}

var refuseErased = func() statement {
	const text = `select cast(1 as bigint) as n where not exists (select 1 from erased where hash in `
	in := guarded("they were erased", 1, text+`(select json_array_elements_text(cast($1 as json))))`)
	in.lite = text + `(select value from json_each($1)))`
	return in
}()

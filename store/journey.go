package store

import (
	"usher/bot"
)

// journeySteps adds what the turn changes of what reports count. A conversation that began before there were reports
// has no row, and none is made of its second half.
func journeySteps(t *bot.Turn) ([]step, error) {
	j, c := t.Journey, t.Conversation
	if j == nil {
		return nil, nil
	}
	now := micros(t.Now)
	args := []any{c.ID, c.State.End, now * flag(j.Wanted), now * flag(j.Met), j.Rep, j.Team, j.Path}
	if c.Seq == 0 {
		return []step{{sql: insertJourney, args: append(args, c.State.Flow, c.State.Revision, now)}}, nil
	}
	return []step{{sql: updateJourney, args: args}}, nil
}

// insertJourney meets nobody before the conversation wants a person.
var insertJourney = both(`
	insert into journey (conversation, ending, wanted_at, met_at, rep, team, path, flow, revision, began_at)
	values ($1, $2, cast($3 as bigint), case when cast($3 as bigint) > 0 then cast($4 as bigint) else 0 end, $5, $6, $7, $8, $9, $10)`)

// updateJourney keeps the first times, and with them who met whom.
var updateJourney = both(`
	update journey
	set ending = $2, path = path || $7,
	  wanted_at = case when wanted_at = 0 then cast($3 as bigint) else wanted_at end,
	  met_at = case when met_at = 0 and (wanted_at > 0 or cast($3 as bigint) > 0) then cast($4 as bigint) else met_at end,
	  rep = case when met_at = 0 then $5 else rep end,
	  team = case when met_at = 0 then $6 else team end
	where conversation = $1`)

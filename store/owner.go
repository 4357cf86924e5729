package store

import (
	"context"
	"fmt"
	"strings"

	"usher/bot"
)

// Owner is the rep of the lead that changed last, of those of the person, or else of those of the company; "" where nobody
// has one.
func (d *DB) Owner(ctx context.Context, q bot.OwnerQuery) (bot.Owned, error) {
	var found bot.Owned
	args := []any{q.Visitor, strings.ToLower(q.Email), q.Except, strings.ToLower(q.Domain)}
	err := d.engine.read(ctx, []step{{sql: leadOwner, args: args, each: func(row scanner) error {
		var at, company int64
		err := row.Scan(&found.Rep, &at, &company)
		found.At, found.Company = instant(at), company > 0
		return err
	}}})
	if err != nil {
		return bot.Owned{}, fmt.Errorf("find the owner of a lead: %w", err)
	}
	return found, nil
}

// leadOwner asks the visitor's index, the address's and the domain's each on its own: with an "or" PostgreSQL would read
// all leads.
var leadOwner = both(`
	select rep, updated_at, company
	from (
	  select l.rep, l.updated_at, 0 as company
	  from conversation c
	  join lead l on l.conversation = c.id
	  where c.visitor = $1 and c.id <> $3 and l.rep <> ''
	  union all
	  select rep, updated_at, 0
	  from lead
	  where lower(email) = $2 and email <> '' and conversation <> $3 and rep <> ''
	  union all
	  select rep, updated_at, 1
	  from (
	    select rep, updated_at
	    from lead
	    where domain = $4 and domain <> '' and conversation <> $3 and rep <> ''
	    order by updated_at desc
	    limit 1
	  ) as colleague
	) as owned
	order by company, updated_at desc, rep
	limit 1`)

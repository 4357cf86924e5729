package hooks

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"usher/bot"
)

// propertyMerged says which contacts were merged into one, with semicolons between their ids. What comes of a merge has an id of
// its own, and HubSpot answers with it whoever asks for one of the old ones.
const propertyMerged = "hs_merged_object_ids"

// becauseMerged is why persons are merged here.
const becauseMerged = "merged in HubSpot"

// errMoved has a job begin anew, with the person as they are after a merge.
var errMoved = &bot.RetryError{Waits: true, Err: errors.New("the contact was merged in HubSpot")}

// moved follows a merge that shows when a contact is asked for by its old id.
func (c *hubspot) moved(ctx context.Context, r record, old string) error {
	if r.Properties == nil {
		r.Properties = map[string]string{}
	}
	r.Properties[propertyMerged] = old + ";" + r.Properties[propertyMerged]
	merged, err := c.follow(ctx, r)
	if err == nil && merged {
		err = errMoved
	}
	return err
}

// follow has whoever was one of the contacts that were merged into this one be this one, and says whether several persons are
// one by that: they are one here too then, and have the owner whom the contact has.
func (c *hubspot) follow(ctx context.Context, r record) (merged bool, err error) {
	for old := range strings.SplitSeq(r.Properties[propertyMerged], ";") {
		if old = strings.TrimSpace(old); old == "" || old == r.ID {
			continue
		}
		person, err := c.linked(ctx, linkPerson, old)
		if err == nil && person != "" {
			var two bool
			two, err = c.becomes(ctx, person, old, r.ID)
			merged = merged || two
		}
		if err != nil {
			return merged, err
		}
	}
	return merged, nil
}

// becomes has the person of one contact be another contact.
func (c *hubspot) becomes(ctx context.Context, person, old, id string) (merged bool, err error) {
	owner, err := c.linked(ctx, linkOwner, old)
	other, fault := c.linked(ctx, linkPerson, id)
	if err = cmp.Or(err, fault); err != nil {
		return false, err
	}
	if other != "" {
		if person, merged, err = c.unite(ctx, other, person); err != nil {
			return false, err
		}
	}
	if merged {
		owner = "" // whoever has the contact there counts
	}
	if err := c.join(ctx, person, id); err != nil {
		return merged, err
	}
	if err := c.Memory.SaveLink(ctx, linkOwner, id, owner); err != nil {
		return merged, err
	}
	return merged, c.Memory.SaveLink(ctx, linkPerson, old, "")
}

// unite makes one person of two, and says who that is and whether they were two.
func (c *hubspot) unite(ctx context.Context, a, b string) (person string, merged bool, err error) {
	one, err := c.Memory.Person(ctx, a)
	if errors.Is(err, bot.ErrNotFound) {
		return b, false, nil // erased
	}
	two, fault := c.Memory.Person(ctx, b)
	if err == nil && errors.Is(fault, bot.ErrNotFound) {
		return a, false, nil
	}
	if err = cmp.Or(err, fault); err != nil || one.ID == two.ID {
		return one.ID, false, err
	}
	p, _, err := c.house.SavePerson(ctx, bot.PersonFacts{ID: one.ID, Email: two.Email, Phone: two.Phone, Keep: true, By: ByCRM, Because: becauseMerged})
	var no *bot.FactError
	if errors.As(err, &no) {
		c.Log.Warn("two leads stay two that are one contact in HubSpot", "person", one.ID, "other", two.ID, "because", no)
		return one.ID, false, nil
	}
	return p.ID, err == nil, err
}

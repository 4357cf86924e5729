package hooks_test

import (
	"testing"
	"time"

	"usher/adapters/hooks/hubspotfake"
	"usher/bot"
)

// contactOf is the contact with the address.
func contactOf(t *testing.T, crm *hubspotfake.Fake, email string) hubspotfake.Object {
	t.Helper()
	for _, c := range crm.Objects("contacts") {
		if c.Properties["email"] == email {
			return c
		}
	}
	t.Fatalf("there is no %s", email)
	return hubspotfake.Object{}
}

// user is a rep's id there.
var user = map[string]string{"asha": "1", "ben": "2"}

// other is the rep who is not that one.
var other = map[string]string{"asha": "ben", "ben": "asha"}

func TestContactsAreMergedInHubSpot(t *testing.T) {
	t.Run("one of ours into somebody else: the lead is that one, whose owner is followed", func(t *testing.T) {
		h, crm := crmHouse(t, "")
		h.run()
		must(t, h.hooks.Look(t.Context()))
		a := h.books("priya@bigco.example")
		eventually(t, "the meeting is there", func() bool { return len(crm.Objects("meetings")) == 1 })
		h.quiet(t)
		stranger := crm.Put("contacts", "", map[string]string{"email": "p.rao@bigco.example"})
		h.clock.pass(time.Minute)
		one := crm.Merge("contacts", stranger, contactOf(t, crm, "priya@bigco.example").ID)
		must(t, h.hooks.Look(t.Context()))
		was := h.owner(t, a)
		h.clock.pass(time.Minute)
		crm.Put("contacts", one, map[string]string{"hubspot_owner_id": user[other[was]]})
		must(t, h.hooks.Look(t.Context()))
		if got := h.owner(t, a); got != other[was] {
			t.Errorf("%s has the lead; the log: %s", got, h.log)
		}
	})

	t.Run("and no second contact is made where that shows only when the lead changes", func(t *testing.T) {
		h, crm := crmHouse(t, "")
		h.run()
		a := h.books("priya@bigco.example")
		eventually(t, "the meeting is there", func() bool { return len(crm.Objects("meetings")) == 1 })
		h.quiet(t)
		stranger := crm.Put("contacts", "", map[string]string{"email": "p.rao@bigco.example"})
		one := crm.Merge("contacts", stranger, contactOf(t, crm, "priya@bigco.example").ID)
		p, err := h.Store.PersonOf(t.Context(), a.Conversation.ID)
		must(t, err)
		must(t, h.SetStage(t.Context(), p.ID, bot.StageWon, "signed", "asha"))
		eventually(t, "it is told", func() bool {
			return contactOf(t, crm, "p.rao@bigco.example").Properties["lifecyclestage"] == "customer"
		})
		h.quiet(t)
		if all := crm.Objects("contacts"); len(all) != 1 || all[0].ID != one {
			t.Errorf("%v", all)
		}
	})

	for name, looks := range map[string]bool{"when it is looked for": true, "when one of them changes": false} {
		t.Run("two of ours: they are one lead here too, with the owner whom the contact has, "+name, func(t *testing.T) {
			h, crm := crmHouse(t, "")
			h.run()
			must(t, h.hooks.Look(t.Context()))
			a, b := h.books("priya@bigco.example"), h.books("lena@other.example")
			eventually(t, "both are there", func() bool { return len(crm.Objects("meetings")) == 2 })
			must(t, h.Cancel(t.Context(), h.meetingOf(a), "no budget")) // both are at one time, and one rep cannot have both
			h.quiet(t)
			h.clock.pass(time.Minute)
			first := contactOf(t, crm, "lena@other.example")
			crm.Merge("contacts", first.ID, contactOf(t, crm, "priya@bigco.example").ID)
			if looks {
				must(t, h.hooks.Look(t.Context()))
			} else {
				p, err := h.Store.PersonOf(t.Context(), a.Conversation.ID)
				must(t, err)
				must(t, h.SetStage(t.Context(), p.ID, bot.StageSQL, "they want it", "asha"))
			}
			eventually(t, "they are one", func() bool {
				one, err := h.Store.PersonOf(t.Context(), a.Conversation.ID)
				must(t, err)
				two, err := h.Store.PersonOf(t.Context(), b.Conversation.ID)
				must(t, err)
				return one.ID == two.ID && user[one.Owner] == first.Properties["hubspot_owner_id"]
			})
			h.quiet(t)
			if n := len(crm.Objects("contacts")); n != 1 {
				t.Errorf("%d contacts; the log: %s", n, h.log)
			}
		})
	}
}

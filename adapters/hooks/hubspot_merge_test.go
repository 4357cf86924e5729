package hooks_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"usher/adapters/hooks"
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

func TestErasingInHubSpot(t *testing.T) {
	h, crm := crmHouse(t, "")
	h.run()
	a := h.books("priya@bigco.example")
	h.books("lena@bigco.example")
	eventually(t, "both are there", func() bool { return len(crm.Objects("meetings")) == 2 })
	h.quiet(t)
	p, err := h.Store.PersonOf(t.Context(), a.Conversation.ID)
	must(t, err)
	subject, err := h.Store.Subject(t.Context(), p.ID)
	must(t, err)
	eraser := hooks.Eraser{Hooks: h.hooks}
	contact := bot.KeptLink{Kind: "hubspot.contact", Key: p.ID, Value: contactOf(t, crm, "priya@bigco.example").ID}

	t.Run("where nobody was told there, there is nothing to erase", func(t *testing.T) {
		if targets, _ := eraser.Trace(subject, nil); len(targets) != 0 {
			t.Errorf("%s", targets)
		}
	})
	t.Run("the contact goes for ever and the meeting, emptied, to the recycling bin, which is said; twice does no harm", func(t *testing.T) {
		targets, _ := eraser.Trace(subject, []bot.KeptLink{contact})
		if len(targets) != 2 {
			t.Fatalf("%s", targets)
		}
		var said []string
		for range 2 {
			for _, target := range targets {
				left, err := eraser.Erase(t.Context(), target)
				must(t, err)
				said = append(said, left)
			}
		}
		if c, m := crm.Objects("contacts"), crm.Objects("meetings"); len(c) != 1 || c[0].Properties["email"] != "lena@bigco.example" || len(m) != 1 {
			t.Errorf("%v %v", c, m)
		}
		bin := crm.Bin()
		if len(bin) != 1 || bin[0].Properties["hs_meeting_title"] != "" || !strings.Contains(said[1], "90 days") {
			t.Errorf("%v; %q", bin, said)
		}
	})
	t.Run("what the token may not delete is said", func(t *testing.T) {
		crm.Fail(hubspotfake.Fault{Method: "DELETE", Status: 403})
		target, err := json.Marshal(map[string]string{"meeting": crm.Objects("meetings")[0].Properties["usher_uid"]})
		must(t, err)
		if left, err := eraser.Erase(t.Context(), target); err != nil || !strings.Contains(left, "do it there") {
			t.Errorf("%q, %v", left, err)
		}
	})
}

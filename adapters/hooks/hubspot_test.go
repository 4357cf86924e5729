package hooks_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"usher/adapters/hooks"
	"usher/adapters/hooks/hubspotfake"
	"usher/bot"
)

const token = "pat-eu1-secret"

// crmHouse is a house with a HubSpot account, in which Asha, Ben and a stranger own records.
func crmHouse(t *testing.T, hooksFile string) (*house, *hubspotfake.Fake) {
	t.Helper()
	var h *house
	fake := hubspotfake.New(token, func() time.Time { return h.clock.now() },
		hubspotfake.Owner{ID: "1", Email: "Asha@acme.example"}, hubspotfake.Owner{ID: "2", Email: "ben@acme.example"}, hubspotfake.Owner{ID: "3", Email: "sam@acme.example"})
	t.Cleanup(fake.Close)
	h = newHouse(t, hooksFile, hooks.Settings{HubSpotToken: token, HubSpotURL: fake.URL})
	h.hooks.Hasten()
	return h, fake
}

// quiet waits until nothing happens any more but what waits for its time.
func (h *house) quiet(t *testing.T) {
	t.Helper()
	running := func() bool {
		counts, err := h.Store.JobCounts(t.Context())
		must(t, err)
		return counts[bot.JobRunning] > 0
	}
	eventually(t, "no job is due", func() bool {
		given, empty := h.jobs.given.Load(), h.jobs.empty.Load()
		if running() {
			return false
		}
		eventually(t, "the bot looks for work", func() bool { return h.jobs.empty.Load() > empty+1 || h.jobs.given.Load() > given })
		return h.jobs.given.Load() == given && !running()
	})
}

// owner is who has the person of the conversation.
func (h *house) owner(t *testing.T, a bot.Arrived) string {
	t.Helper()
	p, err := h.Store.PersonOf(t.Context(), a.Conversation.ID)
	if !errors.Is(err, bot.ErrNotFound) {
		must(t, err)
	}
	return p.Owner
}

const mapped = `hubspot: { fields: { seats: numemployees, grade: company.usher_grade }, stages: { sal: opportunity } }`

func TestHubSpotKnowsALead(t *testing.T) {
	h, crm := crmHouse(t, mapped)
	h.run()
	a := h.books("priya@bigco.example")
	eventually(t, "the meeting is there", func() bool { return len(crm.Objects("meetings")) == 1 })
	h.quiet(t)
	contacts, companies, meetings := crm.Objects("contacts"), crm.Objects("companies"), crm.Objects("meetings")
	t.Run("as one contact of one company, with its stage, owner and mapped fields", func(t *testing.T) {
		if len(contacts) != 1 || len(companies) != 1 {
			t.Fatalf("%v %v", contacts, companies)
		}
		c := contacts[0].Properties
		owner := map[string]string{"asha": "1", "ben": "2"}[h.owner(t, a)]
		if c["email"] != "priya@bigco.example" || c["numemployees"] != "250" || c["lifecyclestage"] != "opportunity" || c["hubspot_owner_id"] != owner {
			t.Errorf("%v", c)
		}
		if o := companies[0].Properties; o["domain"] != "bigco.example" || o["usher_grade"] != "hot" {
			t.Errorf("%v", o)
		}
		if !crm.Linked("contacts/"+contacts[0].ID, "companies/"+companies[0].ID) || !crm.Linked("contacts/"+contacts[0].ID, "meetings/"+meetings[0].ID) {
			t.Error("they do not belong together")
		}
	})
	t.Run("with the meeting as it is", func(t *testing.T) {
		uid := h.meetingOf(a)
		m := meetings[0].Properties
		if m["usher_uid"] != uid || m["hs_meeting_outcome"] != "SCHEDULED" || m["hs_timestamp"] == "" {
			t.Errorf("%v", m)
		}
		must(t, h.Cancel(t.Context(), uid, "no budget"))
		eventually(t, "it is cancelled", func() bool {
			all := crm.Objects("meetings")
			return len(all) == 1 && all[0].Properties["hs_meeting_outcome"] == "CANCELED"
		})
	})
	t.Run("and a colleague belongs to the same company", func(t *testing.T) {
		h.books("lena@bigco.example")
		eventually(t, "two contacts", func() bool { return len(crm.Objects("contacts")) == 2 && len(crm.Objects("meetings")) == 2 })
		h.quiet(t)
		if n := len(crm.Objects("companies")); n != 1 {
			t.Errorf("%d companies", n)
		}
	})
}

func TestHubSpotIsToldOnceWhateverIsLost(t *testing.T) {
	for status, name := range map[int]string{0: "an answer is lost", http.StatusBadGateway: "a call fails"} {
		t.Run(name+" at each step", func(t *testing.T) {
			h, crm := crmHouse(t, "")
			for _, path := range []string{"/properties/", "/objects/contacts", "/objects/companies", "/objects/meetings", "/associations/"} {
				for _, method := range []string{http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodGet} {
					crm.Fail(hubspotfake.Fault{Path: path, Method: method, Status: status})
				}
			}
			h.run()
			h.books("priya@bigco.example")
			eventually(t, "the meeting is there", func() bool {
				if counts, err := h.Store.JobCounts(t.Context()); err == nil && counts[bot.JobRunning] == 0 {
					h.clock.pass(5 * time.Second) // what failed waits for seconds
				}
				return len(crm.Objects("meetings")) == 1 && crm.Linked("meetings/"+crm.Objects("meetings")[0].ID, "contacts/"+crm.Objects("contacts")[0].ID)
			})
			h.quiet(t)
			if c, o, m := crm.Objects("contacts"), crm.Objects("companies"), crm.Objects("meetings"); len(c) != 1 || len(o) != 1 || len(m) != 1 {
				t.Errorf("%d contacts, %d companies, %d meetings; the log: %s", len(c), len(o), len(m), h.log)
			}
		})
	}
}

func TestHubSpotHasTheContactAlready(t *testing.T) {
	t.Run("under another of its addresses: that one is changed, and no second one is made", func(t *testing.T) {
		h, crm := crmHouse(t, "")
		id := crm.Put("contacts", "", map[string]string{"email": "p.rao@bigco.example"})
		crm.Alias(id, "priya@bigco.example")
		h.run()
		h.books("priya@bigco.example")
		eventually(t, "the meeting is there", func() bool { return len(crm.Objects("meetings")) == 1 })
		h.quiet(t)
		if all := crm.Objects("contacts"); len(all) != 1 || all[0].Properties["lifecyclestage"] == "" || all[0].Properties["email"] != "p.rao@bigco.example" {
			t.Errorf("%v", all)
		}
	})
	t.Run("with an owner: the lead is theirs here too", func(t *testing.T) {
		h, crm := crmHouse(t, "")
		h.run()
		first := h.arrive()
		h.says(first, "250")
		h.says(first, "lena@other.example")
		eventually(t, "the first has an owner", func() bool { return h.owner(t, first) != "" })
		next := map[string]string{"asha": "ben", "ben": "asha"}[h.owner(t, first)] // whose turn it is
		other := map[string]string{"asha": "2", "ben": "1"}[next]
		crm.Put("contacts", "", map[string]string{"email": "priya@bigco.example", "hubspot_owner_id": other})
		a := h.books("priya@bigco.example")
		eventually(t, "the owner there has the lead", func() bool { return h.owner(t, a) == map[string]string{"1": "asha", "2": "ben"}[other] })
		h.quiet(t)
		for _, c := range crm.Objects("contacts") {
			if c.Properties["email"] == "priya@bigco.example" && c.Properties["hubspot_owner_id"] != other {
				t.Errorf("%v", c.Properties)
			}
		}
	})
}

func TestAnOwnerIsChangedInHubSpot(t *testing.T) {
	h, crm := crmHouse(t, "")
	crm.Page = 2
	var alerts atomic.Int64
	h.Carriers[bot.JobAlert] = func(_ context.Context, j bot.Job) error {
		if strings.Contains(string(j.Payload), "keeps its owner") {
			alerts.Add(1)
		}
		return nil
	}
	h.run()
	must(t, h.hooks.Look(t.Context())) // the first look only sees where it is
	a := h.books("priya@bigco.example")
	eventually(t, "the meeting is there", func() bool { return len(crm.Objects("meetings")) == 1 })
	h.quiet(t)
	for i := range 5 { // more than a page of others
		crm.Put("contacts", "", map[string]string{"email": fmt.Sprintf("other%d@x.example", i), "hubspot_owner_id": "1"})
	}
	id := crm.Objects("contacts")[0].ID
	was := h.owner(t, a)
	other, theirs := map[string]string{"asha": "ben", "ben": "asha"}[was], map[string]string{"asha": "2", "ben": "1"}[was]
	t.Run("to another rep: the lead is theirs, by the CRM", func(t *testing.T) {
		h.clock.pass(time.Minute)
		crm.Put("contacts", id, map[string]string{"hubspot_owner_id": theirs})
		must(t, h.hooks.Look(t.Context()))
		if got := h.owner(t, a); got != other {
			t.Fatalf("%s has the lead; the log: %s", got, h.log)
		}
		p, err := h.Store.PersonOf(t.Context(), a.Conversation.ID)
		must(t, err)
		trail, err := h.Store.Trail(t.Context(), p.ID)
		must(t, err)
		if !slices.ContainsFunc(trail, func(c bot.Change) bool { return c.Kind == bot.ChangedOwner && c.To == other && c.By == hooks.ByCRM }) {
			t.Errorf("%+v", trail)
		}
	})
	t.Run("to somebody who is no rep: the lead keeps its owner, which is told once", func(t *testing.T) {
		h.quiet(t)
		h.clock.pass(time.Minute)
		crm.Put("contacts", id, map[string]string{"hubspot_owner_id": "3"})
		for range 3 {
			must(t, h.hooks.Look(t.Context()))
			h.clock.pass(time.Minute)
		}
		h.quiet(t)
		if got := h.owner(t, a); got != other {
			t.Errorf("%s has the lead", got)
		}
		if n := strings.Count(h.log.String(), "the lead keeps its owner"); n != 1 || alerts.Load() != 1 {
			t.Errorf("told %d times, with %d alerts", n, alerts.Load())
		}
		if got := crm.Objects("contacts")[0].Properties["hubspot_owner_id"]; got != "3" {
			t.Errorf("the owner there is %s", got)
		}
	})
}

func TestHubSpotAsksForPatience(t *testing.T) {
	t.Run("by its limit: nobody calls until it is over, and nothing is lost", func(t *testing.T) {
		h, crm := crmHouse(t, "")
		crm.Fail(hubspotfake.Fault{Status: http.StatusTooManyRequests, Header: map[string]string{"Retry-After": "30"}})
		h.run()
		h.books("priya@bigco.example")
		eventually(t, "it is asked", func() bool { return len(crm.Calls()) == 1 })
		h.quiet(t) // its answer is heard at this time, not after the clock went on
		h.clock.pass(29 * time.Second)
		h.books("lena@bigco.example")
		h.quiet(t)
		if n := len(crm.Calls()); n != 1 {
			t.Errorf("%d calls", n)
		}
		h.clock.pass(2 * time.Second)
		eventually(t, "both are there", func() bool { return len(crm.Objects("meetings")) == 2 })
	})
	t.Run("after the token was revoked: the operator is told, and leads wait for a good one", func(t *testing.T) {
		h, crm := crmHouse(t, "")
		crm.Revoke("another")
		h.run()
		h.books("priya@bigco.example")
		eventually(t, "it is told", func() bool { return slices.ContainsFunc(h.hooks.Problems(), isToken) })
		for range 3 {
			h.clock.pass(24 * time.Hour)
			h.quiet(t)
		}
		crm.Revoke(token)
		h.clock.pass(time.Hour)
		eventually(t, "the lead is there", func() bool { return len(crm.Objects("meetings")) == 1 })
		if slices.ContainsFunc(h.hooks.Problems(), isToken) {
			t.Error("it is told still")
		}
	})
}

func isToken(problem string) bool { return strings.Contains(problem, "USHER_HUBSPOT_TOKEN") }

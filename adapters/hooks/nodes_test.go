package hooks_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"usher/bot"
	"usher/store/fresh"
	"usher/store/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// twoNodes are two programs, each with its own connections to one PostgreSQL, under one clock.
func twoNodes(t *testing.T, hooksFile string) (a, b *house) {
	t.Helper()
	a = &house{t: t, clock: newClock(), url: fresh.PostgreSQL(t)}
	a.open(hooksFile, loopback)
	b = &house{t: t, clock: a.clock, url: a.url}
	b.open(hooksFile, loopback)
	return a, b
}

// story is what becomes of the meeting of each lead of these tests.
var story = []string{bot.HookMeetingBooked, bot.HookMeetingMoved, bot.HookMeetingCancelled}

// lives has somebody book at one node, and moves and cancels the meeting at the other.
func (h *house) lives(other *house, email string) {
	h.t.Helper()
	uid := h.meetingOf(h.books(email))
	times, err := other.Times(h.t.Context(), uid, 1)
	must(h.t, err)
	must(h.t, other.Reschedule(h.t.Context(), uid, times[0]))
	must(h.t, h.Cancel(h.t.Context(), uid, "no budget"))
}

// stories are the types of what was taken by the lead's address, each message counted once as a receiver counts it: by its id.
func stories(all []taken) map[string][]string {
	out, seen := map[string][]string{}, map[string]bool{}
	for _, m := range all {
		if !seen[m.id] {
			seen[m.id] = true
			out[m.Data.Lead.Email] = append(out[m.Data.Lead.Email], m.Type)
		}
	}
	return out
}

// complete says whether everything was taken that happened to so many leads.
func complete(all []taken, leads int) bool {
	by, n := stories(all), 0
	for _, types := range by {
		n += len(types)
	}
	return len(by) == leads && n == leads*len(story)
}

func TestTwoNodesOnPostgreSQL(t *testing.T) {
	t.Run("send each message once, those of a lead in their order, wherever it happened", func(t *testing.T) {
		crm := newReceiver(t)
		a, b := twoNodes(t, file(t, crm, "[meeting.*]"))
		a.run()
		b.run()
		const leads = 6
		for i := range leads {
			nodes := []*house{a, b}
			nodes[i%2].lives(nodes[(i+1)%2], fmt.Sprintf("p%d@bigco.example", i))
		}
		eventually(t, "all is taken", func() bool { return complete(crm.all(), leads) })
		a.quiet(t)
		if n := len(crm.all()); n != leads*len(story) {
			t.Errorf("%d messages came for %d", n, leads*len(story))
		}
		for email, types := range stories(crm.all()) {
			if !slices.Equal(types, story) {
				t.Errorf("%s: %v", email, types)
			}
		}
	})

	for name, took := range map[string]bool{
		"one killed before a receiver took its message: another sends it":                             false,
		"one killed after a receiver took its message: it comes again under its id, and word by word": true,
	} {
		t.Run(name, func(t *testing.T) {
			crm := newReceiver(t)
			a, b := twoNodes(t, file(t, crm, "[meeting.*]"))
			const leads = 4
			for i := range leads {
				a.lives(b, fmt.Sprintf("p%d@bigco.example", i))
			}
			a.hooks.Client = &http.Client{Transport: &dying{house: a, way: a.hooks.Client.Transport, nth: 5, took: took}}
			stop := a.run()
			eventually(t, "a node is killed amid its work", func() bool { return a.Store.Ready(t.Context()) != nil })
			stop()
			a.clock.pass(bot.JobLease + time.Second)
			b.run()
			eventually(t, "all is taken", func() bool { return complete(crm.all(), leads) })
			for email, types := range stories(crm.all()) {
				if !slices.Equal(types, story) {
					t.Errorf("%s: %v", email, types)
				}
			}
			if again := repeated(t, crm.all()); took && len(again) == 0 {
				t.Error("nothing came again")
			}
		})
	}
}

// repeated are the messages that came more than once; each says the same every time.
func repeated(t *testing.T, all []taken) (again []string) {
	t.Helper()
	bodies := map[string]string{}
	for _, m := range all {
		if was, there := bodies[m.id]; there {
			again = append(again, m.id)
			if was != m.body {
				t.Errorf("%s says %s, and said %s", m.id, m.body, was)
			}
		}
		bodies[m.id] = m.body
	}
	return again
}

// dying is the way out of a node that is killed with its nth message: it loses its memory, and nothing of it goes out any more.
type dying struct {
	house *house
	way   http.RoundTripper
	nth   int
	took  bool // the receiver took that message, and the node does not hear so

	mu sync.Mutex
	n  int
}

var errKilled = errors.New("the node is killed")

func (d *dying) RoundTrip(r *http.Request) (*http.Response, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.n++; d.n < d.nth {
		return d.way.RoundTrip(r)
	}
	if d.n == d.nth {
		if d.took {
			res, err := d.way.RoundTrip(r)
			if err != nil {
				return nil, err
			}
			res.Body.Close() //nolint:errcheck // nobody hears it
		}
		d.house.Store.Close() //nolint:errcheck // it dies
	}
	return nil, errKilled
}

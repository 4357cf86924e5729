package bot_test

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/routing"
	"usher/store"
)

// sharing is the floor with these keys of its team, and reps of different weights.
func sharing(keys string) fstest.MapFS {
	files := maps.Clone(floor)
	team := string(floor["team.yaml"].Data)
	team = strings.Replace(team, "assign: fair, claim: 5m", "assign: fair"+keys, 1)
	team = strings.Replace(team, "id: asha,", "id: asha, weight: 3,", 1)
	files["team.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(team, "id: ben,", "id: ben, weight: 2,", 1))}
	return files
}

// beside is another node on the stage's database.
func (s *stage) beside(url string, files fstest.MapFS) *stage {
	s.t.Helper()
	memory, err := store.Open(s.t.Context(), url, store.Options{Beside: strings.HasPrefix(url, "sqlite:")})
	must(s.t, err)
	s.t.Cleanup(func() { must(s.t, memory.Close()) })
	other := &stage{t: s.t, at: s.at}
	other.Bot = &bot.Bot{Store: memory, Now: s.now, Log: s.Log, Carriers: s.Carriers}
	must(s.t, other.Use(s.t.Context(), load(s.t, files)))
	return other
}

// ledger is all lines, which are to add up to the shares that are kept.
func (s *stage) ledger() ([]bot.LedgerLine, desk.Shares) {
	s.t.Helper()
	lines, err := s.Store.Ledger(s.t.Context(), bot.LedgerQuery{})
	must(s.t, err)
	var sum desk.Shares
	for _, l := range lines {
		sum = desk.Enter(sum, l.Entry)
	}
	kept, err := s.Store.Shares(s.t.Context())
	must(s.t, err)
	if !reflect.DeepEqual(sum, kept) {
		s.t.Errorf("the lines come to\n%+v\nand the shares are\n%+v", sum, kept)
	}
	return lines, kept
}

// even fails the test where a rep is more than a lead from what is due.
func even(t *testing.T, shares desk.Shares) {
	t.Helper()
	for q, reps := range shares {
		for rep, s := range reps {
			if math.Abs(s.Behind()) > 1+1e-6 {
				t.Errorf("%s of %+v has %d leads, and %.2f are due", rep, q, s.Count, float64(s.Due)/routing.Lead)
			}
		}
	}
}

func TestLeadsAtOnceOnTwoNodesAreSharedFairly(t *testing.T) {
	for name, url := range databases {
		t.Run("on "+name, func(t *testing.T) {
			files, address := sharing(""), url(t)
			s := newStageOn(t, address, files)
			nodes := []*stage{s, s.beside(address, files)}
			var all sync.WaitGroup
			for i := range 64 {
				all.Go(func() { nodes[i%2].offered() })
			}
			all.Wait()
			_, shares := s.ledger()
			even(t, shares)
			had := int64(0)
			for _, share := range shares[routing.Queue{Team: "sales"}] {
				had += share.Count
			}
			if had != 64 {
				t.Errorf("%d leads are in the ledger", had)
			}
		})
	}
}

// kinds are the lines of a conversation: what, whose, and what it counts.
func (s *stage) kinds(a bot.Arrived) (out []string) {
	lines, _ := s.ledger()
	for _, l := range lines {
		if l.Conversation == a.Conversation.ID && l.Kind != desk.MissedLead {
			out = append(out, fmt.Sprintf("%s %+d", l.Kind, l.Leads))
		}
	}
	return out
}

func TestWhatBecomesOfALeadCountsAsItsTeamSays(t *testing.T) {
	booked := func(s *stage) bot.Arrived { return s.booked() }
	then := func(after func(s *stage, uid string)) func(s *stage) bot.Arrived {
		return func(s *stage) bot.Arrived {
			a := s.booked()
			m, err := s.Meeting(t.Context(), s.state(a).Meeting.UID)
			must(t, err)
			after(s, m.UID)
			return a
		}
	}
	cancelled := then(func(s *stage, uid string) { must(t, s.Cancel(t.Context(), uid, "ill")) })
	missed := then(func(s *stage, uid string) {
		s.pass(2 * time.Hour)
		must(t, s.NoShow(t.Context(), uid))
		must(t, s.NoShow(t.Context(), uid))
	})
	held := then(func(s *stage, uid string) {
		s.pass(2 * time.Hour)
		s.settled(uid)
		s.settled(uid)
	})
	passedOn := func(s *stage) bot.Arrived {
		a := s.booked()
		uid, other := s.state(a).Meeting.UID, "ben"
		if s.owner(a) == other {
			other = "asha"
		}
		s.pass(2 * time.Hour)
		_, err := s.Claim(t.Context(), a.Conversation.ID, other)
		must(t, err)
		s.settled(uid)
		return a
	}
	left := func(s *stage) bot.Arrived {
		a := s.offered()
		s.say(a, "stop")
		return a
	}
	for _, c := range []struct {
		name, keys string
		happens    func(s *stage) bot.Arrived
		want       string
		counts     int64
	}{
		{"assigned", "", booked, "assigned +1, booked +0", 1},
		{"assigned", "", missed, "assigned +1, booked +0, no_show +0", 1},
		{"assigned", "", held, "assigned +1, booked +0, held +0", 1},
		{"assigned", "", left, "assigned +1", 1},
		{"no_show credited", ", credit: [no_show]", missed, "assigned +1, booked +0, no_show -1", 0},
		{"no_show credited", ", credit: [no_show]", cancelled, "assigned +1, booked +0, cancelled +0", 1},
		{"cancelled credited", ", credit: [cancelled]", cancelled, "assigned +1, booked +0, cancelled -1", 0},
		{"booked", ", counts: booked", booked, "assigned +1, booked +0", 1},
		{"booked", ", counts: booked", left, "assigned +1, unbooked -1", 0},
		{"booked", ", counts: booked", missed, "assigned +1, booked +0, no_show +0", 1},
		{"held", ", counts: held", held, "assigned +1, booked +0, held +0", 1},
		{"held", ", counts: held", passedOn, "assigned +1, booked +0, passed -1, received +1, held +0", 1},
		{"held", ", counts: held", missed, "assigned +1, booked +0, no_show -1", 0},
		{"held", ", counts: held", cancelled, "assigned +1, booked +0, cancelled -1", 0},
	} {
		s := newStageOn(t, file(t), sharing(c.keys))
		s.Carriers[bot.JobSettle] = s.Settle
		a := c.happens(s)
		if got := strings.Join(s.kinds(a), ", "); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		_, shares := s.ledger()
		sum, due := int64(0), int64(0)
		for _, share := range shares[routing.Queue{Team: "sales"}] {
			sum, due = sum+share.Count, due+share.Due
		}
		if sum != c.counts || math.Abs(float64(due)/routing.Lead-float64(c.counts)) > 1e-6 {
			t.Errorf("%s: %s: %d leads count and %d parts are due, want %d", c.name, c.want, sum, due, c.counts)
		}
	}
}

// settled carries out what is to be asked of a meeting once it is over.
func (s *stage) settled(uid string) {
	s.t.Helper()
	payload := fmt.Sprintf(`{"event":"held","meeting":%q}`, uid)
	must(s.t, s.Settle(s.t.Context(), bot.Job{ID: "settle", Kind: bot.JobSettle, Payload: []byte(payload)}))
}

func TestAMeetingIsAskedAboutOnceItIsOver(t *testing.T) {
	s := newStageOn(t, file(t), sharing(", counts: held"))
	s.Carriers[bot.JobSettle] = s.Settle
	s.run()
	a := s.booked()
	s.pass(2*time.Hour + bot.HeldAfter)
	eventually(t, "the ledger tells of the meeting", func() bool { return slices.Contains(s.kinds(a), "held +0") })
}

func TestAPassedLeadGivesTheTurnBackWhereTheTeamCreditsIt(t *testing.T) {
	for keys, want := range map[string]string{
		"":             "assigned +1, passed -1, received +1",
		", credit: []": "assigned +1, passed +0, received +1",
	} {
		s := newStageOn(t, file(t), sharing(keys))
		a := s.offered()
		if _, err := s.Pass(t.Context(), a.Conversation.ID, s.owner(a), "busy"); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(s.kinds(a), ", "); got != want {
			t.Errorf("%q: %s, want %s", keys, got, want)
		}
	}
}

func TestWhoIsAwayMissesTheirTurns(t *testing.T) {
	s := newStageOn(t, file(t), sharing(""))
	must(t, s.SetAway(t.Context(), "asha", s.now().Add(24*time.Hour)))
	for range 4 {
		s.offered()
	}
	lines, shares := s.ledger()
	missed := 0
	for _, l := range lines {
		if l.Kind == desk.MissedLead && l.Rep == "asha" && l.Because == "is away now" {
			missed++
		}
	}
	if missed != 2 || shares[routing.Queue{Team: "sales"}]["asha"].Due != 0 {
		t.Errorf("%d turns missed, shares %+v", missed, shares)
	}
	if trace := lines[0].Trace; !slices.ContainsFunc(trace, func(v routing.Verdict) bool { return v.Rep == "asha" && v.Need == "to be back" }) {
		t.Errorf("%+v", trace)
	}
}

func TestALeadThatIsClaimedOutOfItsPlaceCountsInItsTeam(t *testing.T) {
	s := newStageOn(t, file(t), sales(three+"teams: [{ id: sales, reps: [asha, ben, cora] }]\nroutes: [{ to: sales, wait: 4h }]\n"))
	for _, rep := range []string{"asha", "ben", "cora"} {
		must(t, s.SetAway(t.Context(), rep, s.now().Add(9*24*time.Hour)))
	}
	a := s.lead("one@a.example")
	s.hasLead(a, "waiting sales")
	must(t, s.Back(t.Context(), "cora"))
	_, err := s.Claim(t.Context(), a.Conversation.ID, "asha")
	must(t, err)
	if got := s.kinds(a); !slices.Equal(got, []string{"waiting +0", "assigned +1"}) {
		t.Errorf("%q", got)
	}
	_, shares := s.ledger()
	q := shares[routing.Queue{Team: "sales"}]
	if q["asha"].Count != 1 || q["asha"].Due != routing.Lead/2 || q["cora"].Due != routing.Lead/2 || q["ben"].Missed != routing.Lead/3 || q["ben"].Due != 0 {
		t.Errorf("it was due to those who were there: %+v", q)
	}
	must(t, s.Back(t.Context(), "asha"))
	next := s.lead("two@a.example")
	s.hasLead(next, "cora") // who is next after asha took one
}

func TestALeadThatGoesStraightToARepIsTheirsInTheLedger(t *testing.T) {
	s := newStageOn(t, file(t), sales(three+`
accounts: [{ domain: big.example, to: cora }]
teams: [{ id: sales, reps: [asha, ben] }]
routes:
  - { if: known(owner), to: owner }
  - { if: known(account), to: account }
  - { if: seats >= 100, to: ben, wait: 4h }
  - { to: sales }
`))
	direct := func() map[string]routing.Share {
		_, shares := s.ledger()
		return shares[routing.Queue{}]
	}
	a := s.lead("one@a.example")
	s.hasLead(a, "ben")
	s.hasLead(s.lead("two@big.example"), "cora")
	if got := s.kinds(a); !slices.Equal(got, []string{"assigned +1"}) {
		t.Errorf("%q", got)
	}
	if q := direct(); len(q) != 2 || q["ben"].Count != 1 || q["ben"].Due != routing.Lead || q["cora"].Count != 1 || q["cora"].Got != 1 {
		t.Errorf("%+v", q)
	}
	_, err := s.Pass(t.Context(), a.Conversation.ID, "ben", "on leave")
	must(t, err)
	if q := direct(); q["ben"].Count != 0 || q["ben"].Due != 0 || q["ben"].Gave != 1 {
		t.Errorf("%s has it, and it counts for ben: %+v", s.has(a), q)
	}
	again := s.lead("one@a.example") // who had it already: that does not count
	if _, shares := s.ledger(); !slices.Equal(s.kinds(again), []string{"assigned +0"}) {
		t.Errorf("%q %+v", s.kinds(again), shares)
	}
	even(t, map[routing.Queue]map[string]routing.Share{{}: direct()})
}

package bot_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
	"usher/store"
)

// spoken is a conversation by what its person can be known by.
type spoken struct{ visitor, email, phone string }

// turns commits a conversation as a turn leaves it.
func (s *stage) turns(t rapid.TB, id string, seq int64, is spoken) {
	t.Helper()
	state := dialogue.Conversation{Flow: "talk", Revision: s.Workspace().Revision, Began: s.now()}
	for field, text := range map[string]string{"email": is.email, "phone": is.phone} {
		if text != "" {
			state.Answers = append(state.Answers, dialogue.Answer{Field: field, Value: flows.Value{Type: flows.Type(field), Text: text}, At: s.now()})
		}
	}
	err := s.Store.Commit(context.Background(), &bot.Turn{
		Conversation: bot.Conversation{ID: id, Visitor: is.visitor, Seq: seq, State: state}, Now: s.now(),
		Lead: &bot.Lead{ID: id, Conversation: id, Email: is.email, UpdatedAt: s.now()},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (s *stage) folds(t rapid.TB, id string) {
	t.Helper()
	if err := s.FoldPerson(context.Background(), bot.Job{Payload: fmt.Appendf(nil, `{"conversation":%q}`, id)}); err != nil {
		t.Fatal(err)
	}
}

// persons are the groups of conversations that are one person's, each with the person's keys.
func (s *stage) persons(t rapid.TB, world string, all []spoken) []string {
	groups := map[string][]string{}
	for i, c := range all {
		p, err := s.Store.PersonOf(context.Background(), fmt.Sprint(world, i))
		if err != nil {
			t.Fatalf("conversation %d has no person: %v", i, err)
		}
		groups[p.ID] = append(groups[p.ID], fmt.Sprint("c", i))
		for kind, value := range map[string]string{bot.ByVisitor: c.visitor, bot.ByEmail: c.email, bot.ByPhone: c.phone} {
			if value == "" {
				continue
			}
			have, err := s.Store.PeopleBy(context.Background(), bot.PersonKey{Kind: kind, Value: value})
			if err != nil || len(have) != 1 || have[0].ID != p.ID {
				t.Fatalf("key %s %s of %s belongs to %d others, %v", kind, value, p.ID, len(have), err)
			}
			groups[p.ID] = append(groups[p.ID], strings.TrimPrefix(value, world))
		}
	}
	var out []string
	for members := range maps.Values(groups) {
		slices.Sort(members)
		out = append(out, strings.Join(slices.Compact(members), " "))
	}
	slices.Sort(out)
	return out
}

// in gives a conversation's keys a prefix, so that many worlds share a database.
func (c spoken) in(world string) spoken {
	for _, key := range []*string{&c.visitor, &c.email, &c.phone} {
		if *key != "" {
			*key = world + *key
		}
	}
	return c
}

func TestPersonsAreTheSameInWhateverOrderTheyAreLearnt(t *testing.T) {
	s := newStage(t)
	worlds := 0
	rapid.Check(t, func(t *rapid.T) {
		key := func(kind string, least int) *rapid.Generator[string] {
			return rapid.Map(rapid.IntRange(least, 4), func(n int) string {
				if n == 0 {
					return ""
				}
				return fmt.Sprint(kind, n)
			})
		}
		all := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) spoken {
			return spoken{key("v", 1).Draw(t, "visitor"), key("e", 0).Draw(t, "email"), key("p", 0).Draw(t, "phone")}
		}), 2, 4).Draw(t, "conversations")
		places := make([]int, len(all))
		for i := range places {
			places[i] = i
		}
		worlds++
		world := fmt.Sprint("w", worlds, "-")
		for _, at := range rapid.Permutation(places).Draw(t, "order") {
			c, id, seq := all[at].in(world), fmt.Sprint(world, at), int64(0)
			if rapid.Bool().Draw(t, "bit by bit") {
				s.turns(t, id, 0, spoken{visitor: c.visitor})
				s.folds(t, id)
				seq = 1
			}
			s.turns(t, id, seq, c)
			s.folds(t, id)
		}
		s.folds(t, fmt.Sprint(world, 0)) // once more changes nothing
		var in []spoken
		for _, c := range all {
			in = append(in, c.in(world))
		}
		if got, want := s.persons(t, world, in), together(all); !slices.Equal(got, want) {
			t.Fatalf("%q, not %q", got, want)
		}
	})
}

// together are the groups that conversations are in by what they share, whatever the order.
func together(all []spoken) (out []string) {
	var groups [][]string
	for i, c := range all {
		mine := []string{fmt.Sprint("c", i)}
		for _, key := range []string{c.visitor, c.email, c.phone} {
			if key != "" {
				mine = append(mine, key)
			}
		}
		var apart [][]string
		for _, g := range groups {
			if slices.ContainsFunc(g, func(key string) bool { return slices.Contains(mine, key) }) {
				mine = append(mine, g...)
			} else {
				apart = append(apart, g)
			}
		}
		groups = append(apart, mine)
	}
	for _, g := range groups {
		slices.Sort(g)
		out = append(out, strings.Join(slices.Compact(g), " "))
	}
	slices.Sort(out)
	return out
}

func TestTwoNodesThatLearnOneAddressAtOnceEndWithOnePerson(t *testing.T) {
	for name, fresh := range databases {
		t.Run(name, func(t *testing.T) {
			url := fresh(t)
			s := newStageOn(t, url, workspace)
			other := &stage{Bot: &bot.Bot{Store: s.Store, Now: s.now, Log: s.Log}, t: t}
			if strings.HasPrefix(url, "postgres") {
				memory, err := store.Open(t.Context(), url, store.Options{})
				must(t, err)
				defer memory.Close()
				other.Store = memory
			}
			must(t, other.Use(t.Context(), s.Workspace()))
			for round := range 2 {
				race(t, s, other, fmt.Sprint(round, "-"))
			}
		})
	}
}

// race has six conversations that share addresses and phones folded on two nodes at once, each on both.
func race(t *testing.T, s, other *stage, world string) {
	all := []spoken{{"v1", "e1", ""}, {"v2", "e1", "p1"}, {"v3", "", "p1"}, {"v4", "e2", "p1"}, {"v5", "e2", ""}, {"v6", "e3", ""}}
	for i := range all {
		all[i] = all[i].in(world)
		s.turns(t, fmt.Sprint(world, i), 0, spoken{visitor: all[i].visitor})
		if i%2 == 0 {
			s.folds(t, fmt.Sprint(world, i)) // known as a browser before
		}
		s.turns(t, fmt.Sprint(world, i), 1, all[i])
	}
	var both sync.WaitGroup
	for _, node := range []*stage{s, other} {
		for i := range all {
			both.Go(func() {
				err := node.FoldPerson(context.Background(), bot.Job{Payload: fmt.Appendf(nil, `{"conversation":"%s%d"}`, world, i)})
				for errors.Is(err, bot.ErrBusy) { // the job is tried again
					err = node.FoldPerson(context.Background(), bot.Job{Payload: fmt.Appendf(nil, `{"conversation":"%s%d"}`, world, i)})
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
	both.Wait()
	want := []string{"c0 c1 c2 c3 c4 e1 e2 p1 v1 v2 v3 v4 v5", "c5 e3 v6"}
	if got := s.persons(t, world, all); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	p, err := s.Store.PersonOf(t.Context(), world+"0")
	must(t, err)
	trail, err := s.Store.Trail(t.Context(), p.ID)
	must(t, err)
	seen := map[string]int64{}
	for _, c := range trail {
		seen[c.Person] = max(seen[c.Person], c.N)
	}
	var lines int64
	for _, n := range seen {
		lines += n
	}
	if lines != int64(len(trail)) {
		t.Errorf("the trail has gaps: %v in %d lines", seen, len(trail))
	}
}

func TestAScoreFallsUnlessSomethingNewIsLearnt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		p := bot.Person{}
		for range rapid.IntRange(1, 3).Draw(t, "conversations") {
			s := bot.Standing{At: at}
			s.Caps = map[string]float64{"need": rapid.Float64Range(0, 50).Draw(t, "cap")}
			s.Grades = []flows.Grade{{Name: "hot", From: 60}, {Name: "warm", From: 30}, {Name: "cold"}}
			for range rapid.IntRange(0, 5).Draw(t, "rules") {
				l := dialogue.Line{Reason: dialogue.Reason{Points: rapid.Float64Range(-40, 60).Draw(t, "points"), Part: rapid.SampledFrom([]string{"", "need"}).Draw(t, "part")}}
				if l.Points > 0 && rapid.Bool().Draw(t, "fades") {
					l.Since, l.Halves = at.Add(-time.Duration(rapid.IntRange(0, 100).Draw(t, "age"))*time.Hour), time.Duration(rapid.IntRange(1, 500).Draw(t, "halves"))*time.Hour
				}
				s.Lines = append(s.Lines, l)
			}
			p.Standings = append(p.Standings, s)
		}
		last, rank := 1e9, 3
		for range 20 {
			_, score, grade := p.At(at)
			is := map[string]int{"hot": 2, "warm": 1, "cold": 0, "": -1}[grade]
			if score > last+1e-9 || is > rank {
				t.Fatalf("%v %s after %v", score, grade, last)
			}
			last, rank = score, is
			at = at.Add(time.Duration(rapid.IntRange(0, 1000).Draw(t, "hours")) * time.Hour)
		}
	})
}

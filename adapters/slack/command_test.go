package slack

import (
	"testing"
	"time"
)

func TestCommand(t *testing.T) {
	s := work(t)
	v := s.lead()
	v.say("1")
	v.card("*Meeting*")
	rep := v.state().Assigned.Rep
	user := users(rep)
	ask := func(user, text, want string) {
		t.Helper()
		if _, err := s.fake.Command(user, "C1", "/usher "+text); err != nil {
			t.Fatal(err)
		}
		s.whispered("C1", user, want)
	}
	ask("U7", "leads", "Only reps can do this")
	ask(user, "", "/usher away 2h")
	ask(user, "dance", "/usher away 2h")
	ask(user, "leads", "*priya@bigco.example*, hot (60), ")
	ask(user, "why PRIYA@bigco.example", "100 seats or more")
	ask(user, "why <mailto:priya@bigco.example|priya@bigco.example>", "*Why ")
	ask(user, "why nobody@else.example", "There is no lead for nobody@else.example")
	v.card("*Stage*\nsal")
	ask(user, "stage", "Which lead")
	ask(user, "stage won", "Which lead")
	ask(user, "stage priya@bigco.example customer because she signed", "customer is no stage")
	ask(user, "stage priya@bigco.example won because", "Why?")
	ask(user, "stage nobody@else.example won because signed", "There is no lead for nobody@else.example")
	ask(user, "stage <mailto:priya@bigco.example|priya@bigco.example>  Won BECAUSE: signed on Friday", "*priya@bigco.example* went from sal to won")
	ask(user, "stage priya@bigco.example won because signed", "is at won already")
	v.card("*Stage*\nwon")
	ask(user, "away", "For how long?")
	ask(user, "away a while", "For how long?")
	ask(user, "away 1000d", "longer than 90 days")
	ask(user, "AWAY 1h 30m", "You are away until")
	until, err := s.bot.AwayUntil(t.Context(), rep)
	if d := until.Sub(s.clock.now()); err != nil || d < 88*time.Minute || d > 90*time.Minute {
		t.Errorf("away for %s, %v", d, err)
	}
	ask(user, "today", "You are away until")
	ask(user, "back", "Welcome back")
	ask(user, "back", "You were not away")
	if until, err := s.bot.AwayUntil(t.Context(), rep); err != nil || !until.IsZero() {
		t.Errorf("away until %s, %v", until, err)
	}
}

func TestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"2h": 2 * time.Hour, "30m": 30 * time.Minute, "3d": 72 * time.Hour, "1h30m": 90 * time.Minute, "1 hour 30 minutes": 90 * time.Minute,
		"1.5 hours": 90 * time.Minute, "1w": 168 * time.Hour, "45 MIN": 45 * time.Minute, "2 days": 48 * time.Hour,
		"": 0, "h": 0, "-2h": 0, "2": 0, "soon": 0, "2h later": 0, "0m": 0,
	} {
		if got, ok := duration(text); ok != (want > 0) || ok && got != want {
			t.Errorf("%q is %s, %t", text, got, ok)
		}
	}
}

package answer

import "testing"

func TestAWishIsUnderstoodWhenItIsPlain(t *testing.T) {
	for typed, want := range map[string]Wish{
		"talk to a human": WishPerson, "agent": WishPerson, "Can I talk to a person please?": WishPerson, "I'd like to speak with someone": WishPerson, "a real person!": WishPerson, "Connect me to an agent": WishPerson,
		"go back": WishBack, "back": WishBack, "Can I go back please?": WishBack, "previous question": WishBack, "I made a mistake": WishBack,
		"skip": WishSkip, "skip this question": WishSkip, "pass": WishSkip, "I'd rather not say": WishSkip, "n/a": WishSkip,
		"start over": WishRestart, "restart": WishRestart, "let's start again!": WishRestart,
		"stop": WishStop, "STOP.": WishStop, "cancel": WishStop, "please stop": WishStop, "never mind": WishStop, "bye": WishStop,
		"none of these": WishNone, "none of these work": WishNone, "None of these work for me.": WishNone, "other times": WishNone, "do you have other times?": WishNone, "neither": WishNone, "show me more": WishNone,
	} {
		if got := Wished("en", typed); got != want {
			t.Errorf("%q is the wish %q, want %q", typed, got, want)
		}
	}
}

func TestAnAnswerIsNoWish(t *testing.T) {
	for _, typed := range []string{
		"", "we want to stop losing leads", "our agent network", "250", "demo", "help", "later", "no", "yes", "please", "thanks", "back office software", "skip tracing", "stop-loss tools", "human resources",
		"we need a person who can speak to our reps", "start over 200 campaigns", "cancel culture", "priya@bigco.example", "pass the Turing test", "we restart our servers daily", "none of our tools work together",
	} {
		if got := Wished("en", typed); got != "" {
			t.Errorf("%q is taken for the wish %q", typed, got)
		}
	}
}

func TestWishesInEnglishAreUnderstoodInEveryLanguage(t *testing.T) {
	for _, language := range []string{"", "hi-IN", "bn", "fa", "xx"} {
		if got := Wished(language, "talk to a human"); got != WishPerson {
			t.Errorf("in %q the wish is %q", language, got)
		}
	}
}

func TestNoMoreLettersAreWished(t *testing.T) {
	for _, typed := range []string{"unsubscribe", "Please stop sending me letters.", "no more e-mails please", "Don’t write to me again!", "remove me from your mailing list", "opt out"} {
		if got := Wished("en", typed); got != WishLetters {
			t.Errorf("%q is taken for %q", typed, got)
		}
	}
	for _, typed := range []string{"our customers unsubscribe too often", "letters", "e-mail", "stop"} {
		if got := Wished("en", typed); got == WishLetters {
			t.Errorf("%q is taken for a wish to get no letters", typed)
		}
	}
}

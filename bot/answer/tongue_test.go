//lint:file-ignore ST1018 the zero-width non-joiner is a part of Persian spelling

package answer

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"usher/flows"
)

func TestEveryLanguageHasEverySentence(t *testing.T) {
	for language, l := range lexicons {
		for code, say := range english.refusals {
			own := l.refusals[code]
			if strings.Count(own, "{}") != strings.Count(say, "{}") || language != "en" && own == say || own == "" {
				t.Errorf("%s in %s: %q", code, language, own)
			}
		}
		if extra := len(l.refusals) - len(english.refusals); extra != 0 {
			t.Errorf("%d sentences of %s are of no use: %q", extra, language, slices.Sorted(maps.Keys(l.refusals)))
		}
	}
}

func TestYesAndNoAreReadInTheLanguageTheyAreShownIn(t *testing.T) {
	for language, l := range lexicons {
		for _, of := range []flows.Type{flows.TypeYesNo, flows.TypeConsent} {
			for i, yes := range []bool{true, false} {
				v, err := Read(Question{Field: field(of), Language: language + "-XX"}, l.yesNo[i]+".")
				if err != nil || v.Yes != yes {
					t.Errorf("%s %s: %+v, %v", language, l.yesNo[i], v, err)
				}
			}
		}
	}
	for language, words := range map[string][]string{
		"hi": {"हां", "जी हाँ", "ठीक है", "yes"}, "bn": {"হ্যা", "জি হ্যাঁ", "ঠিক আছে", "yes"}, "fa": {"آره", "حتماً", "بلی", "yes"},
	} {
		for _, w := range words {
			if v, err := Read(Question{Field: field(flows.TypeYesNo), Language: language}, w); err != nil || !v.Yes {
				t.Errorf("%s %s: %+v, %v", language, w, v, err)
			}
		}
	}
}

func TestAConsentWithANoInItIsAskedAgainInEveryLanguage(t *testing.T) {
	for language, words := range map[string]string{"en": "yes but not now", "hi": "हाँ लेकिन अभी नहीं चाहिए", "bn": "হ্যাঁ কিন্তু এখন না হলে ভালো", "fa": "بله اما نمی‌خواهم"} {
		if v, err := Read(Question{Field: field(flows.TypeConsent), Language: language}, words); err == nil {
			t.Errorf("%s: %+v", words, v)
		}
	}
}

func TestWishesOfOtherLanguages(t *testing.T) {
	for language, all := range map[string]map[string]Wish{
		"hi": {"फिर से शुरू": WishRestart, "मैं इंसान से बात करना चाहता हूँ": WishPerson, "फिर से शुरू करें": WishRestart, "वापस।": WishBack, "छोड़ दें": WishSkip, "बंद करें": WishStop, "किसी से बात करनी है": WishPerson, "please skip": WishSkip, "मुझे ईमेल न भेजें": WishLetters, "Unsubscribe!": WishLetters},
		"bn": {"আবার শুরু": WishRestart, "মানুষের সাথে কথা বলতে চাই": WishPerson, "আবার শুরু করুন": WishRestart, "ফিরে যান": WishBack, "বাদ দিন": WishSkip, "থামুন": WishStop, "কারও সঙ্গে কথা বলতে চাই": WishPerson, "আর চিঠি নয়।": WishLetters},
		"fa": {"دوباره شروع کن": WishRestart, "می‌خواهم با انسان صحبت کنم": WishPerson, "از نو شروع کن": WishRestart, "برگرد": WishBack, "رد کن": WishSkip, "تمام کن": WishStop, "می‌خواهم با کسی صحبت کنم": WishPerson, "دیگر نامه نفرستید": WishLetters},
	} {
		for words, want := range all {
			if got := Wished(language, words); got != want {
				t.Errorf("%s %s: %q", language, words, got)
			}
		}
	}
	if got := Wished("hi", "हम वापस कॉल करते हैं"); got != "" {
		t.Errorf("an answer is taken for the wish %q", got)
	}
}

func TestOptionsAreListedAsTheLanguageWritesIt(t *testing.T) {
	f := field(flows.TypeChoice)
	f.Options = []flows.Option{{Value: "a"}, {Value: "b"}}
	for language, want := range map[string]string{"en": "a, b", "hi": "a, b", "fa": "a، b"} {
		_, err := Read(Question{Field: f, Language: language}, "zzz")
		var refused *Refusal
		if !errors.As(err, &refused) || !strings.Contains(refused.Say, want) {
			t.Errorf("%s: %v", language, err)
		}
	}
}

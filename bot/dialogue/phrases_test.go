package dialogue

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"usher/bot/answer"
)

func TestTheEngineHasItsWordsInEveryLanguage(t *testing.T) {
	quoted := regexp.MustCompile(`[“«]([^”»]+)[”»]`)
	for language, p := range spoken {
		of := reflect.ValueOf(*p)
		for i := range of.NumField() {
			name, words := of.Type().Field(i).Name, of.Field(i).String()
			same := language != "en" && words == reflect.ValueOf(english).Field(i).String()
			if words == "" || same || strings.HasSuffix(words, ":") != strings.HasSuffix(reflect.ValueOf(english).Field(i).String(), ":") && name != "CallAt" {
				t.Errorf("%s in %s: %q", name, language, words)
			}
			if name != "Over" && name != "Cancelled" {
				continue
			}
			if m := quoted.FindStringSubmatch(words); m == nil || answer.Wished(language, m[1]) != answer.WishRestart {
				t.Errorf("%s in %s promises %q, which is not understood", name, language, words)
			}
		}
	}
	for language, want := range map[string]*phrases{"hi-IN": &hindi, "bn": &bangla, "fa-IR": &persian, "de": &english, "": &english} {
		if phrasesIn(language) != want {
			t.Errorf("%q has other words", language)
		}
	}
}

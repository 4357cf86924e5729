package terminal

import (
	"slices"
	"strings"
	"testing"
)

func TestHeadingsAreUnderstood(t *testing.T) {
	for header, want := range map[string]string{
		"First Name|Last name|E-mail Address|Company Name|Lead Owner":   "email=E-mail Address,company=Company Name,owner=Lead Owner,name=First Name+Last name",
		"Vorname|Nachname|E-Mail|Firma|Telefon|Zuständig|Status|Quelle": "email=E-Mail,company=Firma,phone=Telefon,owner=Zuständig,stage=Status,source=Quelle,name=Vorname+Nachname",
		"Prénom|Nom|Courriel|Société":                                   "name=Nom,email=Courriel,company=Société",
		"नाम|ईमेल|कंपनी|team size":                                      "name=नाम,email=ईमेल,company=कंपनी,team_size=team size",
		"email|email|phone": "phone=phone",
		"mail,work|x":       "",
		"id|Notes":          "",
	} {
		if got := printMap(guessed(strings.Split(header, "|"), []string{"email", "team_size"})); got != want {
			t.Errorf("%s is taken for %s, not %s", header, got, want)
		}
	}
}

func FuzzParseMap(f *testing.F) {
	f.Add(`email=E-Mail,name="Full, ""name""",company=Firma`)
	f.Add(`a=b=c, d = "e" `)
	f.Add(`a="`)
	f.Fuzz(func(t *testing.T, text string) {
		pairs, err := parseMap(text)
		if err != nil {
			return
		}
		again, err := parseMap(printMap(pairs))
		if err != nil || !slices.Equal(again, pairs) {
			t.Errorf("%q is %q, and comes back as %q: %v", text, pairs, again, err)
		}
	})
}

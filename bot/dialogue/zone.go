package dialogue

import (
	_ "embed"
	"strings"
	"sync"

	"usher/flows"
)

// zoneTable is the IANA zone table in short: a zone and its ISO 3166 country a line, with the old names browsers still
// send.
//
//go:embed zones.txt
var zoneTable string

var zoneCountries = sync.OnceValue(func() map[string]string {
	out := make(map[string]string, 512)
	for line := range strings.Lines(zoneTable) {
		if zone, country, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			out[zone] = country
		}
	}
	return out
})

// country is where the visitor most likely is: by zone, else by the region of the language; "" = not known.
func country(timezone, language string) string {
	if c := zoneCountries()[timezone]; c != "" {
		return c
	}
	region := false // the first part is the language itself
	for p := range strings.FieldsFuncSeq(language, func(r rune) bool { return r == '-' || r == '_' }) {
		if region && len(p) == 2 {
			return strings.ToUpper(p)
		}
		region = true
	}
	return ""
}

// country is the visitor's: as said, else where the zone and the language say.
func (c *Conversation) country() string {
	for i := range c.Answers {
		if v := &c.Answers[i].Value; v.Type == flows.TypeCountry {
			return v.Text
		}
	}
	return country(c.Timezone, c.Language)
}

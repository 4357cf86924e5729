package web

import (
	"encoding/json"
	"reflect"
	"testing"
	"unicode/utf8"
)

// FuzzFrame holds the quick reading against the decoder: what the one takes, the other takes for the same.
func FuzzFrame(f *testing.F) {
	for _, seed := range []string{
		hello, say("id-1", "about 250"), `{"type":"say","id":"x","value":"demo"}`, ` { "type" : "typing" } `, `{"after":12,"after":0}`,
		`{"after":-1}`, `{"after":01}`, `{"after":1.5}`, `{"after":99999999999999999999}`, `{"text":"\u00e9\n"}`, `{"text":"नमस्ते"}`, `{"Type":"say"}`,
		`{}`, `{"type":"say"`, `{"type":"say"}x`, `{"type":"say",}`, `[]`, "{\"text\":\"\xff\"}", `{"known":{"a":1,"b":"x","c":[1],"d":null}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var quick, whole frame
		if readFlat(data, &quick) {
			if err := json.Unmarshal(data, &whole); err != nil {
				t.Fatalf("%q was read although %v", data, err)
			}
			if utf8.Valid(data) && !reflect.DeepEqual(quick, whole) {
				t.Fatalf("%q: %+v, %+v", data, quick, whole)
			}
		}
		frame, bad := parse(data)
		if bad == nil && frame.Type == "" {
			t.Fatalf("%q passed", data)
		}
		if v := frame.visit(); len(v.Page) > maxPath || len(v.Title) > maxTitle || len(v.Language) > maxLanguage {
			t.Fatalf("%q: %+v", data, v)
		}
	})
}

func TestQuickReading(t *testing.T) {
	for _, c := range []string{say("id-1", "about 250"), `{"type":"say","id":"x","value":"demo"}`, ` { "type" : "hello" , "after" : 12 } `, `{"text":"नमस्ते"}`} {
		if !readFlat([]byte(c), &frame{}) {
			t.Errorf("%s takes the long way", c)
		}
	}
}

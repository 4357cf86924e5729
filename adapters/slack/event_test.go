package slack

import (
	"encoding/json"
	"errors"
	"testing"
	"time"
)

func FuzzEvent(f *testing.F) {
	f.Add([]byte(hello))
	f.Add([]byte(`{"type":"event_callback","team_id":"T1","api_app_id":"A1","event":{"type":"message","subtype":"message_deleted","deleted_ts":"1.1","previous_message":{"user":"U1","text":"<@U2> <|"}}}`))
	f.Add([]byte(`{"type":"block_actions","api_app_id":"A1","team":null,"user":{"id":"U1","team_id":"T1"},"actions":[{"selected_options":[{"value":"1"}]}]}`))
	f.Add([]byte(`command=%2Fusher&team_id=T1&api_app_id=A1&trigger_id=x`))
	a := &App{TeamID: "T1", AppID: "A1", Log: quiet, Now: func() time.Time { return time.Unix(1790000000, 0) }}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, read := range []func([]byte) (Event, error){a.readEvent, a.readInteractive, a.readInteractiveForm, a.readCommandForm, a.readCommandJSON} {
			e, err := read(body)
			if errors.Is(err, errNothing) || errors.Is(err, errForeign) || errors.Is(err, errShape) {
				continue
			}
			if err != nil || e.ID == "" || e.Kind == "" || e.Team != "T1" {
				t.Fatalf("%+v, %v", e, err)
			}
			kept, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			var again Event
			if err := json.Unmarshal(kept, &again); err != nil || again.key() != e.key() || again.place() != e.place() {
				t.Fatalf("%s read back as %+v: %v", kept, again, err)
			}
		}
	})
}

func TestInstant(t *testing.T) {
	at, ok := instant("1790000000.000123")
	if !ok || at.UnixMicro() != 1790000000000123 {
		t.Errorf("%v %v", at, ok)
	}
	for _, ts := range []string{"", "x", "1.y"} {
		if _, ok := instant(ts); ok {
			t.Errorf("%q was read", ts)
		}
	}
}

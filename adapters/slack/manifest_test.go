package slack

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"go.yaml.in/yaml/v4"
)

func written(t *testing.T, o ManifestOptions) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := o.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestManifest(t *testing.T) {
	t.Run("without an address the app uses Socket Mode", func(t *testing.T) {
		text := written(t, ManifestOptions{Name: "Usher"})
		var m slack.Manifest
		if err := json.Unmarshal(text, &m); err != nil {
			t.Fatal(err)
		}
		if !m.Settings.SocketModeEnabled || m.Settings.EventSubscriptions.RequestUrl != "" || m.Features.SlashCommands[0].Url != "" {
			t.Errorf("%s", text)
		}
		if m.Features.AgentView == nil || m.Features.AssistantView != nil || !m.Features.AppHome.MessagesTabEnabled {
			t.Errorf("%s", text)
		}
		for _, event := range []string{"app_home_opened", "app_mention", "message.im", "message.channels"} {
			if !slices.Contains(m.Settings.EventSubscriptions.BotEvents, event) {
				t.Errorf("no %s", event)
			}
		}
	})

	t.Run("with an address events, clicks and commands go there", func(t *testing.T) {
		text := written(t, ManifestOptions{Name: "Usher", URL: "https://usher.acme.example/"})
		for _, address := range []string{"/slack/events", "/slack/interactive", "/slack/commands"} {
			if !strings.Contains(string(text), `"https://usher.acme.example`+address+`"`) {
				t.Errorf("no %s in %s", address, text)
			}
		}
	})

	t.Run("YAML and JSON say the same", func(t *testing.T) {
		var a, b any
		if err := json.Unmarshal(written(t, ManifestOptions{Name: "Usher"}), &a); err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(written(t, ManifestOptions{Name: "Usher", YAML: true}), &b); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(again, &b); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%v\n%v", a, b)
		}
	})

	t.Run("an address that Slack cannot reach is refused", func(t *testing.T) {
		for _, address := range []string{"http://usher.acme.example", "usher.acme.example", "https://"} {
			if (ManifestOptions{URL: address}).Write(&bytes.Buffer{}) == nil {
				t.Errorf("%s was taken", address)
			}
		}
	})
}

package slack

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/slack-go/slack"
	"go.yaml.in/yaml/v4"
)

// ManifestOptions say what the app's manifest is for; the tags are the flags of the command that prints it.
type ManifestOptions struct {
	URL    string `help:"Address of this server as Slack reaches it, for events over HTTP; without it the app uses Socket Mode, which needs no public address." placeholder:"https://…"`
	Socket bool   `help:"Use Socket Mode."`
	Name   string `help:"Name of the app." default:"Usher"`
	YAML   bool   `help:"Print YAML in place of JSON."`
}

// The command reps use.
const commandName = "/usher"

// scopes are what the bot's token may do: no more than what is used.
var scopes = []string{
	"app_mentions:read", "assistant:write", "channels:history", "chat:write", "chat:write.customize", "commands", "files:read",
	"groups:history", "im:history", "im:write", "users:read", "users:read.email",
}

// botEvents are what the app is told of.
var botEvents = []string{"app_home_opened", "app_mention", "message.channels", "message.groups", "message.im"}

// Run prints the manifest, as a command.
func (o ManifestOptions) Run(w io.Writer) error { return o.Write(w) }

// Write prints the manifest from which Slack makes the app (docs.slack.dev/reference/app-manifest).
func (o ManifestOptions) Write(w io.Writer) error {
	m, err := o.manifest()
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	if o.YAML {
		var plain any
		if err := json.Unmarshal(text, &plain); err != nil {
			return fmt.Errorf("write the manifest: %w", err)
		}
		if text, err = yaml.Marshal(plain); err != nil {
			return fmt.Errorf("write the manifest: %w", err)
		}
	}
	_, err = fmt.Fprintln(w, strings.TrimSpace(string(text)))
	return err
}

func (o ManifestOptions) manifest() (*slack.Manifest, error) {
	base := strings.TrimSuffix(o.URL, "/")
	if u, err := url.Parse(base); base != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		return nil, fmt.Errorf("--url %s is not an address that Slack can reach; write it like https://usher.example.com", o.URL)
	}
	if o.Socket {
		base = ""
	}
	at := func(path string) string {
		if base == "" {
			return ""
		}
		return base + path
	}
	return &slack.Manifest{
		Metadata: slack.ManifestMetadata{MajorVersion: 2},
		Display:  slack.Display{Name: o.Name, Description: "Meets visitors, and brings reps their leads."},
		Features: slack.Features{
			AgentView: &slack.AgentView{
				AgentDescription: "Ask a question, or book a meeting with the right person.",
				SuggestedPrompts: []slack.ManifestSuggestedPrompt{{Title: "Book a meeting", Message: "I would like to book a meeting."}},
			},
			AppHome: slack.AppHome{MessagesTabEnabled: true},
			BotUser: slack.BotUser{DisplayName: o.Name, AlwaysOnline: true},
			SlashCommands: []slack.ManifestSlashCommand{{
				Command: commandName, Description: "Your leads, and when you are away", UsageHint: "away 2h | back | today | leads | why LEAD", Url: at("/slack/commands"),
			}},
		},
		OAuthConfig: slack.OAuthConfig{Scopes: slack.OAuthScopes{Bot: scopes}},
		Settings: slack.Settings{
			EventSubscriptions: &slack.EventSubscriptions{RequestUrl: at("/slack/events"), BotEvents: botEvents},
			Interactivity:      &slack.Interactivity{IsEnabled: true, RequestUrl: at("/slack/interactive")},
			SocketModeEnabled:  base == "",
		},
	}, nil
}

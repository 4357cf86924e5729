package slack

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// What is wrong with something that came.
var (
	errNothing = errors.New("of no interest")
	errForeign = errors.New("of another team or app")
	errShape   = errors.New("not what Slack sends")
)

// envelope is what the Events API wraps around an event.
type envelope struct {
	Type           string          `json:"type"`
	ID             string          `json:"event_id"`
	Team           string          `json:"team_id"`
	App            string          `json:"api_app_id"`
	Event          json.RawMessage `json:"event"`
	Authorizations []struct {
		Team string `json:"team_id"`
		User string `json:"user_id"`
		Bot  bool   `json:"is_bot"`
	} `json:"authorizations"`
}

// inner is the event itself, of whatever type.
type inner struct {
	message
	Channel     string   `json:"channel"`
	ChannelType string   `json:"channel_type"`
	EventTS     string   `json:"event_ts"`
	DeletedTS   string   `json:"deleted_ts"`
	Hidden      bool     `json:"hidden"`
	Message     *message `json:"message"`
	Previous    *message `json:"previous_message"`
	Tab         string   `json:"tab"`
}

// message is what a message event says of a message.
type message struct {
	Type     string `json:"type"`
	Subtype  string `json:"subtype"`
	User     string `json:"user"`
	BotID    string `json:"bot_id"`
	Text     string `json:"text"`
	TS       string `json:"ts"`
	Thread   string `json:"thread_ts"`
	ClientID string `json:"client_msg_id"`
	Files    []struct {
		ID    string `json:"id"`
		Name  string `json:"name"`
		Title string `json:"title"`
		Link  string `json:"permalink"`
	} `json:"files"`
}

// readEvent reads the payload of the Events API.
func (a *App) readEvent(payload []byte) (Event, error) {
	var env envelope
	var in inner
	if err := json.Unmarshal(payload, &env); err != nil {
		return Event{}, fmt.Errorf("%w: %w", errShape, err)
	}
	if env.Type != "event_callback" {
		return Event{}, errNothing
	}
	if err := json.Unmarshal(env.Event, &in); err != nil {
		return Event{}, fmt.Errorf("%w: %w", errShape, err)
	}
	e := Event{
		ID: "slack-event-" + cmp.Or(env.ID, digest(string(payload))), Team: env.Team, At: a.now(),
		Moment: cmp.Or(in.EventTS, in.TS),
	}
	bot := a.botUser()
	for _, auth := range env.Authorizations { // for which installation it is: in a shared channel not where it happened
		e.Team = auth.Team
		if bot == "" && auth.Bot {
			bot = auth.User
		}
	}
	if !a.ours(env.App, e.Team) {
		return Event{}, errForeign
	}
	return e.of(in, bot)
}

// of fills the event in by its type; messages of apps, ours among them, are of no interest.
func (e Event) of(in inner, bot string) (Event, error) {
	e.Channel, e.Direct = in.Channel, in.ChannelType == "im"
	switch {
	case in.Type == "app_home_opened" && in.User != bot:
		e.Kind, e.User, e.Direct, e.TS = kindHome, in.User, true, in.EventTS
		return e, nil
	case in.Type == "app_mention", in.Type == "message":
	default:
		return Event{}, errNothing
	}
	name := "<@" + bot + ">"
	switch in.Subtype {
	case "", "file_share", "thread_broadcast", "me_message":
		e.Kind = kindMessage
		if in.Type == "app_mention" || !e.Direct && bot != "" && strings.Contains(in.Text, name) {
			e.Kind = kindMention
		}
		e.words(in.message, name)
	case "message_changed":
		if in.Message == nil || in.Previous == nil || in.Message.Text == in.Previous.Text {
			return Event{}, errNothing // a preview of a link, a pin, a reply: the words are the same
		}
		e.Kind = kindEdited
		e.words(*in.Message, name)
		e.Was, in.BotID = unnamed(in.Previous.Text, name), in.Message.BotID
	case "message_deleted":
		if in.Previous == nil {
			return Event{}, errNothing
		}
		e.Kind = kindDeleted
		e.words(*in.Previous, name)
		e.TS, e.Was, e.Text, in.BotID = cmp.Or(in.DeletedTS, e.TS), e.Text, "", in.Previous.BotID
	default:
		return Event{}, errNothing
	}
	if in.BotID != "" || e.User == "" || e.User == bot || e.User == "USLACKBOT" {
		return Event{}, errNothing
	}
	return e, nil
}

// unnamed is what was written, without the app's name.
func unnamed(text, name string) string {
	return strings.TrimSpace(plain(strings.ReplaceAll(text, name, "")))
}

// words takes what somebody wrote.
func (e *Event) words(m message, name string) {
	e.User, e.Text, e.TS, e.ClientID = m.User, unnamed(m.Text, name), m.TS, m.ClientID
	if m.Thread != m.TS {
		e.Thread = m.Thread
	}
	for _, f := range m.Files {
		e.Files = append(e.Files, File{ID: f.ID, Name: cmp.Or(f.Title, f.Name), Link: f.Link})
	}
}

// readInteractiveForm reads what /slack/interactive gets: a form with JSON in it.
func (a *App) readInteractiveForm(body []byte) (Event, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("payload") == "" {
		return Event{}, fmt.Errorf("%w: no payload", errShape)
	}
	return a.readInteractive([]byte(form.Get("payload")))
}

// interaction is a click or a form, as far as it is read here; the rest is in Raw.
type interaction struct {
	Type        string `json:"type"`
	App         string `json:"api_app_id"`
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	Team        *named `json:"team"`
	User        struct {
		named
		Team string `json:"team_id"`
	} `json:"user"`
	Channel   named `json:"channel"`
	Container struct {
		Channel string `json:"channel_id"`
		Message string `json:"message_ts"`
		Thread  string `json:"thread_ts"`
	} `json:"container"`
	Message struct {
		TS     string `json:"ts"`
		Thread string `json:"thread_ts"`
	} `json:"message"`
	Actions []struct {
		Action   string   `json:"action_id"`
		Block    string   `json:"block_id"`
		Value    string   `json:"value"`
		TS       string   `json:"action_ts"`
		Selected chosen   `json:"selected_option"`
		Several  []chosen `json:"selected_options"`
	} `json:"actions"`
	View struct {
		ID       string `json:"id"`
		Hash     string `json:"hash"`
		Callback string `json:"callback_id"`
	} `json:"view"`
}

type named struct {
	ID string `json:"id"`
}

type chosen struct {
	Value string `json:"value"`
}

// readInteractive reads the payload of a click or a form.
func (a *App) readInteractive(payload []byte) (Event, error) {
	var in interaction
	if err := json.Unmarshal(payload, &in); err != nil {
		return Event{}, fmt.Errorf("%w: %w", errShape, err)
	}
	team := in.User.Team
	if in.Team != nil {
		team = in.Team.ID
	}
	if !a.ours(in.App, team) {
		return Event{}, errForeign
	}
	e := Event{
		Team: team, User: in.User.ID, Channel: cmp.Or(in.Channel.ID, in.Container.Channel),
		TS: cmp.Or(in.Message.TS, in.Container.Message), Thread: cmp.Or(in.Message.Thread, in.Container.Thread),
		TriggerID: in.TriggerID, ResponseURL: a.safeURL(in.ResponseURL), Raw: payload, At: a.now(),
	}
	e.Direct = strings.HasPrefix(e.Channel, "D")
	switch {
	case in.Type == "block_actions" && len(in.Actions) > 0:
		act := in.Actions[0]
		e.Kind, e.Action, e.Block, e.Value = kindAction, act.Action, act.Block, cmp.Or(act.Value, act.Selected.Value, joined(act.Several))
		e.Moment = act.TS
		e.ID = "slack-action-" + digest(e.Channel, e.TS, e.User, act.Action, act.Block, cmp.Or(act.TS, in.TriggerID))
	case in.Type == "view_submission":
		e.Kind, e.Action = kindView, in.View.Callback
		e.ID = "slack-view-" + digest(in.View.ID, in.View.Hash, e.User)
	default:
		return Event{}, errNothing
	}
	return e, nil
}

func joined(options []chosen) string {
	var values []string
	for _, o := range options {
		values = append(values, o.Value)
	}
	return strings.Join(values, ",")
}

// readCommandForm reads a slash command.
func (a *App) readCommandForm(body []byte) (Event, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("command") == "" {
		return Event{}, fmt.Errorf("%w: no command", errShape)
	}
	return a.readCommand(form.Get)
}

// readCommandJSON reads a slash command as Socket Mode brings it.
func (a *App) readCommandJSON(payload []byte) (Event, error) {
	var fields map[string]any
	if err := json.Unmarshal(payload, &fields); err != nil {
		return Event{}, fmt.Errorf("%w: %w", errShape, err)
	}
	return a.readCommand(func(name string) string {
		text, _ := fields[name].(string)
		return text
	})
}

func (a *App) readCommand(field func(string) string) (Event, error) {
	if !a.ours(field("api_app_id"), field("team_id")) {
		return Event{}, errForeign
	}
	return Event{
		ID:   "slack-command-" + digest(field("trigger_id"), field("user_id"), field("command"), field("text")),
		Kind: kindCommand, Team: field("team_id"), Channel: field("channel_id"), User: field("user_id"),
		Direct: strings.HasPrefix(field("channel_id"), "D"), Command: field("command"), Text: field("text"),
		TriggerID: field("trigger_id"), ResponseURL: a.safeURL(field("response_url")), At: a.now(),
	}, nil
}

// ours says whether an event is of the app and the team; what is not known yet is checked before it is worked on.
func (a *App) ours(app, team string) bool {
	if own := a.app(); own != "" && own != app && (app != "" || a.AppID != "") {
		return false
	}
	own := a.team()
	return own == "" || own == team
}

// safeURL lets only addresses of Slack's own host through: an answer is not to be sent anywhere else.
func (a *App) safeURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.User != nil {
		return ""
	}
	if u.Scheme == "https" && (u.Host == "hooks.slack.com" || u.Host == "hooks.slack-gov.com") {
		return raw
	}
	if own, err := url.Parse(a.APIURL); a.APIURL != "" && err == nil && own.Scheme == u.Scheme && own.Host == u.Host {
		return raw
	}
	return ""
}

// digest names something by what it is made of.
func digest(parts ...string) string {
	h := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(h[:12])
}

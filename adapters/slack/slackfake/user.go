package slackfake

import "strings"

// User is a member of the workspace, or of another one that shares a channel with it.
type User struct {
	ID       string
	Name     string // the handle
	RealName string
	Email    string
	Timezone string // IANA name; "" means the profile has none
	Offset   int    // of the time zone, seconds east of UTC
	Locale   string // as users.info gives it when asked: en-US
	Title    string
	Phone    string
	Image    string // URL of the picture
	Team     string // "" means this workspace's; another id makes a stranger of a shared channel
	Bot      bool
	Guest    bool // sees, of the channels, the shared ones alone
	Deleted  bool
}

// User adds a member and gives back their id; one with the same id is replaced.
func (f *Fake) User(u User) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if u.ID == "" {
		u.ID = f.id("U")
	}
	if u.Name == "" {
		u.Name = strings.ToLower(strings.ReplaceAll(u.RealName, " ", "."))
	}
	if u.Team == "" {
		u.Team = f.options.TeamID
	}
	f.users[u.ID] = &u
	f.changed()
	return u.ID
}

// Users gives the members that are people, sorted by name.
func (f *Fake) Users() []User {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.people()
}

// display is what the workspace shows for a user.
func (u *User) display() string {
	if u.RealName != "" {
		return u.RealName
	}
	return u.Name
}

// profile is the user as users.info gives it.
func (u *User) profile(locale bool) map[string]any {
	out := map[string]any{
		"id": u.ID, "team_id": u.Team, "name": u.Name, "real_name": u.RealName, "deleted": u.Deleted, "is_bot": u.Bot, "is_restricted": u.Guest,
		"is_app_user": false, "updated": 1700000000,
		"profile": map[string]any{
			"real_name": u.RealName, "real_name_normalized": u.RealName, "display_name": u.Name, "display_name_normalized": u.Name,
			"email": u.Email, "title": u.Title, "phone": u.Phone, "team": u.Team, "image_24": u.Image, "image_48": u.Image,
			"image_72": u.Image, "image_192": u.Image, "image_512": u.Image,
		},
	}
	if u.Timezone != "" {
		out["tz"], out["tz_label"], out["tz_offset"] = u.Timezone, u.Timezone, u.Offset
	}
	if locale && u.Locale != "" {
		out["locale"] = u.Locale
	}
	return out
}

func (f *Fake) usersInfo(c *call) reply {
	u := f.users[c.args["user"]]
	switch {
	case c.args["user"] == "":
		return failed("user_not_found")
	case u == nil:
		return failed("user_not_found")
	}
	return reply{"ok": true, "user": u.profile(truth(c.args["include_locale"]))}
}

func (f *Fake) usersLookup(c *call) reply {
	for _, u := range f.users {
		if u.Email != "" && strings.EqualFold(u.Email, c.args["email"]) && !u.Deleted {
			return reply{"ok": true, "user": u.profile(false)}
		}
	}
	return failed("users_not_found")
}

func (f *Fake) usersList(*call) reply {
	var members []any
	for _, u := range f.people() {
		members = append(members, u.profile(true))
	}
	return reply{"ok": true, "members": members, "response_metadata": map[string]any{"next_cursor": ""}}
}

func (f *Fake) authTest(c *call) reply {
	if c.token == f.options.AppToken {
		return reply{"ok": true, "app_name": "Usher", "app_id": f.options.AppID}
	}
	return reply{
		"ok": true, "url": "https://fake.slack.com/", "team": f.options.TeamName, "user": "usher", "team_id": f.options.TeamID,
		"user_id": f.Bot(), "bot_id": f.BotID(), "is_enterprise_install": false,
	}
}

func (f *Fake) botsInfo(c *call) reply {
	if b := c.args["bot"]; b != "" && b != f.BotID() {
		return failed("bot_not_found")
	}
	return reply{"ok": true, "bot": map[string]any{"id": f.BotID(), "deleted": false, "name": "Usher", "app_id": f.options.AppID, "user_id": f.Bot(), "icons": map[string]any{}}}
}

package slackfake

import (
	"encoding/json"
	"maps"
	"time"
)

// View is a modal or a home tab.
type View struct {
	ID      string
	User    string
	Type    string // modal, home
	Raw     map[string]any
	Version int
}

// trigger is what a click or a command lets an app open a view with, once and within the time of an acknowledgement.
type trigger struct {
	user string
	ends time.Time
}

// triggered makes a trigger id; the lock is held.
func (f *Fake) triggered(user string) string {
	id := f.id("trigger.")
	f.triggers[id] = trigger{user, time.Now().Add(f.options.Within)}
	return id
}

func (v View) wire(f *Fake) map[string]any {
	out := maps.Clone(v.Raw)
	out["id"], out["team_id"], out["app_id"], out["bot_id"] = v.ID, f.options.TeamID, f.options.AppID, f.BotID()
	out["root_view_id"], out["hash"] = v.ID, pad(int64(v.Version), 10)
	if out["state"] == nil {
		out["state"] = map[string]any{"values": map[string]any{}}
	}
	return out
}

func (f *Fake) viewsOpen(c *call) reply {
	t, ok := f.triggers[c.args["trigger_id"]]
	delete(f.triggers, c.args["trigger_id"])
	switch {
	case !ok:
		return failed("invalid_trigger_id")
	case time.Now().After(t.ends):
		return failed("expired_trigger_id")
	}
	v, refusal := f.viewOf(c, "modal")
	if refusal != nil {
		return refusal
	}
	v.ID, v.User = f.id("V"), t.user
	f.views[v.ID] = v
	return reply{"ok": true, "view": v.wire(f)}
}

func (f *Fake) viewsPublish(c *call) reply {
	u := f.users[c.args["user_id"]]
	if u == nil || u.Bot {
		return failed("user_not_found")
	}
	v, refusal := f.viewOf(c, "home")
	if refusal != nil {
		return refusal
	}
	v.ID, v.User = f.id("V"), u.ID
	f.homes[u.ID] = v
	return reply{"ok": true, "view": v.wire(f)}
}

func (f *Fake) viewsUpdate(c *call) reply {
	old, ok := f.views[c.args["view_id"]]
	if !ok {
		return failed("not_found")
	}
	v, refusal := f.viewOf(c, "modal")
	if refusal != nil {
		return refusal
	}
	v.ID, v.User, v.Version = old.ID, old.User, old.Version+1
	f.views[v.ID] = v
	return reply{"ok": true, "view": v.wire(f)}
}

// viewOf reads and checks a call's view.
func (f *Fake) viewOf(c *call, kind string) (View, reply) {
	v := View{Type: kind}
	if json.Unmarshal([]byte(c.args["view"]), &v.Raw) != nil || v.Raw["type"] != kind {
		return v, refusedArguments([]string{"must provide a valid view [json-pointer:/view/type]"})
	}
	if problems := checkView(v.Raw, kind); len(problems) > 0 {
		return v, refusedArguments(problems)
	}
	return v, nil
}

// View gives an open modal, ok false when it is not (any more).
func (f *Fake) View(id string) (v View, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	v, ok = f.views[id]
	return v, ok
}

// Home gives the home tab that the app published for a user.
func (f *Fake) Home(user string) (v View, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	v, ok = f.homes[user]
	return v, ok
}

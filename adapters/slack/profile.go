package slack

import (
	"cmp"
	"context"
	"sync"
	"time"
)

// profile is what Slack tells of a user, as a conversation wants it.
type profile struct {
	Known    map[string]string // by field
	Language string
	Timezone string
	read     time.Time
}

// A profile is asked for again after profileLife; maxProfiles bounds how many are remembered.
const (
	profileLife = 10 * time.Minute
	maxProfiles = 4096
)

// profiles remembers, for users.info is asked for with every message.
type profiles struct {
	mu  sync.Mutex
	all map[string]profile
}

// profile asks Slack for a user. Without an answer the conversation goes on: the flow asks for what it needs.
func (a *App) profile(ctx context.Context, user string) profile {
	if p, ok := a.state.profiles.get(user, a.now()); ok {
		return p
	}
	u, err := a.api().GetUserInfoContext(ctx, user)
	if err != nil {
		a.log().Warn("slack: no profile", "user", user, "err", err)
		return profile{}
	}
	p := profile{Known: map[string]string{}, Language: u.Locale, Timezone: u.TZ, read: a.now()}
	for field, value := range map[string]string{
		"name": cmp.Or(u.Profile.RealName, u.RealName), "email": u.Profile.Email, "phone": u.Profile.Phone,
	} {
		if value != "" {
			p.Known[field] = value
		}
	}
	if _, err := time.LoadLocation(p.Timezone); err != nil {
		p.Timezone = ""
	}
	a.state.profiles.put(user, p)
	return p
}

func (s *profiles) get(user string, now time.Time) (profile, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.all[user]
	return p, ok && now.Sub(p.read) < profileLife
}

func (s *profiles) put(user string, p profile) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil || len(s.all) >= maxProfiles {
		s.all = map[string]profile{}
	}
	s.all[user] = p
}

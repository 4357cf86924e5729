package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"usher/flows"
)

// personChange is a person on the way to another state, with what is to be written about it.
type personChange struct {
	bot   *Bot
	was   Person // as read; Version 0 = nobody was known
	p     Person
	turn  PersonTurn
	hooks []Event
	known bool // it was a lead before
	fresh bool // it was told something that it has to remember
}

// changing begins a change of the first of those found, into whom the others are merged; of nobody, of a new person.
func (b *Bot) changing(found []Person, anew Person, at time.Time) *personChange {
	ch := &personChange{bot: b, p: anew}
	if len(found) > 0 {
		ch.was, ch.p = found[0], found[0].clone()
	}
	ch.known = ch.was.isLead()
	for _, other := range found[min(1, len(found)):] {
		ch.absorb(other, at)
	}
	return ch
}

// clone shares nothing that a change writes to.
func (p Person) clone() Person {
	p.Fields, p.Learnt = maps.Clone(p.Fields), maps.Clone(p.Learnt)
	p.Standings, p.Consents = slices.Clone(p.Standings), slices.Clone(p.Consents)
	return p
}

// isLead says whether the person is more than a browser: somebody can write to them, or should talk to them.
func (p Person) isLead() bool {
	return p.ID != "" && (p.Email != "" || p.Phone != "" || p.Stage != StageVisitor)
}

// absorb merges somebody who turned out to be the same. What was learnt last counts; of the stages the later one, of the
// owners the last one.
func (ch *personChange) absorb(other Person, at time.Time) {
	ch.turn.Merged = append(ch.turn.Merged, other)
	ch.line(Change{Kind: ChangedMerge, From: other.ID, By: "usher", Because: "the same " + ch.shared(other), At: at}, Event{Event: HookMerged, Detail: other.ID})
	for field, v := range other.Fields {
		ch.learn(field, v, other.Learnt[field])
	}
	ch.from(other.First, other)
	ch.from(other.Last, other)
	for _, c := range other.Consents {
		ch.consent(c)
	}
	for _, s := range other.Standings {
		ch.stand(s)
	}
	if ranked(other.Stage) > ranked(ch.p.Stage) {
		ch.stage(other.Stage, Change{By: "usher", Because: "merged with one who was", At: at})
		ch.p.Reason, ch.p.Revisit = other.Reason, other.Revisit
	}
	if other.Owner != "" && other.Owner != ch.p.Owner && (ch.p.Owner == "" || other.OwnedAt.After(ch.p.OwnedAt)) {
		ch.own(other.Owner, other.Team, Change{By: "usher", Because: "merged with one whom they had", At: at})
		ch.p.OwnedAt = other.OwnedAt
	}
	if ch.p.Owner == "" {
		ch.p.Waiting = cmp.Or(ch.p.Waiting, other.Waiting)
	}
	if other.CreatedAt.Before(ch.p.CreatedAt) {
		ch.p.CreatedAt = other.CreatedAt
	}
}

// shared is what two turned out to be one by.
func (ch *personChange) shared(other Person) string {
	switch {
	case other.Email != "" && ch.p.Email != "" && other.Email == ch.p.Email:
		return "e-mail address"
	case other.Phone != "" && other.Phone == ch.p.Phone:
		return "phone"
	}
	return "address, phone or browser"
}

// line adds a line to the trail, and tells other systems.
func (ch *personChange) line(c Change, e Event) {
	ch.turn.Changes = append(ch.turn.Changes, c)
	if e.Event != "" {
		e.Change, e.Conversation = ch.p.Changes+int64(len(ch.turn.Changes)), c.Conversation
		ch.hooks = append(ch.hooks, e)
	}
}

// learn takes a value of a field unless a newer one is known; of two of one time the same one wins in any order.
func (ch *personChange) learn(field string, v flows.Value, at time.Time) {
	old, known := ch.p.Fields[field]
	since := ch.p.Learnt[field]
	if known && (since.After(at) || since.Equal(at) && printed(old) >= printed(v)) {
		return
	}
	if ch.p.Fields == nil {
		ch.p.Fields = map[string]flows.Value{}
	}
	if ch.p.Learnt == nil {
		ch.p.Learnt = map[string]time.Time{}
	}
	ch.p.Fields[field], ch.p.Learnt[field] = v, at
}

// printed is a value as text, for comparing.
func printed(v any) string {
	text, _ := json.Marshal(v) // plain data always marshals
	return string(text)
}

// from takes a source as the first or the last one, and with the last where somebody is.
func (ch *personChange) from(s Source, of Person) {
	if s.At.IsZero() {
		return
	}
	p := &ch.p
	if p.First.At.IsZero() || s.before(p.First) {
		p.First = s
	}
	if !s.before(p.Last) {
		p.Last = s
		p.Language, p.Timezone = cmp.Or(of.Language, p.Language), cmp.Or(of.Timezone, p.Timezone)
		p.Country = cmp.Or(of.Country, p.Country)
	}
}

func (s Source) before(o Source) bool {
	return s.At.Before(o.At) || s.At.Equal(o.At) && printed(s) < printed(o)
}

func (ch *personChange) consent(c Consent) {
	same := func(o Consent) bool {
		return o.Conversation == c.Conversation && o.Field == c.Field && o.At.Equal(c.At)
	}
	if slices.ContainsFunc(ch.p.Consents, same) {
		return
	}
	ch.p.Consents = append(ch.p.Consents, c)
	slices.SortFunc(ch.p.Consents, func(a, b Consent) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Conversation, b.Conversation), cmp.Compare(a.Field, b.Field))
	})
}

// MaxStandings is how many conversations a person's score is made of: the newest.
const MaxStandings = 8

func (ch *personChange) stand(s Standing) {
	all := slices.DeleteFunc(ch.p.Standings, func(o Standing) bool { return o.Conversation == s.Conversation })
	if len(s.Lines) > 0 || len(s.Grades) > 0 {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b Standing) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Conversation, b.Conversation))
	})
	ch.p.Standings = all[:min(len(all), MaxStandings)]
}

// At is how the person's score stands at a time: that of the conversation in which it is highest then. Without new facts
// it only ever falls.
func (p Person) At(at time.Time) (s Standing, score float64, grade string) {
	score, grade = p.Score, p.Grade
	for i, each := range p.Standings {
		if r := each.Standing.At(at); i == 0 || r.Score > score {
			s, score, grade = each, r.Score, r.Grade
		}
	}
	return s, score, grade
}

// grade scores the person anew as of the newest fact.
func (ch *personChange) grade(c Change) {
	p, was := &ch.p, ch.p.Grade
	for _, s := range p.Standings {
		p.ScoredAt = later(p.ScoredAt, s.At)
	}
	s, score, grade := p.At(p.ScoredAt)
	p.Score, p.Grade = score, grade
	if p.Grade != was && (was != "" || !s.Lowest(p.Grade)) {
		c.Kind, c.From, c.To, c.Because = ChangedGrade, was, p.Grade, fmt.Sprintf("score %g", p.Score)
		ch.line(c, Event{})
	}
}

// stage moves the person.
func (ch *personChange) stage(to string, c Change) {
	c.Kind, c.From, c.To = ChangedStage, ch.p.Stage, to
	ch.p.Stage, ch.p.Reason, ch.p.Revisit = to, "", time.Time{}
	switch to {
	case StageWaitlist, StageLost, StageDisqualified:
		ch.p.Reason = c.Because
	}
	ch.line(c, Event{Event: HookStage})
}

// own gives the person to a rep.
func (ch *personChange) own(rep, team string, c Change) {
	c.Kind, c.From, c.To = ChangedOwner, ch.p.holder(), rep
	if h := ch.p.Handing; h.Rep == rep {
		c.By, c.Because, ch.p.Handing = h.By, h.Because, Handing{}
	}
	ch.p.Owner, ch.p.Team, ch.p.OwnedAt, ch.p.Waiting = rep, team, c.At, ""
	if c.From != c.To {
		ch.line(c, Event{Event: HookOwner, Rep: rep, Team: team})
	}
}

// wait puts a person whom nobody has into the place where the lead waits; somebody who is there and has them keeps them.
func (ch *personChange) wait(place string, c Change) {
	if ch.bot.rep(ch.p.Owner) != nil {
		return
	}
	c.Kind, c.From = ChangedOwner, ch.p.holder()
	ch.p.Owner, ch.p.Team, ch.p.OwnedAt, ch.p.Waiting = "", "", time.Time{}, place
	if c.To = ch.p.holder(); c.From != c.To {
		ch.line(c, Event{Event: HookOwner})
	}
}

// holder is who has the person, as the trail names it.
func (p Person) holder() string {
	if p.Owner == "" && p.Waiting != "" {
		return "waiting " + p.Waiting
	}
	return p.Owner
}

// contactFields are the fields that a person's contact is made of.
var contactFields = []string{"email", "phone", "name", "company"}

// contact takes the contact from the fields, and tells what was learnt.
func (ch *personChange) contact(c Change) {
	p, was := &ch.p, ch.p
	text := func(field string) string { return p.Fields[field].Text }
	p.Name, p.Email, p.Phone, p.Company = text("name"), text("email"), text("phone"), text("company")
	p.Domain = cmp.Or(flows.CompanyDomain(p.Email), p.Domain)
	p.Country = cmp.Or(text("country"), p.Country)
	old := []string{was.Email, was.Phone, was.Name, was.Company}
	for i, is := range []string{p.Email, p.Phone, p.Name, p.Company} {
		if is != "" && is != old[i] {
			c.Kind, c.To = ChangedContact, contactFields[i]
			ch.line(c, Event{})
		}
	}
}

// commit writes the change, if there is one.
func (ch *personChange) commit(ctx context.Context, now time.Time) error {
	if ch.was.Version > 0 && !ch.fresh && len(ch.turn.Changes) == 0 && printed(ch.was) == printed(ch.p) {
		return nil
	}
	ch.p.UpdatedAt = later(ch.p.UpdatedAt, now)
	if !ch.known && ch.p.isLead() {
		made := Event{Event: HookLead, At: now}
		for _, c := range ch.turn.Changes {
			if c.At.Before(made.At) {
				made.At = c.At // so that it is not told as later than what follows from it
			}
		}
		ch.hooks = slices.Insert(ch.hooks, 0, made)
	}
	for i, e := range ch.hooks {
		if !ch.bot.hears(e.Event) {
			continue
		}
		e.Person = ch.p.ID
		ch.job(fmt.Sprintf("hook-%s-%d-%d", ch.p.ID, ch.p.Version+1, i), JobHook, "hook "+ch.p.ID, e, now)
	}
	ch.turn.Person = ch.p
	if err := ch.bot.Store.CommitPerson(ctx, ch.turn); err != nil {
		return err
	}
	if len(ch.turn.Jobs) > 0 {
		ch.bot.hurry.now()
	}
	return nil
}

// job adds a job when somebody is there to carry it out. Beside a server nobody knows who is there: the server passes it
// on.
func (ch *personChange) job(id, kind, key string, e Event, at time.Time) {
	b := ch.bot
	if b.Carriers[kind] == nil && !b.beside() {
		return
	}
	payload, _ := json.Marshal(e) // strings and numbers always marshal
	j := Job{ID: id, Kind: kind, Key: key, Payload: payload, RunAt: at, State: JobReady}
	if b.beside() {
		j = passing(j)
	}
	ch.turn.Jobs = append(ch.turn.Jobs, j)
}

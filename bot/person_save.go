package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"usher/bot/answer"
	"usher/flows"
)

// PersonFacts are what somebody else knows of a person: a list, the API, a CRM.
type PersonFacts struct {
	ID                          string // of the person; "" = whoever has the address or the phone, or a new one
	Name, Email, Phone, Company string
	Country, Language, Timezone string // ISO 3166-1 alpha-2, BCP 47, IANA; a phone without a country code is read in the country
	Fields                      map[string]flows.Value
	Stage                       string // "" = as it is; of somebody new StageVisitor
	Owner                       string // rep; "" = as it is
	Waiting                     string // the named place where one whom nobody has waits; "" = as it is
	Source                      Source // a zero At is now
	Consents                    []Consent
	Keep                        bool  // what is known already stays; only gaps are filled
	Again                       bool  // they came back, should they have been erased; else that is an *ErasedError
	Version                     int64 // of the person with that ID, whom this was decided on; 0 = as they are now
	By                          string
	Because                     string // of a stage and an owner; "" = what By says
}

// FactError says which fact cannot be, and why: its Err is an *answer.Refusal or one of this package's errors.
type FactError struct {
	Fact string // email, phone, country, timezone, stage, owner, or all
	Err  error
}

func (e *FactError) Error() string { return e.Fact + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *FactError) Unwrap() error { return e.Err }

// ErrNoContact says that a person has neither an address nor a phone to be known by.
var ErrNoContact = errors.New("neither an e-mail address nor a phone")

// ErrChanged says that the person is not any more as somebody thinks who changes them.
var ErrChanged = errors.New("the person was changed meanwhile")

// Bounds of what is taken of others.
const (
	MaxFactFields = 100
	MaxFact       = 500 // bytes of a name, company, stage's reason …
)

// SavePerson takes facts about a person who is known by them already, or makes one. Several who turn out to be one are
// merged. The error is a *FactError for facts that cannot be, and an *ErasedError for those of somebody who was erased; nothing is
// saved then.
func (b *Bot) SavePerson(ctx context.Context, f PersonFacts) (p Person, created bool, err error) {
	if f, err = b.checked(f); err != nil {
		return Person{}, false, fmt.Errorf("save person: %w", err)
	}
	err = b.again(func() error {
		p, created, err = b.saveOnce(ctx, f)
		return err
	})
	if err == nil && f.Owner != "" && p.Owner != f.Owner {
		if err = b.SetOwner(ctx, p.ID, f.Owner, cmp.Or(f.Because, "as told by "+f.By), f.By); err == nil {
			p, err = b.Store.Person(ctx, p.ID)
		}
	}
	if err != nil {
		return p, created, fmt.Errorf("save person: %w", err)
	}
	return p, created, nil
}

func (b *Bot) saveOnce(ctx context.Context, f PersonFacts) (Person, bool, error) {
	keys := knownBy("", f.Email, f.Phone)
	found, err := b.peopleOf(ctx, f.ID, keys)
	if err != nil {
		return Person{}, false, err
	}
	if f.Version > 0 && !slices.ContainsFunc(found, func(p Person) bool { return p.ID == f.ID && p.Version == f.Version }) {
		return Person{}, false, ErrChanged
	}
	fresh, err := b.fresh(ctx, found, keys)
	if err != nil {
		return Person{}, false, err
	}
	var unburied []string
	if !f.Again {
		if unburied, err = b.unburied(ctx, fresh); err != nil {
			return Person{}, false, err
		}
	}
	if f.Keep && len(found) > 0 { // an address more is not the person's contact, but they are known by it
		f.fill(found[0])
	}
	now := b.now()
	ch := b.changing(found, Person{ID: random(idBytes), Stage: StageVisitor, CreatedAt: now}, now)
	ch.told(f, now)
	if s := f.Source; len(found) == 0 || !f.Keep && printed(s) != printed(Source{}) {
		s.At = cmp.Or(s.At, now)
		ch.from(s, Person{Country: f.Country, Language: f.Language, Timezone: f.Timezone})
	}
	c := Change{By: f.By, Because: f.Because, At: now}
	ch.contact(c)
	c.Because = cmp.Or(f.Because, "as told by "+f.By)
	if f.Stage != "" && f.Stage != ch.p.Stage {
		ch.stage(f.Stage, c)
	}
	if f.Owner != "" && len(found) == 0 { // there is no lead yet that would have to follow
		ch.own(f.Owner, b.teamOf(f.Owner), c)
	}
	if f.Waiting != "" && ch.p.Owner == "" && ch.p.Waiting == "" {
		ch.wait(f.Waiting, Change{By: f.By, Because: cmp.Or(f.Because, "nobody has them"), At: now})
	}
	ch.turn.Keys, ch.turn.Unburied, ch.fresh = keys, unburied, len(fresh) > 0
	return ch.p, len(found) == 0, ch.commit(ctx, now)
}

// told takes answers and consents that others know of.
func (ch *personChange) told(f PersonFacts, now time.Time) {
	for _, name := range slices.Sorted(maps.Keys(f.Fields)) {
		if printed(ch.p.Fields[name]) != printed(f.Fields[name]) {
			ch.learn(name, f.Fields[name], now)
		}
	}
	for _, c := range f.Consents {
		if !ch.p.agreed(c) {
			ch.consent(c)
		}
	}
}

// agreed says whether the last that is known of the person's consent to the wording is the same.
func (p Person) agreed(c Consent) bool {
	for _, o := range slices.Backward(p.Consents) {
		if o.Field == c.Field && o.Wording == c.Wording {
			return o.Given == c.Given
		}
	}
	return false
}

// fresh are the keys that nobody has yet, of which those found have the others.
func (b *Bot) fresh(ctx context.Context, found []Person, keys []PersonKey) (fresh []PersonKey, err error) {
	if len(found) == 0 {
		return keys, nil
	}
	for _, k := range keys {
		of, err := b.Store.PeopleBy(ctx, k)
		if err != nil {
			return nil, err
		}
		if len(of) == 0 {
			fresh = append(fresh, k)
		}
	}
	return fresh, nil
}

// fill leaves of the fields those of which nothing is known.
func (f *PersonFacts) fill(p Person) {
	f.Fields = maps.Clone(f.Fields)
	maps.DeleteFunc(f.Fields, func(name string, _ flows.Value) bool { return p.Fields[name].Known() })
}

// checked reads the facts as a visitor's answers would be, and puts the contact among the fields.
func (b *Bot) checked(f PersonFacts) (PersonFacts, error) {
	fields := map[string]flows.Value{}
	for name, v := range f.Fields {
		if len(fields) == MaxFactFields {
			return f, &FactError{"all", fmt.Errorf("more than %d fields", MaxFactFields)}
		}
		fields[name] = v
	}
	f.Fields = fields
	if f.Stage != "" && ranked(f.Stage) < 0 {
		return f, &FactError{"stage", fmt.Errorf("%w as %q", ErrNoStage, f.Stage)}
	}
	if f.Owner != "" && b.rep(f.Owner) == nil {
		return f, &FactError{"owner", fmt.Errorf("%w as %q", ErrNoRep, f.Owner)}
	}
	if f.Timezone != "" {
		if _, err := time.LoadLocation(f.Timezone); err != nil {
			return f, &FactError{"timezone", err}
		}
	}
	read := func(fact string, t flows.Type, text *string) error { return f.read(fact, t, text) }
	err := cmp.Or(read("country", flows.TypeCountry, &f.Country), read("email", flows.TypeEmail, &f.Email), read("phone", flows.TypePhone, &f.Phone),
		read("name", flows.TypeText, &f.Name), read("company", flows.TypeText, &f.Company))
	if err == nil && f.ID == "" && f.Email == "" && f.Phone == "" {
		err = &FactError{"all", ErrNoContact}
	}
	return f, err
}

// read reads one fact as a visitor's answer would be, and puts it among the fields.
func (f *PersonFacts) read(fact string, as flows.Type, text *string) error {
	*text = strings.TrimSpace(*text)
	if *text == "" {
		return nil
	}
	if len(*text) > MaxFact {
		return &FactError{fact, &answer.Refusal{Code: answer.TooLong, Say: fmt.Sprintf("more than %d bytes", MaxFact)}}
	}
	field := flows.Field{Name: fact, Type: as, Country: f.Country}
	v, err := answer.Read(answer.Question{Field: &field, Language: f.Language}, *text)
	if err != nil {
		return &FactError{fact, err}
	}
	*text, f.Fields[fact] = v.Text, v
	return nil
}

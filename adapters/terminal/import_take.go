package terminal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"usher/bot"
)

// take brings one row in. Rows may be taken at once.
func (im *importing) take(ctx context.Context, f rowFacts) (importLine, error) {
	l := importLine{Line: f.line, Result: lineRefused, Email: f.Email, Name: f.Name, Because: f.why, Notes: f.notes}
	if f.why == "" {
		if err := im.meet(ctx, &f); err != nil {
			return l, err
		}
		l.Notes = f.notes
	}
	if l.Because != "" {
		return l, nil
	}
	written := 0
	p, created, err := im.SavePerson(context.WithValue(ctx, writes{}, &written), f.PersonFacts)
	var no *bot.FactError
	var erased *bot.ErasedError
	switch {
	case errors.As(err, &no):
		l.Because = "bad " + no.Fact + ": " + refusal(no.Err)
		return l, nil
	case errors.As(err, &erased):
		l.Because = erased.Error() + " (--again, where they came back)"
		return l, nil
	case err != nil:
		return l, fmt.Errorf("line %d: %w", f.line, err)
	}
	l.Lead, l.Name, l.Owner, l.Waiting, l.closed = p.ID, cmp.Or(p.Name, l.Name), p.Owner, p.Waiting, p.Closed()
	switch {
	case created:
		l.Result = lineNew
	case written > 0:
		l.Result = lineMerged
	default:
		l.Result = lineKnown
	}
	return l, nil
}

// meet finds out whom the row is about, and leaves of the facts what may change them: what a visitor told, a rep has or went
// further stays.
func (im *importing) meet(ctx context.Context, f *rowFacts) error {
	if err := im.find(ctx, f); err != nil {
		return err
	}
	if f.person == nil {
		return nil
	}
	p := f.person
	f.ID = p.ID
	if f.Stage != "" && slices.Index(bot.Stages, f.Stage) <= slices.Index(bot.Stages, p.Stage) {
		f.Stage = ""
	}
	if p.Owner != "" {
		if f.Owner != "" && f.Owner != p.Owner {
			f.notes = append(f.notes, p.Owner+" keeps the lead")
		}
		f.Owner = ""
	}
	return nil
}

// find finds the person by the address, or by the phone where that one has no other address. A phone that is somebody else's
// makes nobody the same: offices share phones.
func (im *importing) find(ctx context.Context, f *rowFacts) error {
	by := func(keys ...bot.PersonKey) (*bot.Person, error) {
		keys = slices.DeleteFunc(keys, func(k bot.PersonKey) bool { return k.Value == "" })
		found, err := im.Store.PeopleBy(ctx, keys...)
		if err != nil || len(found) == 0 {
			return nil, err
		}
		return &found[0], nil
	}
	mail, phone := bot.PersonKey{Kind: bot.ByEmail, Value: strings.ToLower(f.Email)}, bot.PersonKey{Kind: bot.ByPhone, Value: f.Phone}
	if anybody, err := by(mail, phone); anybody == nil {
		return err
	}
	mailed, err := by(mail)
	if err != nil {
		return err
	}
	called, err := by(phone)
	if err != nil {
		return err
	}
	f.person = mailed
	switch {
	case called == nil || mailed != nil && called.ID == mailed.ID:
	case mailed == nil && (f.Email == "" || called.Email == ""):
		f.person = called
	default:
		f.notes = append(f.notes, "without the phone: another lead has it")
		f.Phone = ""
	}
	return nil
}

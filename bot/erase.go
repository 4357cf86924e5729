package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Places of an erasure that need no Eraser of their own.
const (
	PlaceLate   = "under way" // what jobs that ran just then may bring later
	PlaceFile   = "database file"
	PlaceBackup = "backups"
)

// Subject is what is known of the human being whom the word means; ErrNotFound where there is nobody.
func (b *Bot) Subject(ctx context.Context, who string) (Subject, error) {
	s, err := b.Store.Subject(ctx, who)
	if err == nil && s.Empty() {
		err = ErrNotFound
	}
	if err != nil {
		return Subject{}, fmt.Errorf("find whom is meant: %w", err)
	}
	return b.recipients(s), nil
}

// recipients adds by what hashes letters know the subject.
func (b *Bot) recipients(s Subject) Subject {
	s.Recipients = nil
	for _, address := range s.Emails {
		s.Recipients = append(s.Recipients, RecipientOf(b.Secret, address))
	}
	return s
}

// maxErasings is how often what came in meanwhile is looked for.
const maxErasings = 4

// Erase removes the subject everywhere in the database, for ever, and begins to erase what lies elsewhere: ErasureOf tells how
// far that is. What is left in files of the database is overwritten at once where that can be done now.
func (b *Bot) Erase(ctx context.Context, s Subject, who string) (Erasure, error) {
	var done Erasure
	for n := range maxErasings {
		e, err := b.settled(ctx, s, func(e *Erasure) error { return b.erase(ctx, e, who, n) })
		if err != nil {
			return done, fmt.Errorf("erase a person: %w", err)
		}
		if n == 0 {
			done = e
		} else {
			done.Rows += e.Rows
		}
		if s, err = b.meanwhile(ctx, e.Subject); err != nil {
			return done, err
		}
		if s.Empty() {
			break
		}
	}
	b.hurry.now()
	return done, b.scrub(ctx, &done)
}

// settled plans an erasure and does it; where something of the subject came meanwhile it is planned again.
func (b *Bot) settled(ctx context.Context, s Subject, do func(*Erasure) error) (e Erasure, err error) {
	err = b.again(func() error {
		if e, err = b.Plan(ctx, s); err != nil {
			return err
		}
		return do(&e)
	})
	return e, err
}

// erase does it once. What is found after the first time needs no list of its own of what cannot be reached.
func (b *Bot) erase(ctx context.Context, e *Erasure, who string, n int) error {
	now := b.now()
	e.Tombstone = Tombstone{ID: random(idBytes), At: now, Who: who, Hashes: e.Subject.Hashes(b.Secret)}
	if n > 0 {
		e.Parts = slices.DeleteFunc(e.Parts, func(p ErasurePart) bool { return p.State == PartLeft || p.Place == PlaceFile })
	}
	e.number(now, 0)
	line := AuditLine{At: now, Who: who, What: AuditErase, Whom: e.Subject.Main(), Detail: map[string]string{"erasure": e.ID, "rows": strconv.Itoa(e.Rows)}}
	if err := b.Store.Erase(ctx, e, line); err != nil || b.Vault == nil {
		return err
	}
	return b.Vault.KeepTombstone(e.Tombstone)
}

// eraseAfter lets who asked overwrite the file before the server does.
const eraseAfter = 30 * time.Second

// number numbers the parts after those there are, and makes the jobs that reach them. What lies elsewhere is reached once nothing
// runs any more that may bring more of it.
func (e *Erasure) number(now time.Time, after int) {
	quiet := later(now, e.busyUntil())
	for i := range e.Parts {
		p := &e.Parts[i]
		p.N, p.At = after+i+1, now
		switch {
		case p.State != PartWaiting:
		case p.Place == PlaceFile:
			e.Jobs = append(e.Jobs, e.job(*p, now))
		default:
			if p.Said == "" && quiet.After(now) {
				p.Said = "reached after " + clockOf(quiet) + ", when no job of theirs runs any more"
			}
			e.Jobs = append(e.Jobs, e.job(*p, quiet))
		}
	}
}

func (e *Erasure) job(p ErasurePart, now time.Time) Job {
	payload, _ := json.Marshal(ErasureEvent{e.ID, p.N}) // a string and a number always marshal
	if p.Place == PlaceFile {
		now = now.Add(eraseAfter)
	}
	return Job{ID: fmt.Sprintf("erase-%s-%d", e.ID, p.N), Kind: JobErase, Key: JobErase + " " + p.Place, Payload: payload, RunAt: now, State: JobReady}
}

// meanwhile is what of the subject came in while it was erased.
func (b *Bot) meanwhile(ctx context.Context, s Subject) (Subject, error) {
	for _, id := range slices.Concat(s.IDs(), s.Emails, s.Phones) {
		found, err := b.Store.Subject(ctx, id)
		if err != nil || !found.Empty() {
			return found, err
		}
	}
	return Subject{}, nil
}

// scrub overwrites what was removed, where that can be done now; else the job does it later.
func (b *Bot) scrub(ctx context.Context, e *Erasure) error {
	i := slices.IndexFunc(e.Parts, func(p ErasurePart) bool { return p.Place == PlaceFile })
	if i < 0 {
		return nil
	}
	p, err := b.erasePart(ctx, e.ID, e.Parts[i])
	if err != nil {
		b.log().Warn("what was erased is overwritten later", "erasure", e.ID, "err", err)
		return nil
	}
	e.Parts[i] = p
	return b.Store.SavePart(ctx, e.ID, p)
}

// erasePart erases one part where it lies, and gives it as it is then.
func (b *Bot) erasePart(ctx context.Context, erasure string, p ErasurePart) (ErasurePart, error) {
	var left string
	var err error
	switch eraser := b.Erasers[p.Place]; {
	case p.Place == PlaceFile:
		left, err = b.Store.Scrub(ctx)
	case p.Place == PlaceLate:
		err = b.sweep(ctx, erasure, p)
	case eraser == nil:
		return p, fmt.Errorf("nobody erases in %s here", p.Place)
	default:
		left, err = eraser.Erase(ctx, p.Target)
	}
	if err != nil {
		return p, err
	}
	p.State, p.Target, p.Said, p.At = PartDone, nil, "", b.now()
	if left != "" {
		p.State, p.Said = PartLeft, left
	}
	return p, nil
}

// carryErase carries out a JobErase. What fails for good is said in the list and kept, so that it can be tried again.
func (b *Bot) carryErase(ctx context.Context, j Job) error {
	var event ErasureEvent
	if err := json.Unmarshal(j.Payload, &event); err != nil {
		return &RetryError{Never: true, Err: fmt.Errorf("read erasure: %w", err)}
	}
	p, err := b.Store.Part(ctx, event.Erasure, event.Part)
	if errors.Is(err, ErrNotFound) || err == nil && p.State != PartWaiting {
		return nil
	}
	if err != nil {
		return err
	}
	done, err := b.erasePart(ctx, event.Erasure, p)
	var retry *RetryError
	if err != nil && (j.Attempts >= MaxAttempts || errors.As(err, &retry) && retry.Never) {
		done.State = PartLeft
	}
	if err != nil {
		done.Said, done.At = reasonOf(err), b.now()
	}
	return errors.Join(err, b.Store.SavePart(ctx, event.Erasure, done))
}

// reasonOf is an error as the list of an erasure says it.
func reasonOf(err error) string { return "not reached yet: " + err.Error() }

// MaxErasures is how many erasures are looked at: years of requests.
const MaxErasures = 10_000

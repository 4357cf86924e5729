package bot

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Plan is what an erasure would do, without doing it.
func (b *Bot) Plan(ctx context.Context, s Subject) (Erasure, error) {
	e := Erasure{Subject: b.recipients(s), Tables: map[string]int{}}
	if err := b.trace(ctx, &e); err != nil {
		return e, err
	}
	for _, r := range e.Seen {
		e.Tables[r.Table]++
		e.Rows++
	}
	b.leave(&e)
	return e, nil
}

// trace asks every place what of the subject lies there. What one place calls them may lead to more links.
func (b *Bot) trace(ctx context.Context, e *Erasure) (err error) {
	for range maxTraces {
		if e.Seen, err = b.Store.Records(ctx, e.Subject); err != nil {
			return err
		}
		before := len(e.Subject.Words)
		e.Parts = nil
		for _, place := range slices.Sorted(maps.Keys(b.Erasers)) {
			found := b.Erasers[place].Trace(e.Subject, e.Seen)
			for _, t := range found.Targets {
				e.Parts = append(e.Parts, ErasurePart{Place: place, Target: t, State: PartWaiting})
			}
			if found.Left != "" {
				e.Parts = append(e.Parts, ErasurePart{Place: place, State: PartLeft, Said: found.Left})
			}
			e.Subject.Words = union(e.Subject.Words, found.Words)
		}
		if len(e.Subject.Words) == before {
			return nil
		}
	}
	return nil
}

// maxTraces bounds how often places are asked again.
const maxTraces = 4

func union(all, more []string) []string {
	for _, w := range more {
		if !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
}

// leave adds what no place of its own knows of.
func (b *Bot) leave(e *Erasure) {
	if until := e.busyUntil(); !until.IsZero() {
		s := e.Subject
		s.Emails, s.Phones = nil, nil
		target, _ := json.Marshal(s) // strings always marshal
		e.Parts = append(e.Parts, ErasurePart{
			Place: PlaceLate, Target: target, State: PartWaiting,
			Said: "jobs run just now; what they still bring is removed after " + clockOf(until),
		})
	}
	e.Parts = append(e.Parts,
		ErasurePart{Place: PlaceFile, Target: json.RawMessage("{}"), State: PartWaiting},
		ErasurePart{Place: PlaceBackup, State: PartLeft, Said: "whoever keeps backups made before now has the person in them still; when one is restored, the server erases the person again by the tombstone in its data folder"})
	for i := range e.Parts {
		e.Parts[i].N = i + 1
	}
}

func clockOf(at time.Time) string { return at.UTC().Format(time.TimeOnly) + " UTC" }

// KeptLink is what a channel calls something of ours.
type KeptLink struct{ Kind, Key, Value string }

// KeptLinks are the links among rows.
func KeptLinks(rows []Record) (out []KeptLink) {
	for _, r := range rows {
		if r.Table == "link" {
			out = append(out, KeptLink{r.Values["kind"], r.Values["key"], r.Values["value"]})
		}
	}
	return out
}

// KeptJobs are the jobs among rows.
func KeptJobs(rows []Record) (out []Job) {
	for _, r := range rows {
		if v := r.Values; r.Table == "job" {
			attempts, _ := strconv.Atoi(v["attempts"]) // a number, for the column is one
			due, _ := strconv.ParseInt(v["due_at"], 10, 64)
			out = append(out, Job{ID: v["id"], Kind: v["kind"], Key: v["key"], Payload: []byte(v["payload"]), Attempts: attempts, State: v["state"], Lease: time.UnixMicro(due).UTC()})
		}
	}
	return out
}

// Unsure says that the job was begun and nobody knows how far it came: what it does elsewhere may be done.
func (j Job) Unsure() bool { return j.Attempts > 0 && j.State != JobDone }

// busyUntil is when the last of the subject's jobs that run is over, whoever runs it; zero = none runs.
func (e *Erasure) busyUntil() (until time.Time) {
	for _, j := range KeptJobs(e.Seen) {
		if j.State == JobRunning {
			until = later(until, j.Lease)
		}
	}
	return until
}

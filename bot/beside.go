package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// beside says that this is not a server: a command that works on its database. What is to be carried out is left to the
// server, in jobs of the one kind that every server carries out.
func (b *Bot) beside() bool { return b.Carriers == nil }

// errand is the payload of a JobPerson that a command leaves to the server. Neither member is set in those of a turn.
type errand struct {
	Job  *Job   `json:"job,omitempty"`       // to be stored, if somebody carries out its kind
	Hand string `json:"hand_over,omitempty"` // the person whose Handing is to be done
}

// passing is a job by which the server stores another one. Those of jobs that keep an order keep it too.
func passing(j Job) Job {
	p := errand{Job: &j}.as("pass-" + j.ID)
	if j.Key != "" {
		p.Key = "pass " + j.Key
	}
	return p
}

func (e errand) as(id string) Job {
	payload, _ := json.Marshal(e) // plain data always marshals
	return Job{ID: id, Kind: JobPerson, Key: id, Payload: payload, State: JobReady}
}

// run does what a command left to the server.
func (e errand) run(ctx context.Context, b *Bot) error {
	if e.Job != nil {
		if b.Carriers[e.Job.Kind] == nil {
			return nil
		}
		return b.Enqueue(ctx, *e.Job)
	}
	p, err := b.Store.Person(ctx, e.Hand)
	if err != nil || p.Handing == (Handing{}) {
		return err
	}
	err = b.handOver(ctx, p.ID, p.Handing)
	if errors.Is(err, ErrNotFree) || errors.Is(err, ErrNobody) {
		return &RetryError{Never: true, Err: fmt.Errorf("give person %s to %s: %w", p.ID, p.Handing.Rep, err)}
	}
	return err
}

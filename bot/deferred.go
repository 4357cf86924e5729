package bot

import (
	"context"
	"errors"
)

// ErrDeferred says that a job is a server's to carry out.
var ErrDeferred = errors.New("a server carries this out")

// Deferred are carriers for a bot beside a server, which makes jobs of these kinds and leaves them to the server.
func Deferred(kinds ...string) map[string]Carrier {
	carriers := map[string]Carrier{}
	for _, kind := range kinds {
		carriers[kind] = func(context.Context, Job) error { return ErrDeferred }
	}
	return carriers
}

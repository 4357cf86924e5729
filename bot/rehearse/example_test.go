package rehearse_test

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"usher/adapters/calendar"
	"usher/bot/rehearse"
	"usher/bot/slots"
	"usher/flows"
)

// example is the example workspace, with its calendars as the program reads them.
func example(t testing.TB) (*flows.Workspace, func(*flows.Rep, time.Time, time.Time) ([]slots.Interval, error)) {
	t.Helper()
	w, problems := flows.Load(flows.Example())
	if w == nil {
		t.Fatal(problems)
	}
	return w, func(rep *flows.Rep, from, to time.Time) ([]slots.Interval, error) {
		busy, _, err := calendar.FiledBusy(w.Files, rep, from, to)
		return busy, err
	}
}

func TestTheStoriesOfTheExampleComeOutAsWritten(t *testing.T) {
	w, busy := example(t)
	if len(w.Stories) < 6 {
		t.Fatalf("only %d stories", len(w.Stories))
	}
	for _, s := range w.Stories {
		t.Run(s.Name, func(t *testing.T) {
			r := rehearse.Tell(w, busy, s)
			if r.Failed != "" {
				t.Errorf("%s\n%s", r.Failed, strings.Join(r.Lines, "\n"))
			}
		})
	}
}

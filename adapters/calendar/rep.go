package calendar

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"usher/bot/slots"
	"usher/flows"
)

// ErrSource says that a rep's calendar stands where this program does not read.
var ErrSource = errors.New("calendars are read from files of the workspace only")

// RepBusy reads a rep's calendar in the workspace's folder. A rep without a calendar is never busy. The error means that
// nothing can be said; problems are what was read in spite of mistakes.
func RepBusy(files fs.FS, rep *flows.Rep, from, to time.Time) ([]slots.Interval, []Problem, error) {
	if len(rep.Calendars) == 0 {
		return nil, nil, nil
	}
	if rep.Calendars[0].File == "" {
		return nil, nil, fmt.Errorf("calendar of %s: %w", rep.ID, ErrSource)
	}
	data, err := readFile(files, rep.Calendars[0].File)
	if err != nil {
		return nil, nil, fmt.Errorf("calendar of %s: %w", rep.ID, err)
	}
	spans, problems := Busy(Query{From: from, To: to, Zone: rep.Location, Owner: rep.Email}, data)
	for _, p := range problems {
		if p.Fatal {
			return nil, problems, fmt.Errorf("calendar of %s, %s: %w", rep.ID, rep.Calendars[0].File, p)
		}
	}
	return spans, problems, nil
}

// readFile reads no more than a calendar may have.
func readFile(files fs.FS, name string) (data []byte, err error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, MaxBytes+1))
}

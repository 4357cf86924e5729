package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"usher/bot"
	"usher/bot/slots"
)

// SaveBusy replaces what is known of one rep's calendar. With a Failure the last known times and the time they were
// read stay, and the rep is not offered until the calendar can be read again.
func (d *DB) SaveBusy(ctx context.Context, b bot.Busy) error {
	s := step{sql: saveFailure, args: []any{b.Rep, b.Failure, []byte{}}}
	if b.Failure == "" {
		s = step{sql: saveBusy, args: []any{b.Rep, micros(b.ReadAt), micros(b.Until), pack(b.Spans)}}
	}
	if err := d.engine.write(ctx, []step{s}); err != nil {
		return fmt.Errorf("save busy times of %s: %w", b.Rep, err)
	}
	return nil
}

var saveFailure = both(`
	insert into busy (rep, read_at, until_at, failure, spans)
	values ($1, 0, 0, $2, $3)
	on conflict (rep) do update set failure = excluded.failure`)

var saveBusy = both(`
	insert into busy (rep, read_at, until_at, failure, spans)
	values ($1, $2, $3, '', $4)
	on conflict (rep) do update set
	  read_at = excluded.read_at, until_at = excluded.until_at, failure = '', spans = excluded.spans`)

// pack writes busy times, merged where they overlap, one after the other: how long after the end of the one before
// (the first: after 1970) it starts and how long it is, in microseconds, each as a varint. A turn reads a month of fifty
// reps: a row for each of their thirty thousand busy times would take ten times as long.
func pack(spans []slots.Interval) []byte {
	out := []byte{}
	var last int64
	for _, s := range slots.Merge(spans) {
		start, end := s.Start.UnixMicro(), s.End.UnixMicro()
		out = binary.AppendVarint(out, start-last)
		out = binary.AppendVarint(out, end-start)
		last = end
	}
	return out
}

var errPacked = errors.New("busy times are not as they were packed")

// unpack reads the packed times that touch [from, to).
func unpack(packed []byte, from, to time.Time) ([]slots.Interval, error) {
	var out []slots.Interval
	var last int64
	for len(packed) > 0 {
		gap, n := binary.Varint(packed)
		if n <= 0 {
			return nil, errPacked
		}
		long, m := binary.Varint(packed[n:])
		if m <= 0 || long <= 0 {
			return nil, errPacked
		}
		start, end := last+gap, last+gap+long
		packed, last = packed[n+m:], end
		if end > from.UnixMicro() && start < to.UnixMicro() {
			out = append(out, slots.Interval{Start: time.UnixMicro(start).UTC(), End: time.UnixMicro(end).UTC()})
		}
	}
	return out, nil
}

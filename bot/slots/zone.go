package slots

import (
	"math"
	"time"

	"usher/flows"
)

const (
	minute = int64(60)
	hour   = 60 * minute
	day    = 24 * hour
)

// zone turns instants into wall clocks and back, both in seconds since 1970; it remembers the period of the offset it
// saw last, because times are asked for in order.
type zone struct {
	location *time.Location
	from, to int64 // the offset holds in [from, to)
	offset   int64
}

// find makes the period that holds at the instant the current one.
func (z *zone) find(at int64) {
	if at >= z.from && at < z.to {
		return
	}
	t := time.Unix(at, 0).In(z.location)
	_, offset := t.Zone()
	start, end := t.ZoneBounds()
	z.from, z.to, z.offset = math.MinInt64, math.MaxInt64, int64(offset)
	if !start.IsZero() {
		z.from = start.Unix()
	}
	if !end.IsZero() {
		z.to = end.Unix()
	}
}

// wall is what a clock in the zone shows at the instant.
func (z *zone) wall(at int64) int64 {
	z.find(at)
	return at + z.offset
}

// instant is when a clock in the zone shows wall. By RFC 5545 3.3.5 a reading that comes twice means the first, and one
// that is skipped is read with the offset before the gap. time.Date promises neither.
func (z *zone) instant(wall int64) int64 {
	z.find(wall - day) // no zone is a day away from UTC
	before := wall - z.offset
	for before >= z.to {
		z.find(z.to)
		at := wall - z.offset
		if at < z.from {
			return before
		}
		before = at
	}
	return before
}

// date is the number of the day, from 1970-01-01, on which the instant falls in the zone.
func (z *zone) date(at int64) int64 { return floor(z.wall(at), day) }

// starts is the instant at which a day begins in the zone.
func (z *zone) starts(date int64) int64 { return z.instant(date * day) }

// number is the day's number from 1970-01-01.
func number(d flows.Date) int64 {
	return floor(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix(), day)
}

// weekday of a numbered day.
func weekday(date int64) time.Weekday { return time.Weekday(mod(date+4, 7)) }

func floor(a, b int64) int64 { return (a - mod(a, b)) / b }

func mod(a, b int64) int64 { return ((a % b) + b) % b }

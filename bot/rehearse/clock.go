package rehearse

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"usher/flows"
)

// clock tells hours apart in which a flow may go on differently: by the hour, the weekday and the opening hours that it
// asks for, and by the day where it asks for a date. It is used by one goroutine at a time.
type clock struct {
	fades   bool // points halve with time
	zone    *time.Location
	roster  *flows.Roster
	hour    bool
	weekday bool
	date    bool
	open    []string
	known   map[int64]int32 // by minute
	kinds   map[string]int32
}

// clockOf reads what a flow asks of the time.
func clockOf(ws *flows.Workspace, f *flows.Flow) *clock {
	c := &clock{zone: zoneOf(ws.Roster), roster: ws.Roster, known: map[int64]int32{}, kinds: map[string]int32{}}
	for _, m := range Mentioned(ws, f) {
		switch {
		case m.Name == "hour":
			c.hour = true
		case m.Name == "weekday":
			c.weekday = true
		case m.Operator == "open":
			c.open = append(c.open, m.Texts...)
		}
	}
	slices.Sort(c.open)
	c.open = slices.Compact(c.open)
	for _, r := range f.Score {
		c.fades = c.fades || r.Halves > 0
	}
	for _, s := range f.Steps {
		c.date = c.date || s.Ask != nil && s.Ask.Type == flows.TypeDate
	}
	for _, field := range f.Fields {
		c.date = c.date || field.From != "" && field.Type == flows.TypeDate
	}
	return c
}

func zoneOf(r *flows.Roster) *time.Location {
	if r == nil || r.Location == nil {
		return time.UTC
	}
	return r.Location
}

// hours is the same number for times between which nothing changes that the flow asks for.
func (c *clock) hours(now time.Time) int32 {
	if !c.hour && !c.weekday && !c.date && len(c.open) == 0 {
		return 0
	}
	minute := now.Unix() / 60
	kind, ok := c.known[minute]
	if !ok {
		kind = c.kind(now)
		c.known[minute] = kind
	}
	return kind
}

func (c *clock) kind(now time.Time) int32 {
	local := now.In(c.zone)
	var b strings.Builder
	if c.hour {
		fmt.Fprintf(&b, "%d o'clock ", local.Hour())
	}
	if c.weekday {
		fmt.Fprintf(&b, "%s ", local.Weekday())
	}
	if c.date {
		b.WriteString(local.Format(time.DateOnly))
	}
	for _, name := range c.open {
		fmt.Fprintf(&b, "%t ", c.roster.Open(name, now))
	}
	kind, ok := c.kinds[b.String()]
	if !ok {
		kind = int32(len(c.kinds))
		c.kinds[b.String()] = kind
	}
	return kind
}

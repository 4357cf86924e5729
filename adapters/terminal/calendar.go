package terminal

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"time"
)

// CalendarCommand shows what is read in calendars, and mends them.
type CalendarCommand struct {
	Events  CalendarEvents  `cmd:"" help:"Every instance of every event."`
	Busy    CalendarBusy    `cmd:"" help:"The busy times of all calendars together."`
	Doctor  CalendarDoctor  `cmd:"" help:"Try reps' calendars and say what to mend."`
	Connect CalendarConnect `cmd:"" help:"Print the page at which a rep connects a calendar."`
	Feed    CalendarFeed    `cmd:"" help:"Print the address of a rep's feed of all meetings."`
}

// Help teaches.
func (CalendarCommand) Help() string {
	return `What the program sees in a rep's calendar is what it plans around. When a time is offered that should not be, or
the other way round, look here first. What cannot be read is said on the error output and counted as busy.

  usher calendar events asha.ics --from 2026-11-23 --to 2026-11-30 --timezone Asia/Kolkata
  usher calendar busy asha.ics https://example.org/team.ics --from 2026-11-23 --to 2026-11-30 --json

Where a rep is not offered at all, their calendar may not be readable: try it.

  usher calendar doctor asha`
}

// CalendarQuery are the flags of both.
type CalendarQuery struct {
	Sources  []string `arg:"" name:"file" help:"iCalendar files or addresses (https, webcal); - is the standard input."`
	From     string   `required:"" placeholder:"TIME" help:"First instant: RFC 3339, or a date."`
	To       string   `required:"" placeholder:"TIME" help:"Instant after the last."`
	Timezone string   `placeholder:"ZONE" help:"Zone of floating and all-day times, and of what is printed (Asia/Kolkata); UTC by default."`
	JSON     bool     `name:"json" help:"One object a line, as JSON."`

	from, to time.Time
	zone     *time.Location // nil when --timezone names none that is known
	shown    *time.Location
}

// CalendarEvents lists instances.
type CalendarEvents struct {
	CalendarQuery
}

// CalendarBusy lists busy times.
type CalendarBusy struct {
	CalendarQuery
}

// Run lists instances.
func (c *CalendarEvents) Run(ctx context.Context, w *World) error {
	files, err := c.open(ctx, w)
	if err != nil {
		return err
	}
	out, p := jsonLines(w.Stdout), printer{out: w.Stdout}
	s := styleOf(w.Stdout)
	var unread error
	for i, data := range files {
		events, problems := w.Events(data, c.from, c.to, c.zone)
		if err := c.tell(w, c.Sources[i], problems); errors.Is(err, ErrNo) {
			unread = err
		} else if err != nil {
			return err
		}
		for _, e := range events {
			e.Start, e.End = e.Start.In(c.shown), e.End.In(c.shown)
			if c.JSON {
				p.err = errors.Join(p.err, out.Encode(e))
				continue
			}
			p.printf("%s  %s%s\n", span(e.Start, e.End, e.AllDay), e.Summary, s.faint(openly(e)))
		}
	}
	return errors.Join(p.err, unread)
}

func openly(e Event) string {
	if e.Busy {
		return ""
	}
	return " (free)"
}

// Run lists busy times.
func (c *CalendarBusy) Run(ctx context.Context, w *World) error {
	files, err := c.open(ctx, w)
	if err != nil {
		return err
	}
	spans, problems := w.Busy(files, c.from, c.to, c.zone)
	unread := c.tell(w, strings.Join(c.Sources, ", "), problems)
	if unread != nil && !errors.Is(unread, ErrNo) {
		return unread
	}
	out, p := jsonLines(w.Stdout), printer{out: w.Stdout}
	for _, s := range spans {
		start, end := s.Start.In(c.shown), s.End.In(c.shown)
		if c.JSON {
			p.err = errors.Join(p.err, out.Encode(busyTime{start, end}))
			continue
		}
		p.printf("%s\n", span(start, end, false))
	}
	return errors.Join(p.err, unread)
}

type busyTime struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// span is a stretch of time for people.
func span(start, end time.Time, allDay bool) string {
	const day, clock = "Mon 2006-01-02", "15:04"
	last := end.Add(-time.Second)
	switch {
	case allDay && start.YearDay() == last.YearDay():
		return start.Format(day) + "  all day    "
	case allDay:
		return start.Format(day) + " – " + last.Format(day)
	case start.Format(day) == end.Format(day):
		return start.Format(day+"  "+clock) + "–" + end.Format(clock)
	}
	return start.Format(day+" "+clock) + " – " + end.Format(day+" "+clock)
}

// open reads the flags and the sources.
func (c *CalendarQuery) open(ctx context.Context, w *World) (files [][]byte, err error) {
	c.shown = time.UTC
	if loc, err := place(c.Timezone); err == nil {
		c.zone, c.shown = loc, loc
	}
	if c.from, err = instant("from", c.From, c.shown); err != nil {
		return nil, err
	}
	if c.to, err = instant("to", c.To, c.shown); err != nil {
		return nil, err
	}
	if !c.from.Before(c.to) {
		return nil, misuse("--to must be later than --from")
	}
	for _, source := range c.Sources {
		data, err := fetch(ctx, w, source)
		if err != nil {
			return nil, err
		}
		files = append(files, data)
	}
	return files, nil
}

// tell says what could not be read. A zone that is not known is wrong use, unless no time depended on it.
func (c *CalendarQuery) tell(w *World, source string, problems []CalendarProblem) error {
	var no error
	for _, p := range problems {
		if p.NoZone && c.zone == nil {
			return misuse("--timezone %s is not known, and %s has times that need one; write it like Asia/Kolkata", c.Timezone, source)
		}
		out := printer{out: w.Stderr}
		out.printf("usher: %s: %s\n", source, p.Message)
		if p.Fatal {
			no = ErrNo
		}
	}
	return no
}

// maxCalendar is one byte more than is read, so that "too large" is noticed.
const maxCalendar = 10<<20 + 1

// fetch reads a file, the standard input or an address.
func fetch(ctx context.Context, w *World, source string) ([]byte, error) {
	scheme, _, ok := strings.Cut(source, "://")
	switch {
	case source == "-":
		return io.ReadAll(io.LimitReader(w.Stdin, maxCalendar))
	case !ok:
		return readFile(source)
	case scheme == "webcal" || scheme == "http" || scheme == "https":
		return w.Fetch(ctx, source)
	}
	return nil, misuse("%s: only files, https and webcal addresses can be read", source)
}

func readFile(name string) (data []byte, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, maxCalendar))
}

package calendar

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// objectReader reads the events of many small files as those of one calendar, with the bounds of one.
type objectReader struct{ x *expansion }

func newObjectReader(q Query) objectReader {
	return objectReader{&expansion{query: q, from: q.From.Unix(), to: q.To.Unix(), work: work{left: MaxWork}}}
}

// read takes all objects of a calendar. One that is broken takes none of the others along.
func (r objectReader) read(cal *collection) {
	for _, name := range slices.Sorted(maps.Keys(cal.objects)) {
		root, problems := decode(cal.objects[name].data)
		for _, p := range problems {
			p.Fatal = false // of this object alone
			p.Message = fmt.Sprintf("%s in %s: %s", lastSegment(name), cal.shown(), p.Message)
			r.x.problems = append(r.x.problems, p)
		}
		if root != nil {
			r.x.components(root)
		}
	}
}

// reading is what the objects hold together.
func (r objectReader) reading() Reading {
	slices.SortStableFunc(r.x.events, func(a, b Event) int {
		return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End), cmp.Compare(a.UID, b.UID))
	})
	return Reading{r.x.events, r.x.problems}
}

// seenIn is what a file says of the event with that UID; false when it is not there.
func seenIn(data []byte, uid string) (Seen, bool) {
	c, cal := eventOf(data, uid)
	if c == nil {
		return Seen{}, false
	}
	x := &expansion{from: farPast, to: farFuture, work: work{left: MaxWork}}
	e := x.entry(c, x.zones(cal))
	if e == nil {
		return Seen{}, false
	}
	return e.seen(), true
}

// eventOf finds an event by its UID in a file, not one of its changed instances, and the calendar around it; nil where it
// is not there.
func eventOf(data []byte, uid string) (event, calendar *component) {
	root, _ := decode(data)
	if root == nil {
		return nil, nil
	}
	for _, cal := range root.children {
		for _, c := range cal.children {
			if c.name == "VEVENT" && unescape(c.text("UID")) == uid && c.prop("RECURRENCE-ID") == nil {
				return c, cal
			}
		}
	}
	return nil, nil
}

func (e *entry) seen() Seen {
	at := e.zone.instant(e.start)
	return Seen{
		Start: time.Unix(at, 0).UTC(), End: time.Unix(e.end(e.start, at), 0).UTC(),
		AllDay: e.allDay, Sequence: e.sequence, Cancelled: e.cancelled,
	}
}

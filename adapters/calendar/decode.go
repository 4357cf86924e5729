package calendar

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
)

// maxDepth is how deep components may nest: VCALENDAR, VEVENT, VALARM and room to spare.
const maxDepth = 8

// component is one BEGIN … END with its properties in the order written.
type component struct {
	name     string
	line     int
	props    []prop
	children []*component
	broken   []int // lines that are no property
}

func (c *component) prop(name string) *prop {
	for i := range c.props {
		if c.props[i].name == name {
			return &c.props[i]
		}
	}
	return nil
}

func (c *component) text(name string) string {
	if p := c.prop(name); p != nil {
		return strings.TrimSpace(p.value)
	}
	return ""
}

// decode reads the file as one nameless root component. It forgives byte order marks, any line ends, missing or
// crossed ENDs, several calendars, and components without a calendar around them. The root is nil when the file is
// too large or holds no component at all.
func decode(data []byte) (*component, []Problem) {
	if len(data) > MaxBytes {
		return nil, []Problem{{Code: "too-large", Message: fmt.Sprintf("the calendar is larger than %d MiB", MaxBytes>>20), Fatal: true}}
	}
	d := &decoder{rest: plain(data), root: &component{}}
	d.stack = []*component{d.root}
	for d.next() {
		d.take()
	}
	switch {
	case d.events > MaxEvents:
		d.problems = append(d.problems, Problem{Code: "too-large", Message: fmt.Sprintf("the calendar has more than %d events", MaxEvents), Fatal: true})
		return nil, d.problems
	case len(d.root.children) == 0:
		return nil, append(d.problems, Problem{Code: "not-a-calendar", Message: "this is not an iCalendar file: no BEGIN line", Fatal: true})
	}
	return d.root, d.problems
}

// plain is the text as UTF-8 without a byte order mark.
func plain(data []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		order = binary.BigEndian
	default:
		return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 2; i+1 < len(data); i += 2 {
		units = append(units, order.Uint16(data[i:]))
	}
	return []byte(string(utf16.Decode(units)))
}

type decoder struct {
	rest     []byte
	line     int // of the logical line's beginning
	physical int
	logical  []byte // unfolded
	fold     []byte // reused
	root     *component
	stack    []*component
	events   int
	problems []Problem
}

// next reads one logical line: a physical one with the folded ones after it.
func (d *decoder) next() bool {
	for len(d.rest) > 0 {
		d.line = d.physical + 1
		line := d.cut()
		if len(line) == 0 {
			continue
		}
		folded := false
		for len(d.rest) > 0 && (d.rest[0] == ' ' || d.rest[0] == '\t') {
			if !folded {
				d.fold, folded = append(d.fold[:0], line...), true
			}
			d.fold = append(d.fold, d.cut()[1:]...)
		}
		if folded {
			line = d.fold
		}
		d.logical = line
		return true
	}
	return false
}

// cut takes one physical line; it ends in CRLF, LF or a bare CR.
func (d *decoder) cut() []byte {
	d.physical++
	i := bytes.IndexByte(d.rest, '\n')
	if i < 0 {
		i = len(d.rest)
	}
	end := i
	if j := bytes.IndexByte(d.rest[:i], '\r'); j >= 0 {
		end = j
		if j+1 < i {
			i = j // a bare CR ends the line here
		}
	}
	line := d.rest[:end]
	d.rest = d.rest[min(i+1, len(d.rest)):]
	return line
}

func (d *decoder) take() {
	top := d.stack[len(d.stack)-1]
	p, ok := parseProp(d.logical)
	switch {
	case !ok:
		top.broken = append(top.broken, d.line)
		if p, ok := salvage(d.logical); ok {
			top.props = append(top.props, p)
		}
	case p.name == "BEGIN":
		d.begin(strings.ToUpper(strings.TrimSpace(p.value)))
	case p.name == "END":
		d.end(strings.ToUpper(strings.TrimSpace(p.value)))
	default:
		top.props = append(top.props, p)
	}
}

// salvage reads a line about time whose colon is missing: passing over it would make a rep look free.
func salvage(line []byte) (prop, bool) {
	name, value, ok := bytes.Cut(line, []byte(" "))
	if !ok {
		return prop{}, false
	}
	switch p := (prop{name: propName(bytes.ToUpper(name)), value: string(value)}); p.name {
	case "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE":
		return p, true
	}
	return prop{}, false
}

func (d *decoder) begin(name string) {
	if isEvent(name) || name == "VCALENDAR" {
		d.closeEvent()
	}
	if isEvent(name) {
		d.events++
	}
	c := &component{name: name, line: d.line}
	if len(d.stack) < maxDepth && d.events <= MaxEvents {
		top := d.stack[len(d.stack)-1]
		top.children = append(top.children, c)
		d.stack = append(d.stack, c)
	}
}

// closeEvent ends an event whose END is missing: events do not nest.
func (d *decoder) closeEvent() {
	for i := len(d.stack) - 1; i > 0; i-- {
		if isEvent(d.stack[i].name) {
			d.stack = d.stack[:i]
		}
	}
}

func (d *decoder) end(name string) {
	for i := len(d.stack) - 1; i > 0; i-- {
		if d.stack[i].name == name {
			d.stack = d.stack[:i]
			return
		}
	}
}

func isEvent(name string) bool { return name == "VEVENT" || name == "VFREEBUSY" }

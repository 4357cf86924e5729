package calendar

import (
	"bytes"
	"strings"
)

// maxKept bounds what is kept of a rep's own in an event, in bytes: alarms and colours are small, attachments are not.
const maxKept = 64 << 10

// notKept are the properties of an event that are ours to write, and those that would be wrong beside them.
var notKept = map[string]bool{
	"UID": true, "DTSTAMP": true, "DTSTART": true, "DTEND": true, "DURATION": true, "SUMMARY": true, "STATUS": true, "SEQUENCE": true,
	"ORGANIZER": true, "ATTENDEE": true, "LOCATION": true, "DESCRIPTION": true, "LAST-MODIFIED": true, "REQUEST-STATUS": true,
	"RRULE": true, "RDATE": true, "EXDATE": true, "EXRULE": true, "RECURRENCE-ID": true, "CREATED": true,
}

// keep gives our file of an event with what the rep has added to it in the calendar: alarms, categories, a colour.
func keep(ours, stands []byte, uid string) []byte {
	c, _ := eventOf(stands, uid)
	mine, _ := eventOf(ours, uid)
	if c == nil || mine == nil {
		return ours
	}
	var added bytes.Buffer
	for i := range c.props {
		if name := c.props[i].name; !notKept[name] && mine.prop(name) == nil {
			c.props[i].write(&added)
		}
	}
	for _, child := range c.children {
		if child.name == "VALARM" {
			child.write(&added)
		}
	}
	if added.Len() == 0 || added.Len() > maxKept {
		return ours
	}
	end := []byte("END:VEVENT\r\n")
	return bytes.Replace(ours, end, append(fold(added.Bytes()), end...), 1)
}

// write writes a component as it was read.
func (c *component) write(to *bytes.Buffer) {
	to.WriteString("BEGIN:" + c.name + "\r\n")
	for i := range c.props {
		c.props[i].write(to)
	}
	for _, child := range c.children {
		child.write(to)
	}
	to.WriteString("END:" + c.name + "\r\n")
}

// write writes a property as it was read, as one line.
func (p *prop) write(to *bytes.Buffer) {
	to.WriteString(p.name)
	for _, x := range p.params {
		value := x.value
		if strings.ContainsAny(value, `:;,"`) {
			value = `"` + value + `"` // a list of quoted words has lost its outer quotes alone
		}
		to.WriteString(";" + x.name + "=" + value)
	}
	to.WriteString(":" + p.value + "\r\n")
}

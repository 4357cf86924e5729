package calendar

import (
	"net/url"
	"strings"

	"github.com/emersion/go-ical"

	"usher/bot"
)

// FeedMeeting is a meeting as it stands in a rep's feed.
type FeedMeeting struct {
	bot.Meeting
	About string // plain text: who comes, what they want
	Page  string // address of the meeting's page
}

// Feed writes a rep's meetings for a calendar that subscribes to them: what takes place and, as cancelled, what does not.
// Nobody is asked to anything in it, and the same meetings give the same bytes. A meeting that cannot be written is left
// out, so that it does not take the others with it.
func Feed(name string, meetings []FeedMeeting) ([]byte, error) {
	cal := newCalendar()
	for _, property := range []string{feedName, "NAME"} { // RFC 7986 5.1 for the second
		p := ical.NewProp(property)
		p.Value = escaped(name)
		cal.Props.Set(p)
	}
	refresh := ical.NewProp("REFRESH-INTERVAL")
	refresh.Params.Set("VALUE", "DURATION")
	refresh.Value = "PT15M"
	cal.Props.Set(refresh)
	for _, m := range meetings {
		event, err := plainEvent(m.Meeting, m.CreatedAt)
		if err != nil {
			continue
		}
		event.text(ical.PropDescription, m.About)
		if u, err := url.Parse(m.Page); err == nil && u.Host != "" {
			event.Props.SetURI(ical.PropURL, u)
		}
		cal.Children = append(cal.Children, event.Component)
	}
	if len(cal.Children) == 0 {
		return emptyFeed(name), nil
	}
	return written(cal)
}

// emptyFeed is a calendar without events, which the encoder does not write and calendars take.
func emptyFeed(name string) []byte {
	lines := []string{"BEGIN:VCALENDAR", "PRODID:" + productID, "VERSION:2.0", feedName + ":" + escaped(name), "END:VCALENDAR", ""}
	return fold([]byte(strings.Join(lines, "\r\n")))
}

// feedName is what calendars call a feed by.
const feedName = "X-WR-CALNAME"

// escaped is text as the value of a property without a type of its own.
func escaped(text string) string {
	p := ical.NewProp(ical.PropSummary)
	p.SetText(clean(text))
	return p.Value
}

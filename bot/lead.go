package bot

import (
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// Stages of a lead as far as its conversation alone decides them; an ended conversation's stage is its end.
const (
	StageOpen   = "open"
	StageBooked = "booked"
)

// leadOf is what reps and reports see of the conversation's person.
func leadOf(c Conversation, now time.Time) *Lead {
	s := c.State
	l := &Lead{
		ID: c.ID, Conversation: c.ID, Score: s.Score.Score, Grade: s.Score.Grade, Stage: stage(s),
		Name: answered(s, "name"), Email: answered(s, "email"), Phone: answered(s, "phone"), Company: answered(s, "company"),
		Source: s.Visit.UTM["source"], UpdatedAt: now,
	}
	if s.Assigned != nil {
		l.Rep, l.Team = s.Assigned.Rep, s.Assigned.Team
	}
	if l.Source == "" {
		l.Source = s.Visit.Referrer
	}
	return l
}

func stage(s dialogue.Conversation) string {
	switch {
	case s.Meeting != nil:
		return StageBooked
	case s.End != "":
		return s.End
	default:
		return StageOpen
	}
}

func answered(s dialogue.Conversation, field string) string {
	return value(s, field).Text
}

func value(s dialogue.Conversation, field string) flows.Value {
	for _, a := range s.Answers {
		if a.Field == field {
			return a.Value
		}
	}
	return flows.Value{}
}

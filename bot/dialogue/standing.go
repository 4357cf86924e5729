package dialogue

import (
	"time"

	"usher/flows"
)

// Standing is a score that can be told at any time without the flow: what each rule that holds brings, and since when it
// fades. What counts against a lead does not fade of itself: a score grows by new facts alone.
type Standing struct {
	Lines  []Line             `json:"lines,omitempty"`
	Caps   map[string]float64 `json:"caps,omitempty"`
	Grades []flows.Grade      `json:"grades,omitempty"` // the highest first
}

// Line is one rule that holds.
type Line struct {
	Reason               // Points are those at Since, before caps
	Since  time.Time     `json:"since,omitzero"`
	Halves time.Duration `json:"halves,omitempty"` // half of the points are left each time this passes; 0 = all stay
}

// Standing is the conversation's score with what it takes to tell it later.
func (m *Machine) Standing(c Conversation) Standing {
	s := Standing{Caps: m.flow.Caps, Grades: m.flow.Grades}
	rules := m.flow.Score
	for _, reason := range c.Score.Reasons {
		line := Line{Reason: reason}
		for i, r := range rules {
			if r.Because == reason.Because && r.Part == reason.Part {
				line, rules = lineOf(r, reason, &c), rules[i+1:]
				break
			}
		}
		s.Lines = append(s.Lines, line)
	}
	return s
}

// lineOf is a rule that holds. Its reason in the receipt is cut by caps where it is for the lead, never where against.
func lineOf(r *flows.Rule, reason Reason, c *Conversation) Line {
	line := Line{Reason: reason}
	if r.Points <= 0 {
		return line
	}
	line.Points = r.Points
	if r.Halves > 0 && r.If != nil {
		if since := seen(r.If, c); !since.IsZero() {
			line.Since, line.Halves = since, r.Halves
		}
	}
	return line
}

// At is the receipt as it stands at a time.
func (s Standing) At(at time.Time) Receipt {
	var reasons []Reason
	var cents []int64
	for _, l := range s.Lines {
		reasons = append(reasons, l.Reason)
		left := 1.0
		if l.Halves > 0 {
			left = fade(l.Since, l.Halves, at)
		}
		cents = append(cents, hundredths(l.Points*left))
	}
	for part, most := range s.Caps {
		capPart(reasons, cents, part, hundredths(most))
	}
	return receipt(reasons, cents, s.Grades)
}

// Lowest says whether the grade is none, or the flow's lowest.
func (s Standing) Lowest(grade string) bool {
	return grade == "" || len(s.Grades) == 0 || s.Grades[len(s.Grades)-1].Name == grade
}

// Country is where the visitor is: as said, else where the zone and the language say; "" = not known.
func (c Conversation) Country() string { return c.country() }

package flows

// Given is how the world answers in a story from here on, whatever the calendars say: so that a story can show what
// happens where no time is free, or the chosen one is just taken.
type Given struct {
	Times string // TimesFree …; "" = as the calendars say
	Rep   string // who gets the lead; "" = as the routes say
}

// What becomes of times in a story.
const (
	TimesFree   = "free"   // times are found, and the chosen one can be had
	TimesNone   = "none"   // no time is free
	TimesTaken  = "taken"  // the chosen time was just taken; others are free
	TimesGone   = "gone"   // the chosen time was just taken, and no other is free
	TimesFailed = "failed" // the chosen time cannot be booked: something is broken
)

// givenShape is how the world answers from here on.
type givenShape struct {
	item
	// What becomes of times: free, none, the chosen one taken while others are free, gone with no other, or failed. Default: as the calendars say.
	Times word `json:"times,omitempty" jsonschema:"enum=free,enum=none,enum=taken,enum=gone,enum=failed"`
	// The rep who gets the lead. Default: as the routes say.
	Rep word `json:"rep,omitempty"`
}

func (m storyMaker) given(s *givenShape) *Given {
	if !s.set() {
		return nil
	}
	s.Times.among("choice", TimesFree, TimesNone, TimesTaken, TimesGone, TimesFailed)
	m.rep(s.Rep)
	return &Given{Times: s.Times.text, Rep: s.Rep.text}
}

package flows

import "time"

// Story is a conversation that must come out as written.
type Story struct {
	Name  string
	Flow  string
	Now   time.Time
	Visit Visit
	Turns []StoryTurn
	Place Place
}

// Visit is how somebody came: what the page told us.
type Visit struct {
	Page     string            `json:"page,omitempty" yaml:"page"`
	Title    string            `json:"title,omitempty" yaml:"title"`
	Referrer string            `json:"referrer,omitempty" yaml:"referrer"`
	UTM      map[string]string `json:"utm,omitempty" yaml:"utm"`
	Timezone string            `json:"timezone,omitempty" yaml:"timezone"`
	Language string            `json:"language,omitempty" yaml:"language"`
	Channel  string            `json:"channel,omitempty" yaml:"channel"`
	Visits   int               `json:"visits,omitempty" yaml:"visits"`
	Pages    []PageView        `json:"pages,omitempty" yaml:"-"` // oldest first, earlier visits too
	Owner    string            `json:"owner,omitempty" yaml:"owner"`
	GPC      bool              `json:"gpc,omitempty" yaml:"-"` // Global Privacy Control: neither pages nor where somebody came from are kept
}

// Private is the visit as it is kept of somebody whose browser sends Global Privacy Control.
func (v Visit) Private() Visit {
	return Visit{Timezone: v.Timezone, Language: v.Language, Channel: v.Channel, Owner: v.Owner, GPC: true}
}

// Scope is what `show` may ask of a visitor before there is a conversation.
func (v Visit) Scope(r *Roster, now time.Time) *Scope {
	if at, err := time.LoadLocation(v.Timezone); err == nil {
		now = now.In(at)
	}
	s := &Scope{
		Owner: v.Owner, Language: v.Language, Channel: v.Channel, Now: now, Visits: v.Visits,
		Page: v.Page, Referrer: v.Referrer, UTM: v.UTM, Roster: r,
	}
	for _, p := range v.Pages {
		s.Pages = append(s.Pages, p.Path)
	}
	return s
}

// PageView is one page seen at one time: what `visited` asks and what `halves` counts from.
type PageView struct {
	Path string    `json:"path"`
	At   time.Time `json:"at"`
}

// StoryTurn is one line of a story; exactly one member is set.
type StoryTurn struct {
	Bot     string        // the bot's words contain this
	Visitor string        // the visitor writes this
	Value   string        // the visitor chooses this option
	Wait    time.Duration // time passes
	Visit   string        // the visitor opens this page
	Joins   string        // this rep joins
	Leaves  string        // this rep leaves
	Given   *Given        // the world answers so from here on
	Expect  *Expect
	Place   Place
}

// Expect is what must be true at this point; zero members are not asked about.
type Expect struct {
	Step      string
	Grade     string
	Score     *float64
	Parts     map[string]float64
	Team      string
	Rep       string
	End       string
	Reason    string
	Meeting   time.Time
	NoBooking bool // key `meeting: none`
	Offers    *int
	Known     map[string]string // field → value as shown
}

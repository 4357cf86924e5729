package flows

// storyShape is a conversation that must come out as written.
type storyShape struct {
	item
	// What the story shows.
	Story word `json:"story"`
	// The flow it is told in.
	Flow word `json:"flow"`
	// When it begins: 2026-11-23T10:00:00+05:30.
	Now scalar `json:"now"`
	// How the visitor came.
	Visit visitShape `json:"visit,omitempty"`
	// What is said, done and expected, in order.
	Turns []turnShape `json:"turns"`
}

// visitShape is how the visitor came.
type visitShape struct {
	item
	// The path of the page.
	Page word `json:"page,omitempty"`
	// The title of the page.
	Title word `json:"title,omitempty"`
	// Where the visitor came from.
	Referrer word `json:"referrer,omitempty"`
	// The campaign: source, medium, campaign …
	UTM table[scalar] `json:"utm,omitempty"`
	// The visitor's IANA zone.
	Timezone word `json:"timezone,omitempty"`
	// The visitor's language.
	Language word `json:"language,omitempty"`
	// web, slack …
	Channel word `json:"channel,omitempty"`
	// How often the visitor has come, this time included.
	Visits number `json:"visits,omitempty"`
	// The rep who already has the lead.
	Owner word `json:"owner,omitempty"`
}

// turnShape is one line of a story; it has exactly one key.
type turnShape struct {
	item
	// The bot's next words contain this.
	Bot scalar `json:"bot,omitempty"`
	// The visitor writes this.
	Visitor scalar `json:"visitor,omitempty"`
	// The visitor chooses the option with this value.
	Value scalar `json:"value,omitempty"`
	// Time passes.
	Wait lapse `json:"wait,omitempty"`
	// The visitor opens this page.
	Visit word `json:"visit,omitempty"`
	// This rep joins.
	Joins word `json:"joins,omitempty"`
	// This rep leaves.
	Leaves word `json:"leaves,omitempty"`
	// How the world answers from here on, whatever the calendars say.
	Given givenShape `json:"given,omitempty"`
	// What is true now.
	Expect expectShape `json:"expect,omitempty"`
}

// expectShape is what must be true at this point.
type expectShape struct {
	item
	// The step the conversation stands at.
	Step word `json:"step,omitempty"`
	// The grade.
	Grade word `json:"grade,omitempty"`
	// The score.
	Score number `json:"score,omitempty"`
	// The score part by part.
	Parts table[number] `json:"parts,omitempty"`
	// The team that has the lead.
	Team word `json:"team,omitempty"`
	// The rep who has the lead.
	Rep word `json:"rep,omitempty"`
	// How the conversation ended.
	End word `json:"end,omitempty" jsonschema:"enum=qualified,enum=disqualified,enum=waitlist,enum=nurture,enum=stopped,enum=lapsed"`
	// Why it is disqualified.
	Reason word `json:"reason,omitempty"`
	// The start of the meeting, or none.
	Meeting scalar `json:"meeting,omitempty"`
	// How many times are offered.
	Offers number `json:"offers,omitempty"`
	// Fields and their values as shown.
	Known table[scalar] `json:"known,omitempty"`
}

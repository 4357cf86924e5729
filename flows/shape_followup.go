package flows

// followupsShape is letters to those who are not ready yet.
type followupsShape struct {
	item
	// The most letters one person gets over all sequences: 2 a week. Default: 2 a week.
	Limit word `json:"limit,omitempty"`
	// When nobody gets a letter, in their own zone: "21:00-08:00", or never. Default: "21:00-08:00".
	Quiet word `json:"quiet,omitempty"`
	// Who writes, with a postal address: the foot of every letter.
	Imprint words `json:"imprint,omitempty"`
	// The sequences of letters.
	Sequences []sequenceShape `json:"sequences"`
}

// sequenceShape is letters that one person gets one after the other.
type sequenceShape struct {
	item
	// The stable id: a-z 0-9 _ and -.
	ID word `json:"id"`
	// What it begins with: an end, silence, or a condition.
	On beginShape `json:"on"`
	// The flow whose conversations begin it. Default: every flow.
	Flow word `json:"flow,omitempty"`
	// Only for whom this holds, looked at when it begins and before each letter.
	If formula `json:"if,omitempty"`
	// When nobody gets a letter of it, in their own zone: "21:00-08:00", or never. Default: as above.
	Quiet word `json:"quiet,omitempty"`
	// What ends it. Default: [answer, booking, unsubscribe, bounce].
	Stop []word `json:"stop,omitempty"`
	// The letters, in their order.
	Letters []letterShape `json:"letters"`
}

// beginShape is what a sequence begins with; it has exactly one key.
type beginShape struct {
	item
	// The conversation ended so; a waitlist's letters begin at its revisit.
	End word `json:"end,omitempty" jsonschema:"enum=nurture,enum=waitlist,enum=qualified,enum=lapsed"`
	// Nothing was said for this long in the middle of the conversation.
	Silence lapse `json:"silence,omitempty"`
	// This came to hold, such as visits >= 3 or visited("/pricing*").
	If formula `json:"if,omitempty"`
}

// letterShape is one letter.
type letterShape struct {
	item
	// Time since the letter before, or since the sequence began: 2d.
	After lapse `json:"after"`
	// The subject line.
	Subject words `json:"subject"`
	// The letter. An empty line begins a paragraph; the link back to the conversation and the one to unsubscribe are added.
	Say words `json:"say"`
}

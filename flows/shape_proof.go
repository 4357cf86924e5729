package flows

// alwaysShape is what must be so at every end of the flow.
type alwaysShape struct {
	item
	// At which ends. Default: at every one.
	If formula `json:"if,omitempty"`
	// What must hold then; may also name offered, handed_off, end and questions.
	Then formula `json:"then"`
	// Why it must.
	Because word `json:"because,omitempty"`
}

// neverShape is an end that no conversation may come to.
type neverShape struct {
	item
	// The end. Default: any.
	End word `json:"end,omitempty" jsonschema:"enum=qualified,enum=disqualified,enum=waitlist,enum=nurture"`
	// Only where this holds; may also name offered, handed_off, end and questions.
	If formula `json:"if,omitempty"`
	// Why never.
	Because word `json:"because,omitempty"`
}

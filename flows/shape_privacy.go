package flows

// privacyShape is what visitors are owed an account of: who is responsible, why personal data is kept, and for how long.
type privacyShape struct {
	item
	// Who is responsible: the company, with its postal address.
	Controller word `json:"controller,omitempty"`
	// Where persons ask for their data, or for its erasure: an address.
	Contact word `json:"contact,omitempty"`
	// The data protection officer, where there is one.
	Officer word `json:"officer,omitempty"`
	// What the data is for.
	Purposes []word `json:"purposes,omitempty"`
	// By what right: for example Art. 6 (1) b GDPR, steps before a contract.
	Basis []word `json:"basis,omitempty"`
	// Who works with the data on your behalf: the host, Slack, the calendars' and the mail server's providers.
	Processors []word `json:"processors,omitempty"`
	// Countries outside of the EU that data goes to, and by what guarantee.
	Transfers []word `json:"transfers,omitempty"`
	// How long what is kept, since it changed last. What has no time here is kept until it is erased by hand.
	Retention retentionShape `json:"retention,omitempty"`
}

// retentionShape is how long what is kept.
type retentionShape struct {
	item
	// Conversations that are over, with their transcripts, answers, journals and meetings: 400d.
	Conversations lapse `json:"conversations,omitempty"`
	// Visitors who never wrote, with the pages they saw: 30d.
	Visitors lapse `json:"visitors,omitempty"`
	// Leads with everything about them, by stage: disqualified: 180d. A stage that is not named keeps its leads.
	Leads table[lapse] `json:"leads,omitempty"`
	// When follow-up letters were sent, and letters' sequences that are over: 400d.
	Letters lapse `json:"letters,omitempty"`
	// Jobs that were given up, with what they were to do: 90d.
	Jobs lapse `json:"jobs,omitempty"`
	// The audit log: 1100d. What is cut off leaves a line that says so.
	Audit lapse `json:"audit,omitempty"`
}

package flows

// Always is what must be so at every end of a flow that its author wrote: where If holds, Then holds too.
type Always struct {
	If      *Condition // nil = at every end
	Then    *Condition // may name offered, handed_off, end and questions beside the usual
	Because string
	Place   Place
}

// Never is an end that no conversation may come to.
type Never struct {
	End     string     // Qualified …; "" = any end
	If      *Condition // nil = always; may name what Always.Then may
	Because string
	Place   Place
}

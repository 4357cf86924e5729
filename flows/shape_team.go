package flows

// rosterShape is who takes meetings, when, and who gets which lead.
type rosterShape struct {
	item
	// The IANA zone of hours and holidays where a rep names none: Asia/Kolkata.
	Timezone word `json:"timezone,omitempty"`
	// Named working weeks.
	Hours table[weekShape] `json:"hours,omitempty"`
	// Days nobody works: 2026-12-25, or 2026-12-24/2026-12-31.
	Holidays []scalar `json:"holidays,omitempty"`
	// The people.
	Reps []repShape `json:"reps,omitempty"`
	// Groups of reps that share leads.
	Teams []teamShape `json:"teams,omitempty"`
	// Bounds on when a meeting can be; a `book` step may override them.
	Meeting rulesShape `json:"meeting,omitempty"`
	// Who gets the lead: the first that holds and can serve wins. The last has no condition.
	Routes []routeShape `json:"routes,omitempty"`
	// Named accounts: companies whose leads go to a rep or team of their own, by a route { to: account }.
	Accounts []accountShape `json:"accounts,omitempty"`
	// Domains of companies whose visits reps are told of: bigco.example.
	Watch []word `json:"watch,omitempty"`
	// Where goes what nobody took.
	Fallback fallbackShape `json:"fallback,omitempty"`
}

// fallbackShape is where goes what nobody took.
type fallbackShape struct {
	item
	// The Slack channel.
	Slack word `json:"slack,omitempty"`
}

// repShape is a person who takes meetings.
type repShape struct {
	item
	// The stable id: a-z 0-9 _ and -.
	ID word `json:"id"`
	// The full name.
	Name word `json:"name"`
	// What they are: Account executive.
	Title word `json:"title,omitempty"`
	// Where invitations are sent from and to.
	Email word `json:"email,omitempty"`
	// An https address of a picture.
	Picture word `json:"picture,omitempty"`
	// The IANA zone the rep works in. Default: the workspace's.
	Timezone word `json:"timezone,omitempty"`
	// Working hours: a name from `hours`, or a week of their own.
	Hours hoursRef `json:"hours,omitempty"`
	// Where busy times are read and meetings written: a file, an https feed (or its secret address as ${NAME}), an account
	// (caldav, google or microsoft), or a list of these. All are read; meetings go to the first account.
	Calendar calendarShape `json:"calendar,omitempty"`
	// The Slack member id.
	Slack word `json:"slack,omitempty"`
	// The languages the rep speaks.
	Languages []word `json:"languages,omitempty"`
	// Share within a fair team. Default: 1.
	Weight number `json:"weight,omitempty"`
	// The most meetings.
	Limits limitsShape `json:"limits,omitempty"`
	// Days away: 2026-12-24, or 2026-12-24/2026-12-31.
	Away []scalar `json:"away,omitempty"`
	// Other hours on some dates, holidays too: 2026-12-24, or 2026-12-27/2026-12-30, and "09:00-12:00" or closed.
	Dates table[word] `json:"dates,omitempty"`
	// Days on which the hours are kept in another zone.
	Travel []stayShape `json:"travel,omitempty"`
	// Where meetings are: a video link, a phone number, an address.
	Place word `json:"place,omitempty"`
}

// stayShape is days away from the rep's own zone.
type stayShape struct {
	item
	// The days: 2026-12-01, or 2026-12-01/2026-12-05.
	Dates scalar `json:"dates"`
	// The IANA zone of these days: Europe/Berlin.
	Timezone word `json:"timezone"`
}

// limitsShape is the most a rep takes.
type limitsShape struct {
	item
	// Meetings in a day.
	Day number `json:"day,omitempty"`
	// Meetings in an ISO week.
	Week number `json:"week,omitempty"`
	// Leads at once that are neither closed, booked nor let go.
	Open number `json:"open,omitempty"`
}

// teamShape is a group of reps that shares leads.
type teamShape struct {
	item
	// The stable id: a-z 0-9 _ and -.
	ID word `json:"id"`
	// Its people, by id.
	Reps []word `json:"reps"`
	// How leads are shared. Default: fair.
	Assign word `json:"assign,omitempty" jsonschema:"enum=fair,enum=first_free,enum=in_order,enum=least_busy"`
	// What counts for fair shares: that a lead was assigned, booked a meeting, or met the rep. Default: assigned.
	Counts word `json:"counts,omitempty" jsonschema:"enum=assigned,enum=booked,enum=held"`
	// What gives the rep the turn back: a lead who did not come, who cancelled, or whom the rep passed on. Default: [passed].
	Credit []word `json:"credit,omitempty" jsonschema:"enum=no_show,enum=cancelled,enum=passed"`
	// Whether leads that went to the rep who had them already count. Default: no.
	OwnerCounts yesNo `json:"owner_counts,omitempty"`
	// Among which leads shares are fair: all of the team's, or those of each route by themselves. Default: team.
	Queue word `json:"queue,omitempty" jsonschema:"enum=team,enum=route"`
	// When the team can be handed a conversation. Default: its reps' hours.
	Hours hoursRef `json:"hours,omitempty"`
	// The Slack channel for lead cards.
	Slack word `json:"slack,omitempty"`
	// How long a lead may wait for its rep to claim it: 5m. Half of it later the rep is reminded, then the lead goes
	// to the next rep, then to the fallback. Default: for ever.
	Claim lapse `json:"claim,omitempty"`
	// The visitor's language: reps who speak it go first (prefer), nobody else can serve (match), or it does not matter
	// (ignore). Default: prefer.
	Languages word `json:"languages,omitempty" jsonschema:"enum=prefer,enum=match,enum=ignore"`
}

// rulesShape bounds when a meeting can be, and says how it is kept in mind.
type rulesShape struct {
	item
	// Kept free before and after a meeting. Default: 10m.
	Buffer lapse `json:"buffer,omitempty"`
	// Least time from now to the start. Default: 2h.
	Notice lapse `json:"notice,omitempty"`
	// Most time from now to the start. Default: 14d.
	Horizon lapse `json:"horizon,omitempty"`
	// Grid of starts, from the full hour. Default: 30m.
	Every lapse `json:"every,omitempty"`
	// What was read of a calendar longer ago than this is read again before a time is offered. Default: 30m.
	Stale lapse `json:"stale,omitempty"`
	// How long before a meeting the visitor is reminded; [] = never. Default: [1d, 1h].
	Remind []lapse `json:"remind,omitempty"`
}

// routeShape sends leads to a team, a rep, the lead's owner or whom the lead's account names.
type routeShape struct {
	item
	// The leads it is for. The last route has none.
	If formula `json:"if,omitempty"`
	// A team, a rep, owner or account; or a list of them: who comes later in it has the lead where those before cannot
	// serve, or have not taken it in time.
	To targets `json:"to"`
	// How long each of the list has the lead: 15m. Default: for ever.
	After lapse `json:"after,omitempty"`
	// Who gets the lead when nobody of the list has taken it. Default: the routes below.
	Else word `json:"else,omitempty"`
	// The target must be free this soon, else the next.
	Within lapse `json:"within,omitempty"`
	// An owner counts only where the lead has changed within this time: 90d. Default: for ever.
	For lapse `json:"for,omitempty"`
	// How long a lead waits where nobody of the list can take it now: 4h. Default: not at all.
	Wait lapse `json:"wait,omitempty"`
}

// accountShape is a company whose leads go to a rep or team of their own.
type accountShape struct {
	item
	// The domain of its addresses: bigco.example.
	Domain word `json:"domain,omitempty"`
	// Its domains, where there are several.
	Domains []word `json:"domains,omitempty"`
	// Its name, as visitors write it.
	Company word `json:"company,omitempty"`
	// The rep or team.
	To word `json:"to"`
}

// faqShape is a question visitors ask in between, and its answer.
type faqShape struct {
	item
	// The question in several wordings; a map by language where there are several.
	Ask wordings `json:"ask"`
	// The answer.
	Say words `json:"say"`
}

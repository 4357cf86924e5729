package flows

var wordChecks = []Check{
	{
		"missing-translation", Warning, "A text is missing in a language of the flow.", "Visitors of that language are spoken to in another in the middle of a conversation.",
		"languages: [en, de]\nsteps: [{ id: bye, end: nurture, say: Bye. }]", "steps: [{ id: bye, end: nurture, say: { en: Bye., de: Ade. } }]",
	},
	{
		"missing-source-language", Error, "A text is missing in the source language.", "It is what everybody is told whose language is not there.",
		"languages: [en, de]\nsteps: [{ id: bye, end: nurture, say: { de: Ade. } }]", "say: { en: Bye., de: Ade. }",
	},
	{
		"long-label", Warning, "The label of an option is longer than the 75 characters a Slack button holds.",
		"In Slack it is cut off; on a phone it fills the screen.",
		"options: { all: \"All of the above, and also whatever else you may be able to tell me about it now\" }", "options: { all: All of it }",
	},
	{
		"long-text", Warning, "A text is longer than the 3000 characters that one block of a Slack message holds.",
		"In Slack it is broken into pieces, and nobody reads it in a chat.", "say: … (4000 characters)", "say it in several steps, or link to a page",
	},
	{
		"insecure-link", Warning, "A link is not https.", "Whoever listens on the line reads along, and browsers warn the visitor who follows it.",
		"say: \"See http://acme.example/prices\"", "say: \"See https://acme.example/prices\"",
	},
	{
		"bad-text", Error, "A {{ has no }}.", "The visitor would see half an expression.", "say: \"Hello {{ name\"", "say: \"Hello {{ name }}\"",
	},
	{
		"missing-wording", Error, "A consent does not say what is agreed to.", "Agreeing to nothing is no consent.",
		"ok: { type: consent }", "ok: { type: consent, wording: You may write to me about prices. }",
	},
	{
		"duplicate-synonym", Error, "A word means two options of a choice.", "Which one was meant would be a matter of luck.",
		"synonyms: { demo: [show], price: [show] }", "synonyms: { demo: [show], price: [cost] }",
	},
}

var peopleChecks = []Check{
	{
		"uncovered-hours", Warning, "A team promises hours at which none of its reps works.",
		"Visitors are told that somebody comes, and nobody does.",
		"hours: { support: { mon-sun: \"08:00-20:00\" } }\nreps: [{ id: dev, name: Dev, hours: { mon-fri: \"08:00-20:00\" } }]\nteams: [{ id: help, reps: [dev], hours: support }]",
		"hours: { support: { mon-fri: \"08:00-20:00\" } }",
	},
	{
		"never-at-work", Warning, "No rep of a team, or a rep who is routed to, has a single working hour.", "Nothing can be booked with them, ever.",
		"reps: [{ id: dev, name: Dev, hours: { mon: closed } }]", "reps: [{ id: dev, name: Dev, hours: { mon: \"09:00-17:00\" } }]",
	},
	{
		"shadowed-route", Warning, "The routes above it take every lead for which it holds, as long as their people can serve.",
		"Its people get nothing but what the others cannot take, though it reads as if they came first.",
		"routes:\n  - { if: size >= 20, to: sales }\n  - { if: size >= 200, to: enterprise }\n  - { to: support }",
		"routes:\n  - { if: size >= 200, to: enterprise }\n  - { if: size >= 20, to: sales }\n  - { to: support }",
	},
	{
		"no-fallback", Error, "The last route has a condition, or leads to an owner whom a lead may not have.", "A lead that fits none would have nobody.",
		"routes: [{ if: size >= 200, to: enterprise }]", "routes: [{ if: size >= 200, to: enterprise }, { to: support }]",
	},
	{
		"no-tier", Error, "A route says how long its people have a lead, and nobody comes after them.", "The lead would go nowhere.",
		"- { if: size >= 200, to: enterprise, after: 15m }", "- { if: size >= 200, to: [enterprise, midmarket], after: 15m, else: support }",
	},
	{
		"no-after", Warning, "A route names several, and not how long each has a lead.", "The second gets only what the first cannot serve, never what it leaves lying.",
		"- { if: size >= 200, to: [enterprise, midmarket] }", "- { if: size >= 200, to: [enterprise, midmarket], after: 15m }",
	},
	{
		"no-owner", Error, "A route that does not lead to the owner says for how long an owner counts.", "It would have no effect.",
		"- { if: size >= 200, to: enterprise, for: 90d }", "- { if: known(owner), to: owner, for: 90d }",
	},
	{
		"duplicate-account", Error, "A domain or company is of two accounts.", "Whose lead it is would be a matter of luck.",
		"accounts: [{ domain: bigco.example, to: asha }, { domain: bigco.example, to: ben }]", "accounts: [{ domain: bigco.example, to: asha }]",
	},
	{
		"free-mail", Error, "An account has a domain at which anybody may have an address.", "Strangers would be taken for the account.",
		"accounts: [{ domain: gmail.com, to: asha }]", "accounts: [{ domain: bigco.example, to: asha }]",
	},
	{"empty-team", Error, "A team has nobody in it.", "Its leads would wait for ever.", "teams: [{ id: sales, reps: [] }]", "teams: [{ id: sales, reps: [asha] }]"},
	{"no-reps", Error, "A step needs a person, and team.yaml names none.", "The visitor would wait for nobody.", "- { id: meet, book: {} }", "add reps and routes to team.yaml"},
	{"no-routes", Error, "A step names no team, and team.yaml has no routes.", "Nothing says who comes.", "- { id: meet, book: {} }", "- { id: meet, book: { team: sales } }"},
	{"no-team", Error, "A pool is asked of a single rep.", "A pool is the times of several people.", "book: { team: asha, pooled: true }", "book: { team: sales, pooled: true }"},
	{"nobody-else", Error, "The only rep of a team that comes too has the meeting already; a warning where only a route says so.", "Nobody else can come.", "book: { team: asha, with: [only-asha] }", "book: { team: asha, with: [experts] }"},
	{"no-timezone", Error, "A rep's hours have no time zone.", "Nine in the morning is another moment in every place.", "reps: [{ id: asha, name: Asha }]", "timezone: Asia/Kolkata\nreps: [{ id: asha, name: Asha }]"},
	{"no-hours", Warning, "A rep has no hours.", "Monday to Friday 09:00 to 17:00 is taken, which may be wrong.", "reps: [{ id: asha, name: Asha }]", "reps: [{ id: asha, name: Asha, hours: office }]"},
	{"no-calendar", Warning, "A rep has no calendar.", "Only meetings booked here count as busy: others will be double-booked.", "reps: [{ id: asha, name: Asha }]", "reps: [{ id: asha, name: Asha, calendar: calendars/asha.ics }]"},
	{"no-account", Warning, "Nobody who may have the meeting has the account that makes its link.", "The invitation would have no link.", "book: { place: google_meet }", "add calendar: { google: ADDRESS } to the reps"},
	{"odd-place", Warning, "A place reads like one of the kinds of place, misspelt, or is empty.", "It would be shown as the name of a place.", "book: { place: Google Meet }", "book: { place: google_meet }"},
	{"overlapping-dates", Error, "Days are spoken of twice; a warning where a rep has hours on days away.", "Which of the two counts would be a matter of luck.", "dates: { 2026-12-24: closed, 2026-12-24/2026-12-26: \"09:00-12:00\" }", "name each day once"},
	{"duplicate-day", Error, "The hours of a weekday are written twice.", "Which of the two counts would be a matter of luck.", "office: { mon-fri: \"09:00-17:00\", fri: \"09:00-12:00\" }", "office: { mon-thu: \"09:00-17:00\", fri: \"09:00-12:00\" }"},
	{"early-reminder", Warning, "A reminder is due longer before a meeting than one can be booked.", "It is never sent.", "meeting: { horizon: 14d, remind: [400d, 1h] }", "meeting: { horizon: 14d, remind: [1d, 1h] }"},
	{"duplicate-reminder", Error, "A reminder stands in the list twice.", "The visitor would be reminded twice.", "remind: [1h, 1h]", "remind: [1d, 1h]"},
}

var calendarChecks = []Check{
	{"secret-in-file", Error, "A password or a webhook's secret stands in a file; a warning where it is the secret address of a calendar.", "Whoever reads the file can read the calendar, or write what looks like ours.", "password: hunter2", "password: ${ASHA_CALDAV}"},
	{"no-user", Error, "There is a password, but nobody who signs in with it.", "The calendar could not be read.", "{ caldav: https://dav.example, password: ${P} }", "{ caldav: https://dav.example, user: asha, password: ${P} }"},
	{"no-password", Warning, "Somebody signs in to a CalDAV server without a password.", "The server would refuse, and the rep's times would not be known.", "{ caldav: https://dav.example, user: asha }", "{ caldav: https://dav.example, user: asha, password: ${ASHA_CALDAV} }"},
	{"no-such-file", Error, "A calendar file is not in the workspace.", "The rep would be free at all times.", "calendar: calendars/ahsa.ics", "calendar: calendars/asha.ics"},
	{"duplicate-hook", Error, "A webhook stands in the list twice.", "Its receiver would be told everything twice.", "- { url: https://a.example, secret: \"${A}\" }\n- { url: https://a.example, secret: \"${A}\" }", "- { url: https://a.example, secret: \"${A}\" }"},
	{"duplicate-calendar", Error, "A calendar stands in a list twice.", "It is a slip: mostly another was meant.", "calendar: [a.ics, a.ics]", "calendar: [a.ics, b.ics]"},
	{"bad-name", Error, "The name of a calendar has a comma.", "Names are kept with commas between them.", "names: [\"Work, old\"]", "rename the calendar, or leave names out"},
	{"bad-address", Error, "An address is not one of the kind that belongs there.", "It could not be dialled, or not safely.", "calendar: ftp://acme.example/asha.ics", "calendar: https://acme.example/asha.ics"},
	{"bad-email", Error, "An e-mail address of a rep is none.", "Invitations would not arrive.", "email: asha(at)acme.example", "email: asha@acme.example"},
	{"bad-domain", Error, "A watched domain is none.", "No visit would ever match it.", "watch: [https://bigco.example]", "watch: [bigco.example]"},
}

var allowChecks = []Check{
	{badAllow, Warning, "A comment that begins with `usher:` is not understood, names no rule or gives no reason.", "It silences nothing; whoever comes next wants to know why a finding is fine.", "# usher: allow unused-option", "# usher: allow unused-option because the rest go to a person"},
	{unusedAllow, Warning, "A comment allows what is not found, or an error.", "It would hide the next mistake on that line; errors cannot be allowed.", "# usher: allow no-retry because it is short\n- { id: bye, end: nurture }", "- { id: bye, end: nurture }"},
}

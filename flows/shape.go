package flows

// The shapes are the language as it is written: their json tags are its keys (one without omitempty must be there),
// their types are its types and their comments are what an editor shows. The JSON Schemas are made of them, and the
// loader reads with them, so the two cannot drift apart.

// flowShape is one conversation: what it learns, what it says, how it scores.
type flowShape struct {
	item
	// The stable id of the flow: a-z 0-9 and -.
	Flow word `json:"flow"`
	// What people call it.
	Title words `json:"title,omitempty"`
	// The languages it speaks; the first is the source language. Default: [en].
	Languages []word `json:"languages,omitempty"`
	// Which visitor gets this flow, and when it greets on its own.
	Show showShape `json:"show,omitempty"`
	// How the widget looks.
	Theme themeShape `json:"theme,omitempty"`
	// What the flow learns, by name; every field has a type.
	Fields table[fieldShape] `json:"fields,omitempty"`
	// The conversation, read from the top; a step without `next` goes on to the one below it.
	Steps []stepShape `json:"steps"`
	// Rules that bring points; every one that holds counts once.
	Score []ruleShape `json:"score,omitempty"`
	// The most points one part may bring.
	Caps table[number] `json:"caps,omitempty"`
	// Names for scores, by the least score that has the name.
	Grades table[number] `json:"grades,omitempty"`
	// Silence after which the conversation lapses; its answers stay. Default: 1d.
	Expires lapse `json:"expires,omitempty"`
	// Who comes, for simulations: by field the answers with their shares in percent (an option, a number, a range such as
	// 20..199, skipped, refused), and `leaves`: how many of a hundred fall silent at each question.
	Mix table[sharesShape] `json:"mix,omitempty"`
	// What must be so at every end; proved by usher explore.
	Always []alwaysShape `json:"always,omitempty"`
	// Ends that no conversation may come to; proved by usher explore.
	Never []neverShape `json:"never,omitempty"`
	// The most questions anybody is asked; proved by usher explore. Default: no bound.
	Questions number `json:"questions,omitempty"`
	// Flows that visitors get in place of this one, each with its weight; a visitor gets the same one every time.
	Split table[number] `json:"split,omitempty"`
}

// showShape says which visitor gets the flow.
type showShape struct {
	item
	// Paths of pages; * stands for any run of characters. Default: all pages.
	Pages []word `json:"pages,omitempty"`
	// A condition on the visit, such as visits >= 2.
	If formula `json:"if,omitempty"`
	// Greet on its own after this long on the page. Default: never.
	After lapse `json:"after,omitempty"`
	// The flow with the highest priority that fits is shown. Default: 0.
	Priority number `json:"priority,omitempty"`
}

// themeShape is how the widget looks.
type themeShape struct {
	item
	// The main colour as #rrggbb.
	Color word `json:"color,omitempty"`
	// The corner the launcher stands in.
	Corner word `json:"corner,omitempty" jsonschema:"enum=right,enum=left"`
	// The name in the header.
	Name word `json:"name,omitempty"`
	// An https address of a picture.
	Avatar word `json:"avatar,omitempty"`
	// Dark colours: when the visitor's system asks for them, always or never.
	Dark word `json:"dark,omitempty" jsonschema:"enum=auto,enum=always,enum=never"`
	// Said beside the launcher after show.after.
	Teaser words `json:"teaser,omitempty"`
}

// fieldShape is one thing the flow learns.
type fieldShape struct {
	item
	// What kind of value it holds. Default: text.
	Type word `json:"type,omitempty" jsonschema:"enum=text,enum=choice,enum=choices,enum=yesno,enum=number,enum=money,enum=email,enum=phone,enum=date,enum=country,enum=url,enum=consent"`
	// What it is called on a lead card. Default: its name in words.
	Label words `json:"label,omitempty"`
	// Fills the field from the visit instead of asking (utm.NAME, page, referrer, title, language, timezone, channel). For a date: the earliest one, as 2026-12-01, today, or an offset such as 7d.
	From scalar `json:"from,omitempty"`
	// For a date: the latest one, as 2026-12-01, today, or an offset such as 90d.
	To scalar `json:"to,omitempty"`
	// For choice and choices: value and label, in the order shown; or a list of values that are their own labels.
	Options options `json:"options,omitempty"`
	// For choice and choices: other words for an option, by its value.
	Synonyms table[wordings] `json:"synonyms,omitempty"`
	// The least value; for text the least length, for choices the least count.
	Min number `json:"min,omitempty"`
	// The greatest value; for text the greatest length, for choices the greatest count.
	Max number `json:"max,omitempty"`
	// For a number: no fractions.
	Whole truth `json:"whole,omitempty"`
	// For text: a regular expression the whole answer must match.
	Pattern word `json:"pattern,omitempty"`
	// For money: the ISO 4217 code that is assumed when none is written.
	Currency word `json:"currency,omitempty"`
	// For an e-mail: free-mail and disposable addresses are refused kindly.
	Work truth `json:"work,omitempty"`
	// For a phone: the ISO 3166 code of the country assumed when none is written.
	Country word `json:"country,omitempty"`
	// For consent: what is agreed to.
	Wording words `json:"wording,omitempty"`
}

// stepShape does one thing: ask, book, handoff or end; or it only speaks, or only branches.
type stepShape struct {
	item
	// The stable id of the step: a-z 0-9 _ and -.
	ID word `json:"id"`
	// What the bot says here.
	Say words `json:"say,omitempty"`
	// The field that is asked for.
	Ask word `json:"ask,omitempty"`
	// Ask although the field is already known.
	Again truth `json:"again,omitempty"`
	// The visitor may skip the question.
	Optional truth `json:"optional,omitempty"`
	// Said when the answer does not fit.
	Retry words `json:"retry,omitempty"`
	// How often the question is asked before `else`. Default: 3.
	Tries number `json:"tries,omitempty"`
	// The step to go to when no answer fits. Default: on by `next`.
	Else word `json:"else,omitempty"`
	// Offers times of the right rep and books one.
	Book bookShape `json:"book,omitempty"`
	// A person joins; else the flow goes on.
	Handoff handoffShape `json:"handoff,omitempty"`
	// Closes the conversation.
	End word `json:"end,omitempty" jsonschema:"enum=qualified,enum=disqualified,enum=waitlist,enum=nurture"`
	// Why the lead is disqualified.
	Reason word `json:"reason,omitempty"`
	// When a waitlist lead is written to.
	Revisit lapse `json:"revisit,omitempty"`
	// Where to go on; the first that holds. Default: the step below.
	Next edges `json:"next,omitempty"`
}

// bookShape is a meeting to be booked; its own rules go before those of team.yaml.
type bookShape struct {
	item
	// Length of the meeting. Default: 30.
	Minutes number `json:"minutes,omitempty"`
	// How many times are shown at once. Default: 3.
	Offer number `json:"offer,omitempty"`
	// What the meeting is called.
	Title words `json:"title,omitempty"`
	// The team or rep, instead of the routes.
	Team word `json:"team,omitempty"`
	// Teams of which one rep each comes too.
	With []word `json:"with,omitempty"`
	// Any rep of the team may have the meeting: their times are offered together.
	Pooled truth `json:"pooled,omitempty"`
	// The most meetings of this step a day, in the workspace's zone. Default: no bound.
	Seats number `json:"seats,omitempty"`
	// Where the meeting is: rep (the rep's own place), phone (the visitor is called), google_meet, teams (a link made with
	// the meeting), or the place itself. Default: rep.
	Place word `json:"place,omitempty"`
	// Fields the invitation needs; email always is one of them.
	Needs []word `json:"needs,omitempty"`
	// Kept free before and after.
	Buffer lapse `json:"buffer,omitempty"`
	// Least time from now to the start.
	Notice lapse `json:"notice,omitempty"`
	// Most time from now to the start.
	Horizon lapse `json:"horizon,omitempty"`
	// Grid of starts.
	Every lapse `json:"every,omitempty"`
}

// handoffShape asks a person to join.
type handoffShape struct {
	item
	// The team or rep that is called. Default: by the routes.
	Team word `json:"team,omitempty"`
	// How long the visitor waits. Default: 2m.
	Wait lapse `json:"wait,omitempty"`
}

// edgeShape leads to a step.
type edgeShape struct {
	item
	// Go there only if this holds.
	If formula `json:"if,omitempty"`
	// The step to go to.
	To word `json:"to"`
}

// ruleShape brings points when its condition holds.
type ruleShape struct {
	item
	// When the points count.
	If formula `json:"if"`
	// How many; may be below zero.
	Points number `json:"points"`
	// The reason, as the lead card shows it.
	Because word `json:"because"`
	// The part of the score it belongs to: need, budget, timing …
	Part word `json:"part,omitempty"`
	// The points halve each time this much passes since what the rule saw. Default: never.
	Halves lapse `json:"halves,omitempty"`
}

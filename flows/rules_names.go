package flows

var nameChecks = []Check{
	{"unknown-key", Error, "A key is not part of the language.", "Whatever was meant by it would not happen.", "- { id: bye, end: nurture, sya: Bye. }", "- { id: bye, end: nurture, say: Bye. }"},
	{"missing-key", Error, "A key that must be there is not.", "Without it the rest has no meaning.", "- { say: Hello. }", "- { id: hello, say: Hello. }"},
	{"missing-value", Error, "A key has no value.", "Nothing was said by it.", "say:", "say: Hello."},
	{"duplicate-key", Error, "A key is written twice in one map.", "Only one of them could count.", "say: Hello.\nsay: Hi.", "say: Hello."},
	{"duplicate-id", Error, "An id is taken.", "Which of the two is meant could not be told.", "- { id: bye, end: nurture }\n- { id: bye, end: waitlist }", "- { id: bye, end: nurture }\n- { id: later, end: waitlist }"},
	{"bad-id", Error, "An id has letters that an id cannot have.", "Ids stand in addresses, logs and reports.", "- { id: Say Hello, say: Hello. }", "- { id: say-hello, say: Hello. }"},
	{"reserved-name", Error, "A field has a name that means something else in conditions.", "The field could not be named.", "fields: { score: { type: number } }", "fields: { score_is: { type: number } }"},
	{"unknown-step", Error, "A way leads to a step that is not there.", "The conversation could not go on.", "next: [{ to: hlep }]", "next: [{ to: help }]"},
	{"unknown-field", Error, "A field or name is not there.", "A misspelt name would never be known.", "ask: team_szie", "ask: team_size"},
	{"unknown-flow", Error, "A story, a split or a sequence of letters names a flow that is not there.", "Nothing would ever come of it.", "flow: book-a-dmeo", "flow: book-a-demo"},
	{"unknown-team", Error, "A team or rep is not there.", "Nobody would come.", "book: { team: slaes }", "book: { team: sales }"},
	{"unknown-rep", Error, "A rep is not there.", "The team would be one short.", "teams: [{ id: sales, reps: [ahsa] }]", "teams: [{ id: sales, reps: [asha] }]"},
	{"unknown-hours", Error, "Hours of that name are not there.", "Nobody could tell when.", "hours: offcie", "hours: office"},
	{"unknown-option", Error, "A choice never has this value.", "The comparison would never hold.", "if: goal == \"dmeo\"", "if: goal == \"demo\""},
	{"unknown-part", Error, "No score rule brings this part.", "It would always be 0.", "caps: { nede: 20 }", "caps: { need: 20 }"},
	{"unknown-grade", Error, "A story expects a grade that is not there.", "It could never come out right.", "expect: { grade: hto }", "expect: { grade: hot }"},
	{"unknown-end", Error, "An end is none of the four.", "Reports would not know it.", "end: qualfied", "end: qualified"},
	{"unknown-type", Error, "A type is none of the language's.", "Answers could not be read.", "type: numbr", "type: number"},
	{"unknown-assign", Error, "A way to share leads is none of the four.", "Nobody could tell who is next.", "assign: fiar", "assign: fair"},
	{"unknown-corner", Error, "The launcher stands in no such corner.", "It could not be placed.", "corner: top", "corner: left"},
	{"unknown-choice", Error, "A setting is none of its choices.", "It would have no effect.", "dark: sometimes", "dark: auto"},
	{"unknown-source", Error, "A visit has no such thing to fill a field from.", "The field would stay empty.", "from: utm", "from: utm.source"},
	{"unknown-language", Error, "A language is none, or none of the flow's.", "Nobody would be spoken to in it.", "say: { en: Hi, xx: Hi }", "say: { en: Hi, hi: नमस्ते }"},
	{"unknown-timezone", Error, "A time zone is not known.", "Hours would have no place.", "timezone: Asia/Calcuta", "timezone: Asia/Kolkata"},
	{"unknown-currency", Error, "A currency is not known.", "Amounts could not be shown.", "currency: DOLLAR", "currency: USD"},
	{"unknown-country", Error, "A country is not known.", "Phone numbers could not be read.", "country: UK", "country: GB"},
	{"hidden-field", Error, "A step asks for a field that is filled from the visit.", "It would never be asked.", "source: { from: utm.source }\n…\nask: source", "take `from` away, or do not ask"},
	{"unknown-event", Error, "A webhook is to be told of an event that is not there.", "It would never be told.", "events: [meeting.bookd]", "events: [meeting.booked]"},
	{"unknown-stage", Error, "A stage of a lead is not there.", "HubSpot would never be told of it.", "stages: { sqll: salesqualifiedlead }", "stages: { sql: salesqualifiedlead }"},
	{"unknown-stop", Error, "A sequence of letters is to end with what ends none.", "It would go on.", "stop: [reply]", "stop: [answer]"},
	{"not-one-beginning", Error, "A sequence of letters begins with nothing, or with two things.", "Nobody could tell when it begins.", "on: { end: nurture, silence: 2h }", "on: { end: nurture }"},
	{"not-one-turn", Error, "A turn of a story has no key, or two.", "Which comes first is not written.", "- { bot: Hi, visitor: Hi }", "- { bot: Hi }\n- { visitor: Hi }"},
}

var conditionChecks = []Check{
	{"bad-condition", Error, "An expression cannot be read.", "Nobody could tell when it holds.", "if: size > ", "if: size > 20"},
	{"not-in-language", Error, "An expression uses what is not part of the language.", "Conditions stay small, typed and without effects.", "if: size > 20 && goal == \"demo\"", "if: size > 20 and goal == \"demo\""},
	{"type-mismatch", Error, "Two things of different types are compared or added.", "It could never hold.", "if: team_size == \"many\"", "if: team_size >= 200"},
	{"type-clash", Error, "A field has different types in different flows.", "A route that names it could not be read.", "routes: [{ if: size > 20, to: sales }]", "give the field one type in all flows"},
	{"unknown-name", Error, "A name has no such part.", "It would never be known.", "say: \"{{ rep.nmae }}\"", "say: \"{{ rep.name }}\""},
	{"unknown-function", Error, "A function is none of known, visited and open.", "It could not be called.", "if: lower(name) == \"x\"", "if: known(name)"},
	{"bad-pattern", Error, "A regular expression cannot be read.", "Nothing would match it.", "pattern: \"[a-z\"", "pattern: \"[a-z]+\""},
	{"bad-path", Error, "A pattern of pages is none.", "No page would match it.", "pages: [pricing]", "pages: [/pricing]"},
	{"empty-range", Error, "A range holds nothing.", "Nothing could ever be in it.", "if: size in 199..20", "if: size in 20..199"},
}

var valueChecks = []Check{
	{"wrong-type", Error, "A value is of another type than its key wants.", "It could not be used.", "tries: three", "tries: 3"},
	{"schema", Error, "A value does not fit the schema of its file.", "Editors and the program promise the same.", "what an editor underlines", "what it proposes"},
	{"out-of-range", Error, "A number, a length of time or a run of days is too small or too large.", "It is mostly a slip of the unit.", "tries: 100", "tries: 3"},
	{"bad-number", Error, "A number is not a plain one.", "Nobody can count with it.", "points: .inf", "points: 40"},
	{"bad-duration", Error, "A length of time cannot be read.", "Nobody could tell how long.", "wait: 2 minutes", "wait: 2m"},
	{"bad-date", Error, "A date cannot be read.", "Nobody could tell which day.", "holidays: [25.12.2026]", "holidays: [2026-12-25]"},
	{"bad-time", Error, "A time has no offset or cannot be read.", "It is another moment in every place.", "now: 2026-11-23 10:00", "now: 2026-11-23T10:00:00+05:30"},
	{"bad-hours", Error, "Hours cannot be read.", "Nobody could tell when.", "office: { mon-fri: 9 to 5 }", "office: { mon-fri: \"09:00-17:00\" }"},
	{"bad-property", Error, "A property or lifecycle stage cannot be one of HubSpot's.", "HubSpot would refuse the lead.", "fields: { team_size: Number of Employees }", "fields: { team_size: numemployees }"},
	{"bad-limit", Error, "A limit of letters cannot be read.", "Nobody could tell how many are too many.", "limit: twice a week", "limit: 2 a week"},
	{"bad-color", Error, "A colour cannot be read.", "The widget would have none.", "color: teal", "color: \"#0f766e\""},
	{"bad-country", Error, "A country is compared with what is no code.", "It could never hold.", "if: country == \"India\"", "if: country == \"IN\""},
	{"missing-options", Error, "A choice has no options.", "There would be nothing to choose.", "goal: { type: choice }", "goal: { type: choice, options: { demo: A demo } }"},
}

var trialChecks = []Check{
	{"bad-mix", Error, "A mix of answers is not answers with their shares.", "Visitors could not be simulated by it.", "mix: { goal: 60 }", "mix: { goal: { demo: 60, price: 40 } }"},
	{"mix-sum", Warning, "The shares of a mix do not add up to 100.", "Each counts as its part of the sum, which may not be what was meant.", "mix: { goal: { demo: 60, price: 20 } }", "mix: { goal: { demo: 60, price: 40 } }"},
}

var fileChecks = []Check{
	{"yaml-syntax", Error, "A file is not YAML.", "Nothing in it could be read.", "say: \"Hello", "say: \"Hello\""},
	{"unreadable", Error, "A file or folder cannot be read.", "What stands in it would be missing.", "a file without the right to read it", "chmod +r"},
	{"not-utf8", Error, "A file is not UTF-8 text.", "Letters would come out wrong.", "a file saved as Latin-1", "save it as UTF-8"},
	{"empty-file", Error, "A file is empty.", "It is mostly one that was not saved.", "", "write a flow, or take the file away"},
	{"second-document", Error, "A file holds a second document.", "Only the first would be read.", "flow: a\n---\nflow: b", "put it into its own file"},
	{"no-flow", Error, "There is no flow in the folder.", "Visitors would meet nobody.", "a folder with team.yaml alone", "add book-a-demo.yaml"},
	{"too-large", Error, "Something is longer or more than there may be.", "Bounds keep a check and a turn fast.", "a file of a megabyte", "split it"},
	{"too-deep", Error, "Lists and maps are nested too deep.", "The language itself needs seven levels.", "[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]", "write it flat"},
	{"alias", Error, "An anchor, alias or merge key of YAML.", "They can make a small file very large, and a place in the file stand for two.", "say: *hello", "write the value out"},
	{"tag", Error, "A tag of YAML.", "Types are the language's own.", "say: !!str 5", "say: \"5\""},
}

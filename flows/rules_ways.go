package flows

var wayChecks = []Check{
	{
		"unreachable", Warning, "No way leads to a step, or nothing below an unconditional way or route is ever looked at.",
		"Somebody wrote it for visitors who will never see it; mostly a way that led there was lost.",
		"- { id: hello, say: Hello., next: bye }\n- { id: offer, say: Look at this! }\n- { id: bye, end: nurture }",
		"- { id: hello, say: Hello. }\n- { id: offer, say: Look at this! }\n- { id: bye, end: nurture }",
	},
	{
		"dead-edge", Warning, "The condition of a way can never hold, or not for anybody who gets to its step.",
		"The way is never taken, so what it leads to does not happen.",
		"next:\n  - { if: size > 200 and size < 20, to: both }\n  - { to: rest }",
		"next:\n  - { if: size > 200 or size < 20, to: either }\n  - { to: rest }",
	},
	{
		"shadowed-edge", Warning, "The ways above it take everybody for whom its condition holds.",
		"The first way that holds is taken: this one is never looked at, though it reads as if it were.",
		"next:\n  - { if: size >= 20, to: some }\n  - { if: size >= 200, to: many }\n  - { to: few }",
		"next:\n  - { if: size >= 200, to: many }\n  - { if: size >= 20, to: some }\n  - { to: few }",
	},
	{
		"idle-edge", Warning, "Whether the condition holds or not, the conversation goes on at the same step.",
		"The condition decides nothing: either the way leads to the wrong step, or it is not needed.",
		"next:\n  - { if: size >= 200, to: meet }\n  - { to: meet }",
		"next: meet",
	},
	{
		"open-branch", Warning, "The last way of a branch has a condition, and for some visitors none holds: they fall to the step below.",
		"The step below happens to come next; it was hardly written for them, and moving a step changes where they go.",
		"- id: fork\n  next:\n    - { if: goal == \"demo\", to: meet }\n    - { if: goal == \"help\", to: help }",
		"- id: fork\n  next:\n    - { if: goal == \"demo\", to: meet }\n    - { if: goal == \"help\", to: help }\n    - { to: prices }",
	},
	{
		"no-end", Error, "The conversation falls off the end of the flow.",
		"The visitor is left without a last word and the lead without an end.",
		"- { id: hello, say: Hello. }", "- { id: hello, say: Hello. }\n- { id: bye, end: nurture, say: Bye. }",
	},
	{
		"endless-loop", Warning, "A round of steps none of which waits for anybody; an error where nothing leads out.",
		"A conversation that enters it says the same things over and over until it is stopped.",
		"- { id: spin, say: Round }\n- { id: spun, say: and round., next: spin }",
		"- { id: spin, ask: more, again: true, say: Another round? }\n- { id: spun, next: [{ if: more, to: spin }, { to: bye }] }",
	},
	{
		"does-nothing", Error, "A step has neither words nor anything to do.", "It is a slip: whatever it was for is missing.",
		"- { id: hello }", "- { id: hello, say: Hello. }",
	},
	{
		"two-things", Error, "A step does two things.", "A step does one; which would come first is not written.",
		"- { id: a, ask: email, end: nurture }", "- { id: a, ask: email }\n- { id: b, end: nurture }",
	},
	{
		"misplaced-key", Error, "A key stands where it means nothing.", "It would be silently without effect.",
		"- { id: bye, end: nurture, next: menu }", "- { id: bye, end: nurture }",
	},
	{
		"silent-question", Warning, "A step asks without a word.", "The visitor sees the bare name of the field.",
		"- { id: size, ask: team_size }", "- { id: size, ask: team_size, say: How many people will use it? }",
	},
	{
		"too-many-paths", Warning, "A flow's conditions make more cases than are looked at in a check.",
		"What was not looked at may hide a mistake; everything that was found stands.",
		"fifty conditions about thirty fields in the ways of one step", "make several steps of it",
	},
}

var knowledgeChecks = []Check{
	{
		"not-yet-known", Warning, "A field is used where some visitors have not been asked for it.",
		"In a text it leaves a hole; in a condition the comparison is simply false, and the visitor goes the other way.",
		"- { id: thanks, say: \"Thank you, {{ company }}!\" }\n- { id: firm, ask: company, say: Which company? }",
		"- { id: firm, ask: company, say: Which company? }\n- { id: thanks, say: \"Thank you{{ known(company) ? ', ' + company : '' }}!\" }",
	},
	{
		"never-asked", Warning, "A field is used, but no step asks for it and nothing else fills it.",
		"Every comparison with it is false: its points are never given, its ways never taken.",
		"fields: { budget: { type: money } }\nsteps: [{ id: fork, next: [{ if: budget > 100, to: meet }, { to: bye }] }]",
		"ask for it, fill it with `from`, or take it away",
	},
	{
		"unused-option", Warning, "Options of a choice are named by no way and no rule, while others of it are.",
		"These answers go wherever everything else goes; a new option is easily forgotten here.",
		"goal: { type: choice, options: { demo: A demo, help: Help, price: Prices } }\n…\nnext: [{ if: goal == \"demo\", to: meet }, { if: goal == \"help\", to: help }, { to: bye }]",
		"name the option in a way or a rule, or allow it with the reason why it needs none",
	},
	{
		"no-retry", Warning, "An answer may be refused, and the step does not say what would fit.",
		"The visitor hears the general words of the type, which do not know what the question was about.",
		"- { id: mail, ask: email, say: Where may we write to you? }",
		"- { id: mail, ask: email, say: Where may we write to you?, retry: \"An address looks like you@company.com.\" }",
	},
}

var scoreChecks = []Check{
	{
		"unreachable-grade", Warning, "Nobody can reach a grade: no set of answers brings such a score.",
		"What depends on the grade never happens, and reports show a grade that is always empty.",
		"score: [{ if: size >= 200, points: 40, because: large }]\ngrades: { hot: 60, cold: 0 }",
		"score: [{ if: size >= 200, points: 60, because: large }]\ngrades: { hot: 60, cold: 0 }",
	},
	{
		"no-grade", Warning, "Some scores lie below every grade.", "Such a lead has no grade: no condition on the grade holds, and no list shows it.",
		"score: [{ if: student, points: -20, because: student }]\ngrades: { hot: 60, cold: 0 }",
		"score: [{ if: student, points: -20, because: student }]\ngrades: { hot: 60, cold: -100 }",
	},
	{
		"dead-condition", Warning, "The condition of a score rule, a route or `show` can never hold.",
		"The points are never given, the route never taken, the flow never shown.",
		"score: [{ if: size in 20..199 and size >= 200, points: 40, because: large }]",
		"score: [{ if: size >= 200, points: 40, because: large }]",
	},
	{
		"duplicate-grade", Error, "Two grades begin at the same score.", "Which of them a lead has would be a matter of luck.",
		"grades: { hot: 60, warm: 60 }", "grades: { hot: 60, warm: 30 }",
	},
	{
		"circular-score", Error, "A score rule names the score.", "The score is what the rules make: it cannot be what they are made of.",
		"score: [{ if: grade == \"hot\", points: 5, because: hot }]", "score: [{ if: size >= 200, points: 5, because: large }]",
	},
}

package flows

// wordsSay explains the names of conditions that are no fields.
var wordsSay = map[string]string{
	"score":    "The points so far.",
	"grade":    "The name of the score: one of the flow's grades.",
	"part":     "part.NAME: the points of one part of the score.",
	"booked":   "A meeting is booked.",
	"joined":   "A person has joined the conversation.",
	"rep":      "rep.name, rep.first_name …: the rep who has the lead.",
	"meeting":  "meeting.starts, meeting.day, meeting.time, meeting.minutes: the meeting that is booked.",
	"language": "The visitor's language.",
	"channel":  "web, slack …",
	"hour":     "The hour of the visitor's clock, 0 to 23.",
	"weekday":  "The day of the visitor's week: mon, tue …",
	"visits":   "How often the visitor has come, this time included.",
	"page":     "The path of the page.",
	"referrer": "Where the visitor came from.",
	"utm":      "utm.source, utm.medium, utm.campaign …: the campaign of the visit.",
	"owner":    "The rep who already has the lead.",
	"account":  "The rep or team of the company's account in team.yaml.",
	"known":    "known(field): the value has been given.",
	"visited":  `visited("/pricing*"): such a page was seen.`,
	"open":     `open("office"): these hours, or those of this team, are kept now.`,
	"and":      "Both hold.",
	"or":       "One of both holds.",
	"not":      "It does not hold.",
	"in":       `goal in ["demo", "price"], size in 20..199.`,
	"contains": "The text, or the list, has it.",

	"startsWith": "The text begins with it.",
	"endsWith":   "The text ends with it.",
	"matches":    "The text fits a regular expression.",
}

// utmNames are the usual ones.
var utmNames = []string{"source", "medium", "campaign", "term", "content"}

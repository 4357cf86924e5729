package dialogue

import "strings"

// phrases are the words the engine itself says. An author's words come first wherever there are some.
type phrases struct {
	Yes, No string

	Retry     string // what was said does not fit and the type has no words of its own
	NoSkip    string
	FirstOne  string // back at the first question
	Again     string // after "start over"
	Stopped   string
	Over      string // the conversation has ended
	Back      string // the visitor is back after the conversation lapsed
	Calling   string // a person is asked for
	NobodyNow string // nobody came
	Waiting   string // nobody can take the lead now: it waits
	Freed     string // somebody has the lead that waited; followed by the name
	Nobody    string // there is nobody to ask for

	Times       string // which of the times suits
	OtherTimes  string
	Fitting     string // times that fit a wish
	BackTimes   string // times for a visitor who came back
	TakenTimes  string // the chosen one is gone, others are free
	NotThat     string // nothing fits the wish; followed by the times as they were
	NotOffered  string // not one of the times shown
	NoOther     string // no further times
	TakenNone   string // the chosen one is gone, none is left
	BookFailed  string
	Cancelled   string // the meeting does not take place
	Rescheduled string // the visitor chose another time; followed by it
	Shifted     string // the rep chose another time; followed by it
	ClashTimes  string // the rep's calendar took the time that was booked, others are free
	ClashNone   string // … none is left
	ChangeTimes string // the visitor wants the meeting at another time: these are free
	ChangeNone  string // … none is; the meeting stays
	TooNear     string // … and it is too near for that
	PlacedAt    string // followed by the place
	CallAt      string // the place of a call; followed by the visitor's number
	Call        string // the place of a call to a number that is not known
	Moved       string // another person comes to the meeting; followed by the name
	NeedEmail   string
	NeedName    string
	NeedPhone   string
	NeedCompany string
}

var spoken = map[string]*phrases{
	"en": {
		Yes: "Yes", No: "No",
		Retry:     "I did not quite get that. Could you put it another way?",
		NoSkip:    "I do need this one to go on.",
		FirstOne:  "This is the first question, there is nothing to go back to.",
		Again:     "Sure, let us start over.",
		Stopped:   "No problem, we will stop here. Write again any time.",
		Over:      "We are done here, thank you! Write “start over” to begin again, or ask me a question.",
		Back:      "Good to see you again. Let us go on where we were.",
		Calling:   "One moment, I am asking a colleague to join.",
		Waiting:   "Everybody who could help you is busy right now. You are on our list, and we will get back to you as soon as somebody is free.",
		Freed:     "Thank you for waiting. You are in good hands now with",
		NobodyNow: "Sorry, nobody is free to join right now. Let us go on meanwhile.",
		Nobody:    "Sorry, I cannot reach a colleague from here.",

		Times:       "Which time suits you?",
		OtherTimes:  "Here are some other times:",
		Fitting:     "These times fit:",
		BackTimes:   "Good to see you again. These times are free:",
		TakenTimes:  "Sorry, that time has just been taken. These are free:",
		NotThat:     "Sorry, nothing is free then. These times are:",
		NotOffered:  "Please pick one of the times, or tell me when suits you, such as “Thursday after 3”.",
		NoOther:     "Sorry, I have no other times.",
		TakenNone:   "Sorry, that time has just been taken, and I have no other.",
		BookFailed:  "Sorry, I could not book that just now.",
		Cancelled:   "Your meeting is cancelled. Say “start over” whenever you would like another one.",
		Rescheduled: "Done, your meeting is at another time now:",
		Shifted:     "A small change: your meeting is at another time now:",
		ClashTimes:  "Sorry, something came up at the time we agreed, so that meeting cannot take place. These times are free:",
		ClashNone:   "Sorry, something came up at the time we agreed, so that meeting cannot take place, and I have no other time right now.",
		ChangeTimes: "Sure. These times are free:",
		ChangeNone:  "Sorry, I have no other time. Your meeting stays as it is.",
		TooNear:     "Sorry, the meeting is too near to be moved.",
		PlacedAt:    "Your meeting takes place here:",
		CallAt:      "We call you at",
		Call:        "We call you",
		Moved:       "A small change: at the time we agreed you will meet",
		NeedEmail:   "Which e-mail address should the invitation go to?",
		NeedName:    "What is your name?",
		NeedPhone:   "Which phone number can we reach you on?",
		NeedCompany: "Which company are you with?",
	},
}

// phrasesIn are the words in a language, or in its base, or in English.
func phrasesIn(language string) *phrases {
	if p, ok := spoken[language]; ok {
		return p
	}
	base, _, _ := strings.Cut(language, "-")
	if p, ok := spoken[base]; ok {
		return p
	}
	return spoken["en"]
}

// need is the question for a field that an invitation needs and no step asks.
func (p *phrases) need(field string) string {
	switch field {
	case "email":
		return p.NeedEmail
	case "name":
		return p.NeedName
	case "phone":
		return p.NeedPhone
	case "company":
		return p.NeedCompany
	}
	return ""
}

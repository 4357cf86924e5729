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
	NoLetters string // no more letters are wanted

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

// spoken are the languages that there are words in, as elsewhere: of letters and of a meeting's page.
var spoken = map[string]*phrases{"en": &english, "hi": &hindi, "bn": &bangla, "fa": &persian}

// phrasesIn are the words in a language, or in its base, or in English.
func phrasesIn(language string) *phrases {
	if p, ok := spoken[language]; ok {
		return p
	}
	base, _, _ := strings.Cut(language, "-")
	if p, ok := spoken[base]; ok {
		return p
	}
	return &english
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

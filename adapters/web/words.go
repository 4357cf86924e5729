package web

import (
	"strconv"
	"strings"
	"time"
)

// words are what the pages of a meeting say in one language. A test sees to it that none is missing in any.
type words struct {
	Language  string
	Direction string // ltr or rtl

	// How the meeting stands.
	Confirmed, Cancelled, Clashed, Running, Over, Missed, Held string
	ClashedNote                                                string // why another time is needed
	Changed                                                    string // it is not what was booked at first
	Because                                                    string // label of the reason
	InCalendar                                                 string // the reason: it was given up in the rep's calendar

	// What is done to it, said once after it was done.
	MovedNow, CancelledNow string

	When, With, And, Where, Minutes string // Minutes after the number
	Save, AddTo                     string
	Move, ChooseAnother, Cancel     string
	WriteTo                         string // before a rep's name

	TimesTitle, TimesNow, TimesIn, TimesNone, TimesMove, TimesFor string
	Taken, NotOffered, Late, Begun, Back                          string

	CancelTitle, CancelWhy, CancelOptional, CancelYes, CancelNo string

	ExpiredTitle, ExpiredNote string

	// Of letters: no more of them, and the conversation that one leads back to.
	LeaveTitle, LeaveNote, LeaveYes, LeftTitle, LeftNote string
	ResumeTitle, ResumeNote, ResumeScript, LapsedNote    string

	// Of the widget's card.
	CardOpen, CardChange, CardOld string

	weekdays [7]string
	months   [12]string
	digits   string // of 0 to 9; "" = as they are
}

// spoken are the languages of the pages.
var spoken = map[string]*words{"en": &english, "hi": &hindi, "bn": &bangla, "fa": &persian}

// wordsIn are the words in a language, or in its base, or in English.
func wordsIn(language string) *words {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	if w, ok := spoken[base]; ok {
		return w
	}
	return &english
}

// day is a date with its weekday: Monday 23 November 2026. Persian has its own calendar, and ours beside it.
func (w *words) day(t time.Time) string {
	if w == &persian {
		return persianDay(t)
	}
	return w.weekdays[t.Weekday()] + " " + w.number(t.Day()) + " " + w.months[t.Month()-1] + " " + w.number(t.Year())
}

func (w *words) clock(t time.Time) string { return w.figures(t.Format("15:04")) }

// from is the times of a meeting: 10:00 – 10:30.
func (w *words) from(start, end time.Time) string { return w.clock(start) + " – " + w.clock(end) }

func (w *words) number(n int) string { return w.figures(strconv.Itoa(n)) }

// figures writes the digits as the language does.
func (w *words) figures(text string) string {
	if w.digits == "" {
		return text
	}
	own := []rune(w.digits)
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return own[r-'0']
		}
		return r
	}, text)
}

// zoneName is the name of a zone and what it is ahead of UTC at a time, both as they are written everywhere.
func zoneName(t time.Time) string {
	return strings.ReplaceAll(t.Location().String(), "_", " ") + " (" + t.Format("UTC-07:00") + ")"
}

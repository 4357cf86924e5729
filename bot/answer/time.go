package answer

import (
	"time"

	"usher/flows"
)

// TimeWish is what words say about when: "Thursday after 3", "tomorrow morning", "next Tuesday at 3".
type TimeWish struct {
	Days     []flows.Date // wanted days; empty = any
	Weekdays []time.Weekday
	From, To int // minutes since midnight in the visitor's zone; To 0 = open
	At       int // exact minute since midnight; -1 = none
	Number   int // "the second one", "2": 1-based; 0 = none
}

// timeWords are the words of days and times.
type timeWords struct {
	next, this, past, in, later, ago, now, time words
	units                                       map[string]byte // d, w, m, y, and f for fourteen days
	end, start, weekend, workdays, suffixes     words
	vague, bounds, on                           words
	at, after, before, around, between, to, or  words
	am, pm, oclock, half, quarter               words
	minutesPast, minutesTo                      words
	fixed                                       map[string]int
	parts                                       []part
	any                                         phrase
	zones                                       words
}

// part is a part of the day in minutes since midnight.
type part struct {
	phrase   string
	from, to int
}

// ReadTime reads words about a time; ok is false when they say nothing about one.
func ReadTime(q Question, text string) (wish TimeWish, ok bool) { return TimeWish{At: -1}, false }

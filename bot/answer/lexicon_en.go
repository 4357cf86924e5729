package answer

import (
	"strings"
	"time"

	"usher/flows"
)

// english is the language that the others fall back to.
var english = lexicon{
	numbers: map[string]int64{
		"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
		"ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
		"seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40,
		"fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
	},
	hundreds: set("hundred hundreds"),
	scales: map[string]int64{
		"dozen": 12, "dozens": 12, "thousand": 1e3, "thousands": 1e3, "k": 1e3, "grand": 1e3, "lakh": 1e5, "lakhs": 1e5,
		"lac": 1e5, "lacs": 1e5, "million": 1e6, "millions": 1e6, "mio": 1e6, "mn": 1e6, "mln": 1e6, "crore": 1e7,
		"crores": 1e7, "cr": 1e7, "billion": 1e9, "billions": 1e9, "bn": 1e9, "bln": 1e9, "trillion": 1e12,
	},
	suffixes: map[string]int64{"m": 1e6, "b": 1e9, "l": 1e5},
	plurals:  set("hundreds thousands lakhs lacs millions crores billions dozens k m grand cr mn bn"),
	halves:   map[string]decimal{"half": {5, 1}, "quarter": {25, 2}},
	couples:  map[string]int64{"couple": 2},
	zero:     set("none nobody nothing nil"),
	counted: set(`people persons person users user seats seat employees employee staff ppl pax reps rep agents agent members
		member team licenses licences customers x percent pct ish`),
	articles: set("a an"),
	of:       set("of"),
	the:      set("the"),
	and:      set("and"),
	points:   set("point"),
	minus:    set("minus negative"),
	one:      "one",
	notOne:   set("the this that no which any some each every another other first second third fourth fifth next last"),
	fillers: set(`about around roughly approximately approx approximatly circa ca nearly almost like maybe perhaps probably
		some exactly just only say well um uh hmm so ok okay oh hi hello hey a an the i we think guess it's its it is be would
		will on by at honestly actually currently sorry`),
	vague:     set("few several many lots"),
	negations: set("not no never don't dont doesn't doesnt didn't isn't isnt aren't won't cannot can't cant without neither nor haven't hasn't"),
	below:     set("under below less fewer within"),
	than:      set("than"),
	ranges:    set("to till until through between or upto"),
	ordinals: map[string]int{
		"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
		"tenth": 10, "eleventh": 11, "twelfth": 12, "earliest": 1, "soonest": 1, "last": -1, "final": -1, "former": 1, "latter": -1,
	},
	currencies: map[string]string{
		"dollar": "dollar", "dollars": "dollar", "bucks": "dollar", "buck": "dollar", "euro": "EUR", "euros": "EUR",
		"pound": "pound", "pounds": "pound", "quid": "GBP", "sterling": "GBP", "rupee": "rupee", "rupees": "rupee",
		"rs": "rupee", "yen": "JPY", "yuan": "CNY", "rmb": "CNY", "renminbi": "CNY", "taka": "BDT", "tk": "BDT",
		"dirham": "dirham", "dirhams": "dirham", "riyal": "SAR", "riyals": "SAR", "rial": "rial", "rials": "rial",
		"franc": "franc", "francs": "franc", "ringgit": "MYR", "baht": "THB", "won": "KRW", "peso": "peso",
		"pesos": "peso", "rand": "ZAR", "naira": "NGN", "shekel": "ILS", "shekels": "ILS", "zloty": "PLN",
		"krona": "krona", "kronor": "krona", "krone": "krone", "kroner": "krone", "real": "BRL", "reais": "BRL",
		"us dollars": "USD", "us dollar": "USD", "american dollars": "USD", "australian dollars": "AUD",
		"canadian dollars": "CAD", "singapore dollars": "SGD", "indian rupees": "INR", "british pounds": "GBP",
		"pakistani rupees": "PKR", "swiss francs": "CHF", "pounds sterling": "GBP",
	},

	choosing: set(`i i'd i'll id we we'd we'll you it it's its is are am would will like love want need prefer choose pick take
		go for to see the a an my our your me us some please thanks thank with one ones option options number no. choice choices
		just only maybe probably think guess get have do let's lets let can could that this those these of and or ok okay yes yeah yep sure
		hi hello hey about both in on at be interested looking mostly well um so really really! answer select going definitely here`),
	numbering: set("option number no nr choice answer item"),
	all:       phrases("all, all of them, all of these, all of those, all of the above, everything, every one, each of them, the lot, any of them"),
	none:      phrases("none, none of them, none of these, none of those, none of the above, nothing, neither, not any, no one of them"),
	both:      phrases("both, both of them"),
	except:    set("except but excluding"),
	yes: phrases(`yes, y, yep, yeah, yea, yup, ya, yah, aye, ja, true, sure, sure thing, ok, okay, k, of course, absolutely, definitely,
		certainly, indeed, right, correct, exactly, affirmative, totally, please do, go ahead, go for it, sounds good, fine,
		that's right, thats right, that is right, that's correct, i do, we do, i have, we have, i am, we are, i would, we would,
		i think so, i guess so, i believe so, why not, no problem, not a problem, no worries, by all means, for sure, you bet,
		with pleasure, gladly, happy to, we already do, 👍, ✅`),
	no: phrases(`no, n, nope, nah, na, nay, negative, false, never, not really, not at all, not yet, not now, not currently, not at the moment,
		no way, no thanks, no thank you, of course not, absolutely not, definitely not, certainly not, sure not, i don't, i dont,
		we don't, we dont, i do not, we do not, i haven't, we haven't, i'm not, i am not, we aren't, we're not, we are not,
		i wouldn't, we wouldn't, i'd rather not, rather not, prefer not to, i prefer not to, i'd prefer not to, don't think so, i don't think so, i dont think so,
		i do not think so, not interested, incorrect, wrong, i disagree, disagree, i refuse, decline, i decline, 👎, ❌`),
	unsure: phrases(`not sure, i'm not sure, im not sure, i am not sure, we're not sure, no idea, no clue, i don't know, i dont know, i do not know,
		we don't know, dunno, idk, maybe, perhaps, it depends, depends, possibly, not certain, hard to say, yes and no, yes or no`),
	agree: phrases("agree, i agree, we agree, agreed, accept, i accept, we accept, accepted, i consent, consent, i'm ok with that, allow, i allow, i'm in"),

	carriers: set(`it's its it is mail email e-mail mailto address at to me my use here yes yeah sure ok okay or and on am i'm
		please try work via with send contact reach under this that's thats be mine id please, use:`),
	introductions: []string{
		"my name is", "my name's", "my name’s", "my names", "the name is", "name is", "i'm called", "i am called", "i'm", "i’m", "i am",
		"im", "this is", "it's", "it’s", "call me", "you can call me", "please call me", "hi", "hello", "hey",
	},

	countries: map[string]string{
		"uk": "GB", "britain": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
		"northern ireland": "GB", "the uk": "GB", "usa": "US", "us": "US", "america": "US", "the states": "US",
		"states": "US", "united states of america": "US", "holland": "NL", "uae": "AE", "emirates": "AE", "dubai": "AE",
		"abu dhabi": "AE", "south korea": "KR", "korea": severalCountries, "congo": severalCountries, "republic of korea": "KR", "north korea": "KP", "ivory coast": "CI",
		"czech republic": "CZ", "burma": "MM", "swaziland": "SZ", "east timor": "TL", "macedonia": "MK", "vatican": "VA",
		"palestine": "PS", "bharat": "IN", "deutschland": "DE", "prc": "CN", "mainland china": "CN", "hong kong": "HK",
		"macau": "MO", "macao": "MO", "congo kinshasa": "CD", "drc": "CD", "dr congo": "CD", "congo brazzaville": "CG",
		"cape verde": "CV", "ksa": "SA", "nz": "NZ", "russian federation": "RU", "viet nam": "VN", "brasil": "BR",
		"espana": "ES", "turkiye": "TR", "turkey": "TR", "persia": "IR", "eire": "IE", "republic of ireland": "IE",
		"trinidad": "TT", "bosnia": "BA", "ceylon": "LK", "reunion": "RE", "the gambia": "GM", "the bahamas": "BS",
		"the philippines": "PH", "the netherlands": "NL", "phillipines": "PH", "saudi": "SA",
	},

	months: map[string]time.Month{
		"january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5, "june": 6,
		"jun": 6, "july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sep": 9, "sept": 9, "october": 10,
		"oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
	},
	weekdays: map[string]time.Weekday{
		"sunday": 0, "sun": 0, "sundays": 0, "monday": 1, "mon": 1, "mondays": 1, "tuesday": 2, "tue": 2, "tues": 2,
		"tuesdays": 2, "wednesday": 3, "wed": 3, "weds": 3, "wednesdays": 3, "wensday": 3, "thursday": 4, "thu": 4,
		"thur": 4, "thurs": 4, "thursdays": 4, "friday": 5, "fri": 5, "fridays": 5, "saturday": 6, "sat": 6, "saturdays": 6,
	},
	days: []relative{
		{"the day after tomorrow", 2},
		{"day after tomorrow", 2},
		{"day after tmrw", 2},
		{"the day before yesterday", -2},
		{"day before yesterday", -2},
		{"tomorrow", 1},
		{"tmrw", 1},
		{"tmr", 1},
		{"tommorow", 1},
		{"tommorrow", 1},
		{"tomorow", 1},
		{"today", 0},
		{"tonight", 0},
		{"yesterday", -1},
		{"right now", 0},
	},
	when: timeWords{
		next: set("next following"), this: set("this coming"), in: set("in within during mid early late"), later: set("later from"), ago: set("ago"),
		now: set("now today"), time: set("time"),
		units: map[string]byte{
			"day": 'd', "days": 'd', "day's": 'd', "week": 'w', "weeks": 'w', "week's": 'w', "month": 'm', "months": 'm',
			"year": 'y', "years": 'y', "fortnight": 'f', "fortnights": 'f',
		},
		end: set("end eom"), start: set("start beginning"), weekend: set("weekend weekends"),
		workdays: set("weekdays weekday workdays workday"), suffixes: set("st nd rd th"),
		vague: set(`soon later asap eventually sometime someday anytime whenever quarter q1 q2 q3 q4 spring summer autumn winter
			week month year immediately now`),
		anyDay: set("soon later asap eventually sometime someday anytime whenever immediately now"),
		bounds: set("before after until till since"), on: set("on the of by around about at"),
		at: set("at @"), from: set("from since starting"), after: set("after past"), before: set("before by until till"),
		around: set("around about roughly approximately circa ~ say"), between: set("between"), to: set("to till until and through"),
		or: set("or"), am: set("am"), pm: set("pm"), oclock: set("o'clock oclock hrs hours h"), half: set("half"),
		quarter: set("quarter"), minutesPast: set("past after"), minutesTo: set("to before of"),
		fixed: map[string]int{"noon": 720, "midday": 720, "midnight": 1440},
		parts: []part{
			{"early morning", 360, 540},
			{"late morning", 600, 720},
			{"early afternoon", 720, 900},
			{"late afternoon", 900, 1080},
			{"early evening", 1020, 1140},
			{"first thing", 480, 600},
			{"end of the day", 960, 1080},
			{"end of day", 960, 1080},
			{"after lunch", 780, 1080},
			{"before lunch", 360, 720},
			{"after work", 1020, 1320},
			{"after hours", 1080, 1320},
			{"before work", 360, 540},
			{"lunch time", 720, 840},
			{"lunchtime", 720, 840},
			{"lunch", 720, 840},
			{"mornings", 360, 720},
			{"morning", 360, 720},
			{"afternoons", 720, 1080},
			{"afternoon", 720, 1080},
			{"evenings", 1020, 1320},
			{"evening", 1020, 1320},
			{"tonight", 1080, 1440},
			{"night", 1080, 1440},
			{"eod", 960, 1080},
		},
		any: phrases(`any time, anytime, whenever, any day, later, something later, some other time, another time, other times, as soon as possible,
			different time, another day, some other day, other day, other days, different day, a different day, flexible, i'm flexible`),
		zones: set("utc gmt est edt cst cdt mst mdt pst pdt bst cet cest eet ist jst sgt aest aedt et pt ct mt zulu"),
		fits:  set("time slot works work good great perfect fine suits suit best available earliest soonest book sounds"),
	},

	wishes:   englishWishes,
	courtesy: englishCourtesy,
	generic: set(`a an the is are am was be been do does did can could would will shall should may might i i'd you we us our my me your it its
		it's that this these those there here to of in on at for with and or but if so how what what's whats which who whose
		when where why please thanks thank hi hello hey tell know about have has had get got want need like just also any some
		much many yes no not ok okay by from as into up me let more`),
	asking: set("how what what's whats which who when where why is are do does did can could will would should whose"),

	refusals:   englishRefusals,
	yesNo:      [2]string{"Yes", "No"},
	group:      ",",
	point:      ".",
	monthNames: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	dayNames:   [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	date:       dayMonthYear,
	day:        weekdayDayMonth,
	clock:      englishClock,
	lastAnd:    " and ",
	comma:      ", ",
}

// dayMonthYear is 1 December 2026.
func dayMonthYear(l *lexicon, d flows.Date) string {
	return l.number(itoa(d.Day)) + " " + l.monthNames[d.Month-1] + " " + l.number(itoa(d.Year))
}

// weekdayDayMonth is Tuesday 24 November.
func weekdayDayMonth(l *lexicon, t time.Time) string {
	return l.dayNames[t.Weekday()] + " " + l.number(itoa(t.Day())) + " " + l.monthNames[t.Month()-1]
}

// englishClock is 12:00 pm, and 12:00 where the day has 24 hours.
func englishClock(t time.Time, language string) string {
	if strings.EqualFold(language, "en-GB") || strings.EqualFold(language, "en-IE") {
		return t.Format("15:04")
	}
	return t.Format("3:04 pm")
}

var englishRefusals = map[string]string{
	"empty":                 "I did not get an answer. Could you type it once more?",
	"too_long":              "That is more than I can take in at once. Could you say it in fewer words?",
	"too_long/text":         "Please keep it to {} characters.",
	"too_short":             "Could you say a little more? At least {} characters, please.",
	"wrong_form":            "That does not look quite right. Could you check it?",
	"not_a_number":          "A number is enough, for example 25.",
	"not_whole":             "A whole number, please, for example 25.",
	"too_small":             "That is less than I expected: it should be at least {}.",
	"too_large":             "That is more than I expected: it should be at most {}.",
	"range":                 "One number is best, and an estimate is fine, for example 75.",
	"ambiguous":             "I can take that in more than one way. Could you say it differently?",
	"ambiguous/number":      "I am not sure which number you mean. Just the number is enough, for example 25.",
	"ambiguous/money":       "I am not sure which amount you mean. Just the amount is enough, for example 5000.",
	"ambiguous/choice":      "I am not sure which one you mean: {}?",
	"ambiguous/choices":     "I am not sure which ones you mean: {}?",
	"ambiguous/email":       "I see more than one address. Which one should I use?",
	"ambiguous/phone":       "I see more than one number. Which one should I use?",
	"ambiguous/date":        "I am not sure which day you mean. With the month as a word it is clear, for example 1 December 2026.",
	"ambiguous/country":     "I am not sure which country you mean. Could you write its full name?",
	"ambiguous/url":         "I see more than one address. Which one should I use?",
	"not_an_amount":         "An amount is enough, for example 5000.",
	"range/money":           "One amount is best, and an estimate is fine, for example 5000.",
	"not_an_email":          "That does not look like an e-mail address. It should be like name@company.com.",
	"free_mail":             "That looks like a private address. Could you give me your work e-mail?",
	"disposable":            "That address will not last. Could you give me your work e-mail?",
	"typo":                  "Did you mean {}? Please type the address once more.",
	"not_a_phone":           "That does not look like a phone number. Please write it with the country code, for example +44 20 7946 0018.",
	"no_country_code":       "Which country is that number in? Please start with the country code, for example +44 20 7946 0018.",
	"not_a_date":            "A date is enough, for example 1 December 2026.",
	"too_vague":             "Could you name the day? For example 1 December 2026.",
	"too_early":             "That is too early: it should be {} or later.",
	"too_late":              "That is too late: it should be {} or earlier.",
	"not_an_option":         "Please choose one of these: {}.",
	"not_an_option/choices": "Please choose from these: {}.",
	"too_few":               "Please choose at least {}.",
	"too_many":              "Please choose at most {}.",
	"not_a_country":         "I do not know that country. Could you write its full name?",
	"not_a_url":             "That does not look like a web address. It should be like www.company.com.",
	"not_yes_or_no":         "A yes or a no is enough.",
}

var englishCourtesy = phrases(`please, pls, plz, thanks, thank you, hi, hello, hey, ok, okay, well, sorry, um, so, no, yes, just, now,
	can i, can we, could i, could we, may i, can you, could you, would you, let me, let us, let's, lets,
	i want to, i would like to, i'd like to, i'd rather, i would rather, i'd prefer to, i need to, i wanna, i want, i need, i'd like, i would like,
	we want to, we'd like to, we would like to, how do i, how can i, is it possible to, i'll, i will, for now, then, instead`)

var englishWishes = wishes(map[Wish]string{
	WishPerson: `person, human, agent, operator, representative, a person, a human, an agent, a human being, human being, human please, a rep, a representative,
		a real person, real person, real human, a real human, someone, live agent, a live agent, live chat, live person, support agent, customer service, customer support,
		talk to a human, talk to human, talk to a person, talk to a real person, talk to a real human, talk to someone, talk to somebody, talk to an agent, talk to agent, talk to a rep,
		talk to a representative, talk to sales, talk to support, talk to your team, talk to the team, talk to a colleague, talk to someone real, talk to a human being,
		talk with a human, talk with a person, talk with someone, talk with an agent, talk with a real person,
		speak to a human, speak to a person, speak to a real person, speak to someone, speak to somebody, speak to an agent, speak to a rep,
		speak to a representative, speak to sales, speak to support, speak with a human, speak with a person, speak with someone, speak with an agent, speak with a representative,
		chat with a human, chat with a person, chat with someone, chat with an agent, chat to a human, chat to a person, chat to someone,
		get me a human, get me a person, get me an agent, connect me to a human, connect me to a person, connect me to an agent, connect me to someone, connect me with a human,
		connect me with someone, connect me with a person, connect me with an agent, transfer me to an agent, transfer me to a human, put me through, put me through to someone, put me through to a human,
		is there a human, is there anyone there, is anyone there, are you a bot, are you human, are you a robot, are you a human, are you real, i don't want to talk to a bot, not a bot,
		call me a human, human agent, a human agent, talk to a human agent, speak to a human agent, talk to a live agent, talk to a live person, speak to a live person, speak to a live agent,
		talk to a person instead, sales rep, a sales rep, talk to a sales rep, speak to a sales rep, ask a human, contact support, contact a person`,
	WishBack: `back, go back, back please, previous, previous question, go to the previous question, the previous question, last question, back one, one back, step back, go back one, go back one question, one question back,
		undo, go one back, take me back, change my answer, change my last answer, change the last answer, correct my answer, correct my last answer, edit my answer, fix my last answer, i made a mistake, i made a typo, that was wrong, wrong answer`,
	WishSkip: `skip, skip it, skip this, skip that, skip this one, skip this question, skip question, skip the question, pass, next question, i'd rather not say, rather not say, prefer not to say, i prefer not to say, i'd prefer not to say,
		prefer not to answer, i prefer not to answer, i'd rather not answer, rather not answer, not saying, no comment, move on, leave it blank, leave blank, n/a, na`,
	WishRestart: `restart, start over, start again, start from the beginning, start from scratch, begin again, start anew, reset, over again, from the beginning, from the start, start fresh, start new, new conversation, start a new conversation, begin from the start, start all over, start all over again, let's start over`,
	WishStop: `stop, stop it, stop this, stop please, quit, exit, cancel, end, end chat, end the chat, end conversation, end the conversation, end this, close, close chat, close the chat, leave me alone, go away, bye, bye bye, goodbye, good bye, stop chat, stop chatting, stop the chat, stop asking, stop asking me, stop asking questions,
		no more questions, i'm done, im done, i am done, i give up, forget it, never mind, nevermind, stop talking, stop messaging me, stop writing, not interested anymore, i'm leaving, i have to go, i've to go, gotta go, i don't want to continue, i do not want to continue`,
	WishLetters: `unsubscribe, unsubscribe me, no more letters, no more letters please, no more emails, no more emails please, no more e-mails, no more e-mails please, no more mails, stop the letters, stop the emails, stop the e-mails, stop emailing me, stop e-mailing me,
		stop sending letters, stop sending emails, stop sending e-mails, stop sending me letters, stop sending me emails, stop sending me e-mails, stop sending me mails, don't email me, do not email me, don't email me anymore, don't email me again,
		don't write to me, do not write to me, don't write to me again, do not write to me again, don't write to me anymore, don't send me letters, do not send me letters, don't send me emails, do not send me emails, don't send me any more letters, don't send me any more emails,
		remove me from your list, remove me from the list, remove me from your mailing list, take me off your list, take me off the list, take me off your mailing list, opt out, opt me out`,
	WishNone: `none, none of these, none of those, none of them, none of the above, none of these work, none of those work, none of them work, none of these works, none of those works, none of them works, none works, none work, none fits, none fit, none of these fit, none of those fit, none of them fit, none suits, none suit,
		none of these suit, none of those suit, none of these suit me, none of these times work, none of these times, none of the times work, none of those times work, none of these times suit me, none of these work for me, none of those work for me, none of them work for me, none of these times work for me, none of them suit me,
		neither, neither works, neither of these, neither of them, neither of these work, neither works for me, other times, other time, another time, different time, different times, a different time, some other time, more times, more options, show more, show more times, show me more, show me more times, show me other times, show other times, show me more options, show me other options, other options, something else, any other times, any other time, any others, do you have other times, do you have any other times, have you got other times,
		what else, what else do you have, what other times do you have, these don't work, those don't work, they don't work, these don't work for me, those don't work for me, that doesn't work, that doesn't work for me, doesn't work for me, not these, not those, none are good, none of these are good, none is good, i can't make any of these, i can't make any of those, i can't make any of them, can't make any of these, can't do any of these, i can't do any of these, i can't do any of those`,
	WishMove: `reschedule, reschedule it, reschedule this, reschedule that, reschedule the meeting, reschedule my meeting, reschedule our meeting, reschedule this meeting, reschedule the call, reschedule my call, reschedule the demo, reschedule the appointment, reschedule my appointment,
		move it, move the meeting, move my meeting, move our meeting, move this meeting, move the call, move my call, move the demo, move the appointment, move my appointment, move it to another time, move it to another day, move the meeting to another time, move the meeting to another day, move the time,
		change the time, change my time, change the date, change the meeting, change my meeting, change the meeting time, change the time of the meeting, change my appointment, change the appointment, change the day, change to another time, change it to another time,
		pick another time, pick a different time, choose another time, choose a different time, find another time, find a different time, meet at another time, meet another time, meet another day, meet at a different time,
		postpone, postpone it, postpone the meeting, postpone my meeting, postpone the call, postpone the demo, have another time, have a different time, get another time, the time doesn't work, the time doesn't work anymore, that time doesn't work anymore, that time doesn't work any more, i can't make it, i cannot make it, can't make it, cannot make it`,
	WishCancel: `cancel it, cancel that, cancel the meeting, cancel my meeting, cancel our meeting, cancel this meeting, cancel the call, cancel my call, cancel the demo, cancel my demo, cancel the appointment, cancel my appointment, cancel the booking, cancel my booking, call it off, call off the meeting, call the meeting off, delete the meeting, delete my meeting, drop the meeting`,
})

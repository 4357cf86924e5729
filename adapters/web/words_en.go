package web

var english = words{
	Language: "en", Direction: "ltr",
	Confirmed: "Confirmed", Cancelled: "Cancelled", Clashed: "Another time is needed", Running: "Happening now", Over: "This meeting is over",
	Missed: "This meeting did not take place", Held: "Not yet confirmed",
	ClashedNote: "Sorry: something else came up at this time. Please choose another one.",
	Changed:     "This was changed after it was booked. What you see here is how it stands now.",
	Because:     "Reason",
	InCalendar:  "It was cancelled in the host's calendar",
	MovedNow:    "Done: the meeting is at this time now.", CancelledNow: "Done: the meeting is cancelled.",
	When: "When", With: "With", And: "and", Where: "Where", Minutes: "minutes",
	Save: "Save to calendar", AddTo: "Or add it to",
	Move: "Change the time", ChooseAnother: "Choose another time", Cancel: "Cancel the meeting",
	WriteTo:    "Write to",
	TimesTitle: "Which time suits you better?", TimesNow: "Now", TimesIn: "Times are in", TimesNone: "There is no free time at the moment.",
	TimesMove: "Take this time", TimesFor: "with",
	Taken:      "Sorry, that time has just been taken. These are free:",
	NotOffered: "That time is not on offer. These are free:",
	Late:       "The meeting is too close to be moved. You can still cancel it, or write to us.",
	Begun:      "The meeting has begun: it can be changed no more.",
	Back:       "Back",

	CancelTitle: "Cancel this meeting?", CancelWhy: "Why?", CancelOptional: "you may leave it empty", CancelYes: "Yes, cancel it", CancelNo: "No, keep it",
	ExpiredTitle: "This link has run out", ExpiredNote: "Links to a meeting work until 30 days after it. If there is something you need, please write to us.",
	LeaveTitle: "No more letters?", LeaveNote: "We will not write to you any more after this conversation. Letters about a meeting that you book still come.", LeaveYes: "No more letters", LeftTitle: "You will get no more letters", LeftNote: "We will not write to you again. If you book a meeting, its invitation still comes.",
	ResumeTitle: "Go on where we stopped", ResumeNote: "The chat opens in a moment with everything you said before.", ResumeScript: "This page needs JavaScript for the chat.", LapsedNote: "This link was good for 90 days. You can talk with us on our website at any time.",
	CardOpen: "View or save to calendar", CardChange: "View, change or cancel", CardOld: "No longer at this time",

	weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	months:   [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

package mail

import "usher/bot"

var english = words{
	tag: "en", zero: '0',
	months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	days:   [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	subjects: map[string]string{
		bot.MailInvitation: "Invitation", bot.MailUpdate: "Updated invitation", bot.MailCancel: "Cancelled",
		bot.MailClash: "Please choose another time", bot.MailReminder: "Reminder",
	},
	leads: map[string]string{
		bot.MailInvitation: "Your meeting with %s is booked.",
		bot.MailUpdate:     "Your meeting with %s has changed. This is how it stands now.",
		bot.MailCancel:     "Your meeting with %s is cancelled.",
		bot.MailClash:      "We are sorry: %s cannot make the time of your meeting any more. Please choose another time.",
		bot.MailReminder:   "This is a reminder of your meeting with %s.",
	},
	meeting: "Meeting with %s", hello: "Hello %s,", helloAll: "Hello,", and: " and ", comma: ", ", until: " – ",
	what: "What", day: "Day", time: "Time", length: "Length", with: "With", phone: "Phone", place: "Where", reason: "Reason",
	hour: "hour", hours: "hours", minute: "minute", minutes: "minutes",
	calls: "%s calls you: %s", follows: "The link comes in another letter.",
	change: "Choose another time, or cancel", choose: "Choose another time", open: "Open the meeting",
	inCalendar:  "it was cancelled in the host's calendar",
	attached:    "The invitation is attached, for your calendar.",
	goOn:        "Go on with the conversation",
	because:     "You get this letter because you talked with us and gave us this address.",
	unsubscribe: "No more such letters",
	footer:      "Answer this letter, and %s reads it.",
}

// forRep are the first sentences of letters to reps, who are written to in English; %s is the visitor.
var forRep = map[string]string{
	bot.MailInvitation: "%s has booked a meeting with you.",
	bot.MailUpdate:     "Your meeting with %s has changed. This is how it stands now.",
	bot.MailCancel:     "Your meeting with %s is cancelled.",
	bot.MailClash:      "Your calendar has something else at the time of your meeting with %s, who is asked to choose another time.",
	bot.MailReminder:   "This is a reminder of your meeting with %s.",
}

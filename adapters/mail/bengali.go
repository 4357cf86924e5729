package mail

import "usher/bot"

var bengali = words{
	tag: "bn", zero: '০',
	months: [12]string{"জানুয়ারি", "ফেব্রুয়ারি", "মার্চ", "এপ্রিল", "মে", "জুন", "জুলাই", "আগস্ট", "সেপ্টেম্বর", "অক্টোবর", "নভেম্বর", "ডিসেম্বর"},
	days:   [7]string{"রবিবার", "সোমবার", "মঙ্গলবার", "বুধবার", "বৃহস্পতিবার", "শুক্রবার", "শনিবার"},
	subjects: map[string]string{
		bot.MailInvitation: "আমন্ত্রণ", bot.MailUpdate: "পরিবর্তিত আমন্ত্রণ", bot.MailCancel: "বাতিল",
		bot.MailClash: "অনুগ্রহ করে অন্য সময় বেছে নিন", bot.MailReminder: "মনে করিয়ে দেওয়া",
	},
	leads: map[string]string{
		bot.MailInvitation: "%s-এর সঙ্গে আপনার মিটিং ঠিক হয়েছে।",
		bot.MailUpdate:     "%s-এর সঙ্গে আপনার মিটিং বদলেছে। এখন তা এইরকম।",
		bot.MailCancel:     "%s-এর সঙ্গে আপনার মিটিং বাতিল হয়েছে।",
		bot.MailClash:      "আমরা দুঃখিত: আপনার মিটিংয়ের সময়ে %s আর থাকতে পারছেন না। অনুগ্রহ করে অন্য সময় বেছে নিন।",
		bot.MailReminder:   "%s-এর সঙ্গে আপনার মিটিং মনে করিয়ে দিতে এই চিঠি।",
	},
	meeting: "%s-এর সঙ্গে মিটিং", hello: "নমস্কার %s,", helloAll: "নমস্কার,", and: " ও ", comma: ", ", until: " – ",
	what: "বিষয়", day: "দিন", time: "সময়", length: "কতক্ষণ", with: "কার সঙ্গে", phone: "ফোন", place: "কোথায়", reason: "কারণ",
	hour: "ঘণ্টা", hours: "ঘণ্টা", minute: "মিনিট", minutes: "মিনিট",
	calls: "%s আপনাকে এই নম্বরে ফোন করবেন: %s", follows: "লিঙ্ক পরের চিঠিতে আসবে।",
	change: "অন্য সময় বেছে নিন বা বাতিল করুন", choose: "অন্য সময় বেছে নিন", open: "মিটিং খুলুন",
	attached: "আপনার ক্যালেন্ডারের জন্য আমন্ত্রণটি সঙ্গে দেওয়া আছে।",
	footer:   "এই চিঠির উত্তর দিলে %s তা পড়বেন।",
}

//lint:file-ignore ST1018 the zero-width non-joiner is a part of Persian spelling

package mail

import "usher/bot"

var persian = words{
	tag: "fa", rtl: true, zero: '۰', jalali: true,
	months: [12]string{"ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر"},
	days:   [7]string{"یکشنبه", "دوشنبه", "سه\u200cشنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه"},
	subjects: map[string]string{
		bot.MailInvitation: "دعوت\u200cنامه", bot.MailUpdate: "دعوت\u200cنامهٔ تغییریافته", bot.MailCancel: "لغو شد",
		bot.MailClash: "لطفاً زمان دیگری انتخاب کنید", bot.MailReminder: "یادآوری",
	},
	leads: map[string]string{
		bot.MailInvitation: "جلسهٔ شما با %s ثبت شد.",
		bot.MailUpdate:     "جلسهٔ شما با %s تغییر کرده است. اکنون به این شکل است.",
		bot.MailCancel:     "جلسهٔ شما با %s لغو شد.",
		bot.MailClash:      "متأسفیم: %s دیگر نمی\u200cتواند در زمان جلسهٔ شما حاضر باشد. لطفاً زمان دیگری انتخاب کنید.",
		bot.MailReminder:   "این نامه یادآوری جلسهٔ شما با %s است.",
	},
	meeting: "جلسه با %s", hello: "سلام %s،", helloAll: "سلام،", and: " و ", comma: "، ", until: " تا ",
	what: "موضوع", day: "روز", time: "ساعت", length: "مدت", with: "با", phone: "تلفن", place: "کجا", reason: "دلیل",
	hour: "ساعت", hours: "ساعت", minute: "دقیقه", minutes: "دقیقه",
	calls: "%s با این شماره به شما زنگ می\u200cزند: %s", follows: "پیوند در نامهٔ بعدی می\u200cآید.",
	change: "انتخاب زمان دیگر یا لغو", choose: "انتخاب زمان دیگر", open: "باز کردن جلسه",
	inCalendar:  "در تقویم میزبان لغو شده است",
	attached:    "دعوت\u200cنامه برای تقویم شما پیوست شده است.",
	goOn:        "ادامهٔ گفت‌وگو",
	because:     "این نامه را می‌گیرید چون با ما گفت‌وگو کردید و این نشانی را دادید.",
	unsubscribe: "دیگر چنین نامه‌ای نفرستید",
	footer:      "به این نامه پاسخ دهید تا %s آن را بخواند.",
}

// jalaliMonths are those of the Solar Hijri calendar.
var jalaliMonths = [12]string{"فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"}

//lint:file-ignore ST1018 the zero-width non-joiner is a part of Persian spelling

package web

import (
	"time"

	"github.com/jalaali/go-jalaali"
)

var persian = words{
	Language: "fa", Direction: "rtl",
	Confirmed: "قطعی", Cancelled: "لغو شده", Clashed: "زمان دیگری لازم است", Running: "هم‌اکنون در جریان است", Over: "این جلسه به پایان رسیده است",
	Missed: "این جلسه برگزار نشد", Held: "هنوز قطعی نیست",
	ClashedNote: "متأسفیم: در این زمان کار دیگری پیش آمد. لطفاً زمان دیگری انتخاب کنید.",
	Changed:     "این جلسه پس از رزرو تغییر کرده است. آنچه اینجا می‌بینید وضعیت کنونی آن است.",
	Because:     "دلیل",
	InCalendar:  "در تقویم میزبان لغو شده است",
	MovedNow:    "انجام شد: جلسه اکنون در این زمان است.", CancelledNow: "انجام شد: جلسه لغو شد.",
	When: "زمان", With: "با", And: "و", Where: "مکان", Minutes: "دقیقه",
	Save: "ذخیره در تقویم", AddTo: "یا افزودن به",
	Move: "تغییر زمان", ChooseAnother: "انتخاب زمان دیگر", Cancel: "لغو جلسه",
	WriteTo:    "نامه به",
	TimesTitle: "چه زمانی برای شما بهتر است؟", TimesNow: "اکنون", TimesIn: "زمان‌ها به وقت", TimesNone: "در حال حاضر زمان آزادی نیست.",
	TimesMove: "همین زمان", TimesFor: "با",
	Taken:      "متأسفیم، آن زمان همین حالا گرفته شد. این زمان‌ها آزادند:",
	NotOffered: "متأسفیم، آن زمان جزو زمان‌های پیشنهادی نیست. این زمان‌ها آزادند:",
	Late:       "جلسه بسیار نزدیک است و نمی‌توان آن را جابه‌جا کرد. می‌توانید آن را لغو کنید یا به ما بنویسید.",
	Begun:      "جلسه آغاز شده است و دیگر نمی‌توان آن را تغییر داد.",
	Back:       "بازگشت",

	CancelTitle: "این جلسه لغو شود؟", CancelWhy: "چرا؟", CancelOptional: "می‌توانید خالی بگذارید", CancelYes: "بله، لغو شود", CancelNo: "نه، بماند",
	ExpiredTitle: "اعتبار این پیوند به پایان رسیده است", ExpiredNote: "پیوند هر جلسه تا ۳۰ روز پس از آن کار می‌کند. اگر چیزی لازم دارید، لطفاً به ما بنویسید.",
	LeaveTitle: "دیگر نامه نفرستیم؟", LeaveNote: "از این پس دربارهٔ این گفت‌وگو به شما نامه نمی‌نویسیم. اگر جلسه‌ای رزرو کنید، نامه‌های آن همچنان می‌آید.", LeaveYes: "دیگر نامه نفرستید", LeftTitle: "دیگر نامه‌ای نمی‌گیرید", LeftNote: "دیگر به شما نمی‌نویسیم. اگر جلسه‌ای رزرو کنید، دعوت‌نامهٔ آن همچنان می‌آید.",
	ResumeTitle: "از همان‌جا که ماندیم ادامه دهید", ResumeNote: "گفت‌وگو همین حالا باز می‌شود و هر چه پیش‌تر گفتید در آن هست.", ResumeScript: "برای گفت‌وگو، جاوااسکریپت باید روشن باشد.", LapsedNote: "این پیوند ۹۰ روز اعتبار داشت. هر زمان که بخواهید می‌توانید در وب‌سایت ما گفت‌وگو کنید.",
	CardOpen: "دیدن یا ذخیره در تقویم", CardChange: "دیدن، تغییر یا لغو", CardOld: "دیگر در این زمان نیست",

	weekdays: [7]string{"یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه"},
	months:   [12]string{"ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر"},
	digits:   "۰۱۲۳۴۵۶۷۸۹",
}

var jalaliMonths = [12]string{"فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"}

// persianDay is the day in the Jalali calendar, and in the Gregorian beside it: دوشنبه ۲ آذر ۱۴۰۵ (۲۳ نوامبر ۲۰۲۶).
func persianDay(t time.Time) string {
	w := &persian
	gregorian := w.number(t.Day()) + " " + w.months[t.Month()-1] + " " + w.number(t.Year())
	year, month, day, err := jalaali.ToJalaali(t.Date())
	if err != nil { // a year that no calendar's meeting is in
		return w.weekdays[t.Weekday()] + " " + gregorian
	}
	return w.weekdays[t.Weekday()] + " " + w.number(day) + " " + jalaliMonths[month-1] + " " + w.number(year) + " (" + gregorian + ")"
}

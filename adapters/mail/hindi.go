package mail

import "usher/bot"

var hindi = words{
	tag: "hi", zero: '०',
	months: [12]string{"जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"},
	days:   [7]string{"रविवार", "सोमवार", "मंगलवार", "बुधवार", "गुरुवार", "शुक्रवार", "शनिवार"},
	subjects: map[string]string{
		bot.MailInvitation: "निमंत्रण", bot.MailUpdate: "बदला हुआ निमंत्रण", bot.MailCancel: "रद्द",
		bot.MailClash: "कृपया दूसरा समय चुनें", bot.MailReminder: "याद दिलाने के लिए",
	},
	leads: map[string]string{
		bot.MailInvitation: "%s के साथ आपकी मीटिंग तय हो गई है।",
		bot.MailUpdate:     "%s के साथ आपकी मीटिंग में बदलाव हुआ है। अब वह इस प्रकार है।",
		bot.MailCancel:     "%s के साथ आपकी मीटिंग रद्द हो गई है।",
		bot.MailClash:      "हमें खेद है: आपकी मीटिंग के समय %s अब उपलब्ध नहीं हैं। कृपया दूसरा समय चुनें।",
		bot.MailReminder:   "%s के साथ आपकी मीटिंग की याद दिलाने के लिए यह पत्र है।",
	},
	meeting: "%s के साथ मीटिंग", hello: "नमस्ते %s,", helloAll: "नमस्ते,", and: " और ", comma: ", ", until: " – ",
	what: "विषय", day: "दिन", time: "समय", length: "अवधि", with: "किसके साथ", phone: "फ़ोन", place: "कहाँ", reason: "कारण",
	hour: "घंटा", hours: "घंटे", minute: "मिनट", minutes: "मिनट",
	calls: "%s आपको इस नंबर पर फ़ोन करेंगे: %s", follows: "लिंक अगले पत्र में आएगा।",
	change: "दूसरा समय चुनें या रद्द करें", choose: "दूसरा समय चुनें", open: "मीटिंग खोलें",
	inCalendar:  "मेज़बान के कैलेंडर में इसे रद्द कर दिया गया",
	attached:    "आपके कैलेंडर के लिए निमंत्रण साथ में जुड़ा है।",
	goOn:        "बातचीत आगे बढ़ाएँ",
	because:     "आपको यह पत्र इसलिए मिला है क्योंकि आपने हमसे बात की थी और यह पता दिया था।",
	unsubscribe: "ऐसे पत्र अब न भेजें",
	footer:      "इस पत्र का उत्तर दें, उसे %s पढ़ेंगे।",
}

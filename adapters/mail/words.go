package mail

import "strings"

// words are what letters say in one language. In sentences %s stands for names and links.
type words struct {
	tag      string // BCP 47
	rtl      bool
	zero     rune // the script's digit 0
	jalali   bool // days are told by the Solar Hijri calendar too
	months   [12]string
	days     [7]string         // from Sunday
	subjects map[string]string // by the job's event
	leads    map[string]string // by the job's event; %s is with whom
	meeting  string            // a meeting without a title; %s is with whom
	hello    string            // %s is the visitor
	helloAll string            // a visitor without a name
	and      string            // between the last two of several names
	comma    string
	until    string // between the beginning and the end

	what, day, time, length, with, phone, place, reason string // labels

	hour, hours, minute, minutes string
	calls                        string // the place of a call; %s is who calls, then the number
	follows                      string // a place that is made with the event
	change                       string // what the meeting's page is for
	choose                       string // what it is for after a clash
	open                         string // what it is for, to the rep
	inCalendar                   string // why it is off: it was given up in the rep's calendar
	attached                     string // that the invitation is attached
	goOn                         string // what the link of a letter to somebody who is not ready is for
	because                      string // why they get it
	unsubscribe                  string
	footer                       string // that an answer comes to somebody; %s is who
}

// spoken finds the words of a language, by its first part; English where there are none.
func spoken(tag string) *words {
	base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(tag), "_", "-"), "-")
	switch base {
	case "hi":
		return &hindi
	case "bn":
		return &bengali
	case "fa":
		return &persian
	}
	return &english
}

// digits writes ASCII digits in the language's own script.
func (w *words) digits(s string) string {
	if w.zero == '0' {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + w.zero
		}
		return r
	}, s)
}

// apart keeps a value together that may run in the other direction than the words around it (Unicode UAX 9, isolates).
func (w *words) apart(s string) string {
	if s == "" || !w.rtl && !strings.ContainsFunc(s, rightToLeft) {
		return s
	}
	return "\u2068" + s + "\u2069"
}

// rightToLeft says whether a letter is of Hebrew, Arabic or a script beside them.
func rightToLeft(r rune) bool {
	return r >= 0x590 && r <= 0x8ff || r >= 0xfb1d && r <= 0xfeff || r >= 0x10800 && r <= 0x10fff || r >= 0x1e800 && r <= 0x1efff
}

// names lists people.
func (w *words) names(all []string) string {
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	last := len(all) - 1
	return strings.Join(all[:last], w.comma) + w.and + all[last]
}

package answer

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"usher/flows"
)

// wishes are lines of words about a time and what is understood: days, weekdays, from-to, @exact, #number.
func TestWordsAboutATime(t *testing.T) {
	lines := []says{
		{"2", "#2"},
		{"the second one", "#2"},
		{"option 3 please", "#3"},
		{"first", "#1"},
		{"#1", "#1"},
		{"2nd", "#2"},
		{"two", "#2"},
		{"the earliest", "#1"},
		{"1 works for me", "#1"},
		{"Thursday after 3", "Thu 15:00-"},
		{"thursdays after 3pm", "Thu 15:00-"},
		{"next Tuesday at 3", "1/12,24/11 @15:00"},
		{"tomorrow morning", "24/11 06:00-12:00"},
		{"3pm", "@15:00"},
		{"3 p.m.", "@15:00"},
		{"15:00", "@15:00"},
		{"15h", "@15:00"},
		{"after lunch", "13:00-18:00"},
		{"before noon", "-12:00"},
		{"any time Friday", "Fri"},
		{"24 Nov at 10", "24/11 @10:00"},
		{"at 10", "@10:00"},
		{"10", "@10:00"},
		{"at two", "@14:00"},
		{"three o'clock", "@15:00"},
		{"Tuesday 24 November, 12:00 pm", "24/11 @12:00"},
		{"Wed 25 Nov 3:30pm", "25/11 @15:30"},
		{"2026-11-25 at 14:30", "25/11 @14:30"},
		{"Wednesday, 2pm", "Wed @14:00"},
		{"Thursday 3", "Thu @15:00"},
		{"the 2pm one", "@14:00"},
		{"between 2 and 4", "14:00-16:00"},
		{"2-4pm", "14:00-16:00"},
		{"11-1pm", "11:00-13:00"},
		{"9 to 5", "09:00-17:00"},
		{"from 9", "09:00-"},
		{"from 9 to 11 tomorrow", "24/11 09:00-11:00"},
		{"after 11 before 1", "11:00-13:00"},
		{"3 or 4", "15:00-16:01"},
		{"around 3", "14:30-15:31"},
		{"by 4", "-16:00"},
		{"half past 3", "@15:30"},
		{"quarter to 4", "@15:45"},
		{"noon", "@12:00"},
		{"9:30", "@09:30"},
		{"09:30", "@09:30"},
		{"03:00", "@03:00"},
		{"7", "#7"},
		{"7am", "@07:00"},
		{"12am", "@00:00"},
		{"12pm", "@12:00"},
		{"tomorrow at 8 in the evening", "24/11 @20:00"},
		{"8 in the morning", "@08:00"},
		{"6 in the morning", "@06:00"},
		{"Monday or Tuesday afternoon", "Mon,Tue 12:00-18:00"},
		{"early morning", "06:00-09:00"},
		{"mornings", "06:00-12:00"},
		{"tonight", "23/11 18:00-24:00"},
		{"end of day", "16:00-18:00"},
		{"Friday late afternoon", "Fri 15:00-18:00"},
		{"morning after 10", "10:00-12:00"},
		{"tomorrow or Friday", "24/11,27/11"},
		{"in 3 days", "26/11"},
		{"the 24th", "24/11"},
		{"next week", "30/11,1/12,2/12,3/12,4/12,5/12,6/12"},
		{"next week Tuesday", "1/12"},
		{"Tuesday next week after 2", "1/12 14:00-"},
		{"this week", "23/11,24/11,25/11,26/11,27/11,28/11,29/11"},
		{"at the weekend", "Sun,Sat"},
		{"on a weekday", "Mon,Tue,Wed,Thu,Fri"},
		{"not Monday", "Sun,Tue,Wed,Thu,Fri,Sat"},
		{"before Thursday", "23/11,24/11,25/11"},
		{"later", "any"},
		{"any time", "any"},
		{"asap", "any"},
		{"some other time", "any"},
	}
	for _, line := range lines {
		t.Run(line.typed, func(t *testing.T) {
			wish, ok := ReadTime(Question{Language: "en", Now: aMonday}, line.typed)
			if got := understood(wish); !ok || got != line.want {
				t.Errorf("%q is understood (%v) as %q, want %q", line.typed, ok, got, line.want)
			}
		})
	}
}

func TestWordsThatSayNothingAboutATime(t *testing.T) {
	for _, typed := range []string{
		"", "hello", "none of these", "we use 3 tools", "what does it cost?", "3pm EST", "15:00 UTC", "Monday 24 November", "not at 3", "25:00", "13pm at 99", "last", "0", "yes", "talk to a person", "30 February",
		strings.Repeat("tomorrow ", 100),
	} {
		if wish, ok := ReadTime(Question{Language: "en", Now: aMonday}, typed); ok {
			t.Errorf("%q is understood as %q", typed, understood(wish))
		}
	}
}

// understood writes a wish as the specification does.
func understood(w TimeWish) string {
	var parts, days []string
	for _, d := range w.Days {
		days = append(days, fmt.Sprintf("%d/%d", d.Day, d.Month))
	}
	for _, d := range w.Weekdays {
		days = append(days, d.String()[:3])
	}
	if len(days) > 0 {
		parts = append(parts, strings.Join(days, ","))
	}
	if w.From > 0 || w.To > 0 {
		parts = append(parts, hours(w.From)+"-"+hours(w.To))
	}
	if w.At >= 0 {
		parts = append(parts, fmt.Sprintf("@%02d:%02d", w.At/60, w.At%60))
	}
	if w.Number > 0 {
		parts = append(parts, fmt.Sprintf("#%d", w.Number))
	}
	if len(parts) == 0 {
		return "any"
	}
	return strings.Join(parts, " ")
}

func hours(m int) string {
	if m == 0 {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", m/60, m%60)
}

func TestATimeThatIsShownIsUnderstood(t *testing.T) {
	for h := range 48 {
		start := aMonday.Add(time.Duration(h*37) * 30 * time.Minute)
		for _, language := range []string{"en", "en-GB", "en-US"} {
			day, clock := ShowTime(start, language)
			wish, ok := ReadTime(Question{Language: language, Now: aMonday}, day+", "+clock)
			want := flows.Date{Year: start.Year(), Month: start.Month(), Day: start.Day()}
			if !ok || len(wish.Days) != 1 || wish.Days[0] != want || wish.At != start.Hour()*60+start.Minute() {
				t.Errorf("%s, %s is understood (%v) as %s", day, clock, ok, understood(wish))
			}
		}
	}
}

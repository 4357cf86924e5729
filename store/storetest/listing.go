package storetest

import (
	"fmt"
	"testing"
	"time"

	"usher/bot"
)

func listings(t *testing.T, fresh Database) {
	uids := func(w world, q bot.MeetingQuery) (out []string) {
		all, err := w.ListMeetings(w.ctx, q)
		w.must(err)
		for _, m := range all {
			out = append(out, m.UID)
		}
		return out
	}
	tell(t, fresh, "meetings come by their start, confirmed and cancelled, each once, also those a rep comes to", func(w world) {
		for i, m := range []bot.Meeting{
			attended("b", "asha", noon.Add(time.Hour), "ben cleo"), meeting("a", "ben", noon), cancelled("c", "ben", noon.Add(time.Hour)),
			hold("held", "cleo", noon), meeting("d", "cleo", noon.Add(2*time.Hour)),
		} {
			w.commits(with(turn(fmt.Sprint("c", i), 0), m))
		}
		w.same(uids(w, bot.MeetingQuery{Limit: 9}), []string{"a", "b", "c", "d"})
		w.same(uids(w, bot.MeetingQuery{Rep: "ben", Limit: 9}), []string{"a", "b", "c"})
		w.same(uids(w, bot.MeetingQuery{Rep: "asha", Limit: 9}), []string{"b"})
		w.same(uids(w, bot.MeetingQuery{From: noon.Add(30 * time.Minute), To: noon.Add(2 * time.Hour), Limit: 9}), []string{"b", "c"})
	})
	tell(t, fresh, "page by page, what was there from the beginning comes once, whatever is booked meanwhile", func(w world) {
		for i := range 7 { // two begin at one time
			w.commits(with(turn(fmt.Sprint("c", i), 0), meeting(fmt.Sprint("m", i), fmt.Sprint("r", i), noon.Add(time.Duration(i/2)*time.Hour))))
		}
		var got []string
		q := bot.MeetingQuery{Limit: 2}
		for n := 0; ; n++ {
			page, err := w.ListMeetings(w.ctx, q)
			w.must(err)
			if len(page) == 0 {
				break
			}
			for _, m := range page {
				if m.UID[0] == 'm' {
					got = append(got, m.UID)
				}
			}
			q.After = page[len(page)-1]
			w.commits(with(turn(fmt.Sprint("x", n), 0), meeting(fmt.Sprint("x", n), fmt.Sprint("s", n), noon.Add(time.Duration(n%4)*time.Hour))))
		}
		w.same(got, []string{"m0", "m1", "m2", "m3", "m4", "m5", "m6"})
	})
}

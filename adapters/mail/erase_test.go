package mail

import (
	"testing"

	"usher/bot"
)

func TestErasingListsLettersThatWentOutAndNoOthers(t *testing.T) {
	link := func(kind, key, value string) bot.Record {
		return bot.Record{Table: "link", Values: map[string]string{"kind": kind, "key": key, "value": value}}
	}
	job := func(id, kind, state, attempts string) bot.Record {
		return bot.Record{Table: "job", Values: map[string]string{"id": id, "kind": kind, "state": state, "attempts": attempts}}
	}
	letter := bot.Record{Table: "follow_up_letter"}
	meeting := bot.Record{Table: "meeting", Values: map[string]string{"status": bot.Confirmed}}
	for want, rows := range map[string][]bot.Record{
		"": {meeting, job("m1", bot.JobMail, bot.JobDone, "1"), job("l1", bot.JobLetter, bot.JobReady, "0"), letter},
		"letters about 1 meeting: they lie in their mailbox and in those of reps; delete them there":                        {meeting, link(threadLink, "uid visitor", "{}"), link(threadLink, "uid rep asha", "{}"), link(sentLink, "id", "m1")},
		"1 letter: they lie in their mailbox and in those of reps; delete them there":                                       {link(sentLink, "id", "m1")},
		"2 letters of sequences: they lie in their mailbox and in those of reps; delete them there":                         {letter, letter, letter, job("l3", bot.JobLetter, bot.JobReady, "0"), job("l2", bot.JobLetter, bot.JobDone, "1"), link(sentLink, "id", "l2")},
		"1 letter that may still have gone out: they lie in their mailbox and in those of reps; delete them there":          {letter, job("l1", bot.JobLetter, bot.JobRunning, "1")},
		"letters about 1 meeting, 1 letter of sequences: they lie in their mailbox and in those of reps; delete them there": {letter, link(threadLink, "uid visitor", "{}"), link(sentLink, "id", "m1")},
	} {
		if got := (Eraser{}).Trace(bot.Subject{}, rows).Left; got != want {
			t.Errorf("%q instead of %q", got, want)
		}
	}
}

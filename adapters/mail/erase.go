package mail

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"usher/bot"
)

// Place is what erasures call mailboxes.
const Place = "mail"

// Eraser says which letters lie in mailboxes that are somebody else's. It reaches none.
type Eraser struct{}

var _ bot.Eraser = Eraser{}

// Trace counts what the mail server took, as far as is remembered: meetings that were written about for as long as they are
// kept, any other letter for as long as its job is.
func (Eraser) Trace(_ bot.Subject, rows []bot.Record) (t bot.Traced) {
	meetings, gone := map[string]bool{}, map[string]bool{}
	for _, l := range bot.KeptLinks(rows) {
		switch l.Kind {
		case threadLink:
			meeting, _, _ := strings.Cut(l.Key, " ")
			meetings[meeting] = true
		case sentLink:
			gone[l.Value] = true
		}
	}
	sequence, unsure := 0, 0
	for _, r := range rows {
		if r.Table == "follow_up_letter" {
			sequence++
		}
	}
	for _, j := range bot.KeptJobs(rows) {
		if j.Kind == bot.JobLetter && !gone[j.ID] {
			sequence-- // planned, and not sent
		}
		if (j.Kind == bot.JobMail || j.Kind == bot.JobLetter) && j.Unsure() && !gone[j.ID] {
			unsure++
		}
	}
	var what []string
	switch {
	case len(meetings) > 0:
		what = append(what, "letters about "+counted(len(meetings), "meeting"))
	case len(gone) > 0 && sequence <= 0:
		what = append(what, counted(len(gone), "letter"))
	}
	if sequence > 0 {
		what = append(what, counted(sequence, "letter")+" of sequences")
	}
	if unsure > 0 {
		what = append(what, counted(unsure, "letter")+" that may still have gone out")
	}
	if len(what) > 0 {
		t.Left = strings.Join(what, ", ") + ": they lie in their mailbox and in those of reps; delete them there"
	}
	return t
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Erase is never asked: there is nothing that could be reached.
func (Eraser) Erase(context.Context, json.RawMessage) (left string, err error) { return "", nil }

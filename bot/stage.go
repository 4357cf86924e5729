package bot

import (
	"fmt"
	"slices"
	"strings"

	"usher/flows"
)

// Stages are all of them in their order. Of two persons who turn out to be one, the later counts.
var Stages = []string{
	StageVisitor, StageNurture, StageWaitlist, StageMQL, StageDisqualified, StageSAL, StageSQL, StageLost, StageWon,
}

// StageRule is how a fact moves a person without anybody's doing. What no rule says does not happen: won and lost are
// reached by hand, API or CRM alone and left by them alone, so that a customer who comes back stays one; nothing goes
// back by itself but the end of waiting; by hand anything goes, with a reason.
type StageRule struct {
	fact    fact
	From    []string
	To      string // "" = the stage before
	Because string // the words of the trail; %s is the fact's own
	Doc     string
}

// StageRules are asked in this order, each of them of every new fact.
var StageRules = []StageRule{
	{
		fact{factGraded, ""},
		[]string{StageVisitor, StageNurture, StageWaitlist},
		StageMQL, "grade %s",
		"A grade that is not the flow's lowest says that somebody should talk to them.",
	},
	{
		fact{factEnded, flows.Qualified},
		[]string{StageVisitor, StageNurture, StageWaitlist, StageDisqualified},
		StageMQL, "the conversation ended qualified",
		"The author's end says so, whatever the grade, and also of somebody who was disqualified earlier.",
	},
	{
		fact{factEnded, flows.Disqualified},
		[]string{StageVisitor, StageNurture, StageWaitlist, StageMQL},
		StageDisqualified, "%s",
		"The author's end says so, with the author's reason, unless a rep has accepted them.",
	},
	{
		fact{factEnded, flows.Waitlist},
		[]string{StageVisitor, StageNurture, StageMQL},
		StageWaitlist, "%s",
		"The author's end says so: they are to be written to at the revisit.",
	},
	{
		fact{factEnded, flows.Nurture},
		[]string{StageVisitor},
		StageNurture, "the conversation ended in nurture",
		"Of somebody whom the grade does not call a lead; who is one already stays one.",
	},
	{
		fact{factOver, ""},
		[]string{StageWaitlist},
		"", "the time on the waiting list is over",
		"They are what they were before they waited.",
	},
	{
		fact{factClaimed, ""},
		[]string{StageVisitor, StageNurture, StageWaitlist, StageMQL, StageDisqualified},
		StageSAL, "%s",
		"A rep who claims a lead accepts it, and whoever gives it to a rep accepts it for them.",
	},
	{
		fact{factBooked, ""},
		[]string{StageVisitor, StageNurture, StageWaitlist, StageMQL, StageDisqualified},
		StageSAL, "a meeting is booked",
		"Who gets a rep's time is accepted.",
	},
	{
		fact{factMet, ""},
		[]string{StageVisitor, StageNurture, StageWaitlist, StageMQL, StageDisqualified, StageSAL},
		StageSQL, "a meeting was held",
		"A meeting that is over, and of which nobody said that the visitor did not come.",
	},
}

// moves says whether the rule moves a person who is at a stage when they hear of a fact.
func (r StageRule) moves(stage string, f fact) bool {
	return r.fact.kind == f.kind && (r.fact.of == "" || r.fact.of == f.of) && slices.Contains(r.From, stage)
}

// words is why the rule moved the person.
func (r StageRule) words(t *talk) string {
	if !strings.Contains(r.Because, "%s") {
		return r.Because
	}
	of := t.State.Reason
	switch {
	case r.fact.kind == factGraded:
		of = t.State.Score.Grade
	case r.fact.kind == factClaimed && t.handedBy() != "":
		of = t.handedBy() + " gave the lead to " + t.State.Claimed
	case r.fact.kind == factClaimed:
		of = t.State.Claimed + " claimed the lead"
	case of == "":
		of = "the conversation ended in " + t.State.End
	}
	return fmt.Sprintf(r.Because, of)
}

// ranked is the place of a stage in their order.
func ranked(stage string) int { return slices.Index(Stages, stage) }

// stageBefore is the stage that a person had before the last time it got one, "" where the trail does not say.
func stageBefore(trail []Change, stage string) string {
	for _, c := range slices.Backward(trail) {
		if c.Kind == ChangedStage && c.To == stage {
			return c.From
		}
	}
	return ""
}

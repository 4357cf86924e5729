package slack

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"usher/bot"
	"usher/flows"
)

// leadCard is a lead as reps see it: everything on one message, with what can be done about it now.
type leadCard struct {
	bot.Card
	roster     *flows.Roster
	now        time.Time
	transcript string // where it is read; "" = it comes into the thread
}

// newestPages is how many of the pages seen a card names.
const newestPages = 8

// text is what notifications show.
func (c leadCard) text() string {
	return fmt.Sprintf("%s, %s, for %s", escape(c.who()), c.grade(), escape(nameOf(c.roster, c.Owner.ID)))
}

func (c leadCard) blocks() []slack.Block {
	all := []slack.Block{
		slack.NewHeaderBlock(caption(tame.Replace(clip(c.who(), maxHeader)))),
		slack.NewSectionBlock(nil, c.facts(), nil),
		para(c.score()),
	}
	if len(c.Answers) > 0 {
		all = append(all, para(c.answers()))
	}
	return append(all, para(c.way()), para(c.meeting()), para(c.why()), note(c.status()), slack.NewActionBlock("", c.buttons()...))
}

// tame is for the header, where nothing is escaped.
var tame = strings.NewReplacer("<", "‹", ">", "›")

// who is the person and the company, as far as they are known.
func (c leadCard) who() string {
	who := clip(cmp.Or(c.Lead.Name, c.Lead.Email, c.Lead.Phone, "A visitor"), maxHeader/2)
	if c.Lead.Company != "" {
		who += ", " + clip(c.Lead.Company, maxHeader/3)
	}
	return who
}

// grade is the score with its name: "hot (70)".
func (c leadCard) grade() string {
	if c.Grade == "" {
		return points(c.Score)
	}
	return escape(c.Grade) + " (" + points(c.Score) + ")"
}

// facts are the short ones, two in a row.
func (c leadCard) facts() []*slack.TextBlockObject {
	var all []*slack.TextBlockObject
	fact := func(label, text string) {
		if text != "" {
			all = append(all, rich("*"+label+"*\n"+text))
		}
	}
	fact("Grade", c.grade())
	if c.Owner.ID != "" {
		fact("Rep", mention(c.roster, c.Owner.ID))
	}
	fact("E-mail", quote(c.Lead.Email))
	fact("Phone", quote(c.Lead.Phone))
	fact("Company", quote(c.Lead.Company))
	fact("Team", quote(c.Team))
	fact("Language and zone", quote(strings.Trim(c.Language+", "+c.Timezone, ", ")))
	fact("Stage", quote(strings.ReplaceAll(c.Stage, "_", " ")))
	fact("Began", when(c.Began))
	return all
}

// score is the sum with what it is made of.
func (c leadCard) score() string {
	head := "*Score " + points(c.Score) + "*"
	for i, p := range c.Parts {
		sep := ", "
		if i == 0 {
			sep = ": "
		}
		head += sep + escape(clip(p.Name, maxPart)) + " " + points(p.Points)
	}
	lines := []string{head}
	for _, r := range c.Reasons {
		line := "• " + signed(r.Points) + "  " + quote(r.Because)
		if r.Part != "" {
			line += " _(" + quote(r.Part) + ")_"
		}
		lines = append(lines, line)
	}
	if len(c.Reasons) == 0 {
		lines = append(lines, "No rule holds yet.")
	}
	return list(lines, maxSection)
}

func (c leadCard) answers() string {
	lines := []string{"*Answers*"}
	for _, a := range c.Answers {
		lines = append(lines, "• "+quote(cmp.Or(a.Label, a.Field))+": "+quote(a.Shown))
	}
	return list(lines, maxSection)
}

// way is where the visitor came from and went.
func (c leadCard) way() string {
	lines := append([]string{"*Came from* " + cmp.Or(quote(c.Source), "nowhere we know of")}, c.earlier()...)
	pages := slices.CompactFunc(slices.Clone(c.Pages), func(a, b flows.PageView) bool { return a.Path == b.Path })
	if over := len(pages) - newestPages; over > 0 {
		pages = pages[over:]
		lines = append(lines, fmt.Sprintf("_%d earlier pages_", over))
	}
	for _, p := range pages {
		lines = append(lines, "• "+quote(p.Path))
	}
	return list(lines, maxSection)
}

// earlier are the person's other conversations, and where they came from first.
func (c leadCard) earlier() (lines []string) {
	if f := c.First; f.At.Before(c.Began) && !f.At.IsZero() {
		lines = append(lines, "*First came from* "+cmp.Or(quote(cmp.Or(f.UTM["source"], f.Referrer, f.Channel)), "nowhere we know of")+", "+when(f.At))
	}
	for i, t := range c.Earlier {
		if i == 0 {
			lines = append(lines, "*Other conversations*")
		}
		line := "• " + when(t.Began) + "  " + quote(t.Flow)
		if t.Channel != "" {
			line += " on " + quote(t.Channel)
		}
		line += ", " + cmp.Or(quote(t.End), "open")
		if t.Booked {
			line += ", with a meeting"
		}
		lines = append(lines, line)
	}
	if c.MoreEarlier > 0 {
		lines = append(lines, fmt.Sprintf("_and %d more_", c.MoreEarlier))
	}
	return lines
}

func (c leadCard) meeting() string {
	if m := c.Meeting; m != nil {
		text := "*Meeting* " + when(m.Start) + " with " + mention(c.roster, m.Rep)
		if m.Title != "" {
			text += ", " + quote(m.Title)
		}
		text += where(m)
		for _, guest := range strings.Fields(m.With) {
			text += ", " + mention(c.roster, guest) + " comes too"
		}
		if answer := answers[m.Answer]; answer != "" {
			text += " (" + answer + ")"
		}
		if !m.NoShow.IsZero() {
			text += " (did not come)"
		}
		if m.Status != "" && m.Status != bot.Confirmed {
			text += " (" + quote(m.Status) + ")"
		}
		return text
	}
	return "*No meeting* " + cmp.Or(quote(c.WhyNoMeeting), "yet")
}

// where is where the meeting is; an address can be clicked, for it stands in team.yaml.
func where(m *bot.Meeting) string {
	switch {
	case m.Place == "":
		return ""
	case strings.HasPrefix(m.Place, "https://") && !strings.ContainsAny(m.Place, "<>| "):
		return ", <" + strings.ReplaceAll(m.Place, "&", "&amp;") + ">"
	}
	return ", " + quote(m.Place)
}

// why says how the lead came to its rep.
func (c leadCard) why() string {
	if c.Owner.ID == "" {
		return "*No rep yet* the routes have not been asked"
	}
	return "*Why " + escape(nameOf(c.roster, c.Owner.ID)) + "* " + cmp.Or(quote(c.Because), "not decided yet")
}

// status is one line on who is at it.
func (c leadCard) status() string {
	switch {
	case c.Joined != "":
		return ":large_green_circle: *Live* " + mention(c.roster, c.Joined) + " talks with the visitor in this thread"
	case c.Claimed != "":
		return ":white_check_mark: " + mention(c.roster, c.Claimed) + " has it since " + when(c.ClaimedAt)
	case c.SnoozedUntil.After(c.now):
		return ":zzz: " + mention(c.roster, c.Owner.ID) + " is reminded at " + when(c.SnoozedUntil)
	}
	return ":hourglass_flowing_sand: Not claimed yet"
}

// Actions on a card; the value is the conversation, of a snooze with its length behind it.
const (
	actionClaim      = "lead.claim"
	actionPass       = "lead.pass"
	actionJoin       = "lead.join"
	actionLeave      = "lead.leave"
	actionSnooze     = "lead.snooze"
	actionTranscript = "lead.transcript"
	actionOpen       = "lead.open" // a link; Slack tells of the click too
)

// buttons are what can be done in the state the lead is in.
func (c leadCard) buttons() []slack.BlockElement {
	var all []slack.BlockElement
	add := func(action, label string, style slack.Style) {
		all = append(all, slack.NewButtonBlockElement(action, c.Conversation, caption(label)).WithStyle(style))
	}
	if c.Joined != "" {
		add(actionLeave, "Leave", slack.StyleDanger)
		return append(all, c.reading())
	}
	if c.Claimed == "" {
		add(actionClaim, "Claim", slack.StylePrimary)
		add(actionJoin, "Join", slack.StyleDefault)
	} else {
		add(actionJoin, "Join", slack.StylePrimary)
	}
	add(actionPass, "Pass", slack.StyleDefault)
	return append(all, c.snoozing(), c.reading())
}

// reading is the way to the transcript.
func (c leadCard) reading() slack.BlockElement {
	if c.transcript != "" {
		return slack.NewButtonBlockElement(actionOpen, c.Conversation, caption("Transcript")).WithURL(c.transcript)
	}
	return slack.NewButtonBlockElement(actionTranscript, c.Conversation, caption("Show transcript"))
}

// naps are the lengths a snooze may have; tomorrow is nine o'clock where the rep is.
var naps = []struct{ value, label string }{
	{"15m", "15 minutes"}, {"1h", "1 hour"}, {"4h", "4 hours"}, {tomorrow, "until tomorrow, 9:00"},
}

const tomorrow = "tomorrow"

func (c leadCard) snoozing() slack.BlockElement {
	var options []*slack.OptionBlockObject
	for _, n := range naps {
		options = append(options, slack.NewOptionBlockObject(c.Conversation+" "+n.value, caption(n.label), nil))
	}
	return slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, caption("Snooze"), actionSnooze, options...)
}

// when is an instant in the zone of whoever reads it (docs.slack.dev/messaging/formatting-message-text#date-formatting).
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return fmt.Sprintf("<!date^%d^{date_short_pretty} {time}|%s>", t.Unix(), t.UTC().Format("2 Jan 2006 15:04 UTC"))
}

func points(p float64) string { return strconv.FormatFloat(p, 'f', -1, 64) }

func signed(p float64) string {
	if p > 0 {
		return "+" + points(p)
	}
	return points(p)
}

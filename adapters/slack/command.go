package slack

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"usher/bot"
	"usher/flows"
)

// order is a rep's slash command.
type order struct {
	Event
	rep  *flows.Rep
	rest string // what stands behind the verb
}

// command takes /usher; the answer is for who asked alone.
func (a *App) command(ctx context.Context, e Event) error {
	rep := repOf(a.roster(), e.User)
	if rep == nil {
		return a.whisper(ctx, e, notARep)
	}
	verb, rest, _ := strings.Cut(strings.TrimSpace(e.Text), " ")
	text, err := a.obey(ctx, strings.ToLower(verb), order{e, rep, strings.TrimSpace(rest)})
	if err != nil {
		return err
	}
	return a.whisper(ctx, e, text, para(text))
}

const help = "`/usher away 2h` you get no new leads and meetings for that long (`30m`, `2h`, `3d`)\n" +
	"`/usher back` you are here again\n" +
	"`/usher today` your meetings today\n" +
	"`/usher leads` your leads\n" +
	"`/usher stage LEAD won because signed on Friday` move a lead to another stage\n" +
	"`/usher why LEAD` why this score and this rep; LEAD is an e-mail address, how a name begins, or an id"

func (a *App) obey(ctx context.Context, verb string, o order) (string, error) {
	switch verb {
	case "away":
		return a.away(ctx, o)
	case "back":
		return a.back(ctx, o)
	case "today":
		return a.today(ctx, o)
	case "leads":
		return a.leads(ctx, o)
	case "stage":
		return a.stage(ctx, o)
	case "why":
		return a.why(ctx, o)
	}
	return help, nil
}

// maxAway is the longest absence that is announced here; longer ones stand in team.yaml.
const maxAway = 90 * 24 * time.Hour

func (a *App) away(ctx context.Context, o order) (string, error) {
	d, ok := duration(o.rest)
	switch {
	case !ok:
		return "For how long? `/usher away 2h`, `30m` or `3d`.", nil
	case d > maxAway:
		return "That is longer than 90 days. Longer absences stand in team.yaml.", nil
	}
	from := o.At
	if from.IsZero() {
		from = a.now()
	}
	if until := from.Add(d); until.After(a.now()) {
		if err := a.Desk.SetAway(ctx, o.rep.ID, until); err != nil {
			return "", err
		}
		return "You are away until " + when(until) + ". New leads go to others; `/usher back` when you are here again.", nil
	}
	return "That time is over already.", nil
}

var lengths = regexp.MustCompile(`(?i)(\d{1,6}(?:\.\d{1,3})?)\s*(weeks?|w|days?|d|hours?|h|minutes?|mins?|m)`)

var units = map[byte]time.Duration{'w': 7 * 24 * time.Hour, 'd': 24 * time.Hour, 'h': time.Hour, 'm': time.Minute}

// duration reads "2h", "1h 30m", "3 days".
func duration(text string) (time.Duration, bool) {
	if strings.TrimSpace(lengths.ReplaceAllString(text, "")) != "" {
		return 0, false
	}
	var sum time.Duration
	for _, m := range lengths.FindAllStringSubmatch(text, -1) {
		n, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			return 0, false
		}
		sum += time.Duration(n * float64(units[strings.ToLower(m[2])[0]]))
	}
	return sum, sum > 0
}

func (a *App) back(ctx context.Context, o order) (string, error) {
	until, err := a.Desk.AwayUntil(ctx, o.rep.ID)
	if err != nil {
		return "", err
	}
	if err := a.Desk.Back(ctx, o.rep.ID); err != nil {
		return "", err
	}
	if until.IsZero() {
		return "You were not away. Leads come to you.", nil
	}
	return "Welcome back. Leads come to you again.", nil
}

// Bounds of what a list shows.
const (
	listed = 20
	looked = 100 // leads looked through for today's meetings
)

func (a *App) today(ctx context.Context, o order) (string, error) {
	mine, err := a.Desk.LeadsOf(ctx, o.rep.ID, looked)
	if err != nil {
		return "", err
	}
	zone := cmp.Or(o.rep.Location, a.roster().Location, time.UTC)
	day := a.now().In(zone).Format(time.DateOnly)
	var lines []string
	for _, l := range mine {
		c, err := a.lead(ctx, l.Conversation)
		if err != nil {
			return "", err
		}
		m := c.Meeting
		if m != nil && m.Rep == o.rep.ID && m.Status != bot.Cancelled && m.Start.In(zone).Format(time.DateOnly) == day {
			lines = append(lines, m.Start.In(zone).Format("15:04")+"  *"+escape(c.who())+"*, "+c.grade()+where(m))
		}
	}
	head, err := a.presence(ctx, o.rep.ID)
	if err != nil {
		return "", err
	}
	if len(lines) == 0 {
		return head + "No meetings today.", nil
	}
	slices.Sort(lines)
	return list(append([]string{head + "*Your meetings today*"}, lines...), maxSection), nil
}

// presence is a line on being away, "" when the rep is here.
func (a *App) presence(ctx context.Context, rep string) (string, error) {
	until, err := a.Desk.AwayUntil(ctx, rep)
	if err != nil || until.IsZero() {
		return "", err
	}
	return "You are away until " + when(until) + ".\n", nil
}

func (a *App) leads(ctx context.Context, o order) (string, error) {
	mine, err := a.Desk.LeadsOf(ctx, o.rep.ID, listed)
	if err != nil {
		return "", err
	}
	if len(mine) == 0 {
		return "You have no leads yet.", nil
	}
	lines := []string{"*Your leads*, the newest first"}
	for _, l := range mine {
		c := leadCard{Card: bot.Card{Lead: l, Grade: l.Grade, Score: l.Score}}
		lines = append(lines, "• *"+escape(c.who())+"*, "+c.grade()+", "+quote(strings.ReplaceAll(l.Stage, "_", " "))+" `"+escape(l.ID)+"`")
	}
	return list(lines, maxSection), nil
}

func (a *App) why(ctx context.Context, o order) (string, error) {
	if o.rest == "" {
		return "Which lead? `/usher why priya@bigco.example`", nil
	}
	conversation, err := a.Desk.FindLead(ctx, plain(o.rest))
	if errors.Is(err, bot.ErrNotFound) {
		return "There is no lead for " + quote(plain(o.rest)) + ".", nil
	}
	if err != nil {
		return "", err
	}
	c, err := a.lead(ctx, conversation)
	if err != nil {
		return "", err
	}
	lines := append([]string{"*" + escape(c.who()) + "*, " + c.grade()}, strings.Split(c.score(), "\n")...)
	return list(append(lines, c.why(), c.meeting()), maxSection), nil
}

package slack

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"usher/bot"
)

// reasoned parts a lead and a stage from the reason.
var reasoned = regexp.MustCompile(`(?i)\s+because:?(\s+|$)`)

// stage moves a lead: "priya@bigco.example won because signed on Friday". The lead's name may have spaces.
func (a *App) stage(ctx context.Context, o order) (string, error) {
	words, reason, at := o.rest, "", reasoned.FindStringIndex(o.rest)
	if at != nil {
		words, reason = o.rest[:at[0]], strings.TrimSpace(o.rest[at[1]:])
	}
	who, stage := "", words
	if i := strings.LastIndexAny(words, " \t"); i >= 0 {
		who, stage = strings.TrimSpace(words[:i]), strings.ToLower(words[i+1:])
	}
	switch {
	case who == "":
		return "Which lead, to which stage, and why? `/usher stage priya@bigco.example won because signed on Friday`", nil
	case !slices.Contains(bot.Stages, stage):
		return quote(stage) + " is no stage. The stages are " + strings.Join(bot.Stages, ", ") + ".", nil
	case reason == "":
		return "Why? `/usher stage " + quote(plain(who)) + " " + stage + " because …`", nil
	}
	p, err := a.Desk.FindPerson(ctx, plain(who))
	if errors.Is(err, bot.ErrNotFound) {
		return "There is no lead for " + quote(plain(who)) + ".", nil
	}
	if err != nil {
		return "", err
	}
	name := "*" + quote(cmp.Or(p.Name, p.Email, p.Phone, "A visitor")) + "*"
	if p.Stage == stage {
		return name + " is at " + stage + " already.", nil
	}
	err = a.Desk.SetStage(ctx, p.ID, stage, plain(reason), o.rep.ID)
	if errors.Is(err, bot.ErrNoReason) {
		return "That reason is too long for a trail; say it in a sentence.", nil
	}
	if err != nil {
		return "", err
	}
	return name + " went from " + p.Stage + " to " + stage + ".", nil
}
